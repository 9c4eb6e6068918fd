//! Rules: what the standards say, each with its source, in our words.

use core::fmt;

/// One rule of a protocol, cited by the machine whenever it acts on it.
///
/// A citation takes the place of a comment: it explains the step to the student, and marks which
/// rules the tests and the student have met.
#[derive(Debug)]
pub struct Rule {
    /// The rule's own short name, unique over all protocols, such as `http.host-required`.
    pub id: &'static str,
    /// Where it stands.
    pub source: Source,
    /// What it says, as one plain sentence or two.
    pub says: &'static str,
    /// Why it is so: what would go wrong without it.
    pub why: &'static str,
}

/// Where a rule stands: a document and a section of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The document by its usual name, such as `RFC 9112` or `BEP 5`.
    pub document: &'static str,
    /// The section, such as `6.3`; empty where the document has none.
    pub section: &'static str,
}

impl Source {
    /// The section of the RFC with this name, such as `rfc("RFC 9112", "6.3")`.
    pub const fn new(document: &'static str, section: &'static str) -> Source {
        Source { document, section }
    }

    /// The address of the section in the public edition of an RFC; none for other documents.
    pub fn link(&self) -> Option<String> {
        let number = self.document.strip_prefix("RFC ")?;
        let anchor = match self.section {
            "" => String::new(),
            section => format!("#section-{section}"),
        };
        Some(format!("https://www.rfc-editor.org/rfc/rfc{number}.html{anchor}"))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            "" => write!(f, "{}", self.document),
            section => write!(f, "{} section {section}", self.document),
        }
    }
}

impl PartialEq for Rule {
    /// Rules are the same when their ids are: ids are unique (a test holds this).
    fn eq(&self, other: &Rule) -> bool {
        self.id == other.id
    }
}

/// How many rules these topics have. Runs in the compiler only, as does [`append`].
pub(crate) const fn count(topics: &[&[&Rule]]) -> usize {
    let (mut count, mut topic) = (0, 0);
    while topic < topics.len() {
        count += topics[topic].len();
        topic += 1;
    }
    count
}

/// Copies the rules of these topics to `at` and after; returns where the next ones go.
pub(crate) const fn append(
    all: &mut [&'static Rule],
    mut at: usize,
    topics: &[&[&'static Rule]],
) -> usize {
    let mut topic = 0;
    while topic < topics.len() {
        let mut next = 0;
        while next < topics[topic].len() {
            all[at] = topics[topic][next];
            (at, next) = (at + 1, next + 1);
        }
        topic += 1;
    }
    at
}

impl Eq for Rule {}
