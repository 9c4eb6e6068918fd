//! What a network does: answers that are late or lost, resets, datagrams, routers.

mod power;

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::rc::Rc;

use protocols::endpoint::{Loss, Stimulus};
use protocols::wire::Time;

use crate::entry::*;
use crate::history::History;
use crate::plan::{Conditions, HostPlan, LinkPlan, Node, Plan, Program, RouterPlan};
use crate::toy::{self, Toy};

const CALLER: HostId = HostId(0);
const ECHO: HostId = HostId(1);

fn ask(history: &mut History, text: &str) {
    history.meddle(Act::Command { host: CALLER, text: text.to_string() }).unwrap();
}

/// A run of the two hosts, both switched on, in which the caller has been asked something.
fn asked(plan: Rc<Plan>, text: &str) -> History {
    let mut history = History::new(plan, 1);
    history.run(2);
    ask(&mut history, text);
    history
}

/// Steps until a flight like this has departed and is still in the air.
fn until_sent(history: &mut History, wanted: impl Fn(&Load) -> bool) -> FlightId {
    for _ in 0..1_000 {
        if let Some(flight) = history.world().in_the_air().find(|f| f.arrives() && wanted(&f.load))
        {
            return flight.id;
        }
        history.step().expect("the world came to rest before");
    }
    unreachable!("nothing like it was sent in a thousand steps");
}

fn fault(history: &mut History, flight: FlightId, fault: Fault) {
    history.meddle(Act::Flight { flight, fault }).unwrap();
}

fn state(history: &History) -> String {
    history.world().view(CALLER).unwrap().state
}

fn since_epoch(history: &History) -> Duration {
    history.world().now().since(history.plan().epoch)
}

fn network(history: &History, host: HostId) -> Vec<&Network> {
    let entries = history.trace().entries.iter().filter(|entry| entry.host == host);
    let events = entries.filter_map(|entry| match &entry.what {
        What::Network(event) => Some(event),
        What::Step(_) | What::Meddling(_) => None,
    });
    events.collect()
}

fn sent_again(history: &History, host: HostId) -> usize {
    let again = |event: &&&Network| matches!(event, Network::Retransmitted { .. });
    network(history, host).iter().filter(again).count()
}

fn losses(history: &History, host: HostId) -> Vec<Loss> {
    let entries = history.trace().entries.iter().filter(|entry| entry.host == host);
    let why = entries.filter_map(|entry| match &entry.what {
        What::Step(step) => match &step.stimulus {
            Stimulus::Lost { why, .. } => Some(why.clone()),
            _ => None,
        },
        What::Network(_) | What::Meddling(_) => None,
    });
    why.collect()
}

#[test]
fn a_segment_that_is_only_late_is_sent_again_and_its_copy_discarded() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    let data = until_sent(&mut history, |load| matches!(load, Load::Data { .. }));
    fault(&mut history, data, Fault::Delay(Duration::from_millis(1_500)));
    history.run(1_000);
    assert_eq!((state(&history).as_str(), sent_again(&history, CALLER)), ("whole 100", 1));
    let discarded = |event: &&&Network| matches!(event, Network::Discarded { .. });
    assert_eq!(network(&history, ECHO).iter().filter(discarded).count(), 1);
}

#[test]
fn a_lost_ack_is_mended_by_the_syn_ack_and_never_sent_again_by_itself() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 0");
    for _ in 0..2 {
        // RFC 9293 section 3.5: whatever carries an acknowledgement opens the stream.
        let third =
            until_sent(&mut history, |load| matches!(load, Load::Ack { .. } | Load::Fin { .. }));
        fault(&mut history, third, Fault::Drop);
    }
    history.run(1_000);
    assert_eq!(state(&history), "whole 0");
    assert_eq!((sent_again(&history, CALLER), sent_again(&history, ECHO)), (1, 1));
    let again: Vec<_> = history.trace().entries.iter().flat_map(|e| &e.flights).collect();
    let acks = again.iter().filter(|f| matches!(f.load, Load::Ack { .. })).count();
    assert_eq!(acks, 2, "one lost, one in answer to the second SYN ACK");
}

#[test]
fn a_lost_refusal_is_asked_for_again() {
    let mut plan = Plan::clone(&toy::stage(toy::conditions(10, None)));
    plan.hosts[1].program = Program::of(Toy::caller());
    let mut history = asked(Rc::new(plan), "send 5");
    let rst = until_sent(&mut history, |load| matches!(load, Load::Rst { refusal: true, .. }));
    fault(&mut history, rst, Fault::Drop);
    history.run(1_000);
    assert_eq!(losses(&history, CALLER), [Loss::Refused]);
    assert_eq!(since_epoch(&history), Duration::from_millis(1_020));
}

