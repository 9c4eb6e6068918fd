//! Field lines: the header section and the trailer section (RFC 9112 section 5).

use super::grammar::{is_ows, is_token, quoted, text};
use super::lines::{Bound, Lines};
use super::{Limits, Role};
use crate::http::{Field, Fields, rules};
use crate::wire::{Notes, Rule, Span, Violation};

/// Reads field lines up to the empty line that ends them.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldSection {
    pub(super) lines: Lines,
    fields: Fields,
    places: Vec<Place>,
    /// Where the section begins in its message: spans are moved by it.
    base: usize,
    /// Bytes before the section that count towards its limit: the start line of a head.
    counted: usize,
}

/// Where a field line's two halves stand, counted from the start of the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The field's name.
    pub name: Span,
    /// Its value, without the white space around it.
    pub value: Span,
}

impl FieldSection {
    /// The section behind a start line of so many bytes, which share its limit.
    pub(super) fn in_head(start_line: usize) -> FieldSection {
        FieldSection { counted: start_line, ..FieldSection::in_trailer(start_line) }
    }

    /// The section behind the last chunk, at this offset of its message. However long the content
    /// before it was, all of the limit is its own.
    pub(super) fn in_trailer(base: usize) -> FieldSection {
        FieldSection {
            lines: Lines::default(),
            fields: Fields::new(),
            places: Vec::new(),
            base,
            counted: 0,
        }
    }

    /// Reads on in `bytes`, which always begin where the section does. Returns how long the
    /// section is, its empty line included, once that line has arrived.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        role: Role,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<Option<usize>, Violation> {
        let end_max = limits.head_max.saturating_sub(self.counted);
        let bound = Bound { end_max, rule: &rules::HEAD_LIMIT, code: 431 };
        while let Some(line) = self.lines.next(bytes, bound).map_err(|v| self.moved(v))? {
            let crlf = Span::new(line.end, line.end + 2).shifted(self.base);
            if line.is_empty() {
                notes.note(0, crlf, "end of head", Some(&rules::MESSAGE), || "empty line".into());
                return Ok(Some(line.end + 2));
            }
            let whole = line.shifted(self.base);
            match line.of(bytes).first() {
                Some(byte) if is_ows(*byte) => self.fold(line.of(bytes), whole, role, notes)?,
                Some(_) | None => self.field(line.of(bytes), whole, limits, notes)?,
            }
            notes.note(0, crlf, "CRLF", Some(&rules::LINE_END), String::new);
        }
        Ok(None)
    }

    /// What was read, and where each line of it stands.
    pub(super) fn finish(&mut self) -> (Fields, Vec<Place>) {
        (core::mem::take(&mut self.fields), core::mem::take(&mut self.places))
    }

    /// What was read so far.
    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Where the line begins that has not ended yet, counted from the start of the message.
    pub(super) fn unread(&self) -> usize {
        self.base + self.lines.start
    }

    /// One field line: name, colon, white space, value, white space.
    fn field(
        &mut self,
        line: &[u8],
        at: Span,
        limits: &Limits,
        notes: &mut Notes,
    ) -> Result<(), Violation> {
        if self.fields.len() >= limits.fields_max {
            return Err(too_many(at, limits));
        }
        let colon = line.iter().position(|b| *b == b':').ok_or_else(|| no_colon(line, at))?;
        let (name, rest) = line.split_at(colon);
        if !is_token(name) {
            return Err(bad_name(name, at));
        }
        let rest = rest.get(1..).unwrap_or(&[]);
        let (before, value) = trimmed(rest);
        let value_start = at.start + colon + 1 + before;
        let place = Place {
            name: Span::new(at.start, at.start + colon),
            value: Span::new(value_start, value_start + value.len()),
        };
        let field = Field { name: text(name), value: text(value) };
        if notes.wanted() {
            let rule = rule_of(&field.name);
            let colon = Span::new(place.name.end, place.name.end + 1);
            notes.note(0, place.name, "field-name", Some(&rules::FIELD_LINE), || text(name));
            notes.note(0, colon, "colon", Some(&rules::NO_SPACE_BEFORE_COLON), String::new);
            note_value(notes, Span::new(colon.end, at.end), place.value, rule, &field.value);
        }
        self.fields.push(field.name, field.value);
        self.places.push(place);
        Ok(())
    }

    /// A line that begins with white space: the continuation of the line before it, long
    /// deprecated (RFC 9112 section 5.2).
    fn fold(
        &mut self,
        line: &[u8],
        at: Span,
        role: Role,
        notes: &mut Notes,
    ) -> Result<(), Violation> {
        let indent = line.iter().take_while(|b| is_ows(**b)).count();
        let margin = Span::new(at.start, at.start + indent);
        let Some(place) = self.places.last_mut() else {
            return Err(Violation {
                rule: &rules::SPACE_BEFORE_FIRST_FIELD,
                span: margin,
                found: "The first line after the start line begins with white space.".into(),
                legal: "a field name, or an empty line".into(),
                code: 400,
            });
        };
        match role {
            Role::Server => Err(Violation {
                rule: &rules::OBS_FOLD,
                span: margin,
                found: "A field value goes on in the next line, after white space.".into(),
                legal: "every field on one line".into(),
                code: 400,
            }),
            Role::Client => {
                let (before, value) = trimmed(line);
                place.value.end = at.start + before + value.len();
                self.fields.extend_last(&text(value));
                let says = || "read as one space".into();
                notes.note(0, margin, "obs-fold", Some(&rules::OBS_FOLD), says);
                let whole = Span::new(margin.end, at.end);
                let span = Span::new(at.start + before, place.value.end);
                note_value(notes, whole, span, Some(&rules::OBS_FOLD), &text(value));
                Ok(())
            }
        }
    }

    /// A fault of a line, counted from the start of the message.
    fn moved(&self, violation: Violation) -> Violation {
        Violation { span: violation.span.shifted(self.base), ..violation }
    }
}

