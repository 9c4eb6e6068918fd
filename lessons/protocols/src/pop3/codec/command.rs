//! Command lines (RFC 1939 section 3, RFC 2449 section 3).

use super::lines::Line;
use crate::pop3::{Command, rules};
use crate::wire::{Misuse, Notes, Rule, Span, Violation};

/// Reads a command from the line at the beginning of `bytes`.
///
/// # Errors
/// What is wrong with the line. The session goes on: the server answers `-ERR`.
pub fn read_command(
    bytes: &[u8],
    line: Line,
    line_max: usize,
    notes: &mut Notes,
) -> Result<Command, Violation> {
    let checked = line.check(bytes, line_max, &rules::COMMAND_LIMIT);
    let text = line.text.of(bytes);
    let mut words = Words { text, at: 0 };
    let keyword = words.keyword();
    if checked.is_ok() {
        note_words(text, keyword, notes);
    } else {
        notes.note(0, line.text, "line", Some(&rules::COMMAND), || format!("{} B", text.len()));
    }
    notes.note(0, line.end, "CRLF", Some(&rules::CRLF), String::new);
    checked?;
    if let Some(at) = text.iter().position(|byte| !byte.is_ascii()) {
        return Err(Violation {
            rule: &rules::PRINTABLE,
            span: Span::new(at, at + 1),
            found: "A byte above 127 stands in a command.".into(),
            legal: "printable ASCII characters".into(),
            code: 0,
        });
    }
    command(keyword, &mut words)
}

/// Writes a command line.
///
/// # Errors
/// An argument that could not be read back as it is.
pub fn write_command(command: &Command, line_max: usize) -> Result<Vec<u8>, Misuse> {
    let misuse = |rule, says: String| Err(Misuse { rule, says });
    let words: &[&String] = match command {
        Command::User(name) => &[name],
        Command::Pass(string) => &[string],
        Command::Apop { name, digest } => &[name, digest],
        _ => &[],
    };
    let spaces = matches!(command, Command::Pass(_));
    for word in words {
        let fits = |b: u8| b.is_ascii_graphic() || spaces && b == b' ';
        if word.is_empty() || !word.bytes().all(fits) {
            let says = format!("`{}` cannot stand in {}.", word.escape_debug(), command.keyword());
            return misuse(&rules::PRINTABLE, says);
        }
    }
    let line = format!("{command}\r\n").into_bytes();
    if line.len() > line_max {
        let says = format!("{} would have {} bytes.", command.keyword(), line.len());
        return misuse(&rules::COMMAND_LIMIT, says);
    }
    match command {
        Command::Retr(0)
        | Command::Dele(0)
        | Command::List(Some(0))
        | Command::Uidl(Some(0))
        | Command::Top { number: 0, .. } => {
            misuse(&rules::MESSAGE_NUMBER, "No message has the number 0.".into())
        }
        _ => Ok(line),
    }
}

fn command(keyword: Span, words: &mut Words<'_>) -> Result<Command, Violation> {
    let name = keyword.of(words.text).to_ascii_uppercase();
    let command = match name.as_slice() {
        b"USER" => Command::User(words.string("a name")?),
        b"PASS" => return words.rest("a password").map(Command::Pass),
        b"APOP" => {
            let (name, digest) = (words.string("a name")?, words.string("a digest")?);
            Command::Apop { name, digest }
        }
        b"STAT" => Command::Stat,
        b"LIST" => Command::List(words.optional_message()?),
        b"RETR" => Command::Retr(words.message()?),
        b"TOP" => Command::Top { number: words.message()?, lines: words.lines()? },
        b"UIDL" => Command::Uidl(words.optional_message()?),
        b"DELE" => Command::Dele(words.message()?),
        b"RSET" => Command::Rset,
        b"NOOP" => Command::Noop,
        b"QUIT" => Command::Quit,
        b"CAPA" => Command::Capa,
        _ => return Err(unknown(keyword, words.text)),
    };
    words.done()?;
    Ok(command)
}

