//! A conversation read as it grows is the one that is read at once, at every length; and costs its
//! bytes once.

use bytes::Bytes;
use protocols::http::HTTP;
use protocols::pop3::POP3;
use protocols::smtp::SMTP;
use protocols::wire::{Chunk, Message, Protocol, Side};

type Whole = fn(&[Chunk]) -> Vec<Message>;
/// What is said in a conversation, and by whom.
type Said = &'static [(Side, &'static str)];

const TALKS: [(&Protocol, Whole, Said); 5] = [
    (&HTTP, protocols::http::dissect, HTTP_TALK),
    (&HTTP, protocols::http::dissect, HTTP_BROKEN),
    (&HTTP, protocols::http::dissect, HTTP_ANSWER_FIRST),
    (&POP3, protocols::pop3::dissect, POP3_TALK),
    (&SMTP, protocols::smtp::dissect, SMTP_TALK),
];

const ASKS: Side = Side::Initiator;
const ANSWERS: Side = Side::Responder;

const HTTP_TALK: &[(Side, &str)] = &[
    (ASKS, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
    (ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello, world"),
    (
        ASKS,
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
    (ANSWERS, "HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"),
    (ANSWERS, "\r\na\r\n0123456789\r\n3\r\nabc\r\n0\r\n\r\n"),
    (ASKS, "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nrest"),
    (ANSWERS, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nmore"),
];

const HTTP_BROKEN: &[(Side, &str)] = &[
    (ASKS, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost : a\r\n\r\nGET /c"),
    (ANSWERS, "HTTP/1.0 200 OK\r\n\r\nuntil the end"),
    (ASKS, " HTTP/1.1\r\n"),
    (ANSWERS, " of it"),
];

const HTTP_ANSWER_FIRST: &[(Side, &str)] = &[
    (ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    (ASKS, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    (ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho"),
];

const POP3_TALK: &[(Side, &str)] = &[
    (ANSWERS, "+OK ready\r\n"),
    (ASKS, "USER bob\r\nPASS x\r\nSTAT\r\n"),
    (ANSWERS, "+OK\r\n+OK\r\n+OK 1 20\r\n"),
    (ASKS, "RETR 1\r\nBOGUS\r\nQUIT\r\nmore"),
    (ANSWERS, "+OK 20 octets\r\nSubject: x\r\n\r\n..y\r\n.\r\n-ERR\r\n+OK bye\r\n"),
];

const SMTP_TALK: &[(Side, &str)] = &[
    (ANSWERS, "220 mx.test ready\r\n"),
    (ASKS, "EHLO a.test\r\n"),
    (ANSWERS, "250-mx.test\r\n250 PIPELINING\r\n"),
    (ASKS, "MAIL FROM:<a@a.test>\r\nRCPT TO:<b@b.test>\r\nDATA\r\n"),
    (ANSWERS, "250 ok\r\n250 ok\r\n354 go on\r\n"),
    (ASKS, "Subject: x\r\n\r\n..y\r\n.\r\nFOO\r\nQUIT\r\n"),
    (ANSWERS, "250 taken\r\n500 what\r\n221 bye\r\n"),
];

/// The talk with each part cut into pieces of a size.
fn cut(talk: &[(Side, &str)], size: usize) -> Vec<Chunk> {
    let pieces = talk.iter().flat_map(|(side, text)| {
        let pieces = text.as_bytes().chunks(size);
        pieces.map(|bytes| Chunk { side: *side, bytes: Bytes::copy_from_slice(bytes) })
    });
    pieces.collect()
}

#[test]
fn what_is_read_as_it_grows_is_what_is_read_at_once_at_every_length() {
    for (protocol, whole, talk) in TALKS {
        for size in [1, 2, 7, 30, 1_000] {
            let chunks = cut(talk, size);
            let mut reader = (protocol.reader)();
            for len in 1..=chunks.len() {
                reader.take(&chunks[len - 1..len]);
                let expected = whole(&chunks[..len]);
                assert_eq!(reader.messages(), expected, "{protocol:?} {size} {len}: {talk:?}");
            }
        }
    }
}

#[test]
fn what_is_read_as_it_grows_is_read_once_and_its_beginning_twice_at_most() {
    for (protocol, _, talk) in TALKS {
        let chunks = cut(talk, 1);
        let mut reader = (protocol.reader)();
        for chunk in &chunks {
            reader.take(core::slice::from_ref(chunk));
        }
        // All that is said before the other side says anything is read again then.
        let first = chunks.first().unwrap().side;
        let beginning = chunks.iter().take_while(|chunk| chunk.side == first).count();
        assert_eq!(reader.read_bytes(), (chunks.len() + beginning) as u64, "{protocol:?}");
    }
}
