//! One direction of a conversation: its bytes, the machine that reads them, and its messages.

use crate::http::rules;
use crate::wire::{Message, Note, Rule, Side, Span, Starts, Violation};

use super::machine;
use crate::http::codec::Role;
use crate::http::{Connection, Event, Fields};

/// What one side says, and how far it has been read.
#[derive(Clone)]
pub(super) struct Direction {
    side: Side,
    pub(super) machine: Connection,
    chunks: Starts,
    /// How long the stream is so far.
    len: usize,
    open: Option<Draft>,
    rest: Option<(usize, Rest)>,
    messages: Vec<Message>,
}

/// Why nothing more of a side is read as HTTP.
#[derive(Clone)]
pub(super) enum Rest {
    /// It broke a rule.
    Broken(Violation),
    /// It said, or was told, that there would be no more.
    AfterClose,
    /// Both sides agreed to leave HTTP.
    Tunnel,
}

/// A message whose head has been read, and its end not yet.
#[derive(Clone)]
struct Draft {
    about: String,
    content: usize,
    ends_with_connection: bool,
}

impl Direction {
    pub(super) fn new(side: Side, role: Role) -> Direction {
        Direction {
            side,
            machine: machine(role),
            chunks: Starts::default(),
            len: 0,
            open: None,
            rest: None,
            messages: Vec::new(),
        }
    }

    /// Takes one chunk.
    pub(super) fn take(&mut self, chunk: usize, bytes: &[u8]) {
        self.chunks.push(self.len, chunk);
        self.len += bytes.len();
        self.machine.receive(bytes);
    }

    /// The machine's next event, written into a message; none where it needs more bytes, or
    /// where nothing more is HTTP.
    pub(super) fn next(&mut self) -> Option<Event> {
        if self.rest.is_some() {
            return None;
        }
        match self.machine.next_event() {
            Ok(event) => {
                if let Some(event) = &event {
                    self.write_down(event);
                }
                event
            }
            Err(violation) => {
                self.rest = Some((self.machine.message_start(), Rest::Broken(violation)));
                None
            }
        }
    }

    /// From here on nothing is read.
    pub(super) fn rest(&mut self, why: Rest) {
        if self.rest.is_none() {
            self.rest = Some((self.machine.consumed(), why));
        }
    }

    /// Whether there is something that this side said and that could not be read, or not yet:
    /// an answer may be to that.
    pub(super) fn is_unreadable(&self) -> bool {
        self.rest.is_some() || self.machine.waiting() > 0
    }

    fn write_down(&mut self, event: &Event) {
        match event {
            Event::Request(request) => {
                self.open = Some(Draft::new(request.version.to_string(), false));
            }
            Event::Interim(response) => {
                self.open = Some(Draft::new(response.version.to_string(), false));
                self.close();
            }
            Event::Response(response) => {
                let about = media_type(&response.fields).to_string();
                self.open = Some(Draft::new(about, self.machine.reads_until_close()));
                if self.machine.their_state() == crate::http::State::Switched {
                    self.close();
                }
            }
            Event::Data(bytes) => {
                if let Some(open) = &mut self.open {
                    open.content += bytes.len();
                }
            }
            Event::End { .. } => self.close(),
            Event::Closed => {}
        }
    }

    /// The open message is complete, up to where the machine has read.
    fn close(&mut self) {
        if let Some(draft) = self.open.take() {
            let span = Span::new(self.machine.message_start(), self.machine.consumed());
            let notes = self.machine.take_notes();
            let title = title(&notes).unwrap_or_default();
            self.push(span, title, draft.detail(), notes, true);
        }
    }

    /// Hands over the messages that are complete, and forgets where their chunks began.
    pub(super) fn settled(&mut self) -> Vec<Message> {
        if let Some(last) = self.messages.last() {
            self.chunks.forget_before(last.span.end);
        }
        core::mem::take(&mut self.messages)
    }

    /// Makes messages of what is left, and hands over all that have not been.
    pub(super) fn finish(mut self) -> Vec<Message> {
        match self.rest.take() {
            Some((start, Rest::Broken(violation))) => self.broken(start, violation),
            Some((start, Rest::AfterClose)) => {
                self.opaque(start, "bytes after close", &rules::NOTHING_AFTER_CLOSE);
            }
            Some((start, Rest::Tunnel)) => self.opaque(start, "tunnel", &rules::CONNECT),
            None => self.unfinished(),
        }
        self.messages
    }

