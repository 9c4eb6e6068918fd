//! A thread holds what its command led to, whole, and nothing else.

use super::*;
use crate::history::History;
use crate::toy;

/// Two commands, the second given while what the first led to is in the air.
fn two_shouts() -> History {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    for count in [3, 2] {
        let (host, text) = (HostId(0), format!("shout {count}"));
        history.meddle(Act::Command { host, text }).unwrap();
    }
    history.run(1_000);
    history
}

fn threads(history: &History) -> Threads {
    let mut threads = Threads::default();
    threads.read(history.trace());
    threads
}

#[test]
fn a_thread_is_all_that_descends_by_cause_from_its_command_and_nothing_else() {
    let history = two_shouts();
    let threads = threads(&history);
    let [first, second] = threads.all() else { panic!("two commands, two threads") };
    for thread in [first, second] {
        for entry in history.trace().entries {
            let chain =
                core::iter::successors(Some(entry), |entry| history.trace().entry(entry.cause?));
            let descends = chain.last().is_some_and(|root| root.id == thread.root);
            let belongs = thread.entries(u32::MAX).contains(&entry.id);
            assert_eq!(belongs, descends, "{:?} and {:?}", thread.root, entry.id);
            assert_eq!(threads.of(entry.id).map(|of| of.root) == Some(thread.root), belongs);
        }
    }
    // The command itself, and each datagram there and back.
    let sizes = [first, second].map(|thread| threads.entries_of(thread).len());
    assert_eq!(sizes, [1 + 3 * 2, 1 + 2 * 2]);
    assert_eq!(threads.entries(u32::MAX).len(), 7 + 5, "the two starts belong to nobody");
}

#[test]
fn hosts_appear_in_order_and_not_before_something_is_sent_to_them() {
    let history = two_shouts();
    let threads = threads(&history);
    let thread = &threads.all()[0];
    assert_eq!(thread.hosts(thread.root.0).count(), 0);
    assert_eq!(thread.hosts(thread.root.0 + 1).collect::<Vec<_>>(), [HostId(0), HostId(1)]);
}

#[test]
fn a_thread_is_over_when_its_last_datagram_has_landed_and_under_way_until_then() {
    let history = two_shouts();
    let threads = threads(&history);
    for thread in threads.all() {
        let last = thread.entries(u32::MAX).last().unwrap().0;
        assert!(thread.is_over(thread.root.0), "it has not begun");
        for moment in thread.root.0 + 1..=last {
            assert!(!thread.is_over(moment), "at {moment} of {last}");
        }
        assert!(thread.is_over(last + 1));
    }
}

#[test]
fn what_is_lost_or_dropped_keeps_no_thread_alive() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    let act = Act::Command { host: HostId(0), text: "shout 1".to_string() };
    let flight = history.meddle(act).unwrap().flights[0].id;
    history.meddle(Act::Flight { flight, fault: Fault::Drop }).unwrap();
    let threads = threads(&history);
    assert_eq!(threads.all().len(), 1, "dropping it belongs to the thread that sent it");
    assert!(threads.are_over(history.len()) && !threads.are_over(history.len() - 1));
}

#[test]
fn a_host_that_is_switched_off_lets_go_of_what_it_was_sending() {
    // A datagram of one byte takes 8 ms to send, so the second has not left when the host goes off.
    let mut history = History::new(toy::stage(toy::conditions(10, Some(1_000))), 1);
    history.run(2);
    history.meddle(Act::Command { host: HostId(0), text: "shout 2".to_string() }).unwrap();
    history.meddle(Act::Power { host: HostId(0), power: Power::Off }).unwrap();
    assert!(threads(&history).are_over(history.len()));
}

#[test]
fn reading_entry_by_entry_gives_what_reading_at_once_does() {
    let history = two_shouts();
    let whole = threads(&history);
    let mut grown = Threads::default();
    let trace = history.trace();
    for len in 0..=trace.entries.len() {
        grown.read(Trace { entries: &trace.entries[..len], ..trace });
    }
    assert_eq!(grown.all(), whole.all());
    let mut other = two_shouts();
    other.seek(4);
    other.meddle(Act::Command { host: HostId(0), text: "shout 1".to_string() }).unwrap();
    grown.read(other.trace());
    assert_eq!(grown.all(), threads(&other).all(), "another branch is read afresh");
}
