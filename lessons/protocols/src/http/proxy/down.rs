//! The side towards the clients: a server's.

use core::net::SocketAddr;

use bytes::Bytes;

use super::upload::Upload;
use super::{Event, Job, Proxy, ProxyTimer};
use crate::endpoint::{Conn, Context};
use crate::http::policy_rules as rules;
use crate::http::site::{Answer, Content};
use crate::http::{
    self, Connection, Fields, Request, Response, Role, State, Version, reason_phrase,
};
use crate::wire::{Rule, Violation};

/// A connection from a client.
#[derive(Clone, Debug)]
pub(super) struct Down {
    pub(super) http: Connection,
    pub(super) peer: SocketAddr,
    /// Whether our side is closed, and we only wait for the client's.
    pub(super) lingering: bool,
    pub(super) peer_finished: bool,
    /// The request whose head has come and whose end has not, if it has no content.
    pub(super) request: Option<Request>,
    /// Whether the content of a request is still to come.
    pub(super) receiving: bool,
    /// Bytes of content that came after the answer, and were thrown away.
    pub(super) discarded: usize,
    /// Whether it speaks HTTP/1.0, after whose requests a proxy closes.
    pub(super) old: bool,
    /// The request that is under way.
    pub(super) job: Option<Job>,
    pub(super) served: u32,
}

impl Proxy {
    pub(super) fn accepted(&mut self, conn: Conn, peer: SocketAddr, cx: &mut Context<'_, Self>) {
        if self.downs.len() >= self.config.max_connections {
            cx.cite(&rules::SERVER_BUSY);
            cx.abort(conn);
            return;
        }
        let down = Down {
            http: Connection::new(Role::Server, self.config.request_limits.clone()),
            peer,
            lingering: false,
            peer_finished: false,
            request: None,
            receiving: false,
            discarded: 0,
            old: false,
            job: None,
            served: 0,
        };
        self.downs.insert(conn, down);
        cx.arm(ProxyTimer::Idle(conn), self.config.idle);
    }

    pub(super) fn down_received(&mut self, conn: Conn, bytes: &Bytes, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        if !down.lingering {
            down.http.receive(bytes);
            self.serve(conn, cx);
        }
    }

