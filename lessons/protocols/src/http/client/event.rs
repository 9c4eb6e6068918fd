//! What a client tells its user. Lessons match on these texts, so they stay as they are.

use core::fmt;

use crate::http::Url;

/// What a client tells its user.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// `response URL STATUS BYTES`: a final answer, with so many bytes of content.
    Response {
        /// What was asked for, after any redirects.
        url: Url,
        /// The status.
        status: u16,
        /// Bytes of content.
        bytes: usize,
    },
    /// `page URL done OBJECTS BYTES`: a page and its objects are here.
    PageDone {
        /// The page as it was asked for.
        url: Url,
        /// How many objects came with it.
        objects: usize,
        /// Bytes of content of page and objects together.
        bytes: usize,
    },
    /// `failed URL: WHY`.
    Failed {
        /// What was asked for.
        url: Url,
        /// Why it cannot be had.
        why: String,
    },
    /// `redirected URL STATUS URL`: the answer was to ask elsewhere.
    Redirected {
        /// What was asked for.
        from: Url,
        /// The status that said so.
        status: u16,
        /// What is asked for now.
        to: Url,
    },
    /// `from cache URL`: answered without asking anybody.
    FromCache {
        /// What was asked for.
        url: Url,
    },
    /// `revalidated URL`: the stored copy was checked and is good.
    Revalidated {
        /// What was asked for.
        url: Url,
    },
    /// `retried URL`: sent again, because its connection closed or its Expect was refused.
    Retried {
        /// What is asked for.
        url: Url,
    },
    /// `cookie kept NAME for DOMAIN`.
    CookieKept {
        /// The cookie's name.
        name: String,
        /// The domain that it belongs to.
        domain: String,
    },
    /// `cookie deleted NAME for DOMAIN`.
    CookieDeleted {
        /// The cookie's name.
        name: String,
        /// The domain that it belonged to.
        domain: String,
    },
    /// `cookie refused NAME from URL`.
    CookieRefused {
        /// The cookie's name, as far as it could be read.
        name: String,
        /// Whose answer tried to set it.
        url: Url,
    },
    /// `nothing to reload`.
    NothingToReload,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Response { url, status, bytes } => write!(f, "response {url} {status} {bytes}"),
            Event::PageDone { url, objects, bytes } => {
                write!(f, "page {url} done {objects} {bytes}")
            }
            Event::Failed { url, why } => write!(f, "failed {url}: {why}"),
            Event::Redirected { from, status, to } => write!(f, "redirected {from} {status} {to}"),
            Event::FromCache { url } => write!(f, "from cache {url}"),
            Event::Revalidated { url } => write!(f, "revalidated {url}"),
            Event::Retried { url } => write!(f, "retried {url}"),
            Event::CookieKept { name, domain } => write!(f, "cookie kept {name} for {domain}"),
            Event::CookieDeleted { name, domain } => {
                write!(f, "cookie deleted {name} for {domain}")
            }
            Event::CookieRefused { name, url } => write!(f, "cookie refused {name} from {url}"),
            Event::NothingToReload => write!(f, "nothing to reload"),
        }
    }
}
