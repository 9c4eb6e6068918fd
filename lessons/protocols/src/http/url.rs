//! `http` URLs: read, shown and resolved (RFC 3986, RFC 9110 section 4.2.1).

use core::fmt;
use core::str::FromStr;

/// An absolute `http` URL.
///
/// The scheme and host are kept in lower case and an empty path as `/` (RFC 9110 section 4.2.3);
/// percent-encoded octets stay as they were written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Url {
    host: String,
    port: u16,
    path: String,
    query: Option<String>,
    fragment: Option<String>,
}

impl Url {
    /// The host part as written in the URL; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, 80 where the URL names none.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path, which always begins with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query without its `?`.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The fragment without its `#`; it never goes to the server.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }

    /// Host and port as the Host field carries them (RFC 9110 section 7.2): no port if it is 80.
    pub fn authority(&self) -> String {
        match self.port {
            HTTP_PORT => self.host.clone(),
            port => format!("{}:{port}", self.host),
        }
    }

    /// The target of a request to the origin server: path and query (RFC 9112 section 3.2.1).
    pub fn origin_form(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// The target of a request to a proxy: the whole URL without fragment (RFC 9112 section 3.2.2).
    pub fn absolute_form(&self) -> String {
        format!("http://{}{}", self.authority(), self.origin_form())
    }

    /// The same URL with no fragment: what names the resource, and what a cache goes by.
    pub fn without_fragment(&self) -> Url {
        Url { fragment: None, ..self.clone() }
    }

    /// Whether both name the same origin: scheme, host and port (RFC 9110 section 4.3.1).
    pub fn same_origin(&self, other: &Url) -> bool {
        self.host == other.host && self.port == other.port
    }

    /// The URL that a reference found in this resource names (RFC 3986 section 5.3).
    ///
    /// # Errors
    /// The reference leads to what is not an `http` URL.
    pub fn resolve(&self, reference: &str) -> Result<Url, UrlError> {
        check_characters(reference)?;
        let base = Reference::split(&self.to_string());
        Url::from_reference(Reference::split(reference).resolved_against(&base))
    }

    fn from_reference(r: Reference) -> Result<Url, UrlError> {
        match r.scheme.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("http") => {}
            Some("https") => return Err(UrlError::Https),
            Some(other) => return Err(UrlError::OtherScheme(other.to_string())),
            None => return Err(UrlError::NotAbsolute),
        }
        let authority = r.authority.ok_or(UrlError::NoHost)?;
        let (host, port) = split_authority(&authority)?;
        let path = if r.path.is_empty() { "/".to_string() } else { r.path };
        Ok(Url { host, port, path, query: r.query, fragment: r.fragment })
    }
}

impl FromStr for Url {
    type Err = UrlError;

    /// Reads an absolute `http` URL; `www.cs.test/page` without a scheme is not one.
    fn from_str(text: &str) -> Result<Url, UrlError> {
        check_characters(text)?;
        let mut reference = Reference::split(text);
        if reference.authority.is_some() {
            reference.path = remove_dot_segments(&reference.path);
        }
        Url::from_reference(reference)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.absolute_form())?;
        match &self.fragment {
            Some(fragment) => write!(f, "#{fragment}"),
            None => Ok(()),
        }
    }
}

/// Why a text is not an `http` URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UrlError {
    /// It begins with `https:`, which needs TLS.
    Https,
    /// It has another scheme.
    OtherScheme(String),
    /// It has no scheme.
    NotAbsolute,
    /// It names no host.
    NoHost,
    /// The host has a character that no host has.
    BadHost(String),
    /// What follows the colon is no port from 1 to 65535.
    BadPort(String),
    /// It carries a name or password before an `@`, which HTTP no longer allows.
    UserInfo,
    /// It has a space, a control character or one beyond ASCII, which must be percent-encoded.
    BadCharacter(char),
    /// It is longer than [`MAX_URL_LEN`].
    TooLong,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UrlError::Https => f.write_str(
                "An https URL is fetched over TLS, which this lab does not speak; use an http URL.",
            ),
            UrlError::OtherScheme(scheme) => {
                write!(f, "`{scheme}:` is not fetched with HTTP; use an http URL.")
            }
            UrlError::NotAbsolute => f.write_str("The URL must begin with `http://`."),
            UrlError::NoHost => f.write_str("The URL names no host after `http://`."),
            UrlError::BadHost(host) => write!(f, "`{host}` is not a host name or address."),
            UrlError::BadPort(port) => write!(f, "`{port}` is not a port from 1 to 65535."),
            UrlError::UserInfo => f.write_str(
                "The URL has a user name before an `@`; HTTP treats that as an error, because it \
                 is used to disguise the real host.",
            ),
            UrlError::BadCharacter(c) => {
                write!(f, "{c:?} cannot stand in a URL; percent-encode it.")
            }
            UrlError::TooLong => write!(f, "The URL is longer than {MAX_URL_LEN} characters."),
        }
    }
}