    /// A message that broke a rule, with everything after it.
    fn broken(&mut self, start: usize, violation: Violation) {
        let span = Span::new(start, self.len);
        let notes = filled(self.machine.take_notes(), span.len(), "not read", &rules::BROKEN);
        let title = title(&notes).unwrap_or_else(|| "an unreadable message".into());
        let detail = format!("against {}", violation.rule.source);
        self.push(span, title, detail, notes, false);
        if let Some(message) = self.messages.last_mut() {
            message.fault = Some(violation);
        }
    }

    /// Bytes that nobody reads as HTTP.
    fn opaque(&mut self, start: usize, what: &str, rule: &'static Rule) {
        let span = Span::new(start, self.len);
        if !span.is_empty() {
            let notes = filled(Vec::new(), span.len(), "bytes", rule);
            self.push(span, what.into(), format!("{} B", span.len()), notes, true);
        }
    }

    /// A message whose end has not come.
    fn unfinished(&mut self) {
        let start = match (&self.open, self.machine.waiting()) {
            (None, 0) => return,
            (Some(_), _) => self.machine.message_start(),
            (None, _) => self.machine.consumed(),
        };
        let span = Span::new(start, self.len);
        let notes = self.machine.take_notes();
        let empty = self.open.is_none() && self.machine.holds_only_empty_lines();
        let (name, rule) = match empty {
            true => ("empty line", &rules::EMPTY_LINES),
            false => ("incomplete", &rules::INCOMPLETE),
        };
        let notes = filled(notes, span.len(), name, rule);
        let complete = empty || self.open.as_ref().is_some_and(|open| open.ends_with_connection);
        let title = title(&notes).unwrap_or_else(|| match (empty, self.side) {
            (true, _) => "empty line".into(),
            (false, Side::Initiator) => "beginning of a request".into(),
            (false, Side::Responder) => "beginning of a response".into(),
        });
        let detail = self
            .open
            .take()
            .map_or_else(|| format!("{} B so far", span.len()), |open| open.detail());
        self.push(span, title, detail, notes, complete);
    }

    fn push(
        &mut self,
        span: Span,
        title: String,
        detail: String,
        notes: Vec<Note>,
        complete: bool,
    ) {
        self.messages.push(Message {
            side: self.side,
            turn: self.side.turn(),
            chunk: self.chunks.chunk(span.start),
            span,
            title,
            detail,
            notes,
            complete,
            fault: None,
        });
    }
}

impl Draft {
    fn new(about: String, ends_with_connection: bool) -> Draft {
        Draft { about, content: 0, ends_with_connection }
    }

    /// `text/html, 2140 B`.
    fn detail(&self) -> String {
        match (self.about.as_str(), self.content) {
            ("", 0) => "no content".into(),
            ("", content) => format!("{content} B"),
            (about, 0) => about.into(),
            (about, content) => format!("{about}, {content} B"),
        }
    }
}

/// The notes with one more for the bytes that they do not reach.
fn filled(mut notes: Vec<Note>, len: usize, name: &'static str, rule: &'static Rule) -> Vec<Note> {
    let read = notes.iter().map(|note| note.span.end).max().unwrap_or(0);
    if read < len {
        let (span, value) = (Span::new(read, len), String::new());
        notes.push(Note { span, name: name.into(), value, depth: 0, rule: Some(rule) });
    }
    notes
}

/// `GET /index.html` or `200 OK`, from the notes of the start line.
fn title(notes: &[Note]) -> Option<String> {
    let value = |name: &str| notes.iter().find(|n| n.name == name).map(|n| n.value.as_str());
    let (first, second) = match value("method") {
        Some(method) => (method, value("request-target")),
        None => (value("status-code")?, value("reason-phrase")),
    };
    let title = format!("{first} {}", second.unwrap_or_default());
    Some(title.trim_end().chars().take(TITLE_MAX).collect())
}

/// The media type of the content without its parameters.
fn media_type(fields: &Fields) -> &str {
    let value = fields.first("Content-Type").unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim_end()
}

/// As much of a target as a title can hold.
const TITLE_MAX: usize = 120;
