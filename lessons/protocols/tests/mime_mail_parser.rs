//! Our reader of mail against mail-parser 0.11, on mails that are right and mails that were
//! tampered with.
//!
//! Where they differ, and why. Anything else is a failure.
//!
//! 1. A mail in which we find something odd, and say so: a bare CR or LF, a line that is no field,
//!    a content type or an encoding that cannot be read, characters that are none of base64. Each
//!    reader makes of it what it can.
//! 2. A folded value: mail-parser makes one space of the fold, we leave the white space that is
//!    there (RFC 5322 section 2.2.3).
//! 3. Encoded words that touch other text, or whose charset nobody has: mail-parser decodes them
//!    and sets a space between, we leave an unknown charset as it is written
//!    (RFC 2047 section 6.3).
//! 4. A date that is none by RFC 5322 section 3.3: mail-parser makes one of the digits that there
//!    are, and may lose the field behind it; we have none. A zone of more than a day, which the
//!    section allows, it takes without the day.
//! 5. Addresses with quotes, comments, or signs out of place: mail-parser takes a comment for a
//!    name and leaves quotes off; ours are compared in a table of their own.
//! 6. A boundary in the middle of a line: mail-parser takes it for a delimiter, we only at the
//!    beginning of a line (RFC 2046 section 5.1.1).
//! 7. Field names that do not begin with a letter, which RFC 5322 section 2.2 allows: mail-parser
//!    leaves some of them out.
//! 8. An encoding with something behind its name: we read the name, mail-parser none.
//! 9. File names in parameters that are not written as RFC 2045 section 5.1 has them.
mod mime_common;

use std::borrow::Cow;

use bytes::Bytes;
use mail_parser::{Address, MessageParser, MimeHeaders, PartType};
use mime_common::{SAMPLES, with_two_attachments};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocols::mime::{Entity, Limits, Mail, Parts, parse_addresses, parse_date, read};

/// What a mail says, as far as both readers tell it.
#[derive(PartialEq, Debug, Default)]
struct Said {
    fields: Vec<String>,
    subject: Option<String>,
    from: Vec<(Option<String>, String)>,
    to: Vec<(Option<String>, String)>,
    date: Option<i64>,
    leaves: Vec<Leaf>,
}

/// A part that has no parts.
#[derive(PartialEq, Debug)]
struct Leaf {
    kind: String,
    name: Option<String>,
    content: Vec<u8>,
}

fn ours(mail: &Mail) -> Said {
    let header = &mail.root.header;
    let addresses = |name: &str| -> Vec<_> {
        let list = header.fields.iter().rev().find(|f| f.name.eq_ignore_ascii_case(name));
        let list = list.map(|field| parse_addresses(&field.value)).unwrap_or_default();
        list.into_iter().map(|one| (one.name, one.address)).collect()
    };
    let leaf = |leaf: &&Entity| Leaf {
        kind: leaf.content_type.to_string(),
        name: leaf.file_name(),
        content: match leaf.content_type.kind.as_str() {
            "text" => leaf.text(&mail.octets).into_bytes(),
            _ => leaf.decoded(&mail.octets).bytes,
        },
    };
    Said {
        fields: header.fields.iter().map(|f| f.name.to_ascii_lowercase()).collect(),
        subject: mail.subject(),
        from: addresses("From"),
        to: addresses("To"),
        date: header.first("Date").and_then(parse_date).map(|date| date.secs() as i64),
        leaves: mail.leaves().iter().map(leaf).collect(),
    }
}

fn theirs(octets: &[u8]) -> Option<Said> {
    let message = MessageParser::default().parse(octets)?;
    let addresses = |list: Option<&Address<'_>>| -> Vec<_> {
        let text = |text: &Option<Cow<'_, str>>| text.as_ref().map(|text| text.to_string());
        let each = list.into_iter().flat_map(|list| list.iter());
        each.filter_map(|one| Some((text(&one.name), text(&one.address)?))).collect()
    };
    let mut leaves = Vec::new();
    collect(&message, &mut leaves);
    Some(Said {
        fields: message.headers().iter().map(|h| h.name().to_ascii_lowercase()).collect(),
        subject: message.subject().map(str::to_string),
        from: addresses(message.from()),
        to: addresses(message.to()),
        date: message.date().map(|date| date.to_timestamp()),
        leaves,
    })
}

