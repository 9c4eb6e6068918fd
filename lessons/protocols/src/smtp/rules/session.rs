//! The rules of a session: what may be said when, and what a mail is (RFC 5321 sections 3 and 4).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &GREETING,
    &REFUSED_SESSION,
    &EHLO,
    &HELO,
    &EHLO_RESETS,
    &HELLO_FIRST,
    &MAIL,
    &NESTED_MAIL,
    &RCPT,
    &DATA,
    &IN_ORDER,
    &REFUSED,
    &NO_RECIPIENTS,
    &DATA_REFUSED,
    &CONTENT,
    &END_OF_DATA,
    &TRANSPARENCY,
    &TEXT_LINE_LIMIT,
    &SIZE,
    &SIZE_LIMIT,
    &EIGHT_BIT,
    &ACCEPTED,
    &NOT_ACCEPTED,
    &RSET,
    &VRFY,
    &EXPN,
    &HELP,
    &AT_ANY_TIME,
    &NOOP,
    &QUIT,
    &SHUTTING_DOWN,
    &CLOSE,
    &PIPELINING,
    &ONE_AT_A_TIME,
    &REPLIES_IN_ORDER,
    &UNASKED,
    &BROKEN,
    &WAITING_LIMIT,
    &AUTH,
    &AUTH_EXCHANGE,
    &STARTTLS,
];

/// The greeting.
pub static GREETING: Rule = rule(
    "smtp.greeting",
    "RFC 5321",
    "4.3.1",
    "The server speaks first: 220 opens the session. The client should wait for it.",
    "A client that talks before it is greeted may be talking to something else.",
);

/// A session refused.
pub static REFUSED_SESSION: Rule = rule(
    "smtp.refused-session",
    "RFC 5321",
    "3.1",
    "A server that takes no mail may greet with 554. It must then wait for QUIT, and should \
     answer every other command with 503.",
    "The client learns for certain that waiting is of no use, which a closed port would not tell.",
);

/// EHLO.
pub static EHLO: Rule = rule(
    "smtp.ehlo",
    "RFC 5321",
    "4.1.1.1",
    "The client says who it is and asks for extensions; the reply lists them, one on a line.",
    "Old and new programs can talk: each uses only what both know.",
);

/// HELO.
pub static HELO: Rule = rule(
    "smtp.helo",
    "RFC 5321",
    "3.2",
    "A client whose EHLO is not recognised should say HELO, and uses no extensions.",
    "The command from 1982 works with every server.",
);

/// EHLO again.
pub static EHLO_RESETS: Rule = rule(
    "smtp.ehlo-resets",
    "RFC 5321",
    "4.1.4",
    "An EHLO later in the session must clear the transaction, as RSET does.",
    "The client starts anew, and both ends know it.",
);

/// Greet before mail.
pub static HELLO_FIRST: Rule = rule(
    "smtp.hello-first",
    "RFC 5321",
    "4.1.4",
    "A session that carries mail must begin with EHLO or HELO; mail commands before it get 503.",
    "The server must know what the client can do before a mail begins.",
);

/// MAIL.
pub static MAIL: Rule = rule(
    "smtp.mail",
    "RFC 5321",
    "4.1.1.2",
    "MAIL begins a transaction: it empties the buffers and names the sender.",
    "Everything after it, up to the final dot, is about one mail.",
);

/// MAIL within a transaction.
pub static NESTED_MAIL: Rule = rule(
    "smtp.nested-mail",
    "RFC 5321",
    "4.1.4",
    "MAIL must not be sent within a transaction; it gets 503.",
    "The server could not tell to which mail the recipients so far belong.",
);

/// RCPT.
pub static RCPT: Rule = rule(
    "smtp.rcpt",
    "RFC 5321",
    "4.1.1.3",
    "Each RCPT adds a recipient, or is refused and changes nothing.",
    "One mail to many users of a host crosses the network once.",
);

/// DATA.
pub static DATA: Rule = rule(
    "smtp.data",
    "RFC 5321",
    "4.1.1.4",
    "DATA asks leave to send the mail; 354 gives it. From then on lines are mail, not commands.",
    "The client need not send a large mail to learn that nobody wants it.",
);

/// The order of commands.
pub static IN_ORDER: Rule = rule(
    "smtp.in-order",
    "RFC 5321",
    "4.1.4",
    "MAIL, then RCPT, then DATA; a command out of order must get 503, and changes nothing.",
    "Each builds on what those before it have set up.",
);

/// A command that is refused.
pub static REFUSED: Rule = rule(
    "smtp.refused",
    "RFC 5321",
    "4.2.1",
    "A command that is answered with 4yz or 5yz was not accepted, and what it asked for does not \
     happen.",
    "Both sides stay where they were, and the session goes on.",
);

