//! Rules of a proxy (RFC 9110, RFC 9112).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &PROXY_ABSOLUTE,
    &PROXY_ORIGIN_FORM,
    &PROXY_NOT_ABSOLUTE,
    &PROXY_HOP_BY_HOP,
    &PROXY_VIA,
    &PROXY_LOOP,
    &PROXY_BAD_GATEWAY,
    &PROXY_TIMEOUT,
    &PROXY_NO_TUNNEL,
    &PROXY_AGE,
    &PROXY_MAX_FORWARDS,
    &PROXY_EXPECT,
    &PROXY_INTERIM,
    &PROXY_LENGTH_REQUIRED,
    &PROXY_OLD_CLIENT,
];

/// A client sends a proxy the whole URL.
pub static PROXY_ABSOLUTE: Rule = rule(
    "http.proxy-absolute",
    "RFC 9112",
    "3.2.2",
    "A request to a proxy must have the whole URL as its target.",
    "The proxy is not the server that is meant, so it must be told where to go.",
);

/// A proxy sends the origin the path, and sets Host from the URL.
pub static PROXY_ORIGIN_FORM: Rule = rule(
    "http.proxy-origin-form",
    "RFC 9112",
    "3.2.1",
    "Towards the origin server the target is path and query only. Host is made anew from the URL \
     (section 3.2.2), whatever it was.",
    "Host and URL could disagree, and what one takes for the truth the other would not: the URL \
     counts.",
);

/// A request that names no server cannot be forwarded.
pub static PROXY_NOT_ABSOLUTE: Rule = rule(
    "http.proxy-not-absolute",
    "RFC 9112",
    "3.3",
    "A proxy that cannot tell from the target which server is meant can refuse the request. Ours \
     answers 400.",
    "Without a host there is nowhere to go; a request of this form was meant for a server.",
);

/// Fields about one connection are not forwarded.
pub static PROXY_HOP_BY_HOP: Rule = rule(
    "http.proxy-hop-by-hop",
    "RFC 9110",
    "7.6.1",
    "Connection, and each field that it names, and some more are about one connection only; a \
     proxy must take them out.",
    "What was agreed with the client, such as close, says nothing about the connection to the \
     origin.",
);

/// A proxy writes itself into Via.
pub static PROXY_VIA: Rule = rule(
    "http.proxy-via",
    "RFC 9110",
    "7.6.3",
    "A proxy must add the version that it received and its own name to Via of what it forwards.",
    "The ends can see who was in between and with which version, and loops can be found.",
);

/// A request that has been here before is not forwarded again.
pub static PROXY_LOOP: Rule = rule(
    "http.proxy-loop",
    "RFC 9110",
    "7.6.3",
    "A proxy that finds its own name in Via of a request has found a loop.",
    "The request would go round for ever, and each round would cost a connection.",
);

/// 502: the server beyond gave no valid answer.
pub static PROXY_BAD_GATEWAY: Rule = rule(
    "http.proxy-bad-gateway",
    "RFC 9110",
    "15.6.3",
    "502 says that the proxy got an invalid answer from the server beyond it. Ours says so too \
     where it gets no connection.",
    "The client learns that the fault lies beyond the proxy.",
);

/// 504: the server beyond did not answer in time.
pub static PROXY_TIMEOUT: Rule = rule(
    "http.proxy-timeout",
    "RFC 9110",
    "15.6.5",
    "504 says that the proxy waited for the server beyond it, and nothing came in time.",
    "Somebody must give up first; the proxy tells the client rather than leaving it to \
     wait.",
);

/// This proxy makes no tunnels.
pub static PROXY_NO_TUNNEL: Rule = rule(
    "http.proxy-no-tunnel",
    "RFC 9110",
    "9.3.6",
    "CONNECT asks a proxy for a blind tunnel to a host and port; this one forwards only \
     messages that it can read.",
    "What goes through a tunnel can be neither cached nor checked.",
);

/// A cached answer says how old it is.
pub static PROXY_AGE: Rule = rule(
    "http.proxy-age",
    "RFC 9111",
    "5.1",
    "A response served from a cache carries Age, the seconds since the origin made or \
     last checked it.",
    "The next cache on the way adds its own time to it and so knows the true age.",
);

/// Max-Forwards limits how far OPTIONS and TRACE go.
pub static PROXY_MAX_FORWARDS: Rule = rule(
    "http.proxy-max-forwards",
    "RFC 9110",
    "7.6.2",
    "A proxy counts Max-Forwards of OPTIONS and TRACE down by one, and at zero answers \
     itself.",
    "By trying 0, 1, 2 a client can find where on a chain of proxies something goes \
     wrong.",
);

/// The expectation of a client is for the origin to meet.
pub static PROXY_EXPECT: Rule = rule(
    "http.proxy-expect",
    "RFC 9110",
    "10.1.1",
    "A proxy must send a request with 100-continue on without waiting for the content, unless it \
     answers at once. It may say 100 itself if it believes that the next server speaks only \
     HTTP/1.0.",
    "Only the origin knows whether it wants the content; a proxy that says 100 for it brings all \
     of the content this far for nothing.",
);

/// Interim responses are passed on.
pub static PROXY_INTERIM: Rule = rule(
    "http.proxy-interim",
    "RFC 9110",
    "15.2",
    "A proxy must pass each 1xx response on, unless it asked for it itself.",
    "It was made for the client: a 100 is what the client waits for.",
);

/// 411: content without a length cannot be passed on here.
pub static PROXY_LENGTH_REQUIRED: Rule = rule(
    "http.proxy-length-required",
    "RFC 9110",
    "15.5.12",
    "411 says that the request is refused because it does not state the length of its content.",
    "A server of HTTP/1.0 reads no chunks. A proxy can count a short content for it, but cannot \
     hold a long one.",
);

/// A proxy closes after each answer to a client of HTTP/1.0.
pub static PROXY_OLD_CLIENT: Rule = rule(
    "http.proxy-old-client",
    "RFC 9112",
    "9.3",
    "A proxy must not keep a connection with a client of HTTP/1.0 open after its answer, even if \
     the client says keep-alive.",
    "Old proxies passed the word keep-alive on without understanding it. Then each end waited for \
     the other to close.",
);
