//! The two header lines of cookies: `Set-Cookie` from the server, `Cookie` from the browser.

use super::parse_cookie_date;
use crate::http::policy_rules as rules;
use crate::wire::{Rule, Time};

/// A Set-Cookie value as a browser understands it (RFC 6265 section 5.2).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SetCookie {
    /// The cookie's name; compared with regard to case.
    pub name: String,
    /// Its value, quotes and all.
    pub value: String,
    /// The Expires attribute, if its date could be read.
    pub expires: Option<Time>,
    /// The Max-Age attribute in seconds; zero or less means: forget it now.
    pub max_age_secs: Option<i64>,
    /// The Domain attribute in lower case, without a leading dot.
    pub domain: Option<String>,
    /// The Path attribute, if it begins with `/`.
    pub path: Option<String>,
    /// Whether it may only go over a secure channel.
    pub secure: bool,
    /// Whether scripts in the page may not see it.
    pub http_only: bool,
}

impl SetCookie {
    /// Reads a Set-Cookie value (RFC 6265 section 5.2). Unknown attributes are passed over; of an
    /// attribute given twice the last counts.
    ///
    /// # Errors
    /// The rule by which the whole line is ignored: no `=`, an empty name, a control character or
    /// too long.
    pub fn parse(line: &str) -> Result<SetCookie, &'static Rule> {
        if line.len() > MAX_COOKIE_LEN {
            return Err(&rules::COOKIE_LIMITS);
        }
        if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
            return Err(&rules::COOKIE_SYNTAX);
        }
        let mut parts = line.split(';');
        let pair = parts.next().and_then(|p| p.split_once('='));
        let (name, value) = pair.ok_or(&rules::COOKIE_SYNTAX)?;
        let (name, value) = (trim(name).to_string(), trim(value).to_string());
        if name.is_empty() {
            return Err(&rules::COOKIE_SYNTAX);
        }
        let mut cookie = SetCookie { name, value, ..SetCookie::default() };
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            cookie.attribute(&trim(attribute).to_ascii_lowercase(), trim(value));
        }
        Ok(cookie)
    }

    fn attribute(&mut self, name: &str, value: &str) {
        match name {
            "expires" => self.expires = parse_cookie_date(value).or(self.expires),
            "max-age" => self.max_age_secs = max_age(value).or(self.max_age_secs),
            "domain" if !value.is_empty() => {
                let bare = value.strip_prefix('.').unwrap_or(value);
                self.domain = Some(bare.to_ascii_lowercase());
            }
            "path" => self.path = value.starts_with('/').then(|| value.to_string()),
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            _ => {}
        }
    }
}

/// The pairs of a Cookie line as a server reads them, in order (RFC 6265 section 4.2).
pub fn parse_cookie_line(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((trim(name), trim(value)))
    })
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Seconds of a Max-Age attribute: an optional minus, then digits; more than fit are very many.
fn max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let limit = if value.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(value.parse().unwrap_or(limit))
}

/// The longest Set-Cookie value kept: name, value and attributes together, as RFC 6265 section 6.1
/// asks browsers to hold at the least.
pub const MAX_COOKIE_LEN: usize = 4096;
