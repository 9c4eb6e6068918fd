//! A mail as a tree of parts, each with its span (RFC 2045 section 2.4, RFC 2046 section 5).

use bytes::Bytes;

use super::boundary::{Cut, cut};
use super::header::Header;
use super::{
    ContentType, Decoded, Disposition, Encoding, Limits, Oddity, decode_words, odd, rules, transfer,
};
use crate::wire::Span;

/// A mail that has been read.
#[derive(Clone, PartialEq, Debug)]
pub struct Mail {
    /// All of it.
    pub octets: Bytes,
    /// The mail itself as the outermost part.
    pub root: Entity,
    /// What is odd about it, in the order of reading.
    pub oddities: Vec<Oddity>,
}

/// A mail, or a part of one: a header and a body.
#[derive(Clone, PartialEq, Debug)]
pub struct Entity {
    /// Where it stands in the mail.
    pub span: Span,
    /// Its header.
    pub header: Header,
    /// Its body, as it is sent.
    pub body: Span,
    /// What the body is.
    pub content_type: ContentType,
    /// How the body is encoded.
    pub encoding: Encoding,
    /// Whether it is to be shown in place or kept as a file.
    pub disposition: Option<Disposition>,
    /// What it is made of.
    pub parts: Parts,
}

/// What a body is made of.
#[derive(Clone, PartialEq, Debug)]
pub enum Parts {
    /// It is one thing.
    Leaf,
    /// It has parts, between delimiters.
    Multipart {
        /// What stands before the first delimiter; readers do not show it.
        preamble: Span,
        /// The delimiters, each with the line end before it; the close-delimiter last.
        delimiters: Vec<Span>,
        /// The parts in order.
        parts: Vec<Entity>,
        /// What stands behind the close-delimiter; readers do not show it.
        epilogue: Span,
    },
    /// It is a mail of its own.
    Message(Box<Entity>),
}

/// Reads a mail; whatever comes is one.
pub fn read(octets: impl Into<Bytes>, limits: Limits) -> Mail {
    let octets = octets.into();
    let fields_left = limits.fields_max;
    let mut reader =
        Reader { octets: &octets, limits, fields_left, parts: 0, depth: 0, oddities: Vec::new() };
    let root = reader.entity(Span::new(0, octets.len()), ContentType::text_plain());
    let oddities = reader.oddities;
    Mail { octets, root, oddities }
}

struct Reader<'a> {
    octets: &'a [u8],
    limits: Limits,
    /// How many more lines of header are told apart.
    fields_left: usize,
    parts: usize,
    depth: usize,
    oddities: Vec<Oddity>,
}

