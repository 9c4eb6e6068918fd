//! What comes from the peer: bytes in, events out.

use bytes::{Buf, Bytes};

use super::{Connection, Event, Exchange, State, Trigger};
use crate::http::codec::{
    ChunkedReader, Framing, Head, HeadReader, Piece, Role, check_host, of_request, of_response,
    persists,
};
use crate::http::{Response, rules};
use crate::wire::{Span, Violation};

/// What the next bytes of the peer are part of.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Reading {
    /// Of a message that has not begun.
    Between,
    /// Of a head.
    Head(Box<HeadReader>),
    /// Of a body that ends after so many bytes.
    Length(u64),
    /// Of a body in chunks.
    Chunked(Box<ChunkedReader>),
    /// Of a body that ends with the connection, and has so many bytes already.
    UntilClose(u64),
}

impl Connection {
    /// Takes bytes that the peer sent. Call [`Connection::next_event`] until there is none.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.moves.clear();
        if self.finished || self.overrun || self.broken.is_some() {
            return;
        }
        self.buffer.extend_from_slice(bytes);
        if self.their_state() == State::Done {
            self.bound_waiting();
        }
    }

    /// The peer will send no more: its FIN has come.
    pub fn receive_end(&mut self) {
        self.moves.clear();
        self.finished = true;
    }

    /// The next piece of what the peer said; none when more bytes are needed, or when a server
    /// must answer before it reads on.
    ///
    /// # Errors
    /// The peer broke a rule. Nothing more is read from then on: the same violation is returned
    /// for ever. A server may still send one answer with the violation's code; a client closes.
    pub fn next_event(&mut self) -> Result<Option<Event>, Violation> {
        self.moves.clear();
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        self.read().map_err(|violation| self.break_off(violation))
    }

    fn read(&mut self) -> Result<Option<Event>, Violation> {
        match self.their_state() {
            State::Idle => match self.role {
                Role::Server if self.our_state() == State::Idle => self.read_head(),
                Role::Server => Ok(None),
                Role::Client => self.read_unasked(),
            },
            State::SendResponse => self.read_head(),
            State::SendBody => self.read_body(),
            State::Done => {
                self.bound_waiting();
                self.close_if_finished()
            }
            State::MustClose => self.read_after_close(),
            State::Switched => match self.buffer.is_empty() {
                true => self.close_if_finished(),
                false => Ok(Some(self.content(self.buffer.len(), "tunnel"))),
            },
            State::Closed | State::Error => Ok(None),
        }
    }

    /// Reads on in a head.
    fn read_head(&mut self) -> Result<Option<Event>, Violation> {
        if self.reading == Reading::Between {
            self.message_at = self.buffer_at;
            self.reading = Reading::Head(Box::new(HeadReader::new(self.role)));
        }
        let Reading::Head(reader) = &mut self.reading else { return Ok(None) };
        let Some(head) = reader.read(&self.buffer, &self.limits, &mut self.notes)? else {
            let begun = reader.has_begun(&self.buffer);
            return self.starved(begun);
        };
        match self.role {
            Role::Server => self.request(head).map(Some),
            Role::Client => self.response(head).map(Some),
        }
    }

    fn request(&mut self, head: Head) -> Result<Event, Violation> {
        check_host(&head)?;
        let framing = of_request(&head, &self.limits)?;
        self.take(head.len);
        let Some(request) = head.into_request() else { return Ok(Event::Closed) };
        self.exchanges.push_back(Exchange::new(&request, framing));
        self.go(Role::Client, Trigger::Request);
        self.go(Role::Server, Trigger::Request);
        self.begin_body(framing);
        Ok(Event::Request(request))
    }

    fn response(&mut self, head: Head) -> Result<Event, Violation> {
        let asked = self.exchanges.front().map(|front| front.asked).unwrap_or_default();
        let framing = of_response(&head, asked, &self.limits)?;
        let (len, start) = (head.len, head.start_line_at);
        let Some(response) = head.into_response() else { return Ok(Event::Closed) };
        if framing == Framing::Switched {
            return self.switch(response, len, start);
        }
        if response.status == 101 {
            return Err(unasked_switch(start));
        }
        self.take(len);
        self.stop_waiting();
        if response.status < 200 {
            self.interims += 1;
            if self.interims > self.limits.interim_max {
                return Err(self.endless_interims(len));
            }
            self.reading = Reading::Between;
            self.go(Role::Server, Trigger::Interim);
            return Ok(Event::Interim(response));
        }
        self.interims = 0;
        let persists = persists(response.version, &response.fields);
        self.ending |= !persists || framing == Framing::UntilClose;
        self.go(Role::Server, Trigger::Response);
        self.begin_body(framing);
        Ok(Event::Response(response))
    }

    /// The server agrees to leave HTTP; it may only when the request is complete.
    fn switch(&mut self, response: Response, len: usize, start: Span) -> Result<Event, Violation> {
        if self.client.state() != State::Done {
            return Err(unasked_switch(start));
        }
        self.take(len);
        self.reading = Reading::Between;
        self.exchanges.clear();
        self.ending = true;
        self.go(Role::Client, Trigger::Switch);
        self.go(Role::Server, Trigger::Switch);
        Ok(Event::Response(response))
    }

    fn begin_body(&mut self, framing: Framing) {
        self.reading = match framing {
            Framing::None => Reading::Length(0),
            Framing::Length(length) => Reading::Length(length),
            Framing::Chunked => Reading::Chunked(Box::new(ChunkedReader::new(self.role))),
            Framing::UntilClose => Reading::UntilClose(0),
            Framing::Switched => Reading::Between,
        };
    }

    fn read_body(&mut self) -> Result<Option<Event>, Violation> {
        match &mut self.reading {
            Reading::Length(0) => Ok(Some(self.end(0, Event::end()))),
            Reading::Length(_) | Reading::UntilClose(_) if self.buffer.is_empty() => {
                self.starved(true)
            }
            Reading::Length(left) => {
                let here = usize::try_from(*left).unwrap_or(usize::MAX).min(self.buffer.len());
                *left -= here as u64;
                Ok(Some(self.content(here, "body")))
            }
            Reading::UntilClose(total) => {
                *total += self.buffer.len() as u64;
                if *total > self.limits.body_max {
                    return Err(self.too_much());
                }
                Ok(Some(self.content(self.buffer.len(), "body")))
            }
            Reading::Chunked(_) => self.read_chunks(),
            Reading::Between | Reading::Head(_) => Ok(None),
        }
    }

    fn read_chunks(&mut self) -> Result<Option<Event>, Violation> {
        loop {
            let at = self.buffer_at - self.message_at;
            let Reading::Chunked(reader) = &mut self.reading else { return Ok(None) };
            match reader.read(&self.buffer, at, &self.limits, &mut self.notes)? {
                Piece::More => return self.starved(true),
                Piece::Framing(len) => self.take(len),
                Piece::Content(len) => {
                    self.moved_on();
                    return Ok(Some(Event::Data(self.split(len))));
                }
                Piece::End { len, trailers } => {
                    return Ok(Some(self.end(len, Event::End { trailers })));
                }
            }
        }
    }

    /// The message is complete after so many bytes more.
    fn end(&mut self, len: usize, event: Event) -> Event {
        let side = self.peer();
        self.take(len);
        self.reading = Reading::Between;
        self.go(side, Trigger::End);
        self.settle();
        event
    }

    /// So many bytes are content.
    fn content(&mut self, len: usize, name: &'static str) -> Event {
        let at = self.buffer_at - self.message_at;
        let span = Span::new(at, at + len);
        self.notes.content(span, name, Some(&rules::BODY));
        self.moved_on();
        Event::Data(self.split(len))
    }

    /// Content has come: the peer moves, and does not wait for a 100.
    fn moved_on(&mut self) {
        if self.role == Role::Server {
            self.stop_waiting();
        }
        let side = self.peer();
        self.go(side, Trigger::Data);
    }

    /// More bytes are needed. `within` says whether a message has begun.
    fn starved(&mut self, within: bool) -> Result<Option<Event>, Violation> {
        let end = Span::new(self.unread(), self.unread() + self.buffer.len());
        match (&self.reading, within) {
            _ if self.overrun => Err(overrun(end)),
            (Reading::UntilClose(_), _) if self.finished => Ok(Some(self.end(0, Event::end()))),
            (_, true) if self.finished => Err(incomplete(end)),
            _ => self.close_if_finished(),
        }
    }

    /// Tells that the peer has closed, once nothing of it is left to read.
    fn close_if_finished(&mut self) -> Result<Option<Event>, Violation> {
        if !self.finished || !self.holds_only_empty_lines() {
            return Ok(None);
        }
        let side = self.peer();
        self.ending = true;
        self.go(side, Trigger::Close);
        self.settle();
        Ok(Some(Event::Closed))
    }

    /// A client's peer speaks though nothing was asked (RFC 9112 section 9.2); empty lines are
    /// left for the next message to skip, as many as it would.
    fn read_unasked(&mut self) -> Result<Option<Event>, Violation> {
        self.message_at = self.buffer_at;
        let most = self.limits.empty_lines_max * 2;
        let said = self.buffer.iter().take(most).position(|b| !matches!(b, b'\r' | b'\n'));
        match said.or(self.buffer.get(most).map(|_| most)) {
            Some(at) => Err(Violation {
                rule: &rules::UNASKED,
                span: Span::new(at, at + 1),
                found: "The server speaks, and no request waits for an answer.".into(),
                legal: "nothing, until the next request".into(),
                code: 0,
            }),
            None => self.close_if_finished(),
        }
    }

    /// The peer may send no more. A server does not read what comes; a client says so.
    fn read_after_close(&mut self) -> Result<Option<Event>, Violation> {
        match self.role {
            Role::Client if !self.buffer.is_empty() => {
                self.message_at = self.buffer_at;
                Err(Violation {
                    rule: &rules::NOTHING_AFTER_CLOSE,
                    span: Span::new(0, 1),
                    found: "The server goes on after its last response.".into(),
                    legal: "the end of the connection".into(),
                    code: 0,
                })
            }
            Role::Client | Role::Server => {
                self.take(self.buffer.len());
                self.close_if_finished()
            }
        }
    }

    /// Writes down that the peer broke a rule, and stops reading.
    fn break_off(&mut self, violation: Violation) -> Violation {
        let (us, peer) = (self.role, self.peer());
        let code = if us == Role::Server { violation.code } else { 0 };
        let span = violation.span.shifted(self.message_at);
        let violation = Violation { span, code, ..violation };
        self.broken = Some(violation.clone());
        self.ending = true;
        self.go(peer, Trigger::Break);
        self.go(us, Trigger::PeerBroke);
        self.settle();
        violation
    }

    /// While an answer is being made, only so many bytes may wait.
    fn bound_waiting(&mut self) {
        if self.buffer.len() > self.limits.waiting_max {
            self.buffer.truncate(self.limits.waiting_max);
            self.overrun = true;
        }
    }

    /// Of a message that has been taken off the buffer.
    fn endless_interims(&self, len: usize) -> Violation {
        Violation {
            rule: &rules::INTERIM_LIMIT,
            span: Span::new(0, len),
            found: format!("More than {} interim responses come.", self.limits.interim_max),
            legal: "a final response".into(),
            code: 0,
        }
    }

    fn too_much(&self) -> Violation {
        let max = usize::try_from(self.limits.body_max).unwrap_or(usize::MAX);
        let at = (self.unread() + self.buffer.len()).min(max);
        Violation {
            rule: &rules::CONTENT_LIMIT,
            span: Span::new(at, at + 1),
            found: "The content does not end.".into(),
            legal: format!("at most {max} bytes"),
            code: 413,
        }
    }

    /// Where the buffer begins, counted from the start of the message.
    fn unread(&self) -> usize {
        self.buffer_at - self.message_at
    }

    fn take(&mut self, len: usize) {
        let len = len.min(self.buffer.len());
        self.buffer.advance(len);
        self.buffer_at += len;
    }

    fn split(&mut self, len: usize) -> Bytes {
        let len = len.min(self.buffer.len());
        self.buffer_at += len;
        self.buffer.split_to(len).freeze()
    }
}

fn incomplete(span: Span) -> Violation {
    Violation {
        rule: &rules::INCOMPLETE,
        span,
        found: "The connection ends in the middle of a message.".into(),
        legal: "the rest of the message".into(),
        code: 400,
    }
}

fn overrun(span: Span) -> Violation {
    Violation {
        rule: &rules::WAITING_LIMIT,
        span,
        found: "More was sent ahead than can wait for its turn.".into(),
        legal: "to read answers before asking more".into(),
        code: 503,
    }
}

fn unasked_switch(span: Span) -> Violation {
    Violation {
        rule: &rules::UPGRADE,
        span,
        found: "The server changes the protocol, and nobody offered that.".into(),
        legal: "a response to the request".into(),
        code: 0,
    }
}
