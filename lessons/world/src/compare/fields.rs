//! The fields of two messages, paired by their names.

use protocols::wire::{Message, Note, Rule, Span};

use super::chosen::differ_by_choice;
use super::difference::Kind;

/// A field with those that it consists of.
#[derive(Clone, PartialEq, Debug)]
struct Item<'a> {
    name: &'a str,
    value: &'a str,
    bytes: &'a [u8],
    rule: Option<&'static Rule>,
    parts: Vec<Item<'a>>,
}

/// A message as its protocol read it.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// What was read.
    pub message: &'a Message,
    /// Its own bytes, from which its notes count.
    pub bytes: &'a [u8],
}

/// One thing in which the fields of two messages differ.
#[derive(Clone, PartialEq, Debug)]
pub struct Contrast {
    /// In what way.
    pub kind: Kind,
    /// The field's name.
    pub name: String,
    /// What it says in each message; none where it is missing.
    pub values: [Option<String>; 2],
    /// Its place among the fields of each message, from 1 on.
    pub places: [usize; 2],
    /// The rule that gives the field its meaning.
    pub rule: Option<&'static Rule>,
}

/// Every difference between two messages of the same protocol.
pub fn contrasts(first: Written<'_>, second: Written<'_>) -> Vec<Contrast> {
    let items = [first, second].map(items);
    let mut found = Vec::new();
    level(&items[0], &items[1], &mut found);
    if found.is_empty() && first.bytes != second.bytes {
        found.push(in_spelling(first.bytes, second.bytes));
    }
    // What is written in another way once is so throughout.
    let mut spelt = found.iter().filter(|each| each.kind == Kind::OtherSpelling);
    let first_spelt = spelt.next().cloned();
    found.retain(|each| each.kind != Kind::OtherSpelling);
    found.extend(first_spelt);
    found
}

/// One level of fields, paired by name.
fn level(first: &[Item<'_>], second: &[Item<'_>], found: &mut Vec<Contrast>) {
    let pairs = pairs(first, second);
    for (i, one) in first.iter().enumerate() {
        if !pairs.iter().any(|(paired, _)| *paired == i) {
            found.push(alone(one, [i + 1, 0]));
        }
    }
    let ordered = in_order(&pairs);
    for (i, j) in &pairs {
        let (Some(one), Some(other)) = (first.get(*i), second.get(*j)) else { continue };
        // Of several of a name, those that are not equal have no order.
        let is_one_of_many = first.iter().filter(|item| item.name == one.name).count() > 1;
        if !ordered.contains(&(*i, *j)) && (!is_one_of_many || one.value == other.value) {
            found.push(Contrast {
                kind: Kind::OtherOrder,
                name: match is_one_of_many {
                    true => format!("{} {}", one.name, one.value),
                    false => one.name.to_string(),
                },
                values: [one, other].map(|item| Some(item.value.to_string())),
                places: [i + 1, j + 1],
                rule: one.rule,
            });
        }
        inside(one, other, [i + 1, j + 1], found);
    }
    for (j, other) in second.iter().enumerate() {
        if !pairs.iter().any(|(_, paired)| *paired == j) {
            found.push(alone(other, [0, j + 1]));
        }
    }
}