impl Reader<'_> {
    fn entity(&mut self, span: Span, default: ContentType) -> Entity {
        self.parts += 1;
        let header = Header::read(self.octets, span, &mut self.fields_left, &mut self.oddities);
        let body = Span::new(header.span.end, span.end);
        let content_type = self.content_type(&header, default);
        let encoding = self.encoding(&header, &content_type);
        let disposition =
            header.field("Content-Disposition").map(|field| Disposition::parse(&field.value));
        let parts = self.parts_of(body, &content_type, &encoding);
        Entity { span, header, body, content_type, encoding, disposition, parts }
    }

    fn content_type(&mut self, header: &Header, default: ContentType) -> ContentType {
        let Some(field) = header.field("Content-Type") else { return default };
        ContentType::parse(&field.value).unwrap_or_else(|| {
            let found = "The content type cannot be read. It is taken for plain text.";
            odd(&mut self.oddities, &rules::CONTENT_TYPE, field.value_at, found);
            ContentType::text_plain()
        })
    }

    fn encoding(&mut self, header: &Header, content_type: &ContentType) -> Encoding {
        let Some(field) = header.field("Content-Transfer-Encoding") else {
            return Encoding::SevenBit;
        };
        let encoding = Encoding::parse(&field.value);
        if let Encoding::Unknown(name) = &encoding {
            let found = format!("Nobody knows the encoding `{name}`. The body is left as it is.");
            odd(&mut self.oddities, &rules::ENCODING, field.value_at, &found);
        }
        if content_type.is_composite() && encoding.changes_octets() {
            let found = "What is made of parts may not be encoded as a whole.";
            odd(&mut self.oddities, &rules::COMPOSITE, field.value_at, found);
        }
        encoding
    }

    fn parts_of(&mut self, body: Span, kind: &ContentType, encoding: &Encoding) -> Parts {
        if !kind.is_composite() || encoding.changes_octets() {
            return Parts::Leaf;
        }
        if self.depth >= self.limits.depth_max || self.parts >= self.limits.parts_max {
            let found = "Parts are nested deeper, or are more, than we look.";
            odd(&mut self.oddities, &rules::NESTING_LIMIT, body, found);
            return Parts::Leaf;
        }
        self.depth += 1;
        let parts = match kind.kind.as_str() {
            "multipart" => self.multipart(body, kind),
            _ => Parts::Message(Box::new(self.entity(body, ContentType::text_plain()))),
        };
        self.depth -= 1;
        parts
    }

    fn multipart(&mut self, body: Span, kind: &ContentType) -> Parts {
        let Some(boundary) = kind.parameter("boundary").filter(|value| !value.is_empty()) else {
            let found = "A multipart body without a boundary has parts that nobody can find.";
            odd(&mut self.oddities, &rules::BOUNDARY, body, found);
            return Parts::Leaf;
        };
        let left = self.limits.parts_max - self.parts.min(self.limits.parts_max);
        let Cut { preamble, delimiters, parts, epilogue, closed } =
            cut(self.octets, body, boundary, left.max(1));
        if parts.is_empty() {
            let found = "No delimiter begins a part. The body is shown as it is.";
            odd(&mut self.oddities, &rules::BOUNDARY, body, found);
            return Parts::Leaf;
        }
        if !closed {
            let found = "The close-delimiter never comes. The last part is the rest.";
            odd(&mut self.oddities, &rules::CLOSE_DELIMITER, body, found);
        }
        let digest = kind.subtype == "digest";
        let parts = parts.into_iter().map(|span| {
            let default = if digest { ContentType::message() } else { ContentType::text_plain() };
            self.entity(span, default)
        });
        let parts = parts.collect();
        Parts::Multipart { preamble, delimiters, parts, epilogue }
    }
}

impl Mail {
    /// The parts that are no containers, outermost first, in order.
    pub fn leaves(&self) -> Vec<&Entity> {
        let mut leaves = Vec::new();
        self.root.collect_leaves(&mut leaves);
        leaves
    }

    /// The subject with its encoded words decoded.
    pub fn subject(&self) -> Option<String> {
        self.root.header.first("Subject").map(decode_words)
    }
}

impl Entity {
    /// The body with its encoding taken off, and what was odd about it. Spans count in the mail.
    pub fn decoded(&self, octets: &[u8]) -> Decoded {
        transfer::decode(&self.encoding, octets, self.body)
    }

    /// The body as text, for people: bytes that its charset does not have are replaced.
    pub fn text(&self, octets: &[u8]) -> String {
        let bytes = self.decoded(octets).bytes;
        match self.content_type.parameter("charset") {
            Some(set) if set.eq_ignore_ascii_case("iso-8859-1") => {
                bytes.iter().map(|byte| char::from(*byte)).collect()
            }
            Some(_) | None => String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// The name of the file that it is to become, if it says one.
    pub fn file_name(&self) -> Option<String> {
        let told = self.disposition.as_ref().and_then(|told| told.parameter("filename"));
        told.or_else(|| self.content_type.parameter("name")).map(decode_words)
    }

    /// Whether it is to be kept as a file rather than shown.
    pub fn is_attachment(&self) -> bool {
        self.disposition.as_ref().is_some_and(|told| told.kind == "attachment")
    }

    /// Its parts.
    pub fn children(&self) -> &[Entity] {
        match &self.parts {
            Parts::Leaf => &[],
            Parts::Multipart { parts, .. } => parts,
            Parts::Message(inner) => core::slice::from_ref(inner),
        }
    }

    fn collect_leaves<'a>(&'a self, into: &mut Vec<&'a Entity>) {
        if self.parts == Parts::Leaf {
            into.push(self);
        }
        for part in self.children() {
            part.collect_leaves(into);
        }
    }
}
