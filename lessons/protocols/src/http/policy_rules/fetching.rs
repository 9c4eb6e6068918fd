//! Rules of a client: connections, retries, redirects (RFC 9110, RFC 9112).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &DIAL_NEW,
    &PERSIST_REUSE,
    &CLIENT_CLOSE_EACH,
    &CONNECTION_LIMIT,
    &PIPELINE,
    &RETRY_IDEMPOTENT,
    &NO_RETRY_POST,
    &RETRY_ONCE,
    &RETRY_UNPROCESSED,
    &CLIENT_CLOSES,
    &PEER_ENDED,
    &BAD_RESPONSE,
    &REDIRECT_FOLLOW,
    &REDIRECT_TO_GET,
    &REDIRECT_SEE_OTHER,
    &REDIRECT_KEEPS_METHOD,
    &REDIRECT_LIMIT,
    &EXPECT_WAIT,
    &EXPECT_GIVE_UP,
    &EXPECT_REFUSED,
    &ACCEPT_LANGUAGE,
    &HOST_SENT,
    &ANSWER_TIMEOUT,
    &REFERENCE_RESOLVE,
];

/// A new connection is opened for the request.
pub static DIAL_NEW: Rule = rule(
    "http.dial-new",
    "RFC 9112",
    "9.1",
    "With no open connection that can be used, the client opens one to the server's host \
     and port, or to its proxy.",
    "HTTP needs a stream of bytes that arrive in order; opening one costs a round trip \
     before the first request can go.",
);

/// A connection that persists is used again.
pub static PERSIST_REUSE: Rule = rule(
    "http.persist-reuse",
    "RFC 9112",
    "9.3",
    "In HTTP/1.1 a connection stays open after a response unless either side says close, \
     and the next request goes over it.",
    "The round trip for opening, and TCP's slow beginning, are paid once and not for \
     every object.",
);

/// A client that wants one exchange per connection says so.
pub static CLIENT_CLOSE_EACH: Rule = rule(
    "http.client-close-each",
    "RFC 9112",
    "9.6",
    "A client that will send no more requests on a connection should say Connection: close with \
     the last.",
    "The server then knows at once that it can close, and need not keep the connection waiting.",
);

/// A client limits its connections to one server.
pub static CONNECTION_LIMIT: Rule = rule(
    "http.connection-limit",
    "RFC 9112",
    "9.4",
    "A client may open several connections to one server at once, but ought to limit how many.",
    "Each connection costs the server memory, and many of them crowd out other people's \
     traffic.",
);

/// Requests are sent without awaiting the answers before.
pub static PIPELINE: Rule = rule(
    "http.pipeline",
    "RFC 9112",
    "9.3.2",
    "A client may send several requests on a persistent connection without waiting; the \
     server answers in the same order.",
    "The waiting times overlap: many requests cost one round trip together.",
);

/// A request that does no harm twice is sent again.
pub static RETRY_IDEMPOTENT: Rule = rule(
    "http.retry-idempotent",
    "RFC 9112",
    "9.3.1",
    "When a connection closes before the answer, a client may by itself repeat requests \
     whose method is idempotent.",
    "The server may close an idle connection just as a request is on its way; a GET sent \
     twice does nothing worse than one.",
);

/// A POST is never repeated by itself.
pub static NO_RETRY_POST: Rule = rule(
    "http.no-retry-post",
    "RFC 9110",
    "9.2.2",
    "A client should not by itself repeat a method that is not idempotent unless it knows \
     that the first was not carried out.",
    "The order might have been placed already when the connection broke: repeating it \
     could buy twice.",
);

/// A failed retry is not retried.
pub static RETRY_ONCE: Rule = rule(
    "http.retry-once",
    "RFC 9110",
    "9.2.2",
    "A client should not by itself retry an automatic retry that failed.",
    "A server in trouble is not helped by clients that knock ever more often.",
);

/// Requests after a close are known not to have been carried out.
pub static RETRY_UNPROCESSED: Rule = rule(
    "http.retry-unprocessed",
    "RFC 9112",
    "9.6",
    "A server that says close must not carry out any later request on that connection, so those \
     can be sent again on another.",
    "The close tells the client exactly how far the server got.",
);

/// After a response with close, the client closes too.
pub static CLIENT_CLOSES: Rule = rule(
    "http.client-closes",
    "RFC 9112",
    "9.6",
    "A client that receives close must send no more requests on the connection, and closes it \
     after that response.",
    "The server is only waiting for that before it can forget the connection.",
);

