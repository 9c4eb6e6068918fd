//! What a user agent acts on when it hands in mail, beyond the rules of its protocols.

use super::rule;
use crate::wire::Rule;

/// Every rule of this file.
pub(super) const ALL: &[&Rule] = &[&SUBMIT, &KEPT_IN_OUTBOX, &NO_REPLY, &REFUSED, &EIGHT_BIT];

/// Submission.
pub static SUBMIT: Rule = rule(
    "mail.submit",
    "RFC 5321",
    "2.3.3",
    "A user agent hands mail to its own server and leaves the rest of the way to it.",
    "A laptop comes and goes; the server stays on, and can try for days.",
);

/// The outbox.
pub static KEPT_IN_OUTBOX: Rule = rule(
    "mail.kept-in-outbox",
    "RFC 5321",
    "4.2.5",
    "Mail stays in the outbox until the server has said 250 after its end, and is tried again \
     until then.",
    "Before that 250 nobody else has promised to keep it.",
);

/// Replies that do not come.
pub static NO_REPLY: Rule = rule(
    "mail.no-reply",
    "RFC 5321",
    "4.5.3.2",
    "A client must set a time-out: if it hears nothing for minutes, it gives the connection up.",
    "A server that was switched off sends no FIN: only time tells.",
);

/// Refusals for good.
pub static REFUSED: Rule = rule(
    "mail.refused",
    "RFC 5321",
    "4.2.1",
    "A reply 5yz is final: the same mail should not be sent again unless its user says so.",
    "It would be refused each time.",
);

/// Bytes above 127.
pub static EIGHT_BIT: Rule = rule(
    "mail.eight-bit",
    "RFC 6152",
    "3",
    "Text with bytes above 127 goes as it is only to a server that offers 8BITMIME; for others it \
     is written as quoted-printable or base64.",
    "A relay that knows seven bits only would cut the eighth off, and the text with it.",
);
