//! Preconditions of requests, in the order in which they are weighed (RFC 9110 section 13.2.2).

use super::Document;
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

/// Whether a list of tags names the current one, or is `*` and there is one at all.
fn listed(
    fields: &Fields,
    name: &str,
    current: Option<&str>,
    exists: bool,
    same: fn(&str, &str) -> bool,
) -> bool {
    let any = fields.all(name).any(|value| value.trim() == "*");
    let tags = fields.all(name).flat_map(tags);
    (any && exists) || current.is_some_and(|current| tags.into_iter().any(|t| same(t, current)))
}

/// The entity tags of a list; commas within the quotes belong to the tag.
fn tags(list: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), list);
    while let Some(open) = rest.find('"') {
        let Some(length) = rest.get(open + 1..).and_then(|inner| inner.find('"')) else { break };
        let start = match rest.get(..open) {
            Some(before) if before.ends_with("W/") => open - 2,
            _ => open,
        };
        let end = open + length + 2;
        found.extend(rest.get(start..end));
        rest = rest.get(end..).unwrap_or("");
    }
    found
}

/// Strong comparison: equal, and neither is weak (RFC 9110 section 8.8.3.2).
fn strong(one: &str, other: &str) -> bool {
    !one.starts_with("W/") && one == other
}

/// Weak comparison: equal without regard to weakness (RFC 9110 section 8.8.3.2).
fn weak(one: &str, other: &str) -> bool {
    one.trim_start_matches("W/") == other.trim_start_matches("W/")
}
