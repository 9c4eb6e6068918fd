//! Patterns for what messages and events say: plain text in which `*` stands for anything.

/// A pattern such as `page * done` or `GET /logo.png`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern(String);

impl Pattern {
    /// The pattern of this text.
    pub fn new(text: impl Into<String>) -> Pattern {
        Pattern(text.into())
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether the whole of a text fits.
    pub fn fits(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let mut parts = parts.peekable();
        if parts.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            match rest.find(part) {
                Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).fits(text);
        assert!(fits("GET /", "GET /"));
        assert!(!fits("GET /", "GET /index.html"));
        assert!(fits("GET *", "GET /index.html"));
        assert!(fits("*", ""));
        assert!(fits("page * done", "page http://www.cs.test/ done"));
        assert!(!fits("page * done", "page http://www.cs.test/ done again"));
        assert!(fits("*304*", "response /a 304 0"));
        assert!(!fits("a*a", "a"), "the two letters must be two");
    }
}
