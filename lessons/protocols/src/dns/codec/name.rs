//! Names on the wire: labels, and pointers to labels (RFC 1035 section 4.1.4).

use super::HEADER_LEN;
use super::cursor::{Cursor, FORMERR};
use crate::dns::{MAX_NAME, Name, rules};
use crate::wire::{Rule, Span, Violation};

/// Reads a name, following its pointers, and notes it with its parts under this name.
pub(super) fn read_name(
    cursor: &mut Cursor<'_>,
    what: &'static str,
    rule: &'static Rule,
) -> Result<Name, Violation> {
    cursor.group(what, rule, Name::to_string, |cursor| {
        let mut labels = Labels::default();
        let start = cursor.at();
        loop {
            let at = cursor.at();
            let byte = cursor.take(1, "a label")?.first().copied().unwrap_or_default();
            match Step::from(byte, at)? {
                Step::Root => {
                    let span = Span::new(at, at + 1);
                    cursor.note(span, "root", &rules::NAME, || ".".into());
                    return labels.name();
                }
                Step::Label(len) => {
                    let label = cursor.take(len, "a label")?;
                    let span = Span::new(at, at + 1 + len);
                    labels.push(label, span)?;
                    cursor.note(span, "label", &rules::NAME, || shown(label));
                }
                Step::Pointer(high) => {
                    let low = cursor.take(1, "a pointer")?.first().copied().unwrap_or_default();
                    let span = Span::new(at, at + 2);
                    let pointer = Pointer { span, to: target(high, low), within: start };
                    return follow(cursor, labels, pointer);
                }
            }
        }
    })
}

/// What the first byte of a part of a name says that it is.
enum Step {
    /// The end of the name.
    Root,
    /// A label of this length.
    Label(usize),
    /// A pointer; these are the upper bits of where it leads.
    Pointer(u8),
}

impl Step {
    fn from(byte: u8, at: usize) -> Result<Step, Violation> {
        match byte {
            0 => Ok(Step::Root),
            1..=63 => Ok(Step::Label(usize::from(byte))),
            0xc0..=0xff => Ok(Step::Pointer(byte & 0x3f)),
            64..=0xbf => Err(Violation {
                rule: if byte < 0x80 { &rules::LABEL_LIMIT } else { &rules::LABEL_KIND },
                span: Span::new(at, at + 1),
                found: format!("A label begins with {byte}, more than 63 and no pointer."),
                legal: "a length of 0 to 63, or a pointer, which begins with 192 or more".into(),
                code: FORMERR,
            }),
        }
    }
}

/// A pointer where it was met, and where the run of labels began that it ends.
#[derive(Clone, Copy)]
struct Pointer {
    span: Span,
    to: usize,
    within: usize,
}

/// Reads on from where a pointer leads, as often as labels end with another pointer. The cursor
/// has passed the first pointer and stays there.
fn follow(cursor: &mut Cursor<'_>, mut labels: Labels, first: Pointer) -> Result<Name, Violation> {
    let message = cursor.message();
    let before = labels.wire.len();
    let mut pointer = first;
    for _ in 0..MAX_POINTERS {
        check(pointer)?;
        match run(message, pointer, &mut labels)? {
            Some(next) => pointer = next,
            None => {
                let name = labels.clone().name()?;
                let end = labels.tail(before).map_or_else(|| ".".into(), |tail| tail.to_string());
                let says = || format!("to byte {}: {end}", first.to);
                cursor.note(first.span, "compression pointer", &rules::COMPRESSION, says);
                return Ok(name);
            }
        }
    }
    Err(Violation {
        rule: &rules::POINTER_CHAIN,
        span: first.span,
        found: format!("This pointer leads to more than {MAX_POINTERS} others."),
        legal: "a pointer to labels, or to a few that lead there".into(),
        code: FORMERR,
    })
}

/// Reads labels from where a pointer leads, up to the root or to another pointer. They stand
/// wholly before the name that the pointer ends: what it points to has been written before.
fn run(
    message: &[u8],
    pointer: Pointer,
    labels: &mut Labels,
) -> Result<Option<Pointer>, Violation> {
    let written = message.get(..pointer.within).unwrap_or_default();
    let mut at = pointer.to;
    loop {
        let ends = || Violation {
            rule: &rules::POINTER_BACK,
            span: pointer.span,
            found: format!("What the pointer to byte {} leads to runs into itself.", pointer.to),
            legal: "a pointer to a name that ends before this one begins".into(),
            code: FORMERR,
        };
        let byte = *written.get(at).ok_or_else(ends)?;
        match Step::from(byte, at)? {
            Step::Root => return Ok(None),
            Step::Label(len) => {
                let label = written.get(at + 1..at + 1 + len).ok_or_else(ends)?;
                labels.push(label, pointer.span)?;
                at += 1 + len;
            }
            Step::Pointer(high) => {
                let to = target(high, *written.get(at + 1).ok_or_else(ends)?);
                return Ok(Some(Pointer { span: Span::new(at, at + 2), to, within: pointer.to }));
            }
        }
    }
}

/// A pointer leads before the labels that it ends, so following it always comes to an end.
fn check(Pointer { span, to, within }: Pointer) -> Result<(), Violation> {
    let found = match to {
        to if to < HEADER_LEN => format!("The pointer leads to byte {to}, into the header."),
        to if to < within => return Ok(()),
        to if to == span.start => format!("The pointer at byte {to} leads to itself."),
        to if to < span.start => {
            format!("The pointer leads to byte {to}, into the name that it ends: a loop.")
        }
        to => format!("The pointer at byte {} leads forward, to byte {to}.", span.start),
    };
    Err(Violation {
        rule: &rules::POINTER_BACK,
        span,
        found,
        legal: format!("a pointer to a name at byte {HEADER_LEN} or after, and before this one"),
        code: FORMERR,
    })
}

fn target(high: u8, low: u8) -> usize {
    usize::from(u16::from_be_bytes([high & 0x3f, low]))
}

/// The labels read so far, as on the wire but for the root.
#[derive(Clone, Default)]
struct Labels {
    wire: Vec<u8>,
}

impl Labels {
    fn push(&mut self, label: &[u8], span: Span) -> Result<(), Violation> {
        let long = self.wire.len() + 1 + label.len() + 1;
        if long > MAX_NAME {
            return Err(too_long(span));
        }
        // At most 63, or it would have been taken for something else.
        self.wire.push(label.len() as u8);
        self.wire.extend_from_slice(label);
        Ok(())
    }

    fn name(self) -> Result<Name, Violation> {
        Name::from_wire(self.wire).map_err(|_| too_long(Span::default()))
    }

    /// The name that the labels from this offset on make.
    fn tail(&self, from: usize) -> Option<Name> {
        Name::from_wire(self.wire.get(from..)?.to_vec()).ok()
    }
}

fn too_long(span: Span) -> Violation {
    Violation {
        rule: &rules::NAME_LIMIT,
        span,
        found: format!("With this label the name has more than {MAX_NAME} bytes."),
        legal: format!("a name of at most {MAX_NAME} bytes, its lengths and the root included"),
        code: FORMERR,
    }
}

/// A label for people.
fn shown(label: &[u8]) -> String {
    Name::from_labels([label]).map_or_else(|_| String::new(), |name| name.to_string())
}

/// A name has at most 127 labels, each of which needs at most one pointer.
const MAX_POINTERS: usize = 127;