/// Which field of one message is which of the other, in the order of the first: of several that
/// have the same name those that are equal, and then the first that is left with the first.
fn pairs(first: &[Item<'_>], second: &[Item<'_>]) -> Vec<(usize, usize)> {
    let mut free: Vec<usize> = (0..second.len()).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for wants_equal in [true, false] {
        for (i, one) in first.iter().enumerate() {
            if pairs.iter().any(|(paired, _)| *paired == i) {
                continue;
            }
            let fits = |j: &usize| {
                second.get(*j).is_some_and(|other| {
                    let is_equal = one.value == other.value && one.bytes == other.bytes;
                    one.name.eq_ignore_ascii_case(other.name) && (is_equal || !wants_equal)
                })
            };
            if let Some(at) = free.iter().position(fits) {
                pairs.push((i, free.remove(at)));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The differences inside a field. A field that says something is told as a whole; only one that
/// says nothing itself is told by its parts.
fn inside(one: &Item<'_>, other: &Item<'_>, places: [usize; 2], found: &mut Vec<Contrast>) {
    if one.bytes == other.bytes && one.value == other.value {
        return;
    }
    let contrast = |kind, values| Contrast {
        kind,
        name: one.name.to_string(),
        values,
        places,
        rule: one.rule,
    };
    let silent = one.value.is_empty() && other.value.is_empty();
    let dumped = one.name == DUMP && !one.parts.is_empty() && !other.parts.is_empty();
    let (values, kind) = match one.value == other.value || dumped {
        true => {
            let before = found.len();
            level(&one.parts, &other.parts, found);
            if silent || found.len() > before {
                // Where a field says the same, another number of parts is another way to write
                // it: a name in a DNS message that is a pointer in the other.
                let is_spelling =
                    |contrast: &Contrast| !silent && !dumped && contrast.kind == Kind::ExtraField;
                let new = found.split_off(before);
                let (spelt, told): (Vec<_>, Vec<_>) = new.into_iter().partition(is_spelling);
                found.extend(told);
                if !spelt.is_empty() {
                    found.push(contrast(Kind::OtherSpelling, [None, None]));
                }
                return;
            }
            // The same name, written in another way.
            if one.bytes.eq_ignore_ascii_case(other.bytes) {
                return;
            }
            // `2140 B` twice, but not the same bytes.
            ([None, None], Kind::OtherContent)
        }
        false => {
            // What a field says may be made of its parts: a header with its ID.
            let before = found.len();
            level(&one.parts, &other.parts, found);
            let new = found.split_off(before);
            if !new.is_empty() && new.iter().all(|part| part.kind == Kind::Chosen) {
                found.extend(new);
                return;
            }
            let kind = match one.name {
                name if differ_by_choice(name, one.value, other.value) => Kind::Chosen,
                name if CODES.contains(&name) => Kind::OtherCode,
                name if TEXTS.contains(&name) => Kind::OtherText,
                _ => Kind::OtherValue,
            };
            ([one, other].map(|item| Some(item.value.to_string())), kind)
        }
    };
    found.push(contrast(kind, values));
}

fn alone(item: &Item<'_>, places: [usize; 2]) -> Contrast {
    let value = Some(item.value.to_string());
    let values = match places {
        [_, 0] => [value, None],
        _ => [None, value],
    };
    Contrast {
        kind: Kind::ExtraField,
        name: item.name.to_string(),
        values,
        places,
        rule: item.rule,
    }
}

/// All fields say the same: what differs is what says nothing.
fn in_spelling(first: &[u8], second: &[u8]) -> Contrast {
    let same = first.iter().zip(second).take_while(|(one, other)| one == other).count();
    Contrast {
        kind: Kind::OtherSpelling,
        name: String::new(),
        values: [None, None],
        places: [same + 1, same + 1],
        rule: None,
    }
}

/// The most pairs that stand in the same order on both sides (patience sorting would be faster;
/// messages have few fields).
fn in_order(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut chains: Vec<Vec<(usize, usize)>> = Vec::new();
    for pair in pairs {
        let before = chains.iter().filter(|chain| chain.last().is_some_and(|last| last.1 < pair.1));
        let mut longest = before.max_by_key(|chain| chain.len()).cloned().unwrap_or_default();
        longest.push(*pair);
        chains.push(longest);
    }
    chains.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

/// A message's fields as a tree, without those that say nothing: spaces, line ends.
fn items(written: Written<'_>) -> Vec<Item<'_>> {
    let Written { message, bytes } = written;
    let mut notes: Vec<&Note> = message.notes.iter().collect();
    notes.sort_by_key(|note| (note.span.start, note.depth));
    let whole = Span::new(0, bytes.len());
    named(tree(&notes, 0, whole, bytes))
}

fn tree<'a>(notes: &[&'a Note], depth: u8, within: Span, bytes: &'a [u8]) -> Vec<Item<'a>> {
    let inside = |note: &&&Note| {
        note.depth == depth && note.span.start >= within.start && note.span.end <= within.end
    };
    let own = notes.iter().filter(inside);
    own.map(|note| Item {
        name: &note.name,
        value: &note.value,
        bytes: note.span.of(bytes),
        rule: note.rule,
        parts: match depth.checked_add(1) {
            Some(deeper) if deeper <= MAX_DEPTH => named(tree(notes, deeper, note.span, bytes)),
            _ => Vec::new(),
        },
    })
    .collect()
}

/// Joins a name that stands in the message with its value: `field-name` `Host` and `field-value`
/// `www.cs.test` become `Host` `www.cs.test`.
fn named(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let mut joined: Vec<Item<'_>> = Vec::new();
    let mut name = None;
    for item in items {
        match item.name {
            "field-name" => name = Some(item),
            "field-value" => {
                let rule = item.rule.or(name.as_ref().and_then(|name| name.rule));
                let called = name.take().map_or(item.name, |name| name.value);
                joined.push(Item { name: called, rule, ..item });
            }
            _ if item.value.is_empty() && item.parts.is_empty() => {}
            _ => joined.push(item),
        }
    }
    joined
}

/// What codecs call bytes that they show as they are: where these have parts, only the parts say
/// what they mean.
const DUMP: &str = "content";

/// What codecs call the field that a program goes by in a reply.
const CODES: [&str; 4] = ["status-code", "RCODE", "code", "status indicator"];

/// What they call the words after it that are for people.
const TEXTS: [&str; 3] = ["reason-phrase", "textstring", "text"];

/// No codec nests its notes deeper; a bound for the recursion.
const MAX_DEPTH: u8 = 8;
