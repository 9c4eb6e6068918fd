//! What the programs at both ends of POP3 act on: maildrops, their lock, what a reader remembers.

use super::rule;
use crate::wire::Rule;

/// Every rule that a maildrop, a server or a user agent cites.
pub const ALL: &[&Rule] = &[
    &NUMBERED,
    &NO_SUCH_MESSAGE,
    &ALREADY_DELETED,
    &LOCK,
    &IN_USE,
    &LOGIN_FAILED,
    &AUTOLOGOUT,
    &LEAVE_ON_SERVER,
    &KEPT_BEFORE_DELETED,
];

/// The snapshot that a session works on.
pub static NUMBERED: Rule = rule(
    "pop3.numbered",
    "RFC 1939",
    "4",
    "When the maildrop opens, its messages are numbered; mail that comes later waits for the next \
     session.",
    "Numbers that moved during a session would make DELE remove the wrong message.",
);

/// Numbers beyond the last.
pub static NO_SUCH_MESSAGE: Rule = rule(
    "pop3.no-such-message",
    "RFC 1939",
    "5",
    "A number that no message has is answered with -ERR.",
    "The client may have counted wrong; nothing is done by guessing.",
);

/// Messages that are marked.
pub static ALREADY_DELETED: Rule = rule(
    "pop3.already-deleted",
    "RFC 1939",
    "5",
    "A message that is marked as deleted is not there for any command but RSET.",
    "Within the session it shall look as it will be afterwards.",
);

/// The lock.
pub static LOCK: Rule = rule(
    "pop3.lock",
    "RFC 1939",
    "4",
    "While a session has the maildrop open, it has it alone.",
    "Two readers that remove messages under each other's hands would each see numbers that mean \
     nothing.",
);

/// A second session.
pub static IN_USE: Rule = rule(
    "pop3.in-use",
    "RFC 2449",
    "8.1.2",
    "The right password for a maildrop that is open elsewhere is answered with -ERR [IN-USE].",
    "The code says that the password was right, so that no client asks its user for another.",
);

/// Wrong names and passwords.
pub static LOGIN_FAILED: Rule = rule(
    "pop3.login-failed",
    "RFC 1939",
    "13",
    "A server that tells a wrong name from a wrong password gives clues to attackers. Ours \
     answers both alike, and gives only so many tries.",
    "Whoever tries passwords out should learn nothing, and slowly.",
);

/// Autologout.
pub static AUTOLOGOUT: Rule = rule(
    "pop3.autologout",
    "RFC 1939",
    "3",
    "A server may end a session in which nothing has come for some time, which must be ten \
     minutes at least. It then removes nothing, and closes without a word.",
    "A client that crashed would otherwise keep its maildrop locked for ever.",
);

/// Leaving mail where it is.
pub static LEAVE_ON_SERVER: Rule = rule(
    "pop3.leave-on-server",
    "RFC 1939",
    "8",
    "A reader fetches only what has a unique-id that it does not know: what it has left on the \
     server is not fetched twice.",
    "So mail may stay there and be read on several machines, at the price of a maildrop that \
     grows.",
);

/// The order of keeping and deleting.
pub static KEPT_BEFORE_DELETED: Rule = rule(
    "pop3.kept-before-deleted",
    "RFC 1939",
    "8",
    "A reader asks for a message's removal only when it has stored the message itself.",
    "Between the two there must be no moment in which nobody has it.",
);
