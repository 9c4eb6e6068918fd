//! Hosts that are switched off and on, and what their peers see of it.

use super::*;
use crate::world::ActError;

fn switch(history: &mut History, host: HostId, power: Power) {
    history.meddle(Act::Power { host, power }).unwrap();
}

/// Off and on again at the same moment.
fn crash(history: &mut History, host: HostId) {
    switch(history, host, Power::Off);
    switch(history, host, Power::On);
}

fn is_data(load: &Load) -> bool {
    matches!(load, Load::Data { .. })
}

fn is_loss(stimulus: &Stimulus) -> bool {
    matches!(stimulus, Stimulus::Lost { .. })
}

fn sent_by(history: &History, host: HostId, from: u32) -> Vec<Load> {
    let entries = history.trace().entries.iter().skip(from as usize);
    let flights = entries.flat_map(|entry| &entry.flights).filter(|f| f.from == host);
    flights.map(|flight| flight.load.clone()).collect()
}

fn lost_at_the_switch(history: &History, host: HostId) -> usize {
    let off = |event: &&&Network| matches!(event, Network::HostOff { .. });
    network(history, host).iter().filter(off).count()
}

#[test]
fn a_host_that_goes_off_says_nothing_and_its_peer_finds_out_by_its_own_time_outs() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    until_sent(&mut history, is_data);
    switch(&mut history, ECHO, Power::Off);
    let off = history.moment();
    history.run(1_000);
    assert_eq!(sent_by(&history, ECHO, off), []);
    assert_eq!(losses(&history, CALLER), [Loss::TimedOut]);
    // Data and FIN are sent seven times each, and given up after 127 s; the ACK goes once.
    assert_eq!(since_epoch(&history), Duration::from_millis(127_000 + 20));
    assert_eq!(lost_at_the_switch(&history, ECHO), 15);
    assert_eq!(history.world().view(ECHO).unwrap().state, "Off");
}

#[test]
fn a_world_is_not_quiet_while_somebody_will_miss_what_was_lost_at_the_switch() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    until_sent(&mut history, is_data);
    switch(&mut history, ECHO, Power::Off);
    while !history.world().is_quiet() {
        history.step().unwrap();
    }
    assert_eq!(history.world().next_at(), None);
    assert_eq!(losses(&history, CALLER), [Loss::TimedOut]);
}

#[test]
fn a_restarted_host_answers_a_segment_of_a_connection_it_does_not_know_with_a_reset() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    until_sent(&mut history, is_data);
    crash(&mut history, ECHO);
    history.run(1_000);
    // RFC 9293 section 3.5.2: the data leaves at 20 ms, the reset is here at 40 ms.
    assert_eq!(losses(&history, CALLER), [Loss::Reset]);
    assert_eq!(since_epoch(&history), Duration::from_millis(40));
    let resets = sent_by(&history, ECHO, 0);
    assert!(resets.iter().any(|load| matches!(load, Load::Rst { refusal: false, .. })));
}

#[test]
fn a_host_that_dialled_and_crashed_answers_the_syn_ack_with_a_reset() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    until_sent(&mut history, |load| matches!(load, Load::SynAck { .. }));
    crash(&mut history, CALLER);
    history.run(1_000);
    assert_eq!(state(&history), " 0", "nothing was opened, and nothing is told as lost");
    assert!(matches!(sent_by(&history, CALLER, 3).as_slice(), [Load::Rst { refusal: false, .. }]));
    assert_eq!(since_epoch(&history), Duration::from_millis(30));
}

#[test]
fn a_host_that_crashed_after_its_syn_ack_answers_the_ack_with_a_reset() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 0");
    until_sent(&mut history, |load| matches!(load, Load::Ack { .. }));
    crash(&mut history, ECHO);
    history.run(1_000);
    assert_eq!(losses(&history, CALLER), [Loss::Reset]);
}

#[test]
fn who_dials_a_host_that_is_off_gets_through_once_it_is_on() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    switch(&mut history, ECHO, Power::Off);
    ask(&mut history, "send 100");
    history.step().unwrap();
    assert_eq!(lost_at_the_switch(&history, ECHO), 1);
    switch(&mut history, ECHO, Power::On);
    history.run(1_000);
    assert_eq!((state(&history).as_str(), sent_again(&history, CALLER)), ("whole 100", 1));
    assert_eq!(since_epoch(&history), Duration::from_millis(1_000 + 40));
}

#[test]
fn a_syn_is_taken_anew_by_a_host_that_has_forgotten_it() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    let syn_ack = until_sent(&mut history, |load| matches!(load, Load::SynAck { .. }));
    crash(&mut history, ECHO);
    fault(&mut history, syn_ack, Fault::Drop);
    history.run(1_000);
    assert_eq!(state(&history), "whole 100");
    let taken = |event: &&&Network| matches!(event, Network::SynTaken { .. });
    assert_eq!(network(&history, ECHO).iter().filter(taken).count(), 2);
    assert_eq!(sent_again(&history, ECHO), 0, "the time-out of the life before is forgotten");
}

