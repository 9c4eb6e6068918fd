//! Addresses that others name: how many of them the relay is asked about, and how many are
//! remembered. A node's pings go out from its one port, as its searches do.

use std::sync::Arc;

use protocols::kademlia::node::{Config as NodeConfig, Node};

use super::datagrams::denials;
use super::*;

fn member() -> (Live, Relay) {
    connected_with(Box::new(Running::new(Node::nameless(Arc::new(NodeConfig::default())), 1)))
}

/// Pings so many addresses, each another, and nothing of it takes time.
fn ping(live: &mut Live, relay: &mut Relay, network: u8, count: u16, now: Time) {
    for number in 0..count {
        let [high, low] = number.to_be_bytes();
        live.command(&format!("ping 10.{network}.{high}.{low}:6881"), now).unwrap();
        relay.exchange(live, now);
    }
}

#[test]
fn strangers_addresses_cannot_use_up_the_failures_that_the_relay_allows() {
    let (mut live, mut relay) = member();
    let sentence = "The relay does not connect there.";
    relay.veto = Some(Reset::new(Code::Policy, sentence).detail(Detail::Range));
    ping(&mut live, &mut relay, 1, 200, later(10));
    assert_eq!(relay.questions, 15, "half of what the relay takes in a minute");
    ping(&mut live, &mut relay, 2, 200, later(59_000));
    assert_eq!(relay.questions, 15);
    ping(&mut live, &mut relay, 3, 200, later(60_010));
    assert_eq!(relay.questions, 30, "a minute later it is asked again");
    let told = denials(&live);
    assert!(told.iter().any(|why| why.contains("it is not asked about more")), "{told:?}");
}

#[test]
fn haste_is_no_veto() {
    let (mut live, mut relay) = member();
    relay.veto = Some(Reset::new(Code::Rate, "Wait a little."));
    ping(&mut live, &mut relay, 1, 50, later(10));
    assert_eq!(relay.questions, 49, "all but the first, whom nobody has named");
}

#[test]
fn of_thousands_of_destinations_a_limited_number_is_remembered() {
    let (mut live, mut relay) = member();
    ping(&mut live, &mut relay, 1, 3_000, later(10));
    assert_eq!(relay.questions, 2_999);
    assert_eq!(live.vetting.known(), 1_024);
}
