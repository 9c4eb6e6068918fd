//! Mail read into fields and parts, from tables; notes that tile it; and what is odd about it.

mod mime_common;

use bytes::Bytes;
use mime_common::{SAMPLES, with_two_attachments};
use proptest::prelude::*;
use protocols::mime::{
    Address, ContentType, Encoding, Entity, Limits, Mail, decode_base64, decode_quoted_printable,
    decode_words, encode_base64, encode_quoted_printable, encode_words, format_date, note_mail,
    parse_addresses, parse_date, read, rules,
};
use protocols::wire::{Note, Notes, Span, Time};

fn mail(text: &[u8]) -> Mail {
    read(Bytes::copy_from_slice(text), Limits::default())
}

/// A part in a line, and the parts in it further in.
fn tree(octets: &[u8], entity: &Entity, depth: usize, lines: &mut Vec<String>) {
    let name = entity.file_name().map_or(String::new(), |name| format!(" {name}"));
    let text = String::from_utf8_lossy(entity.body.of(octets)).len();
    let indent = "  ".repeat(depth);
    lines.push(format!("{indent}{} {} {text}{name}", entity.content_type, entity.encoding));
    for part in entity.children() {
        tree(octets, part, depth + 1, lines);
    }
}

fn shape(text: &str) -> Vec<String> {
    let mail = mail(text.as_bytes());
    let mut lines = Vec::new();
    tree(&mail.octets, &mail.root, 0, &mut lines);
    lines.extend(mail.oddities.iter().map(|odd| format!("! {}", odd.rule.id)));
    lines
}

#[test]
fn parts_are_found_in_parts() {
    let nested = [
        "multipart/mixed 7bit 183",
        "  multipart/alternative 7bit 30",
        "    text/plain 7bit 1",
        "    text/plain 7bit 1",
        "  application/x base64 8",
    ];
    assert_eq!(shape(SAMPLES[4]), nested);
    let mail = mail(SAMPLES[4].as_bytes());
    let bodies: Vec<_> = mail.leaves().iter().map(|leaf| leaf.text(&mail.octets)).collect();
    assert_eq!(bodies, ["a", "b", "hello"]);
}

#[test]
fn a_digest_holds_mails_and_a_message_holds_one() {
    assert_eq!(
        shape(SAMPLES[10]),
        ["multipart/digest 7bit 33", "  message/rfc822 7bit 17", "    text/plain 7bit 1"]
            .map(String::from)
    );
    assert_eq!(shape(SAMPLES[5]), ["message/rfc822 7bit 24", "  text/plain 7bit 6"]);
}

/// RFC 2046 section 5.1.1: the line end before a delimiter belongs to it.
#[test]
fn a_part_ends_before_the_line_end_of_its_delimiter() {
    let mail = mail(SAMPLES[3].as_bytes());
    let bodies: Vec<_> = mail.leaves().iter().map(|leaf| leaf.body.of(&mail.octets)).collect();
    assert_eq!(bodies, [b"one".as_slice(), b"<p>two"]);
}

const ODD: [(&str, &str); 10] = [
    ("Subject: x\nTo: b\r\n\r\n", "mime.line-end"),
    ("no colon here\r\nSubject: x\r\n\r\n", "mime.field"),
    (" begins folded\r\nSubject: x\r\n\r\n", "mime.field"),
    ("Subject : x\r\n\r\n", "mime.field-name"),
    ("Content-Type: nonsense\r\n\r\nx", "mime.content-type"),
    ("Content-Type: multipart/mixed\r\n\r\n--\r\n", "mime.boundary"),
    ("Content-Type: multipart/mixed; boundary=b\r\n\r\nnever\r\n", "mime.boundary"),
    ("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n", "mime.close-delimiter"),
    ("Content-Transfer-Encoding: rot13\r\n\r\nuryyb\r\n", "mime.encoding"),
    (
        "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        "mime.composite",
    ),
];

