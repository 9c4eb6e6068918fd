//! What the other side says to a program that is alone with a test: things that break a rule each,
//! or that a rule is about.

/// What somebody says to a server of mail.
pub struct Talk {
    pub port: u16,
    /// Each is sent after the answer to the one before it.
    pub said: &'static [&'static str],
}

/// In the place of something said: nothing more is.
pub const END: &str = "";

/// The bytes of a text in which `{a*600}` stands for six hundred times `a`.
pub fn bytes(said: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, piece) in said.split('{').enumerate() {
        let repeated = piece.split_once('}').filter(|_| index > 0);
        let Some((what, rest)) = repeated else {
            bytes.extend_from_slice(piece.as_bytes());
            continue;
        };
        let (text, count) = what.rsplit_once('*').unwrap();
        bytes.extend_from_slice(text.repeat(count.parse().unwrap()).as_bytes());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

const fn smtp(said: &'static [&'static str]) -> Talk {
    Talk { port: 25, said }
}

const fn pop(said: &'static [&'static str]) -> Talk {
    Talk { port: 110, said }
}

const EHLO: &str = "EHLO pc.b.test\r\n";
const MAIL: &str = "MAIL FROM:<a@b.test>\r\n";
const RCPT: &str = "RCPT TO:<s0@a.test>\r\n";

/// Sessions with a server of the domain `a.test` that takes two recipients for a mail, mails of
/// 6000 octets, and three mistakes.
pub const WITH_A_SERVER: &[Talk] = &[
    smtp(&["EHLO pc\n"]),
    smtp(&["EHLO\r pc\r\n"]),
    smtp(&["EHLO p\u{fc}\r\n", "HELO\r\n", "FOO\r\n", "STARTTLS\r\n"]),
    smtp(&["STARTTLS\r\n", "AUTH PLAIN\r\n"]),
    smtp(&["NOOP {a*600}\r\n", "MAIL FROM:<>\r\n", "HELP FOO\r\n", "HELP\r\n"]),
    smtp(&[EHLO, "VRFY s0\r\n", "EXPN s0\r\n", "NOOP  \r\n", EHLO, "RSET\r\n"]),
    smtp(&[EHLO, "DATA\r\n", "RCPT TO:<s0@a.test>\r\n", MAIL, MAIL]),
    smtp(&[EHLO, MAIL, "DATA\r\n", "RCPT TO:<u@b.test>\r\n", "RCPT TO:<no@a.test>\r\n"]),
    smtp(&[EHLO, "MAIL FROM:<a@b.test> SIZE=7000\r\n", "MAIL FROM:<a@b.test> X=1\r\n"]),
    smtp(&[EHLO, "MAIL FROM:<a@b.test> =\r\n", "MAIL FROM:a@b.test\r\n", "MAIL FROM:<a>\r\n"]),
    smtp(&[EHLO, "MAIL FROM:<\"a@b.test>\r\n", "MAIL FROM:<a@-b>\r\n", "MAIL FROM:<a@[1]>\r\n"]),
    smtp(&[EHLO, "MAIL FROM:<{a*65}@b>\r\n", "MAIL FROM:<a@{b*256}>\r\n"]),
    smtp(&[EHLO, "MAIL FROM:<{a*60}@{b*220}>\r\n", "MAIL FROM:<@c.test:a@b.test>\r\n"]),
    smtp(&[EHLO, MAIL, RCPT, "RCPT TO:<Postmaster>\r\n", "RCPT TO:<s1@a.test>\r\n", "QUIT\r\n"]),
    smtp(&[
        EHLO,
        MAIL,
        RCPT,
        "DATA\r\n",
        "{a*1001}\r\n.\r\n",
        MAIL,
        RCPT,
        "DATA\r\n",
        "\u{fc}\r\n.\r\n",
    ]),
    smtp(&[EHLO, MAIL, RCPT, "DATA\r\n", "{line\r\n*1000}.\r\n"]),
    smtp(&[EHLO, MAIL, RCPT, "DATA\r\n", "a\n.\r\n"]),
    smtp(&[EHLO, MAIL, RCPT, "DATA\r\n", "{Received: x\r\n*101}\r\n..\r\n.\r\n", "QUIT\r\n"]),
    smtp(&[EHLO, MAIL, END]),
    smtp(&[EHLO, "{NOOP\r\n*600}", "{NOOP\r\n*600}"]),
    Talk { port: 587, said: &[EHLO, MAIL] },
    // A mail of parts, right and wrong.
    smtp(&[EHLO, MAIL, RCPT, "DATA\r\n", PARTS]),
    smtp(&[EHLO, MAIL, RCPT, "DATA\r\n", DEEP]),
    smtp(&[EHLO, MAIL, RCPT, "DATA\r\n", FIELDS]),
    pop(&["USER\r\n", "user s0\r\n", "FOO\r\n", "STAT\r\n"]),
    pop(&["RETR 0\r\n", "TOP 1 x\r\n", "NO\tOP\r\n", "CAPA\n"]),
    pop(&["NOOP {a*300}\r\n", "CAPA\r\n", "QUIT\r\n"]),
    pop(&["NOOP {a*9000}"]),
    pop(&["USER s0\r\n", "PASS no\r\n", "APOP s0 0\r\n", "USER x\r\n", "PASS x\r\n", "QUIT\r\n"]),
    pop(&[
        "USER s0\r\nPASS s0-secret\r\n",
        "TOP 1 0\r\n",
        "DELE 1\r\n",
        "RETR 1\r\n",
        "LIST 3\r\n",
    ]),
    pop(&["USER s0\r\nPASS s0-secret\r\n", "DELE 1\r\n", "RSET\r\n", "NOOP\r\n", END]),
];

