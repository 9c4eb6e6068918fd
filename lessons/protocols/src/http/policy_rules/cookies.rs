//! Rules of the cookie jar and of sessions (RFC 6265).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &COOKIE_STORE,
    &COOKIE_SEND,
    &COOKIE_SYNTAX,
    &COOKIE_DOMAIN,
    &COOKIE_PUBLIC_SUFFIX,
    &COOKIE_LIMITS,
    &COOKIE_EXPIRED,
    &COOKIE_SESSION,
    &COOKIE_ATTRIBUTES,
];

/// A browser keeps the cookies that responses set.
pub static COOKIE_STORE: Rule = rule(
    "http.cookie-store",
    "RFC 6265",
    "5.3",
    "A browser keeps each cookie of a response under its name, domain and path; a new one \
     of the same three takes the place of the old.",
    "HTTP forgets every request once it is answered; the cookie is the thread by which a \
     server recognises the same browser again.",
);

/// A browser sends back the cookies that match.
pub static COOKIE_SEND: Rule = rule(
    "http.cookie-send",
    "RFC 6265",
    "5.4",
    "A request carries, in one Cookie line, each unexpired cookie whose domain and path \
     match; longer paths go first, then older cookies.",
    "Only the sites that a cookie was meant for may see it, and a server that looks for \
     the most specific value finds it first.",
);

/// A Set-Cookie line without a name and an equals sign is ignored.
pub static COOKIE_SYNTAX: Rule = rule(
    "http.cookie-syntax",
    "RFC 6265",
    "5.2",
    "A Set-Cookie line needs a name and an equals sign; otherwise the whole line is ignored. This \
     browser also ignores lines with control characters.",
    "Guessing at a broken line could set a cookie that the server never meant.",
);

/// A Domain attribute must cover the host that sets it.
pub static COOKIE_DOMAIN: Rule = rule(
    "http.cookie-domain",
    "RFC 6265",
    "5.3",
    "A cookie may name as its domain only the host that set it or a domain above it.",
    "Otherwise any site could plant cookies in another, and with them its own choice of \
     session.",
);

/// A cookie for a whole top-level domain is refused.
pub static COOKIE_PUBLIC_SUFFIX: Rule = rule(
    "http.cookie-public-suffix",
    "RFC 6265",
    "5.3",
    "A browser should refuse a cookie for a domain under which strangers register names, such as a \
     whole top-level domain.",
    "It would go to every site there, so that strangers could track and disturb each other.",
);

/// A browser bounds the cookies that it keeps.
pub static COOKIE_LIMITS: Rule = rule(
    "http.cookie-limits",
    "RFC 6265",
    "6.1",
    "A browser should have room for at least 4096 bytes in a cookie, 50 cookies for a domain and \
     3000 in all; it may throw out what goes beyond.",
    "Without a bound, one site could fill the browser's memory.",
);

/// A cookie that has expired is removed.
pub static COOKIE_EXPIRED: Rule = rule(
    "http.cookie-expired",
    "RFC 6265",
    "5.3",
    "A cookie past its Expires date or Max-Age is removed; a server deletes one by \
     setting it with a date in the past.",
    "There is no other message by which a server could take a cookie back.",
);

/// A server names a session by an unguessable number in a cookie.
pub static COOKIE_SESSION: Rule = rule(
    "http.cookie-session",
    "RFC 6265",
    "8.4",
    "A server that must recognise a browser sets a cookie with a session number that \
     cannot be guessed, and keeps what it knows in a table of its own.",
    "Who can guess the number can take the session over; what stays at the server cannot \
     be altered by the browser.",
);

/// Attributes say how long, where and how a cookie is to be sent.
pub static COOKIE_ATTRIBUTES: Rule = rule(
    "http.cookie-attributes",
    "RFC 6265",
    "4.1.2",
    "After its name and value a cookie says how long it lives (Expires, Max-Age), where it goes \
     (Domain, Path), and that it goes over secure channels only (Secure) or is hidden from scripts \
     (HttpOnly).",
    "The attributes are for the browser alone, which obeys them and sends back only name and \
     value.",
);
