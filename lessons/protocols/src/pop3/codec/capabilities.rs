//! What a server says that it can do (RFC 2449 sections 5 and 6).

/// The capabilities that our programs act on, and the lines of those that they do not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Capabilities {
    /// Each capability with its parameters, as it was announced.
    pub lines: Vec<String>,
}

impl Capabilities {
    /// Reads the content of a positive reply to CAPA.
    pub fn parse(content: &[u8]) -> Capabilities {
        let text = String::from_utf8_lossy(content);
        let lines = text.split("\r\n").filter(|line| !line.is_empty());
        Capabilities { lines: lines.map(str::to_string).collect() }
    }

    /// Whether the capability of this name is announced; names are told apart without case.
    pub fn has(&self, name: &str) -> bool {
        let first = |line: &String| line.split(' ').next().map(str::to_string);
        self.lines.iter().filter_map(first).any(|tag| tag.eq_ignore_ascii_case(name))
    }

    /// Whether commands may be sent without waiting for replies (RFC 2449 section 6.6).
    pub fn pipelining(&self) -> bool {
        self.has("PIPELINING")
    }
}
