//! A thousand worlds in which nodes crash and come back and datagrams are lost: when it is quiet
//! again, whoever has announced itself and lives is found.

use core::ops::Range;
use core::time::Duration;
use std::collections::BTreeSet;

use protocols::kademlia::node::Config;
use world::{Act, Conditions, HostId, LinkId, Power};

use crate::die::{Die, in_a_thousand_worlds};
use crate::swarm::{Swarm, calm, contact};

#[test]
fn after_quiet_time_every_announced_peer_that_lives_is_found() {
    in_a_thousand_worlds(hold_in_worlds);
}

fn hold_in_worlds(seeds: Range<u64>) {
    let (mut crashes, mut found, mut lost) = (0, 0, 0);
    for seed in seeds {
        let mut die = Die(seed * 2 + 1);
        let count = 6 + die.below(9) as u32;
        let conditions = Conditions {
            loss_ppm: [0, 20_000, 100_000][die.below(3) as usize],
            jitter: Duration::from_millis(die.below(40)),
            ..calm()
        };
        let mut swarm =
            Swarm::joining(count, config(), Duration::from_millis(700), &conditions, seed);
        swarm.run(Duration::from_secs(30));
        let (announcers, crashed) = churn(&mut swarm, count, &mut die);
        crashes += crashed;
        for link in 0..count {
            let (link, conditions) = (LinkId(link), calm());
            swarm.meddle(&Act::Link { link, conditions });
        }
        (0..count).for_each(|host| switch_on(&mut swarm, host));
        swarm.run(QUIET);
        for asker in [0, count / 2, count - 1] {
            let told = swarm.ask(asker, "peers film");
            for peer in &announcers {
                let peer = format!(" {}:{}", contact(*peer).address.ip(), 5_000 + peer);
                assert!(told.contains(&peer), "seed {seed}: {asker} misses {peer}: {told}");
                found += 1;
            }
        }
        lost += usize::from(conditions.loss_ppm > 0);
    }
    assert!(crashes > 750 && found > 750 && lost > 125, "{crashes} {found} {lost}");
}

/// Lets nodes announce, crash and come back. Who has announced since it was switched on last, and
/// how many crashes there were.
fn churn(swarm: &mut Swarm, count: u32, die: &mut Die) -> (BTreeSet<u32>, u32) {
    let (mut announcers, mut crashes) = (BTreeSet::new(), 0);
    for _ in 0..8 + die.below(8) {
        // Node 0 stays: the others join through it, or through somebody who has.
        let host = 1 + die.below(u64::from(count) - 1) as u32;
        match (die.below(2), swarm.world.is_on(HostId(host))) {
            (_, false) => switch_on(swarm, host),
            (0, true) => {
                swarm.power(host, Power::Off);
                announcers.remove(&host);
                crashes += 1;
            }
            (_, true) => {
                swarm.tell(host, &format!("announce film {}", 5_000 + host));
                announcers.insert(host);
            }
        }
        swarm.run(Duration::from_millis(die.below(8_000)));
    }
    (announcers, crashes)
}

fn switch_on(swarm: &mut Swarm, host: u32) {
    if !swarm.world.is_on(HostId(host)) {
        swarm.power(host, Power::On);
    }
}

/// Everything that is done from time to time is done often, so that quiet time may be short.
fn config() -> Config {
    Config {
        upkeep: Duration::from_secs(40),
        announce_again: Duration::from_secs(30),
        ..Config::default()
    }
}

/// Two announcements, each at most a period of upkeep and a half late, and the time that they take.
const QUIET: Duration = Duration::from_secs(180);
