//! Rules of caches: what to keep, how long, and how to ask again (RFC 9111).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &CACHE_FRESH,
    &CACHE_MISS,
    &CACHE_STALE,
    &CACHE_MAX_AGE,
    &CACHE_S_MAXAGE,
    &CACHE_EXPIRES,
    &CACHE_HEURISTIC,
    &CACHE_NO_LIFETIME,
    &CACHE_VALIDATE,
    &CACHE_FRESHEN,
    &CACHE_STORE,
    &CACHE_NO_STORE,
    &CACHE_NO_CACHE,
    &CACHE_REQUEST_DIRECTIVE,
    &CACHE_ONLY_IF_CACHED,
    &CACHE_MUST_REVALIDATE,
    &CACHE_PRIVATE,
    &CACHE_AUTHORIZATION,
    &CACHE_METHOD,
    &CACHE_STATUS,
    &CACHE_VARY,
    &CACHE_INVALIDATE,
    &CACHE_LIMIT,
    &CACHE_STALE_USED,
    &CACHE_CLIENT_CONDITION,
];

/// A fresh response is used again without asking.
pub static CACHE_FRESH: Rule = rule(
    "http.cache-fresh",
    "RFC 9111",
    "4.2",
    "A stored response may be used without asking the origin while its age is less than \
     its freshness lifetime.",
    "The quickest request is the one that is not sent: no round trip, and no load on the \
     origin.",
);

/// Nothing stored fits, so the request is forwarded.
pub static CACHE_MISS: Rule = rule(
    "http.cache-miss",
    "RFC 9111",
    "4",
    "Where no stored response fits the request, the request goes on towards the origin \
     server.",
    "A cache must never change what an answer means, only how quickly it comes.",
);

/// A stale response is not used without asking.
pub static CACHE_STALE: Rule = rule(
    "http.cache-stale",
    "RFC 9111",
    "4.2.4",
    "A response older than its freshness lifetime is stale. A cache must check it with the origin \
     before it is used again, unless it cannot reach the origin or is allowed to use it stale.",
    "The origin promised the content for that long and no longer.",
);

/// max-age gives the freshness lifetime.
pub static CACHE_MAX_AGE: Rule = rule(
    "http.cache-max-age",
    "RFC 9111",
    "5.2.2.1",
    "Cache-Control: max-age gives the freshness lifetime in seconds. Where it is given, Expires \
     must be ignored (section 5.3).",
    "A length of time needs no agreement between the clocks of server and cache.",
);

/// s-maxage overrides max-age in a shared cache.
pub static CACHE_S_MAXAGE: Rule = rule(
    "http.cache-s-maxage",
    "RFC 9111",
    "5.2.2.10",
    "In a shared cache, s-maxage overrides max-age and Expires.",
    "A proxy serves many people and can be told another lifetime than each browser is.",
);

/// Expires gives the freshness lifetime as a date.
pub static CACHE_EXPIRES: Rule = rule(
    "http.cache-expires",
    "RFC 9111",
    "5.3",
    "Without max-age, the lifetime is Expires minus Date; a value that is no date means \
     already expired.",
    "This is how HTTP/1.0 said it, and old servers still do.",
);

/// Without a stated lifetime, a tenth of the time since the last change.
pub static CACHE_HEURISTIC: Rule = rule(
    "http.cache-heuristic",
    "RFC 9111",
    "4.2.2",
    "Where nothing states a lifetime, a cache may guess one for status codes that allow it: \
     typically a tenth of the time since Last-Modified.",
    "What has not changed for long will probably not change soon; it is a guess, and so a small \
     part only.",
);

/// With neither a stated nor a heuristic lifetime, a response is stale at once.
pub static CACHE_NO_LIFETIME: Rule = rule(
    "http.cache-no-lifetime",
    "RFC 9111",
    "4.2.1",
    "A response with no stated lifetime and nothing to guess one from is stale from the \
     start.",
    "The cache has no ground on which to promise that it is still right.",
);

/// A stale response is checked with a conditional request.
pub static CACHE_VALIDATE: Rule = rule(
    "http.cache-validate",
    "RFC 9111",
    "4.3.1",
    "A cache checks a stored response by asking with its entity tag in If-None-Match, or \
     its date in If-Modified-Since.",
    "If nothing has changed, a short 304 saves sending the whole content again.",
);

/// A 304 makes the stored response fresh again.
pub static CACHE_FRESHEN: Rule = rule(
    "http.cache-freshen",
    "RFC 9111",
    "4.3.4",
    "On 304 the cache takes the new header fields into its stored response and uses its \
     stored content.",
    "The answer counts as new from this moment, so its lifetime begins again.",
);

/// Which responses may be stored.
pub static CACHE_STORE: Rule = rule(
    "http.cache-store",
    "RFC 9111",
    "3",
    "A final answer to GET may be stored if nothing forbids it and it says how long it lives, is \
     marked as storable, or has a status for which a lifetime may be guessed.",
    "What is stored may be shown to others later, so there must be a ground for it in the \
     response.",
);