const PARTS: &str = "\
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\
\r\n\
--b\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
a=20b\r\n\
--b\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
YQ=\r\n\
--b\r\n\
Content-Type: multipart/mixed; boundary=c\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
--b\r\n\
Content-Type: multipart/mixed; boundary=d\r\n\
\r\n\
--d\r\n\
\r\n\
never closed\r\n\
--b--\r\n\
.\r\n";

/// Parts in parts, deeper than anybody looks.
const DEEP: &str = "{Content-Type: message/rfc822\r\n\r\n*40}.\r\n";

/// More fields than anybody reads.
const FIELDS: &str = "{a:\r\n*11000}\r\n.\r\n";

const HELLO: &str = "250-mx\r\n250-PIPELINING\r\n250-SIZE 9000\r\n250 8BITMIME\r\n";

/// What servers say to a client that hands over two mails.
pub const TO_A_SENDER: &[&[&str]] = &[
    &["220 mx\r\n", HELLO, "250 OK\r\n250 OK\r\n354 go\r\n", "250 OK\r\n", "250 OK\r\n"],
    &["220 mx\r\n", "250-mx\r\n250 SIZE 10\r\n"],
    &["220 mx\r\n", "500 what\r\n", "250 mx\r\n", "250 OK\r\n", "550 5.1.1 no\r\n", "221 bye\r\n"],
    &["220 mx\r\n", HELLO, "250 OK\r\n250 OK\r\n451 no\r\n", "250 OK\r\n"],
    &["220 mx\r\n", HELLO, "250 OK\r\n250 OK\r\n354 go\r\n", "554 no\r\n", "221 bye\r\n"],
    &["220 mx\r\n", HELLO, "250 OK\r\n250 OK\r\n250 go\r\n"],
    &["554 no mail here\r\n", "221 bye\r\n"],
    &["421 later\r\n"],
    &["220 mx\r\n", "354 go\r\n"],
    &["220 mx\r\n", "250-mx\r\n251 mx\r\n"],
    &["220 mx\r\n", "what\r\n"],
    &["220 mx\r\n220 mx\r\n250 mx\r\n"],
    &["220 mx\r\n", "250 {a*3000}\r\n"],
    &["220 mx\r\n", "{250-a\r\n*101}"],
    &["220 mx\r\n", "250 mx\n"],
    &["220 mx\r\n", "421 4.3.2 down\r\n"],
    // Nobody says whether the mail has been taken (RFC 1047).
    &["220 mx\r\n", HELLO, "250 OK\r\n250 OK\r\n354 go\r\n"],
];

/// What servers say to a client that fetches mail.
pub const TO_A_READER: &[&[&str]] = &[
    &["+OK\r\n", "+OK\r\nPIPELINING\r\n.\r\n", "+OK\r\n+OK\r\n+OK 1 9\r\n+OK\r\n1 u\r\n.\r\n"],
    &["-ERR [SYS/TEMP] full\r\n"],
    &["what\r\n"],
    &["+OK {a*600}\r\n"],
    &["+OK\r\n", "+OK\r\nTOP\r\n.\r\n", "-ERR no\r\n", "+OK bye\r\n"],
    &[
        "+OK\r\n",
        "-ERR\r\n",
        "+OK\r\n",
        "+OK\r\n",
        "+OK 1 9\r\n",
        "+OK\r\n1 u\r\n.\r\n",
        "+OK\r\n1 9\r\n.\r\n",
        "+OK\r\nSubject: x\r\n.\r\n",
        "+OK\r\n",
        "-ERR some could not be removed\r\n",
    ],
    &["+OK\r\n", "+OK\r\n{a\r\n*600}"],
    &["+OK\r\n", "+OK\r\n+OK\r\n"],
    &["+OK\r\n", "+O"],
    &["+OK\r\n+OK\r\n"],
];

/// A session of others, the server first and then in turns: AUTH, and then TLS.
pub const SMTP_OF_OTHERS: &[&str] = &[
    "220 mx\r\n",
    "EHLO a.test\r\n",
    "250-mx\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n",
    "AUTH PLAIN\r\n",
    "334 \r\n",
    "AGEAYg==\r\n",
    "235 welcome\r\n",
    "STARTTLS\r\n",
    "220 go\r\n",
    "encrypted",
];

/// The same over POP3.
pub const POP3_OF_OTHERS: &[&str] = &[
    "+OK ready\r\n",
    "AUTH PLAIN\r\n",
    "+ \r\n",
    "AGEAYg==\r\n",
    "-ERR no\r\n",
    "STLS\r\n",
    "+OK go\r\n",
    "encrypted",
];
