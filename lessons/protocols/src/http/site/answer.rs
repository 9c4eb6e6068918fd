//! What a site answers to a request: status, fields, content, and the rules that led to it.

use core::time::Duration;

use bytes::Bytes;

use super::conditions::{Condition, weigh};
use super::{Document, Resource, Site, form, language, sessions};
use crate::http::Fields;
use crate::http::policy_rules as rules;
use crate::wire::{Rule, Time};

/// A request as the site sees it.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The method.
    pub method: &'a str,
    /// The path of the target, `/` at the least; `*` for the server as a whole.
    pub path: &'a str,
    /// The query of the target.
    pub query: Option<&'a str>,
    /// The header fields.
    pub fields: &'a Fields,
    /// The content.
    pub body: &'a Bytes,
    /// The server's clock.
    pub now: Time,
}

/// The site's answer; the server adds Date, Server and what frames it.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The fields that describe the resource.
    pub fields: Fields,
    /// The content. For HEAD it is what GET would have had; the server leaves it out.
    pub content: Content,
    /// The rules that led here, in order.
    pub rules: Vec<&'static Rule>,
}

/// The content of an answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Content {
    /// There is none, and may be none: 204 and 304.
    None,
    /// All of it is known.
    Whole(Bytes),
    /// It comes in pieces, as if made while it is sent.
    Pieces(Vec<Bytes>),
}

impl Answer {
    /// An answer with no content and no fields.
    pub fn bare(status: u16, rule: &'static Rule) -> Answer {
        Answer { status, fields: Fields::new(), content: Content::None, rules: vec![rule] }
    }

    /// A short page that says what went wrong.
    pub fn error(status: u16, rule: &'static Rule, says: &str) -> Answer {
        let reason = crate::http::reason_phrase(status);
        let says = form::escaped(says);
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{status} {reason}</title></head>\
             <body>\n<h1>{status} {reason}</h1>\n<p>{says}</p>\n</body></html>\n"
        );
        Answer::bare(status, rule).content(HTML, page)
    }

    /// The same answer with content of a type.
    pub(super) fn content(mut self, media_type: &str, content: impl Into<Bytes>) -> Answer {
        self.fields.push("Content-Type", media_type);
        self.content = Content::Whole(content.into());
        self
    }

    pub(super) fn field(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.fields.push(name, value);
        self
    }

    /// The same answer, with a rule that was weighed before the others.
    pub(super) fn after(mut self, rule: &'static Rule) -> Answer {
        self.rules.insert(0, rule);
        self
    }
}

impl Site {
    /// Carries a request out and answers it. `random` is called where a session is opened.
    pub fn answer(&mut self, asked: &Asked<'_>, random: &mut dyn FnMut() -> u64) -> Answer {
        if let Some(refusal) = self.refuse(asked.method, asked.path) {
            return refusal;
        }
        if asked.path == "*" {
            return Answer::bare(204, &rules::OPTIONS_ALLOW).field("Allow", METHODS.join(", "));
        }
        let resource = self.resources.get(asked.path).cloned();
        if asked.method == "OPTIONS" {
            let allowed = self.allowed(asked.path, resource.as_ref());
            return Answer::bare(204, &rules::OPTIONS_ALLOW).field("Allow", allowed.join(", "));
        }
        if self.in_tree(asked.path) && !matches!(asked.method, "GET" | "HEAD") {
            return self.change_tree(asked);
        }
        match resource {
            Some(resource) => self.answer_resource(resource, asked, random),
            None if self.tree.as_deref() == Some(asked.path) => self.list_tree(asked.path),
            None => {
                let says = format!("There is nothing at {} yet.", asked.path);
                Answer::error(404, &rules::NOT_FOUND, &says)
            }
        }
    }

