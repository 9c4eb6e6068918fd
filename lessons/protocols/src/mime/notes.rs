//! Names for every byte of a mail, for the inspector.

use core::cmp::Reverse;

use bytes::Bytes;

use super::header::{Field, Header};
use super::value::encoded_words;
use super::{Encoding, Entity, Limits, Oddity, Parts, decode_words, read, rules};
use crate::wire::{Note, Notes, Rule, Span};

/// Notes a whole mail, part by part: what is within a part is a level deeper. The notes of depth 0
/// tile the mail, and those of a level deeper tile each body that has parts. What is odd is a note
/// of its own, within the deepest field around it.
pub fn note_mail(octets: &Bytes, notes: &mut Notes) {
    if !notes.wanted() {
        return;
    }
    let mail = read(octets.clone(), Limits::default());
    let mut plain = Notes::on();
    note_entity(octets, &mail.root, 0, &mut plain);
    let decoded = mail.leaves().into_iter().flat_map(|leaf| leaf.decoded(octets).oddities);
    let odd = mail.oddities.iter().cloned().chain(decoded).take(ODDITIES_MAX).collect();
    for Note { span, name, value, depth, rule } in with_oddities(plain.take(), odd) {
        notes.note(depth, span, name, rule, || value);
    }
}

/// Puts what is odd among the notes of fields, which stand in the order of reading, outer ones
/// first.
fn with_oddities(notes: Vec<Note>, mut odd: Vec<Oddity>) -> Vec<Note> {
    odd.retain(|oddity| !oddity.span.is_empty());
    odd.sort_by_key(|oddity| (oddity.span.start, Reverse(oddity.span.end)));
    let mut odd = odd.into_iter().peekable();
    let (mut open, mut all): (Vec<Open>, Vec<Note>) = (Vec::new(), Vec::new());
    for note in notes {
        while let Some(oddity) = odd.next_if(|oddity| begins_before(oddity.span, note.span)) {
            all.push(note_oddity(oddity, &open));
        }
        open.retain(|outer| outer.depth < note.depth);
        open.push(Open { span: note.span, depth: note.depth });
        all.push(note);
    }
    all.extend(odd.map(|oddity| note_oddity(oddity, &open)));
    all
}

/// A field that has begun.
struct Open {
    span: Span,
    depth: u8,
}

fn begins_before(one: Span, other: Span) -> bool {
    one.start < other.start || one.start == other.start && one.end > other.end
}

fn note_oddity(oddity: Oddity, open: &[Open]) -> Note {
    let Oddity { rule, span, found } = oddity;
    let around = |outer: &&Open| outer.span.start <= span.start && span.end <= outer.span.end;
    let depth = open.iter().rfind(around).map_or(0, |outer| outer.depth.saturating_add(1));
    Note { span, name: "odd".into(), value: found, depth, rule: Some(rule) }
}

fn note_entity(octets: &[u8], entity: &Entity, depth: u8, notes: &mut Notes) {
    note_fields(octets, &entity.header, depth, notes);
    let body = entity.body;
    if body.is_empty() {
        return;
    }
    let rule = if entity.parts == Parts::Leaf { &rules::BODY } else { &rules::MULTIPART };
    let about = || format!("{}, {}, {} B", entity.content_type, entity.encoding, body.len());
    notes.note(depth, body, "body", Some(rule), about);
    match &entity.parts {
        Parts::Leaf => note_encoded(octets, entity, depth + 1, notes),
        Parts::Message(inner) => note_entity(octets, inner, depth + 1, notes),
        Parts::Multipart { preamble, delimiters, parts, epilogue } => {
            note_some(*preamble, "preamble", depth + 1, notes);
            let boundary = entity.content_type.parameter("boundary").unwrap_or_default();
            let mut parts = parts.iter();
            for delimiter in delimiters {
                let name = match parts.len() {
                    0 => "close-delimiter",
                    _ => "delimiter",
                };
                let about = || boundary.to_string();
                notes.note(depth + 1, *delimiter, name, Some(&rules::BOUNDARY), about);
                if let Some(part) = parts.next() {
                    note_part(octets, part, depth + 1, notes);
                }
            }
            note_some(*epilogue, "epilogue", depth + 1, notes);
        }
    }
}

