//! One command line (RFC 5321 section 4.1.1).

use super::Limits;
use super::cursor::Cursor;
use super::path::{domain, forward_path, reverse_path};
use crate::smtp::{Body, Command, Parameters, Verb, rules};
use crate::wire::{Notes, Span, Violation};

/// Reads a command line without its CRLF.
///
/// # Errors
/// What breaks the syntax, with the code to reply; its span counts from the start of the line.
pub fn read_command(line: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Command, Violation> {
    check_ascii(line)?;
    let kept = line.len() - line.iter().rev().take_while(|byte| is_blank(**byte)).count();
    let mut cursor = Cursor::new(line.get(..kept).unwrap_or_default());
    let name = cursor.take_while(|byte| !is_blank(byte));
    let Some(verb) = Verb::named(name.of(line)) else { return Err(unknown(&cursor, name)) };
    cursor.note(notes, 0, name, "command", Some(rule_of(verb)));
    let command = arguments(verb, &mut cursor, limits, notes)?;
    if kept < line.len() {
        let span = Span::new(kept, line.len());
        notes.note(0, span, "spaces", Some(&rules::TRAILING_SPACE), || "ignored".into());
    }
    Ok(command)
}

fn arguments(
    verb: Verb,
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<Command, Violation> {
    Ok(match verb {
        Verb::Ehlo => Command::Ehlo { client: client(cursor, limits, notes)? },
        Verb::Helo => Command::Helo { client: client(cursor, limits, notes)? },
        Verb::Mail => mail(cursor, limits, notes)?,
        Verb::Rcpt => rcpt(cursor, limits, notes)?,
        Verb::Data => none(cursor, Command::Data)?,
        Verb::Rset => none(cursor, Command::Rset)?,
        Verb::Quit => none(cursor, Command::Quit)?,
        Verb::Vrfy => Command::Vrfy { user: text(cursor, true, notes)? },
        Verb::Expn => Command::Expn { list: text(cursor, true, notes)? },
        Verb::Help => Command::Help { about: text(cursor, false, notes)? },
        Verb::Noop => Command::Noop { text: text(cursor, false, notes)? },
    })
}

fn client(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<String, Violation> {
    let legal = "a space and the client's domain or address literal";
    space(cursor, notes, "Nobody says who is calling.", legal)?;
    let span = domain(cursor, limits)?;
    end(cursor)?;
    cursor.note(notes, 0, span, "client", Some(&rules::EHLO));
    Ok(cursor.text(span))
}

fn mail(cursor: &mut Cursor<'_>, limits: &Limits, notes: &mut Notes) -> Result<Command, Violation> {
    word(cursor, "FROM:", notes)?;
    let from = reverse_path(cursor, limits, notes)?;
    let mut parameters = Parameters::default();
    while cursor.peek().is_some() {
        parameter(cursor, &mut parameters, notes)?;
    }
    Ok(Command::Mail { from, parameters })
}

fn rcpt(cursor: &mut Cursor<'_>, limits: &Limits, notes: &mut Notes) -> Result<Command, Violation> {
    word(cursor, "TO:", notes)?;
    let to = forward_path(cursor, limits, notes)?;
    if cursor.peek().is_some() {
        let pair = pair(cursor, notes)?;
        return Err(unknown_parameter(cursor, &pair, "RCPT takes no parameter here."));
    }
    Ok(Command::Rcpt { to })
}

/// A parameter as it stands: `SIZE=1000` (RFC 5321 section 4.1.2, `esmtp-param`).
struct Pair {
    whole: Span,
    keyword: String,
    value: Option<Span>,
}

fn pair(cursor: &mut Cursor<'_>, notes: &mut Notes) -> Result<Pair, Violation> {
    space(cursor, notes, "Something follows the path at once.", "a space and a parameter")?;
    let start = cursor.at();
    let keyword = cursor.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if keyword.is_empty() || cursor.text(keyword).starts_with('-') {
        let legal = "a keyword such as `SIZE`, `=` and a value";
        return Err(cursor.wrong_here(&rules::PARAMETER, "A keyword is missing.", legal, 501));
    }
    let value = match cursor.eat(b'=') {
        true => Some(cursor.take_while(|byte| matches!(byte, 0x21..=0x3c | 0x3e..=0x7e))),
        false => None,
    };
    let next_is_space = cursor.peek().is_none_or(|byte| byte == b' ');
    if value.is_some_and(Span::is_empty) || !next_is_space {
        let legal = "a value without spaces, controls or `=`";
        return Err(cursor.wrong_here(&rules::PARAMETER, "A value is malformed.", legal, 501));
    }
    let keyword = cursor.text(keyword).to_ascii_uppercase();
    Ok(Pair { whole: cursor.since(start), keyword, value })
}

fn parameter(
    cursor: &mut Cursor<'_>,
    parameters: &mut Parameters,
    notes: &mut Notes,
) -> Result<(), Violation> {
    let pair = pair(cursor, notes)?;
    let value = pair.value.map(|span| cursor.text(span)).unwrap_or_default();
    let rule = match pair.keyword.as_str() {
        "SIZE" if parameters.size.is_some() => return Err(twice(&pair)),
        "BODY" if parameters.body.is_some() => return Err(twice(&pair)),
        "SIZE" => {
            parameters.size = Some(size(&pair, &value)?);
            &rules::SIZE
        }
        "BODY" => {
            parameters.body = Some(body(cursor, &pair, &value)?);
            &rules::EIGHT_BIT
        }
        _ => return Err(unknown_parameter(cursor, &pair, "Nobody here knows this parameter.")),
    };
    cursor.note(notes, 0, pair.whole, "parameter", Some(rule));
    Ok(())
}

/// One to twenty digits (RFC 1870 section 5). Larger than we can count is too large for any limit.
fn size(pair: &Pair, value: &str) -> Result<u64, Violation> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    if value.is_empty() || value.len() > SIZE_DIGITS_MAX || !digits {
        return Err(Violation {
            rule: &rules::SIZE,
            span: pair.whole,
            found: "SIZE is not a number of one to twenty digits.".into(),
            legal: "`SIZE=` and a number of octets".into(),
            code: 501,
        });
    }
    Ok(value.parse().unwrap_or(u64::MAX))
}

fn body(cursor: &Cursor<'_>, pair: &Pair, value: &str) -> Result<Body, Violation> {
    let known = [Body::SevenBit, Body::EightBitMime];
    let body = known.into_iter().find(|body| body.name().eq_ignore_ascii_case(value));
    body.ok_or_else(|| unknown_parameter(cursor, pair, "BODY has no such value here."))
}

fn twice(pair: &Pair) -> Violation {
    Violation {
        rule: &rules::PARAMETER,
        span: pair.whole,
        found: format!("{} is given twice.", pair.keyword),
        legal: "each parameter once".into(),
        code: 501,
    }
}

fn unknown_parameter(cursor: &Cursor<'_>, pair: &Pair, found: &str) -> Violation {
    Violation {
        rule: &rules::UNKNOWN_PARAMETER,
        span: pair.whole,
        found: format!("{found} `{}`.", cursor.text(pair.whole)),
        legal: "parameters of extensions that EHLO offered: `SIZE=`, `BODY=7BIT`, \
                `BODY=8BITMIME` with MAIL"
            .into(),
        code: 555,
    }
}

/// A free text: a String for VRFY and EXPN, which need one.
fn text(cursor: &mut Cursor<'_>, needed: bool, notes: &mut Notes) -> Result<String, Violation> {
    if cursor.peek().is_none() && !needed {
        return Ok(String::new());
    }
    space(cursor, notes, "Something is missing after the command.", "a space and a text")?;
    let span = cursor.rest();
    cursor.note(notes, 0, span, "argument", None);
    Ok(cursor.text(span))
}

/// The command of those that take no argument.
fn none(cursor: &Cursor<'_>, command: Command) -> Result<Command, Violation> {
    end(cursor).map(|()| command)
}

fn end(cursor: &Cursor<'_>) -> Result<(), Violation> {
    match cursor.peek() {
        None => Ok(()),
        Some(_) => {
            let found = "Something follows where the command is complete.";
            Err(cursor.wrong_here(&rules::ARGUMENTS, found, "CRLF", 501))
        }
    }
}

fn space(
    cursor: &mut Cursor<'_>,
    notes: &mut Notes,
    found: &str,
    legal: &str,
) -> Result<(), Violation> {
    let start = cursor.at();
    if !cursor.eat(b' ') {
        return Err(cursor.wrong_here(&rules::ARGUMENTS, found, legal, 501));
    }
    notes.note(0, cursor.since(start), "SP", None, String::new);
    Ok(())
}

/// ` FROM:` or ` TO:`; no space may stand around the colon (RFC 5321 section 3.3).
fn word(cursor: &mut Cursor<'_>, word: &'static str, notes: &mut Notes) -> Result<(), Violation> {
    let legal = format!("` {word}` and a path in angle brackets, without a space between");
    space(cursor, notes, "The command names no path.", &legal)?;
    let found = format!("`{word}` is missing.");
    match cursor.eat_word(word) {
        Some(span) => {
            notes.note(0, span, word, None, String::new);
            Ok(())
        }
        None => Err(cursor.wrong_here(&rules::ARGUMENTS, &found, &legal, 501)),
    }
}

fn unknown(cursor: &Cursor<'_>, name: Span) -> Violation {
    let said = cursor.text(name);
    if ELSEWHERE.iter().any(|known| said.eq_ignore_ascii_case(known)) {
        return Violation {
            rule: &rules::NOT_IMPLEMENTED,
            span: name,
            found: format!("{said} belongs to an extension that is not offered here."),
            legal: "what the reply to EHLO offers".into(),
            code: 502,
        };
    }
    Violation {
        rule: &rules::UNKNOWN_COMMAND,
        span: name,
        found: match name.is_empty() {
            true => "The line names no command.".into(),
            false => format!("There is no command `{}`.", cursor.text(name)),
        },
        legal: "EHLO, HELO, MAIL, RCPT, DATA, RSET, VRFY, EXPN, HELP, NOOP, QUIT".into(),
        code: 500,
    }
}

/// Commands are ASCII without controls, but for a tab at the end (RFC 5321 section 4.1.2).
fn check_ascii(line: &[u8]) -> Result<(), Violation> {
    let odd = |byte: &u8| !matches!(byte, 0x20..=0x7e | b'\t');
    let Some(at) = line.iter().position(odd) else { return Ok(()) };
    Err(Violation {
        rule: &rules::COMMAND_ASCII,
        span: Span::new(at, at + 1),
        found: "A command has a byte that is no graphic character of ASCII.".into(),
        legal: "ASCII from space to `~`".into(),
        code: 500,
    })
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The rule that a command is explained by.
const fn rule_of(verb: Verb) -> &'static crate::wire::Rule {
    match verb {
        Verb::Ehlo => &rules::EHLO,
        Verb::Helo => &rules::HELO,
        Verb::Mail => &rules::MAIL,
        Verb::Rcpt => &rules::RCPT,
        Verb::Data => &rules::DATA,
        Verb::Rset => &rules::RSET,
        Verb::Vrfy => &rules::VRFY,
        Verb::Expn => &rules::EXPN,
        Verb::Help => &rules::HELP,
        Verb::Noop => &rules::NOOP,
        Verb::Quit => &rules::QUIT,
    }
}

/// RFC 1870 section 5: `1*20DIGIT`.
const SIZE_DIGITS_MAX: usize = 20;

/// Commands of extensions that we know by name alone: RFC 4954, RFC 3207, RFC 3030, RFC 1985.
const ELSEWHERE: [&str; 4] = ["AUTH", "STARTTLS", "BDAT", "ETRN"];