fn collect(message: &mail_parser::Message<'_>, leaves: &mut Vec<Leaf>) {
    for part in &message.parts {
        let kind = part.content_type().map_or("text/plain".to_string(), |kind| {
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
        });
        let content = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.as_bytes().to_vec(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
            PartType::Message(inner) => {
                collect(inner, leaves);
                continue;
            }
            PartType::Multipart(_) => continue,
        };
        let name = part.attachment_name().map(str::to_string);
        leaves.push(Leaf { kind: kind.to_ascii_lowercase(), name, content });
    }
}

fn agree(octets: &[u8]) -> Result<(), String> {
    let mail = read(Bytes::copy_from_slice(octets), Limits::default());
    let no_date = mail.root.header.first("Date").is_some_and(|date| parse_date(date).is_none());
    if is_odd(&mail) || has_bare_line_end(octets) || no_date {
        return Ok(());
    }
    let (mut ours, mut theirs) = (ours(&mail), theirs(octets).unwrap_or_default());
    for said in [&mut ours, &mut theirs] {
        said.subject = said.subject.take().map(|s| spaced(&s)).filter(|s| !s.is_empty());
    }
    if !encoded_words_stand_alone(&mail) {
        theirs.subject = ours.subject.clone();
    }
    if let (Some(here), Some(there)) = (ours.date, theirs.date)
        && (here - there) % DAY_SECS == 0
    {
        theirs.date = ours.date;
    }
    for name in ["From", "To"] {
        let values = mail.root.header.fields.iter().filter(|f| f.name.eq_ignore_ascii_case(name));
        if !values.map(|field| field.value.as_str()).all(is_list) {
            let (ours, theirs) = match name {
                "From" => (&mut ours.from, &mut theirs.from),
                _ => (&mut ours.to, &mut theirs.to),
            };
            theirs.clone_from(ours);
        }
    }
    let leaves = mail.leaves();
    let known = |value: &str| ENCODINGS.iter().any(|name| name.eq_ignore_ascii_case(value));
    let encodings = leaves
        .iter()
        .chain([&&mail.root])
        .all(|part| part.header.first("Content-Transfer-Encoding").is_none_or(known));
    let written = ["Content-Type", "Content-Disposition"];
    let described = leaves
        .iter()
        .all(|part| written.iter().all(|name| part.header.first(name).is_none_or(has_parameters)));
    if !described {
        for leaf in ours.leaves.iter_mut().chain(&mut theirs.leaves) {
            leaf.name = None;
        }
    }
    if !encodings || delimiters_within_lines(&mail.octets, &mail.root) {
        theirs.leaves = Vec::new();
        ours.leaves = Vec::new();
    }
    match ours == theirs {
        true => Ok(()),
        false => {
            let text = String::from_utf8_lossy(octets);
            Err(format!("{text:?}\n  ours: {ours:?}\ntheirs: {theirs:?}"))
        }
    }
}

/// Whether we find something odd in a mail, or a field name that begins with no letter.
fn is_odd(mail: &Mail) -> bool {
    let leaves = mail.leaves();
    let decoded = leaves.iter().flat_map(|leaf| leaf.decoded(&mail.octets).oddities);
    let letter_first = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic());
    let named = leaves
        .iter()
        .chain([&&mail.root])
        .all(|part| part.header.fields.iter().all(|field| letter_first(&field.name)));
    !named || !mail.oddities.is_empty() || decoded.count() > 0
}

/// Whether a value is a word and parameters, each a name and one word or quoted string.
fn has_parameters(value: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
    };
    let mut quoted = false;
    let outside = |c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    };
    let mut sections = value.split(outside);
    let kind = sections.next().unwrap_or_default();
    let parameter = |section: &str| {
        section.trim().split_once('=').is_some_and(|(name, value)| {
            let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            token(name) && (token(value) || inner.is_some_and(|text| !text.contains(['"', '\\'])))
        })
    };
    kind.split('/').all(token) && sections.all(parameter)
}

