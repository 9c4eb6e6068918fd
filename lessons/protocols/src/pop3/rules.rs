//! What RFC 1939 and RFC 2449 say about POP3, in our words: the rules that codec and machine act
//! on. Those of the programs at its ends are in [`policy`].

pub mod elsewhere;
pub mod policy;

use crate::wire::{Rule, Source};

/// Every rule that codec and machine cite.
pub const ALL: &[&Rule] = &[
    &COMMAND,
    &CRLF,
    &PRINTABLE,
    &ARGUMENTS,
    &UNKNOWN,
    &COMMAND_LIMIT,
    &MESSAGE_NUMBER,
    &LINE_COUNT,
    &STATUS,
    &RESPONSE_CODE,
    &REPLY_LIMIT,
    &MULTI_LINE,
    &STUFFING,
    &CONTENT_LIMIT,
    &GREETING,
    &WRONG_STATE,
    &USER,
    &PASS,
    &APOP,
    &STAT,
    &LIST,
    &RETR,
    &TOP,
    &UIDL,
    &DELE,
    &RSET,
    &NOOP,
    &CAPA,
    &REFUSED,
    &QUIT_EARLY,
    &UPDATE,
    &NOT_REMOVED,
    &NO_UPDATE,
    &CLOSE,
    &UNASKED,
    &PIPELINING,
    &WAITING_LIMIT,
    &INCOMPLETE,
    &BROKEN,
];

/// A rule in one line, for the tables of this folder.
pub(in crate::pop3) const fn rule(
    id: &'static str,
    document: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new(document, section), says, why }
}

/// Command lines.
pub static COMMAND: Rule = rule(
    "pop3.command",
    "RFC 1939",
    "3",
    "A command is a keyword of three or four letters, in any case, with its arguments after it.",
    "One line, one wish, one reply: a person at a terminal can speak it.",
);

/// Line ends.
pub static CRLF: Rule = rule(
    "pop3.crlf",
    "RFC 1939",
    "3",
    "Every line ends with CR LF, both bytes.",
    "Systems that disagree on what ends a line in a file still agree on what ends one on the wire.",
);

/// What stands in lines.
pub static PRINTABLE: Rule = rule(
    "pop3.printable",
    "RFC 1939",
    "3",
    "Keywords and arguments are printable ASCII characters.",
    "A control character in a line is shown by one program, skipped by another, and obeyed by a \
     third.",
);

/// Spaces and arguments.
pub static ARGUMENTS: Rule = rule(
    "pop3.arguments",
    "RFC 1939",
    "3",
    "Exactly one space stands before each argument; each command has as many as it is given here.",
    "The server need not guess whether two spaces are one, or an empty argument.",
);

/// Unknown commands.
pub static UNKNOWN: Rule = rule(
    "pop3.unknown",
    "RFC 1939",
    "3",
    "A server must answer a command that it does not know with -ERR, and the session goes on.",
    "A newer client can try a command, and do without it where the server is older.",
);

/// The limit of command lines.
pub static COMMAND_LIMIT: Rule = rule(
    "pop3.command-limit",
    "RFC 2449",
    "4",
    "A command has at most 255 octets with its CRLF. We refuse a longer one, and an endless one \
     ends the session.",
    "Who reads a line must hold it in memory, and a line without end would fill all of it.",
);

/// Message numbers.
pub static MESSAGE_NUMBER: Rule = rule(
    "pop3.message-number",
    "RFC 1939",
    "4",
    "Messages are numbered from 1 when the session begins, in decimal digits, and keep their \
     number to its end.",
    "A number is good for one session only; across sessions only unique-ids hold.",
);

/// Numbers of lines.
pub static LINE_COUNT: Rule = rule(
    "pop3.line-count",
    "RFC 1939",
    "7",
    "TOP takes a number of lines that is not negative; 0 asks for the header alone.",
    "A reader on a slow line wants to know what a message is before fetching it.",
);

/// Status indicators.
pub static STATUS: Rule = rule(
    "pop3.status",
    "RFC 1939",
    "3",
    "A reply begins with +OK or -ERR, which must be in capitals. What stands after it is for \
     people, mostly.",
    "Two cases are enough to program by; the text tells a person why.",
);

