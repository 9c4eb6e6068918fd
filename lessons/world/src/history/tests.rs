//! Back and forth, branches, and runs that are decided by their seed.

use core::time::Duration;
use std::rc::Rc;

use protocols::endpoint::{Step, Stimulus};

use super::branch::Density;
use super::*;
use crate::entry::{FlightId, HostId, Load, LossCause, What};
use crate::plan::Conditions;
use crate::toy;
use crate::{Fate, Fault};

const CALLER: HostId = HostId(0);

fn order(count: usize) -> Act {
    Act::Command { host: CALLER, text: format!("send {count}") }
}

fn called(conditions: Conditions, seed: u64, count: usize) -> History {
    let mut history = History::new(toy::stage(conditions), seed);
    history.run(2);
    history.meddle(order(count)).unwrap();
    assert!(history.run(100_000));
    history
}

fn state(history: &History) -> String {
    history.world().view(CALLER).unwrap().state
}

fn elapsed(history: &History) -> Duration {
    history.world().now().since(history.plan().epoch)
}

#[test]
fn an_echo_costs_a_handshake_and_a_round_trip() {
    let history = called(toy::conditions(30, None), 1, 1);
    assert_eq!(state(&history), "whole 1");
    assert_eq!(elapsed(&history), Duration::from_millis(120));
}

#[test]
fn transmission_takes_size_over_bandwidth_and_is_pipelined_by_segments() {
    // 14 600 bytes at 8 Mbit/s take 14.6 ms; the last segment of 1460 bytes comes back 1.46 ms
    // after it arrived, and the FIN takes no time on the link.
    let history = called(toy::conditions(10, Some(8_000_000)), 1, 14_600);
    assert_eq!(state(&history), "whole 14600");
    assert_eq!(elapsed(&history), Duration::from_micros(40_000 + 14_600 + 1_460));
}

#[test]
fn a_lost_segment_is_seen_sent_again_and_holds_back_those_behind_it() {
    let mut history = History::new(toy::stage(toy::conditions(10, None)), 1);
    history.run(2);
    history.meddle(order(4_000)).unwrap();
    let first = loop {
        let entry = history.step().unwrap();
        let data = entry.flights.iter().find(|f| matches!(f.load, Load::Data { number: 0, .. }));
        if let Some(flight) = data {
            break flight.id;
        }
    };
    history.meddle(Act::Flight { flight: first, fault: Fault::Drop }).unwrap();
    history.run(1_000);
    assert_eq!(state(&history), "whole 4000");
    let entries = history.trace().entries;
    let resent = crate::Network::Retransmitted { lost: first, attempt: 1 };
    let again = entries.iter().any(|e| matches!(&e.what, What::Network(n) if *n == resent));
    let held = entries
        .iter()
        .filter(|e| matches!(&e.what, What::Network(crate::Network::Buffered { .. })))
        .count();
    assert!(again);
    assert_eq!(held, 3, "two segments and the FIN wait for the first");
    assert_eq!(elapsed(&history), Duration::from_millis(1_000 + 40));
}

#[test]
fn a_cut_link_times_the_connection_out() {
    let cut = Conditions { up: false, ..toy::conditions(10, None) };
    let history = called(cut, 1, 10);
    assert_eq!(state(&history), "lost 0");
    let lost = |f: &crate::Flight| matches!(f.fate, Fate::Lost { why: LossCause::Cut, .. });
    let entries = history.trace().entries;
    assert_eq!(entries.iter().flat_map(|e| &e.flights).filter(|f| lost(f)).count(), 7);
}

#[test]
fn every_byte_arrives_once_and_in_order_in_a_thousand_worlds_or_the_connection_is_lost() {
    let bad = Conditions {
        loss_ppm: 120_000,
        jitter: Duration::from_millis(40),
        ..toy::conditions(10, Some(1_000_000))
    };
    let mut whole = 0;
    for seed in 0..1_000 {
        let history = called(bad.clone(), seed, 20_000);
        let state = state(&history);
        assert!(state == "whole 20000" || state.starts_with("lost"), "seed {seed}: {state}");
        whole += usize::from(state.starts_with("whole"));
    }
    assert!(whole > 900, "only {whole} of 1000 came through");
}

#[test]
fn going_back_and_forth_changes_nothing() {
    let bad = Conditions { loss_ppm: 50_000, ..toy::conditions(10, Some(1_000_000)) };
    let mut history = called(bad, 7, 300_000);
    let (len, end) = (history.len(), state(&history));
    let spacing = Density::of(2).finest;
    assert!(len > 4 * spacing);
    for moment in [0, len / 3, 1, len - 1, spacing, 5, len] {
        assert_eq!(history.seek(moment), moment);
    }
    assert_eq!((history.len(), state(&history)), (len, end));
    assert_eq!(history.disagreement(), None);
}

#[test]
fn the_world_of_another_moment_is_the_one_that_is_found_there() {
    let bad = Conditions { loss_ppm: 50_000, ..toy::conditions(10, Some(1_000_000)) };
    let mut history = called(bad, 7, 60_000);
    let len = history.len();
    history.seek(len / 2);
    let flight = history.world().in_the_air().find(|flight| flight.arrives()).unwrap().id;
    history.meddle(Act::Flight { flight, fault: Fault::Drop }).unwrap();
    history.run(10);
    let (here, len) = (history.moment(), history.len());
    for moment in [0, 1, 3, here - 12, here - 10, here, len] {
        let world = history.world_at(moment).unwrap();
        assert_eq!(history.moment(), here);
        let mut gone = history.clone();
        gone.seek(moment);
        assert_eq!((world.entries(), world.now()), (moment, gone.world().now()));
        assert_eq!(world.view(CALLER), gone.world().view(CALLER));
    }
    assert!(history.world_at(len + 1).is_none());
}