const DAY_SECS: i64 = 86_400;

/// The encodings of RFC 2045 section 6.1.
const ENCODINGS: [&str; 5] = ["7bit", "8bit", "binary", "quoted-printable", "base64"];

/// Whether a CR or LF stands alone anywhere.
fn has_bare_line_end(octets: &[u8]) -> bool {
    let text: Vec<u8> = [b"x", octets, b"x"].concat();
    text.windows(2).any(|two| (two[0] == b'\r') != (two[1] == b'\n'))
}

/// White space as one space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether each encoded word of the subject is one by RFC 2047 section 5, in a charset of ours.
fn encoded_words_stand_alone(mail: &Mail) -> bool {
    let subject = mail.root.header.first("Subject").unwrap_or_default();
    let decoded = mail.subject().unwrap_or_default();
    let words = subject.split_whitespace().filter(|word| word.contains("=?"));
    let alone = |word: &str| {
        word.starts_with("=?") && word.ends_with("?=") && word.matches('?').count() == 4
    };
    !decoded.contains("=?") && words.into_iter().all(alone)
}

/// Whether a value is a list of addresses in which nothing is missing, doubled or out of place.
fn is_list(value: &str) -> bool {
    let simple = |text: &str, extra: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
    };
    let address = |text: &str| {
        text.split_once('@').is_some_and(|(local, domain)| {
            simple(local, ".-") && simple(domain, ".-") && !text.contains("..")
        })
    };
    let members = value.strip_prefix("friends: ").unwrap_or(value).replace(";,", ",");
    members.split(", ").all(|one| match one.split_once(" <") {
        Some((name, rest)) => simple(name, "-") && rest.strip_suffix('>').is_some_and(address),
        None => address(one),
    })
}

/// Whether a boundary occurs elsewhere than in a delimiter that we found.
fn delimiters_within_lines(octets: &[u8], entity: &Entity) -> bool {
    let inner = entity.children().iter().any(|part| delimiters_within_lines(octets, part));
    let Some(boundary) = entity.content_type.parameter("boundary") else { return inner };
    let text = String::from_utf8_lossy(entity.body.of(octets)).into_owned();
    let found = match &entity.parts {
        Parts::Multipart { delimiters, .. } => delimiters.len(),
        Parts::Leaf | Parts::Message(_) => 0,
    };
    inner || text.matches(&format!("--{boundary}")).count() != found
}

#[test]
fn samples_are_read_alike() {
    for sample in SAMPLES {
        agree(sample.as_bytes()).unwrap();
    }
    for eight_bit in [false, true] {
        agree(&with_two_attachments().write(3, eight_bit)).unwrap();
    }
}

/// One place where a mail is tampered with.
#[derive(Clone, Debug)]
struct Edit {
    at: u16,
    byte: u8,
    insert: bool,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (any::<u16>(), 0_u8..128, any::<bool>());
    prop::collection::vec(edit.prop_map(|(at, byte, insert)| Edit { at, byte, insert }), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        rng_seed: RngSeed::Fixed(5322),
        ..ProptestConfig::default()
    })]

    #[test]
    fn mails_that_were_tampered_with_are_read_alike(sample in 0..SAMPLES.len(), edits in edits()) {
        let mut octets = SAMPLES[sample].as_bytes().to_vec();
        for Edit { at, byte, insert } in edits {
            let at = usize::from(at) % octets.len();
            match insert {
                true => octets.insert(at, b"\r\n:-= b;\"/"[usize::from(byte) % 10]),
                false => octets[at] = byte,
            }
        }
        prop_assert_eq!(agree(&octets), Ok(()));
    }

    #[test]
    fn drafts_are_read_alike(
        text in "([ -~\u{e9}.]|\r\n){0,300}",
        subject in "[ -~\u{e9}]{0,100}",
        file in prop::collection::vec(any::<u8>(), 0..300),
        eight_bit: bool,
        random: u64,
    ) {
        let mut draft = with_two_attachments();
        draft.text = text;
        draft.subject = subject;
        draft.attachments[0].bytes = file.into();
        prop_assert_eq!(agree(&draft.write(random, eight_bit)), Ok(()));
    }
}
