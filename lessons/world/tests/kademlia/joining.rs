//! Nodes that join by the protocol come to what the settled beginning of a stage gives them.

use core::time::Duration;
use std::collections::BTreeSet;

use protocols::kademlia::node::Config;
use protocols::overlay::Key;

use crate::swarm::{Swarm, calm, contact};

/// What has to be true of tables whoever made them: each node stands in the bucket of its prefix,
/// and of the places that could be taken so many in a hundred are, one at least in each bucket.
/// Who joined early has not met all who came later: traffic keeps a bucket fresh, and so it is not
/// refreshed although it has room.
fn check_tables(swarm: &Swarm, count: u32, percent: usize) {
    let (mut taken, mut places) = (0, 0);
    for host in 0..count {
        let own = contact(host).id;
        let table = swarm.table(host);
        let last = swarm.rows(host, "buckets").len() - 1;
        let bucket_of =
            |number: u32| usize::from(contact(number).id.shared_prefix_bits(own)).min(last);
        for bucket in 0..=last {
            let falls = |number: &u32| *number != host && bucket_of(*number) == bucket;
            let there: BTreeSet<_> =
                (0..count).filter(falls).map(|number| contact(number).address).collect();
            let known = table.get(&bucket).cloned().unwrap_or_default();
            assert!(known.is_subset(&there), "host {host}, bucket {bucket}: out of its range");
            let possible = there.len().min(8);
            assert!(known.len() <= possible, "host {host}");
            let is_met = !known.is_empty() || possible == 0;
            assert!(is_met, "host {host} knows nobody of bucket {bucket} of {last}");
            (taken, places) = (taken + known.len(), places + possible);
        }
    }
    assert!(taken * 100 >= places * percent, "{taken} of {places}");
}

/// Announces under so many infohashes, each from another node, and finds the peers from yet
/// another. The peers have to be kept by the 8 nearest of all nodes.
fn announce_and_find(swarm: &mut Swarm, count: u32, keys: u32) {
    for key in 0..keys {
        let (from, to) = ((key * 7 + 1) % count, (key * 13 + 5) % count);
        let name = format!("film{key}");
        let info_hash = Key::hash(name.as_bytes());
        let told = swarm.ask(from, &format!("announce {name} 5{key:03}"));
        assert!(told.ends_with(" at 8 nodes"), "{told}");
        let nearest = swarm.nearest(info_hash, from, 8).into_iter().collect();
        assert_eq!(swarm.keepers(info_hash), nearest, "{name}");
        let told = swarm.ask(to, &format!("peers {name}"));
        let peer = format!(" {}:5{key:03};", contact(from).address.ip());
        assert!(told.contains(&peer), "{told}");
    }
}

#[test]
fn joined_and_settled_tables_of_64_nodes_have_the_same_buckets_and_lead_to_the_same_nodes() {
    let each = Duration::from_secs(1);
    let mut joined = Swarm::joined(64, Config::default(), each, &calm());
    let mut settled = Swarm::settled(64, Config::default(), &calm());
    joined.run(REFRESHED);
    check_tables(&joined, 64, 90);
    check_tables(&settled, 64, 100);
    for host in 0..64 {
        let buckets = |swarm: &Swarm| swarm.rows(host, "buckets").len();
        assert!(buckets(&joined).abs_diff(buckets(&settled)) <= 1, "host {host}");
        assert_eq!(joined.view(host).state, "Idle");
    }
    announce_and_find(&mut joined, 64, 20);
    announce_and_find(&mut settled, 64, 20);
}

#[test]
fn three_hundred_nodes_that_joined_find_what_three_hundred_settled_ones_find() {
    let each = Duration::from_millis(300);
    let mut joined = Swarm::joined(300, Config::default(), each, &calm());
    let mut settled = Swarm::settled(300, Config::default(), &calm());
    check_tables(&settled, 300, 100);
    announce_and_find(&mut joined, 300, 8);
    announce_and_find(&mut settled, 300, 8);
}

#[test]
fn a_node_whose_first_contact_is_off_tries_again_until_it_is_on() {
    let config = Config::default();
    let mut swarm = Swarm::joining(2, config, Duration::from_secs(5), &calm(), 1);
    swarm.power(0, world::Power::Off);
    swarm.run(Duration::from_secs(30));
    assert_eq!(swarm.view(1).state, "Alone");
    assert!(swarm.told.iter().any(|(_, told)| told == "not joined, nobody let it in"));
    swarm.power(0, world::Power::On);
    swarm.run(Duration::from_secs(30));
    assert_eq!(swarm.view(1).state, "Idle");
    assert_eq!((swarm.table(0)[&0].len(), swarm.table(1)[&0].len()), (1, 1));
}

/// Buckets are stale after 15 minutes, upkeep comes at most 7 and a half later, and takes a while.
const REFRESHED: Duration = Duration::from_secs(25 * 60);