#[test]
fn a_syn_that_comes_again_when_its_connection_is_open_and_forgotten_is_answered_with_a_reset() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 0");
    let syn = until_sent(&mut history, |load| matches!(load, Load::Syn { .. }));
    fault(&mut history, syn, Fault::Double);
    let copies = history.world().in_the_air().map(|flight| flight.id).max().unwrap();
    fault(&mut history, copies, Fault::Delay(Duration::from_millis(35)));
    let fin = until_sent(&mut history, |load| matches!(load, Load::Fin { .. }));
    fault(&mut history, fin, Fault::Delay(Duration::from_millis(500)));
    until_sent(&mut history, |load| matches!(load, Load::Ack { .. }));
    history.step().unwrap();
    crash(&mut history, ECHO);
    history.run(1_000);
    assert_eq!(losses(&history, CALLER), [Loss::Reset]);
    let lost = |e: &&Rc<Entry>| matches!(&e.what, What::Step(s) if is_loss(&s.stimulus));
    let at = history.trace().entries.iter().find(lost).unwrap().at;
    // The copy is there at 45 ms, and the reset 10 ms later; the FIN would come at 530 ms.
    assert_eq!(at.since(history.plan().epoch), Duration::from_millis(55));
}

#[test]
fn what_has_not_wholly_left_a_host_never_does_and_leaves_its_place_on_the_link() {
    // Ten segments of 11.68 ms each; at 20 ms plus two and a half of them the caller goes off.
    let mut history = asked(toy::stage(toy::conditions(10, Some(1_000_000))), "send 14600");
    until_sent(&mut history, |load| matches!(load, Load::Data { number: 0, .. }));
    while since_epoch(&history) < Duration::from_micros(20_000 + 23_360 + 10_000) {
        history.step().unwrap();
    }
    let before = history.world().link(LinkId(0)).unwrap().lane(0).clone();
    let off = history.world().now();
    switch(&mut history, CALLER, Power::Off);
    let after = history.world().link(LinkId(0)).unwrap().lane(0).clone();
    let kept = off.since(history.plan().epoch) - Duration::from_millis(20);
    assert_eq!((before.busy(), after.busy()), (Duration::from_micros(116_800), kept));
    switch(&mut history, CALLER, Power::On);
    let from = history.moment();
    ask(&mut history, "send 1460");
    history.run(1_000);
    // A SYN waits its turn too, but not behind what will never be sent.
    let mut later = history.trace().entries.iter().skip(from as usize).flat_map(|e| &e.flights);
    let syn = later.find(|flight| matches!(flight.load, Load::Syn { .. })).unwrap();
    assert_eq!(syn.depart, off);
}

#[test]
fn datagrams_to_a_host_that_is_off_vanish_and_those_to_it_on_again_are_answered() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "shout 3");
    switch(&mut history, ECHO, Power::Off);
    history.run(1_000);
    assert_eq!((state(&history).as_str(), lost_at_the_switch(&history, ECHO)), (" 0", 3));
    switch(&mut history, ECHO, Power::On);
    ask(&mut history, "call 2");
    history.run(1_000);
    assert_eq!(state(&history), " 2", "it has bound its port and joined its group anew");
}

#[test]
fn a_switch_says_why_it_cannot_be_thrown_and_nothing_can_be_asked_of_a_host_that_is_off() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    let act = |host, power| Act::Power { host, power };
    assert_eq!(history.meddle(act(ECHO, Power::On)), Err(ActError::SwitchedOn));
    assert_eq!(history.meddle(act(HostId(7), Power::Off)), Err(ActError::NoHost));
    // Before it was ever started: then it never is.
    history.meddle(act(ECHO, Power::Off)).unwrap();
    assert!(history.run(100));
    assert_eq!(history.len(), 2, "the switch, and the caller's start");
    assert_eq!(history.meddle(act(ECHO, Power::Off)), Err(ActError::SwitchedOff));
    let text = "send 1".to_string();
    let asked = history.meddle(Act::Command { host: ECHO, text });
    assert_eq!(asked, Err(ActError::SwitchedOff));
}

#[test]
fn power_in_the_past_makes_a_branch_and_is_made_again_from_its_link() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 5000");
    history.run(1_000);
    let len = history.len();
    history.seek(6);
    crash(&mut history, ECHO);
    history.run(1_000);
    assert_eq!((history.branches().count(), losses(&history, CALLER)), (2, vec![Loss::Reset]));
    let meddlings = history.meddlings().to_vec();
    let plan = toy::stage(toy::conditions(10, None));
    let again = History::replay(plan, 1, &meddlings, history.len()).unwrap();
    assert_eq!(again.trace().entries, history.trace().entries);
    history.seek(3);
    assert_eq!((history.seek(9), history.disagreement()), (9, None));
    assert!(history.undo() && history.undo());
    history.switch(crate::BranchId(0));
    assert_eq!(history.len(), len);
}