/// DATA without recipients.
pub static NO_RECIPIENTS: Rule = rule(
    "smtp.no-recipients",
    "RFC 5321",
    "3.3",
    "DATA without any recipient that was accepted may be refused with 503 or 554. The client must \
     not send the mail then.",
    "There is nobody to whom the mail could be delivered.",
);

/// DATA refused.
pub static DATA_REFUSED: Rule = rule(
    "smtp.data-refused",
    "RFC 2920",
    "3.1",
    "When DATA is refused the transaction is still open; the client can send RSET and go on.",
    "Client and server agree again where they are before the next mail.",
);

/// The mail itself.
pub static CONTENT: Rule = rule(
    "smtp.content",
    "RFC 5321",
    "2.3.9",
    "After 354 comes the content: the header section, an empty line and the body. SMTP carries it \
     as one piece.",
    "The envelope alone says where the mail goes; the letter can be anything.",
);

/// The end of the mail.
pub static END_OF_DATA: Rule = rule(
    "smtp.end-of-data",
    "RFC 5321",
    "4.1.1.4",
    "CR LF, a dot, CR LF end the mail, and nothing else does. The server must not take LF alone \
     for a line end.",
    "Two servers that see different ends see different mails in the same bytes.",
);

/// Stuffed dots.
pub static TRANSPARENCY: Rule = rule(
    "smtp.transparency",
    "RFC 5321",
    "4.5.2",
    "A client puts a dot before each line that begins with one; the server takes it off.",
    "Otherwise a line with a dot alone in the letter would end it.",
);

/// Long lines of mail.
pub static TEXT_LINE_LIMIT: Rule = rule(
    "smtp.text-line-limit",
    "RFC 5321",
    "4.5.3.1.6",
    "A line of mail has at most 1000 octets with its CRLF, not counting a stuffed dot. We answer \
     a mail with longer ones with 500 at its end.",
    "Every program on the way may set aside room for a line.",
);

/// SIZE.
pub static SIZE: Rule = rule(
    "smtp.size",
    "RFC 1870",
    "3",
    "The server may say the largest mail it takes; the client may say with MAIL how large this \
     one is.",
    "A mail that is too large is refused before it is sent, not after.",
);

/// Too large.
pub static SIZE_LIMIT: Rule = rule(
    "smtp.size-limit",
    "RFC 1870",
    "6.1",
    "A mail over the limit gets 552, at MAIL if it was declared and else at its end.",
    "It will not become smaller by being sent again.",
);

/// 8BITMIME.
pub static EIGHT_BIT: Rule = rule(
    "smtp.eight-bit",
    "RFC 6152",
    "3",
    "Octets above 127 may be sent only where EHLO offered 8BITMIME and MAIL says BODY=8BITMIME. \
     We refuse others at the end with 554.",
    "Old servers cleared the eighth bit, and nobody could read what was left.",
);

/// Responsibility.
pub static ACCEPTED: Rule = rule(
    "smtp.accepted",
    "RFC 5321",
    "6.1",
    "A server that answers the final dot with 250 must deliver the mail or tell the sender. It \
     answers only when the mail is stored safely.",
    "After that answer the client deletes its copy.",
);

/// Mail not accepted.
pub static NOT_ACCEPTED: Rule = rule(
    "smtp.not-accepted",
    "RFC 5321",
    "4.1.1.4",
    "A reply other than 2yz to the final dot refuses the mail for all its recipients.",
    "The client still has it, and tries again after 4yz or tells the sender after 5yz.",
);

/// RSET.
pub static RSET: Rule = rule(
    "smtp.rset",
    "RFC 5321",
    "4.1.1.5",
    "RSET must forget the transaction, and changes nothing else.",
    "A client can give up one mail and go on with the next.",
);

/// VRFY.
pub static VRFY: Rule = rule(
    "smtp.vrfy",
    "RFC 5321",
    "7.3",
    "VRFY asks whether somebody has a mailbox. A server that will not tell must answer 252: it \
     has not looked, and would take mail.",
    "Who could ask for every name would soon have a list of them to send advertisements to.",
);

/// EXPN.
pub static EXPN: Rule = rule(
    "smtp.expn",
    "RFC 5321",
    "4.5.1",
    "EXPN asks who is on a list. It is not among the commands that every server must have. Ours \
     keeps no lists, and answers 502.",
    "A list that does not exist cannot be told; a made-up answer would be taken for one.",
);

