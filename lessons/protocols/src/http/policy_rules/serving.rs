//! Rules of an origin server (RFC 9110, RFC 9112).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &STATUS_OK,
    &HEAD_NO_CONTENT,
    &NOT_FOUND,
    &METHOD_NOT_ALLOWED,
    &METHOD_UNKNOWN,
    &OPTIONS_ALLOW,
    &PUT_CREATED,
    &PUT_REPLACED,
    &DELETE_DONE,
    &POST_PROCESSED,
    &NOT_MODIFIED,
    &IF_NONE_MATCH,
    &IF_MODIFIED_SINCE,
    &PRECONDITION_ORDER,
    &PRECONDITION_FAILED,
    &SERVER_DATE,
    &CONTINUE_SENT,
    &EXPECTATION_FAILED,
    &BAD_REQUEST_CLOSES,
    &PIPELINE_ORDER,
    &SERVER_CLOSES,
    &KEEP_ALIVE_LIMIT,
    &LINGER,
    &IDLE_TIMEOUT,
    &REDIRECT_SENT,
    &LANGUAGE_CHOSEN,
    &NOT_ACCEPTABLE,
    &CHUNKED_SENT,
    &SERVER_ERROR,
    &SERVER_BUSY,
    &UNSUPPORTED_MEDIA,
];

/// 200: the request succeeded.
pub static STATUS_OK: Rule = rule(
    "http.status-ok",
    "RFC 9110",
    "15.3.1",
    "200 says that the request succeeded; for GET the content is the resource's \
     representation.",
    "The client learns from one number whether to show what follows.",
);

/// HEAD is answered as GET is, without the content.
pub static HEAD_NO_CONTENT: Rule = rule(
    "http.head-no-content",
    "RFC 9110",
    "9.3.2",
    "The answer to HEAD has no content, and should have the fields that GET would have had.",
    "A client can learn size, type and date without paying for the bytes.",
);

/// 404: there is no such resource.
pub static NOT_FOUND: Rule = rule(
    "http.not-found",
    "RFC 9110",
    "15.5.5",
    "404 says that the server has nothing at this URL, or will not say that it has. It does not \
     say whether for now or for ever.",
    "The connection and the server are well; only this name leads nowhere.",
);

/// 405: the resource does not take this method.
pub static METHOD_NOT_ALLOWED: Rule = rule(
    "http.method-not-allowed",
    "RFC 9110",
    "15.5.6",
    "405 says that the server knows the method but this resource does not take it; Allow \
     must list those it takes.",
    "The client learns what it may do instead.",
);

/// 501: the server does not know the method.
pub static METHOD_UNKNOWN: Rule = rule(
    "http.method-unknown",
    "RFC 9110",
    "15.6.2",
    "501 says that the server does not recognise the method for any resource.",
    "Methods are case-sensitive and can be added; a server must not guess what a new one \
     means.",
);

/// OPTIONS tells which methods can be used.
pub static OPTIONS_ALLOW: Rule = rule(
    "http.options-allow",
    "RFC 9110",
    "9.3.7",
    "A successful answer to OPTIONS should tell, in Allow, which methods the resource takes.",
    "A client can ask before it tries.",
);

/// 201: PUT made a new resource.
pub static PUT_CREATED: Rule = rule(
    "http.put-created",
    "RFC 9110",
    "9.3.4",
    "When PUT creates a resource that was not there, the answer must be 201.",
    "The client that chose the name learns whether it was the first.",
);

/// PUT replaced the resource.
pub static PUT_REPLACED: Rule = rule(
    "http.put-replaced",
    "RFC 9110",
    "9.3.4",
    "When PUT replaces what was there, the answer must be 200 or 204.",
    "The client has the content already, so there is nothing to send back.",
);

