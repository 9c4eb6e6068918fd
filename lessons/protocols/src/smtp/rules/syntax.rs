//! The rules of lines, commands, paths and replies (RFC 5321 sections 2 and 4).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &LINES,
    &BARE_LF,
    &BARE_CR,
    &COMMAND_ASCII,
    &COMMAND_LINE_LIMIT,
    &UNKNOWN_COMMAND,
    &NOT_IMPLEMENTED,
    &ARGUMENTS,
    &TRAILING_SPACE,
    &PARAMETER,
    &UNKNOWN_PARAMETER,
    &PATH,
    &REVERSE_PATH,
    &NULL_REVERSE_PATH,
    &FORWARD_PATH,
    &POSTMASTER,
    &SOURCE_ROUTE,
    &MAILBOX,
    &QUOTED,
    &DOMAIN,
    &LITERAL,
    &LOCAL_PART_LIMIT,
    &DOMAIN_LIMIT,
    &PATH_LIMIT,
    &REPLY,
    &REPLY_CODE,
    &MULTILINE,
    &REPLY_SAME_CODE,
    &REPLY_LINE_LIMIT,
    &REPLY_LINES_LIMIT,
    &ENHANCED_CODE,
];

/// Lines.
pub static LINES: Rule = rule(
    "smtp.lines",
    "RFC 5321",
    "2.3.8",
    "Commands, replies and mail are lines that end with CR LF, both bytes.",
    "One way to end a line means that every program on the way cuts the same bytes into the same \
     lines.",
);

/// LF alone.
pub static BARE_LF: Rule = rule(
    "smtp.bare-lf",
    "RFC 5321",
    "2.3.8",
    "An LF comes only after a CR. We refuse the command or the mail and close; nothing after it \
     is read.",
    "A server that takes LF for a line end sees an end of data, and then commands, where the one \
     before it saw one mail: that is how mail is smuggled past filters under any sender.",
);

/// CR alone.
pub static BARE_CR: Rule = rule(
    "smtp.bare-cr",
    "RFC 5321",
    "2.3.8",
    "A CR comes only before an LF. We refuse the command or the mail and close; nothing after it \
     is read.",
    "Programs that drop it, or turn it into a line end, make another message of the same bytes.",
);

/// Bytes of commands.
pub static COMMAND_ASCII: Rule = rule(
    "smtp.command-ascii",
    "RFC 5321",
    "2.4",
    "Commands consist of characters of ASCII. We answer other bytes, and control characters, with \
     500.",
    "What a NUL or an octet above 127 stands for depends on who reads it.",
);

/// Long commands.
pub static COMMAND_LINE_LIMIT: Rule = rule(
    "smtp.command-line-limit",
    "RFC 5321",
    "4.5.3.1.4",
    "A command line has at most 512 octets with its CRLF, and what extensions add: 26 for SIZE \
     and 17 for BODY. Longer ones get 500.",
    "A reader must be able to set aside the room for a line before it comes.",
);

/// Unknown commands.
pub static UNKNOWN_COMMAND: Rule = rule(
    "smtp.unknown-command",
    "RFC 5321",
    "4.2.4",
    "A command that the server does not recognise should get 500, and the session goes on.",
    "A client may try an extension and fall back; nothing is lost.",
);

/// Commands that are known and not offered.
pub static NOT_IMPLEMENTED: Rule = rule(
    "smtp.not-implemented",
    "RFC 5321",
    "4.2.4",
    "A command that the server recognises and does not offer should get 502.",
    "The client learns that the command is right and the server will not do it.",
);

/// Arguments.
pub static ARGUMENTS: Rule = rule(
    "smtp.arguments",
    "RFC 5321",
    "4.3.2",
    "Arguments that are missing, superfluous or malformed should get 501.",
    "A server that guessed what was meant would guess wrong for somebody.",
);

/// Spaces at the end.
pub static TRAILING_SPACE: Rule = rule(
    "smtp.trailing-space",
    "RFC 5321",
    "4.1.1",
    "A server should ignore white space before the CRLF of a command.",
    "Some clients send them, and nothing else could be meant.",
);

/// Parameters.
pub static PARAMETER: Rule = rule(
    "smtp.parameter",
    "RFC 5321",
    "4.1.2",
    "Parameters follow the path, each a space, a keyword and mostly `=` with a value.",
    "Extensions say more about a mail without a new command.",
);

/// Unknown parameters.
pub static UNKNOWN_PARAMETER: Rule = rule(
    "smtp.unknown-parameter",
    "RFC 5321",
    "4.1.1.11",
    "A parameter that the server did not offer or does not know gets 555.",
    "To ignore it could lose what the sender relies on.",
);

/// Paths.
pub static PATH: Rule = rule(
    "smtp.path",
    "RFC 5321",
    "4.1.2",
    "A path is a mailbox in angle brackets.",
    "The brackets show where it ends when parameters follow.",
);

/// The reverse-path.
pub static REVERSE_PATH: Rule = rule(
    "smtp.reverse-path",
    "RFC 5321",
    "4.1.1.2",
    "MAIL names the reverse-path: whom to tell when the mail cannot be delivered.",
    "The envelope is not the letter: From in the header may name somebody else.",
);