#[test]
fn who_speaks_to_an_end_that_let_go_is_answered_with_a_reset() {
    let mut plan = Plan::clone(&toy::stage(toy::conditions(10, None)));
    plan.tcp.slow_start = Some(1);
    let mut history = asked(Rc::new(plan), "send 5000");
    until_sent(&mut history, |load| {
        matches!(load, Load::Data { side: protocols::wire::Side::Responder, .. })
    });
    ask(&mut history, "let go");
    let rst = until_sent(&mut history, |load| matches!(load, Load::Rst { .. }));
    fault(&mut history, rst, Fault::Drop);
    history.run(1_000);
    assert_eq!(losses(&history, ECHO), [Loss::Reset]);
    assert_eq!(losses(&history, CALLER), [], "who lets go is not told of it");
}

#[test]
fn time_outs_double_and_end_in_a_loss() {
    let cut = Conditions { up: false, ..toy::conditions(10, None) };
    let mut history = asked(toy::stage(cut), "send 5");
    history.run(1_000);
    assert_eq!(losses(&history, CALLER), [Loss::TimedOut]);
    // 1 + 2 + 4 + 8 + 16 + 32 s of waiting, and 64 s after the sixth retransmission.
    assert_eq!(since_epoch(&history), Duration::from_secs(127));
}

/// A shared link may say anything of a link.
#[test]
fn a_jitter_and_a_delay_of_all_the_time_there_is_are_borne() {
    for endless in [Duration::from_nanos(u64::MAX), Duration::MAX] {
        for (delay, jitter) in [(endless, Duration::ZERO), (Duration::ZERO, endless)] {
            let conditions = Conditions { delay, jitter, ..toy::conditions(10, None) };
            let mut history = asked(toy::stage(conditions), "send 5");
            history.run(1_000);
            let waits = losses(&history, CALLER) == [Loss::TimedOut];
            assert!(waits || state(&history) == "whole 5", "{delay:?}, {jitter:?}");
        }
    }
}

#[test]
fn a_world_is_quiet_when_nothing_moves_and_nothing_is_missed() {
    let mut history = asked(toy::stage(toy::conditions(10, None)), "send 100");
    let data = until_sent(&mut history, |load| matches!(load, Load::Data { .. }));
    assert!(!history.world().is_quiet());
    fault(&mut history, data, Fault::Drop);
    while !history.world().is_quiet() {
        history.step().unwrap();
    }
    assert_eq!(state(&history), "whole 100");
    assert_eq!(history.world().next_at(), None);
}

#[test]
fn datagrams_are_lost_doubled_and_overtake_each_other_and_nobody_mends_it() {
    let bad = Conditions {
        loss_ppm: 200_000,
        double_ppm: 200_000,
        jitter: Duration::from_millis(30),
        ..toy::conditions(10, None)
    };
    let (mut lost, mut more, mut overtaken) = (0, 0, 0);
    for seed in 0..50 {
        let mut history = History::new(toy::stage(bad.clone()), seed);
        history.run(2);
        ask(&mut history, "shout 40");
        history.run(10_000);
        assert!(history.world().is_quiet(), "seed {seed}");
        let entries = history.trace().entries.iter().filter(|entry| entry.host == ECHO);
        let heard: Vec<u8> = entries.filter_map(|entry| datagram(entry)).collect();
        assert!(heard.iter().all(|n| *n < 40), "seed {seed}: only what was sent is heard");
        lost += (0..40).filter(|n| !heard.contains(n)).count();
        more += (0..40).filter(|n| heard.iter().filter(|m| *m == n).count() > 1).count();
        overtaken += heard.windows(2).filter(|pair| pair[0] > pair[1]).count();
    }
    assert!(lost > 200 && more > 200 && overtaken > 200, "{lost} {more} {overtaken}");
}

fn datagram(entry: &Entry) -> Option<u8> {
    match &entry.what {
        What::Step(step) => match &step.stimulus {
            Stimulus::Datagram { bytes, .. } => bytes.first().copied(),
            _ => None,
        },
        What::Network(_) | What::Meddling(_) => None,
    }
}

/// A caller, three echoes, and two routers in a row: `caller - r0 - r1`, with one echo beside the
/// caller, one at the first router and one at the second.
fn campus(access: Conditions) -> Rc<Plan> {
    let fast = toy::conditions(1, None);
    let host = |name: &str, last, toy| HostPlan {
        name: name.to_string(),
        address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)),
        program: Program::of(toy),
        place: (0, 0),
    };
    let hosts = vec![
        host("caller", 2, Toy::caller()),
        host("beside", 81, Toy::Echo),
        host("near", 82, Toy::Echo),
        host("echo.test", 80, Toy::Echo),
    ];
    let router = |name: &str| RouterPlan { name: name.to_string(), place: (0, 0) };
    let link = |a, b, conditions: &Conditions| LinkPlan {
        name: "link".to_string(),
        ends: (a, b),
        conditions: conditions.clone(),
    };
    let names = hosts.iter().map(|host| (host.name.clone(), host.address)).collect();
    let links = vec![
        link(Node::Host(0), Node::Host(1), &fast),
        link(Node::Host(0), Node::Router(0), &fast),
        link(Node::Router(0), Node::Host(2), &fast),
        link(Node::Router(0), Node::Router(1), &access),
        link(Node::Router(1), Node::Host(3), &fast),
    ];
    let routers = vec![router("r0"), router("r1")];
    Rc::new(Plan { epoch: Time::from_secs(1), hosts, routers, links, names, ..Plan::default() })
}