/// Notes a value and the white space on both sides of it.
fn note_value(
    notes: &mut Notes,
    whole: Span,
    value: Span,
    rule: Option<&'static Rule>,
    says: &str,
) {
    for (span, name) in [
        (Span::new(whole.start, value.start), "OWS"),
        (value, "field-value"),
        (Span::new(value.end, whole.end), "OWS"),
    ] {
        let is_value = name == "field-value";
        if !span.is_empty() {
            let rule = if is_value { rule } else { Some(&rules::FIELD_LINE) };
            notes.note(0, span, name, rule, || if is_value { says.into() } else { String::new() });
        }
    }
}

/// How much white space is before a value, and the value without the white space around it.
fn trimmed(bytes: &[u8]) -> (usize, &[u8]) {
    let before = bytes.iter().take_while(|b| is_ows(**b)).count();
    let rest = bytes.get(before..).unwrap_or(&[]);
    let after = rest.iter().rev().take_while(|b| is_ows(**b)).count();
    (before, rest.get(..rest.len() - after).unwrap_or(&[]))
}

/// The rule that gives the fields their meaning that the machine itself acts on.
fn rule_of(name: &str) -> Option<&'static Rule> {
    let known = [
        ("host", &rules::HOST),
        ("content-length", &rules::CONTENT_LENGTH),
        ("transfer-encoding", &rules::TRANSFER_ENCODING),
        ("connection", &rules::PERSISTENCE),
        ("expect", &rules::EXPECT),
        ("upgrade", &rules::UPGRADE),
    ];
    known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, rule)| *rule)
}

fn no_colon(line: &[u8], at: Span) -> Violation {
    Violation {
        rule: &rules::FIELD_LINE,
        span: at,
        found: format!("The line {} has no colon.", quoted(line)),
        legal: "a field name, a colon, and a value".into(),
        code: 400,
    }
}

fn bad_name(name: &[u8], at: Span) -> Violation {
    let spaces = name.iter().rev().take_while(|b| is_ows(**b)).count();
    let end = at.start + name.len();
    if spaces > 0 && spaces < name.len() {
        return Violation {
            rule: &rules::NO_SPACE_BEFORE_COLON,
            span: Span::new(end - spaces, end),
            found: format!("White space stands between {} and its colon.", quoted(name)),
            legal: "the colon right after the field name".into(),
            code: 400,
        };
    }
    Violation {
        rule: &rules::FIELD_NAME,
        span: Span::new(at.start, end.max(at.start + 1)),
        found: format!("{} is no field name.", quoted(name)),
        legal: "one or more letters, digits and the signs ! # $ % & ' * + - . ^ _ ` | ~".into(),
        code: 400,
    }
}

fn too_many(at: Span, limits: &Limits) -> Violation {
    Violation {
        rule: &rules::HEAD_LIMIT,
        span: at,
        found: format!("There are more than {} field lines.", limits.fields_max),
        legal: "fewer fields".into(),
        code: 431,
    }
}
