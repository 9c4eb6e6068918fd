//! What a search costs, and what follows from its command.

use core::time::Duration;
use std::collections::BTreeSet;

use protocols::endpoint::{Output, Stimulus};
use protocols::kademlia::node::Config;
use protocols::overlay::{Key, quantity};
use world::{EntryId, HostId, Power, What};

use crate::swarm::{Swarm, calm, contact};

#[test]
fn a_search_finds_the_nearest_of_all_nodes_and_its_hops_grow_with_the_logarithm() {
    let mut means = Vec::new();
    for exponent in [4u32, 7, 10] {
        let count = 1 << exponent;
        let mut swarm = Swarm::settled(count, Config::default(), &calm());
        for number in 0..40 {
            let from = number * 31 % count;
            let target = Key::hash(format!("target {number}").as_bytes());
            let told = swarm.ask(from, &format!("find {target}"));
            let nearest = contact(swarm.nearest(target, from, 1)[0]);
            assert!(told.contains(&format!("is {nearest};")), "{told} not {nearest}");
        }
        let hops = &swarm.measured[quantity::HOPS];
        assert_eq!(hops.len(), 40);
        assert!(hops.iter().all(|hops| *hops <= u64::from(exponent)), "{hops:?}");
        means.push(hops.iter().sum::<u64>() as f64 / 40.0);
        assert!(swarm.measured[quantity::TIMEOUTS].iter().all(|timeouts| *timeouts == 0));
    }
    assert!(means[0] < means[1] && means[1] < means[2], "{means:?}");
    assert!(means[2] < 5.0, "half of log2 at the most: {means:?}");
}

#[test]
fn a_search_goes_round_nodes_that_are_off() {
    let mut swarm = Swarm::settled(200, Config::default(), &calm());
    (0..200).filter(|host| host % 4 == 1).for_each(|host| swarm.power(host, Power::Off));
    for number in 0..20 {
        let target = Key::hash(format!("target {number}").as_bytes());
        let told = swarm.ask(0, &format!("find {target}"));
        let nearest = contact(swarm.nearest(target, 0, 1)[0]);
        assert!(told.contains(&format!("is {nearest};")), "{told} not {nearest}");
    }
    assert!(swarm.measured[quantity::TIMEOUTS].iter().sum::<u64>() > 20);
    assert!(swarm.measured[quantity::LATENCY_US].iter().any(|us| *us > 2_000_000));
}

#[test]
fn every_message_of_a_search_follows_from_its_command_and_no_periodic_alarm_does() {
    let asks_every = Some(Duration::from_secs(20));
    let config = Config { asks_every, upkeep: Duration::from_secs(30), ..Config::default() };
    let mut swarm = Swarm::settled(100, config, &calm());
    (0..100).filter(|host| host % 5 == 2).for_each(|host| swarm.power(host, Power::Off));
    let command = swarm.tell(0, "peers film").id;
    let (mut caused, mut alarms) = (BTreeSet::from([command]), BTreeSet::new());
    let (mut timeouts, mut said, mut own) = (0, None, 0);
    let end = swarm.world.now() + Duration::from_secs(120);
    while swarm.world.now() < end {
        let entry = swarm.world.step().expect("there is always an alarm");
        let follows = entry.cause.is_some_and(|cause: EntryId| caused.contains(&cause));
        let What::Step(step) = &entry.what else { continue };
        for output in &step.outputs {
            match output {
                Output::Arm { alarm, name, .. } if *name != "query" => {
                    assert!(!follows, "{name} would be lit with the search");
                    alarms.insert((entry.host, *alarm));
                }
                Output::Emit(text) if text.starts_with("no peers") => said = Some(follows),
                Output::Measure { .. } => own += u32::from(!follows),
                _ => {}
            }
        }
        if let (true, Stimulus::Alarm(alarm)) = (follows, &step.stimulus) {
            assert!(!alarms.contains(&(entry.host, *alarm)));
            timeouts += u32::from(entry.host == HostId(0));
        }
        if follows {
            caused.insert(entry.id);
        }
    }
    assert_eq!(said, Some(true), "the end of the search follows from the command");
    assert!(timeouts > 0 && own > 100, "{timeouts} time-outs, {own} measured by others");
    assert!(caused.len() > 20 && caused.len() < 400, "{} entries follow", caused.len());
}