#[test]
fn what_is_odd_is_kept_and_named_by_its_rule() {
    for (text, rule) in ODD {
        let mail = mail(text.as_bytes());
        assert_eq!(mail.oddities[0].rule.id, rule, "{text:?}");
        let known = rules::ALL.contains(&mail.oddities[0].rule);
        assert!(known && mail.oddities[0].span.end <= text.len(), "{text:?}");
        tiles(text.as_bytes());
    }
    for text in SAMPLES {
        assert_eq!(mail(text.as_bytes()).oddities, [], "{text:?}");
    }
}

#[test]
fn nesting_and_parts_have_limits() {
    let deep: String = (0..40)
        .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n"))
        .collect();
    let odd = mail(deep.as_bytes()).oddities;
    assert!(odd.iter().any(|odd| odd.rule.id == "mime.nesting-limit"));
    let wide = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(3000)
    );
    assert!(mail(wide.as_bytes()).leaves().len() <= 1001);
    let both = wide.replace("\r\n\r\nx", "\r\nContent-Type: message/rfc822\r\n\r\nx");
    assert!(mail(both.as_bytes()).leaves().len() <= 2002);
}

#[test]
fn addresses_come_with_names_groups_quotes_comments_and_routes() {
    let one = |name: &str, address: &str, group: &str| Address {
        name: Some(name.to_string()).filter(|name| !name.is_empty()),
        address: address.into(),
        group: (!group.is_empty()).then(|| group.into()),
    };
    let cases = [
        ("a@a.test", vec![one("", "a@a.test", "")]),
        ("A B <a@a.test>", vec![one("A B", "a@a.test", "")]),
        ("\"B, C\" <a@a.test>, d@d", vec![one("B, C", "a@a.test", ""), one("", "d@d", "")]),
        ("=?utf-8?Q?J=C3=BCrg?= <j@j>", vec![one("J\u{fc}rg", "j@j", "")]),
        ("(note (nested)) a@a (end)", vec![one("", "a@a", "")]),
        ("\"odd one\"@a", vec![one("", "\"odd one\"@a", "")]),
        ("x@[192.0.2.1]", vec![one("", "x@[192.0.2.1]", "")]),
        ("<@relay.test:a@a>", vec![one("", "a@a", "")]),
        (
            "G: a@a, B <b@b>;, c@c",
            vec![one("", "a@a", "G"), one("B", "b@b", "G"), one("", "c@c", "")],
        ),
        ("Undisclosed:;", vec![]),
        ("a@a,,b@b,", vec![one("", "a@a", ""), one("", "b@b", "")]),
        ("", vec![]),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_addresses(text), expected, "{text:?}");
    }
}

