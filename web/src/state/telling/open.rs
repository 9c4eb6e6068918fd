//! A flight opened up: the message that it carries, field by field.

use std::cell::RefCell;

use protocols::wire::{Message, Note, Span, Time, Violation};
use world::{Fate, FlightId, Load, Story, Trace};
use yew::AttrValue;

use super::lines::host_name;
use super::since;
use crate::draw::units;
use crate::state::reading::Reading;

/// Opens the flight of this number, as it is at this time.
pub fn reading(
    story: &RefCell<Story>,
    trace: Trace<'_>,
    flight: u64,
    now: Time,
) -> Option<Reading> {
    let story = story.borrow();
    let arrow = story.arrow(FlightId(flight))?;
    let label = story.label(arrow);
    let talk = arrow.place.and_then(|place| story.conversations().get(place.conversation));
    let message = talk.zip(arrow.place).and_then(|(talk, place)| {
        let inside = talk.messages_in(place.chunk);
        inside.first().and_then(|index| talk.messages().get(*index).cloned())
    });
    let chunk = talk.zip(arrow.place).and_then(|(talk, place)| talk.chunks().get(place.chunk));
    let payload = chunk.map_or(arrow.flight.load.payload(), |chunk| &chunk.bytes).to_vec();
    let bytes = match (talk, &message) {
        (Some(talk), Some(message)) => message.span.of(&talk.bytes(message.side)).to_vec(),
        _ => payload.clone(),
    };
    let lost = match arrow.flight.fate {
        Fate::Arrives => None,
        Fate::Lost { why, .. } => Some(AttrValue::from(why.to_string())),
    };
    Some(Reading {
        arrow: flight,
        protocol: talk.map_or("TCP", |talk| talk.protocol.title).into(),
        title: label.title.into(),
        detail: label.detail.into(),
        from: host_name(trace, arrow.flight.from.0 as usize),
        to: host_name(trace, arrow.flight.to.0 as usize),
        leaves: since(trace, arrow.flight.depart),
        arrives: since(trace, arrow.arrive),
        in_flight: lost.is_none() && arrow.arrive > now,
        lost,
        bytes,
        notes: message.as_ref().map(|message| paired(&message.notes)).unwrap_or_default(),
        complete: message.as_ref().is_none_or(|message| message.complete),
        fault: message.as_ref().and_then(fault),
        facts: facts(arrow, payload.len()),
        payload,
    })
}

/// The notes with each header field's name and value as one, as people read them.
fn paired(notes: &[Note]) -> Vec<Note> {
    let mut pairs: Vec<Note> = Vec::with_capacity(notes.len());
    for note in notes {
        let open = pairs.last_mut().filter(|last| last.name == "field-name");
        match open {
            Some(pair) if note.name == "field-value" && note.depth == pair.depth => {
                pair.span = Span::new(pair.span.start, note.span.end);
                pair.name = pair.value.to_lowercase().into();
                pair.value.clone_from(&note.value);
                pair.rule = note.rule.or(pair.rule);
            }
            // The colon and the white space between the two.
            Some(_) if note.value.is_empty() => {}
            Some(_) | None => pairs.push(note.clone()),
        }
    }
    pairs
}

/// What is wrong with a message, counted from its own first byte.
fn fault(message: &Message) -> Option<Violation> {
    let fault = message.fault.clone()?;
    let start = fault.span.start.saturating_sub(message.span.start);
    let end = fault.span.end.saturating_sub(message.span.start);
    Some(Violation { span: Span::new(start, end), ..fault })
}

fn facts(arrow: &world::Arrow, payload: usize) -> Vec<(AttrValue, AttrValue)> {
    let flight = &arrow.flight;
    let mut facts: Vec<(AttrValue, AttrValue)> = Vec::new();
    if payload > 0 {
        facts.push(("payload".into(), units::bytes(payload).into()));
    }
    if let Some(stream) = flight.load.stream() {
        facts.push(("stream".into(), (stream.0 + 1).to_string().into()));
    }
    if let Load::Syn { port, .. } = flight.load {
        facts.push(("port".into(), port.to_string().into()));
    }
    if flight.attempt > 0 {
        facts.push(("attempt".into(), (flight.attempt + 1).to_string().into()));
    }
    facts
}

/// The command with which curl would send the same request, where the bytes are one.
pub fn curl(reading: &Reading) -> Option<AttrValue> {
    let text = std::str::from_utf8(&reading.bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target, version) = (first.next()?, first.next()?, first.next()?);
    if !version.starts_with("HTTP/1.") {
        return None;
    }
    let fields: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
    let host = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let url = match target.starts_with('/') {
        true => format!("http://{}{target}", host.map_or("", |(_, value)| value.trim())),
        false => target.to_string(),
    };
    let mut command = match method {
        "GET" => "curl -v".to_string(),
        "HEAD" => "curl -v --head".to_string(),
        other => format!("curl -v -X {}", quoted(other)),
    };
    for (name, value) in fields {
        let own = ["host", "content-length", "connection"];
        if !own.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            command += &format!(" -H {}", quoted(&format!("{name}: {}", value.trim())));
        }
    }
    if !body.is_empty() {
        command += &format!(" --data-binary {}", quoted(body));
    }
    Some(format!("{command} {}", quoted(&url)).into())
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