/// Extended response codes.
pub static RESPONSE_CODE: Rule = rule(
    "pop3.response-code",
    "RFC 2449",
    "8",
    "The text of a reply may begin with a code in brackets, such as [IN-USE].",
    "A client can then tell a wrong password, which it should ask for again, from a maildrop that \
     is in use, where it should only wait.",
);

/// The limit of first lines.
pub static REPLY_LIMIT: Rule = rule(
    "pop3.reply-limit",
    "RFC 1939",
    "3",
    "The first line of a reply has at most 512 octets with its CRLF.",
    "A client can read it into a buffer of known size.",
);

/// Multi-line replies.
pub static MULTI_LINE: Rule = rule(
    "pop3.multi-line",
    "RFC 1939",
    "3",
    "A reply of several lines ends with a line that holds nothing but a dot.",
    "The server need not know beforehand how long its reply will be, and nothing else need be \
     counted.",
);

/// Byte-stuffing.
pub static STUFFING: Rule = rule(
    "pop3.stuffing",
    "RFC 1939",
    "3",
    "A line of content that begins with a dot is sent with one dot more, which the client takes \
     off.",
    "Otherwise a mail with a lone dot in it would end there, and its rest would be read as the \
     next reply.",
);

/// The limit of content.
pub static CONTENT_LIMIT: Rule = rule(
    "pop3.content-limit",
    "RFC 1939",
    "3",
    "The content of a reply has no limit in the standard. We stop reading at one of our own.",
    "A reply that never ends would fill the memory of whoever reads it.",
);

/// Greetings.
pub static GREETING: Rule = rule(
    "pop3.greeting",
    "RFC 1939",
    "4",
    "The server speaks first: one line that says that it is ready.",
    "The client knows that it has reached a POP3 server, and the greeting can carry the timestamp \
     that APOP needs.",
);

/// Commands out of their state.
pub static WRONG_STATE: Rule = rule(
    "pop3.wrong-state",
    "RFC 1939",
    "3",
    "A command that does not belong to the present state must be answered with -ERR.",
    "Before the client has said who it is there is no maildrop to ask about, and afterwards it \
     cannot become somebody else.",
);

/// USER.
pub static USER: Rule = rule(
    "pop3.user",
    "RFC 1939",
    "7",
    "USER names a maildrop. The server may say +OK even if there is none of that name.",
    "A server that says which names exist helps whoever tries names out.",
);

/// PASS.
pub static PASS: Rule = rule(
    "pop3.pass",
    "RFC 1939",
    "7",
    "PASS comes right after a USER that was accepted, and carries the password as it is.",
    "Whoever can read the wire can read the password: that is what APOP, and later TLS, mend.",
);

/// APOP.
pub static APOP: Rule = rule(
    "pop3.apop",
    "RFC 1939",
    "7",
    "APOP carries MD5 of the greeting's timestamp and the shared secret, in place of the secret.",
    "The timestamp is another each time, so a digest that was overheard opens nothing later. MD5 \
     itself is too weak today; TLS took its place.",
);

/// STAT.
pub static STAT: Rule = rule(
    "pop3.stat",
    "RFC 1939",
    "5",
    "STAT is answered with the number of messages and their size; those marked do not count.",
    "One short line says whether there is anything new.",
);

/// LIST.
pub static LIST: Rule = rule(
    "pop3.list",
    "RFC 1939",
    "5",
    "LIST gives number and size of each message that is not marked as deleted, or of one.",
    "A client can leave a large message where it is until it is on a faster line.",
);

/// RETR.
pub static RETR: Rule = rule(
    "pop3.retr",
    "RFC 1939",
    "5",
    "RETR gives the whole message. It stays in the maildrop.",
    "Fetching and deleting are two steps, so that a connection that breaks in between loses no \
     mail.",
);

/// TOP.
pub static TOP: Rule = rule(
    "pop3.top",
    "RFC 1939",
    "7",
    "TOP gives the header, the empty line, and so many lines of the body.",
    "One can look at who writes about what without fetching the attachment.",
);

/// UIDL.
pub static UIDL: Rule = rule(
    "pop3.uidl",
    "RFC 1939",
    "7",
    "UIDL gives each message's unique-id: one to 70 visible characters that stay the same and \
     should never be given to another message.",
    "Numbers change from session to session; a client that leaves mail on the server remembers by \
     these what it has fetched.",
);

