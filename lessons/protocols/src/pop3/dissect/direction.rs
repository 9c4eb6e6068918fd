//! One direction of a conversation: where its chunks are, and its messages.

use crate::pop3::{Command, rules};
use crate::wire::{Message, Note, Rule, Side, Span, Starts, Violation};

/// What one side says, and its messages so far.
#[derive(Clone)]
pub(super) struct Direction {
    side: Side,
    chunks: Starts,
    /// How long the stream is so far.
    len: usize,
    /// Where the last message ends.
    read: usize,
    fault: Option<(usize, Violation)>,
    messages: Vec<Message>,
}

/// What a message is.
pub(super) enum What {
    Command,
    Fault(Violation),
    Greeting,
    Reply(Option<Command>),
    /// A part of a dialogue that we do not offer ourselves, in a few words.
    Elsewhere(&'static str),
}

impl Direction {
    pub(super) fn new(side: Side) -> Direction {
        let (chunks, messages) = (Starts::default(), Vec::new());
        Direction { side, chunks, len: 0, read: 0, fault: None, messages }
    }

    /// Takes one chunk.
    pub(super) fn take(&mut self, chunk: usize, len: usize) {
        self.chunks.push(self.len, chunk);
        self.len += len;
    }

    /// Whether nothing more of this side is read.
    pub(super) fn is_broken(&self) -> bool {
        self.fault.is_some()
    }

    /// From this byte on nothing is read.
    pub(super) fn broken(&mut self, start: usize, violation: Violation) {
        self.fault.get_or_insert((start, violation));
    }

    /// A message that has been read.
    pub(super) fn push(&mut self, start: usize, end: usize, notes: Vec<Note>, what: What) {
        let span = Span::new(start, end);
        let detail = what.detail(span.len());
        let notes = filled(notes, span.len(), "not read", &rules::BROKEN);
        let title = title(&notes);
        let fault = match what {
            What::Fault(violation) => Some(violation),
            What::Command | What::Greeting | What::Reply(_) | What::Elsewhere(_) => None,
        };
        self.add(span, title, detail, notes, true);
        if let Some(message) = self.messages.last_mut() {
            message.fault = fault;
        }
    }

    /// All that has not been read is encrypted: a message of its own.
    pub(super) fn push_opaque(&mut self) {
        let span = Span::new(self.read, self.len);
        if span.is_empty() {
            return;
        }
        let notes = filled(Vec::new(), span.len(), "encrypted", &rules::elsewhere::STLS);
        self.add(span, "TLS".into(), format!("{} B", span.len()), notes, true);
    }

    /// Hands over the messages that are complete, and forgets where their chunks began.
    pub(super) fn settled(&mut self) -> Vec<Message> {
        if let Some(last) = self.messages.last() {
            self.chunks.forget_before(last.span.end);
        }
        core::mem::take(&mut self.messages)
    }

    /// Makes a message of what is left, and hands over all that have not been.
    pub(super) fn finish(
        mut self,
        read: usize,
        notes: Vec<Note>,
        after_quit: bool,
    ) -> Vec<Message> {
        let fault = self.fault.take();
        let start = fault.as_ref().map_or(read.max(self.read), |(start, _)| *start);
        let span = Span::new(start, self.len);
        if span.is_empty() {
            return self.messages;
        }
        let detail = match &fault {
            Some((_, violation)) => format!("against {}", violation.rule.source),
            None => format!("{} B so far", span.len()),
        };
        let (name, rule): (&'static str, &'static Rule) = match (&fault, after_quit) {
            (Some(_), _) => ("not read", &rules::BROKEN),
            (None, true) => ("bytes after QUIT", &rules::CLOSE),
            (None, false) => ("incomplete", &rules::INCOMPLETE),
        };
        let notes = filled(notes, span.len(), name, rule);
        let title = match (title(&notes), self.side) {
            (known, _) if !known.is_empty() => known,
            _ if after_quit => "bytes after QUIT".into(),
            (_, _) if fault.is_some() => "not POP3".into(),
            (_, Side::Initiator) => "beginning of a command".into(),
            (_, Side::Responder) => "beginning of a reply".into(),
        };
        self.add(span, title, detail, notes, after_quit);
        if let Some(message) = self.messages.last_mut() {
            message.fault = fault.map(|(_, violation)| violation);
        }
        self.messages
    }

    fn add(&mut self, span: Span, title: String, detail: String, notes: Vec<Note>, complete: bool) {
        self.read = span.end;
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

/// The notes with one more for the bytes that they do not reach.
fn filled(mut notes: Vec<Note>, len: usize, name: &'static str, rule: &'static Rule) -> Vec<Note> {
    let read = notes.iter().map(|note| note.span.end).max().unwrap_or(0);
    if read < len {
        let (span, value) = (Span::new(read, len), String::new());
        notes.push(Note { span, name: name.into(), value, depth: 0, rule: Some(rule) });
    }
    notes
}

/// `RETR 1` or `+OK 320 octets`, from the notes of the first line.
fn title(notes: &[Note]) -> String {
    let first = notes.iter().take_while(|note| note.name != "CRLF");
    let words = first.filter(|note| {
        note.depth == 0
            && !matches!(note.name.as_ref(), "SP" | "incomplete" | "not read" | "bytes after QUIT")
    });
    let words: Vec<&str> = words.map(|note| note.value.as_str()).collect();
    words.join(" ").trim().chars().take(TITLE_MAX).collect()
}

/// As much of a line as a title can hold.
const TITLE_MAX: usize = 120;
