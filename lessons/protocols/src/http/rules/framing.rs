//! The rules of where a body ends (RFC 9112 sections 6 to 8).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic, in the order of the standard.
pub(super) const ALL: &[&Rule] = &[
    &BODY,
    &NO_BODY,
    &CONTENT_LENGTH,
    &LENGTHS_DIFFER,
    &LENGTH_WITH_CODING,
    &LENGTH_KEPT,
    &CONTENT_LIMIT,
    &TRANSFER_ENCODING,
    &CODING_UNKNOWN,
    &CHUNKED_LAST,
    &CODING_IN_1_0,
    &UNTIL_CLOSE,
    &CHUNKED,
    &CHUNK_SIZE,
    &CHUNK_SIZE_LIMIT,
    &CHUNK_EXTENSION,
    &CHUNK_EXTENSION_LIMIT,
    &LAST_CHUNK,
    &TRAILERS,
    &INCOMPLETE,
];

/// Where a body ends.
pub static BODY: Rule = rule(
    "http.body",
    "RFC 9112",
    "6.3",
    "The head says where the body ends: by a length, by chunks, or by the end of the connection.",
    "The next message begins where this one ends; a reader off by one byte loses all that follow.",
);

/// Responses that have no body.
pub static NO_BODY: Rule = rule(
    "http.no-body",
    "RFC 9112",
    "6.3",
    "Answers to HEAD and responses 1xx, 204 and 304 end with their head, whatever it says.",
    "Their fields may describe a body that another request would have got.",
);

/// Content-Length.
pub static CONTENT_LENGTH: Rule = rule(
    "http.content-length",
    "RFC 9112",
    "6.3",
    "Content-Length gives the body's length in decimal digits. A malformed one cannot be mended.",
    "`+5` is five to one parser and nothing to another, and they disagree where the body ends.",
);

/// Lengths that differ.
pub static LENGTHS_DIFFER: Rule = rule(
    "http.lengths-differ",
    "RFC 9112",
    "6.3",
    "A reader may accept more than one Content-Length only if each has the same value.",
    "Two readers that pick different ones disagree where the next request begins.",
);

/// Length and coding at once.
pub static LENGTH_WITH_CODING: Rule = rule(
    "http.length-with-coding",
    "RFC 9112",
    "6.3",
    "A message has Transfer-Encoding or Content-Length, not both; one that has both ought to be \
     taken for an error. We refuse it and close.",
    "This is the classic of request smuggling: the proxy goes by one field, the server by the \
     other, and what is between the two ends becomes a request of its own.",
);

/// The sender keeps its word.
pub static LENGTH_KEPT: Rule = rule(
    "http.length-kept",
    "RFC 9110",
    "8.6",
    "A sender must not send a Content-Length that it knows to be wrong. It sends exactly as much \
     content as it has said.",
    "With less the reader waits for ever; with more it takes the rest for the next message.",
);

/// Too much content.
pub static CONTENT_LIMIT: Rule = rule(
    "http.content-limit",
    "RFC 9110",
    "15.5.14",
    "A server answers 413 to more content than it is willing to take.",
    "Whoever stores what strangers send must set the limit before they send it.",
);

/// Transfer-Encoding.
pub static TRANSFER_ENCODING: Rule = rule(
    "http.transfer-encoding",
    "RFC 9112",
    "6.1",
    "Transfer-Encoding names what was done to the body for this one hop.",
    "With chunks, a sender can begin before it knows how long the content will be.",
);

/// Codings that we do not know.
pub static CODING_UNKNOWN: Rule = rule(
    "http.coding-unknown",
    "RFC 9112",
    "6.1",
    "A server should answer 501 to a transfer coding that it does not know.",
    "It could find the end of the body but not read what is in it.",
);

/// Chunked comes last.
pub static CHUNKED_LAST: Rule = rule(
    "http.chunked-last",
    "RFC 9112",
    "6.3",
    "In a request, chunked must be the last transfer coding, and come only once. Otherwise the \
     server must answer 400 and close.",
    "Without chunks on the outside nobody can tell where the body ends.",
);

/// No codings in HTTP/1.0.
pub static CODING_IN_1_0: Rule = rule(
    "http.coding-in-1-0",
    "RFC 9112",
    "6.1",
    "A message of HTTP/1.0 with Transfer-Encoding must be taken to have faulty framing, and its \
     connection must be closed.",
    "HTTP/1.0 knows no codings, so somebody on the way has passed on what he did not understand.",
);

/// Bodies that end with the connection.
pub static UNTIL_CLOSE: Rule = rule(
    "http.until-close",
    "RFC 9112",
    "6.3",
    "A response with neither length nor chunks goes on until the server closes the connection.",
    "That is how HTTP/1.0 did it; the client cannot tell the end from an accident.",
);

/// The chunked coding.
pub static CHUNKED: Rule = rule(
    "http.chunked",
    "RFC 9112",
    "7.1",
    "Each chunk is its size in hex, CRLF, so many bytes, CRLF.",
    "The size comes first, so the content may hold any bytes and nothing in it is searched for.",
);

/// The size of a chunk.
pub static CHUNK_SIZE: Rule = rule(
    "http.chunk-size",
    "RFC 9112",
    "7.1",
    "A chunk's size is one or more hex digits, without sign, prefix or spaces.",
    "One reader takes `0x5` for five; another stops at the x and reads zero, which ends the body.",
);

/// Sizes of absurd length.
pub static CHUNK_SIZE_LIMIT: Rule = rule(
    "http.chunk-size-limit",
    "RFC 9112",
    "7.1",
    "A reader must expect huge sizes and not let its integers overflow.",
    "A size that wraps round to a small number moves the end of the chunk to where the attacker \
     wants it.",
);

/// Extensions of chunks.
pub static CHUNK_EXTENSION: Rule = rule(
    "http.chunk-extension",
    "RFC 9112",
    "7.1.1",
    "Extensions `;name=value` may follow a chunk's size. A reader must ignore those that it does \
     not know.",
    "They concern one hop only and are gone before any program could look at them.",
);

/// Extensions of absurd length.
pub static CHUNK_EXTENSION_LIMIT: Rule = rule(
    "http.chunk-extension-limit",
    "RFC 9112",
    "7.1.1",
    "A server ought to limit the total length of a request's chunk extensions, and answer 4xx \
     beyond it.",
    "A sender could otherwise keep a server busy with bytes that count towards no content.",
);

/// The last chunk.
pub static LAST_CHUNK: Rule = rule(
    "http.last-chunk",
    "RFC 9112",
    "7.1",
    "A chunk of size zero ends the content; trailer fields and an empty line follow.",
    "The reader knows that nothing is missing, which the end of a connection could not tell.",
);

/// Trailer fields.
pub static TRAILERS: Rule = rule(
    "http.trailers",
    "RFC 9110",
    "6.5.1",
    "Trailer fields carry what is known only at the end, and never what the reader needs before \
     the content, such as its framing.",
    "By then the reader has already acted on the head.",
);

/// A message cut short.
pub static INCOMPLETE: Rule = rule(
    "http.incomplete",
    "RFC 9112",
    "8",
    "A message whose connection ends before it does is incomplete.",
    "Half a page or half an order must not be taken for the whole.",
);
