//! Header sections: fields, folded or not, up to the empty line (RFC 5322 section 2.2).

use super::{Oddity, odd, rules};
use crate::wire::Span;

/// The header of a mail or of a part.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Header {
    /// The fields in order.
    pub fields: Vec<Field>,
    /// All of it, with the empty line that ends it.
    pub span: Span,
    /// The empty line; none where the mail ends first.
    pub end: Option<Span>,
    /// Lines that are no fields.
    pub odd: Vec<Span>,
}

/// One header field.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// Its name, as it is written.
    pub name: String,
    /// Its value on one line, without white space at its ends. Bytes that are no UTF-8 are
    /// replaced.
    pub value: String,
    /// All of it, with its line ends.
    pub span: Span,
    /// Its name.
    pub name_at: Span,
    /// Its value, folds and all, without the last line end.
    pub value_at: Span,
}

impl Header {
    /// Reads the header that begins with these bytes of a mail. Once no fields are left to be told
    /// apart, the rest of it is one odd line.
    pub(super) fn read(
        octets: &[u8],
        from: Span,
        fields_left: &mut usize,
        oddities: &mut Vec<Oddity>,
    ) -> Header {
        let mut header = Header { span: Span::new(from.start, from.start), ..Header::default() };
        while let Some(line) = Line::at(octets, header.span.end, from.end) {
            header.span.end = line.end;
            if line.bare_lf {
                let at = Span::new(line.end - 1, line.end);
                odd(oddities, &rules::LINE_END, at, "A line ends with LF alone.");
            }
            if let Some(cr) = line.text.of(octets).iter().position(|byte| *byte == b'\r') {
                let at = Span::new(line.text.start + cr, line.text.start + cr + 1);
                odd(oddities, &rules::LINE_END, at, "A CR stands within a line.");
            }
            if line.text.is_empty() && line.end > line.text.end {
                header.end = Some(Span::new(line.text.start, line.end));
                break;
            }
            match *fields_left {
                0 => header.too_many(line, oddities),
                _ => header.line(octets, line, fields_left, oddities),
            }
        }
        for field in &mut header.fields {
            field.value = unfolded(field.value_at.of(octets));
        }
        header
    }

    /// The value of the first field of this name; names are told apart without case.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| field.value.as_str())
    }

    /// The first field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Takes one line: a field, or the next line of one that is folded.
    fn line(
        &mut self,
        octets: &[u8],
        line: Line,
        fields_left: &mut usize,
        oddities: &mut Vec<Oddity>,
    ) {
        let text = line.text.of(octets);
        let odd_before = self.odd.last().is_some_and(|odd| odd.end == line.text.start);
        if matches!(text.first(), Some(b' ' | b'\t'))
            && !odd_before
            && let Some(field) = self.fields.last_mut()
        {
            field.span.end = line.end;
            field.value_at.end = line.text.end;
            return;
        }
        *fields_left = fields_left.saturating_sub(1);
        let colon = text.iter().position(|byte| *byte == b':');
        let name = colon.map(|at| text.get(..at).unwrap_or(&[]).trim_ascii_end());
        match name {
            Some(name) if is_name(name) => {
                let name_at = Span::new(line.text.start, line.text.start + name.len());
                let after = line.text.start + colon.unwrap_or_default();
                if after > name_at.end {
                    let at = Span::new(name_at.end, after);
                    let found = "White space stands between a field name and its colon.";
                    odd(oddities, &rules::FIELD_NAME, at, found);
                }
                let value_at = Span::new(after + 1, line.text.end);
                let name = String::from_utf8_lossy(name).into_owned();
                // Its value is known once all its lines are.
                let value = String::new();
                let span = Span::new(line.text.start, line.end);
                self.fields.push(Field { name, value, span, name_at, value_at });
            }
            Some(_) | None => {
                let span = Span::new(line.text.start, line.end);
                let found = "A line of the header is no field. It is left out.";
                odd(oddities, &rules::FIELD, span, found);
                self.odd.push(span);
            }
        }
    }

    /// Takes one line more than we tell apart.
    fn too_many(&mut self, line: Line, oddities: &mut Vec<Oddity>) {
        match self.odd.last_mut().filter(|odd| odd.end == line.text.start) {
            Some(odd) => odd.end = line.end,
            None => {
                let span = Span::new(line.text.start, line.end);
                odd(
                    oddities,
                    &rules::FIELD_LIMIT,
                    span,
                    "The header has more fields than we read.",
                );
                self.odd.push(span);
            }
        }
    }
}

/// One line of a mail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// What stands in it.
    pub(super) text: Span,
    /// Where the next line begins.
    pub(super) end: usize,
    /// Whether it ends with LF alone.
    pub(super) bare_lf: bool,
}

impl Line {
    /// The line that begins here; none at the end. The last one may have no line end.
    pub(super) fn at(octets: &[u8], start: usize, end: usize) -> Option<Line> {
        let rest = octets.get(start..end).filter(|rest| !rest.is_empty())?;
        let Some(lf) = rest.iter().position(|byte| *byte == b'\n') else {
            return Some(Line { text: Span::new(start, end), end, bare_lf: false });
        };
        let text = rest.get(..lf).unwrap_or(&[]);
        let bare_lf = text.last() != Some(&b'\r');
        let text_end = start + if bare_lf { lf } else { lf - 1 };
        Some(Line { text: Span::new(start, text_end), end: start + lf + 1, bare_lf })
    }
}

/// A field's value on one line: line ends are taken out, the white space behind them stays (RFC
/// 5322 section 2.2.3).
fn unfolded(value: &[u8]) -> String {
    let mut kept = Vec::with_capacity(value.len());
    for byte in value {
        if *byte == b'\n' {
            if kept.last() == Some(&b'\r') {
                kept.pop();
            }
        } else {
            kept.push(*byte);
        }
    }
    String::from_utf8_lossy(&kept).trim_matches([' ', '\t']).to_string()
}

/// Printable ASCII without the colon (RFC 5322 section 2.2).
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic() && *byte != b':')
}