impl std::error::Error for UrlError {}

/// The parts of a URI reference (RFC 3986 section 4.1), still uninterpreted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Reference {
    scheme: Option<String>,
    authority: Option<String>,
    path: String,
    query: Option<String>,
    fragment: Option<String>,
}

impl Reference {
    /// Splits as the regular expression of RFC 3986 appendix B does.
    fn split(text: &str) -> Reference {
        let (text, fragment) = match text.split_once('#') {
            Some((before, after)) => (before, Some(after.to_string())),
            None => (text, None),
        };
        let (text, query) = match text.split_once('?') {
            Some((before, after)) => (before, Some(after.to_string())),
            None => (text, None),
        };
        let (scheme, text) = match text.split_once(':') {
            Some((before, after)) if is_scheme(before) => (Some(before.to_string()), after),
            _ => (None, text),
        };
        let (authority, path) = match text.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at(end);
                (Some(authority.to_string()), path)
            }
            None => (None, text),
        };
        Reference { scheme, authority, path: path.to_string(), query, fragment }
    }

    /// The target that this reference names, seen from a base (RFC 3986 section 5.2.2, strict).
    fn resolved_against(self, base: &Reference) -> Reference {
        if self.scheme.is_some() {
            return Reference { path: remove_dot_segments(&self.path), ..self };
        }
        let scheme = base.scheme.clone();
        if self.authority.is_some() {
            return Reference { scheme, path: remove_dot_segments(&self.path), ..self };
        }
        let authority = base.authority.clone();
        if self.path.is_empty() {
            let query = self.query.or_else(|| base.query.clone());
            return Reference {
                scheme,
                authority,
                path: base.path.clone(),
                query,
                fragment: self.fragment,
            };
        }
        let path = match self.path.starts_with('/') {
            true => remove_dot_segments(&self.path),
            false => remove_dot_segments(&merged(base, &self.path)),
        };
        Reference { scheme, authority, path, ..self }
    }
}

/// A relative path put after the last `/` of the base's (RFC 3986 section 5.2.3).
fn merged(base: &Reference, path: &str) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{path}");
    }
    match base.path.rfind('/') {
        Some(at) => format!("{}/{path}", base.path.get(..at).unwrap_or("")),
        None => path.to_string(),
    }
}

/// Takes `.` and `..` out of a path (RFC 3986 section 5.2.4).
fn remove_dot_segments(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." if last => kept.push(""),
            "." => {}
            ".." => {
                kept.pop();
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    let joined = kept.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn check_characters(text: &str) -> Result<(), UrlError> {
    if text.len() > MAX_URL_LEN {
        return Err(UrlError::TooLong);
    }
    match text.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c)) {
        Some(bad) => Err(UrlError::BadCharacter(bad)),
        None => Ok(()),
    }
}

fn split_authority(authority: &str) -> Result<(String, u16), UrlError> {
    if authority.contains('@') {
        return Err(UrlError::UserInfo);
    }
    let after_bracket = authority.find(']').map_or(0, |at| at + 1);
    let tail = authority.get(after_bracket..).unwrap_or("");
    let (host, port) = match tail.find(':') {
        Some(at) => (authority.get(..after_bracket + at), tail.get(at + 1..).unwrap_or("")),
        None => (Some(authority), ""),
    };
    let host = host.unwrap_or("").to_ascii_lowercase();
    if host.is_empty() {
        return Err(UrlError::NoHost);
    }
    if !is_host(&host) {
        return Err(UrlError::BadHost(host));
    }
    let port = match port {
        "" => HTTP_PORT,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(0) | Err(_) => return Err(UrlError::BadPort(digits.to_string())),
            Ok(port) => port,
        },
        other => return Err(UrlError::BadPort(other.to_string())),
    };
    Ok((host, port))
}

