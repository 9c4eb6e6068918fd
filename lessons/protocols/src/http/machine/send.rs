//! What we send: events in, bytes out.

use bytes::Bytes;

use super::{Connection, Event, Exchange, State, Trigger};
use crate::http::codec::{
    Asked, Framing, Head, Limits, RequestLine, Role, StartLine, StatusLine, bodiless, check_host,
    of_request, of_response, persists, write_chunk, write_last_chunk, write_request,
    write_response,
};
use crate::http::{Fields, Request, Response, Version, rules};
use crate::wire::{Misuse, Rule, Violation};

/// How the content that we send is framed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Writing {
    /// There may be none.
    None,
    /// So many bytes are to come.
    Length(u64),
    /// In chunks.
    Chunked,
    /// Until we close.
    UntilClose,
    /// It answers HEAD: content may be given, and is not sent.
    Unsent,
}

impl Connection {
    /// Turns an event of ours into bytes for the peer; some events are no bytes at all.
    ///
    /// A message is a head, any content, and [`Event::End`], even when it has no content. A
    /// response that says nothing of its length gets chunks, or ends with the connection where
    /// its reader speaks HTTP/1.0. `Connection: close` is added where the connection will close.
    ///
    /// # Errors
    /// What the protocol does not allow now. Nothing is sent then, and nothing has changed.
    pub fn send(&mut self, event: Event) -> Result<Bytes, Misuse> {
        self.moves.clear();
        match event {
            Event::Request(request) => self.send_request(request),
            Event::Interim(response) => self.send_interim(response),
            Event::Response(response) => self.send_response(response),
            Event::Data(content) => self.send_data(content),
            Event::End { trailers } => self.send_end(&trailers),
            Event::Closed => self.send_closed(),
        }
    }

    /// Sends a whole message whose content is known: head, content and end in one run of bytes.
    /// Content-Length is set to the content's length, unless the head asks for chunks or the
    /// message can have no content. An answer to HEAD may be given with its content, which is
    /// not sent, or with a Content-Length of its own and none.
    ///
    /// # Errors
    /// The same as [`Connection::send`] gives for any of the three.
    pub fn send_whole(&mut self, head: Event, content: &[u8]) -> Result<Bytes, Misuse> {
        let measured = self.measured(head, content.len())?;
        let mut bytes = self.send(measured)?.to_vec();
        let mut moves = self.moves.clone();
        if !content.is_empty() {
            bytes.extend_from_slice(&self.send(Event::Data(Bytes::copy_from_slice(content)))?);
            moves.append(&mut self.moves);
        }
        bytes.extend_from_slice(&self.send(Event::end())?);
        moves.append(&mut self.moves);
        self.moves = moves;
        Ok(bytes.into())
    }

    fn send_request(&mut self, mut request: Request) -> Result<Bytes, Misuse> {
        self.may_send(Role::Client, Trigger::Request, "a request")?;
        if !self.may_request() {
            let says = "No request may follow one that said `close`, or was answered so.";
            return Err(misuse(&rules::NOTHING_AFTER_CLOSE, says));
        }
        if self.exchanges.iter().any(|x| x.asked.connect || x.asked.upgrade) {
            let says = "The answer may change the protocol; it must be awaited.";
            return Err(misuse(&rules::UPGRADE, says));
        }
        let bytes = write_request(&request)?;
        let line = RequestLine {
            method: core::mem::take(&mut request.method),
            target: core::mem::take(&mut request.target),
            version: request.version,
        };
        let head = Head::to_send(StartLine::Request(line), core::mem::take(&mut request.fields));
        check_host(&head).map_err(ours)?;
        let framing = of_request(&head, &OWN).map_err(ours)?;
        let Some(request) = head.into_request() else { return Ok(Bytes::new()) };
        self.exchanges.push_back(Exchange::new(&request, framing));
        self.writing = writing(framing, Asked::default());
        self.go(Role::Client, Trigger::Request);
        if self.exchanges.len() == 1 {
            self.go(Role::Server, Trigger::Request);
        }
        Ok(bytes.into())
    }

