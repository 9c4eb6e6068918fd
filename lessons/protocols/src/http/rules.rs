//! What RFC 9110 and RFC 9112 say about messages and connections, in our words.

use crate::wire::{Rule, Source};

/// Every rule that codec and machine cite.
pub const ALL: &[&Rule] = &[
    MESSAGE,
    LINE_END,
    BARE_LF,
    BARE_CR,
    CONTROL_CHARACTER,
    EMPTY_LINES,
    REQUEST_LINE,
    METHOD,
    METHOD_LIMIT,
    REQUEST_TARGET,
    TARGET_LIMIT,
    VERSION,
    STATUS_LINE,
    STATUS_CODE,
    REASON,
    FIELD_LINE,
    FIELD_NAME,
    FIELD_VALUE,
    NO_SPACE_BEFORE_COLON,
    SPACE_BEFORE_FIRST_FIELD,
    OBS_FOLD,
    HEAD_LIMIT,
    HOST,
    HOST_ONCE,
    BODY,
    NO_BODY,
    CONTENT_LENGTH,
    LENGTHS_DIFFER,
    LENGTH_WITH_CODING,
    LENGTH_KEPT,
    CONTENT_LIMIT,
    TRANSFER_ENCODING,
    CODING_UNKNOWN,
    CHUNKED_LAST,
    CODING_IN_1_0,
    UNTIL_CLOSE,
    CHUNKED,
    CHUNK_SIZE,
    CHUNK_SIZE_LIMIT,
    CHUNK_EXTENSION,
    CHUNK_EXTENSION_LIMIT,
    LAST_CHUNK,
    TRAILERS,
    INCOMPLETE,
    IN_ORDER,
    UNASKED,
    INTERIM,
    EXPECT,
    EXPECT_UNANSWERED,
    PERSISTENCE,
    PIPELINING,
    ONE_AT_A_TIME,
    WAITING_LIMIT,
    CLOSE_ANNOUNCED,
    NOTHING_AFTER_CLOSE,
    CLOSE,
    STOP_SENDING,
    BROKEN,
    UPGRADE,
    CONNECT,
];

/// The parts of a message.
pub const MESSAGE: &Rule = &rfc9112(
    "http.message",
    "2.1",
    "A message is a start line, field lines, an empty line, and perhaps a body.",
    "The empty line tells the reader where the head ends, before it knows anything of the body.",
);

/// Lines end with CRLF.
pub const LINE_END: &Rule = &rfc9112(
    "http.line-end",
    "2.2",
    "The start line and every field line end with CR LF.",
    "The reader finds the end of a line by looking at bytes alone, before it understands them.",
);

/// A line that ends with LF alone.
pub const BARE_LF: &Rule = &rfc9112(
    "http.bare-lf",
    "2.2",
    "A line ends with CR and LF. A reader may take LF alone for an end of line; this one refuses.",
    "If a proxy sees one line where the server behind it sees two, a sender can slip a field, or \
     a whole request, past the proxy.",
);

/// A CR that is not half of a CRLF.
pub const BARE_CR: &Rule = &rfc9112(
    "http.bare-cr",
    "2.2",
    "A CR without an LF behind it may not stand in a head; the reader refuses it or reads a space.",
    "Some old readers take it for an end of line and others for a character of the value.",
);

/// NUL and its kin.
pub const CONTROL_CHARACTER: &Rule = &rfc9110(
    "http.control-character",
    "5.5",
    "Control characters other than tab may not stand in a head; CR, LF and NUL are dangerous.",
    "A program written in C may take NUL for the end of the text and check only what is before it.",
);

/// Empty lines before a start line.
pub const EMPTY_LINES: &Rule = &rfc9112(
    "http.empty-lines",
    "2.2",
    "A reader that waits for a start line skips an empty line or a few.",
    "Some old clients sent a CRLF too many after a form. Nobody needs many of them.",
);

