//! How much of a peer we take: every limit with its reason.

/// Which end of a connection a machine plays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Sends requests, reads responses.
    Client,
    /// Reads requests, sends responses.
    Server,
}

/// How much of a peer's bytes a machine takes before it calls it a violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The longest start line, in bytes without its CRLF.
    pub start_line_max: usize,
    /// The longest head or trailer section, in bytes: start line, fields and empty line.
    pub head_max: usize,
    /// The most field lines in one section.
    pub fields_max: usize,
    /// The longest content of one message, in bytes after the chunked coding is taken off.
    pub body_max: u64,
    /// The longest line that gives a chunk's size, with its extensions, in bytes.
    pub chunk_line_max: usize,
    /// The most bytes of chunk extensions in one message.
    pub chunk_extensions_max: usize,
    /// The most empty lines before a start line.
    pub empty_lines_max: usize,
    /// The most interim (1xx) responses to one request.
    pub interim_max: usize,
    /// The most bytes of further requests that wait while an answer is not complete.
    pub waiting_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            start_line_max: START_LINE_MAX,
            head_max: HEAD_MAX,
            fields_max: FIELDS_MAX,
            body_max: BODY_MAX,
            chunk_line_max: CHUNK_LINE_MAX,
            chunk_extensions_max: CHUNK_EXTENSIONS_MAX,
            empty_lines_max: EMPTY_LINES_MAX,
            interim_max: INTERIM_MAX,
            waiting_max: WAITING_MAX,
        }
    }
}

/// RFC 9112 section 3 asks for at least 8000 octets.
const START_LINE_MAX: usize = 8_192;

/// What Apache and nginx give a whole head by default, give or take.
const HEAD_MAX: usize = 32_768;

/// As many as Apache takes; browsers send about twenty.
const FIELDS_MAX: usize = 100;

/// More than any page of the lab, and little enough to hold in a browser's memory.
const BODY_MAX: u64 = 16 * 1024 * 1024;

/// Room for a size and a signature; no honest extension is longer.
const CHUNK_LINE_MAX: usize = 1_024;

/// A signature on each of a hundred chunks. RFC 9112 section 7.1.1 asks for a limit of the total.
const CHUNK_EXTENSIONS_MAX: usize = 16_384;

/// RFC 9112 section 2.2 asks for at least one; a stream of nothing else must end.
const EMPTY_LINES_MAX: usize = 8;

/// A server at work may say 102 every twenty seconds (RFC 2518 section 10.1): ten minutes of that.
const INTERIM_MAX: usize = 32;

/// A hundred or so pipelined requests; a client that sends more does not read our answers.
const WAITING_MAX: usize = 65_536;
