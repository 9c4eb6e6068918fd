//! Which message of one run is which of the other: the heaviest common sequence.
//!
//! It is the longest common sequence of the textbook, but that two messages can be more or less
//! alike: a reply with another code in the same place is still the same step.

use std::collections::BTreeSet;

use super::said::Said;
use protocols::wire::Turn;

/// A row of the table: the messages of the two runs by index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    /// In the first run.
    pub first: Option<usize>,
    /// In the second run.
    pub second: Option<usize>,
    /// Whether the two stand in another order among the others.
    pub moved: bool,
}

/// A message, and whether the other run has any between the same two hosts.
#[derive(Clone, Copy)]
struct Own<'a> {
    said: &'a Said,
    has_way_there: bool,
}

/// Every message of both runs once, in an order that keeps each run's own but for those moved.
pub fn pairs(first: &[Said], second: &[Said]) -> Vec<Pair> {
    let (first, second) = (beside(first, second), beside(second, first));
    let mut pairs = common_sequence(&first, &second);
    join_moved(&mut pairs, &first, &second);
    pairs
}

fn beside<'a>(own: &'a [Said], others: &[Said]) -> Vec<Own<'a>> {
    let there: BTreeSet<(&str, &str)> = others.iter().map(way).collect();
    own.iter().map(|said| Own { said, has_way_there: there.contains(&way(said)) }).collect()
}

fn way(said: &Said) -> (&str, &str) {
    (&said.cell.from, &said.cell.to)
}

fn common_sequence(first: &[Own<'_>], second: &[Own<'_>]) -> Vec<Pair> {
    let width = second.len() + 1;
    // best[i * width + j]: the most that the messages from i and from j on have in common.
    let mut best = vec![0_u32; (first.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for (i, one) in first.iter().enumerate().rev() {
        for (j, other) in second.iter().enumerate().rev() {
            let skip = best[at(i + 1, j)].max(best[at(i, j + 1)]);
            best[at(i, j)] = match likeness(*one, *other) {
                0 => skip,
                alike => skip.max(alike + best[at(i + 1, j + 1)]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(one), Some(other)) = (first.get(i), second.get(j)) {
        let alike = likeness(*one, *other);
        if alike > 0 && best[at(i, j)] == alike + best[at(i + 1, j + 1)] {
            pairs.push(Pair { first: Some(i), second: Some(j), moved: false });
            (i, j) = (i + 1, j + 1);
        } else if best[at(i, j)] == best[at(i + 1, j)] {
            pairs.push(Pair { first: Some(i), second: None, moved: false });
            i += 1;
        } else {
            pairs.push(Pair { first: None, second: Some(j), moved: false });
            j += 1;
        }
    }
    pairs.extend((i..first.len()).map(|i| Pair { first: Some(i), second: None, moved: false }));
    pairs.extend((j..second.len()).map(|j| Pair { first: None, second: Some(j), moved: false }));
    pairs
}

/// What stands in one run alone, and in the other elsewhere, becomes one row where the first run
/// has it.
fn join_moved(pairs: &mut Vec<Pair>, first: &[Own<'_>], second: &[Own<'_>]) {
    let alone = |pair: &Pair| pair.first.is_none();
    let mut waiting: Vec<usize> =
        pairs.iter().filter(|pair| alone(pair)).filter_map(|pair| pair.second).collect();
    for pair in pairs.iter_mut().filter(|pair| pair.second.is_none()) {
        let Some(one) = pair.first.and_then(|at| first.get(at)) else { continue };
        let same = |at: &usize| second.get(*at).is_some_and(|other| is_same(*one, *other));
        if let Some(found) = waiting.iter().position(same) {
            *pair = Pair { second: Some(waiting.remove(found)), moved: true, ..*pair };
        }
    }
    pairs
        .retain(|pair| pair.first.is_some() || pair.second.is_some_and(|at| waiting.contains(&at)));
}

/// Whether two messages are called the same, said by the same side in the same protocol, and can
/// be between the same hosts.
fn is_same(one: Own<'_>, other: Own<'_>) -> bool {
    let may_be_same = may_be_same_way(one, other);
    let (one, other) = (&one.said.cell, &other.said.cell);
    let is_called =
        (one.protocol, one.side, &one.title) == (other.protocol, other.side, &other.title);
    is_called && may_be_same
}

/// Whether the hosts of one message can be those of the other. What is called otherwise in the
/// other run, a real server for one, may be any host of it; one of the same name is that one.
fn may_be_same_way(one: Own<'_>, other: Own<'_>) -> bool {
    way(one.said) == way(other.said) || !one.has_way_there && !other.has_way_there
}

/// How much two messages have in common; 0 for what is not the same step.
fn likeness(one: Own<'_>, other: Own<'_>) -> u32 {
    if !may_be_same_way(one, other) {
        return 0;
    }
    let turn = one.said.turn;
    if turn != other.said.turn {
        return 0;
    }
    let (one, other) = (&one.said.cell, &other.said.cell);
    if one.protocol != other.protocol || one.side != other.side {
        return 0;
    }
    let same_way = u32::from(one.from == other.from && one.to == other.to);
    let same_verb = verb(&one.title) == verb(&other.title);
    let alike = match (one.title == other.title, same_verb, turn) {
        (true, _, _) => SAME_TITLE,
        (false, true, Turn::Asks) => SAME_VERB,
        (false, true, Turn::Answers) => SAME_CODE,
        (false, false, Turn::Answers) => OTHER_CODE,
        (false, false, Turn::Asks) => return 0,
    };
    alike * WEIGHT + same_way
}

/// The method, verb or code that a title begins with.
pub fn verb(title: &str) -> &str {
    title.split(' ').next().unwrap_or_default()
}

/// What counts more than being between hosts of the same names.
const WEIGHT: u32 = 2;
/// The same in every word.
const SAME_TITLE: u32 = 6;
/// A reply of the same code is the same step, whatever its text.
const SAME_CODE: u32 = 5;
/// The same command about something else may be another command.
const SAME_VERB: u32 = 2;
/// Another reply in the same place.
const OTHER_CODE: u32 = 1;
