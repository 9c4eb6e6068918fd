//! How much of a peer we take: every limit with its reason.

/// How much of a peer's bytes a session takes before it calls it a violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The longest command line, in bytes with its CRLF.
    pub command_line_max: usize,
    /// The longest first line of a reply, in bytes with its CRLF.
    pub reply_line_max: usize,
    /// How many bytes of a line that is too long are read to find its end.
    pub overlong_max: usize,
    /// The most bytes of a reply's content, as they are sent.
    pub content_max: usize,
    /// The most bytes of further commands that wait while one is not answered.
    pub waiting_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            command_line_max: COMMAND_LINE_MAX,
            reply_line_max: REPLY_LINE_MAX,
            overlong_max: OVERLONG_MAX,
            content_max: CONTENT_MAX,
            waiting_max: WAITING_MAX,
        }
    }
}

/// RFC 2449 section 4.
const COMMAND_LINE_MAX: usize = 255;

/// RFC 1939 section 3, repeated in RFC 2449 section 4.
const REPLY_LINE_MAX: usize = 512;

/// Whoever types or pastes a long line hears what is wrong with it; a line without end must end.
const OVERLONG_MAX: usize = 8_192;

/// More than any mail of the lab, and little enough to hold in a browser's memory.
const CONTENT_MAX: usize = 32 * 1024 * 1024;

/// Some hundred pipelined commands; a client that sends more does not read our replies.
const WAITING_MAX: usize = 65_536;