/// A bracketed IPv6 address, or a registered name or IPv4 address (RFC 3986 section 3.2.2).
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(rest) => {
            rest.strip_suffix(']').is_some_and(|inner| inner.parse::<core::net::Ipv6Addr>().is_ok())
        }
        None => host.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=".contains(c)),
    }
}

/// The longest URL read: RFC 9110 section 4.1 asks for at least 8000 octets.
pub const MAX_URL_LEN: usize = 8000;

/// The port of `http` URLs that name none (RFC 9110 section 4.2.1).
pub const HTTP_PORT: u16 = 80;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3986 section 5.4: every example, normal and abnormal, against `http://a/b/c/d;p?q`.
    #[test]
    fn every_example_of_rfc_3986_section_5_4_resolves_as_it_says() {
        let base = Reference::split("http://a/b/c/d;p?q");
        for (reference, expected) in EXAMPLES_5_4 {
            let r = Reference::split(reference).resolved_against(&base);
            let mut shown = r.scheme.map(|s| s + ":").unwrap_or_default();
            shown += &r.authority.map(|a| format!("//{a}")).unwrap_or_default();
            shown += &r.path;
            shown += &r.query.map(|q| format!("?{q}")).unwrap_or_default();
            shown += &r.fragment.map(|f| format!("#{f}")).unwrap_or_default();
            assert_eq!(&shown, expected, "{reference}");
        }
    }

    #[test]
    fn resolving_from_a_url_gives_a_url() {
        let base: Url = "http://www.cs.test:8080/staff/index.html?term=2#top".parse().unwrap();
        for (reference, expected) in [
            ("portrait.png", "http://www.cs.test:8080/staff/portrait.png"),
            ("/logo.svg", "http://www.cs.test:8080/logo.svg"),
            ("?term=3", "http://www.cs.test:8080/staff/index.html?term=3"),
            ("//other.test/x", "http://other.test/x"),
            ("#end", "http://www.cs.test:8080/staff/index.html?term=2#end"),
        ] {
            assert_eq!(base.resolve(reference).unwrap().to_string(), expected, "{reference}");
        }
    }

    #[test]
    fn reading_and_showing_normalise_only_case_port_and_empty_path() {
        for (text, shown) in [
            ("http://WWW.CS.test", "http://www.cs.test/"),
            ("HTTP://cs.test:80/A%2fb", "http://cs.test/A%2fb"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
            ("http://cs.test?q=1", "http://cs.test/?q=1"),
            ("http://cs.test/a/../b", "http://cs.test/b"),
        ] {
            assert_eq!(text.parse::<Url>().unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_http_url_is_refused_with_the_reason() {
        for (text, why) in [
            ("https://cs.test/", UrlError::Https),
            ("ftp://cs.test/", UrlError::OtherScheme("ftp".into())),
            ("cs.test/", UrlError::NotAbsolute),
            ("http:///x", UrlError::NoHost),
            ("http:x", UrlError::NoHost),
            ("http://u:p@cs.test/", UrlError::UserInfo),
            ("http://cs.test:0/", UrlError::BadPort("0".into())),
            ("http://cs.test:65536/", UrlError::BadPort("65536".into())),
            ("http://[::1/", UrlError::BadHost("[".into())),
            ("http://a b/", UrlError::BadCharacter(' ')),
            ("http://cs.test/\r\nX: y", UrlError::BadCharacter('\r')),
            ("http://cs.test/\u{e9}", UrlError::BadCharacter('\u{e9}')),
        ] {
            assert_eq!(text.parse::<Url>(), Err(why), "{text}");
        }
        let long = format!("http://cs.test/{}", "a".repeat(MAX_URL_LEN));
        assert_eq!(long.parse::<Url>(), Err(UrlError::TooLong));
    }

    #[rustfmt::skip]
    const EXAMPLES_5_4: &[(&str, &str)] = &[
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
        ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
        ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
        ("g;x=1/../y", "http://a/b/c/y"), ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/./x", "http://a/b/c/g#s/./x"),
        ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
    ];
}
