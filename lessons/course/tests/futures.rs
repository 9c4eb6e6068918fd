//! Two futures of a lesson's run, side by side: what was done where they part, and what came of it.

use core::time::Duration;

use course::judge::rehearse;
use course::lesson;
use course::lesson::Block;
use world::compare::{Comparison, Kind, Parting, Run as Side};
use world::{Act, Fault, Flight, History, HostId, Load, Power, Story};

/// Alice's mail on its way through both servers, in the first scene of the lesson, played until
/// nothing is due any more.
fn sent() -> History {
    let mut scene = lesson("mail-way").unwrap().scenes.remove(0);
    scene.blocks.retain(|block| match block {
        Block::Cue(cue) => cue.id == "send",
        _ => true,
    });
    rehearse(&scene, &scene.opening.params.clone()).unwrap().history
}

/// The same as it stands just after the second server has answered the first one's SYN, and that
/// answer.
fn at_the_second_handshake(history: &History) -> (History, Flight) {
    let answers = |flight: &&std::rc::Rc<Flight>| matches!(flight.load, Load::SynAck { .. });
    let flights = history.trace().entries.iter().flat_map(|entry| {
        entry.flights.iter().filter(answers).map(move |flight| (entry.id.0 + 1, flight))
    });
    let (moment, answer) = flights.clone().nth(1).expect("two connections are opened");
    let mut looked_back = history.clone();
    looked_back.seek(moment);
    (looked_back, Flight::clone(answer))
}

fn beside(first: &History, second: &History) -> (Comparison, Parting) {
    let [one, other] = [first, second].map(|history| Story::of(history.trace()));
    let one = Side { name: "one", trace: first.trace(), story: &one };
    let other = Side { name: "the other", trace: second.trace(), story: &other };
    let found = Comparison::of(one, other);
    let parting = Parting::of(one, other, &found);
    (found, parting)
}

#[test]
fn where_a_handshake_was_disturbed_the_same_is_said_but_a_second_later() {
    let first = sent();
    let (mut other, answer) = at_the_second_handshake(&first);
    let moment = other.moment();
    other.meddle(Act::Flight { flight: answer.id, fault: Fault::Drop }).unwrap();
    other.run(1_000);
    let (found, parting) = beside(&other, &first);
    assert_eq!(parting.entries, moment as usize);
    let [Some(done), None] = &parting.done else { panic!("{parting:?}") };
    assert!(done.contains("you drop SYN ACK on its way"), "{done}");
    assert!(found.is_alike(), "{found}");
    let (before, after) = found.rows.split_at(parting.rows);
    assert!(before.len() > 10 && after.len() > 10, "{parting:?} {found}");
    for (rows, later) in [(before, Duration::ZERO), (after, Duration::from_secs(1))] {
        for row in rows {
            let [Some(here), Some(there)] = &row.cells else { panic!("{found}") };
            assert_eq!(here.at - there.at, later, "{}: {found}", here.title);
        }
    }
}

#[test]
fn where_a_server_was_switched_off_all_that_it_said_is_in_the_other_future_only() {
    let first = sent();
    let (mut other, answer) = at_the_second_handshake(&first);
    let host: HostId = answer.from;
    other.meddle(Act::Power { host, power: Power::Off }).unwrap();
    other.run(20);
    let (found, parting) = beside(&other, &first);
    let [Some(done), None] = &parting.done else { panic!("{parting:?}") };
    assert!(done.starts_with("mx1.b.test is switched off"), "{done}");
    let after = &found.rows[parting.rows..];
    assert!(!after.is_empty());
    let alone = after.iter().filter(|row| row.cells[0].is_none());
    assert_eq!(alone.clone().count(), found.differing(), "{found}");
    for row in alone {
        assert_eq!(row.differences[0].kind, Kind::OnlyHere);
        let cell = row.cells[1].as_ref().unwrap();
        assert!(cell.from == "mx1.b.test" || cell.to == "mx1.b.test", "{found}");
    }
}
