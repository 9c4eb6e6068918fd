//! The pool of connections: which request goes over which, and when a new one is opened.

use bytes::Bytes;

use super::fetch::{Expectation, Fetch, FetchId};
use super::link::{Hop, Link, Phase};
use super::{Client, ClientTimer, Event, Mode};
use crate::endpoint::{Conn, Context, Loss, Target};
use crate::http::policy_rules as rules;
use crate::http::{self, Connection, HTTP, Request, Role, Version};

impl Client {
    /// Gives waiting requests to connections, in order, as far as the mode allows; and sets the
    /// alarms of connections that are left idle.
    pub(super) fn pump(&mut self, cx: &mut Context<'_, Self>) {
        let mut full: Vec<Hop> = Vec::new();
        for id in core::mem::take(&mut self.queue) {
            let Some(hop) = self.fetches.get(&id).map(|fetch| self.hop(fetch)) else { continue };
            if full.contains(&hop) || !self.place(id, &hop, cx) {
                self.queue.push_back(id);
                full.push(hop);
            }
        }
        for (conn, link) in &mut self.links {
            if link.is_idle() && !link.idle_armed {
                link.idle_armed = true;
                cx.arm(ClientTimer::Idle(*conn), self.config.idle);
            }
        }
    }

    /// Finds or opens a connection for a request; whether it could.
    fn place(&mut self, id: FetchId, hop: &Hop, cx: &mut Context<'_, Self>) -> bool {
        if let Some(conn) = self.usable(id, hop) {
            cx.cite(&rules::PERSIST_REUSE);
            self.send(conn, id, cx);
            return true;
        }
        let live = |link: &&Link| link.hop == *hop && link.phase != Phase::Closing;
        if self.links.values().filter(live).count() >= self.config.mode.connections() {
            // Left over from another mode: closed, so that the request need not wait for it.
            if !self.config.mode.persists() {
                self.close_idle_at(hop, cx);
            }
        }
        let open = self.links.values().filter(live).count();
        if open >= self.config.mode.connections() {
            return false;
        }
        cx.cite(if open == 0 { &rules::DIAL_NEW } else { &rules::CONNECTION_LIMIT });
        let conn = cx.dial(Target::new(&hop.host, hop.port), &HTTP);
        let http = Connection::new(Role::Client, self.config.limits.clone());
        self.links.insert(conn, Link::new(hop.clone(), http, Some(id)));
        true
    }

    /// An open connection over which a request can go now; an idle one before a busy one.
    fn usable(&self, id: FetchId, hop: &Hop) -> Option<Conn> {
        if !self.config.mode.persists() {
            return None;
        }
        let open =
            |link: &Link| link.hop == *hop && link.phase == Phase::Open && link.http.may_request();
        let idle = self.links.iter().find(|(_, link)| open(link) && link.in_flight.is_empty());
        let pipelined = || self.links.iter().find(|(_, l)| open(l) && self.may_pipeline(id, l));
        idle.or_else(pipelined).map(|(conn, _)| *conn)
    }

    /// Whether a request may go out behind others that wait for answers (RFC 9112 section 9.3.2).
    fn may_pipeline(&self, id: FetchId, link: &Link) -> bool {
        let harmless = |id: &FetchId| self.fetches.get(id).is_some_and(Fetch::is_idempotent);
        let again = self.fetches.get(&id).is_some_and(|fetch| fetch.retried);
        self.config.mode == Mode::Pipelined
            && self.config.version == Version::Http11
            && link.held.is_none()
            && link.in_flight.len() < MAX_PIPELINED
            && harmless(&id)
            && link.in_flight.iter().all(harmless)
            && (link.answers > 0 || !again)
    }

    /// A connection is open: send what it was opened for.
    pub(super) fn opened(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else {
            cx.abort(conn);
            return;
        };
        link.phase = Phase::Open;
        if let Some(id) = link.reserved.take() {
            self.send(conn, id, cx);
        }
    }

