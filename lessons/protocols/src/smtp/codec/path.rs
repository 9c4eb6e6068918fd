//! Paths and the addresses in them (RFC 5321 section 4.1.2).

use core::net::{Ipv4Addr, Ipv6Addr};

use super::Limits;
use super::cursor::Cursor;
use crate::smtp::address::is_atext;
use crate::smtp::{Address, ForwardPath, ReversePath, rules};
use crate::wire::{Notes, Span, Violation};

/// Reads a text that is an address and nothing else.
///
/// # Errors
/// Where it is none; the span counts from its beginning.
pub fn read_address(text: &[u8]) -> Result<Address, Violation> {
    let mut cursor = Cursor::new(text);
    let address = address(&mut cursor, &Limits::default(), &mut Notes::off())?;
    match cursor.peek() {
        None => Ok(address),
        Some(_) => Err(cursor.wrong_here(&rules::MAILBOX, "An address ended.", "its end", 501)),
    }
}

/// Reads what MAIL names.
pub(super) fn reverse_path(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<ReversePath, Violation> {
    let start = cursor.at();
    let mut inner = Notes::on();
    open(cursor)?;
    let path = match cursor.eat(b'>') {
        true => ReversePath::Null,
        false => ReversePath::Address(closed(cursor, limits, &mut inner)?),
    };
    let rule = match path {
        ReversePath::Null => &rules::NULL_REVERSE_PATH,
        ReversePath::Address(_) => &rules::REVERSE_PATH,
    };
    let span = within(cursor.since(start), limits)?;
    cursor.note(notes, 0, span, "reverse-path", Some(rule));
    repeat(notes, inner);
    Ok(path)
}

/// Reads what RCPT names.
pub(super) fn forward_path(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<ForwardPath, Violation> {
    let start = cursor.at();
    if cursor.eat_word("<postmaster>").is_some() {
        cursor.note(notes, 0, cursor.since(start), "forward-path", Some(&rules::POSTMASTER));
        return Ok(ForwardPath::Postmaster);
    }
    let mut inner = Notes::on();
    open(cursor)?;
    let address = closed(cursor, limits, &mut inner)?;
    let span = within(cursor.since(start), limits)?;
    cursor.note(notes, 0, span, "forward-path", Some(&rules::FORWARD_PATH));
    repeat(notes, inner);
    Ok(ForwardPath::Address(address))
}

/// Reads a domain or an address literal, as EHLO, HELO and addresses have it.
pub(super) fn domain(cursor: &mut Cursor<'_>, limits: &Limits) -> Result<Span, Violation> {
    let start = cursor.at();
    match cursor.eat(b'[') {
        true => literal(cursor)?,
        false => labels(cursor)?,
    }
    let span = cursor.since(start);
    if span.len() > limits.domain_max {
        return Err(Violation {
            rule: &rules::DOMAIN_LIMIT,
            span,
            found: format!("The domain has {} octets.", span.len()),
            legal: format!("at most {}", limits.domain_max),
            code: 501,
        });
    }
    Ok(span)
}

fn open(cursor: &mut Cursor<'_>) -> Result<(), Violation> {
    match cursor.eat(b'<') {
        true => Ok(()),
        false => {
            Err(cursor.wrong_here(&rules::PATH, "A path begins with `<`.", "`<` and a path", 501))
        }
    }
}

/// The part of a path after its `<`.
fn closed(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<Address, Violation> {
    if cursor.peek() == Some(b'@') {
        source_route(cursor, limits, notes)?;
    }
    let address = address(cursor, limits, notes)?;
    match cursor.eat(b'>') {
        true => Ok(address),
        false => Err(cursor.wrong_here(&rules::PATH, "A path ends with `>`.", "`>`", 501)),
    }
}

/// `@one,@two:`, which is read and has no effect.
fn source_route(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<(), Violation> {
    let start = cursor.at();
    let legal = "hosts such as `@a.test,@b.test:`, or best none";
    loop {
        if !cursor.eat(b'@') {
            return Err(cursor.wrong_here(&rules::SOURCE_ROUTE, "A host lacks `@`.", legal, 501));
        }
        domain(cursor, limits)?;
        if cursor.eat(b':') {
            break;
        }
        if !cursor.eat(b',') {
            let found = "A source route goes on with `,` or ends with `:`.";
            return Err(cursor.wrong_here(&rules::SOURCE_ROUTE, found, legal, 501));
        }
    }
    cursor.note(notes, 1, cursor.since(start), "source route", Some(&rules::SOURCE_ROUTE));
    Ok(())
}

fn address(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<Address, Violation> {
    let start = cursor.at();
    let local = match cursor.eat(b'"') {
        true => quoted(cursor)?,
        false => dotted(cursor)?,
    };
    let span = cursor.since(start);
    if span.len() > limits.local_part_max {
        return Err(Violation {
            rule: &rules::LOCAL_PART_LIMIT,
            span,
            found: format!("The local part has {} octets.", span.len()),
            legal: format!("at most {}", limits.local_part_max),
            code: 501,
        });
    }
    cursor.note(notes, 1, span, "local-part", Some(&rules::MAILBOX));
    let at = cursor.at();
    if !cursor.eat(b'@') {
        let found = "A mailbox is a local part, `@` and a domain.";
        return Err(cursor.wrong_here(&rules::MAILBOX, found, "`@` and a domain", 501));
    }
    notes.note(1, Span::new(at, at + 1), "@", None, String::new);
    let span = domain(cursor, limits)?;
    cursor.note(notes, 1, span, "domain", Some(&rules::DOMAIN));
    Ok(Address { local, domain: cursor.text(span) })
}

/// The inside of a quoted string, as its host understands it.
fn quoted(cursor: &mut Cursor<'_>) -> Result<String, Violation> {
    let mut local = String::new();
    loop {
        let escaped = cursor.eat(b'\\');
        match cursor.peek() {
            Some(b'"') if !escaped => {
                cursor.eat(b'"');
                return Ok(local);
            }
            Some(byte @ 0x20..=0x7e) => {
                cursor.eat(byte);
                local.push(char::from(byte));
            }
            Some(_) | None => {
                let (found, legal) = ("A quoted string goes on.", "graphic ASCII, or `\"`");
                return Err(cursor.wrong_here(&rules::QUOTED, found, legal, 501));
            }
        }
    }
}

fn dotted(cursor: &mut Cursor<'_>) -> Result<String, Violation> {
    let start = cursor.at();
    loop {
        if cursor.take_while(is_atext).is_empty() {
            let (found, legal) =
                ("An atom is missing.", "letters, digits and `!#$%&'*+-/=?^_`{|}~`");
            return Err(cursor.wrong_here(&rules::MAILBOX, found, legal, 501));
        }
        if !cursor.eat(b'.') {
            return Ok(cursor.text(cursor.since(start)));
        }
    }
}

/// Labels of letters, digits and hyphens, with dots between them.
fn labels(cursor: &mut Cursor<'_>) -> Result<(), Violation> {
    let legal = "labels of letters, digits and hyphens";
    loop {
        let label = cursor.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let text = cursor.text(label);
        if label.is_empty() || text.starts_with('-') || text.ends_with('-') {
            let found = "A label of a domain is missing, or has a hyphen at its edge.";
            return Err(cursor.wrong_here(&rules::DOMAIN, found, legal, 501));
        }
        if !cursor.eat(b'.') {
            return Ok(());
        }
    }
}

/// The inside of an address literal and its `]` (RFC 5321 section 4.1.3).
fn literal(cursor: &mut Cursor<'_>) -> Result<(), Violation> {
    let inside = cursor.take_while(|byte| matches!(byte, 0x21..=0x5a | 0x5e..=0x7e));
    let text = cursor.text(inside);
    let tagged = text.split_once(':');
    let valid = match tagged {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6") => {
            address.parse::<Ipv6Addr>().is_ok()
        }
        // A kind of address that has been registered since; nobody can dial it.
        Some((tag, content)) => is_tag(tag) && !content.is_empty(),
        None => is_dotted_quad(&text),
    };
    match valid && cursor.eat(b']') {
        true => Ok(()),
        false => {
            let found = "An address literal is malformed.";
            let legal = "`[192.0.2.1]` or `[IPv6:2001:db8::1]`";
            Err(cursor.wrong_here(&rules::LITERAL, found, legal, 501))
        }
    }
}

fn is_tag(tag: &str) -> bool {
    let ldh = tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    ldh && !tag.is_empty() && !tag.ends_with('-')
}

/// Four numbers up to 255, of up to three digits: leading zeros are in the grammar.
fn is_dotted_quad(text: &str) -> bool {
    let digits = |part: &str| (1..=3).contains(&part.len());
    let shortened = |part: &str| part.parse::<u16>().map(|number| number.to_string());
    let Ok(parts) = text.split('.').map(shortened).collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    text.split('.').all(digits) && parts.join(".").parse::<Ipv4Addr>().is_ok()
}

fn within(span: Span, limits: &Limits) -> Result<Span, Violation> {
    if span.len() <= limits.path_max {
        return Ok(span);
    }
    Err(Violation {
        rule: &rules::PATH_LIMIT,
        span,
        found: format!("The path has {} octets.", span.len()),
        legal: format!("at most {}", limits.path_max),
        code: 501,
    })
}

/// Notes the parts of a field after the field itself.
fn repeat(notes: &mut Notes, mut inner: Notes) {
    for part in inner.take() {
        notes.note(part.depth, part.span, part.name, part.rule, || part.value);
    }
}