/// The request line.
pub const REQUEST_LINE: &Rule = &rfc9112(
    "http.request-line",
    "3",
    "A request begins with method, one space, request target, one space, and version.",
    "With exactly one space, every reader cuts the line at the same places.",
);

/// The method.
pub const METHOD: &Rule = &rfc9112(
    "http.method",
    "3.1",
    "The method says what is to be done to the resource. It is a token, and case matters.",
    "Servers decide by it what a client may do, so `get` must not pass for GET.",
);

/// A method of absurd length.
pub const METHOD_LIMIT: &Rule = &rfc9112(
    "http.method-limit",
    "3",
    "A server answers 501 to a method longer than any that it knows.",
    "It need not read to the end to know that it cannot do it.",
);

/// The request target.
pub const REQUEST_TARGET: &Rule = &rfc9112(
    "http.request-target",
    "3.2",
    "The target is a path; a whole URL to a proxy; host and port for CONNECT; `*` for OPTIONS.",
    "A target with other characters is refused rather than mended: filters in front of the server \
     have already judged what was sent, not what it might be mended to.",
);

/// A target of absurd length.
pub const TARGET_LIMIT: &Rule = &rfc9112(
    "http.target-limit",
    "3",
    "A server answers 414 to a target longer than it wishes to read. 8000 bytes must be enough.",
    "Somebody who never ends the line would otherwise fill the server's memory.",
);

/// The version.
pub const VERSION: &Rule = &rfc9112(
    "http.version",
    "2.3",
    "The version is HTTP, a slash, and two digits with a dot. A higher minor version is read as \
     1.1; a major version other than 1 is answered with 505.",
    "The same major version promises that the message can be read in the same way.",
);

/// The status line.
pub const STATUS_LINE: &Rule = &rfc9112(
    "http.status-line",
    "4",
    "A response begins with version, one space, status code, one space, and a reason phrase.",
    "The code is at a fixed place, so a client need not understand the phrase.",
);

/// The status code.
pub const STATUS_CODE: &Rule = &rfc9110(
    "http.status-code",
    "15",
    "Three digits. The first gives the class: 1 wait, 2 done, 3 elsewhere, 4 your fault, 5 mine.",
    "A client that does not know 418 still knows that 4 means its own mistake.",
);

/// The reason phrase.
pub const REASON: &Rule = &rfc9112(
    "http.reason",
    "4",
    "The reason phrase is for people. Clients ignore it, and it may be empty.",
    "It may be translated or lost on the way; only the code can be relied upon.",
);

/// Field lines.
pub const FIELD_LINE: &Rule = &rfc9112(
    "http.field-line",
    "5",
    "A field line is a name, a colon, and a value with optional white space around it.",
    "All fields have one shape, so a reader can pass over fields that it does not know.",
);

/// Field names.
pub const FIELD_NAME: &Rule = &rfc9110(
    "http.field-name",
    "5.1",
    "A field name is a token: at least one letter, digit or one of a few signs. Case is ignored.",
    "A name with strange bytes in it may look like another name to another reader.",
);

/// Field values.
pub const FIELD_VALUE: &Rule = &rfc9110(
    "http.field-value",
    "5.5",
    "A field value is visible characters with spaces and tabs between them, on one line.",
    "A CR or LF in a value would end the line, and what follows would be fields of the attacker.",
);

/// White space before the colon.
pub const NO_SPACE_BEFORE_COLON: &Rule = &rfc9112(
    "http.no-space-before-colon",
    "5.1",
    "No white space stands between a field name and its colon. A server answers 400 to it.",
    "One reader would see Content-Length, another an unknown field named `Content-Length `.",
);

/// White space before the first field.
pub const SPACE_BEFORE_FIRST_FIELD: &Rule = &rfc9112(
    "http.space-before-first-field",
    "2.2",
    "No white space stands between the start line and the first field.",
    "One reader would skip that line and another read it as a field.",
);

