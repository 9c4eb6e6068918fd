//! A page with its objects, and the list of what was loaded.

use bytes::Bytes;

use crate::http::{Response, Url};

/// The number of a visit at one client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct PageId(pub(super) u32);

/// A page whose objects are being fetched.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// As it was asked for.
    pub(super) url: Url,
    /// Objects not here yet.
    pub(super) pending: usize,
    /// Objects that are here.
    pub(super) objects: usize,
    /// Bytes of content so far.
    pub(super) bytes: usize,
}

impl Page {
    pub(super) fn new(url: Url) -> Page {
        Page { url, pending: 0, objects: 0, bytes: 0 }
    }
}

/// Something that was fetched.
#[derive(Clone, PartialEq, Debug)]
pub struct Loaded {
    /// What was asked for, after any redirects.
    pub url: Url,
    /// The head of the answer.
    pub response: Response,
    /// Its content.
    pub body: Bytes,
    /// Where the content came from.
    pub from: Origin,
}

/// Where the content of an answer came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Over the network.
    Network,
    /// From the client's cache, without asking.
    Cache,
    /// From the client's cache, after asking whether it is current.
    Checked,
}

impl Origin {
    /// In a word or two.
    pub const fn label(self) -> &'static str {
        match self {
            Origin::Network => "network",
            Origin::Cache => "cache",
            Origin::Checked => "cache, checked",
        }
    }
}

/// How many answers are kept for looking at: a page and its objects.
pub(super) const MAX_LOADED: usize = 24;

/// How many bytes of their content: one answer of the largest size that is read, and as much again.
pub(super) const MAX_LOADED_BYTES: usize = 32 << 20;