/// no-store forbids keeping a response.
pub static CACHE_NO_STORE: Rule = rule(
    "http.cache-no-store",
    "RFC 9111",
    "5.2.2.5",
    "no-store, in the request or the response, forbids keeping any part of either.",
    "Some answers, such as a bank statement, must not lie about on a disk.",
);

/// no-cache demands asking each time.
pub static CACHE_NO_CACHE: Rule = rule(
    "http.cache-no-cache",
    "RFC 9111",
    "5.2.2.4",
    "A response with no-cache may be stored, but must be checked with the origin each \
     time before it is used.",
    "The content may change at any moment, and still a 304 is cheaper than the content.",
);

/// The request asks for a fresher answer than the one stored.
pub static CACHE_REQUEST_DIRECTIVE: Rule = rule(
    "http.cache-request-directive",
    "RFC 9111",
    "5.2.1",
    "With no-cache, max-age or min-fresh in a request, the client asks for a checked or younger \
     answer than the cache holds; with max-stale it takes an older one.",
    "This is what the reload button sends: the user knows better that something has changed.",
);

/// only-if-cached forbids going to the origin.
pub static CACHE_ONLY_IF_CACHED: Rule = rule(
    "http.cache-only-if-cached",
    "RFC 9111",
    "5.2.1.7",
    "With only-if-cached, a cache that has nothing usable should answer 504 and not forward the \
     request.",
    "A client with a poor line may prefer no answer to a slow one.",
);

/// must-revalidate forbids ever using a stale response.
pub static CACHE_MUST_REVALIDATE: Rule = rule(
    "http.cache-must-revalidate",
    "RFC 9111",
    "5.2.2.2",
    "Once stale, a response with must-revalidate is never used unchecked, not even if the \
     origin cannot be reached.",
    "For some content a wrong answer is worse than none.",
);

/// A shared cache does not store a private response.
pub static CACHE_PRIVATE: Rule = rule(
    "http.cache-private",
    "RFC 9111",
    "5.2.2.7",
    "A response marked private is for one person; a shared cache must not store it.",
    "The next person to ask would be shown somebody else's page.",
);

/// A shared cache does not store answers to authorised requests.
pub static CACHE_AUTHORIZATION: Rule = rule(
    "http.cache-authorization",
    "RFC 9111",
    "3.5",
    "A shared cache does not store the answer to a request with Authorization unless the \
     response expressly allows it.",
    "What was shown to one who may see it must not reach those who may not.",
);

/// Only answers to GET are stored here.
pub static CACHE_METHOD: Rule = rule(
    "http.cache-method",
    "RFC 9111",
    "3",
    "A cache stores and uses again only the answers to methods that it understands; here that is \
     GET.",
    "An answer to POST describes what that POST did; it says nothing about the next.",
);

/// The status must be final and understood.
pub static CACHE_STATUS: Rule = rule(
    "http.cache-status",
    "RFC 9111",
    "3",
    "Only a final response may be stored. This cache leaves out 206 and 304 too, which are parts \
     of other answers, and a status that it is told to understand (must-understand) and does not.",
    "A cache that does not know what an answer means cannot know whether it may be repeated.",
);

/// Vary names the request fields that select a response.
pub static CACHE_VARY: Rule = rule(
    "http.cache-vary",
    "RFC 9111",
    "4.1",
    "A stored response fits only a request that has the same values in each field named \
     by its Vary; Vary: * fits none.",
    "One URL can have a Danish and an English answer, and each reader should get their \
     own.",
);

/// A successful unsafe request invalidates what is stored.
pub static CACHE_INVALIDATE: Rule = rule(
    "http.cache-invalidate",
    "RFC 9111",
    "4.4",
    "When a PUT, POST or DELETE succeeds, what is stored for its URL must not be used unchecked. A \
     cache may do the same for a Location on the same origin; ours throws both away.",
    "The request has just changed the resource, so the stored copy is known to be old.",
);

/// A cache is bounded.
pub static CACHE_LIMIT: Rule = rule(
    "http.cache-limit",
    "RFC 9111",
    "2",
    "Storing is optional, so a cache may throw out any response at any time; this one throws out \
     the least recently used when it is full.",
    "It saves time and never adds meaning: a response that is not stored is fetched again.",
);

/// A stale response may serve where the origin cannot be reached.
pub static CACHE_STALE_USED: Rule = rule(
    "http.cache-stale-used",
    "RFC 9111",
    "4.2.4",
    "A cache that cannot reach the origin may serve a stale response, unless the response forbids \
     it.",
    "An answer of yesterday is often better than none; Age tells the client how old it is.",
);

/// A cache answers a client's own condition from a fresh stored response.
pub static CACHE_CLIENT_CONDITION: Rule = rule(
    "http.cache-client-condition",
    "RFC 9111",
    "4.3.2",
    "A cache may answer a client's conditional request itself, with 304 if its stored response is \
     the one that the client has.",
    "The client's copy is compared with the cache's; neither needs the origin for that.",
);
