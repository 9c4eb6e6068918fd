//! HTTP messages as values: request and response heads and their fields.

use core::fmt;

/// A protocol version as a message states it (RFC 9112 section 2.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Version {
    /// `HTTP/1.0`: one exchange to a connection, unless both ends ask to keep it.
    Http10,
    /// `HTTP/1.1`: connections persist, unless either end says `close`.
    Http11,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        })
    }
}

/// The head of a request: what is asked, of which resource (RFC 9112 section 3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The method, case-sensitive: `GET`.
    pub method: String,
    /// The request target as sent: `/index.html`, or `http://host/path` to a proxy.
    pub target: String,
    /// The version that the client speaks.
    pub version: Version,
    /// The header fields in order.
    pub fields: Fields,
}

/// The head of a response: what became of the request (RFC 9112 section 4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// The version that the server speaks.
    pub version: Version,
    /// The status code, 100 to 999.
    pub status: u16,
    /// The reason phrase as sent; means nothing to machines.
    pub reason: String,
    /// The header fields in order.
    pub fields: Fields,
}

/// One header field line, such as `Host: www.cs.test` (RFC 9110 section 5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The name as sent; compared without regard to case.
    pub name: String,
    /// The value without the white space around it. Each byte is one character (so bytes over
    /// 127 are U+0080 to U+00FF), which loses nothing and interprets nothing.
    pub value: String,
}

/// Header or trailer fields in the order of sending.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// No fields.
    pub const fn new() -> Fields {
        Fields(Vec::new())
    }

    /// The fields in order.
    pub fn iter(&self) -> core::slice::Iter<'_, Field> {
        self.0.iter()
    }

    /// How many field lines there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of the first field of this name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of every field of this name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value.as_str())
    }

    /// The members of a list-valued field over all its lines, trimmed, empty ones left out
    /// (RFC 9110 section 5.6.1). Not for fields whose values contain commas in quotes or dates.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.all(name).flat_map(|v| v.split(',')).map(trim_ows).filter(|v| !v.is_empty())
    }

    /// Whether a list-valued field has this member, without regard to case.
    pub fn has(&self, name: &str, member: &str) -> bool {
        self.list(name).any(|m| m.eq_ignore_ascii_case(member))
    }

    /// Adds a field line after the others.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push(Field { name: name.into(), value: value.into() });
    }

    /// The same fields with one more: for building messages in one expression.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Fields {
        self.push(name, value);
        self
    }

    /// Replaces every field of this name by a single one, at the place of the first.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let at = self.0.iter().position(|f| f.name.eq_ignore_ascii_case(name));
        self.remove(name);
        let field = Field { name: name.to_string(), value: value.into() };
        self.0.insert(at.unwrap_or(self.0.len()).min(self.0.len()), field);
    }

    /// Puts text behind the last value, after one space: what an obs-fold continues (RFC 9112
    /// section 5.2).
    pub(super) fn extend_last(&mut self, text: &str) {
        if let Some(last) = self.0.last_mut() {
            if !last.value.is_empty() && !text.is_empty() {
                last.value.push(' ');
            }
            last.value.push_str(text);
        }
    }

    /// Takes every field of this name out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|f| !f.name.eq_ignore_ascii_case(name));
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = &'a Field;
    type IntoIter = core::slice::Iter<'a, Field>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Fields {
        Fields(fields.into_iter().collect())
    }
}

/// Takes SP and HTAB off both ends (RFC 9110 section 5.6.3). Not `str::trim`, which would also
/// take a no-break space, a byte that other readers of the same field keep.
pub(super) fn trim_ows(value: &str) -> &str {
    value.trim_matches([' ', '\t'])
}
