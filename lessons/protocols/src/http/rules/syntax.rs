//! The rules of lines, start lines and fields (RFC 9112 sections 2 to 5).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic, in the order of the standard.
pub(super) const ALL: &[&Rule] = &[
    &MESSAGE,
    &LINE_END,
    &BARE_LF,
    &BARE_CR,
    &CONTROL_CHARACTER,
    &EMPTY_LINES,
    &REQUEST_LINE,
    &METHOD,
    &METHOD_LIMIT,
    &REQUEST_TARGET,
    &TARGET_LIMIT,
    &VERSION,
    &STATUS_LINE,
    &STATUS_CODE,
    &REASON,
    &FIELD_LINE,
    &FIELD_NAME,
    &FIELD_VALUE,
    &NO_SPACE_BEFORE_COLON,
    &SPACE_BEFORE_FIRST_FIELD,
    &OBS_FOLD,
    &HEAD_LIMIT,
    &HOST,
    &HOST_ONCE,
];

/// The parts of a message.
pub static MESSAGE: Rule = rule(
    "http.message",
    "RFC 9112",
    "2.1",
    "A message is a start line, field lines, an empty line, and perhaps a body.",
    "The empty line tells the reader where the head ends, before it knows anything of the body.",
);

/// Lines end with CRLF.
pub static LINE_END: Rule = rule(
    "http.line-end",
    "RFC 9112",
    "2.2",
    "The start line and every field line end with CR LF.",
    "The reader finds the end of a line by looking at bytes alone, before it understands them.",
);

/// A line that ends with LF alone.
pub static BARE_LF: Rule = rule(
    "http.bare-lf",
    "RFC 9112",
    "2.2",
    "A line ends with CR and LF. A reader may take LF alone for an end of line; this one refuses.",
    "If a proxy sees one line where the server behind it sees two, a sender can slip a field, or \
     a whole request, past the proxy.",
);

/// A CR that is not half of a CRLF.
pub static BARE_CR: Rule = rule(
    "http.bare-cr",
    "RFC 9112",
    "2.2",
    "A CR without an LF after it may not stand in a head; the reader refuses it or reads a space.",
    "Some old readers take it for an end of line and others for a character of the value.",
);

/// NUL and its kin.
pub static CONTROL_CHARACTER: Rule = rule(
    "http.control-character",
    "RFC 9110",
    "5.5",
    "A field value holds no control characters but tab; CR, LF and NUL are dangerous. This reader \
     refuses all of them, in the whole head.",
    "A program written in C may take NUL for the end of the text and check only what is before it.",
);

/// Empty lines before a start line.
pub static EMPTY_LINES: Rule = rule(
    "http.empty-lines",
    "RFC 9112",
    "2.2",
    "A server that waits for a request should skip at least one empty line before it. This reader \
     skips a few, before responses too.",
    "Some old clients sent a CRLF too many after a form. Nobody needs many of them.",
);

/// The request line.
pub static REQUEST_LINE: Rule = rule(
    "http.request-line",
    "RFC 9112",
    "3",
    "A request begins with method, one space, request target, one space, and version.",
    "With exactly one space, every reader cuts the line at the same places.",
);

/// The method.
pub static METHOD: Rule = rule(
    "http.method",
    "RFC 9112",
    "3.1",
    "The method says what is to be done to the resource. It is a token, and case matters.",
    "Servers decide by it what a client may do, so `get` must not pass for GET.",
);

/// A method of absurd length.
pub static METHOD_LIMIT: Rule = rule(
    "http.method-limit",
    "RFC 9112",
    "3",
    "A server should answer 501 to a method longer than any that it knows.",
    "It need not read to the end to know that it cannot do it.",
);

/// The request target.
pub static REQUEST_TARGET: Rule = rule(
    "http.request-target",
    "RFC 9112",
    "3.2",
    "The target is a path; a whole URL to a proxy; host and port for CONNECT; `*` for OPTIONS.",
    "A target with other characters is refused rather than mended: filters in front of the server \
     have already judged what was sent, not what it might be mended to.",
);

/// A target of absurd length.
pub static TARGET_LIMIT: Rule = rule(
    "http.target-limit",
    "RFC 9112",
    "3",
    "A server must answer 414 to a target longer than it is willing to read. Every reader should \
     be able to take request lines of 8000 bytes.",
    "Somebody who never ends the line would otherwise fill the server's memory.",
);

