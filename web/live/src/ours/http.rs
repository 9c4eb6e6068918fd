//! A web server that has what a real one was seen to serve.

use std::collections::VecDeque;

use bytes::Bytes;
use protocols::endpoint::{Host, Running};
use protocols::http::server::{Config, Server};
use protocols::http::site::{Document, Site};
use protocols::http::{Connection, Event, Limits, Request, Response, Role, Url, parse_http_date};
use protocols::wire::{Side, Time};
use world::Conversation;

use super::messages;

/// The server, at the port of the real one.
pub fn server(port: u16, talks: &[&Conversation], now: Time) -> Box<dyn Host> {
    let config = Config { port, ..Config::default() };
    let answers = talks.iter().flat_map(|talk| answers(talk));
    let site = answers.fold(Site::new(), |site, answer| answer.onto(site, now));
    Box::new(Running::new(Server::new(config, site), u64::from(port)))
}

/// What was answered to a request.
struct Answer {
    path: String,
    response: Response,
    content: Bytes,
}

impl Answer {
    fn onto(self, site: Site, now: Time) -> Site {
        let location = self.response.fields.first("Location").map(str::to_string);
        match (self.response.status, location) {
            (200, _) => {
                let path = self.path.clone();
                site.with_document(&path, self.document(now))
            }
            (status @ (301 | 302 | 303 | 307 | 308), Some(to)) => {
                site.with_redirect(&self.path, status, &to)
            }
            _ => site,
        }
    }

    fn document(self, now: Time) -> Document {
        let fields = &self.response.fields;
        let media_type = fields.first("Content-Type").unwrap_or("application/octet-stream");
        let modified = fields.first("Last-Modified").and_then(parse_http_date);
        let document = Document::new(media_type, self.content.clone(), modified.unwrap_or(now));
        match fields.first("Cache-Control") {
            Some(control) => document.cached(control),
            None => document,
        }
    }
}

/// The whole answers of a conversation to its requests with GET.
fn answers(talk: &Conversation) -> Vec<Answer> {
    let mut asked = VecDeque::new();
    let mut answers = Vec::new();
    for (side, bytes) in messages(talk) {
        match side {
            Side::Initiator => asked.extend(request(&bytes)),
            Side::Responder => {
                let Some(request) = asked.front() else { continue };
                let Some((response, content)) = answer(request, &bytes) else { continue };
                if request.method == "GET"
                    && let Some(path) = path(request)
                {
                    answers.push(Answer { path, response, content });
                }
                asked.pop_front();
            }
        }
    }
    answers
}

/// A request alone, read as a server reads it.
fn request(bytes: &[u8]) -> Option<Request> {
    let mut machine = Connection::new(Role::Server, limits());
    machine.receive(bytes);
    match machine.next_event() {
        Ok(Some(Event::Request(request))) => Some(request),
        _ => None,
    }
}

/// The final answer to a request, and its content, read as a client reads it; none for one on the
/// way to it, and for one that is broken.
fn answer(request: &Request, bytes: &[u8]) -> Option<(Response, Bytes)> {
    let mut machine = Connection::new(Role::Client, limits());
    machine.send_whole(Event::Request(request.clone()), b"").ok()?;
    machine.receive(bytes);
    machine.receive_end();
    let (mut head, mut content) = (None, Vec::new());
    while let Ok(Some(event)) = machine.next_event() {
        match event {
            Event::Response(response) => head = Some(response),
            Event::Data(bytes) => content.extend_from_slice(&bytes),
            Event::End { .. } | Event::Closed => break,
            Event::Request(_) | Event::Interim(_) => {}
        }
    }
    Some((head?, Bytes::from(content)))
}

/// The path that a target names, be it sent to a server or to a proxy.
fn path(request: &Request) -> Option<String> {
    let whole = match request.target.starts_with('/') {
        true => format!("http://host{}", request.target),
        false => request.target.clone(),
    };
    whole.parse::<Url>().ok().map(|url| url.path().to_string())
}

/// What has been recorded was within somebody's limits already.
fn limits() -> Limits {
    Limits { waiting_max: usize::MAX, body_max: u64::MAX, ..Limits::default() }
}
