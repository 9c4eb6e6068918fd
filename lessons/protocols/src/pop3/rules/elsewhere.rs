//! What others speak besides: AUTH and STLS, which our programs do not offer and the reader of
//! recorded sessions understands.

use super::rule;
use crate::wire::Rule;

/// Every rule of these extensions.
pub const ALL: &[&Rule] = &[&AUTH, &AUTH_EXCHANGE, &STLS];

/// AUTH.
pub static AUTH: Rule = rule(
    "pop3.auth",
    "RFC 5034",
    "4",
    "AUTH names a mechanism by which the client shows who it is; it may bring its first response \
     along. +OK opens the maildrop, as after PASS.",
    "New mechanisms can be added, and old ones given up, without a new command for each.",
);

/// Challenges and responses.
pub static AUTH_EXCHANGE: Rule = rule(
    "pop3.auth-exchange",
    "RFC 5034",
    "4",
    "A challenge is a line that begins with `+` and a space, and the client's next line is the \
     response; both are base64. A `*` alone gives up.",
    "Base64 keeps any bytes out of the way of line ends. It hides nothing: whoever sees it can \
     read it.",
);

/// STLS.
pub static STLS: Rule = rule(
    "pop3.stls",
    "RFC 2595",
    "4",
    "After +OK to STLS both sides speak TLS, and POP3 goes on within it, unreadable from outside.",
    "The same port serves those who can encrypt and those who cannot.",
);
