//! One thing that is being fetched, through redirects and retries, up to its answer.

use bytes::Bytes;

use super::page::PageId;
use crate::http::{Fields, Request, Url, Version};
use crate::wire::Time;

/// The number of a fetch at one client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct FetchId(pub(super) u32);

/// What has become of `Expect: 100-continue` in a fetch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Expectation {
    /// It may be sent.
    Allowed,
    /// It was sent with the last request.
    Sent,
    /// It was answered with 417, and is not sent again.
    Refused,
}

/// One thing that is being fetched.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    pub(super) method: String,
    /// What is asked for now; changes with each redirect.
    pub(super) url: Url,
    pub(super) body: Bytes,
    /// The page that it belongs to, if any.
    pub(super) page: Option<PageId>,
    /// Whether it is that page itself and not one of its objects.
    pub(super) is_base: bool,
    /// Whether the user wants it checked with the origin.
    pub(super) reload: bool,
    /// How many redirects it has followed.
    pub(super) redirects: u32,
    /// Whether it was sent again already.
    pub(super) retried: bool,
    /// Whether its content is announced with Expect.
    pub(super) expectation: Expectation,
    /// The fields by which its stored copy is to be checked; empty where there is none.
    pub(super) conditions: Fields,
    /// Whether the cache was asked and is not to be asked again.
    pub(super) past_cache: bool,
    /// The request as it was sent, without conditions: what the cache goes by.
    pub(super) sent: Option<Request>,
    /// When it was sent.
    pub(super) sent_at: Time,
}

impl Fetch {
    pub(super) fn new(method: &str, url: Url, body: Bytes) -> Fetch {
        Fetch {
            method: method.to_string(),
            url,
            body,
            page: None,
            is_base: false,
            reload: false,
            redirects: 0,
            retried: false,
            expectation: Expectation::Allowed,
            conditions: Fields::new(),
            past_cache: false,
            sent: None,
            sent_at: Time::EPOCH,
        }
    }

    pub(super) fn get(url: Url) -> Fetch {
        Fetch::new("GET", url, Bytes::new())
    }

    /// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2).
    pub(super) fn is_idempotent(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE")
    }

    /// The head that every request of this fetch has, before what depends on the connection.
    pub(super) fn request(&self, version: Version, language: Option<&str>) -> Request {
        let mut fields = Fields::new()
            .with("Host", self.url.authority())
            .with("User-Agent", "Wirelab")
            .with("Accept", "*/*");
        if let Some(language) = language {
            fields.push("Accept-Language", language);
        }
        if self.reload {
            fields.push("Cache-Control", "max-age=0");
        }
        if !self.body.is_empty() {
            fields.push("Content-Type", media_type(&self.method));
        }
        let (method, target) = (self.method.clone(), self.url.origin_form());
        Request { method, target, version, fields }
    }
}

/// What the user types after `post` is a form, after `put` a text.
fn media_type(method: &str) -> &'static str {
    match method {
        "POST" => "application/x-www-form-urlencoded",
        _ => "text/plain; charset=utf-8",
    }
}