/// DELE.
pub static DELE: Rule = rule(
    "pop3.dele",
    "RFC 1939",
    "5",
    "DELE only marks a message. It is removed in the UPDATE state, and cannot be named until then.",
    "Until QUIT, everything can be taken back.",
);

/// RSET.
pub static RSET: Rule = rule(
    "pop3.rset",
    "RFC 1939",
    "5",
    "RSET takes all marks away.",
    "A client that has changed its mind can go on as if it had deleted nothing.",
);

/// NOOP.
pub static NOOP: Rule = rule(
    "pop3.noop",
    "RFC 1939",
    "5",
    "NOOP does nothing but get an answer.",
    "It shows that the session is alive, and keeps the server's timer from ending it.",
);

/// CAPA.
pub static CAPA: Rule = rule(
    "pop3.capa",
    "RFC 2449",
    "5",
    "CAPA lists what the server can do beyond the minimum.",
    "A client need not find out by trying.",
);

/// Refusals.
pub static REFUSED: Rule = rule(
    "pop3.refused",
    "RFC 1939",
    "3",
    "After -ERR the session is where it was; a name that was given must be given again.",
    "A client may make a mistake without having to begin anew.",
);

/// QUIT before login.
pub static QUIT_EARLY: Rule = rule(
    "pop3.quit-early",
    "RFC 1939",
    "4",
    "QUIT before a maildrop is open ends the session; there is no UPDATE.",
    "Nothing was opened, so nothing can have been marked.",
);

/// The UPDATE state.
pub static UPDATE: Rule = rule(
    "pop3.update",
    "RFC 1939",
    "6",
    "QUIT in the TRANSACTION state leads to UPDATE: now the marked messages are removed, and the \
     maildrop is unlocked.",
    "The client has said that it has everything: this is the one moment where removing is safe.",
);

/// Messages that could not be removed.
pub static NOT_REMOVED: Rule = rule(
    "pop3.not-removed",
    "RFC 1939",
    "6",
    "If some marked messages could not be removed, QUIT is answered with -ERR; the session ends \
     all the same.",
    "The client will meet them again, and should know that it was not its own mistake.",
);

/// Sessions that end without QUIT.
pub static NO_UPDATE: Rule = rule(
    "pop3.no-update",
    "RFC 1939",
    "6",
    "A session that ends in any other way than by QUIT must not remove any message, whatever is \
     marked.",
    "A broken connection cannot say whether the client really has what it fetched. Mail twice is \
     better than mail lost.",
);

/// The end of the connection.
pub static CLOSE: Rule = rule(
    "pop3.close",
    "RFC 1939",
    "3",
    "After the reply to QUIT both sides close the connection.",
    "The client has its reply, so nothing that is lost with the connection matters any more.",
);

/// Replies that nobody asked for.
pub static UNASKED: Rule = rule(
    "pop3.unasked",
    "RFC 1939",
    "3",
    "Each command has one reply, in order, and beyond the greeting there are no others.",
    "Replies carry no number: one too many, and all that follow are taken for answers to something \
     else.",
);

/// Pipelining.
pub static PIPELINING: Rule = rule(
    "pop3.pipelining",
    "RFC 2449",
    "6.6",
    "Commands may be sent without waiting only to a server that announces PIPELINING. It must \
     process them one by one, and the client matches the replies in order.",
    "Ten commands cost one round trip in place of ten; but some servers throw away what has come \
     when they are not waiting for it.",
);

/// The limit of pipelined commands.
pub static WAITING_LIMIT: Rule = rule(
    "pop3.waiting-limit",
    "RFC 2449",
    "6.6",
    "A client that waits while it writes must not send more ahead than fits the window. We stop \
     reading one that sends too much.",
    "If neither reads because both are stuck writing, the session stands still for ever.",
);

/// Connections that end within a line.
pub static INCOMPLETE: Rule = rule(
    "pop3.incomplete",
    "RFC 1939",
    "3",
    "A reply that the connection cut short is no reply.",
    "Half a message that is kept as if it were whole is worse than none.",
);

/// After a fault.
pub static BROKEN: Rule = rule(
    "pop3.broken",
    "RFC 1939",
    "3",
    "After a fault that leaves open where the next line begins, nothing more is read.",
    "Whatever comes then could be read as anything.",
);
