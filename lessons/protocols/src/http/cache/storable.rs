//! Which responses a cache may store (RFC 9111 section 3).

use super::{CacheControl, Sharing, Verdict};
use crate::http::policy_rules as rules;
use crate::http::{Request, Response};

/// Whether a response may be stored, and the rule that decides it.
pub(super) fn storable(sharing: Sharing, request: &Request, response: &Response) -> Verdict {
    let asked = CacheControl::of(&request.fields);
    let said = CacheControl::of(&response.fields);
    if request.method != "GET" {
        return Verdict::no(&rules::CACHE_METHOD);
    }
    let understood = UNDERSTOOD.contains(&response.status);
    if response.status < 200 || PARTIAL.contains(&response.status) {
        return Verdict::no(&rules::CACHE_STATUS);
    }
    if said.must_understand && !understood {
        return Verdict::no(&rules::CACHE_STATUS);
    }
    if asked.no_store || (said.no_store && !said.must_understand) {
        return Verdict::no(&rules::CACHE_NO_STORE);
    }
    if response.fields.list("Vary").any(|name| name == "*") {
        return Verdict::no(&rules::CACHE_VARY);
    }
    if sharing == Sharing::Shared {
        if said.private {
            return Verdict::no(&rules::CACHE_PRIVATE);
        }
        let expressly = said.public || said.must_revalidate || said.s_maxage_secs.is_some();
        if request.fields.first("Authorization").is_some() && !expressly {
            return Verdict::no(&rules::CACHE_AUTHORIZATION);
        }
    }
    let stated = said.public
        || said.max_age_secs.is_some()
        || response.fields.first("Expires").is_some()
        || match sharing {
            Sharing::Shared => said.s_maxage_secs.is_some(),
            Sharing::Private => said.private,
        };
    match stated || heuristically_cacheable(response.status) {
        true => Verdict::yes(&rules::CACHE_STORE),
        false => Verdict::no(&rules::CACHE_STORE),
    }
}

/// Whether a lifetime may be guessed for this status (RFC 9110 section 15.1).
pub(super) fn heuristically_cacheable(status: u16) -> bool {
    matches!(status, 200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// Statuses that carry only a part of an answer, or none of their own.
const PARTIAL: [u16; 2] = [206, 304];

/// The final statuses whose meaning for caching this cache knows (RFC 9111 section 5.2.2.3).
const UNDERSTOOD: [u16; 17] =
    [200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 404, 405, 410, 414, 500, 501, 503];
