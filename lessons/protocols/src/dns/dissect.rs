//! A conversation's bytes read back into messages: datagrams one by one, streams frame by frame.

use core::fmt::Write as _;

use super::codec::{self, Frames, LENGTH_LEN};
use super::{Message, Name, Record, RecordType, ResponseCode, rules};
use crate::wire::{
    self, At, Chunk, Datagram, Datagrams, Note, Notes, Reading, Rule, Side, Span, Speaks, Turn,
    Violation,
};

/// Reads datagrams: each chunk is one message, whole.
pub fn dissect(chunks: &[Chunk]) -> Vec<wire::Message> {
    wire::dissect::<Datagrams<Alone>>(chunks)
}

/// Reads a stream: each message stands behind its length (RFC 7766 section 8), in chunks that
/// are cut anywhere.
pub fn dissect_stream(chunks: &[Chunk]) -> Vec<wire::Message> {
    wire::dissect::<Streams>(chunks)
}

/// A message in a datagram, which stands for itself.
#[derive(Clone, Default)]
pub(super) struct Alone;

impl Datagram for Alone {
    fn read(&mut self, chunk: &Chunk, at: At) -> wire::Message {
        let place = Place { side: chunk.side, chunk: at.chunk, start: at.start };
        place.message(&chunk.bytes, Vec::new(), &chunk.bytes)
    }
}

/// Both directions of a stream as far as they have been read, initiator first.
#[derive(Clone)]
pub(super) struct Streams([OneSide; 2]);

/// One direction of a stream.
#[derive(Clone)]
struct OneSide {
    side: Side,
    frames: Frames,
    /// Where the next message begins in what this side sent, and in which chunk.
    at: usize,
    begins: usize,
    messages: Vec<wire::Message>,
}

impl Reading for Streams {
    fn begin(_: Speaks) -> Streams {
        let sides = [Side::Initiator, Side::Responder];
        Streams(sides.map(|side| OneSide {
            side,
            frames: Frames::default(),
            at: 0,
            begins: 0,
            messages: Vec::new(),
        }))
    }

    fn take(&mut self, index: usize, chunk: &Chunk) {
        let own = self.0.iter_mut().filter(|one| one.side == chunk.side);
        own.for_each(|one| one.take(index, chunk));
    }

    fn settled(&mut self) -> Vec<wire::Message> {
        self.0.iter_mut().flat_map(|one| core::mem::take(&mut one.messages)).collect()
    }

    fn finish(self) -> Vec<wire::Message> {
        self.0.into_iter().flat_map(OneSide::finish).collect()
    }
}

impl OneSide {
    fn take(&mut self, index: usize, chunk: &Chunk) {
        if self.frames.waiting() == 0 {
            self.begins = index;
        }
        self.frames.receive(&chunk.bytes);
        while let Some(frame) = self.frames.next_frame() {
            let place = Place { side: self.side, chunk: self.begins, start: self.at };
            let whole = [&(frame.len() as u16).to_be_bytes()[..], &frame[..]].concat();
            let length = note(0, LENGTH_LEN, "length", &rules::TCP_LENGTH, frame.len().to_string());
            self.messages.push(place.message(&frame, vec![length], &whole));
            self.at += whole.len();
            self.begins = index;
        }
    }

    fn finish(mut self) -> Vec<wire::Message> {
        let left = self.frames.waiting();
        if left > 0 {
            let notes = vec![note(0, left, "incomplete", &rules::INCOMPLETE, String::new())];
            self.messages.push(wire::Message {
                side: self.side,
                turn: self.side.turn(),
                chunk: self.begins,
                span: Span::new(self.at, self.at + left),
                title: "beginning of a message".into(),
                detail: format!("{left} B so far"),
                notes,
                complete: false,
                fault: None,
            });
        }
        self.messages
    }
}

/// Where a message stands in its conversation.
struct Place {
    side: Side,
    chunk: usize,
    start: usize,
}

impl Place {
    /// Reads a message that stands behind what is noted already, and is `whole` with that.
    fn message(self, bytes: &[u8], mut before: Vec<Note>, whole: &[u8]) -> wire::Message {
        let shift = whole.len() - bytes.len();
        let mut notes = Notes::on();
        let read = codec::read(bytes, &mut notes);
        let moved = notes.take().into_iter();
        before.extend(moved.map(|note| Note { span: note.span.shifted(shift), ..note }));
        let Place { side, chunk, start } = self;
        let span = Span::new(start, start + whole.len());
        let (title, detail, fault) = match read {
            Ok(message) => (title(&message), detail(&message), None),
            Err(violation) => {
                fill(&mut before, whole.len());
                let detail = format!("against {}", violation.rule.source);
                let span = violation.span.shifted(start + shift);
                (unread_title(bytes), detail, Some(Violation { span, ..violation }))
            }
        };
        let turn = turn(bytes).unwrap_or(side.turn());
        let (notes, complete) = (before, fault.is_none());
        wire::Message { side, turn, chunk, span, title, detail, notes, complete, fault }
    }
}