    /// The answer to a request that is refused for its method or path alone, so that its content
    /// need not be awaited; none for one that must be carried out.
    pub fn refuse(&self, method: &str, path: &str) -> Option<Answer> {
        if !METHODS.contains(&method) {
            let says = format!("This server does not know the method {method}.");
            return Some(Answer::error(501, &rules::METHOD_UNKNOWN, &says));
        }
        if path == "*" && method == "OPTIONS" {
            return None;
        }
        let allowed = self.allowed(path, self.resources.get(path));
        if allowed.is_empty() {
            let says = format!("There is nothing at {path} on this server.");
            return Some(Answer::error(404, &rules::NOT_FOUND, &says));
        }
        if allowed.contains(&method) {
            return None;
        }
        let says = format!("{method} cannot be used at {path}.");
        let answer = Answer::error(405, &rules::METHOD_NOT_ALLOWED, &says);
        Some(answer.field("Allow", allowed.join(", ")))
    }

    /// The methods that a path takes; none where there is nothing and nothing can be put.
    fn allowed(&self, path: &str, resource: Option<&Resource>) -> Vec<&'static str> {
        let mut allowed = match resource {
            Some(Resource::Form { .. }) => vec!["POST", "OPTIONS"],
            Some(Resource::Redirect { .. } | Resource::Failing { .. }) => METHODS.to_vec(),
            Some(_) => vec!["GET", "HEAD", "OPTIONS"],
            None if self.in_tree(path) => vec!["GET", "HEAD", "OPTIONS"],
            None => return Vec::new(),
        };
        match self.tree.as_deref() {
            Some(tree) if tree == path => allowed.push("POST"),
            Some(_) if self.in_tree(path) => allowed.extend(["PUT", "DELETE"]),
            _ => {}
        }
        allowed
    }

    fn answer_resource(
        &mut self,
        resource: Resource,
        asked: &Asked<'_>,
        random: &mut dyn FnMut() -> u64,
    ) -> Answer {
        match resource {
            Resource::Document(document) => serve(&document, asked),
            Resource::Languages { variants, strict } => in_language(&variants, strict, asked),
            Resource::Redirect { status, to } => redirect(status, &to),
            Resource::Search => {
                let page = form::page("Search", &form::pairs(asked.query.unwrap_or("")));
                Answer::bare(200, &rules::STATUS_OK).content(HTML, page)
            }
            Resource::Form { then } => take_form(asked, then.as_deref()),
            Resource::Visits => self.count_visit(asked, random),
            Resource::SetCookie { cookie, expires_secs } => set_cookie(cookie, expires_secs, asked),
            Resource::Stream { media_type, pieces } => {
                let mut answer = Answer::bare(200, &rules::CHUNKED_SENT);
                answer.fields.push("Content-Type", media_type);
                Answer { content: Content::Pieces(pieces), ..answer }
            }
            Resource::Failing { status, retry_after_secs } => {
                let says = "The server could not do what was asked; the request was well.";
                let answer = Answer::error(status, &rules::SERVER_ERROR, says);
                match retry_after_secs {
                    Some(secs) => answer.field("Retry-After", secs.to_string()),
                    None => answer,
                }
            }
        }
    }

    fn count_visit(&mut self, asked: &Asked<'_>, random: &mut dyn FnMut() -> u64) -> Answer {
        let known = self.sessions.named_in(asked.fields);
        let fresh = known.is_none();
        let id = known.unwrap_or_else(|| self.sessions.open(random(), asked.now));
        let visits = self.sessions.visit(&id, asked.now);
        let greeting = match visits {
            1 => "Welcome. This is your first visit.".to_string(),
            n => format!("Welcome back. This is visit number {n}."),
        };
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Your visits</title></head><body>\n\
             <h1>Your visits</h1>\n<p>{greeting}</p>\n</body></html>\n"
        );
        let answer = Answer::bare(200, &rules::COOKIE_SESSION)
            .content(HTML, page)
            .field("Cache-Control", "private, no-store");
        match fresh {
            true => {
                let cookie = format!("{}={id}; Path=/; HttpOnly", sessions::COOKIE_NAME);
                answer.field("Set-Cookie", cookie)
            }
            false => answer,
        }
    }
}