/// DELETE removed the resource.
pub static DELETE_DONE: Rule = rule(
    "http.delete-done",
    "RFC 9110",
    "9.3.5",
    "When DELETE has been carried out and nothing remains to be said, the answer should be 204.",
    "Asking for it again gives 404, yet the effect of two is that of one: DELETE is idempotent.",
);

/// POST hands content to the resource.
pub static POST_PROCESSED: Rule = rule(
    "http.post-processed",
    "RFC 9110",
    "9.3.3",
    "POST asks the resource to process the content in its own way; the answer tells what \
     came of it.",
    "It is for what is neither read, put nor deleted: a form, a message, an order.",
);

/// 304: the client's copy is still good.
pub static NOT_MODIFIED: Rule = rule(
    "http.not-modified",
    "RFC 9110",
    "15.4.5",
    "304 answers a conditional GET when the copy that the client holds is still current; \
     it has no content.",
    "A few header lines take the place of the whole content.",
);

/// If-None-Match compares entity tags.
pub static IF_NONE_MATCH: Rule = rule(
    "http.if-none-match",
    "RFC 9110",
    "13.1.2",
    "If-None-Match makes the request depend on the resource having none of these entity \
     tags; tags are compared weakly.",
    "A tag changes with every change of content, however many there are within one \
     second.",
);

/// If-Modified-Since compares dates.
pub static IF_MODIFIED_SINCE: Rule = rule(
    "http.if-modified-since",
    "RFC 9110",
    "13.1.3",
    "If-Modified-Since asks for the content only if it has changed after that date; only \
     for GET and HEAD.",
    "A date is the oldest validator and every file has one.",
);

/// The order in which preconditions are weighed.
pub static PRECONDITION_ORDER: Rule = rule(
    "http.precondition-order",
    "RFC 9110",
    "13.2.2",
    "If-Match is weighed before If-Unmodified-Since, and If-None-Match before If-Modified-Since. \
     Where a tag is given, the date is not looked at.",
    "Tags are exact and dates only to the second, so the better evidence decides.",
);

/// 412: the condition did not hold.
pub static PRECONDITION_FAILED: Rule = rule(
    "http.precondition-failed",
    "RFC 9110",
    "15.5.13",
    "412 says that a condition in the request did not hold, and that the method was not \
     carried out.",
    "Two people who edit the same page do not overwrite each other: the second is told.",
);

/// A server with a clock dates its answers.
pub static SERVER_DATE: Rule = rule(
    "http.server-date",
    "RFC 9110",
    "6.6.1",
    "An origin server with a clock must say in Date when it made an answer, if the status is 2xx, \
     3xx or 4xx; with others it may.",
    "Caches work out from it how old an answer is.",
);

/// 100: go on and send the content.
pub static CONTINUE_SENT: Rule = rule(
    "http.continue-sent",
    "RFC 9110",
    "10.1.1",
    "A server that will read the content of a request with 100-continue must say 100 first, unless \
     the content is coming already.",
    "The client is waiting for exactly this.",
);

/// 417: an expectation that the server does not know.
pub static EXPECTATION_FAILED: Rule = rule(
    "http.expectation-failed",
    "RFC 9110",
    "15.5.18",
    "417 says that the server cannot meet what Expect asks for; 100-continue is the only \
     one there is.",
    "The client asked for something that must be understood, and it was not.",
);

/// After a request that cannot be read, the server answers and closes.
pub static BAD_REQUEST_CLOSES: Rule = rule(
    "http.bad-request-closes",
    "RFC 9112",
    "2.2",
    "A server should answer a request that breaks the syntax with an error, and close. Nothing \
     that follows it is read as a request.",
    "When it is unclear where one request ends, an attacker could hide a second one in it: request \
     smuggling.",
);

/// Answers go out in the order of the requests.
pub static PIPELINE_ORDER: Rule = rule(
    "http.pipeline-order",
    "RFC 9112",
    "9.3.2",
    "A server must send its answers in the order in which the requests came.",
    "Nothing in a response says which request it answers: its place in the row is all \
     there is.",
);