#[test]
fn meddling_in_the_past_makes_a_branch_and_loses_none() {
    let mut history = called(toy::conditions(10, None), 1, 100);
    let len = history.len();
    history.seek(4);
    let flight = history.world().in_the_air().next().unwrap().id;
    history.meddle(Act::Flight { flight, fault: Fault::Drop }).unwrap();
    history.run(1_000);
    assert_eq!(history.branches().count(), 2);
    assert!(history.len() > len);
    history.switch(BranchId(0));
    assert_eq!(history.len(), len);
    history.switch(BranchId(1));
    assert!(history.undo());
    assert_eq!((history.current(), history.moment()), (BranchId(0), 4));
}

#[test]
fn undoing_what_was_done_at_the_end_leaves_it_on_its_own_branch() {
    let mut history = called(toy::conditions(10, None), 1, 100);
    assert!(history.undo());
    assert_eq!(history.moment(), 2);
    assert!(history.step().is_none(), "nobody calls on this branch");
    assert_eq!(history.branches().count(), 2);
}

#[test]
fn a_run_is_its_plan_seed_and_meddlings() {
    let bad = Conditions { loss_ppm: 80_000, ..toy::conditions(10, Some(1_000_000)) };
    let history = called(bad.clone(), 3, 50_000);
    let meddlings = history.meddlings().to_vec();
    let again = History::replay(toy::stage(bad), 3, &meddlings, history.len()).unwrap();
    assert_eq!(again.trace().entries, history.trace().entries);
}

#[test]
fn what_cannot_be_done_says_why_and_changes_nothing() {
    let mut history = called(toy::conditions(10, None), 1, 100);
    let len = history.len();
    let gone = Act::Flight { flight: FlightId(0), fault: Fault::Drop };
    assert_eq!(history.meddle(gone), Err(ActError::NotInTheAir));
    let odd = Act::Command { host: CALLER, text: "sing".to_string() };
    assert_eq!(history.meddle(odd).unwrap_err().to_string(), "`sing` is not `send N`");
    assert_eq!((history.len(), history.branches().count()), (len, 1));
}

#[test]
fn keeping_worlds_costs_one_for_every_so_many_entries() {
    let history = called(toy::conditions(10, None), 1, 1_000_000);
    let kept = history.snapshots() as u32;
    assert!(
        kept <= history.len() / Density::of(2).finest + 4,
        "{kept} worlds for {}",
        history.len()
    );
}

#[test]
fn a_very_long_run_keeps_no_more_worlds_than_its_limit_and_can_still_be_walked_through() {
    let mut plan = Plan::clone(&toy::stage(toy::conditions(10, None)));
    plan.tcp.mss_bytes = 10;
    let mut history = History::new(Rc::new(plan), 1);
    history.run(2);
    let density = Density::of(2);
    let (most_old, recent) = (density.most_old(), density.recent_entries());
    while history.len() <= most_old as u32 * density.finest + recent {
        history.meddle(order(1_000)).unwrap();
        assert!(history.run(100_000));
    }
    let (len, end) = (history.len(), state(&history));
    // Of the recent ones every world is kept, and those before and after each meddling.
    let most = most_old + 2 * (recent / density.finest) as usize;
    assert!(history.snapshots() <= most, "{} worlds", history.snapshots());
    for moment in [len / 2, 3, len - 7, len] {
        assert_eq!(history.seek(moment), moment);
    }
    assert_eq!((history.disagreement(), state(&history)), (None, end));
}

#[test]
fn worlds_of_a_large_stage_lie_further_apart_and_are_fewer_the_longer_the_run() {
    let (small, large) = (Density::of(50), Density::of(10_000));
    assert_eq!((small.finest, small.most_old(), small.recent_entries()), (64, 448, 64 * 64));
    assert_eq!((large.finest, large.most_old(), large.recent_entries()), (2_048, 63, 15 * 2_048));
    assert!(large.most_old() as u32 * large.finest > 100_000, "none is let go before");
}

#[test]
fn a_run_that_is_full_goes_no_further_says_so_and_can_still_be_walked_through_and_forked() {
    let mut history = called(toy::conditions(10, None), 1, 100);
    let len = history.len();
    history.most = len;
    assert!(history.is_full() && history.step().is_none());
    assert_eq!(history.meddle(order(1)), Err(ActError::Full));
    assert_eq!((history.seek(3), history.len()), (3, len));
    history.meddle(order(1)).unwrap();
    assert!(!history.is_full(), "there is room on the new branch");
    history.run(1_000);
    assert_eq!(history.len(), len, "and it ends where the first one does");
    assert_eq!(history.disagreement(), None);
}

#[test]
fn slow_start_doubles_what_is_on_its_way_with_each_round_trip() {
    let mut plan = Plan::clone(&toy::stage(toy::conditions(50, None)));
    plan.tcp.slow_start = Some(1);
    let mut history = History::new(Rc::new(plan), 1);
    history.run(2);
    history.meddle(order(1460 * 15)).unwrap();
    history.run(10_000);
    // 1 + 2 + 4 + 8 segments take four round trips up, and the FIN comes with the fifth.
    let is_data = |s: &Step| matches!(s.stimulus, Stimulus::Data { .. });
    let arrivals: Vec<_> = history
        .trace()
        .entries
        .iter()
        .filter(|e| e.host == HostId(1) && matches!(&e.what, What::Step(s) if is_data(s)))
        .map(|e| e.at.since(history.plan().epoch).as_millis())
        .collect();
    let mut rounds = arrivals.clone();
    rounds.dedup();
    assert_eq!(rounds, [150, 250, 350, 450]);
    assert_eq!(arrivals.len(), 15);
}
