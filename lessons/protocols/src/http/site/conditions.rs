//! Preconditions of requests, in the order in which they are weighed (RFC 9110 section 13.2.2).

use super::Document;
use crate::http::entity_tag::{listed, strong, weak};
use crate::http::policy_rules as rules;
use crate::http::{Fields, parse_http_date};
use crate::wire::Rule;

/// What the preconditions of a request come to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Condition {
    /// There are none, or they hold: carry the method out.
    Holds,
    /// The client's copy is current: answer 304.
    NotModified(&'static Rule),
    /// One does not hold: answer 412.
    Failed,
}

/// Weighs the preconditions against the document that is there now, if there is one.
pub(super) fn weigh(method: &str, fields: &Fields, current: Option<&Document>) -> Condition {
    let tag = current.and_then(Document::entity_tag);
    let modified = current.filter(|d| d.dated).map(|d| d.modified.secs());
    let date = |name: &str| fields.first(name).and_then(parse_http_date).map(|d| d.secs());
    let reads = matches!(method, "GET" | "HEAD");
    if fields.first("If-Match").is_some() {
        if !listed(fields, "If-Match", tag.as_deref(), current.is_some(), strong) {
            return Condition::Failed;
        }
    } else if let (Some(date), Some(modified)) = (date("If-Unmodified-Since"), modified)
        && modified > date
    {
        return Condition::Failed;
    }
    if fields.first("If-None-Match").is_some() {
        return match listed(fields, "If-None-Match", tag.as_deref(), current.is_some(), weak) {
            false => Condition::Holds,
            true if reads => Condition::NotModified(&rules::IF_NONE_MATCH),
            true => Condition::Failed,
        };
    }
    match (date("If-Modified-Since"), modified) {
        (Some(date), Some(modified)) if reads && modified <= date => {
            Condition::NotModified(&rules::IF_MODIFIED_SINCE)
        }
        _ => Condition::Holds,
    }
}