fn note(start: usize, end: usize, name: &'static str, rule: &'static Rule, value: String) -> Note {
    Note { span: Span::new(start, end), name: name.into(), value, depth: 0, rule: Some(rule) }
}

/// Notes the bytes that the reader did not reach.
fn fill(notes: &mut Vec<Note>, len: usize) {
    let read = notes.iter().filter(|note| note.depth == 0).map(|note| note.span.end).max();
    let read = read.unwrap_or(0);
    if read < len {
        notes.push(note(read, len, "not read", &rules::BROKEN, String::new()));
    }
}

/// What the bit QR says (RFC 1035 section 4.1.1); none where there is no header.
fn turn(bytes: &[u8]) -> Option<Turn> {
    let header = codec::read_header(bytes)?;
    Some(if header.response { Turn::Answers } else { Turn::Asks })
}

fn unread_title(bytes: &[u8]) -> String {
    match codec::read_header(bytes) {
        Some(header) if header.response => "a response that cannot be read".into(),
        Some(_) => "a query that cannot be read".into(),
        None => "not DNS".into(),
    }
}

/// What a message is, in a few words: `A? www.example.com`, `www.example.com A 192.0.2.7`,
/// `referral to a.nic.example`, `NXDOMAIN www.example.com`.
fn title(message: &Message) -> String {
    let title = match message.header.response {
        false => query_title(message),
        true => response_title(message),
    };
    title.chars().take(TITLE_MAX).collect()
}

fn query_title(message: &Message) -> String {
    let opcode = message.header.opcode;
    match (opcode, message.questions.first()) {
        (super::Opcode::Query, Some(question)) => format!("{}? {}", question.kind, question.name),
        (super::Opcode::Query, None) => "a query without a question".into(),
        (_, Some(question)) => format!("{opcode} {}", question.name),
        (_, None) => opcode.to_string(),
    }
}

fn response_title(message: &Message) -> String {
    let asked = message.questions.first();
    let name = asked.map_or_else(String::new, |question| format!(" {}", question.name));
    match message.header.code {
        ResponseCode::NoError => {}
        code => return format!("{code}{name}"),
    }
    let kind = asked.map_or(RecordType::Any, |question| question.kind);
    if message.header.truncated {
        return format!("truncated{name}");
    }
    let wanted = message.answers.iter().rfind(|record| record.kind() == kind);
    match (wanted.or(message.answers.last()), referral(message)) {
        (Some(record), _) => answer_title(record, message.answers.len()),
        (None, Some(server)) => format!("referral to {server}"),
        (None, None) => format!("no {kind} for{name}"),
    }
}

/// `www.example.com A 192.0.2.7`, with how many more records there are.
fn answer_title(record: &Record, count: usize) -> String {
    let mut title = format!("{} {} {}", record.name, record.kind(), record.data);
    if count > 1 {
        // Writing to a string cannot fail.
        let _ = write!(title, " and {} more", count - 1);
    }
    title
}

/// The first server of a referral: name servers without an answer and without authority.
fn referral(message: &Message) -> Option<String> {
    let servers = message.authorities.iter().filter(|_| !message.header.authoritative);
    servers.into_iter().find_map(|record| record.name_server().map(Name::to_string))
}

/// What else matters: `id 4711, recursion desired`, `id 4711, authoritative, TTL 60 s`.
fn detail(message: &Message) -> String {
    let header = &message.header;
    let mut parts = vec![format!("id {}", header.id)];
    let flags = [
        (header.authoritative, "authoritative"),
        (header.recursion_desired && !header.response, "recursion desired"),
    ];
    parts.extend(flags.iter().filter(|(set, _)| *set).map(|(_, says)| (*says).to_string()));
    if let Some(ttl) = message.answers.iter().map(|record| record.ttl).min() {
        parts.push(format!("TTL {ttl} s"));
    }
    parts.join(", ")
}

/// As much of a name or text as a title can hold.
const TITLE_MAX: usize = 120;
