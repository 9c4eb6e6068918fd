//! The side towards the origins: a client's.

use bytes::Bytes;

use super::pass::Passing;
use super::{Event, Job, Proxy, ProxyTimer};
use crate::endpoint::{Conn, Context, Loss, Target};
use crate::http::policy_rules as rules;
use crate::http::rules as machine_rules;
use crate::http::{self, Connection, HTTP, Role, Version};
use crate::wire::{Misuse, Violation};

/// A connection to an origin.
#[derive(Clone, Debug)]
pub(super) struct Up {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) http: Connection,
    pub(super) phase: Phase,
    /// The client's connection whose job it carries.
    pub(super) down: Option<Conn>,
    /// The answer that is passing through.
    pub(super) passing: Option<Passing>,
    /// How many answers it has brought.
    pub(super) answers: u32,
    pub(super) peer_finished: bool,
}

/// Where a connection to an origin is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Asked for, and not open yet.
    Connecting,
    /// Open.
    Open,
    /// Our side is closed.
    Closing,
}

impl Up {
    /// A word for where it is.
    pub(super) fn label(&self) -> &'static str {
        match self.phase {
            Phase::Connecting => "Connecting",
            Phase::Closing => "Closing",
            Phase::Open if self.passing.is_some() => "Receiving",
            Phase::Open if self.down.is_some() => "Awaiting",
            Phase::Open => "Idle",
        }
    }
}

impl Proxy {
    /// Passes a job on to its origin, over an idle connection or a new one.
    pub(super) fn forward(&mut self, down: Conn, mut job: Job, cx: &mut Context<'_, Self>) {
        let (host, port) = (job.url.host().to_string(), job.url.port());
        let idle = |up: &Up| {
            up.host == host
                && up.port == port
                && up.phase == Phase::Open
                && up.down.is_none()
                && up.http.may_request()
        };
        let reused = self.ups.iter().find(|(_, up)| idle(up)).map(|(conn, _)| *conn);
        let conn = match reused {
            Some(conn) => {
                cx.cite(&rules::PERSIST_REUSE);
                cx.disarm(ProxyTimer::Idle(conn));
                conn
            }
            None => {
                cx.cite(&rules::DIAL_NEW);
                let conn = cx.dial(Target::new(&host, port), &HTTP);
                let http = Connection::new(Role::Client, self.config.response_limits.clone());
                let phase = Phase::Connecting;
                let (passing, answers, peer_finished) = (None, 0, false);
                let up =
                    Up { host, port, http, phase, down: None, passing, answers, peer_finished };
                self.ups.insert(conn, up);
                conn
            }
        };
        (job.up, job.asked) = (Some(conn), false);
        cx.pace(conn, Some(down));
        if job.upload.expected() {
            cx.pace(down, Some(conn));
        }
        if let Some(up) = self.ups.get_mut(&conn) {
            up.down = Some(down);
        }
        if let Some(client) = self.downs.get_mut(&down) {
            client.job = Some(job);
        }
        if reused.is_some() {
            self.ask(conn, cx);
        }
    }

    pub(super) fn up_opened(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.ups.get_mut(&conn) {
            Some(up) => {
                up.phase = Phase::Open;
                self.ask(conn, cx);
            }
            None => cx.abort(conn),
        }
    }

    /// Sends the head of the job's request on its connection, and what there is of its content.
    fn ask(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(up) = self.ups.get(&conn) else { return };
        let (Some(down), version) = (up.down, self.version_of(up)) else { return };
        let Some(job) = self.downs.get_mut(&down).and_then(|d| d.job.as_mut()) else { return };
        if job.expects && version == Version::Http10 {
            self.say_continue(down, cx);
        }
        let Some(job) = self.downs.get_mut(&down).and_then(|d| d.job.as_mut()) else { return };
        if !job.upload.may_begin(version) {
            return;
        }
        let mut request = job.request.clone();
        if !job.conditions.is_empty() {
            cx.cite(&rules::CACHE_VALIDATE);
            for name in ["If-None-Match", "If-Modified-Since"] {
                request.fields.remove(name);
            }
            for field in &job.conditions {
                request.fields.push(field.name.clone(), field.value.clone());
            }
        }
        job.upload.frame(&request.method, version, &mut request.fields);
        if job.expects && version == Version::Http11 {
            cx.cite(&rules::PROXY_EXPECT);
            request.fields.push("Expect", "100-continue");
        }
        (job.sent_at, job.asked) = (cx.now(), true);
        let Some(up) = self.ups.get_mut(&conn) else { return };
        let head = up.http.send(http::Event::Request(request));
        let sent = head.and_then(|head| Ok([head, job.upload.pour(&mut up.http)?].concat()));
        self.sent(conn, sent.map(Bytes::from), cx);
    }