/// Folded lines.
pub const OBS_FOLD: &Rule = &rfc9112(
    "http.obs-fold",
    "5.2",
    "A field no longer goes on in a second line. A server refuses such a request with 400; a \
     client reads the fold in a response as one space.",
    "Mail folds lines and early HTTP copied it, but readers that fold and readers that do not see \
     different fields.",
);

/// Heads of absurd length.
pub const HEAD_LIMIT: &Rule = &rfc9110(
    "http.head-limit",
    "5.4",
    "A server refuses more or longer fields than it wishes to read, with a 4xx status.",
    "Heads are held in memory until they are whole; without a limit one client could take it all.",
);

/// Host is required.
pub const HOST: &Rule = &rfc9112(
    "http.host-required",
    "3.2",
    "Every HTTP/1.1 request names the host in a Host field. A server answers 400 without it.",
    "Many sites share one address; only this field tells which of them is meant.",
);

/// Host comes once and is a host.
pub const HOST_ONCE: &Rule = &rfc9112(
    "http.host-once",
    "3.2",
    "Host comes only once, and its value is a host with perhaps a port. A server answers 400.",
    "With two hosts, a proxy could route by the first and the server answer for the second.",
);

/// Where a body ends.
pub const BODY: &Rule = &rfc9112(
    "http.body",
    "6.3",
    "The head says where the body ends: by a length, by chunks, or by the end of the connection.",
    "The next message begins where this one ends; a reader off by one byte loses all that follow.",
);

/// Responses that have no body.
pub const NO_BODY: &Rule = &rfc9112(
    "http.no-body",
    "6.3",
    "Answers to HEAD and responses 1xx, 204 and 304 end with their head, whatever it says.",
    "Their fields may describe a body that another request would have got.",
);

/// Content-Length.
pub const CONTENT_LENGTH: &Rule = &rfc9112(
    "http.content-length",
    "6.3",
    "Content-Length gives the body's length in decimal digits. A malformed one cannot be mended.",
    "`+5` is five to one parser and nothing to another, and they disagree where the body ends.",
);

/// Lengths that differ.
pub const LENGTHS_DIFFER: &Rule = &rfc9112(
    "http.lengths-differ",
    "6.3",
    "Content-Length may be repeated only with the same value each time.",
    "Two readers that pick different ones disagree where the next request begins.",
);

/// Length and coding at once.
pub const LENGTH_WITH_CODING: &Rule = &rfc9112(
    "http.length-with-coding",
    "6.3",
    "A message has Transfer-Encoding or Content-Length, not both. We refuse it and close.",
    "This is the classic of request smuggling: the proxy goes by one field, the server by the \
     other, and what is between the two ends becomes a request of its own.",
);

/// The sender keeps its word.
pub const LENGTH_KEPT: &Rule = &rfc9110(
    "http.length-kept",
    "8.6",
    "A sender sends exactly as much content as its Content-Length says.",
    "With less the reader waits for ever; with more it takes the rest for the next message.",
);

/// Too much content.
pub const CONTENT_LIMIT: &Rule = &rfc9110(
    "http.content-limit",
    "15.5.14",
    "A server answers 413 to more content than it is willing to take.",
    "Whoever stores what strangers send must set the limit before they send it.",
);

/// Transfer-Encoding.
pub const TRANSFER_ENCODING: &Rule = &rfc9112(
    "http.transfer-encoding",
    "6.1",
    "Transfer-Encoding names what was done to the body for this one hop.",
    "With chunks, a sender can begin before it knows how long the content will be.",
);

/// Codings that we do not know.
pub const CODING_UNKNOWN: &Rule = &rfc9112(
    "http.coding-unknown",
    "6.1",
    "A server answers 501 to a transfer coding that it does not know.",
    "It could find the end of the body but not read what is in it.",
);

/// Chunked comes last.
pub const CHUNKED_LAST: &Rule = &rfc9112(
    "http.chunked-last",
    "6.3",
    "In a request, chunked is the last transfer coding, and comes once. A server answers 400.",
    "Without chunks on the outside nobody can tell where the body ends.",
);

