//! A story tells what happened, and no more.

use core::time::Duration;

use protocols::endpoint::{Row, Table, View};
use protocols::wire::Time;

use super::*;
use crate::entry::HostId;
use crate::history::History;
use crate::plan::Conditions;
use crate::toy;

fn told(history: &History) -> Story {
    Story::of(history.trace())
}

fn called(conditions: Conditions) -> History {
    let mut history = History::new(toy::stage(conditions), 1);
    history.run(2);
    history.meddle(Act::Command { host: HostId(0), text: "send 3000".into() }).unwrap();
    history.run(1_000);
    history
}

#[test]
fn reading_on_tells_the_same_as_reading_at_once() {
    let mut history = called(toy::conditions(10, None));
    let whole = told(&history);
    history.seek(0);
    let mut story = Story::default();
    while history.step().is_some() {
        story.read(history.trace());
    }
    assert_eq!(story.arrows().len(), whole.arrows().len());
    assert_eq!(story.conversations()[0].bytes(Side::Initiator).len(), 3_000);
    assert_eq!(
        transcript(&story, history.trace(), history.len()),
        transcript(&whole, history.trace(), history.len())
    );
}

#[test]
fn the_chain_of_causes_leads_back_to_the_students_command() {
    let history = called(toy::conditions(10, None));
    let story = told(&history);
    let last = EntryId(history.len() - 1);
    let chain = story.why(last);
    let first = chain.last().unwrap();
    assert!(matches!(&first.what, What::Step(step) if step.stimulus
        == protocols::endpoint::Stimulus::Command("send 3000".into())));
    assert!(chain.len() >= 4);
}

#[test]
fn a_retransmission_is_the_same_place_in_the_conversation() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    history.meddle(Act::Command { host: HostId(0), text: "send 10".into() }).unwrap();
    let data = loop {
        let entry = history.step().unwrap();
        if let Some(f) = entry.flights.iter().find(|f| matches!(f.load, Load::Data { .. })) {
            break f.id;
        }
    };
    history.meddle(Act::Flight { flight: data, fault: Fault::Drop }).unwrap();
    history.run(100);
    let story = told(&history);
    let lost = story.arrow(data).unwrap();
    let again = story.arrows().iter().find(|a| a.flight.attempt == 1).unwrap();
    assert_eq!(lost.place, again.place);
    assert!(lost.landed_in.is_none() && again.landed_in.is_some());
    assert!(story.label(again).detail.starts_with("sent again"));
}

#[test]
fn an_edited_message_is_told_as_it_arrived() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    history.meddle(Act::Command { host: HostId(0), text: "send 3".into() }).unwrap();
    let data = loop {
        let entry = history.step().unwrap();
        if let Some(f) = entry.flights.iter().find(|f| matches!(f.load, Load::Data { .. })) {
            break f.id;
        }
    };
    let fault = Fault::Edit(b"seven b".to_vec());
    history.meddle(Act::Flight { flight: data, fault }).unwrap();
    history.run(100);
    let story = told(&history);
    assert_eq!(story.conversations()[0].bytes(Side::Initiator), b"seven b");
    assert_eq!(story.conversations()[0].bytes(Side::Responder), b"seven b");
    let text = transcript(&story, history.trace(), history.len());
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no `{what}` in\n{text}"));
    let (sent, changed) = (at("sends 3 bytes to"), at("you change 3 bytes into 7 bytes"));
    assert!(sent < changed && changed < at("receives 7 bytes on"), "{text}");
}

#[test]
fn what_is_sent_again_after_an_edited_message_was_dropped_is_the_original() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    history.meddle(Act::Command { host: HostId(0), text: "send 3".into() }).unwrap();
    let data = loop {
        let entry = history.step().unwrap();
        if let Some(f) = entry.flights.iter().find(|f| matches!(f.load, Load::Data { .. })) {
            break f.id;
        }
    };
    for fault in [Fault::Edit(b"seven b".to_vec()), Fault::Drop] {
        history.meddle(Act::Flight { flight: data, fault }).unwrap();
    }
    history.run(100);
    let story = told(&history);
    assert_eq!(story.conversations()[0].bytes(Side::Initiator).len(), 3);
    assert!(!transcript(&story, history.trace(), history.len()).contains("receives 7 bytes"));
}