    /// Sends a request on an open connection.
    fn send(&mut self, conn: Conn, id: FetchId, cx: &mut Context<'_, Self>) {
        let Some(mut fetch) = self.fetches.remove(&id) else { return };
        let Some(mut link) = self.links.remove(&conn) else { return };
        if !link.in_flight.is_empty() {
            cx.cite(&rules::PIPELINE);
        }
        let meant = self.meant(&mut fetch, cx);
        let request = self.on_the_wire(meant, &fetch, &link.hop, cx);
        let holds = request.fields.first("Expect").is_some();
        if holds {
            fetch.expectation = Expectation::Sent;
        }
        let head = http::Event::Request(request);
        let sent = match holds {
            true => link.http.send(head),
            false => link.http.send_whole(head, &fetch.body),
        };
        match sent {
            Ok(bytes) => {
                cx.send(conn, bytes);
                if holds {
                    cx.cite(&rules::EXPECT_WAIT);
                    cx.arm(ClientTimer::Continue(conn), self.config.continue_within);
                    link.held = Some(fetch.body.clone());
                }
                if core::mem::take(&mut link.idle_armed) {
                    cx.disarm(ClientTimer::Idle(conn));
                }
                if link.in_flight.is_empty() {
                    cx.arm(ClientTimer::Answer(conn), self.config.answer_within);
                }
                link.in_flight.push_back(id);
                self.fetches.insert(id, fetch);
            }
            Err(misuse) => {
                cx.cite(misuse.rule);
                self.fail(fetch, &misuse.says, cx);
            }
        }
        self.links.insert(conn, link);
    }

    /// The request as the user means it, with cookies; kept, because the cache goes by it.
    fn meant(&mut self, fetch: &mut Fetch, cx: &mut Context<'_, Self>) -> Request {
        if self.config.version == Version::Http11 {
            cx.cite(&rules::HOST_SENT);
        }
        let mut request = fetch.request(self.config.version, self.config.language.as_deref());
        if self.config.language.is_some() {
            cx.cite(&rules::ACCEPT_LANGUAGE);
        }
        if self.config.cookies
            && let Some(line) = self.jar.cookie_line(&fetch.url, false, cx.now())
        {
            cx.cite(&rules::COOKIE_SEND);
            request.fields.push("Cookie", line);
        }
        fetch.sent = Some(request.clone());
        fetch.sent_at = cx.now();
        request
    }

    /// The request as this connection carries it.
    fn on_the_wire(
        &self,
        mut request: Request,
        fetch: &Fetch,
        hop: &Hop,
        cx: &mut Context<'_, Self>,
    ) -> Request {
        if hop.is_proxy {
            cx.cite(&rules::PROXY_ABSOLUTE);
            request.target = fetch.url.absolute_form();
        }
        if !fetch.conditions.is_empty() {
            cx.cite(&rules::CACHE_VALIDATE);
        }
        for field in &fetch.conditions {
            request.fields.push(field.name.clone(), field.value.clone());
        }
        match (self.config.mode.persists(), self.config.version) {
            (false, Version::Http11) => {
                cx.cite(&rules::CLIENT_CLOSE_EACH);
                request.fields.push("Connection", "close");
            }
            (true, Version::Http10) => request.fields.push("Connection", "keep-alive"),
            (false, Version::Http10) | (true, Version::Http11) => {}
        }
        let large = self.config.expect_above.is_some_and(|least| fetch.body.len() > least);
        let allowed = fetch.expectation != Expectation::Refused;
        if large && allowed && self.config.version == Version::Http11 {
            request.fields.push("Content-Length", fetch.body.len().to_string());
            request.fields.push("Expect", "100-continue");
        }
        request
    }

    /// Sends the content that waited for 100, if there is any.
    pub(super) fn send_held(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        let Some(content) = link.held.take() else { return };
        cx.disarm(ClientTimer::Continue(conn));
        let sent: Result<Vec<Bytes>, _> = [http::Event::Data(content), http::Event::end()]
            .into_iter()
            .map(|event| link.http.send(event))
            .collect();
        if let Ok(pieces) = sent {
            cx.send(conn, pieces.concat());
        }
    }