/// No codings in HTTP/1.0.
pub const CODING_IN_1_0: &Rule = &rfc9112(
    "http.coding-in-1.0",
    "6.1",
    "A message of HTTP/1.0 with Transfer-Encoding has faulty framing.",
    "HTTP/1.0 knows no codings, so somebody on the way has passed on what he did not understand.",
);

/// Bodies that end with the connection.
pub const UNTIL_CLOSE: &Rule = &rfc9112(
    "http.until-close",
    "6.3",
    "A response with neither length nor chunks goes on until the server closes the connection.",
    "That is how HTTP/1.0 did it; the client cannot tell the end from an accident.",
);

/// The chunked coding.
pub const CHUNKED: &Rule = &rfc9112(
    "http.chunked",
    "7.1",
    "Each chunk is its size in hex, CRLF, so many bytes, CRLF.",
    "The size comes first, so the content may hold any bytes and nothing in it is searched for.",
);

/// The size of a chunk.
pub const CHUNK_SIZE: &Rule = &rfc9112(
    "http.chunk-size",
    "7.1",
    "A chunk's size is one or more hex digits, without sign, prefix or spaces.",
    "A lenient reader takes `0x5` for five and a strict one for zero, which ends the body.",
);

/// Sizes of absurd length.
pub const CHUNK_SIZE_LIMIT: &Rule = &rfc9112(
    "http.chunk-size-limit",
    "7.1",
    "A reader must expect huge sizes and not let its integers overflow.",
    "A size that wraps round to a small number moves the end of the chunk to where the attacker \
     wants it.",
);

/// Extensions of chunks.
pub const CHUNK_EXTENSION: &Rule = &rfc9112(
    "http.chunk-extension",
    "7.1.1",
    "Extensions `;name=value` may follow a chunk's size. Nobody reads them, but they have a grammar.",
    "They concern one hop only and are gone before any program could look at them.",
);

/// Extensions of absurd length.
pub const CHUNK_EXTENSION_LIMIT: &Rule = &rfc9112(
    "http.chunk-extension-limit",
    "7.1.1",
    "A server limits the length of chunk extensions and answers 4xx when they exceed it.",
    "A sender could otherwise keep a server busy with bytes that count towards no content.",
);

/// The last chunk.
pub const LAST_CHUNK: &Rule = &rfc9112(
    "http.last-chunk",
    "7.1",
    "A chunk of size zero ends the content; trailer fields and an empty line follow.",
    "The reader knows that nothing is missing, which the end of a connection could not tell.",
);

/// Trailer fields.
pub const TRAILERS: &Rule = &rfc9110(
    "http.trailers",
    "6.5.1",
    "Trailer fields carry what is known only at the end, never framing, routing or caching.",
    "By then the reader has already acted on the head.",
);

/// A message cut short.
pub const INCOMPLETE: &Rule = &rfc9112(
    "http.incomplete",
    "8",
    "A message whose connection ends before it does is incomplete.",
    "Half a page or half an order must not be taken for the whole.",
);

/// Responses come in the order of the requests.
pub const IN_ORDER: &Rule = &rfc9112(
    "http.in-order",
    "9.2",
    "Responses come in the order of their requests; nothing else tells which belongs to which.",
    "Messages carry no number. A client keeps a list of what it has asked and not yet been told.",
);

/// Nobody asked.
pub const UNASKED: &Rule = &rfc9112(
    "http.unasked",
    "9.2",
    "What a server sends without a request is no response. The client closes the connection.",
    "Taken for the answer to the next request, it would poison that page, and perhaps a cache.",
);

/// Interim responses.
pub const INTERIM: &Rule = &rfc9110(
    "http.interim",
    "15.2",
    "Responses 1xx come before the final one, any number of them. HTTP/1.0 does not know them.",
    "The server can say something while it has not decided yet.",
);

