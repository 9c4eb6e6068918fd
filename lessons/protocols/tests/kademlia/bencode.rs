//! Our bencode against bt_bencode 0.8, on values that are right and on damaged ones.
//!
//! Where they differ, and why. Anything else is a failure.
//!
//! We refuse what bt_bencode takes, all of which BEP 3 forbids but the last two:
//! 1. A zero in front of a number or a length, and minus zero.
//! 2. Keys out of order, and a key that stands twice, where it keeps the last.
//! 3. Numbers from 2^63 to 2^64 - 1, for which it has a type of its own.
//! 4. Values nested deeper, or more of them, than our limits say.
//!
//! We take what bt_bencode refuses:
//! 5. -2^63, which it negates only after it has read it as a positive number.

use bt_bencode::Value as Theirs;
use proptest::prelude::*;
use protocols::kademlia::bencode::{Item, Limits, Value, Writer, read, read_strict, shown, write};
use protocols::wire::{Notes, Violation};

use crate::tile;

/// A value without places.
#[derive(Clone, PartialEq, Debug)]
enum Tree {
    Integer(i64),
    String(Vec<u8>),
    List(Vec<Tree>),
    Dictionary(std::collections::BTreeMap<Vec<u8>, Tree>),
}

impl Tree {
    fn write(&self, into: &mut Writer) {
        match self {
            Tree::Integer(number) => into.integer(*number),
            Tree::String(bytes) => into.string(bytes),
            Tree::List(items) => {
                into.begin_list();
                items.iter().for_each(|item| item.write(into));
                into.end();
            }
            Tree::Dictionary(entries) => {
                into.begin_dictionary();
                for (key, value) in entries {
                    into.string(key);
                    value.write(into);
                }
                into.end();
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        self.write(&mut writer);
        writer.into_bytes()
    }

    fn is(&self, item: &Item<'_>) -> bool {
        match (self, &item.value) {
            (Tree::Integer(a), Value::Integer(b)) => a == b,
            (Tree::String(a), Value::String(b)) => a == b,
            (Tree::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b))
            }
            (Tree::Dictionary(a), Value::Dictionary(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|((key, a), b)| key == b.key && a.is(&b.item))
            }
            _ => false,
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let bytes = || prop::collection::vec(prop_oneof![Just(b'e'), Just(b':'), any::<u8>()], 0..6);
    let edges = prop_oneof![any::<i64>(), -12i64..12, Just(i64::MIN), Just(i64::MAX)];
    let leaf = prop_oneof![edges.prop_map(Tree::Integer), bytes().prop_map(Tree::String)];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Tree::List),
            prop::collection::btree_map(bytes(), inner, 0..5).prop_map(Tree::Dictionary),
        ]
    })
}

/// What is done to the bytes: some replaced by letters of bencode, some doubled, the end cut off.
fn damage() -> impl Strategy<Value = Vec<(u8, u16, u8)>> {
    prop::collection::vec((0u8..4, any::<u16>(), any::<u8>()), 0..4)
}