/// The words of a line, one after the other.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl Words<'_> {
    fn keyword(&mut self) -> Span {
        self.at = self.text.iter().position(|b| *b == b' ').unwrap_or(self.text.len());
        Span::new(0, self.at)
    }

    /// The next argument, behind exactly one space; none at the end of the line.
    fn next(&mut self, what: &str) -> Result<Option<Span>, Violation> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or(&[]);
        let len = rest.iter().position(|b| *b == b' ').unwrap_or(rest.len());
        self.at = start + len;
        if len == 0 {
            return Err(Violation {
                rule: &rules::ARGUMENTS,
                span: Span::new(start - 1, start),
                found: "A space is not followed by an argument.".into(),
                legal: format!("one space and {what}, or the end of the line"),
                code: 0,
            });
        }
        Ok(Some(Span::new(start, self.at)))
    }

    fn required(&mut self, what: &str) -> Result<Span, Violation> {
        self.next(what)?.ok_or_else(|| Violation {
            rule: &rules::ARGUMENTS,
            span: Span::new(0, self.text.len()),
            found: "An argument is missing.".into(),
            legal: format!("one space and {what}"),
            code: 0,
        })
    }

    fn string(&mut self, what: &str) -> Result<String, Violation> {
        let span = self.required(what)?;
        Ok(String::from_utf8_lossy(span.of(self.text)).into_owned())
    }

    /// All that is left, spaces and all (RFC 1939 section 7).
    fn rest(&mut self, what: &str) -> Result<String, Violation> {
        let start = self.at + 1;
        match self.text.get(start..).unwrap_or(&[]) {
            b"" => self.string(what),
            rest => Ok(String::from_utf8_lossy(rest).into_owned()),
        }
    }

    fn message(&mut self) -> Result<u32, Violation> {
        let span = self.required("a message number")?;
        message_number(self.text, span)
    }

    fn optional_message(&mut self) -> Result<Option<u32>, Violation> {
        let span = self.next("a message number")?;
        span.map(|span| message_number(self.text, span)).transpose()
    }

    fn lines(&mut self) -> Result<u32, Violation> {
        let span = self.required("a number of lines")?;
        number(self.text, span, &rules::LINE_COUNT, "a number of lines, 0 or more")
    }

    fn done(&mut self) -> Result<(), Violation> {
        match self.at < self.text.len() {
            false => Ok(()),
            true => Err(Violation {
                rule: &rules::ARGUMENTS,
                span: Span::new(self.at, self.text.len()),
                found: "Something stands after the last argument.".into(),
                legal: "the end of the line".into(),
                code: 0,
            }),
        }
    }
}

fn message_number(text: &[u8], span: Span) -> Result<u32, Violation> {
    let rule = &rules::MESSAGE_NUMBER;
    match number(text, span, rule, "a message number, 1 or more")? {
        0 => Err(Violation {
            rule,
            span,
            found: "No message has the number 0.".into(),
            legal: "a message number, 1 or more".into(),
            code: 0,
        }),
        number => Ok(number),
    }
}

fn number(text: &[u8], span: Span, rule: &'static Rule, legal: &str) -> Result<u32, Violation> {
    let digits = String::from_utf8_lossy(span.of(text)).into_owned();
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    let found = match digits.parse::<u32>() {
        Ok(number) if all_digits => return Ok(number),
        Ok(_) | Err(_) if !all_digits => format!("`{digits}` is no number in decimal digits."),
        Ok(_) | Err(_) => format!("{digits} is more than any maildrop has."),
    };
    Err(Violation { rule, span, found, legal: legal.into(), code: 0 })
}

fn unknown(keyword: Span, text: &[u8]) -> Violation {
    let word = String::from_utf8_lossy(keyword.of(text)).into_owned();
    let span = match keyword.is_empty() {
        true => Span::new(0, text.len().max(1)),
        false => keyword,
    };
    Violation {
        rule: &rules::UNKNOWN,
        span,
        found: format!("`{word}` is no command."),
        legal: "a keyword of three or four letters, such as STAT".into(),
        code: 0,
    }
}

/// Notes keyword, spaces and arguments, right or wrong.
fn note_words(text: &[u8], keyword: Span, notes: &mut Notes) {
    let show = |span: Span| String::from_utf8_lossy(span.of(text)).into_owned();
    if !keyword.is_empty() {
        let capitals = || show(keyword).to_ascii_uppercase();
        notes.note(0, keyword, "keyword", Some(&rules::COMMAND), capitals);
    }
    let name = keyword.of(text).to_ascii_uppercase();
    let names: &[&'static str] = match name.as_slice() {
        b"USER" => &["name"],
        b"PASS" => &["string"],
        b"APOP" => &["name", "digest"],
        b"TOP" => &["msg", "n"],
        b"LIST" | b"UIDL" | b"RETR" | b"DELE" => &["msg"],
        _ => &[],
    };
    let (mut at, mut names) = (keyword.end, names.iter());
    while at < text.len() {
        notes.note(0, Span::new(at, at + 1), "SP", Some(&rules::ARGUMENTS), String::new);
        let rest = text.get(at + 1..).unwrap_or(&[]);
        let word = rest.iter().position(|b| *b == b' ').unwrap_or(rest.len());
        let len = if name == b"PASS" { rest.len() } else { word };
        let span = Span::new(at + 1, at + 1 + len);
        if len > 0 {
            let name = names.next().copied().unwrap_or("argument");
            notes.note(0, span, name, Some(&rules::ARGUMENTS), || show(span));
        }
        at = span.end;
    }
}
