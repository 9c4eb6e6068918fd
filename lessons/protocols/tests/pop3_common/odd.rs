//! Fifty odd messages: whatever may lie in a mailbox and be mangled on its way out.

/// The messages, each a header and a body as they are stored.
pub fn odd_messages() -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new(), b"\r\n".to_vec(), b"Subject: header alone\r\n".to_vec()];
    all.extend(BODIES.map(|body| with_header(all_len(&all), body.as_bytes())));
    let many = |line: &str, times: usize| line.repeat(times).into_bytes();
    let bodies: [Vec<u8>; 17] = [
        many(".\r\n", 1000),
        many("..\r\n", 1000),
        many(".", 5000),
        many("x", 998),
        many("x", 20_000),
        many(".x", 10_000),
        many("line\r\n", 3000),
        many("\r\n", 500),
        many("a\r\n.\r\n", 300),
        vec![0; 100],
        (0..=255).filter(|byte| *byte != b'\n' && *byte != b'\r').collect(),
        (128..=255).collect(),
        b"caf\xe9 in latin 1\r\n".to_vec(),
        b"\xff\xfe broken utf-8 \xc3\r\n".to_vec(),
        b"NUL \0 in a line\r\n.\0\r\n".to_vec(),
        [many("y", 511), b"\r\n.\r\n".to_vec(), many("z", 510)].concat(),
        [many("0123456789abcdef", 4096), b"\r\n".to_vec()].concat(),
    ];
    for body in bodies {
        all.push(with_header(all.len(), &body));
    }
    all
}

fn all_len(all: &[Vec<u8>]) -> usize {
    all.len()
}

fn with_header(number: usize, body: &[u8]) -> Vec<u8> {
    let header = format!(
        "From: alice@a.test\r\nTo: bob@b.test\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n\
         Message-ID: <odd-{number}@a.test>\r\nSubject: odd\r\n\r\n"
    );
    [header.as_bytes(), body].concat()
}

/// Bodies that can be written in one line.
const BODIES: [&str; 31] = [
    "",
    ".",
    ".\r\n",
    "..\r\n",
    "...\r\n",
    ".\r\n.\r\n",
    ".\r\n\r\n.\r\n",
    "\r\n.\r\n\r\n",
    "\r\n\r\n\r\n",
    " .\r\n",
    ". \r\n",
    ".\t\r\n",
    "text.\r\n",
    "text\r\n.text\r\n",
    "text\r\n..text\r\n",
    "no line end",
    "no line end behind dots\r\n..",
    "From the beginning of a line\r\n",
    ">From somebody who was quoted\r\n",
    ">>From\r\nFrom\r\n",
    "+OK not a reply\r\n-ERR neither\r\n",
    ".\r\n+OK 1 octets\r\n.\r\n",
    "QUIT\r\nDELE 1\r\n",
    "tab\tand trailing space \r\n",
    "two  spaces   three\r\n",
    "=20=3D=\r\nsoft=\r\n",
    "--boundary\r\n\r\n--boundary--\r\n",
    "\u{fc}ml\u{e4}ut and \u{1f4ee}\r\n",
    "a\r\r\nb\r\n",
    "a bare CR \r in a line\r\n",
    "escape \u{1b}[31m and bell \u{7}\r\n",
];