    pub(super) fn down_finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        down.peer_finished = true;
        if down.lingering {
            return self.forget_down(conn, cx);
        }
        down.http.receive_end();
        self.serve(conn, cx);
        if self.downs.get(&conn).is_some_and(|down| down.job.is_none()) {
            self.close_down(conn, cx);
        }
    }

    /// Reads requests, one at a time, until more bytes are needed or one is under way; of that one
    /// the content is read on.
    pub(super) fn serve(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(down) = self.downs.get_mut(&conn) else { return };
            if down.lingering || (down.job.is_some() && !down.receiving) {
                return;
            }
            match down.http.next_event() {
                Ok(Some(http::Event::Request(request))) => self.asked(conn, request, cx),
                Ok(Some(http::Event::Data(bytes))) => self.content(conn, bytes, cx),
                Ok(Some(http::Event::End { trailers })) => self.content_ended(conn, trailers, cx),
                // Clients send no responses.
                Ok(Some(http::Event::Interim(_) | http::Event::Response(_))) => {}
                Ok(Some(http::Event::Closed) | None) => break,
                Err(violation) => return self.answer_violation(conn, &violation, cx),
            }
        }
        if self.downs.get(&conn).is_some_and(|down| down.http.must_close()) {
            self.close_down(conn, cx);
        }
    }

    /// The head of a request has come.
    fn asked(&mut self, conn: Conn, request: Request, cx: &mut Context<'_, Self>) {
        let content = Upload::of(&request).expected();
        let Some(down) = self.downs.get_mut(&conn) else { return };
        (down.receiving, down.discarded) = (content, 0);
        down.old = request.version == Version::Http10;
        if let Some(refusal) = self.refuse(&request) {
            let Content::Whole(page) = refusal.content else { return };
            for rule in &refusal.rules {
                cx.cite(rule);
            }
            let target = request.target.clone();
            cx.emit(Event::Refused { target, status: refusal.status });
            self.answer(conn, refusal.status, &refusal.fields, &page, cx);
            return;
        }
        match content {
            true => self.begin(conn, &request, cx),
            false => down_mut(self, conn, |down| down.request = Some(request)),
        }
    }

    /// Content has come: pass it on, unless its request has been answered already.
    fn content(&mut self, conn: Conn, bytes: Bytes, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        match &mut down.job {
            Some(job) => {
                cx.arm(ProxyTimer::Idle(conn), self.config.idle);
                job.upload.push(bytes);
                self.pour(conn, cx);
            }
            None => {
                down.discarded = down.discarded.saturating_add(bytes.len());
                if down.discarded > MAX_DISCARDED {
                    self.close_down(conn, cx);
                }
            }
        }
    }

    /// A request is complete.
    fn content_ended(&mut self, conn: Conn, trailers: Fields, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        down.receiving = false;
        if let Some(request) = down.request.take() {
            cx.disarm(ProxyTimer::Idle(conn));
            return self.begin(conn, &request, cx);
        }
        if let Some(job) = &mut down.job {
            cx.disarm(ProxyTimer::Idle(conn));
            job.upload.end(trailers);
            self.pour(conn, cx);
        }
    }

    /// The client waits for a 100 that its origin cannot send.
    pub(super) fn say_continue(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        let Some(job) = down.job.as_mut().filter(|job| !job.continued) else { return };
        if !down.http.their_waits_for_continue() || down.http.waiting() > 0 {
            return;
        }
        cx.cite(&rules::CONTINUE_SENT);
        job.continued = true;
        if let Ok(bytes) = down.http.send(http::Event::Interim(head(100, Fields::new()))) {
            cx.send(conn, bytes);
        }
    }

    /// Gives up what is under way for a client; whether an answer can still be made, for if half
    /// of one is out, only a broken connection can say that it is not whole.
    pub(super) fn give_up(&mut self, conn: Conn, cx: &mut Context<'_, Self>) -> bool {
        let Some(job) = self.downs.get_mut(&conn).and_then(|down| down.job.take()) else {
            return true;
        };
        if let Some(up) = job.up {
            self.abort_up(up, cx);
        }
        if job.begun {
            cx.abort(conn);
            self.forget_down(conn, cx);
        }
        !job.begun
    }

    /// Sends a whole answer to a client.
    pub(super) fn answer(
        &mut self,
        conn: Conn,
        status: u16,
        fields: &Fields,
        content: &[u8],
        cx: &mut Context<'_, Self>,
    ) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        let mut fields = fields.clone();
        if fields.first("Date").is_none() {
            fields.push("Date", cx.now().to_string());
        }
        if down.old {
            close_after(&mut fields, cx);
        }
        let response = http::Event::Response(head(status, fields));
        match down.http.send_whole(response, content) {
            Ok(bytes) => {
                cx.send(conn, bytes);
                self.exchange_over(conn, cx);
            }
            // Ours to mend, but the client must not be left waiting for ever.
            Err(misuse) => {
                cx.cite(misuse.rule);
                cx.abort(conn);
                self.forget_down(conn, cx);
            }
        }
    }

    /// Sends an error page of the proxy's own.
    pub(super) fn answer_error(
        &mut self,
        conn: Conn,
        status: u16,
        rule: &'static Rule,
        says: &str,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(rule);
        let answer = Answer::error(status, rule, says);
        if let Content::Whole(page) = &answer.content {
            self.answer(conn, status, &answer.fields, page, cx);
        }
    }

    /// An answer is complete: the next request may be read.
    pub(super) fn exchange_over(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        down.served += 1;
        down.job = None;
        match down.http.must_close() || down.peer_finished && down.http.waiting() == 0 {
            true => self.close_down(conn, cx),
            false => cx.arm(ProxyTimer::Idle(conn), self.config.idle),
        }
    }

    fn answer_violation(&mut self, conn: Conn, bad: &Violation, cx: &mut Context<'_, Self>) {
        cx.cite(bad.rule);
        let status = if bad.code == 0 { 400 } else { bad.code };
        let says = format!("{} Legal here: {}.", bad.found, bad.legal);
        if !self.give_up(conn, cx) {
            return;
        }
        let open = self.downs.get(&conn).map(|down| down.http.our_state());
        if matches!(open, Some(State::Idle | State::SendResponse)) {
            self.answer_error(conn, status, &rules::BAD_REQUEST_CLOSES, &says, cx);
        }
        self.close_down(conn, cx);
    }

    pub(super) fn down_idle(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::IDLE_TIMEOUT);
        let within = self.downs.get(&conn).is_some_and(|down| down.job.is_some());
        if !self.give_up(conn, cx) {
            return;
        }
        if within {
            let says = "The request did not come to its end in time.";
            self.answer_error(conn, 408, &rules::IDLE_TIMEOUT, says, cx);
        }
        self.close_down(conn, cx);
    }

    /// Ends our side of a client's connection, and waits for the client to end its own.
    pub(super) fn close_down(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.get_mut(&conn) else { return };
        if down.lingering {
            return;
        }
        // A machine that will not close has been told so already: the stream ends all the same.
        let _ = down.http.send(http::Event::Closed);
        down.lingering = true;
        cx.cite(&rules::LINGER);
        cx.finish(conn);
        cx.disarm(ProxyTimer::Idle(conn));
        match down.peer_finished {
            true => self.forget_down(conn, cx),
            false => cx.arm(ProxyTimer::Linger(conn), self.config.linger),
        }
    }

    pub(super) fn linger_over(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::LINGER);
        cx.abort(conn);
        self.forget_down(conn, cx);
    }

    /// A client's connection is gone, and with it what was under way for it.
    pub(super) fn forget_down(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(down) = self.downs.remove(&conn) else { return };
        cx.disarm(ProxyTimer::Idle(conn));
        cx.disarm(ProxyTimer::Linger(conn));
        if let Some(up) = down.job.and_then(|job| job.up) {
            self.abort_up(up, cx);
        }
    }
}

fn down_mut(proxy: &mut Proxy, conn: Conn, act: impl FnOnce(&mut Down)) {
    if let Some(down) = proxy.downs.get_mut(&conn) {
        act(down);
    }
}

/// Marks an answer as the last of its connection, for a client of HTTP/1.0.
pub(super) fn close_after(fields: &mut Fields, cx: &mut Context<'_, Proxy>) {
    cx.cite(&rules::PROXY_OLD_CLIENT);
    fields.set("Connection", "close");
}

/// The head of an answer in our own version.
pub(super) fn head(status: u16, fields: Fields) -> Response {
    Response { version: Version::Http11, status, reason: reason_phrase(status).to_string(), fields }
}

/// Content that is read and thrown away after an early answer, so that the connection can go on: a
/// mebibyte is sooner read than a new connection is made.
const MAX_DISCARDED: usize = 1 << 20;