/// The other side ends the connection.
pub static PEER_ENDED: Rule = rule(
    "http.peer-ended",
    "RFC 9112",
    "9.5",
    "Clients, servers and proxies should watch for the other side ending a connection, and end \
     their own side soon.",
    "Then neither keeps a socket for nothing, and no request is sent to where nobody reads it.",
);

/// A response that breaks the syntax ends the connection.
pub static BAD_RESPONSE: Rule = rule(
    "http.bad-response",
    "RFC 9112",
    "6.3",
    "Where it is not clear where a response ends, the client must close the connection and throw \
     the response away; a proxy then answers 502.",
    "Reading on would take the tail of one response for the head of the next.",
);

/// A redirect sends the client to another URL.
pub static REDIRECT_FOLLOW: Rule = rule(
    "http.redirect-follow",
    "RFC 9110",
    "15.4",
    "With 301, 302, 303, 307 or 308 and a Location, a client may by itself ask again at that URL, \
     which may be relative to the one asked.",
    "The server knows where the thing has gone, and the user need not.",
);

/// 301 and 302 turn a POST into a GET.
pub static REDIRECT_TO_GET: Rule = rule(
    "http.redirect-to-get",
    "RFC 9110",
    "15.4.3",
    "For 301 and 302 a client may, for historical reasons, change POST to GET; browsers \
     all do.",
    "Early browsers did so against the specification, and sites came to depend on it.",
);

/// 303 asks for another page with GET.
pub static REDIRECT_SEE_OTHER: Rule = rule(
    "http.redirect-see-other",
    "RFC 9110",
    "15.4.4",
    "303 says that the answer is to be had at another URL with GET, whatever the method \
     was.",
    "After a form is sent, the result gets a URL of its own, and reloading it does not \
     send the form again.",
);

/// 307 and 308 keep the method.
pub static REDIRECT_KEEPS_METHOD: Rule = rule(
    "http.redirect-keeps-method",
    "RFC 9110",
    "15.4.8",
    "With 307 and 308 the client must not change the method, and sends the content again.",
    "They were added so that a server could move a form's target without losing what the \
     user sent.",
);

/// A client stops after too many redirects.
pub static REDIRECT_LIMIT: Rule = rule(
    "http.redirect-limit",
    "RFC 9110",
    "15.4",
    "A client should detect and stop cyclical redirections; this one follows ten.",
    "Two URLs that point at each other would keep it going for ever.",
);

/// The client waits for 100 before it sends the content.
pub static EXPECT_WAIT: Rule = rule(
    "http.expect-wait",
    "RFC 9110",
    "10.1.1",
    "With Expect: 100-continue a client waits for 100, or for a final answer, before it \
     sends the content, but not for ever.",
    "If the server will refuse the request, the content need not be sent at all.",
);

/// The client stops waiting for 100.
pub static EXPECT_GIVE_UP: Rule = rule(
    "http.expect-give-up",
    "RFC 9110",
    "10.1.1",
    "A client should not wait for 100 without limit; servers that do not know Expect \
     never send it.",
    "Otherwise both would wait for each other for ever.",
);

/// The client sends its request again without Expect.
pub static EXPECT_REFUSED: Rule = rule(
    "http.expect-refused",
    "RFC 9110",
    "10.1.1",
    "A client that is answered 417 to a request with Expect: 100-continue should send the request \
     again without it.",
    "Somebody on the way cannot do what Expect asks, such as a server of HTTP/1.0. The request \
     itself may still be welcome.",
);

/// The client says which languages it prefers.
pub static ACCEPT_LANGUAGE: Rule = rule(
    "http.accept-language",
    "RFC 9110",
    "12.5.4",
    "Accept-Language lists languages, each with a weight q from 0 to 1 for how much it is \
     wanted; none means 1.",
    "One URL can then serve every reader in their own language.",
);

/// The request names the host that it is for.
pub static HOST_SENT: Rule = rule(
    "http.host-sent",
    "RFC 9110",
    "7.2",
    "Every HTTP/1.1 request must carry the host of its URL in Host, and the port if it is not the \
     usual one.",
    "Many sites share one address; without the name the server cannot tell which is meant.",
);

/// A client stops waiting in the end.
pub static ANSWER_TIMEOUT: Rule = rule(
    "http.answer-timeout",
    "RFC 9112",
    "9.5",
    "Clients and servers usually have a time beyond which they no longer keep an inactive \
     connection.",
    "The other side may be gone without a word; only a clock can tell.",
);

/// References in a page are read against its URL.
pub static REFERENCE_RESOLVE: Rule = rule(
    "http.reference-resolve",
    "RFC 3986",
    "5.2",
    "A reference such as ../logo.png is resolved against the URL of the page in which it \
     stands.",
    "Pages can then be moved together without changing their links.",
);
