//! Every rule of the node is met by somebody who plays with a network for an hour.

use core::time::Duration;
use std::collections::BTreeSet;

use protocols::kademlia::node::Config;
use protocols::kademlia::rules;
use world::Power;

use crate::swarm::{Swarm, calm};

#[test]
fn an_hour_of_joining_searching_and_crashing_meets_every_rule_of_the_node_but_four() {
    let mut swarm = Swarm::joined(40, Config::default(), Duration::from_secs(1), &calm());
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    swarm.ask(3, "announce film 6881");
    (20..30).for_each(|host| swarm.power(host, Power::Off));
    swarm.run(minutes(10));
    swarm.ask(4, "peers film");
    (20..25).for_each(|host| swarm.power(host, Power::On));
    swarm.run(minutes(50));
    let node = rules::TOPICS[1].iter().map(|rule| rule.id);
    let missing: BTreeSet<&str> = node.filter(|id| !swarm.cited.contains(id)).collect();
    // A network of the honest needs no bound and no bound IDs; and in a small one, where traffic
    // comes by all the time, nobody stays questionable until somebody wants the place.
    let known = ["kademlia.bounded", "kademlia.check", "kademlia.questionable"];
    let known = known.into_iter().chain(["kademlia.secure-id"]);
    assert!(missing.is_subset(&known.collect()), "{missing:?}");
}