/// HELP.
pub static HELP: Rule = rule(
    "smtp.help",
    "RFC 5321",
    "4.1.1.8",
    "HELP asks what may be said; 214 tells. A server may know topics too; ours answers one that \
     nobody has written about with 504.",
    "People once typed these commands.",
);

/// Commands that may come at any time.
pub static AT_ANY_TIME: Rule = rule(
    "smtp.at-any-time",
    "RFC 5321",
    "4.1.4",
    "VRFY, EXPN, HELP and NOOP may come at any time, and change nothing in a transaction.",
    "They ask about the server, not about the mail that is being handed over.",
);

/// NOOP.
pub static NOOP: Rule = rule(
    "smtp.noop",
    "RFC 5321",
    "4.1.1.9",
    "NOOP does nothing, and is answered.",
    "It shows that the other end is still there, and keeps time-outs away.",
);

/// QUIT.
pub static QUIT: Rule = rule(
    "smtp.quit",
    "RFC 5321",
    "4.1.1.10",
    "QUIT asks for the end; the server must answer 221 and then close. The client should wait for \
     the answer.",
    "Neither end is left to guess whether the other has crashed.",
);

/// 421.
pub static SHUTTING_DOWN: Rule = rule(
    "smtp.shutting-down",
    "RFC 5321",
    "3.8",
    "A server that must stop says 421, in answer to any command or none, and closes.",
    "The client knows that its mail was not taken and may be tried later.",
);

/// A connection that just ends.
pub static CLOSE: Rule = rule(
    "smtp.close",
    "RFC 5321",
    "4.1.1.10",
    "A connection that closes without QUIT must cancel the open transaction; what was accepted \
     before stays so.",
    "Half a mail must not be delivered.",
);

/// Groups of commands.
pub static PIPELINING: Rule = rule(
    "smtp.pipelining",
    "RFC 2920",
    "3.1",
    "Where EHLO offered PIPELINING, a client may send RSET, MAIL and RCPT without waiting; any \
     other command ends a group.",
    "A mail with ten recipients costs a few round trips, not fourteen.",
);

/// One command, one reply.
pub static ONE_AT_A_TIME: Rule = rule(
    "smtp.one-at-a-time",
    "RFC 5321",
    "4.3.1",
    "Without PIPELINING a client must wait for each reply before it sends the next command.",
    "A server that clears its input at each command would lose what was sent ahead.",
);

/// Replies in order.
pub static REPLIES_IN_ORDER: Rule = rule(
    "smtp.replies-in-order",
    "RFC 2920",
    "3.2",
    "A server must answer commands in the order in which they came, so that the client can count. \
     Codes and texts do not tell which reply is which.",
    "Five replies of 250 to five commands look all the same.",
);

/// A reply to nothing.
pub static UNASKED: Rule = rule(
    "smtp.unasked-reply",
    "RFC 5321",
    "4.2",
    "Each command has exactly one reply, and nothing else has any; 421 alone may come unasked.",
    "From then on the client would take each reply for that of the next command.",
);

/// What cannot be read.
pub static BROKEN: Rule = rule(
    "smtp.broken",
    "RFC 5321",
    "7.8",
    "A server may defend itself against attacks. After bytes that programs read in different \
     ways, ours answers once, reads no more and closes.",
    "An attacker chooses them so that two programs read them differently.",
);

/// Too much at once.
pub static WAITING_LIMIT: Rule = rule(
    "smtp.waiting-limit",
    "RFC 2920",
    "3.1",
    "A client that waits while it writes must make groups no larger than what fits the window; we \
     set a limit to what waits unread.",
    "Two ends that both write and do not read wait for each other for ever.",
);

/// AUTH.
pub static AUTH: Rule = rule(
    "smtp.auth",
    "RFC 4954",
    "4",
    "AUTH names a mechanism by which the client shows who it is; it may bring its first response \
     along. 235 says that the server believes it.",
    "A server that passes mail on for its own users must know them wherever they are.",
);

/// Challenges and responses.
pub static AUTH_EXCHANGE: Rule = rule(
    "smtp.auth-exchange",
    "RFC 4954",
    "4",
    "A challenge follows 334, and the client's next line is the response; both are base64. A `*` \
     alone gives up.",
    "Base64 keeps any bytes out of the way of line ends. It hides nothing: whoever sees it can \
     read it.",
);

/// STARTTLS.
pub static STARTTLS: Rule = rule(
    "smtp.starttls",
    "RFC 3207",
    "4",
    "After 220 to STARTTLS both sides speak TLS, and SMTP begins anew within it, unreadable from \
     outside.",
    "The same port serves those who can encrypt and those who cannot.",
);
