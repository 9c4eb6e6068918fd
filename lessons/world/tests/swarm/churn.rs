//! Hosts that come and go by themselves.

use core::time::Duration;
use std::rc::Rc;

use world::{Act, Churn, Entry, History, HostId, Plan, Power, What};

use crate::entries;
use crate::stage::swarm;

const CHURNED: u32 = 40;

/// Forty of fifty peers stay for ten seconds and are away for five, on average.
fn plan() -> Rc<Plan> {
    let (session, absence) = (Duration::from_secs(10), Duration::from_secs(5));
    let churn = Churn { hosts: 0..CHURNED, session, absence };
    Rc::new(Plan { churn: Some(churn), ..Plan::clone(&swarm(50)) })
}

fn went(entry: &Entry) -> Option<HostId> {
    match entry.what {
        What::Meddling(Act::Power { host, power: Power::Off }) => Some(host),
        What::Meddling(_) | What::Step(_) | What::Network(_) => None,
    }
}

#[test]
fn hosts_come_and_go_caused_by_nobody_and_the_same_again_from_the_same_seed() {
    let mut history = History::new(plan(), 3);
    history.run(30_000);
    let gone: Vec<HostId> = entries(&history).iter().filter_map(|entry| went(entry)).collect();
    let seconds = history.world().now().since(history.plan().epoch).as_secs_f64();
    // One goes every ten seconds that one is on, which is two thirds of the time.
    let expected = seconds * f64::from(CHURNED) / 15.0;
    let spread = 4.0 * expected.sqrt();
    assert!((gone.len() as f64 - expected).abs() < spread, "{} of {expected}", gone.len());
    assert!(gone.iter().all(|host| host.0 < CHURNED));
    let of_churn = entries(&history).iter().filter(|entry| went(entry).is_some());
    assert!(of_churn.clone().all(|entry| entry.cause.is_none() && entry.flights.is_empty()));
    assert!(history.meddlings().is_empty());
    let mut again = History::new(plan(), 3);
    again.run(30_000);
    assert_eq!(entries(&again), entries(&history));
    for moment in [12_345, 1, 29_999] {
        history.seek(moment);
    }
    assert_eq!(history.disagreement(), None);
}

#[test]
fn about_two_thirds_of_the_time_a_host_is_on() {
    let mut history = History::new(plan(), 5);
    let (mut on, mut looks) = (0, 0);
    for _ in 0..100 {
        history.run(500);
        on += (0..CHURNED).filter(|host| history.world().is_on(HostId(*host))).count();
        looks += CHURNED as usize;
    }
    let share = on as f64 / looks as f64;
    assert!((0.60..0.73).contains(&share), "{share}");
}

#[test]
fn whom_the_student_switches_off_comes_by_itself_when_it_would_have_gone() {
    let mut history = History::new(plan(), 1);
    history.run(1_000);
    let act = Act::Power { host: HostId(0), power: Power::Off };
    if history.world().is_on(HostId(0)) {
        history.meddle(act).unwrap();
    }
    while !history.world().is_on(HostId(0)) {
        assert!(history.len() < 100_000, "it never comes");
        history.run(100);
    }
}