/// The null reverse-path.
pub static NULL_REVERSE_PATH: Rule = rule(
    "smtp.null-reverse-path",
    "RFC 5321",
    "4.5.5",
    "A notice of failed delivery must have the reverse-path `<>`, so that nobody is told when it \
     fails itself.",
    "Two servers would otherwise send each other notices about notices for ever.",
);

/// The forward-path.
pub static FORWARD_PATH: Rule = rule(
    "smtp.forward-path",
    "RFC 5321",
    "4.1.1.3",
    "Each RCPT names one recipient.",
    "Each can be accepted or refused by itself.",
);

/// Postmaster.
pub static POSTMASTER: Rule = rule(
    "smtp.postmaster",
    "RFC 5321",
    "4.5.1",
    "A server must take mail for Postmaster at each of its domains, and for `<Postmaster>` alone.",
    "There must be one address to which trouble can be reported before anything else is known.",
);

/// Source routes.
pub static SOURCE_ROUTE: Rule = rule(
    "smtp.source-route",
    "RFC 5321",
    "4.1.2",
    "A server must accept a path with a route before it, `<@a,@b:c@d>`, and should ignore the \
     route.",
    "Hosts once had to be told the way; MX records tell it now, and a route would let others \
     choose it.",
);

/// Mailboxes.
pub static MAILBOX: Rule = rule(
    "smtp.mailbox",
    "RFC 5321",
    "2.3.11",
    "A mailbox is a local part, `@`, and a domain or an address in brackets. Only the host of \
     that domain may say what the local part means.",
    "Everybody on the way can route by the domain and needs to understand no more.",
);

/// Quoted local parts.
pub static QUOTED: Rule = rule(
    "smtp.quoted-local-part",
    "RFC 5321",
    "4.1.2",
    "A local part in quotes may hold any graphic ASCII; a backslash makes the next character \
     plain.",
    "Old systems had user names with spaces and commas. Whatever is quoted needlessly is equal to \
     itself unquoted.",
);

/// Domains.
pub static DOMAIN: Rule = rule(
    "smtp.domain",
    "RFC 5321",
    "4.1.2",
    "A domain is labels of letters, digits and hyphens with dots between. A command with other \
     characters must get 501.",
    "It will be looked up as a host, and these are the names that hosts have.",
);

/// Address literals.
pub static LITERAL: Rule = rule(
    "smtp.address-literal",
    "RFC 5321",
    "4.1.3",
    "Brackets hold an address in the place of a domain: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.",
    "Mail about a broken name service must go without it.",
);

/// Long local parts.
pub static LOCAL_PART_LIMIT: Rule = rule(
    "smtp.local-part-limit",
    "RFC 5321",
    "4.5.3.1.1",
    "A local part has at most 64 octets.",
    "Every server must take as much, so nobody should use more.",
);

/// Long domains.
pub static DOMAIN_LIMIT: Rule = rule(
    "smtp.domain-limit",
    "RFC 5321",
    "4.5.3.1.2",
    "A domain has at most 255 octets.",
    "Names in the DNS cannot be longer.",
);

/// Long paths.
pub static PATH_LIMIT: Rule = rule(
    "smtp.path-limit",
    "RFC 5321",
    "4.5.3.1.3",
    "A path has at most 256 octets, its brackets included; 501 says that it is too long.",
    "Every server must take as much, so nobody should use more.",
);

/// Replies.
pub static REPLY: Rule = rule(
    "smtp.reply",
    "RFC 5321",
    "4.2",
    "Each command gets one reply: three digits, a space, and a text for people.",
    "A client that knows only the digits can go on; the text may be in any words.",
);

/// Reply codes.
pub static REPLY_CODE: Rule = rule(
    "smtp.reply-code",
    "RFC 5321",
    "4.2.1",
    "The first digit says success (2), go on (3), not now (4) or never (5). A client need read no \
     more.",
    "New codes can be made and old clients still do the right thing.",
);

/// Replies of several lines.
pub static MULTILINE: Rule = rule(
    "smtp.multiline-reply",
    "RFC 5321",
    "4.2.1",
    "A hyphen after the code says that another line follows; a space, that this is the last.",
    "The client knows the end without a count.",
);

/// One code for all lines.
pub static REPLY_SAME_CODE: Rule = rule(
    "smtp.reply-same-code",
    "RFC 5321",
    "4.2.1",
    "All lines of a reply have the same code.",
    "With two codes nobody could say what was answered.",
);

/// Long reply lines.
pub static REPLY_LINE_LIMIT: Rule = rule(
    "smtp.reply-line-limit",
    "RFC 5321",
    "4.5.3.1.5",
    "A reply line has at most 512 octets with its CRLF. We read a little more, and then give up.",
    "A client must not wait for ever for the end of a line.",
);

/// Replies without end.
pub static REPLY_LINES_LIMIT: Rule = rule(
    "smtp.reply-lines-limit",
    "RFC 5321",
    "4.2.1",
    "A reply may have many lines; a client sets a limit of its own.",
    "A server that never sends the last line would fill its memory.",
);

/// Enhanced codes.
pub static ENHANCED_CODE: Rule = rule(
    "smtp.enhanced-code",
    "RFC 3463",
    "2",
    "A code such as `5.1.1` at the front of the text says more precisely what is wrong: class, \
     subject, detail.",
    "Three digits are too few: 550 alone does not tell an unknown user from a refusal to relay.",
);