    /// No 100 has come in time: go on without.
    pub(super) fn no_continue(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::EXPECT_GIVE_UP);
        self.send_held(conn, cx);
    }

    /// Nothing was asked on a connection for long: close it.
    pub(super) fn idle_too_long(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::IDLE_TIMEOUT);
        self.close(conn, cx);
    }

    /// Closes every idle connection.
    pub(super) fn close_idle(&mut self, cx: &mut Context<'_, Self>) {
        let idle = self.links.iter().filter(|(_, link)| link.is_idle());
        for conn in idle.map(|(conn, _)| *conn).collect::<Vec<_>>() {
            self.close(conn, cx);
        }
    }

    fn close_idle_at(&mut self, hop: &Hop, cx: &mut Context<'_, Self>) {
        let idle = self.links.iter().filter(|(_, link)| link.is_idle() && link.hop == *hop);
        for conn in idle.map(|(conn, _)| *conn).collect::<Vec<_>>() {
            self.close(conn, cx);
        }
    }

    /// Ends our side of a connection; it is forgotten when the peer has ended its own.
    pub(super) fn close(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if link.phase == Phase::Closing {
            return;
        }
        // A machine that will not close has been told so already: the stream ends all the same.
        let _ = link.http.send(http::Event::Closed);
        link.phase = Phase::Closing;
        link.idle_armed = false;
        cx.finish(conn);
        self.disarm(conn, cx);
        if self.links.get(&conn).is_some_and(|link| link.peer_finished) {
            self.links.remove(&conn);
        }
        self.bound_closing(cx);
    }

    /// Throws away connections whose servers will not close, the oldest first.
    fn bound_closing(&mut self, cx: &mut Context<'_, Self>) {
        let closing = self.links.iter().filter(|(_, link)| link.phase == Phase::Closing);
        let closing: Vec<Conn> = closing.map(|(conn, _)| *conn).collect();
        for conn in closing.iter().take(closing.len().saturating_sub(MAX_CLOSING)) {
            self.abort(*conn, cx);
        }
    }

    /// Throws a connection away.
    pub(super) fn abort(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if self.links.remove(&conn).is_some() {
            cx.abort(conn);
            self.disarm(conn, cx);
        }
    }

    pub(super) fn disarm(&self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.disarm(ClientTimer::Answer(conn));
        cx.disarm(ClientTimer::Continue(conn));
        cx.disarm(ClientTimer::Idle(conn));
    }

    /// A connection is gone in both directions, or never came to be.
    pub(super) fn lost(&mut self, conn: Conn, why: &Loss, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if let Some(id) = link.reserved.take() {
            if let Some(fetch) = self.fetches.remove(&id) {
                self.fail(fetch, &format!("no connection: {why}"), cx);
            }
            self.links.remove(&conn);
            return;
        }
        self.disarm(conn, cx);
        self.settle_unanswered(conn, cx);
        self.links.remove(&conn);
    }

    /// Deals with everything on a connection that will not be answered there any more.
    pub(super) fn settle_unanswered(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        let unanswered = core::mem::take(&mut link.in_flight);
        let mut within = link.incoming.take().is_some();
        let announced = link.announced_close;
        link.held = None;
        let mut again = Vec::new();
        for id in unanswered {
            let Some(mut fetch) = self.fetches.remove(&id) else { continue };
            if core::mem::take(&mut within) {
                self.fail(fetch, "the connection closed in the middle of the answer", cx);
                continue;
            }
            let (rule, refused) = match () {
                () if announced => (&rules::RETRY_UNPROCESSED, None),
                () if !fetch.is_idempotent() => (&rules::NO_RETRY_POST, Some(NOT_TWICE)),
                () if fetch.retried => (&rules::RETRY_ONCE, Some(CLOSED_AGAIN)),
                () => (&rules::RETRY_IDEMPOTENT, None),
            };
            cx.cite(rule);
            match refused {
                Some(why) => self.fail(fetch, why, cx),
                None => {
                    fetch.retried |= !announced;
                    cx.emit(Event::Retried { url: fetch.url.clone() });
                    self.fetches.insert(id, fetch);
                    again.push(id);
                }
            }
        }
        for id in again.into_iter().rev() {
            self.queue.push_front(id);
        }
    }

    /// Where the request of a fetch goes: to its origin, or to the proxy.
    pub(super) fn hop(&self, fetch: &Fetch) -> Hop {
        match &self.config.proxy {
            Some(proxy) => Hop { host: proxy.host.clone(), port: proxy.port, is_proxy: true },
            None => {
                Hop { host: fetch.url.host().to_string(), port: fetch.url.port(), is_proxy: false }
            }
        }
    }
}

const NOT_TWICE: &str = "the connection closed before the answer, and a request that is not \
                         idempotent is not sent twice";

const CLOSED_AGAIN: &str = "the connection closed again before the answer";

/// How many requests may wait for answers on one connection: a page with its objects, and not so
/// many that all of them are lost with it.
const MAX_PIPELINED: usize = 32;

/// Connections that we have closed and whose servers have not: a page of objects with one each.
const MAX_CLOSING: usize = 64;