/// A server that closes says close in its last answer.
pub static SERVER_CLOSES: Rule = rule(
    "http.server-closes",
    "RFC 9112",
    "9.6",
    "A server that means to close should say Connection: close in its last answer. It must not \
     carry out later requests on that connection.",
    "The client then knows that it must open a new connection, and which requests to send again.",
);

/// A server limits what it spends on one connection.
pub static KEEP_ALIVE_LIMIT: Rule = rule(
    "http.keep-alive-limit",
    "RFC 9112",
    "9.5",
    "A server may close a persistent connection at any time, for instance after a number \
     of requests.",
    "Memory and sockets are few; a connection that anyone may hold for ever would starve \
     the rest.",
);

/// A server closes in two steps.
pub static LINGER: Rule = rule(
    "http.linger",
    "RFC 9112",
    "9.6",
    "Servers usually close in two steps: they end their sending side, then read on until the \
     client closes or some time has passed.",
    "Closing both at once makes TCP send a reset if more arrives, and the reset can destroy the \
     answer before the client has read it.",
);

/// An idle connection is closed after some time.
pub static IDLE_TIMEOUT: Rule = rule(
    "http.idle-timeout",
    "RFC 9112",
    "9.5",
    "Clients and servers usually close a connection on which nothing happens, after a time that \
     each of them chooses.",
    "Idle connections cost memory, and the client can always open another.",
);

/// The resource has moved: Location tells where.
pub static REDIRECT_SENT: Rule = rule(
    "http.redirect-sent",
    "RFC 9110",
    "10.2.2",
    "A redirect carries in Location the URL at which to go on; 301 and 308 for good, 302 \
     and 307 for now, 303 for a result.",
    "Old links go on working when the site is put in order.",
);

/// The server chooses among the languages it has.
pub static LANGUAGE_CHOSEN: Rule = rule(
    "http.language-chosen",
    "RFC 9110",
    "12.5.4",
    "Accept-Language gives each language a weight, and the server sends the one that weighs most. \
     It says in Vary (section 12.5.5) that the choice depended on this field.",
    "A cache that did not know would give the next reader the wrong language.",
);

/// 406: nothing that the client would take.
pub static NOT_ACCEPTABLE: Rule = rule(
    "http.not-acceptable",
    "RFC 9110",
    "15.5.7",
    "406 says that no representation fits what the client's Accept fields allow, and that \
     the server sends no other instead.",
    "A server may also ignore the wish and send its default; 406 is for those who insist.",
);

/// Content of unknown length is sent in chunks.
pub static CHUNKED_SENT: Rule = rule(
    "http.chunked-sent",
    "RFC 9112",
    "7.1",
    "With the chunked coding each piece of content goes with its own length before it, \
     and a chunk of length zero ends it.",
    "The server can begin to send before it knows how long the content will be, and still \
     keep the connection.",
);

/// 500 and 503: the fault is the server's.
pub static SERVER_ERROR: Rule = rule(
    "http.server-error",
    "RFC 9110",
    "15.6",
    "A 5xx status says that the server failed at a request that seemed right; with 503 it may say \
     in Retry-After when to try again.",
    "The client can tell its own mistakes, 4xx, from those of the server.",
);

/// 503: too many connections.
pub static SERVER_BUSY: Rule = rule(
    "http.server-busy",
    "RFC 9110",
    "15.6.4",
    "A server that is overloaded may answer 503 or refuse the connection.",
    "Doing some of the work well is better than all of it badly.",
);

/// 415: the content is of a kind that the resource does not take.
pub static UNSUPPORTED_MEDIA: Rule = rule(
    "http.unsupported-media",
    "RFC 9110",
    "15.5.16",
    "415 says that the content's media type is one that the resource cannot read.",
    "Bytes mean nothing without their type; a form is not a picture.",
);
