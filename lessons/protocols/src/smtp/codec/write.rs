//! Commands and replies to bytes.

use crate::smtp::{Command, Reply, rules};
use crate::wire::{Misuse, Notes};

use super::{Limits, read_command};

/// A command as its line, CRLF included.
///
/// # Errors
/// A command that does not read back as it is: a text with a line end in it, or a domain that is
/// none. What we send must not be able to say more than one thing.
pub fn write_command(command: &Command) -> Result<Vec<u8>, Misuse> {
    let line = command.to_string();
    let read = read_command(line.as_bytes(), &Limits::default(), &mut Notes::off());
    let same = read.as_ref().is_ok_and(|read| read == command);
    if !same {
        let why = read.err().map_or_else(|| "It reads as another.".into(), |fault| fault.found);
        let says = format!("{} cannot be written. {why}", command.verb().name());
        return Err(Misuse { rule: &rules::ARGUMENTS, says });
    }
    let mut bytes = line.into_bytes();
    bytes.extend_from_slice(b"\r\n");
    Ok(bytes)
}

/// A reply as its lines, each with the code: a hyphen says that more come.
///
/// # Errors
/// A code that is none, no line at all, or a text that is not printable ASCII.
pub fn write_reply(reply: &Reply) -> Result<Vec<u8>, Misuse> {
    if !(200..=599).contains(&reply.code) || reply.lines.is_empty() {
        let says = format!("{} with {} lines is no reply.", reply.code, reply.lines.len());
        return Err(Misuse { rule: &rules::REPLY_CODE, says });
    }
    let mut bytes = Vec::new();
    let last = reply.lines.len() - 1;
    for (nth, line) in reply.lines.iter().enumerate() {
        if line.bytes().any(|byte| !matches!(byte, 0x20..=0x7e | b'\t')) {
            let says = "The text of a reply is not printable ASCII.".into();
            return Err(Misuse { rule: &rules::REPLY, says });
        }
        let more = if nth < last { '-' } else { ' ' };
        bytes.extend_from_slice(format!("{}{more}{line}\r\n", reply.code).as_bytes());
    }
    Ok(bytes)
}
