//! The Host field (RFC 9112 section 3.2).

use super::grammar::{is_host, quoted};
use super::head::Head;
use crate::http::{Version, rules};
use crate::wire::{Rule, Span, Violation};

/// Checks that a request names its host as it must.
///
/// # Errors
/// No Host in HTTP/1.1, more than one, or one that is no host.
pub fn check_host(head: &Head) -> Result<(), Violation> {
    let mut values = head.fields.all(HOST);
    match (values.next(), values.next()) {
        (None, _) => match head.version() {
            Version::Http10 => Ok(()),
            Version::Http11 => {
                Err(fault(&rules::HOST, head.start_line_at, "The request has no Host field."))
            }
        },
        (Some(_), Some(_)) => {
            Err(fault(&rules::HOST_ONCE, head.place_of(HOST, 1), "A second Host field comes."))
        }
        (Some(value), None) if value.is_ascii() && is_host(value.as_bytes()) => Ok(()),
        (Some(value), None) => {
            let found = format!("{} is no host.", quoted(value.as_bytes()));
            Err(fault(&rules::HOST_ONCE, head.place_of(HOST, 0), &found))
        }
    }
}

fn fault(rule: &'static Rule, span: Span, found: &str) -> Violation {
    let legal = "one Host field with a name or address, and perhaps a colon and a port".into();
    Violation { rule, span, found: found.into(), legal, code: 400 }
}

const HOST: &str = "Host";