/// A document, or the answer to the conditions of the request (RFC 9110 section 13.2.2).
pub(super) fn serve(document: &Document, asked: &Asked<'_>) -> Answer {
    match weigh(asked.method, asked.fields, Some(document)) {
        Condition::Holds => Answer {
            fields: document.validators().with("Content-Type", document.media_type.clone()),
            content: Content::Whole(document.content().clone()),
            ..Answer::bare(200, &rules::STATUS_OK)
        },
        Condition::NotModified(rule) => {
            let answer = Answer::bare(304, &rules::NOT_MODIFIED).after(rule);
            Answer { fields: document.validators(), ..answer }
        }
        Condition::Failed => precondition_failed(),
    }
}

pub(super) fn precondition_failed() -> Answer {
    let says = "The resource is no longer as the request expected; nothing was done.";
    let answer = Answer::error(412, &rules::PRECONDITION_FAILED, says);
    answer.after(&rules::PRECONDITION_ORDER)
}

fn in_language(variants: &[(String, Document)], strict: bool, asked: &Asked<'_>) -> Answer {
    let tags: Vec<&str> = variants.iter().map(|(tag, _)| tag.as_str()).collect();
    let accept = asked.fields.all("Accept-Language").collect::<Vec<_>>().join(", ");
    let accept = asked.fields.first("Accept-Language").map(|_| accept.as_str());
    let chosen = language::choose(accept, &tags);
    let answer = match chosen.or((!strict).then_some(0)).and_then(|at| variants.get(at)) {
        Some((tag, document)) => serve(document, asked).field("Content-Language", tag.clone()),
        None => {
            let says = format!("This page can be had in: {}.", tags.join(", "));
            Answer::error(406, &rules::NOT_ACCEPTABLE, &says)
        }
    };
    answer.field("Vary", "Accept-Language").after(&rules::LANGUAGE_CHOSEN)
}

/// A page that sets a cookie. It is dated anew each time, and so is not to be stored.
fn set_cookie(mut cookie: String, expires_secs: Option<i64>, asked: &Asked<'_>) -> Answer {
    if let Some(secs) = expires_secs {
        let length = Duration::from_secs(secs.unsigned_abs());
        let moment = if secs < 0 { asked.now - length } else { asked.now + length };
        cookie += &format!("; Expires={moment}");
    }
    let shown = form::escaped(&cookie);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Cookie</title></head><body>\n\
         <h1>Cookie</h1>\n<p>This answer sets: {shown}</p>\n</body></html>\n"
    );
    Answer::bare(200, &rules::COOKIE_ATTRIBUTES)
        .content(HTML, page)
        .field("Cache-Control", "no-store")
        .field("Set-Cookie", cookie)
}

fn redirect(status: u16, to: &str) -> Answer {
    let says = format!("What you asked for is at {to}.");
    Answer::error(status, &rules::REDIRECT_SENT, &says).field("Location", to)
}

fn take_form(asked: &Asked<'_>, then: Option<&str>) -> Answer {
    let media_type = asked.fields.first("Content-Type").unwrap_or("");
    let essence = media_type.split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case(FORM) {
        let says = format!("This form takes {FORM}.");
        return Answer::error(415, &rules::UNSUPPORTED_MEDIA, &says);
    }
    match then {
        Some(to) => redirect(303, to).after(&rules::POST_PROCESSED),
        None => {
            let pairs = form::pairs(&String::from_utf8_lossy(asked.body));
            let page = form::page("Received", &pairs);
            Answer::bare(200, &rules::POST_PROCESSED).content(HTML, page)
        }
    }
}

/// The methods that the server knows.
pub(super) const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// The media type of a form that a browser sends.
const FORM: &str = "application/x-www-form-urlencoded";
