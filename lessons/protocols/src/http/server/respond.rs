//! From a request to its answer on the wire.

use bytes::Bytes;

use super::{Event, Server, ServerTimer};
use crate::endpoint::{Conn, Context};
use crate::http::policy_rules as rules;
use crate::http::site::{Answer, Asked, Content};
use crate::http::{self, Fields, Request, Response, Url, reason_phrase};
use crate::wire::Violation;

impl Server {
    /// Reads and answers requests, in order, until more bytes are needed.
    pub(super) fn serve(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(link) = self.links.get_mut(&conn) else { return };
            match link.http.next_event() {
                Ok(Some(http::Event::Request(request))) => self.begun(conn, request, cx),
                Ok(Some(http::Event::Data(bytes))) => {
                    // Content of a request that has been refused is read and forgotten.
                    if link.request.is_some() {
                        link.body.push(bytes);
                    }
                }
                Ok(Some(http::Event::End { .. })) => self.ended(conn, cx),
                Ok(Some(http::Event::Interim(_) | http::Event::Response(_))) => {}
                Ok(Some(http::Event::Closed) | None) => break,
                Err(violation) => {
                    self.answer_violation(conn, &violation, cx);
                    break;
                }
            }
        }
        if self.links.get(&conn).is_some_and(|link| link.http.must_close()) {
            self.close(conn, cx);
        }
    }

    /// The head of a request has come: refuse it now, or let its content come.
    fn begun(&mut self, conn: Conn, request: Request, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        let refusal = match link.busy {
            true => {
                let says = "This server has too many connections; try again soon.";
                let answer = Answer::error(503, &rules::SERVER_BUSY, says);
                Some(Answer { fields: answer.fields.with("Retry-After", "5"), ..answer })
            }
            false => refuse_expectation(&request),
        };
        let waits = link.http.their_waits_for_continue() && link.http.waiting() == 0;
        let refusal = match (refusal, waits) {
            (None, true) => self.site.refuse(&request.method, &target(&request).path),
            (refusal, _) => refusal,
        };
        if let Some(answer) = refusal {
            self.answer(conn, &request, answer, cx);
            return;
        }
        let Some(link) = self.links.get_mut(&conn) else { return };
        if waits {
            cx.cite(&rules::CONTINUE_SENT);
            let go_on = response(self.config.version, 100, Fields::new());
            if let Ok(bytes) = link.http.send(http::Event::Interim(go_on)) {
                cx.send(conn, bytes);
            }
        }
        link.body.clear();
        link.request = Some(request);
    }

    /// A request is complete: carry it out.
    fn ended(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        let Some(request) = link.request.take() else { return };
        let body = core::mem::take(&mut link.body).join();
        if link.http.waiting() > 0 {
            cx.cite(&rules::PIPELINE_ORDER);
        }
        let target = target(&request);
        let asked = Asked {
            method: &request.method,
            path: &target.path,
            query: target.query.as_deref(),
            fields: &request.fields,
            body: &body,
            now: cx.now(),
        };
        let answer = self.site.answer(&asked, &mut || cx.random());
        self.answer(conn, &request, answer, cx);
    }

    /// Puts an answer on the wire.
    fn answer(&mut self, conn: Conn, to: &Request, answer: Answer, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        link.served += 1;
        let last = link.busy || self.config.max_requests.is_some_and(|max| link.served >= max);
        for rule in &answer.rules {
            cx.cite(rule);
        }
        if to.method == "HEAD" {
            cx.cite(&rules::HEAD_NO_CONTENT);
        }
        let mut fields = dated(&self.config.name, &answer.fields, cx);
        if last {
            cx.cite(&rules::KEEP_ALIVE_LIMIT);
            fields.set("Connection", "close");
        }
        let head = http::Event::Response(response(self.config.version, answer.status, fields));
        let (sent, bytes) = match answer.content {
            Content::None => (link.http.send_whole(head, &[]), 0),
            Content::Whole(content) => (link.http.send_whole(head, &content), content.len()),
            Content::Pieces(pieces) => {
                let bytes = pieces.iter().map(Bytes::len).sum();
                (in_pieces(&mut link.http, head, pieces), bytes)
            }
        };
        match sent {
            Ok(wire) => cx.send(conn, wire),
            // Ours to mend, but the client must not be left waiting for ever.
            Err(misuse) => {
                cx.cite(misuse.rule);
                cx.abort(conn);
                self.forget(conn, cx);
                return;
            }
        }
        let bytes = if to.method == "HEAD" { 0 } else { bytes };
        let (method, target) = (to.method.clone(), to.target.clone());
        cx.emit(Event::Answered { method, target, status: answer.status, bytes });
        match link.http.must_close() {
            true => cx.cite(&rules::SERVER_CLOSES),
            false => cx.arm(ServerTimer::Idle(conn), self.config.idle),
        }
    }

    /// Answers a request that broke a rule, if an answer may still be sent; nothing that follows
    /// it on the connection is ever read.
    fn answer_violation(&mut self, conn: Conn, bad: &Violation, cx: &mut Context<'_, Self>) {
        cx.cite(bad.rule);
        let status = if bad.code == 0 { 400 } else { bad.code };
        let says = format!("{} Legal here: {}.", bad.found, bad.legal);
        if self.send_error(conn, status, &rules::BAD_REQUEST_CLOSES, &says, cx) {
            cx.emit(Event::Bad { conn, status, why: bad.found.clone() });
        }
        self.close(conn, cx);
    }

    /// Answers 408 to a request that does not come to its end (RFC 9110 section 15.5.9).
    pub(super) fn answer_timeout(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let says = "The request did not come to its end in time.";
        self.send_error(conn, 408, &rules::IDLE_TIMEOUT, says, cx);
    }

    /// Sends an error as the last answer of a connection; whether the machine still allowed one.
    fn send_error(
        &mut self,
        conn: Conn,
        status: u16,
        rule: &'static crate::wire::Rule,
        says: &str,
        cx: &mut Context<'_, Self>,
    ) -> bool {
        let Some(link) = self.links.get_mut(&conn) else { return false };
        let answer = Answer::error(status, rule, says);
        let Content::Whole(page) = &answer.content else { return false };
        let mut fields = dated(&self.config.name, &answer.fields, cx);
        fields.set("Connection", "close");
        let head = response(self.config.version, status, fields);
        match link.http.send_whole(http::Event::Response(head), page) {
            Ok(wire) => {
                cx.cite(rule);
                cx.send(conn, wire);
                true
            }
            Err(_) => false,
        }
    }
}

