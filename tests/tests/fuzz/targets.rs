//! The targets that search for as long as they are let, each for a moment: what they hold is the
//! same code, so that it cannot rot between two searches.

#[path = "../../fuzz/src/lib.rs"]
pub mod fuzz;

use bolero::check;
use protocols::http::Role;

use crate::damage::Damage;

#[test]
fn each_target_of_the_search_holds_for_damaged_samples_too() {
    check!().with_type::<Damage>().for_each(|damage| {
        let bytes = damage.of(&SAMPLES, &WORDS);
        fuzz::head(Role::Server, &bytes);
        fuzz::head(Role::Client, &bytes);
        fuzz::connections(&bytes);
        fuzz::chunked(&bytes);
        fuzz::smtp::hold(&bytes);
        fuzz::pop3::hold(&bytes);
        fuzz::mime::hold(&bytes);
        fuzz::kademlia::bencode(&bytes);
        fuzz::kademlia::krpc(&bytes);
        fuzz::chord::message(&bytes);
        fuzz::dns::message(&bytes);
        fuzz::dns::zone(&String::from_utf8_lossy(&bytes));
    });
}

/// The beginning of something for each of them.
const SAMPLES: [&str; 10] = [
    "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    "3\r\nabc\r\n0\r\n\r\n",
    "EHLO a\r\nAUTH PLAIN\r\nMAIL FROM:<a@b>\r\n220 b\r\n250 b\r\n334 \r\n",
    "USER a\r\nAUTH LOGIN\r\nSTLS\r\n+OK\r\n+OK\r\n+ YQ==\r\n+OK\r\nmore",
    "Subject: =?utf-8?Q?a?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n",
    "\0\x07\x01\0\0\x01\0\0\0\0\0\0\x01w\x01a\0\0\x01\0\x01",
    "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe",
    "\x01\x02\0\0\0\x07abcdefghij0123456789mnopqrstuvwxyz123456\x01ABCDEFGHIJKLMNOPQRST",
    "$TTL 60\n@ SOA ns h 1 2 3 4 5\nw A 192.0.2.1\n",
];

const WORDS: [&str; 6] = ["\r\n", ".", "--b--\r\n", "*", "\0\0\x29", "$ORIGIN "];
