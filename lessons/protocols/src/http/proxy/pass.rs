//! Answers on their way from an origin to a client, and into the cache.

use bytes::Bytes;

use super::down::{close_after, head};
use super::up::Phase;
use super::{Event, Proxy, ProxyTimer};
use crate::endpoint::{Conn, Context};
use crate::http::cache::Exchange;
use crate::http::pieces::Pieces;
use crate::http::policy_rules as rules;
use crate::http::rules as machine_rules;
use crate::http::{self, Fields, Response, State, Version, end_to_end};
use crate::wire::Time;

/// An answer that is passing through.
#[derive(Clone, Debug)]
pub(super) struct Passing {
    pub(super) response: Response,
    pub(super) received: Time,
    /// The content so far, for the cache; none once it is too large to keep.
    pub(super) copy: Option<Pieces>,
    /// Bytes of content so far.
    pub(super) bytes: usize,
    /// How many there were when the alarm for the answer last rang.
    pub(super) seen: usize,
    /// Whether it is a 304 to our own condition, which the client does not see.
    pub(super) ours: bool,
}

impl Proxy {
    /// A 1xx goes on to the client, except a 100 that we have said already (RFC 9110 section 15.2).
    pub(super) fn pass_interim(&mut self, up: Conn, got: Response, cx: &mut Context<'_, Self>) {
        self.learn(up, got.version);
        let Some(down) = self.ups.get(&up).and_then(|up| up.down) else { return };
        let Some(client) = self.downs.get_mut(&down) else { return };
        if got.status == 100 && client.job.as_ref().is_none_or(|job| job.continued) {
            return;
        }
        cx.cite(&rules::PROXY_INTERIM);
        let interim = http::Event::Interim(head(got.status, end_to_end(&got.fields)));
        // A client of HTTP/1.0 cannot be sent it; the machine says so, and nothing is lost.
        if let Ok(bytes) = client.http.send(interim) {
            cx.send(down, bytes);
        }
    }

    /// The head of an answer has come: pass it on, unless it is for the cache alone.
    pub(super) fn pass_head(&mut self, up: Conn, got: Response, cx: &mut Context<'_, Self>) {
        let via = self.via(got.version);
        self.learn(up, got.version);
        let Some(origin) = self.ups.get_mut(&up) else { return };
        let Some(down) = origin.down else { return };
        let Some(client) = self.downs.get_mut(&down) else { return };
        let Some(job) = client.job.as_mut() else { return };
        let ours = got.status == 304 && !job.conditions.is_empty();
        if got.status >= 300 && !job.upload.is_over() && closes(&got) {
            cx.cite(&machine_rules::STOP_SENDING);
            job.upload.refuse();
        }
        // The cache knows requests by their URL and fields; content it would not tell apart.
        let keeps = self.config.cache && !job.upload.expected();
        let copied = keeps.then(Pieces::default);
        origin.passing = Some(Passing {
            response: got.clone(),
            received: cx.now(),
            copy: copied,
            bytes: 0,
            seen: 0,
            ours,
        });
        if ours {
            return;
        }
        cx.cite(&rules::PROXY_HOP_BY_HOP);
        cx.cite(&rules::PROXY_VIA);
        let how = match job.conditions.is_empty() {
            true => "fwd=uri-miss",
            false => "fwd=stale",
        };
        let mut fields = end_to_end(&got.fields);
        if fields.first("Date").is_none() {
            fields.push("Date", cx.now().to_string());
        }
        // A length that the origin's framing did not use is not vouched for.
        if got.fields.first("Transfer-Encoding").is_some() || got.status == 204 {
            fields.remove("Content-Length");
        }
        fields.push("Via", via);
        fields.push("Cache-Status", format!("{}; {how}", self.config.name));
        if client.old {
            close_after(&mut fields, cx);
        }
        let response = Response { reason: got.reason, ..head(got.status, fields) };
        match client.http.send(http::Event::Response(response)) {
            Ok(bytes) => {
                job.begun = true;
                cx.send(down, bytes);
            }
            Err(misuse) => {
                cx.cite(misuse.rule);
                cx.abort(down);
                self.forget_down(down, cx);
            }
        }
    }

