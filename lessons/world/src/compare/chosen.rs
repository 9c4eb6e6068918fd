//! What each side makes up anew, so that no two runs agree about it.

/// Whether two values of a field differ only in what is made up by whoever sends it: an identifier
/// that need only be unlike the ones before.
pub fn differ_by_choice(name: &str, first: &str, second: &str) -> bool {
    FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name)) || only_marks(first, second)
}

/// Whether two texts have the same words but for marks, and at least one mark that differs.
fn only_marks(first: &str, second: &str) -> bool {
    let [first, second] = [first, second].map(|text| text.split(' ').collect::<Vec<_>>());
    let mut differing = 0;
    for (at, (one, other)) in first.iter().zip(&second).enumerate() {
        if one == other {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| first.get(before)).copied();
        if !is_mark(before, one) || !is_mark(before, other) {
            return false;
        }
        differing += 1;
    }
    first.len() == second.len() && differing > 0
}

/// Whether a word is a time stamp for APOP (RFC 1939 section 7), which has the form of a
/// Message-ID, a server's number for a mail in its queue, or a boundary (RFC 2046 section 5.1.1).
fn is_mark(before: Option<&str>, word: &str) -> bool {
    let stamp = word.starts_with('<') && word.ends_with('>') && word.contains('@');
    let queued = before.is_some_and(|before| QUEUED.contains(&before)) && has_digit(word);
    stamp || queued || MARKED.iter().any(|name| word.starts_with(name))
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// DNS: the ID that tells answers apart (RFC 1035 section 4.1.1). Mail: the Message-ID (RFC 5322
/// section 3.6.4), and the digest of the server's time stamp (RFC 1939 section 7). The DHT: the
/// transaction ID, the token and the node's own ID (BEP 5); and what Chord's askers number their
/// requests with.
const FIELDS: [&str; 9] = [
    "ID",
    "Message-ID",
    "digest",
    "transaction ID (t)",
    "token (token)",
    "querying node's ID (id)",
    "responding node's ID (id)",
    "transaction",
    "asker's number",
];

/// The words before a mail's number in a queue, as servers write them in replies and trace fields.
const QUEUED: [&str; 3] = ["as", "id", "queue"];

/// What such marks begin with where they are named.
const MARKED: [&str; 2] = ["id=", "boundary="];
