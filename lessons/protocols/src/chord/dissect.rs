//! Datagrams read back into messages for whoever looks at them.

use super::message::Short;
use super::{Body, Contact, Message, codec, rules};
use crate::wire::{self, At, Chunk, Datagram, Notes, Span, Turn, Violation};

/// A message in a datagram, which stands for itself.
#[derive(Clone, Default)]
pub(super) struct Alone;

impl Datagram for Alone {
    fn read(&mut self, chunk: &Chunk, at: At) -> wire::Message {
        let start = at.start;
        let len = chunk.bytes.len();
        let mut notes = Notes::on();
        let (turn, title, detail, fault) = match codec::read(&chunk.bytes, &mut notes) {
            Ok(message) => (turn(&message.body), title(&message.body), detail(&message), None),
            Err(violation) => {
                fill(&mut notes, len);
                let span = violation.span.shifted(start);
                let fault = Some(Violation { span, ..violation });
                (chunk.side.turn(), "not readable".into(), format!("{len} B"), fault)
            }
        };
        wire::Message {
            side: chunk.side,
            turn,
            chunk: at.chunk,
            span: Span::new(start, start + len),
            title,
            detail,
            notes: notes.take(),
            complete: fault.is_none(),
            fault,
        }
    }
}

/// Notes the bytes that the reader did not reach.
fn fill(notes: &mut Notes, len: usize) {
    let read = notes.list().iter().filter(|note| note.depth == 0).map(|note| note.span.end).max();
    let read = read.unwrap_or(0);
    if read < len {
        notes.note(0, Span::new(read, len), "not read", Some(&rules::MALFORMED), String::new);
    }
}

fn turn(body: &Body) -> Turn {
    if body.is_answer() { Turn::Answers } else { Turn::Asks }
}

/// What a message is, in a few words: `find_successor(54)`, `ask N42`, `successor is N56`.
fn title(body: &Body) -> String {
    match body {
        Body::Ping => "ping".into(),
        Body::FindSuccessor { key, avoid } => match avoid.last() {
            None => format!("find_successor({})", Short(*key)),
            Some(dead) => format!("find_successor({}), not N{}", Short(*key), Short(*dead)),
        },
        Body::Forward { key, asker, .. } => {
            format!("find_successor({}) for {}", Short(*key), asker.ip())
        }
        Body::GetPredecessor => "get_predecessor".into(),
        Body::Notify => "notify".into(),
        Body::Put { key, .. } => format!("put({})", Short(*key)),
        Body::Get { key } => format!("get({})", Short(*key)),
        Body::Transfer { items } => match items.as_slice() {
            [only] => format!("transfer K{}", Short(only.key)),
            some => format!("transfer {} keys", some.len()),
        },
        Body::Leave { .. } => "leave".into(),
        Body::Pong => "pong".into(),
        Body::Successor { contacts, .. } => match contacts.first() {
            Some(successor) => format!("successor is {successor}"),
            None => "no successor".into(),
        },
        Body::Closer { contact } => format!("ask {contact}"),
        Body::Neighbours { predecessor: Some(predecessor), .. } => {
            format!("predecessor is {predecessor}")
        }
        Body::Neighbours { predecessor: None, .. } => "no predecessor".into(),
        Body::Taken => "taken on".into(),
        Body::Stored { .. } => "stored".into(),
        Body::Value { value, .. } => format!("value, {} B", value.len()),
        Body::Missing => "nothing stored".into(),
        Body::Received => "received".into(),
        Body::Goodbye => "goodbye".into(),
        Body::Failed(fault) => format!("error: {fault}"),
    }
}

/// What else matters: who says it, and who else is named.
fn detail(message: &Message) -> String {
    let sender = format!("from N{}", Short(message.sender));
    match &message.body {
        Body::Successor { contacts, .. } if contacts.len() > 1 => {
            format!("{sender}, then {}", names(contacts.get(1..).unwrap_or(&[])))
        }
        Body::Neighbours { successors, .. } | Body::Leave { successors, .. }
            if !successors.is_empty() =>
        {
            format!("{sender}, successors {}", names(successors))
        }
        Body::Forward { hops, .. } => format!("{sender}, hop {hops}"),
        Body::Stored { version } | Body::Value { version, .. } => {
            format!("{sender}, version {version}")
        }
        Body::Ping
        | Body::FindSuccessor { .. }
        | Body::GetPredecessor
        | Body::Notify
        | Body::Put { .. }
        | Body::Get { .. }
        | Body::Transfer { .. }
        | Body::Leave { .. }
        | Body::Pong
        | Body::Successor { .. }
        | Body::Closer { .. }
        | Body::Neighbours { .. }
        | Body::Taken
        | Body::Missing
        | Body::Received
        | Body::Goodbye
        | Body::Failed(_) => sender,
    }
}

fn names(contacts: &[Contact]) -> String {
    let shown: Vec<String> = contacts.iter().take(SHOWN).map(Contact::to_string).collect();
    let more = if contacts.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// As many nodes as the line below a title can name.
const SHOWN: usize = 4;