#[test]
fn dates_come_in_all_forms_of_rfc_5322_section_3_3_and_4_3() {
    let cases = [
        ("Tue, 14 Nov 2023 22:13:20 +0000", Some(1_700_000_000)),
        ("14 Nov 2023 22:13:20 +0000", Some(1_700_000_000)),
        ("Tue, 14 Nov 2023 23:13:20 +0100", Some(1_700_000_000)),
        ("Tue, 14 Nov 2023 17:13:20 EST", Some(1_700_000_000)),
        ("Tue, 14 Nov 23 22:13:20 GMT (a comment)", Some(1_700_000_000)),
        ("Tue, 14 Nov 2023 22:13 +0000", Some(1_700_000_000 - 20)),
        ("29 Feb 2024 00:00:00 +0000", Some(1_709_164_800)),
        ("29 Feb 2023 00:00:00 +0000", None),
        ("1 Jan 1970 00:00:00 +0000", Some(0)),
        ("1 Jan 1970 00:00:00 +0001", None),
        ("31 Dec 9999 23:59:59 -2359", None),
        ("Mon, 32 Jan 2024 00:00:00 +0000", None),
        ("Mon, 1 Jan 2024 24:00:00 +0000", None),
        ("Xyz, 1 Jan 2024 00:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
    ];
    for (text, secs) in cases {
        assert_eq!(parse_date(text), secs.map(Time::from_secs), "{text:?}");
    }
}

#[test]
fn encoded_words_are_decoded_by_rfc_2047() {
    let cases = [
        ("=?ISO-8859-1?Q?a?=", "a"),
        ("=?ISO-8859-1?Q?a?= b", "a b"),
        ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
        ("=?ISO-8859-1?Q?a?=    =?ISO-8859-1?Q?b?=", "ab"),
        ("=?ISO-8859-1?Q?a_b?=", "a b"),
        ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?_b?=", "a b"),
        ("=?utf-8?B?w6k=?=", "\u{e9}"),
        ("=?utf-8*de?q?=C3=A9?=", "\u{e9}"),
        ("=?x-unknown?Q?a?=", "=?x-unknown?Q?a?="),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("=?utf-8?Q?not ended", "=?utf-8?Q?not ended"),
        ("=?=?=?", "=?=?=?"),
        ("plain", "plain"),
    ];
    for (text, expected) in cases {
        assert_eq!(decode_words(text), expected, "{text:?}");
    }
}

#[test]
fn content_types_are_read_with_quotes_comments_and_without_case() {
    let parse = |text: &str| ContentType::parse(text);
    let simple = parse("Text/HTML; Charset=\"UTF-8\" (said); format = flowed").unwrap();
    assert_eq!(simple.to_string(), "text/html");
    assert_eq!(simple.parameter("charset"), Some("UTF-8"));
    assert_eq!(simple.parameter("format"), Some("flowed"));
    let unquoted = parse("image/gif; name=two words.gif").unwrap();
    assert_eq!(unquoted.parameter("name"), Some("two words.gif"));
    for wrong in ["", "text", "/", "text/", "/plain", "a b/c", "\"text\"/plain"] {
        assert_eq!(parse(wrong), None, "{wrong:?}");
    }
}

#[test]
fn base64_skips_what_is_none_and_says_so() {
    let cases: [(&str, &[u8], usize); 9] = [
        ("aGVsbG8=", b"hello", 0),
        ("aGVs\r\nbG8=\r\n", b"hello", 0),
        ("a G V s", b"hel", 0),
        ("aGVs*bG8=", b"hello", 1),
        ("aGVsbG8", b"hello", 1),
        ("aGVsbG8=x", b"hello", 1),
        ("aA==", b"h", 0),
        ("a", b"", 1),
        ("=", b"", 1),
    ];
    for (text, bytes, odd) in cases {
        let decoded = decode_base64(text.as_bytes(), Span::new(0, text.len()));
        assert_eq!((decoded.bytes.as_slice(), decoded.oddities.len()), (bytes, odd), "{text:?}");
    }
}

#[test]
fn quoted_printable_joins_soft_lines_and_keeps_what_means_nothing() {
    let cases: [(&str, &str, usize); 8] = [
        ("caf=C3=A9", "caf\u{e9}", 0),
        ("a=\r\nb", "ab", 0),
        ("a= \t\r\nb", "ab", 0),
        ("a  \r\nb", "a\r\nb", 0),
        ("a=3db", "a=b", 0),
        ("a=zz", "a=zz", 1),
        ("a=3", "a=3", 1),
        ("a=", "a", 0),
    ];
    for (text, expected, odd) in cases {
        let decoded = decode_quoted_printable(text.as_bytes(), Span::new(0, text.len()));
        assert_eq!(decoded.bytes, expected.as_bytes(), "{text:?}");
        assert_eq!(decoded.oddities.len(), odd, "{text:?}");
    }
}

#[test]
fn a_mail_with_two_attachments_is_read_back_as_it_was_written() {
    let draft = with_two_attachments();
    for eight_bit in [false, true] {
        let written = draft.write(7, eight_bit);
        let mail = mail(&written);
        assert_eq!(mail.oddities, []);
        assert_eq!(mail.subject().as_deref(), Some(draft.subject.as_str()));
        assert_eq!(mail.root.header.first("Date").and_then(parse_date), Some(draft.date));
        let to = parse_addresses(mail.root.header.first("To").unwrap());
        assert_eq!(to.iter().map(|to| to.to_string()).collect::<Vec<_>>(), draft.to);
        let leaves = mail.leaves();
        assert_eq!(leaves[0].text(&mail.octets).replace("\r\n", "\n"), draft.text);
        assert_eq!(leaves[0].encoding == Encoding::EightBit, eight_bit);
        for (leaf, file) in leaves[1..].iter().zip(&draft.attachments) {
            assert_eq!(leaf.decoded(&mail.octets).bytes, file.bytes);
            assert_eq!(leaf.file_name().as_deref(), Some(file.name.as_str()));
            assert!(leaf.is_attachment());
        }
        fits_on_the_way(&written, eight_bit);
        tiles(&written);
    }
}

#[test]
fn a_boundary_that_stands_in_a_part_is_not_taken() {
    let mut draft = with_two_attachments();
    let boundary = |written: &[u8]| {
        let kind = mail(written).root.content_type;
        kind.parameter("boundary").unwrap().to_string()
    };
    let first = boundary(&draft.write(7, false));
    draft.text = format!("--{first}\n--{first}--\n");
    let second = boundary(&draft.write(7, false));
    // As quoted-printable the `=` of a boundary is written otherwise, as 7bit it is not.
    assert_ne!(first, second);
    let written = mail(&draft.write(7, false));
    assert_eq!(written.leaves().len(), 3);
}

#[test]
fn no_field_of_a_draft_can_end_its_line() {
    let mut draft = with_two_attachments();
    draft.subject = "a\r\nBcc: eve@e.test".into();
    draft.from = "a@a.test\r\nX: y".into();
    draft.attachments[0].name = "a\"\r\n\r\nb".into();
    let mail = mail(&draft.write(1, true));
    assert_eq!(mail.root.header.first("Bcc"), None);
    assert_eq!(mail.root.header.first("X"), None);
    assert_eq!(mail.leaves().len(), 3);
}

fn fits_on_the_way(written: &[u8], eight_bit: bool) {
    assert!(eight_bit || written.is_ascii());
    assert!(written.ends_with(b"\r\n"));
    for line in written.split(|byte| *byte == b'\n') {
        assert!(line.len() <= 77, "{}", String::from_utf8_lossy(line));
    }
}

/// The notes of depth 0 tile the mail; those within a note stay within it.
fn tiles(octets: &[u8]) {
    let mut notes = Notes::on();
    note_mail(&Bytes::copy_from_slice(octets), &mut notes);
    let notes = notes.take();
    let mut at = 0;
    for note in notes.iter().filter(|note| note.depth == 0) {
        assert_eq!(note.span.start, at, "{note:?}");
        at = note.span.end;
    }
    assert_eq!(at, octets.len(), "{:?}", String::from_utf8_lossy(octets));
    within(&notes);
}

/// Each note lies within the last one before it that is less deep.
fn within(notes: &[Note]) {
    let mut open: Vec<&Note> = Vec::new();
    for note in notes {
        open.retain(|outer| outer.depth < note.depth);
        if let Some(outer) = open.last() {
            let inside = outer.span.start <= note.span.start && note.span.end <= outer.span.end;
            assert!(inside, "{note:?} is not within {outer:?}");
        }
        open.push(note);
    }
}

#[test]
fn rules_have_ids_of_their_own_sources_and_full_sentences() {
    let mut ids = std::collections::BTreeSet::new();
    for rule in rules::ALL {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        assert!(rule.id.starts_with("mime.") && rule.source.link().is_some(), "{}", rule.id);
        assert!(rule.says.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
    }
}

proptest! {
    #[test]
    fn base64_is_undone(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let encoded = encode_base64(&bytes);
        prop_assert!(encoded.split(|b| *b == b'\n').all(|line| line.len() <= 77));
        let decoded = decode_base64(&encoded, Span::new(0, encoded.len()));
        prop_assert_eq!(decoded.bytes, bytes);
        prop_assert_eq!(decoded.oddities, vec![]);
    }

    #[test]
    fn quoted_printable_is_undone(text in "([ -~\u{e9}=\t.]|\r\n){0,200}") {
        let encoded = encode_quoted_printable(text.as_bytes());
        prop_assert!(encoded.is_ascii());
        prop_assert!(encoded.split(|b| *b == b'\n').all(|line| line.len() <= 77));
        let decoded = decode_quoted_printable(&encoded, Span::new(0, encoded.len()));
        prop_assert_eq!(decoded.bytes, text.as_bytes());
        prop_assert_eq!(decoded.oddities, vec![]);
    }

    #[test]
    fn encoded_words_are_undone(text in "[ -~\u{e9}\u{1f4ee}]{0,100}") {
        let encoded = encode_words(&text);
        let words = || encoded.split(' ').filter(|word| word.starts_with("=?"));
        prop_assert!(words().all(|word| word.len() <= 75), "RFC 2047 section 2: {}", encoded);
        prop_assert_eq!(decode_words(&encoded), text);
    }

    #[test]
    fn dates_are_undone(secs in 0_u64..18_446_744_073) {
        let date = format_date(Time::from_secs(secs));
        prop_assert_eq!(parse_date(&date), Some(Time::from_secs(secs)), "{}", date);
    }

    #[test]
    fn whatever_comes_is_a_mail_whose_notes_tile_it(
        sample in 0..SAMPLES.len(),
        edits in prop::collection::vec((any::<u16>(), any::<u8>(), any::<bool>()), 0..12),
    ) {
        let mut octets = SAMPLES[sample].as_bytes().to_vec();
        for (at, byte, insert) in edits {
            let at = usize::from(at) % octets.len().max(1);
            match insert {
                true => octets.insert(at, b"\r\n:-= b;\"/"[usize::from(byte) % 10]),
                false => octets[at] = byte,
            }
        }
        tiles(&octets);
    }

    #[test]
    fn a_draft_is_read_back_as_it_was_written(
        text in "([ -~\u{e9}.]|\n|\r\n){0,300}",
        subject in "[ -~\u{e9}]{0,120}",
        file in prop::collection::vec(any::<u8>(), 0..300),
        eight_bit: bool,
        random: u64,
    ) {
        let mut draft = with_two_attachments();
        draft.text = text.clone();
        draft.subject = subject.clone();
        draft.attachments[0].bytes = file.clone().into();
        let written = draft.write(random, eight_bit);
        fits_on_the_way_but_subject(&written, eight_bit);
        let mail = mail(&written);
        let leaves = mail.leaves();
        prop_assert_eq!(leaves.len(), 3);
        let mut lines = text.replace("\r\n", "\n");
        if !lines.is_empty() && !lines.ends_with('\n') {
            lines.push('\n');
        }
        prop_assert_eq!(leaves[0].text(&mail.octets).replace("\r\n", "\n"), lines);
        prop_assert_eq!(leaves[1].decoded(&mail.octets).bytes, file);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(words(&mail.subject().unwrap()), words(&subject));
    }
}

/// A word of a subject may be longer than a line.
fn fits_on_the_way_but_subject(written: &[u8], eight_bit: bool) {
    assert!(eight_bit || written.is_ascii());
    let body = mail(written).root.body;
    for line in body.of(written).split(|byte| *byte == b'\n') {
        assert!(line.len() <= 77, "{}", String::from_utf8_lossy(line));
    }
}

#[test]
fn a_mail_made_to_be_dear_costs_no_more_than_its_size() {
    let folded = format!("Subject: x\r\n{}\r\n", " y\r\n".repeat(200_000));
    assert_eq!(
        mail(folded.as_bytes()).root.header.fields.len(),
        1,
        "its value is put together once"
    );
    let words = format!("Subject: {}\r\n\r\n", "=?a".repeat(40_000));
    assert_eq!(mail(words.as_bytes()).subject().map(|subject| subject.len()), Some(120_000));
    let group = format!("{}: {};", "g".repeat(100_000), "a@b,".repeat(50_000));
    assert_eq!(parse_addresses(&group).len(), 50_000, "the name is there once");
    let fields = format!("{}\r\nbody", "a:\r\n".repeat(50_000));
    let read = mail(fields.as_bytes());
    assert_eq!((read.root.header.fields.len(), read.root.header.odd.len()), (10_000, 1));
    assert_eq!(read.oddities.len(), 1);
    assert_eq!(read.root.body.of(fields.as_bytes()), b"body");
    tiles(fields.as_bytes());
    let odd = format!("Content-Transfer-Encoding: base64\r\n\r\n{}", "!".repeat(100_000));
    let read = mail(odd.as_bytes());
    assert!(read.root.decoded(odd.as_bytes()).oddities.len() <= 1_000);
}
