//! Forms as browsers send them: `application/x-www-form-urlencoded`.

/// The pairs of a form, decoded. What is not UTF-8 is shown with replacement characters.
pub(super) fn pairs(encoded: &str) -> Vec<(String, String)> {
    let parts = encoded.split('&').filter(|part| !part.is_empty()).take(MAX_PAIRS);
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// A table of the pairs, as a page; everything that the client sent is escaped, because a page
/// that repeated it raw would run whatever script a stranger's link put there.
pub(super) fn page(title: &str, pairs: &[(String, String)]) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{title}</title></head><body>\n\
         <h1>{title}</h1>\n<dl>\n"
    );
    for (name, value) in pairs {
        page += &format!("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value));
    }
    page + "</dl>\n</body></html>\n"
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(hex), ahead.next().and_then(hex)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = ahead;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The most pairs read from one form: more than any form of the lessons has.
const MAX_PAIRS: usize = 100;