/// What a body is once its encoding is taken off.
fn note_encoded(octets: &[u8], entity: &Entity, depth: u8, notes: &mut Notes) {
    let rule = match &entity.encoding {
        Encoding::SevenBit | Encoding::EightBit | Encoding::Binary => return,
        Encoding::QuotedPrintable => &rules::QUOTED_PRINTABLE,
        Encoding::Base64 => &rules::BASE64,
        Encoding::Unknown(_) => return,
    };
    notes.note(depth, entity.body, entity.encoding.to_string(), Some(rule), || {
        let decoded = entity.decoded(octets).bytes;
        match entity.content_type.kind.as_str() {
            "text" => format!("{} B: {}", decoded.len(), preview(&decoded)),
            _ => format!("{} B", decoded.len()),
        }
    });
}

/// The beginning of a text, on one line.
fn preview(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text.get(..PREVIEW_MAX).unwrap_or(text));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn note_part(octets: &[u8], part: &Entity, depth: u8, notes: &mut Notes) {
    if part.span.is_empty() {
        return;
    }
    let about = || match part.file_name() {
        Some(name) => format!("{}, {name}", part.content_type),
        None => part.content_type.to_string(),
    };
    notes.note(depth, part.span, "part", Some(&rules::MULTIPART), about);
    note_entity(octets, part, depth + 1, notes);
}

fn note_some(span: Span, name: &'static str, depth: u8, notes: &mut Notes) {
    if !span.is_empty() {
        notes.note(depth, span, name, Some(&rules::BOUNDARY), || format!("{} B", span.len()));
    }
}

/// Notes fields, odd lines and the empty line behind them, in the order in which they stand.
fn note_fields(octets: &[u8], header: &Header, depth: u8, notes: &mut Notes) {
    let mut odd = header.odd.iter().peekable();
    for field in &header.fields {
        while let Some(span) = odd.next_if(|odd| odd.start < field.span.start) {
            note_odd(octets, *span, depth, notes);
        }
        note_field(octets, field, depth, notes);
    }
    for span in odd {
        note_odd(octets, *span, depth, notes);
    }
    if let Some(end) = header.end {
        notes.note(depth, end, "end of header", Some(&rules::BODY), || "empty line".into());
    }
}

fn note_odd(octets: &[u8], span: Span, depth: u8, notes: &mut Notes) {
    let text = || String::from_utf8_lossy(span.of(octets)).trim_end().to_string();
    notes.note(depth, span, "no field", Some(&rules::FIELD), text);
}

/// Notes the encoded words of a field's value, each with what it says.
fn note_words(octets: &[u8], value: Span, depth: u8, notes: &mut Notes) {
    // Replaced bytes would move all that follows them.
    let Ok(text) = core::str::from_utf8(value.of(octets)) else { return };
    for word in encoded_words(text) {
        let span = word.span.shifted(value.start);
        notes.note(depth, span, "encoded-word", Some(&rules::ENCODED_WORD), || word.text);
    }
}

fn note_field(octets: &[u8], field: &Field, depth: u8, notes: &mut Notes) {
    let about = || decode_words(&field.value);
    notes.note(depth, field.span, field.name.clone(), Some(&rules::FIELD), about);
    let inside = depth + 1;
    let name = || field.name.clone();
    notes.note(inside, field.name_at, "field-name", Some(&rules::FIELD_NAME), name);
    let colon = Span::new(field.name_at.end, field.value_at.start);
    notes.note(inside, colon, "colon", None, String::new);
    let value = || field.value.clone();
    notes.note(inside, field.value_at, "field-body", Some(meaning(&field.name)), value);
    note_words(octets, field.value_at, inside + 1, notes);
    let end = Span::new(field.value_at.end, field.span.end);
    if !end.is_empty() {
        notes.note(inside, end, "CRLF", Some(&rules::LINE_END), String::new);
    }
}

/// The rule that gives the value of a field its meaning.
fn meaning(name: &str) -> &'static Rule {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match name {
        _ if is("Content-Type") => &rules::CONTENT_TYPE,
        _ if is("Content-Transfer-Encoding") => &rules::ENCODING,
        _ => &rules::FOLDING,
    }
}

/// More than anybody reads.
const ODDITIES_MAX: usize = 1_000;

/// As much of a decoded text as a line of the inspector holds.
const PREVIEW_MAX: usize = 60;
