//! How much a reader takes: the sizes of RFC 5321 section 4.5.3.1.

/// How much a reader takes before it refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Octets of a command line, its CRLF included.
    pub command_line_max: usize,
    /// Octets of a reply line, its CRLF included.
    pub reply_line_max: usize,
    /// Lines of one reply.
    pub reply_lines_max: usize,
    /// Octets of a line of mail, its CRLF included, a stuffed dot not.
    pub text_line_max: usize,
    /// Octets of a mail.
    pub mail_max: u64,
    /// Octets of the local part of an address.
    pub local_part_max: usize,
    /// Octets of a domain.
    pub domain_max: usize,
    /// Octets of a path, its brackets included.
    pub path_max: usize,
    /// Octets that may wait while a reply is owed.
    pub waiting_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            command_line_max: COMMAND_LINE_MAX,
            reply_line_max: REPLY_LINE_MAX,
            reply_lines_max: REPLY_LINES_MAX,
            text_line_max: TEXT_LINE_MAX,
            mail_max: MAIL_MAX,
            local_part_max: LOCAL_PART_MAX,
            domain_max: DOMAIN_MAX,
            path_max: PATH_MAX,
            waiting_max: WAITING_MAX,
        }
    }
}

impl Limits {
    /// The same, and nothing too long or too much: for those who look at what others sent.
    pub fn none() -> Limits {
        Limits {
            command_line_max: usize::MAX,
            reply_line_max: usize::MAX,
            reply_lines_max: usize::MAX,
            text_line_max: usize::MAX,
            mail_max: u64::MAX,
            local_part_max: usize::MAX,
            domain_max: usize::MAX,
            path_max: usize::MAX,
            waiting_max: usize::MAX,
        }
    }
}

/// RFC 5321 section 4.5.3.1.4 gives 512; SIZE adds 26 (RFC 1870 section 3) and BODY 17 (RFC 6152
/// section 2) for MAIL, and a shorter limit on the other commands would help nobody.
const COMMAND_LINE_MAX: usize = 512 + 26 + 17;

/// RFC 5321 section 4.5.3.1.5 says 512; servers are known that say a little more.
const REPLY_LINE_MAX: usize = 2_048;

/// No server offers a hundred extensions; one that never ends its reply must not fill our memory.
const REPLY_LINES_MAX: usize = 100;

/// RFC 5321 section 4.5.3.1.6, with the CRLF and without the stuffed dot.
const TEXT_LINE_MAX: usize = 1_000;

/// RFC 5321 section 4.5.3.1.7 asks for at least 64K; this takes a few pictures, and a browser holds
/// it with ease.
const MAIL_MAX: u64 = 8 * 1024 * 1024;

/// RFC 5321 section 4.5.3.1.1.
const LOCAL_PART_MAX: usize = 64;

/// RFC 5321 section 4.5.3.1.2.
const DOMAIN_MAX: usize = 255;

/// RFC 5321 section 4.5.3.1.3.
const PATH_MAX: usize = 256;

/// Some hundred pipelined recipients; a client that sends more before it reads is not answered.
const WAITING_MAX: usize = 65_536;