    /// Passes on what has come of the content of a client's request.
    pub(super) fn pour(&mut self, down: Conn, cx: &mut Context<'_, Self>) {
        let Some(job) = self.downs.get_mut(&down).and_then(|d| d.job.as_mut()) else { return };
        let Some(conn) = job.up else { return };
        let Some(up) = self.ups.get_mut(&conn) else { return };
        if job.asked {
            let sent = job.upload.pour(&mut up.http);
            return self.sent(conn, sent, cx);
        }
        if job.upload.held() > self.config.max_held {
            return self.cannot_hold(down, cx);
        }
        if up.phase == Phase::Open {
            self.ask(conn, cx);
        }
    }

    /// Puts bytes on the wire to an origin, or tells the client why they cannot be sent.
    fn sent(&mut self, conn: Conn, sent: Result<Bytes, Misuse>, cx: &mut Context<'_, Self>) {
        match sent {
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) => {
                cx.send(conn, bytes);
                cx.arm(ProxyTimer::Answer(conn), self.config.answer_within);
            }
            Err(misuse) => {
                cx.cite(misuse.rule);
                let down = self.ups.get_mut(&conn).and_then(|up| up.down.take());
                self.abort_up(conn, cx);
                if let Some(down) = down {
                    self.job_failed(down, 400, &misuse.says, cx);
                }
            }
        }
    }

    /// More content has come than may wait for the origin.
    fn cannot_hold(&mut self, down: Conn, cx: &mut Context<'_, Self>) {
        let job = self.downs.get(&down).and_then(|client| client.job.as_ref());
        let up = job.and_then(|job| job.up).and_then(|up| self.ups.get(&up));
        let old = up.is_some_and(|up| self.version_of(up) == Version::Http10);
        let (status, rule, says) = match old {
            true => (
                411,
                &rules::PROXY_LENGTH_REQUIRED,
                "The server reads no chunks, and the content is too long to be counted here.",
            ),
            false => (
                413,
                &machine_rules::CONTENT_LIMIT,
                "More content came than can wait until the server is connected.",
            ),
        };
        if self.give_up(down, cx) {
            self.answer_error(down, status, rule, says, cx);
        }
    }

    /// What the origin of a connection speaks, as far as is known.
    fn version_of(&self, up: &Up) -> Version {
        match self.old_origins.contains(&(up.host.clone(), up.port)) {
            true => Version::Http10,
            false => self.config.unknown_origin,
        }
    }

    /// Remembers what an origin speaks (RFC 9112 section 6.1).
    pub(super) fn learn(&mut self, conn: Conn, version: Version) {
        let Some(up) = self.ups.get(&conn) else { return };
        let origin = (up.host.clone(), up.port);
        match version {
            Version::Http11 => {
                self.old_origins.remove(&origin);
            }
            Version::Http10 => {
                self.old_origins.insert(origin);
                if self.old_origins.len() > MAX_OLD_ORIGINS {
                    self.old_origins.pop_first();
                }
            }
        }
    }

    pub(super) fn up_received(&mut self, conn: Conn, bytes: &Bytes, cx: &mut Context<'_, Self>) {
        let Some(up) = self.ups.get_mut(&conn).filter(|up| up.phase != Phase::Closing) else {
            return;
        };
        up.http.receive(bytes);
        self.read_up(conn, cx);
    }

    pub(super) fn up_finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(up) = self.ups.get_mut(&conn) else { return };
        up.peer_finished = true;
        if up.phase == Phase::Closing {
            self.ups.remove(&conn);
            return;
        }
        up.http.receive_end();
        self.read_up(conn, cx);
        self.up_gone(conn, "the origin closed before its answer was complete", cx);
        self.close_up(conn, cx);
    }

    fn read_up(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(up) = self.ups.get_mut(&conn) else { return };
            match up.http.next_event() {
                Ok(Some(http::Event::Interim(response))) => self.pass_interim(conn, response, cx),
                Ok(Some(http::Event::Response(response))) => self.pass_head(conn, response, cx),
                Ok(Some(http::Event::Data(bytes))) => self.pass_data(conn, bytes, cx),
                Ok(Some(http::Event::End { trailers })) => self.pass_end(conn, trailers, cx),
                Ok(Some(http::Event::Request(_))) => {}
                Ok(Some(http::Event::Closed) | None) => break,
                Err(violation) => return self.bad_answer(conn, &violation, cx),
            }
        }
        let Some(up) = self.ups.get(&conn) else { return };
        if up.http.must_close() && up.down.is_none() {
            cx.cite(match up.peer_finished {
                true => &rules::PEER_ENDED,
                false => &rules::CLIENT_CLOSES,
            });
            self.close_up(conn, cx);
        }
    }

    fn bad_answer(&mut self, conn: Conn, bad: &Violation, cx: &mut Context<'_, Self>) {
        cx.cite(bad.rule);
        cx.cite(&rules::BAD_RESPONSE);
        let down = self.ups.get_mut(&conn).and_then(|up| up.down.take());
        self.abort_up(conn, cx);
        if let Some(down) = down {
            self.job_failed(down, 502, &bad.found, cx);
        }
    }

    pub(super) fn up_lost(&mut self, conn: Conn, why: &Loss, cx: &mut Context<'_, Self>) {
        cx.disarm(ProxyTimer::Answer(conn));
        cx.disarm(ProxyTimer::Idle(conn));
        self.up_gone(conn, &format!("no connection to the origin: {why}"), cx);
        self.ups.remove(&conn);
    }

    /// The origin is gone: a job that it had may be sent again if nothing was passed on.
    fn up_gone(&mut self, conn: Conn, why: &str, cx: &mut Context<'_, Self>) {
        let Some(up) = self.ups.get_mut(&conn) else { return };
        let Some(down) = up.down.take() else { return };
        cx.disarm(ProxyTimer::Answer(conn));
        let reused = up.answers > 0;
        let Some(client) = self.downs.get_mut(&down) else { return };
        match client.job.take() {
            Some(mut job) if reused && job.may_go_again() => {
                cx.cite(&rules::RETRY_IDEMPOTENT);
                job.retried = true;
                self.forward(down, job, cx);
            }
            job => {
                client.job = job;
                self.job_failed(down, 502, why, cx);
            }
        }
    }

    /// An origin's answer has not come in time; one that is coming, slowly, may go on.
    pub(super) fn up_too_late(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let passing = self.ups.get_mut(&conn).and_then(|up| up.passing.as_mut());
        if let Some(passing) = passing.filter(|passing| passing.bytes > passing.seen) {
            passing.seen = passing.bytes;
            cx.arm(ProxyTimer::Answer(conn), self.config.answer_within);
            return;
        }
        cx.cite(&rules::ANSWER_TIMEOUT);
        let down = self.ups.get_mut(&conn).and_then(|up| up.down.take());
        self.abort_up(conn, cx);
        if let Some(down) = down {
            let why = format!("no answer within {} s", self.config.answer_within.as_secs());
            self.job_failed(down, 504, &why, cx);
        }
    }

    /// The origin will not answer a job: tell the client, or serve what is stored though stale.
    fn job_failed(&mut self, down: Conn, status: u16, why: &str, cx: &mut Context<'_, Self>) {
        let Some(job) = self.downs.get_mut(&down).and_then(|d| d.job.take()) else { return };
        let (url, why) = (job.url.clone(), why.to_string());
        cx.emit(Event::Failed { url, status, why: why.clone() });
        if job.begun {
            // Half an answer is out: only a broken connection can say that it is not whole.
            cx.cite(&rules::BAD_RESPONSE);
            cx.abort(down);
            return self.forget_down(down, cx);
        }
        match self.cache.stale(&job.url, &job.request, cx.now()) {
            Some((response, body)) if self.config.cache => {
                cx.cite(&rules::CACHE_STALE_USED);
                cx.emit(Event::Stale { url: job.url.clone() });
                let how = "hit; detail=stale";
                self.answer_stored(down, &job.request, response, &body, how, cx);
            }
            Some(_) | None => {
                let rule = match status {
                    504 => &rules::PROXY_TIMEOUT,
                    _ => &rules::PROXY_BAD_GATEWAY,
                };
                // A reason may be a sentence of its own.
                let says =
                    format!("{} could not be fetched: {}.", job.url, why.trim_end_matches('.'));
                self.answer_error(down, status, rule, &says, cx);
            }
        }
        self.serve(down, cx);
    }

    /// Ends our side of a connection to an origin.
    pub(super) fn close_up(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(up) = self.ups.get_mut(&conn).filter(|up| up.phase != Phase::Closing) else {
            return;
        };
        // A machine that will not close has been told so already: the stream ends all the same.
        let _ = up.http.send(http::Event::Closed);
        up.phase = Phase::Closing;
        let over = up.peer_finished;
        cx.finish(conn);
        cx.disarm(ProxyTimer::Answer(conn));
        cx.disarm(ProxyTimer::Idle(conn));
        if over {
            self.ups.remove(&conn);
        }
        self.bound_unused(Phase::Closing, cx);
    }

    /// Throws away connections that serve nobody, the oldest first: those that are idle, or those
    /// that their origins will not close.
    pub(super) fn bound_unused(&mut self, phase: Phase, cx: &mut Context<'_, Self>) {
        let unused = self.ups.iter().filter(|(_, up)| up.phase == phase && up.down.is_none());
        let unused: Vec<Conn> = unused.map(|(conn, _)| *conn).collect();
        for conn in unused.iter().take(unused.len().saturating_sub(MAX_UNUSED)) {
            self.abort_up(*conn, cx);
        }
    }

    /// Throws a connection to an origin away.
    pub(super) fn abort_up(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if self.ups.remove(&conn).is_some() {
            cx.abort(conn);
            cx.disarm(ProxyTimer::Answer(conn));
            cx.disarm(ProxyTimer::Idle(conn));
        }
    }
}

/// Origins of HTTP/1.0 that are remembered; one that is forgotten is taken for what others are.
const MAX_OLD_ORIGINS: usize = 256;

/// Connections to origins that are kept for the next request, and those that are closing: a few
/// for each client of a class.
const MAX_UNUSED: usize = 256;
