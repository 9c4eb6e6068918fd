//! Entity tags: names for one state of a resource (RFC 9110 section 8.8.3).

use super::{Fields, parse_http_date};

/// The entity tags of a list such as If-None-Match has; commas within the quotes belong to the tag.
pub(super) fn tags(list: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), list);
    while let Some(open) = rest.find('"') {
        let Some(length) = rest.get(open + 1..).and_then(|inner| inner.find('"')) else { break };
        let start = match rest.get(..open) {
            Some(before) if before.ends_with("W/") => open - 2,
            Some(_) | None => open,
        };
        let end = open + length + 2;
        found.extend(rest.get(start..end));
        rest = rest.get(end..).unwrap_or("");
    }
    found
}

/// Strong comparison: equal, and neither is weak (RFC 9110 section 8.8.3.2).
pub(super) fn strong(one: &str, other: &str) -> bool {
    !one.starts_with("W/") && one == other
}

/// Weak comparison: equal without regard to weakness (RFC 9110 section 8.8.3.2).
pub(super) fn weak(one: &str, other: &str) -> bool {
    let opaque = |tag| str::strip_prefix(tag, "W/").unwrap_or(tag).to_string();
    opaque(one) == opaque(other)
}

/// Whether a field lists the current tag, or is `*` and there is something at all.
pub(super) fn listed(
    fields: &Fields,
    name: &str,
    current: Option<&str>,
    exists: bool,
    same: fn(&str, &str) -> bool,
) -> bool {
    let any = fields.all(name).any(|value| value.trim() == "*");
    let mut tags = fields.all(name).flat_map(tags);
    (any && exists) || current.is_some_and(|current| tags.any(|tag| same(tag, current)))
}

/// Whether a conditional GET need not be answered with this response's content, because the
/// client has it: what a cache asks of a stored response (RFC 9111 section 4.3.2).
pub(super) fn is_not_modified(request: &Fields, response: &Fields) -> bool {
    if request.first("If-None-Match").is_some() {
        return listed(request, "If-None-Match", response.first("ETag"), true, weak);
    }
    let since = request.first("If-Modified-Since").and_then(parse_http_date);
    let changed = response.first("Last-Modified").and_then(parse_http_date);
    since.zip(changed).is_some_and(|(since, changed)| changed <= since)
}
