//! What RFC 5322 and RFC 2045 to 2047 say about the form of mail, in our words.

use crate::wire::{Rule, Source};

/// Every rule of this folder.
pub const ALL: &[&Rule] = &[
    &FIELD,
    &FIELD_NAME,
    &FOLDING,
    &LINE_END,
    &BODY,
    &CONTENT_TYPE,
    &MULTIPART,
    &BOUNDARY,
    &CLOSE_DELIMITER,
    &COMPOSITE,
    &NESTING_LIMIT,
    &ENCODING,
    &QUOTED_PRINTABLE,
    &BASE64,
    &BASE64_PADDING,
    &ENCODED_WORD,
    &FIELD_LIMIT,
];

/// A rule in one line.
const fn rule(
    id: &'static str,
    document: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new(document, section), says, why }
}

/// Header fields.
pub static FIELD: Rule = rule(
    "mime.field",
    "RFC 5322",
    "2.2",
    "A header is lines of the form name, colon, body.",
    "Programs on the way may add fields and read those they know without understanding the rest.",
);

/// Field names.
pub static FIELD_NAME: Rule = rule(
    "mime.field-name",
    "RFC 5322",
    "2.2",
    "A field name must be printable ASCII without the colon; the colon stands right after it.",
    "Where the name ends must be the same for every program that reads the mail.",
);

/// Folding.
pub static FOLDING: Rule = rule(
    "mime.folding",
    "RFC 5322",
    "2.2.3",
    "A field may go on in the next line, which then begins with white space. Unfolding takes out \
     only the line end.",
    "Lines stay short enough for old systems, and long values can still be written.",
);

/// Line ends.
pub static LINE_END: Rule = rule(
    "mime.line-end",
    "RFC 5322",
    "2.3",
    "CR and LF must stand only together, at the end of a line.",
    "A lone LF is a line end to one program and a character to another, and they disagree where \
     the header ends.",
);

/// Header and body.
pub static BODY: Rule = rule(
    "mime.body",
    "RFC 5322",
    "2.1",
    "The first empty line ends the header. What follows is the body.",
    "Everything above it is for programs, everything below for people.",
);

/// Content types.
pub static CONTENT_TYPE: Rule = rule(
    "mime.content-type",
    "RFC 2045",
    "5",
    "Content-Type says what a body is: type, slash, subtype, and parameters after semicolons. \
     Without one, or with one that cannot be read, it is plain text.",
    "The reader need not guess from the bytes what it was sent.",
);

/// Multipart bodies.
pub static MULTIPART: Rule = rule(
    "mime.multipart",
    "RFC 2046",
    "5.1",
    "A multipart body is a row of parts, each with a header and a body of its own.",
    "One mail can carry a text and pictures, and parts can have parts.",
);

/// Boundaries.
pub static BOUNDARY: Rule = rule(
    "mime.boundary",
    "RFC 2046",
    "5.1.1",
    "A line of two hyphens and the boundary begins a part. The line end before it belongs to it, \
     and what stands before the first must be ignored.",
    "No part need be counted or escaped: it is enough that the boundary occurs in none of them.",
);

/// The last delimiter.
pub static CLOSE_DELIMITER: Rule = rule(
    "mime.close-delimiter",
    "RFC 2046",
    "5.1.1",
    "Two more hyphens after the boundary end the last part.",
    "Without them nobody can tell a whole mail from one that was cut off.",
);

/// Encoded containers.
pub static COMPOSITE: Rule = rule(
    "mime.composite",
    "RFC 2045",
    "6.4",
    "A body that has parts must be sent as it is; only the parts themselves may be encoded.",
    "Nested encodings would have to be undone to find a boundary.",
);

/// The limit of nesting.
pub static NESTING_LIMIT: Rule = rule(
    "mime.nesting-limit",
    "RFC 2046",
    "5.1",
    "Parts may be nested as deep as one likes. We look so deep and no deeper.",
    "A mail of a few kilobytes can nest a thousand levels and stop whoever follows them all.",
);

/// Transfer encodings.
pub static ENCODING: Rule = rule(
    "mime.encoding",
    "RFC 2045",
    "6",
    "Content-Transfer-Encoding says how the body was made fit for the way: 7bit, 8bit, binary, \
     quoted-printable or base64.",
    "Mail was built for short lines of ASCII; everything else travels in disguise.",
);

/// Quoted-printable.
pub static QUOTED_PRINTABLE: Rule = rule(
    "mime.quoted-printable",
    "RFC 2045",
    "6.7",
    "An `=` and two hexadecimal digits stand for a byte; an `=` at the end of a line joins it with \
     the next.",
    "Text with a few letters beyond ASCII stays readable even where nothing decodes it.",
);

/// Base64.
pub static BASE64: Rule = rule(
    "mime.base64",
    "RFC 2045",
    "6.8",
    "Each four of 64 letters stand for three bytes, in lines of at most 76. Other characters must \
     be ignored.",
    "These letters pass unharmed through every system; the price is a third more bytes.",
);

/// Padding.
pub static BASE64_PADDING: Rule = rule(
    "mime.base64-padding",
    "RFC 2045",
    "6.8",
    "The last group is filled up with `=`: one for two bytes, two for one.",
    "A body that was cut off can be told from one that ends.",
);

/// Letters beyond ASCII in the header.
pub static ENCODED_WORD: Rule = rule(
    "mime.encoded-word",
    "RFC 2047",
    "2",
    "In a header field `=?`, a charset, B or Q, the encoded text and `?=` stand for a word; at \
     most 75 characters, with no white space in it.",
    "Names and subjects are written in every script, and header fields may hold ASCII alone.",
);

/// Headers without end.
pub static FIELD_LIMIT: Rule = rule(
    "mime.field-limit",
    "RFC 5322",
    "3.6",
    "Some header fields may come any number of times. We read so many lines of header and no more.",
    "A mail of nothing but tiny fields would cost its reader many times its own size.",
);
