//! One request on its way through the proxy: refused, answered from the cache, or passed on.

use bytes::Bytes;

use super::upload::Upload;
use super::{Event, Proxy};
use crate::endpoint::{Conn, Context};
use crate::http::cache::Decision;
use crate::http::entity_tag::is_not_modified;
use crate::http::policy_rules as rules;
use crate::http::site::Answer;
use crate::http::{Fields, Request, Response, Url, Version, end_to_end};
use crate::wire::Time;

/// One request that is under way.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) url: Url,
    /// The request as it is sent to the origin, before our own conditions.
    pub(super) request: Request,
    /// Its content, on the way.
    pub(super) upload: Upload,
    /// Whether the client expects 100 before it sends the content, and the origin is told so.
    pub(super) expects: bool,
    /// Whether this proxy has said 100 itself.
    pub(super) continued: bool,
    /// By which the stored response is checked; empty where there is none.
    pub(super) conditions: Fields,
    /// The connection to the origin that carries it.
    pub(super) up: Option<Conn>,
    /// When it was sent there.
    pub(super) sent_at: Time,
    /// Whether its head has gone there.
    pub(super) asked: bool,
    /// Whether it was sent again already.
    pub(super) retried: bool,
    /// Whether the head of an answer has been passed on.
    pub(super) begun: bool,
}

impl Job {
    /// Whether it may be sent a second time: nothing that its origin may have acted on is repeated,
    /// and nothing of it has left that is not here any more.
    pub(super) fn may_go_again(&self) -> bool {
        !self.begun && !self.retried && !self.upload.has_left() && self.is_idempotent()
    }

    /// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2).
    fn is_idempotent(&self) -> bool {
        let method = self.request.method.as_str();
        matches!(method, "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE")
    }
}

impl Proxy {
    /// The answer to a request that cannot be forwarded; none for one that can.
    pub(super) fn refuse(&self, request: &Request) -> Option<Answer> {
        // Before anything else: what comes back to us has the form that servers are sent.
        let ours = |via: &str| via.split_ascii_whitespace().nth(1) == Some(&self.config.name);
        if request.fields.list("Via").any(ours) {
            let says = "The request has come through this proxy before.";
            return Some(Answer::error(502, &rules::PROXY_LOOP, says));
        }
        if request.method == "CONNECT" {
            let says = "This proxy makes no tunnels; it forwards http URLs.";
            return Some(Answer::error(501, &rules::PROXY_NO_TUNNEL, says));
        }
        if let Err(error) = request.target.parse::<Url>() {
            let says = format!("A request to a proxy names the whole URL. {error}");
            return Some(Answer::error(400, &rules::PROXY_NOT_ABSOLUTE, &says));
        }
        let unknown =
            request.fields.list("Expect").any(|e| !e.eq_ignore_ascii_case("100-continue"));
        if unknown {
            let says = "This proxy knows no such expectation.";
            return Some(Answer::error(417, &rules::EXPECTATION_FAILED, says));
        }
        let limited = matches!(request.method.as_str(), "OPTIONS" | "TRACE");
        if limited && forwards_left(&request.fields) == Some(0) {
            let says = "The request was to come this far and no further.";
            return Some(Answer::error(200, &rules::PROXY_MAX_FORWARDS, says));
        }
        None
    }

