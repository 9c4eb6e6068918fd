//! The rules of connections: order, persistence and their end (RFC 9112 section 9).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic, in the order of the standard.
pub(super) const ALL: &[&Rule] = &[
    &IN_ORDER,
    &UNASKED,
    &INTERIM,
    &INTERIM_LIMIT,
    &EXPECT,
    &EXPECT_UNANSWERED,
    &PERSISTENCE,
    &PIPELINING,
    &ONE_AT_A_TIME,
    &WAITING_LIMIT,
    &CLOSE_ANNOUNCED,
    &NOTHING_AFTER_CLOSE,
    &CLOSE,
    &STOP_SENDING,
    &BROKEN,
    &UPGRADE,
    &CONNECT,
];

/// Responses come in the order of the requests.
pub static IN_ORDER: Rule = rule(
    "http.in-order",
    "RFC 9112",
    "9.2",
    "Responses come in the order of their requests; nothing else tells which belongs to which.",
    "Messages carry no number. A client keeps a list of what it has asked and not yet been told.",
);

/// Nobody asked.
pub static UNASKED: Rule = rule(
    "http.unasked",
    "RFC 9112",
    "9.2",
    "What a server sends without a request must not be taken for a response. The client should \
     close the connection.",
    "Taken for the answer to the next request, it would poison that page, and perhaps a cache.",
);

/// Interim responses.
pub static INTERIM: Rule = rule(
    "http.interim",
    "RFC 9110",
    "15.2",
    "One or more responses 1xx may come before the final one. A server must not send them to a \
     client of HTTP/1.0, which does not know them.",
    "The server can say something while it has not decided yet.",
);

/// Too many interim responses.
pub static INTERIM_LIMIT: Rule = rule(
    "http.interim-limit",
    "RFC 9110",
    "15.2",
    "A client reads interim responses until the final one comes. How many is not said; ours has a \
     limit.",
    "A server that says for ever that it will soon answer would keep its client for ever.",
);

/// Expectations.
pub static EXPECT: Rule = rule(
    "http.expect",
    "RFC 9110",
    "10.1.1",
    "A client that sends `Expect: 100-continue` may wait with the body until it hears 100.",
    "If the server will refuse it anyway, a large body need not be sent at all.",
);

/// Answers instead of 100.
pub static EXPECT_UNANSWERED: Rule = rule(
    "http.expect-unanswered",
    "RFC 9110",
    "10.1.1",
    "A server that gives its final answer before it has read the content should say whether it \
     will close. Ours does.",
    "The client may or may not send the body now, and the server could not tell it from a request.",
);

/// Persistent connections.
pub static PERSISTENCE: Rule = rule(
    "http.persistence",
    "RFC 9112",
    "9.3",
    "An HTTP/1.1 connection goes on unless a message says `close`; an HTTP/1.0 one ends unless \
     both sides say `keep-alive`.",
    "A new connection costs a round trip before the first byte, and begins slowly.",
);

/// Pipelining.
pub static PIPELINING: Rule = rule(
    "http.pipelining",
    "RFC 9112",
    "9.3.2",
    "A client may send further requests before the first is answered.",
    "All of them then cost one round trip together, but a slow answer holds up the others.",
);

/// The server answers one after the other.
pub static ONE_AT_A_TIME: Rule = rule(
    "http.one-at-a-time",
    "RFC 9112",
    "9.3.2",
    "A server must answer pipelined requests in order. Ours reads the next after the last answer.",
    "Then it never has to hold back an answer that was ready too early.",
);

/// Too much waits.
pub static WAITING_LIMIT: Rule = rule(
    "http.waiting-limit",
    "RFC 9110",
    "15.6.4",
    "A server that cannot keep up may refuse, with 503.",
    "A client that sends without reading would otherwise fill the server's memory.",
);

/// Close is announced.
pub static CLOSE_ANNOUNCED: Rule = rule(
    "http.close-announced",
    "RFC 9112",
    "9.6",
    "After the exchange in which either side said `close`, the connection ends.",
    "The other side can tell a planned end from an accident, and sends nothing more in vain.",
);

/// Nothing after close.
pub static NOTHING_AFTER_CLOSE: Rule = rule(
    "http.nothing-after-close",
    "RFC 9112",
    "9.6",
    "After `close` was said, no further request is sent, and none is processed.",
    "The client must know which of its requests were carried out.",
);

/// Closing.
pub static CLOSE: Rule = rule(
    "http.close",
    "RFC 9112",
    "9.5",
    "Either side may close the connection at any time; the other must be ready for it.",
    "Idle connections cost memory, programs crash and cables break. What was not answered may be \
     asked again if that does no harm.",
);

/// Stop sending when told.
pub static STOP_SENDING: Rule = rule(
    "http.stop-sending",
    "RFC 9112",
    "9.5",
    "A client that is refused and told `close` while it still sends its content should stop \
     sending.",
    "Nobody will read the rest.",
);

/// After a fault.
pub static BROKEN: Rule = rule(
    "http.broken",
    "RFC 9112",
    "2.2",
    "After bytes that break the grammar a server should answer 400 and close. Nothing more is \
     read.",
    "Once the reader is not sure where a message ends, every later byte may be an attacker's.",
);

/// Upgrade.
pub static UPGRADE: Rule = rule(
    "http.upgrade",
    "RFC 9110",
    "7.8",
    "A client may offer another protocol with Upgrade. A server switches with 101, or ignores it.",
    "A server that ignores it answers as if nothing had been offered, so old ones keep working.",
);

/// CONNECT.
pub static CONNECT: Rule = rule(
    "http.connect",
    "RFC 9110",
    "9.3.6",
    "CONNECT asks a proxy for a tunnel. After a 2xx answer the connection is no longer HTTP.",
    "Encrypted traffic cannot be forwarded message by message. A server that opens no tunnels \
     answers with an error.",
);