    fn send_interim(&mut self, response: Response) -> Result<Bytes, Misuse> {
        self.may_send(Role::Server, Trigger::Interim, "an interim response")?;
        let says = match (self.exchanges.front(), response.status) {
            (Some(front), _) if front.version == Version::Http10 => {
                "HTTP/1.0 knows no interim responses."
            }
            (_, 101) => "This server changes no protocol.",
            (_, 100..=199) if !has_framing(&response.fields) => "",
            (_, 100..=199) => "An interim response has no content.",
            _ => "An interim response has a status from 100 to 199.",
        };
        if !says.is_empty() {
            return Err(misuse(&rules::INTERIM, says));
        }
        let bytes = write_response(&response)?;
        self.stop_waiting();
        self.go(Role::Server, Trigger::Interim);
        Ok(bytes.into())
    }

    fn send_response(&mut self, mut response: Response) -> Result<Bytes, Misuse> {
        self.may_send(Role::Server, Trigger::Response, "a final response")?;
        let exchange = self.exchanges.front().cloned();
        let asked = exchange.as_ref().map(|x| x.asked).unwrap_or_default();
        let reader = exchange.as_ref().map_or(Version::Http10, |x| x.version);
        let framing = response_framing(&mut response, asked, reader)?;
        let goes_on = !self.ending
            && framing != Framing::UntilClose
            && persists(response.version, &response.fields)
            && exchange.is_some_and(|x| x.persists)
            && !self.waits_for_continue();
        if !goes_on && !response.fields.has("Connection", "close") {
            response.fields.push("Connection", "close");
        }
        if goes_on && reader == Version::Http10 && !response.fields.has("Connection", "keep-alive")
        {
            response.fields.push("Connection", "keep-alive");
        }
        let bytes = write_response(&response)?;
        self.ending |= !goes_on;
        self.stop_waiting();
        self.writing = writing(framing, asked);
        self.go(Role::Server, Trigger::Response);
        Ok(bytes.into())
    }

    fn send_data(&mut self, content: Bytes) -> Result<Bytes, Misuse> {
        self.may_send(self.role, Trigger::Data, "content")?;
        let switched = self.our_state() == State::Switched;
        let bytes = match &mut self.writing {
            _ if switched => content,
            Writing::None if content.is_empty() => content,
            Writing::None => return Err(misuse(&rules::NO_BODY, "This message has no content.")),
            Writing::Length(left) => match left.checked_sub(content.len() as u64) {
                Some(rest) => {
                    *left = rest;
                    content
                }
                None => {
                    let says = format!("{} bytes are more than the {left} left.", content.len());
                    return Err(misuse(&rules::LENGTH_KEPT, says));
                }
            },
            Writing::Chunked => write_chunk(&content).into(),
            Writing::UntilClose => content,
            Writing::Unsent => Bytes::new(),
        };
        if self.role == Role::Client
            && let Some(last) = self.exchanges.back_mut()
        {
            last.waits = false;
        }
        self.go(self.role, Trigger::Data);
        Ok(bytes)
    }

    fn send_end(&mut self, trailers: &Fields) -> Result<Bytes, Misuse> {
        self.may_send(self.role, Trigger::End, "the end of a message")?;
        let bytes = match self.writing {
            Writing::Chunked => write_last_chunk(trailers)?.into(),
            Writing::Length(left) if left > 0 => {
                let says = format!("{left} bytes of content are still to come.");
                return Err(misuse(&rules::LENGTH_KEPT, says));
            }
            Writing::None | Writing::Length(_) | Writing::UntilClose if !trailers.is_empty() => {
                let says = "Only a message in chunks can have trailer fields.";
                return Err(misuse(&rules::TRAILERS, says));
            }
            Writing::None | Writing::Length(_) | Writing::UntilClose | Writing::Unsent => {
                Bytes::new()
            }
        };
        self.writing = Writing::None;
        self.go(self.role, Trigger::End);
        self.settle();
        Ok(bytes)
    }

    fn send_closed(&mut self) -> Result<Bytes, Misuse> {
        self.may_send(self.role, Trigger::Close, "the end of the connection")?;
        self.go(self.role, Trigger::Close);
        self.settle();
        Ok(Bytes::new())
    }