    pub(super) fn pass_data(&mut self, up: Conn, content: Bytes, cx: &mut Context<'_, Self>) {
        let Some(origin) = self.ups.get_mut(&up) else { return };
        let Some(passing) = &mut origin.passing else { return };
        passing.bytes += content.len();
        self.traffic.bytes_from_origins += content.len();
        match &mut passing.copy {
            Some(copy) if copy.len() + content.len() <= self.config.max_stored => {
                copy.push(content.clone());
            }
            copy => *copy = None,
        }
        let Some(down) = origin.down else { return };
        let Some(client) = self.downs.get_mut(&down) else { return };
        match client.http.send(http::Event::Data(content)) {
            Ok(bytes) => cx.send(down, bytes),
            Err(misuse) => {
                cx.cite(misuse.rule);
                cx.abort(down);
                self.forget_down(down, cx);
            }
        }
    }

    /// An answer is complete.
    pub(super) fn pass_end(&mut self, up: Conn, trailers: Fields, cx: &mut Context<'_, Self>) {
        let Some(origin) = self.ups.get_mut(&up) else { return };
        origin.answers += 1;
        let (down, passing) = (origin.down.take(), origin.passing.take());
        cx.disarm(ProxyTimer::Answer(up));
        let unfinished = origin.http.our_state() == State::SendBody;
        if unfinished {
            // Answered before the content was over: the rest of it will not be sent.
            cx.cite(&machine_rules::STOP_SENDING);
            self.abort_up(up, cx);
        } else {
            cx.pace(up, None);
            if !origin.http.must_close() {
                cx.arm(ProxyTimer::Idle(up), self.config.idle);
                self.bound_unused(Phase::Open, cx);
            }
        }
        let (Some(down), Some(passing)) = (down, passing) else { return };
        match passing.ours {
            true => self.checked(down, &passing, cx),
            false => self.passed(down, passing, trailers, cx),
        }
        self.serve(down, cx);
    }

    /// A 304 to our own condition: the stored response is current.
    fn checked(&mut self, down: Conn, passing: &Passing, cx: &mut Context<'_, Self>) {
        let Some(mut job) = self.downs.get_mut(&down).and_then(|d| d.job.take()) else { return };
        let exchange = Exchange {
            url: &job.url,
            request: &job.request,
            response: &passing.response,
            body: Bytes::new(),
            requested: job.sent_at,
            received: passing.received,
        };
        match self.cache.freshen(&exchange) {
            Some((response, body)) => {
                cx.cite(&rules::CACHE_FRESHEN);
                self.traffic.checked += 1;
                cx.emit(Event::Revalidated { url: job.url.clone() });
                let how = "hit; fwd=stale; fwd-status=304";
                self.answer_stored(down, &job.request, response, &body, how, cx);
            }
            // It spoke of some other copy than ours: ask again without conditions.
            None => {
                job.conditions = Fields::new();
                self.forward(down, job, cx);
            }
        }
    }

    /// An answer has been passed on whole: end it towards the client, and store it.
    fn passed(
        &mut self,
        down: Conn,
        passing: Passing,
        trailers: Fields,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(client) = self.downs.get_mut(&down) else { return };
        let ended = client.http.send(http::Event::End { trailers });
        // Trailers cannot go on where the client is sent no chunks (RFC 9110 section 6.5.1).
        let ended = ended.or_else(|_| client.http.send(http::Event::end()));
        match ended {
            Ok(bytes) => cx.send(down, bytes),
            Err(misuse) => {
                cx.cite(misuse.rule);
                cx.abort(down);
                return self.forget_down(down, cx);
            }
        }
        if let Some(job) = client.job.take() {
            if job.upload.expected() {
                cx.pace(down, None);
            }
            // A stored response was asked about, and has changed: a miss after all.
            self.traffic.misses += usize::from(!job.conditions.is_empty());
            let status = passing.response.status;
            if self.config.cache && passing.copy.is_none() && !job.upload.expected() {
                cx.cite(&rules::CACHE_LIMIT);
            }
            if let Some(copy) = passing.copy {
                let exchange = Exchange {
                    url: &job.url,
                    request: &job.request,
                    response: &passing.response,
                    body: copy.join(),
                    requested: job.sent_at,
                    received: passing.received,
                };
                self.cache.store(&exchange).rules().for_each(|rule| cx.cite(rule));
            }
            if self.cache.invalidate(&job.url, &job.request, &passing.response) {
                cx.cite(&rules::CACHE_INVALIDATE);
            }
            let (method, url, bytes) = (job.request.method, job.url, passing.bytes);
            cx.emit(Event::Forwarded { method, url, status, bytes });
        }
        self.exchange_over(down, cx);
    }
}

/// Whether this answer is the last of its connection.
fn closes(got: &Response) -> bool {
    got.fields.has("Connection", "close")
        || (got.version == Version::Http10 && !got.fields.has("Connection", "keep-alive"))
}
