//! A document: bytes with a type, a date and an entity tag.

use bytes::Bytes;

use crate::http::Fields;
use crate::wire::Time;

/// A document that a site serves.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    content: Bytes,
    /// Made of the content, once: the State view asks for it after every step.
    digest: u64,
    /// Its media type, such as `text/html; charset=utf-8`.
    pub media_type: String,
    /// When it was last changed.
    pub modified: Time,
    /// What Cache-Control says of it; none for no such field.
    pub cache_control: Option<String>,
    /// Whether an ETag is sent, made from the content.
    pub tagged: bool,
    /// Whether Last-Modified is sent.
    pub dated: bool,
}

impl Document {
    /// A document that is dated and tagged, and says nothing to caches.
    pub fn new(media_type: &str, content: impl Into<Bytes>, modified: Time) -> Document {
        let content = content.into();
        Document {
            digest: digest(&content),
            content,
            media_type: media_type.to_string(),
            modified,
            cache_control: None,
            tagged: true,
            dated: true,
        }
    }

    /// Its bytes.
    pub fn content(&self) -> &Bytes {
        &self.content
    }

    /// The same document with new content, changed then; its type and what is said to caches stay
    /// as they were.
    pub fn rewritten(self, content: impl Into<Bytes>, modified: Time) -> Document {
        let content = content.into();
        Document { digest: digest(&content), content, modified, ..self }
    }

    /// The same document with what Cache-Control shall say of it.
    pub fn cached(mut self, cache_control: &str) -> Document {
        self.cache_control = Some(cache_control.to_string());
        self
    }

    /// The same document without an entity tag: its date is its only validator.
    pub fn untagged(mut self) -> Document {
        self.tagged = false;
        self
    }

    /// The entity tag, in its quotes (RFC 9110 section 8.8.3): equal for equal content.
    pub fn entity_tag(&self) -> Option<String> {
        self.tagged.then(|| format!("\"{:016x}\"", self.digest))
    }

    /// The fields that describe it: those that 304 repeats as well (RFC 9110 section 15.4.5).
    pub(super) fn validators(&self) -> Fields {
        let mut fields = Fields::new();
        if self.dated {
            fields.push("Last-Modified", self.modified.to_string());
        }
        if let Some(tag) = self.entity_tag() {
            fields.push("ETag", tag);
        }
        if let Some(control) = &self.cache_control {
            fields.push("Cache-Control", control.clone());
        }
        fields
    }
}

/// FNV-1a over the bytes: tells contents apart, and hides nothing from anybody.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