#[test]
fn bytes_that_nobody_reads_are_found() {
    let history = called(toy::conditions(10, None));
    let story = told(&history);
    let missing = story.unexplained();
    assert_eq!(missing.iter().map(|u| u.span.len()).sum::<usize>(), 6_000, "a toy reads nothing");
}

#[test]
fn a_strip_lasts_as_long_as_its_state() {
    let history = called(toy::conditions(10, None));
    let strips = told(&history).strips(history.len());
    let caller: Vec<_> = strips.iter().filter(|s| s.host == HostId(0)).collect();
    assert!(caller.windows(2).all(|w| w[0].to == Some(w[1].from) && w[0].state != w[1].state));
    assert_eq!(caller.last().unwrap().state, "whole 3000");
}

#[test]
fn changes_name_what_is_new_changed_and_gone() {
    let row = |key: &str, cell: &str| Row { key: key.into(), cells: vec![cell.into()] };
    let view = |rows| View {
        tables: vec![Table { title: "cache", columns: &["age"], rows }],
        ..View::default()
    };
    let before = view(vec![row("a", "1"), row("b", "1")]);
    let after = view(vec![row("a", "2"), row("c", "1")]);
    let told = changes(&before, &after);
    assert_eq!(
        told,
        [
            Change::Row { table: "cache", before: Some(row("a", "1")), after: Some(row("a", "2")) },
            Change::Row { table: "cache", before: None, after: Some(row("c", "1")) },
            Change::Row { table: "cache", before: Some(row("b", "1")), after: None },
        ]
    );
}

#[test]
fn a_host_switched_off_is_told_in_words_arrows_and_strips() {
    let mut history = History::new(toy::stage(toy::conditions(10, Some(1_000_000))), 1);
    history.run(2);
    history.meddle(Act::Command { host: HostId(0), text: "send 6000".into() }).unwrap();
    while history.world().now().since(history.plan().epoch).as_millis() < 45 {
        history.step().unwrap();
    }
    history.meddle(Act::Power { host: HostId(0), power: Power::Off }).unwrap();
    let (moment, off) = (history.moment(), history.world().now());
    history.run(4);
    history.meddle(Act::Power { host: HostId(0), power: Power::On }).unwrap();
    history.run(1_000);
    let (story, trace) = (told(&history), history.trace());
    let switched = &trace.entries[moment as usize - 1];
    let narration = story.narrate(trace, switched);
    assert_eq!(
        narration.what,
        "is switched off: without a word to anybody, its connections are gone and its alarms \
         forgotten"
    );
    // Segments and FIN of which the last bit had not left, and nothing else of this host.
    let unsent: Vec<_> = story.cut_off(switched).collect();
    assert!(!unsent.is_empty());
    assert!(unsent.iter().all(|a| a.flight.from == HostId(0) && a.landed_in.is_none()));
    let says = format!("never sends {} segments that had not wholly left it", unsent.len());
    assert_eq!(narration.does, [Line { says, because: vec![] }]);
    let off_at = |arrow: &&Arrow| {
        matches!(arrow.flight.fate, crate::Fate::Lost { why: LossCause::SwitchedOff, .. })
    };
    let at_the_switch = story.arrows().iter().filter(off_at);
    let landed = at_the_switch.filter(|arrow| arrow.flight.to == HostId(0)).count();
    assert!(landed > 0, "what the echo sent reached a host that was off");
    let text = transcript(&story, trace, history.len());
    assert!(text.contains("is off, and 1460 bytes is lost"), "{text}");
    let strips = story.strips(history.len());
    let strip = strips.iter().find(|strip| strip.state == "Off").unwrap();
    assert_eq!((strip.host, strip.from), (HostId(0), off));
}

#[test]
fn the_clock_counts_milliseconds_then_seconds_then_minutes() {
    let shown = |micros| clock(Time::EPOCH, Time::EPOCH + Duration::from_micros(micros));
    let micros = [0, 40_080, 999_999, 1_000_000, 1_000_080, 127_300_000, 3_661_000_000];
    let expected = [
        "0.000 ms",
        "40.080 ms",
        "999.999 ms",
        "1.000 s",
        "1.000080 s",
        "2 min 7.300 s",
        "1 h 1 min 1.000 s",
    ];
    assert_eq!(micros.map(shown), expected);
}