fn damaged(mut bytes: Vec<u8>, damage: &[(u8, u16, u8)]) -> Vec<u8> {
    for (what, at, byte) in damage {
        let at = usize::from(*at) % (bytes.len() + 1);
        let letter = LETTERS[usize::from(*byte) % LETTERS.len()];
        match what {
            0 => bytes.insert(at, letter),
            1 if at < bytes.len() => bytes[at] = letter,
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 if *byte < 40 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}

fn same(ours: &Item<'_>, theirs: &Theirs) -> bool {
    match (&ours.value, theirs) {
        (Value::Integer(a), Theirs::Int(b)) => a.to_string() == b.to_string(),
        (Value::String(a), Theirs::ByteStr(b)) => *a == b.as_slice(),
        (Value::List(a), Theirs::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Dictionary(a), Theirs::Dict(b)) => {
            let pairs = a.iter().zip(b);
            a.len() == b.len()
                && pairs
                    .into_iter()
                    .all(|(a, (key, b))| a.key == key.as_slice() && same(&a.item, b))
        }
        _ => false,
    }
}

/// The number of the known difference that explains why only one of the two takes the bytes.
fn difference(ours: &Result<Item<'_>, Violation>, theirs: bool) -> Option<u8> {
    match (ours, theirs) {
        (Err(violation), true) => match violation.rule.id {
            "bencode.one-way" => Some(1),
            "bencode.key-order" => Some(2),
            "bencode.integer-size" => Some(3),
            "bencode.limits" => Some(4),
            _ => None,
        },
        (Ok(item), false) => has_least(item).then_some(5),
        _ => None,
    }
}

fn has_least(item: &Item<'_>) -> bool {
    match &item.value {
        Value::Integer(number) => *number == i64::MIN,
        Value::String(_) => false,
        Value::List(items) => items.iter().any(has_least),
        Value::Dictionary(entries) => entries.iter().any(|entry| has_least(&entry.item)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn both_read_the_same_or_differ_as_listed(tree in tree(), damage in damage()) {
        let bytes = damaged(tree.bytes(), &damage);
        let ours = read_strict(&bytes, &LIMITS);
        match (&ours, bt_bencode::from_slice::<Theirs>(&bytes)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert!(same(ours, &theirs), "{}", shown(&bytes));
                prop_assert_eq!(bt_bencode::to_vec(&theirs).unwrap(), write(ours));
            }
            (Err(_), Err(_)) => {}
            (_, theirs) => {
                let known = difference(&ours, theirs.is_ok());
                prop_assert!(known.is_some(), "{ours:?} {theirs:?} {bytes:?}");
            }
        }
    }

    #[test]
    fn a_value_reads_back_as_it_was_and_the_same_bytes_are_written(tree in tree()) {
        let bytes = tree.bytes();
        let again = read_strict(&bytes, &LIMITS).unwrap();
        prop_assert!(tree.is(&again));
        prop_assert_eq!(again.span.len(), bytes.len());
        prop_assert_eq!(write(&again), bytes);
    }

    #[test]
    fn what_is_taken_strictly_has_no_other_way_to_be_written(tree in tree(), damage in damage()) {
        let bytes = damaged(tree.bytes(), &damage);
        if let Ok(item) = read_strict(&bytes, &LIMITS) {
            prop_assert_eq!(write(&item), bytes, "one way to write each value (BEP 3)");
        }
    }

    #[test]
    fn notes_tile_whatever_is_read_and_change_nothing(tree in tree(), damage in damage()) {
        let bytes = damaged(tree.bytes(), &damage);
        let mut notes = Notes::on();
        let noted = read(&bytes, &LIMITS, |_| None, &mut notes);
        prop_assert_eq!(&noted, &read(&bytes, &LIMITS, |_| None, &mut Notes::off()));
        prop_assert!(tile(notes.list(), bytes.len()), "{:#?}", notes.list());
    }
}

/// What only one of the two takes, with the number of the difference.
#[test]
fn the_listed_differences_are_there() {
    let deep = [b"l".repeat(40), b"e".repeat(40)].concat();
    let samples: [(u8, &[u8]); 7] = [
        (1, b"i03e"),
        (1, b"i-0e"),
        (1, b"03:abc"),
        (2, b"d1:bi1e1:ai2ee"),
        (3, b"i9223372036854775808e"),
        (4, &deep),
        (5, b"i-9223372036854775808e"),
    ];
    for (number, bytes) in samples {
        let ours = read_strict(bytes, &LIMITS);
        let theirs = bt_bencode::from_slice::<Theirs>(bytes);
        assert_ne!(ours.is_ok(), theirs.is_ok(), "{number}: {ours:?} {theirs:?}");
        assert_eq!(difference(&ours, theirs.is_ok()), Some(number), "{ours:?}");
    }
}

#[test]
fn a_set_of_damaged_values_reaches_both_verdicts() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..500 {
        let (tree, damage) = (tree(), damage()).new_tree(&mut runner).unwrap().current();
        match read_strict(&damaged(tree.bytes(), &damage), &LIMITS) {
            Ok(_) => taken += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(taken > 50 && refused > 50, "{taken} taken, {refused} refused");
}

const LIMITS: Limits = Limits { depth: 32, items: 1000 };

const LETTERS: &[u8] = b"ilde:-0123456789\0\xff";