/// A request's target as the site sees it.
struct Target {
    path: String,
    query: Option<String>,
}

/// Path and query of a target in any form (RFC 9112 section 3.2); a server must also take the
/// absolute form.
fn target(request: &Request) -> Target {
    if let Ok(url) = request.target.parse::<Url>() {
        return Target { path: url.path().to_string(), query: url.query().map(str::to_string) };
    }
    let (path, query) = match request.target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_string())),
        None => (request.target.as_str(), None),
    };
    Target { path: path.to_string(), query }
}

/// 417 for an expectation that is not 100-continue (RFC 9110 section 10.1.1).
fn refuse_expectation(request: &Request) -> Option<Answer> {
    let unknown =
        request.fields.list("Expect").find(|e| !e.eq_ignore_ascii_case("100-continue"))?;
    let says = format!("This server does not know the expectation `{unknown}`.");
    Some(Answer::error(417, &rules::EXPECTATION_FAILED, &says))
}

/// The fields that every answer begins with, and then its own.
fn dated(name: &str, own: &Fields, cx: &mut Context<'_, Server>) -> Fields {
    cx.cite(&rules::SERVER_DATE);
    let first = Fields::new().with("Date", cx.now().to_string()).with("Server", name);
    first.iter().chain(own).cloned().collect()
}

fn in_pieces(
    http: &mut http::Connection,
    head: http::Event,
    pieces: Vec<Bytes>,
) -> Result<Bytes, crate::wire::Misuse> {
    let mut wire = http.send(head)?.to_vec();
    for piece in pieces {
        wire.extend_from_slice(&http.send(http::Event::Data(piece))?);
    }
    wire.extend_from_slice(&http.send(http::Event::end())?);
    Ok(wire.into())
}

fn response(version: http::Version, status: u16, fields: Fields) -> Response {
    Response { version, status, reason: reason_phrase(status).to_string(), fields }
}
