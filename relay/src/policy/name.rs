//! Which texts are names: letters, digits and hyphens (RFC 1123 section 2.1), nothing that a
//! lenient resolver might take for a number.

use relay_wire::{Code, Detail, Reset};

/// The canonical form of a name: lower case and without the dot at the end.
pub(super) fn parse(text: &str) -> Result<String, Reset> {
    let bare = text.strip_suffix('.').unwrap_or(text);
    if !bare.is_ascii() {
        return Err(refuse(text, "write it in its ASCII form, with labels like xn--bcher-kva"));
    }
    if bare.is_empty() || bare.len() > MAX_NAME {
        return Err(refuse(text, "a name has between 1 and 253 characters"));
    }
    let labels: Vec<&str> = bare.split('.').collect();
    if labels.iter().any(|label| !is_label(label)) {
        return Err(refuse(
            text,
            "between its dots a name has letters, digits and inner hyphens, at most 63 of them",
        ));
    }
    if labels.last().is_some_and(|last| is_number(last)) {
        return Err(refuse(
            text,
            "it ends in a number, so it must be an address: four decimal numbers with dots, or \
             IPv6",
        ));
    }
    let name = bare.to_ascii_lowercase();
    if METADATA.contains(&name.as_str()) {
        return Err(refuse(text, "it is where clouds keep the secrets of a machine"));
    }
    Ok(name)
}

/// `localhost` and everything below it means this machine (RFC 6761 section 6.3).
pub(super) fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= MAX_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What the C library's resolver would read as a number: `1`, `0177`, `0x7f`.
fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn refuse(text: &str, why: &str) -> Reset {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect();
    let text = format!("\"{shown}\" is not a name the relay looks up: {why}.");
    Reset::new(Code::Policy, text).detail(Detail::Name)
}

/// RFC 1035 section 2.3.4, less the root's empty label.
const MAX_NAME: usize = 253;
/// RFC 1035 section 2.3.4.
const MAX_LABEL: usize = 63;
/// Enough of a refused name to recognise it.
const MAX_SHOWN: usize = 80;
/// Names under which clouds serve a machine's credentials.
const METADATA: &[&str] = &[
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
];