/// The version.
pub static VERSION: Rule = rule(
    "http.version",
    "RFC 9112",
    "2.3",
    "The version is HTTP, a slash, and two digits with a dot between them. A higher minor version \
     should be read as the highest one known, here 1.1; a server may answer 505 to another major \
     version (RFC 9110 section 6.2), and ours does.",
    "The same major version promises that the message can be read in the same way.",
);

/// The status line.
pub static STATUS_LINE: Rule = rule(
    "http.status-line",
    "RFC 9112",
    "4",
    "A response begins with version, one space, status code, one space, and a reason phrase.",
    "The code is at a fixed place, so a client need not understand the phrase.",
);

/// The status code.
pub static STATUS_CODE: Rule = rule(
    "http.status-code",
    "RFC 9110",
    "15",
    "Three digits. The first gives the class: 1 wait, 2 done, 3 elsewhere, 4 your fault, 5 mine.",
    "A client that does not know 418 still knows that 4 means its own mistake.",
);

/// The reason phrase.
pub static REASON: Rule = rule(
    "http.reason",
    "RFC 9112",
    "4",
    "The reason phrase is for people. Clients should ignore it, and it may be empty.",
    "It may be translated or lost on the way; only the code can be relied upon.",
);

/// Field lines.
pub static FIELD_LINE: Rule = rule(
    "http.field-line",
    "RFC 9112",
    "5",
    "A field line is a name, a colon, and a value with optional white space around it.",
    "All fields have one shape, so a reader can pass over fields that it does not know.",
);

/// Field names.
pub static FIELD_NAME: Rule = rule(
    "http.field-name",
    "RFC 9110",
    "5.1",
    "A field name is a token: at least one letter, digit or one of a few signs. Case is ignored.",
    "A name with strange bytes in it may look like another name to another reader.",
);

/// Field values.
pub static FIELD_VALUE: Rule = rule(
    "http.field-value",
    "RFC 9110",
    "5.5",
    "A field value is visible characters with spaces and tabs between them, on one line.",
    "A CR or LF in a value would end the line, and what follows would be fields of the attacker.",
);

/// White space before the colon.
pub static NO_SPACE_BEFORE_COLON: Rule = rule(
    "http.no-space-before-colon",
    "RFC 9112",
    "5.1",
    "No white space stands between a field name and its colon. A server must answer 400 to it, and \
     a proxy must not pass it on in a response.",
    "In `Content-Length : 5` one reader would see a length, another an unknown field whose name \
     ends with a space.",
);

/// White space before the first field.
pub static SPACE_BEFORE_FIRST_FIELD: Rule = rule(
    "http.space-before-first-field",
    "RFC 9112",
    "2.2",
    "No white space stands between the start line and the first field.",
    "One reader would skip that line and another read it as a field.",
);

/// Folded lines.
pub static OBS_FOLD: Rule = rule(
    "http.obs-fold",
    "RFC 9112",
    "5.2",
    "A sender must not break a field over two lines. A server may refuse such a request with 400, \
     as ours does; a client must read the break in a response as white space.",
    "Mail folds lines and early HTTP copied it, but readers that fold and readers that do not see \
     different fields.",
);

/// Heads of absurd length.
pub static HEAD_LIMIT: Rule = rule(
    "http.head-limit",
    "RFC 9110",
    "5.4",
    "A server must answer with a 4xx status to more or longer fields than it is willing to read.",
    "Heads are held in memory until they are whole; without a limit one client could take it all.",
);

/// Host is required.
pub static HOST: Rule = rule(
    "http.host-required",
    "RFC 9112",
    "3.2",
    "Every HTTP/1.1 request must name the host in a Host field. A server must answer 400 without \
     it.",
    "Many sites share one address; only this field tells which of them is meant.",
);

/// Host comes once and is a host.
pub static HOST_ONCE: Rule = rule(
    "http.host-once",
    "RFC 9112",
    "3.2",
    "Host comes only once, and its value is a host with perhaps a port. A server must answer 400 \
     to anything else.",
    "With two hosts, a proxy could route by the first and the server answer for the second.",
);