/// Expectations.
pub const EXPECT: &Rule = &rfc9110(
    "http.expect",
    "10.1.1",
    "A client that sends `Expect: 100-continue` may wait with the body until it hears 100.",
    "If the server will refuse it anyway, a large body need not be sent at all.",
);

/// Answers instead of 100.
pub const EXPECT_UNANSWERED: &Rule = &rfc9110(
    "http.expect-unanswered",
    "10.1.1",
    "A server that answers at once instead of saying 100 says whether it will close. Ours does.",
    "The client may or may not send the body now, and the server could not tell it from a request.",
);

/// Persistent connections.
pub const PERSISTENCE: &Rule = &rfc9112(
    "http.persistence",
    "9.3",
    "An HTTP/1.1 connection goes on unless a message says `close`; an HTTP/1.0 one ends unless \
     both sides say `keep-alive`.",
    "A new connection costs a round trip before the first byte, and begins slowly.",
);

/// Pipelining.
pub const PIPELINING: &Rule = &rfc9112(
    "http.pipelining",
    "9.3.2",
    "A client may send further requests before the first is answered.",
    "All of them then cost one round trip together, but a slow answer holds up the others.",
);

/// The server answers one after the other.
pub const ONE_AT_A_TIME: &Rule = &rfc9112(
    "http.one-at-a-time",
    "9.3.2",
    "A server must answer pipelined requests in order. Ours reads the next after the last answer.",
    "Then it never has to hold back an answer that was ready too early.",
);

/// Too much waits.
pub const WAITING_LIMIT: &Rule = &rfc9110(
    "http.waiting-limit",
    "15.6.4",
    "A server that cannot keep up may refuse, with 503.",
    "A client that sends without reading would otherwise fill the server's memory.",
);

/// Close is announced.
pub const CLOSE_ANNOUNCED: &Rule = &rfc9112(
    "http.close-announced",
    "9.6",
    "After the exchange in which either side said `close`, the connection ends.",
    "The other side can tell a planned end from an accident, and sends nothing more in vain.",
);

/// Nothing after close.
pub const NOTHING_AFTER_CLOSE: &Rule = &rfc9112(
    "http.nothing-after-close",
    "9.6",
    "After `close` was said, no further request is sent, and none is processed.",
    "The client must know which of its requests were carried out.",
);

/// Closing.
pub const CLOSE: &Rule = &rfc9112(
    "http.close",
    "9.5",
    "Either side may close the connection at any time; the other must be ready for it.",
    "Idle connections cost memory, programs crash and cables break. What was not answered may be \
     asked again if that does no harm.",
);

/// Stop sending when told.
pub const STOP_SENDING: &Rule = &rfc9112(
    "http.stop-sending",
    "9.5",
    "A client that is answered and told `close` while it still sends its body stops sending.",
    "Nobody will read the rest.",
);

/// After a fault.
pub const BROKEN: &Rule = &rfc9112(
    "http.broken",
    "2.2",
    "After bytes that break the grammar a server answers 400 and closes. Nothing more is read.",
    "Once the reader is not sure where a message ends, every later byte may be an attacker's.",
);

/// Upgrade.
pub const UPGRADE: &Rule = &rfc9110(
    "http.upgrade",
    "7.8",
    "A client may offer another protocol with Upgrade. A server switches with 101, or ignores it.",
    "A server that ignores it answers as if nothing had been offered, so old ones keep working.",
);

/// CONNECT.
pub const CONNECT: &Rule = &rfc9110(
    "http.connect",
    "9.3.6",
    "CONNECT asks a proxy for a tunnel. After a 2xx answer the connection is no longer HTTP.",
    "Encrypted traffic cannot be forwarded message by message. A server that opens no tunnels \
     answers with an error.",
);

const fn rfc9112(
    id: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new("RFC 9112", section), says, why }
}

const fn rfc9110(
    id: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new("RFC 9110", section), says, why }
}