    /// Begins a request: asks the cache, and passes on what the cache cannot answer. Where there is
    /// content, it is still to come.
    pub(super) fn begin(&mut self, conn: Conn, asked: &Request, cx: &mut Context<'_, Self>) {
        let Ok(url) = asked.target.parse::<Url>() else { return };
        let url = url.without_fragment();
        let request = self.forwarded_request(&url, asked, cx);
        let upload = Upload::of(asked);
        let decision = match self.config.cache {
            true => self.cache.look_up(&url, &request, cx.now()),
            false => Decision::Forward { rule: &rules::CACHE_MISS },
        };
        let decision = match decision {
            // What content means to a GET only its origin knows (RFC 9110 section 9.3.1).
            Decision::Use { .. } | Decision::Validate { .. } if upload.expected() => {
                Decision::Forward { rule: &rules::CACHE_METHOD }
            }
            decision => decision,
        };
        if self.config.cache {
            cx.cite(decision.rule());
        }
        let expects = asked.version == Version::Http11
            && asked.fields.has("Expect", "100-continue")
            && upload.expected();
        let mut job = Job {
            url,
            request,
            upload,
            expects,
            continued: false,
            conditions: Fields::new(),
            up: None,
            sent_at: cx.now(),
            asked: false,
            retried: false,
            begun: false,
        };
        match decision {
            Decision::Use { response, body, .. } => {
                self.traffic.hits += 1;
                cx.emit(Event::Hit { url: job.url.clone() });
                self.answer_stored(conn, &job.request, response, &body, "hit", cx);
            }
            Decision::Unsatisfiable { rule } => {
                let says = "Nothing usable is stored, and the request forbids asking the origin.";
                self.answer_error(conn, 504, rule, says, cx);
            }
            Decision::Validate { conditions, .. } => {
                job.conditions = conditions;
                self.forward(conn, job, cx);
            }
            Decision::Forward { .. } => {
                self.traffic.misses += 1;
                cx.emit(Event::Miss { url: job.url.clone() });
                self.forward(conn, job, cx);
            }
        }
    }

    /// The request as the origin is sent it (RFC 9112 section 3.2.2, RFC 9110 section 7.6).
    fn forwarded_request(&self, url: &Url, asked: &Request, cx: &mut Context<'_, Self>) -> Request {
        cx.cite(&rules::PROXY_ORIGIN_FORM);
        cx.cite(&rules::PROXY_HOP_BY_HOP);
        cx.cite(&rules::PROXY_VIA);
        let mut fields = Fields::new().with("Host", url.authority());
        let passed_on = end_to_end(&asked.fields);
        let ours = ["host", "content-length", "expect"];
        for field in
            passed_on.iter().filter(|f| !ours.contains(&f.name.to_ascii_lowercase().as_str()))
        {
            fields.push(field.name.clone(), field.value.clone());
        }
        fields.push("Via", self.via(asked.version));
        if let Some(left) = forwards_left(&asked.fields)
            && matches!(asked.method.as_str(), "OPTIONS" | "TRACE")
        {
            cx.cite(&rules::PROXY_MAX_FORWARDS);
            fields.set("Max-Forwards", left.saturating_sub(1).to_string());
        }
        let (method, target) = (asked.method.clone(), url.origin_form());
        Request { method, target, version: Version::Http11, fields }
    }

    /// Our entry for Via: the version that a message came with, and our name.
    pub(super) fn via(&self, received: Version) -> String {
        let version = match received {
            Version::Http10 => "1.0",
            Version::Http11 => "1.1",
        };
        format!("{version} {}", self.config.name)
    }

    /// Answers from a stored response: with all of it, or with 304 if the client has it already.
    pub(super) fn answer_stored(
        &mut self,
        conn: Conn,
        asked: &Request,
        stored: Response,
        content: &Bytes,
        how: &str,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(&rules::PROXY_AGE);
        let mut fields = stored.fields;
        fields.push("Via", self.via(stored.version));
        fields.push("Cache-Status", format!("{}; {how}", self.config.name));
        self.traffic.bytes_from_cache += content.len();
        if stored.status == 200 && is_not_modified(&asked.fields, &fields) {
            cx.cite(&rules::CACHE_CLIENT_CONDITION);
            for name in ["Content-Length", "Content-Type"] {
                fields.remove(name);
            }
            return self.answer(conn, 304, &fields, &[], cx);
        }
        self.answer(conn, stored.status, &fields, content, cx);
    }
}

/// How often a request may still be forwarded, if it says so in a way that can be read.
fn forwards_left(fields: &Fields) -> Option<u32> {
    fields.first("Max-Forwards")?.parse().ok()
}
