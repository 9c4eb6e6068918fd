//! A flight opened up: the message that it carries, field by field.

use protocols::wire::{Message, Span, Time, Violation};
use world::{Entry, FlightId, Load, Trace};
use yew::AttrValue;

use super::flights::{Flown, Passage};
use super::lines::host_name;
use super::since;
use super::sketch::words;
use super::talk::Talks;
use crate::draw::units;
use crate::state::reading::Reading;

/// Opens the flight of this number, as it is when the last of these entries has happened.
pub fn reading(trace: &Trace, flight: u64, now: Time) -> Option<Reading> {
    let flown = Flown::of(trace);
    let talks = Talks::of(trace, &flown);
    let passage = flown.passage(FlightId(flight))?;
    let carried = talks.carried(&passage.flight);
    let message = carried.begins.first().copied().or(carried.goes_on);
    let (title, detail, _) = words(passage, &talks);
    let bytes = match (&passage.flight.load, message) {
        (Load::Data { stream, .. }, Some(message)) => {
            talks.stream(*stream).map(|talk| talk.bytes(message)).unwrap_or_default()
        }
        _ => passage.payload().to_vec(),
    };
    let lost = passage.lost.map(|why| AttrValue::from(why.to_string()));
    Some(Reading {
        arrow: flight,
        protocol: talks.protocol(&passage.flight).into(),
        title,
        detail,
        from: host_name(trace, passage.flight.from.0 as usize),
        to: host_name(trace, passage.flight.to.0 as usize),
        leaves: since(trace, passage.flight.depart),
        arrives: since(trace, passage.flight.arrive),
        in_flight: lost.is_none() && passage.flight.arrive > now,
        lost,
        bytes,
        notes: message.map(|message| message.notes.clone()).unwrap_or_default(),
        complete: message.is_none_or(|message| message.complete),
        fault: message.and_then(fault),
        payload: passage.payload().to_vec(),
        facts: facts(passage),
    })
}

/// What is wrong with a message, counted from its own first byte.
fn fault(message: &Message) -> Option<Violation> {
    let fault = message.fault.clone()?;
    let start = fault.span.start.saturating_sub(message.span.start);
    let end = fault.span.end.saturating_sub(message.span.start);
    Some(Violation { span: Span::new(start, end), ..fault })
}

fn facts(passage: &Passage) -> Vec<(AttrValue, AttrValue)> {
    let flight = &passage.flight;
    let mut facts: Vec<(AttrValue, AttrValue)> = Vec::new();
    if !passage.payload().is_empty() {
        facts.push(("payload".into(), units::bytes(passage.payload().len()).into()));
    }
    if let Some(stream) = flight.load.stream() {
        facts.push(("stream".into(), format!("{}", stream.0 + 1).into()));
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