#[test]
fn a_way_over_routers_costs_every_delay_and_waits_at_the_narrow_link() {
    let plan = campus(toy::conditions(20, Some(1_000_000)));
    let mut history = History::new(plan, 1);
    history.run(4);
    ask(&mut history, "send 14600");
    history.run(1_000);
    assert_eq!(state(&history), "whole 14600");
    // Handshake and data: two round trips of 44 ms; ten segments at 1 Mbit/s take 116.8 ms, and
    // the last of them comes back 11.68 ms after it was through.
    assert_eq!(since_epoch(&history), Duration::from_micros(88_000 + 116_800 + 11_680));
    let access = history.world().link(LinkId(3)).unwrap();
    assert_eq!((access.lane(0).bytes, access.lane(1).bytes), (14_600, 14_600));
    assert_eq!(access.lane(0).busy(), Duration::from_micros(116_800));
}

#[test]
fn a_multicast_datagram_crosses_as_many_routers_as_its_radius_says() {
    for (radius, reached) in [(Some(0), 1), (Some(1), 2), (Some(2), 3), (None, 3)] {
        let mut plan = Plan::clone(&campus(toy::conditions(20, None)));
        plan.multicast_radius = radius;
        let mut history = History::new(Rc::new(plan), 1);
        history.run(4);
        ask(&mut history, "call 1");
        history.run(1_000);
        let heard = history.trace().entries.iter().filter(|entry| entry.host != CALLER);
        let heard = heard.filter(|entry| datagram(entry).is_some()).count();
        assert_eq!(heard, reached, "{radius:?}");
    }
}

#[test]
fn a_thousand_worlds_with_every_fault_deliver_every_byte_once_or_say_that_it_is_lost() {
    for seed in 0..1_000_u64 {
        let dice = |salt: u64| seed.wrapping_mul(6_364_136_223_846_793_005 + salt) >> 33;
        let bad = Conditions {
            loss_ppm: (dice(2) % 250_000) as u32,
            jitter: Duration::from_millis(dice(4) % 100),
            ..toy::conditions(dice(6) % 300, Some(200_000))
        };
        let mut plan = Plan::clone(&toy::stage(bad));
        plan.tcp.slow_start = (seed % 2 == 0).then_some(1);
        let mut history = History::new(Rc::new(plan), seed);
        history.run(2);
        ask(&mut history, "send 9000");
        meddle_at_random(&mut history, seed);
        assert!(history.run(20_000), "seed {seed} never comes to rest");
        let state = state(&history);
        assert!(state == "whole 9000" || state.starts_with("lost"), "seed {seed}: {state}");
    }
}

/// Delays, doubles and drops one flight in eight.
fn meddle_at_random(history: &mut History, seed: u64) {
    let mut random = seed | 1;
    while history.step().is_some() && history.len() < 200 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let flights: Vec<FlightId> = history.world().in_the_air().map(|f| f.id).collect();
        let Some(flight) = flights.get((random >> 40) as usize % flights.len().max(1)) else {
            continue;
        };
        let what = match random >> 59 {
            0 => Fault::Drop,
            1 => Fault::Double,
            2 | 3 => Fault::Delay(Duration::from_millis((random >> 20) % 4_000)),
            _ => continue,
        };
        // One that is lost already cannot be had any more.
        let _ = history.meddle(Act::Flight { flight: *flight, fault: what });
    }
}

/// What `next_at` says must be when the next entry comes, and looking must not change what comes.
#[test]
fn looking_when_the_next_thing_is_due_is_right_and_changes_nothing() {
    let bad = Conditions {
        loss_ppm: 100_000,
        jitter: Duration::from_millis(15),
        ..toy::conditions(10, Some(500_000))
    };
    for seed in 0..100 {
        let mut plan = Plan::clone(&toy::stage(bad.clone()));
        plan.tcp.slow_start = (seed % 2 == 0).then_some(1);
        let plan = Rc::new(plan);
        let (mut looked, mut blind) =
            (History::new(Rc::clone(&plan), seed), History::new(plan, seed));
        for history in [&mut looked, &mut blind] {
            history.run(2);
            ask(history, "send 20000");
        }
        loop {
            let due = looked.world().next_at();
            let entry = looked.step();
            assert_eq!(entry, blind.step(), "seed {seed}");
            match (due, &entry) {
                (due, None) => assert_eq!(due, None, "seed {seed}"),
                (Some(due), Some(entry)) if seed % 2 == 1 => assert_eq!(due, entry.at),
                // A window may wait for an acknowledgement that turns out not to be new.
                (Some(due), Some(entry)) => assert!(due <= entry.at, "seed {seed}"),
                (None, Some(_)) => panic!("seed {seed}: nothing is due, and something comes"),
            }
            if entry.is_none() {
                break;
            }
        }
    }
}
