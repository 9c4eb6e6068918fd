//! Bencode by examples: those of BEP 3, and what is wrong with each that is not right.

use super::*;
use crate::wire::{Notes, Span};

const LIMITS: Limits = Limits { depth: 8, items: 100 };

fn fault(bytes: &[u8]) -> (&'static str, Span) {
    let outcome = read(bytes, &LIMITS, |_| None, &mut Notes::off());
    let fault = outcome.fault.unwrap_or_else(|| panic!("{} is refused", shown(bytes)));
    (fault.rule.id, fault.span)
}

#[test]
fn the_examples_of_bep_3_are_read_as_it_says() {
    let value = |bytes: &'static [u8]| read_strict(bytes, &LIMITS).unwrap();
    assert_eq!(value(b"4:spam").string(), Some(&b"spam"[..]));
    assert_eq!(value(b"i3e").integer(), Some(3));
    assert_eq!(value(b"i-3e").integer(), Some(-3));
    assert_eq!(value(b"i0e").integer(), Some(0));
    let list = value(b"l4:spam4:eggse");
    let strings: Vec<_> = list.list().unwrap().iter().filter_map(Item::string).collect();
    assert_eq!(strings, [b"spam", b"eggs"]);
    let cow = value(b"d3:cow3:moo4:spam4:eggse");
    assert_eq!(cow.entry(b"cow").and_then(Item::string), Some(&b"moo"[..]));
    assert_eq!(cow.entry(b"spam").and_then(Item::string), Some(&b"eggs"[..]));
    let spam = value(b"d4:spaml1:a1:bee");
    assert_eq!(spam.entry(b"spam").and_then(|list| list.list()).map(<[_]>::len), Some(2));
    assert_eq!(spam.entry(b"spam").unwrap().span, Span::new(7, 15));
}

#[test]
fn what_bep_3_forbids_is_refused_with_the_rule_and_the_place() {
    let cases: [(&[u8], &str, Span); 20] = [
        (b"", "bencode.value", Span::new(0, 0)),
        (b"x", "bencode.value", Span::new(0, 1)),
        (b"-1e", "bencode.value", Span::new(0, 1)),
        (b"i-0e", "bencode.one-way", Span::new(0, 4)),
        (b"i03e", "bencode.one-way", Span::new(0, 4)),
        (b"i-03e", "bencode.one-way", Span::new(0, 5)),
        (b"ie", "bencode.integer", Span::new(0, 2)),
        (b"i-e", "bencode.integer", Span::new(0, 3)),
        (b"i3", "bencode.integer", Span::new(0, 2)),
        (b"i+3e", "bencode.integer", Span::new(0, 4)),
        (b"i9223372036854775808e", "bencode.integer-size", Span::new(0, 21)),
        (b"5:spam", "bencode.string", Span::new(0, 2)),
        (b"04:spam", "bencode.one-way", Span::new(0, 3)),
        (b"4spam", "bencode.string", Span::new(0, 2)),
        (b"99999999999999999999:a", "bencode.string", Span::new(0, 21)),
        (b"li1e", "bencode.list", Span::new(4, 4)),
        (b"di1ei2ee", "bencode.dictionary", Span::new(1, 2)),
        (b"d1:bi1e1:ai2ee", "bencode.key-order", Span::new(7, 10)),
        (b"d1:ai1e1:ai2ee", "bencode.key-order", Span::new(7, 10)),
        (b"i1ei2e", "bencode.nothing-after", Span::new(3, 6)),
    ];
    for (bytes, rule, span) in cases {
        assert_eq!(fault(bytes), (rule, span), "{}", shown(bytes));
        assert!(read_strict(bytes, &LIMITS).is_err(), "{}", shown(bytes));
    }
}

#[test]
fn integers_of_64_bits_are_read_and_those_beyond_are_not_cut_in_silence() {
    for number in [i64::MIN, -1, 0, 10, i64::MAX] {
        let bytes = format!("i{number}e");
        assert_eq!(read_strict(bytes.as_bytes(), &LIMITS).unwrap().integer(), Some(number));
    }
    assert_eq!(fault(b"i-9223372036854775809e").0, "bencode.integer-size");
    assert_eq!(fault(b"i00000000000000000000000001e").0, "bencode.one-way");
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    let nested = |depth: usize| [b"l".repeat(depth), b"e".repeat(depth)].concat();
    assert!(read_strict(&nested(8), &LIMITS).is_ok());
    assert_eq!(fault(&nested(9)), ("bencode.limits", Span::new(8, 9)));
    assert_eq!(fault(&b"l".repeat(60_000)).0, "bencode.limits");
    let wide = |count: usize| [b"l".to_vec(), b"le".repeat(count), b"e".to_vec()].concat();
    assert!(read_strict(&wide(99), &LIMITS).is_ok());
    assert_eq!(fault(&wide(100)).0, "bencode.limits");
}

#[test]
fn what_can_be_understood_is_handed_over_with_its_fault() {
    let bytes = b"d1:t2:aa1:qi03ee";
    let outcome = read(bytes, &LIMITS, |_| None, &mut Notes::off());
    let item = outcome.item.unwrap();
    assert_eq!(item.entry(b"t").and_then(Item::string), Some(&b"aa"[..]));
    assert_eq!(item.entry(b"q").and_then(Item::integer), Some(3));
    assert_eq!(outcome.fault.unwrap().rule.id, "bencode.one-way", "the first in the bytes");
    let none = read(b"d1:t2:aa", &LIMITS, |_| None, &mut Notes::off());
    assert!(none.item.is_none() && none.fault.is_some());
}

#[test]
fn the_writer_brings_keys_into_order_and_keeps_the_first_of_two() {
    let outcome = read(b"d1:bi1e1:a1:x1:bi2ee", &LIMITS, |_| None, &mut Notes::off());
    assert_eq!(write(&outcome.item.unwrap()), b"d1:a1:x1:bi1ee");
}

#[test]
fn notes_of_depth_0_tile_what_is_read_and_what_is_not() {
    for bytes in [&b"d1:ad2:id3:abce1:li1e2:zzee"[..], b"d1:ad2:id", b"x", b"i1e rest", b"3:a"] {
        let mut notes = Notes::on();
        read(bytes, &LIMITS, |_| None, &mut notes);
        let mut at = 0;
        for note in notes.list().iter().filter(|note| note.depth == 0) {
            assert_eq!(note.span.start, at, "{:?}", notes.list());
            at = note.span.end;
        }
        assert_eq!(at, bytes.len(), "{:?}", notes.list());
    }
}

#[test]
fn an_entry_is_noted_with_its_key_and_its_value_below() {
    let mut notes = Notes::on();
    read(b"d1:t2:aae", &LIMITS, |_| None, &mut notes);
    let lines: Vec<_> = notes
        .list()
        .iter()
        .map(|note| {
            format!(
                "{} {}..{} {} {}",
                note.depth, note.span.start, note.span.end, note.name, note.value
            )
        })
        .collect();
    let expected = [
        "0 0..1 dictionary begins ",
        "0 1..8 \"t\" \"aa\"",
        "1 1..4 key \"t\"",
        "1 4..8 value \"aa\"",
        "2 4..6 length 2 B",
        "2 6..8 content \"aa\"",
        "0 8..9 dictionary ends ",
    ];
    assert_eq!(lines, expected);
}