    /// Whether this is our side to speak for, and its chart has such a move now.
    fn may_send(&self, side: Role, on: Trigger, what: &str) -> Result<(), Misuse> {
        if side != self.role {
            let says = format!("A {:?} does not send {what}.", self.role).to_lowercase();
            return Err(misuse(&rules::MESSAGE, says));
        }
        let (track, state) = (self.track(side), self.our_state());
        if track.edge(on).is_some() {
            return Ok(());
        }
        let rule = track.chart().leaving(track.at()).next().map_or(&rules::CLOSE, |edge| edge.rule);
        Err(misuse(rule, format!("In the state {state:?}, {what} cannot be sent.")))
    }

    /// The head with the length of its content, where it can have one.
    fn measured(&self, head: Event, len: usize) -> Result<Event, Misuse> {
        let asked = self.exchanges.front().map(|front| front.asked).unwrap_or_default();
        Ok(match head {
            Event::Request(mut request) => {
                let bare = len == 0 && !matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
                if !bare && request.fields.first("Transfer-Encoding").is_none() {
                    request.fields.set("Content-Length", len.to_string());
                }
                Event::Request(request)
            }
            Event::Response(mut response) => {
                let none = bodiless(response.status, Asked { head: false, ..asked }).is_some();
                if none && len > 0 {
                    let says = format!("A response {} has no content.", response.status);
                    return Err(misuse(&rules::NO_BODY, says));
                }
                let described = asked.head && len == 0;
                let coded = response.fields.first("Transfer-Encoding").is_some();
                if !none && !described && !coded {
                    response.fields.set("Content-Length", len.to_string());
                }
                Event::Response(response)
            }
            Event::Interim(_) | Event::Data(_) | Event::End { .. } | Event::Closed => {
                let says = format!("{} is no whole message.", head.name());
                return Err(misuse(&rules::MESSAGE, says));
            }
        })
    }
}

/// How a final response is framed; adds the field that says so where it is missing.
fn response_framing(
    response: &mut Response,
    asked: Asked,
    reader: Version,
) -> Result<Framing, Misuse> {
    let status = response.status;
    match bodiless(status, asked) {
        _ if status < 200 => {
            Err(misuse(&rules::INTERIM, "A final response has a status of 200 or more."))
        }
        Some(Framing::Switched) => Err(misuse(&rules::CONNECT, "This server opens no tunnels.")),
        Some(_) if status == 204 && has_framing(&response.fields) => {
            Err(misuse(&rules::NO_BODY, "A response 204 has neither content nor a length."))
        }
        Some(framing) => Ok(framing),
        None => {
            let line = StatusLine { version: response.version, status, reason: String::new() };
            let head = Head::to_send(StartLine::Status(line), response.fields.clone());
            let framing = of_response(&head, asked, &OWN).map_err(ours)?;
            match framing {
                Framing::Chunked if reader == Version::Http10 => {
                    Err(misuse(&rules::CODING_IN_1_0, "An HTTP/1.0 client reads no chunks."))
                }
                Framing::UntilClose
                    if reader == Version::Http11 && response.version == Version::Http11 =>
                {
                    response.fields.push("Transfer-Encoding", "chunked");
                    Ok(Framing::Chunked)
                }
                framing => Ok(framing),
            }
        }
    }
}

fn has_framing(fields: &Fields) -> bool {
    ["Content-Length", "Transfer-Encoding"].iter().any(|name| fields.first(name).is_some())
}

fn writing(framing: Framing, asked: Asked) -> Writing {
    match framing {
        Framing::None if asked.head => Writing::Unsent,
        Framing::None | Framing::Switched => Writing::None,
        Framing::Length(length) => Writing::Length(length),
        Framing::Chunked => Writing::Chunked,
        Framing::UntilClose => Writing::UntilClose,
    }
}

/// What the peer would call a violation is a misuse when we would send it.
fn ours(violation: Violation) -> Misuse {
    Misuse { rule: violation.rule, says: violation.found }
}

fn misuse(rule: &'static Rule, says: impl Into<String>) -> Misuse {
    Misuse { rule, says: says.into() }
}

/// We set no limits to ourselves; the peer will.
const OWN: Limits = Limits {
    start_line_max: usize::MAX,
    head_max: usize::MAX,
    fields_max: usize::MAX,
    body_max: u64::MAX,
    chunk_line_max: usize::MAX,
    chunk_extensions_max: usize::MAX,
    empty_lines_max: 0,
    interim_max: usize::MAX,
    waiting_max: 0,
};
