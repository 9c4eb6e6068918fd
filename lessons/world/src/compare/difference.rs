//! Differences in sentences.

use protocols::wire::{Rule, Turn, counted};

use super::align::verb;
use super::fields::{Contrast, Written, contrasts};
use super::said::Said;

/// One difference between the two messages of a row.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// In what way they differ.
    pub kind: Kind,
    /// The difference in words, with the names of the runs.
    pub says: String,
    /// The rule that gives the field its meaning, or for which one run sent what the other did
    /// not.
    pub rule: Option<&'static Rule>,
}

/// In what way two messages differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Only one run has the message at all.
    OnlyHere,
    /// The replies have different codes.
    OtherCode,
    /// One has a field that the other does not have.
    ExtraField,
    /// Each side makes the value up anew: it only has to be unlike the others.
    Chosen,
    /// A field says something else.
    OtherValue,
    /// The same code, but other words after it.
    OtherText,
    /// As many bytes of content, but other ones.
    OtherContent,
    /// A field stands elsewhere among the others, or the message among the messages.
    OtherOrder,
    /// The fields say the same, but are written in another way.
    OtherSpelling,
    /// The message was cut into another number of segments.
    OtherSegments,
    /// A part of it was sent again, or arrived twice, in one run more often.
    SentAgain,
    /// A part of it was lost in one run only.
    LostHere,
}

/// How two messages differ.
pub fn between(names: &[String; 2], first: &Said, second: &Said, moved: bool) -> Vec<Difference> {
    let mut found = Vec::new();
    let [one, other] = [first, second].map(|said| said.cell.number + 1);
    if moved && one != other {
        let says =
            format!("It is message {one} in {} and message {other} in {}.", names[0], names[1]);
        found.push(Difference { kind: Kind::OtherOrder, says, rule: None });
    }
    if first.bytes != second.bytes
        && let (Some(one), Some(other)) = (first.written(), second.written())
    {
        found.extend(in_fields(names, one, other));
    }
    if first.pieces != second.pieces {
        let says = format!(
            "It came in {} in {} and in {} in {}. Where a stream is cut means nothing.",
            counted(first.pieces, "piece"),
            names[0],
            counted(second.pieces, "piece"),
            names[1]
        );
        found.push(Difference { kind: Kind::OtherSegments, says, rule: None });
    }
    for (kind, counts) in [
        (Kind::SentAgain, [first.again, second.again]),
        (Kind::LostHere, [usize::from(first.lost), usize::from(second.lost)]),
    ] {
        let whole = first.pieces.max(second.pieces) <= 1;
        if let Some(says) = on_the_way(names, kind, counts, whole) {
            found.push(Difference { kind, says, rule: None });
        }
    }
    found.sort_by_key(|difference| difference.kind);
    found
}

/// How two messages of one protocol differ in what they say, whosever they are by these names.
pub fn in_fields(names: &[String; 2], first: Written<'_>, second: Written<'_>) -> Vec<Difference> {
    let told = |contrast: Contrast| Difference {
        kind: contrast.kind,
        says: sentence(names, &contrast, first),
        rule: contrast.rule,
    };
    contrasts(first, second).into_iter().map(told).collect()
}

/// Why one run alone has a message, and whether it has been said before.
pub fn only_in(name: &str, said: &Said, all: &[Said]) -> Vec<Difference> {
    let cell = &said.cell;
    let earlier = all.iter().find(|other| {
        other.cell.number < cell.number
            && other.conversation == said.conversation
            && other.cell.side == cell.side
            && other.bytes == said.bytes
    });
    let rule = said.because.first().copied();
    let only = Difference { kind: Kind::OnlyHere, says: format!("Only in {name}."), rule };
    let again = earlier.map(|earlier| Difference {
        kind: Kind::SentAgain,
        says: format!("It is message {} once more, byte for byte.", earlier.cell.number + 1),
        rule: None,
    });
    [only].into_iter().chain(again).collect()
}

fn sentence(names: &[String; 2], contrast: &Contrast, first: Written<'_>) -> String {
    let [one, other] = names;
    let name = &contrast.name;
    let value = |at: usize| shortened(contrast.values[at].as_deref().unwrap_or_default());
    let [here, there] = contrast.places;
    match contrast.kind {
        Kind::ExtraField => {
            let (whose, at) = if there == 0 { (one, 0) } else { (other, 1) };
            match value(at).as_str() {
                "" => format!("Only {whose} has {name}."),
                value => format!("Only {whose} has {name}: {value}."),
            }
        }
        Kind::OtherOrder => {
            format!("{name} stands at place {here} in {one} and at place {there} in {other}.")
        }
        Kind::OtherCode => {
            format!("The reply is {} in {one} and {} in {other}.", value(0), value(1))
        }
        Kind::OtherText => format!(
            "The text after {} is for people, and any will do: {} in {one}, {} in {other}.",
            match first.message.turn {
                Turn::Answers => verb(&first.message.title),
                Turn::Asks => "it",
            },
            quoted(&value(0)),
            quoted(&value(1))
        ),
        Kind::OtherContent => {
            format!("{name} has as many bytes in {one} as in {other}, but not the same ones.")
        }
        Kind::Chosen => format!(
            "{name} is {} in {one} and {} in {other}: such a mark is drawn by chance, or made from \
             one that was, anew each time.",
            or_empty(value(0)),
            or_empty(value(1))
        ),
        Kind::OtherSpelling if !name.is_empty() => {
            format!("{name} says the same in {one} and in {other}, but is written in another way.")
        }
        Kind::OtherSpelling => format!(
            "Every field says the same in {one} and in {other}; from byte {here} on it is written \
             in another way."
        ),
        Kind::OtherValue
        | Kind::OnlyHere
        | Kind::OtherSegments
        | Kind::SentAgain
        | Kind::LostHere => {
            format!(
                "{name} is {} in {one} and {} in {other}.",
                or_empty(value(0)),
                or_empty(value(1))
            )
        }
    }
}

/// What the network did to one of the two only: to the whole message, or to one of its pieces.
fn on_the_way(names: &[String; 2], kind: Kind, counts: [usize; 2], whole: bool) -> Option<String> {
    let (name, count) = match counts {
        [one, other] if one > other => (&names[0], one - other),
        [one, other] if one < other => (&names[1], other - one),
        _ => return None,
    };
    let what = if whole { "It" } else { "A part of it" };
    Some(match kind {
        Kind::LostHere => format!("{what} was lost on its way only in {name}."),
        _ => format!("{what} was sent once more {} in {name} only.", times(count)),
    })
}

fn times(count: usize) -> String {
    match count {
        1 => "(one time)".to_string(),
        count => format!("({count} times)"),
    }
}

fn or_empty(value: String) -> String {
    match value.is_empty() {
        true => "empty".to_string(),
        false => value,
    }
}

fn quoted(value: &str) -> String {
    format!("\u{201c}{value}\u{201d}")
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_MAX) {
        Some((end, _)) => format!("{}\u{2026}", value.get(..end).unwrap_or_default()),
        None => value.to_string(),
    }
}

/// As much of a value as a sentence can hold.
const VALUE_MAX: usize = 80;
