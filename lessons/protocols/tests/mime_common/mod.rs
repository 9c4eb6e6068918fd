//! Mails to read, for the tests of this folder.

#![allow(dead_code, reason = "each test uses its own part")]

use bytes::Bytes;
use protocols::mime::{Attachment, Draft};
use protocols::wire::Time;

/// A mail with two attachments.
pub fn with_two_attachments() -> Draft {
    let file = |name: &str, media_type: &str, bytes: &[u8]| Attachment {
        name: name.into(),
        media_type: media_type.into(),
        bytes: Bytes::copy_from_slice(bytes),
    };
    let picture: Vec<u8> = (0..=255).cycle().take(1000).collect();
    Draft {
        from: "Alice <alice@a.test>".into(),
        to: vec!["Bob B\u{f6}hm <bob@b.test>".into(), "carol@c.test".into()],
        subject: "Pictures of the caf\u{e9}, as promised".into(),
        date: Time::from_secs(1_700_000_000),
        text: "Dear Bob,\n\nhere they are.\n.\n..\nFrom here it was far. Gr\u{fc}\u{df}e\n".into(),
        attachments: vec![
            file("caf\u{e9}.gif", "image/gif", &picture),
            file("list.txt", "text/plain", b"one\r\ntwo \r\nthree = 3\r\n"),
        ],
    }
}

/// Mails as they come, each odd in its own way or in none.
pub const SAMPLES: [&str; 12] = [
    "From: a@a.test\r\nTo: b@b.test\r\nSubject: plain\r\n\r\nHello\r\n",
    "From: A <a@a.test>, \"B, C\" <b@b.test>\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
     Subject: =?utf-8?Q?caf=C3=A9?= =?utf-8?B?w6k=?=\r\n\r\nx\r\n",
    "Subject: folded\r\n over\r\n\tlines\r\nMessage-ID: <x@y>\r\n\r\n",
    "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n--b\r\n\r\none\r\n--b\r\n\
     Content-Type: text/html\r\n\r\n<p>two\r\n--b--\r\nepilogue\r\n",
    "Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n\
     Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\r\na\r\n--in\r\n\r\nb\r\n\
     --in--\r\n\r\n--out\r\nContent-Type: application/x\r\n\
     Content-Transfer-Encoding: base64\r\n\r\n\
     aGVsbG8=\r\n--out--\r\n",
    "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nbody\r\n",
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
     caf=C3=A9 soft=\r\nly is =3D  \r\n",
    "Content-Type: image/gif; name=\"a;b.gif\"\r\nContent-Transfer-Encoding: base64\r\n\
     Content-Disposition: attachment; filename=\"a b.gif\"\r\n\r\nR0lGODlh\r\nAQAB\r\n",
    "To: friends: a@a.test, B <b@b.test>;, c@c.test\r\n\r\ngroup\r\n",
    "From: \"quoted \\\"name\\\"\" <\"odd local\"@a.test> (a comment)\r\n\r\n",
    "Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\n\
     Subject: one\r\n\r\n1\r\n--d--\r\n",
    "\r\nno header at all\r\n",
];
