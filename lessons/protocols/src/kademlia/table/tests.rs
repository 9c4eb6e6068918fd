//! The table by itself: splitting, the order of what is nearest, and who gives way to whom.

use core::net::Ipv4Addr;
use core::time::Duration;
use std::collections::BTreeSet;

use super::*;
use crate::wire::Time;

const START: Time = Time::from_secs(1_000_000);

/// A node whose ID begins with these bytes.
fn contact(first: u8, second: u8) -> Contact {
    let mut bytes = [0x55; Key::BYTES];
    (bytes[0], bytes[1]) = (first, second);
    let address = SocketAddrV4::new(Ipv4Addr::new(10, 0, first, second), 6881);
    Contact { id: Key::new(bytes), address }
}

/// A node by chance that is always the same for a number.
fn numbered(number: u32) -> Contact {
    let address = SocketAddrV4::new(Ipv4Addr::from(0x0a00_0000 + number), 6881);
    Contact { id: Key::hash(&number.to_be_bytes()), address }
}

fn after(minutes: u64) -> Time {
    START + Duration::from_secs(60 * minutes)
}

/// Full buckets for 0xxx and 10xx seen from an ID that begins with 11.
fn full() -> Table {
    let mut table = Table::new(contact(0xff, 0).id, 8, START);
    for number in 0..9 {
        table.answered(contact(number, 0), START);
        table.answered(contact(0xf0 + number, 1), START);
    }
    table
}

#[test]
fn a_known_node_takes_32_bytes() {
    assert_eq!(size_of::<Known>(), 32);
}

#[test]
fn only_the_bucket_of_the_own_id_is_split() {
    let table = full();
    let lens: Vec<usize> = table.buckets().map(|(_, nodes)| nodes.len()).collect();
    assert_eq!(lens[0], 8, "the ninth of the other half is discarded");
    assert!(lens.len() > 1 && lens.iter().skip(1).sum::<usize>() == 9, "{lens:?}");
    assert_eq!(table.clone().answered(contact(9, 9), START), Offered::Discarded);
}

#[test]
fn every_node_stands_in_the_bucket_of_its_prefix_however_they_come() {
    let own = Key::hash(b"own");
    let mut table = Table::new(own, 8, START);
    for number in 0..2000 {
        table.answered(numbered(number), START);
    }
    let last = table.bucket_count() - 1;
    assert!((7..12).contains(&last), "log2(2000 / 8) is 8: {last}");
    for (index, (bucket, nodes)) in table.buckets().enumerate() {
        assert_eq!(usize::from(bucket.len), nodes.len());
        assert!(nodes.len() <= 8);
        for known in nodes {
            let shared = usize::from(known.id().shared_prefix_bits(own));
            assert!(if index == last { shared >= last } else { shared == index });
        }
    }
}

#[test]
fn the_nearest_are_those_that_sorting_all_by_distance_gives() {
    let mut table = Table::new(Key::hash(b"own"), 8, START);
    for number in 0..500 {
        table.answered(numbered(number), START);
    }
    for number in 0..200u32 {
        let target = Key::hash(&[&b"target"[..], &number.to_be_bytes()].concat());
        let mut sorted: Vec<Contact> = table.nodes().iter().map(Known::contact).collect();
        sorted.sort_by_key(|contact| contact.id.xor(target));
        sorted.truncate(8);
        assert_eq!(table.nearest_good(target, START), sorted);
    }
    assert_eq!(table.nearest_good(table.own(), START).len(), 8);
    assert!(table.nearest_good(table.own(), after(15)).is_empty(), "none is good any more");
    assert_eq!(table.nearest_to_ask(table.own(), after(15)).len(), 8);
}

#[test]
fn a_node_is_good_for_15_minutes_after_its_answer_or_query_and_bad_after_two_failures() {
    let mut table = full();
    let node = contact(3, 0);
    let standing = |table: &Table, now| {
        table.nodes().iter().find(|known| known.contact() == node).unwrap().standing(now)
    };
    assert_eq!(standing(&table, after(14)), Standing::Good);
    assert_eq!(standing(&table, after(15)), Standing::Questionable);
    assert!(!table.queried(node.id, node.address, after(14)), "it is known already");
    assert_eq!(standing(&table, after(28)), Standing::Good);
    table.failed(node.id, node.address);
    assert_eq!(standing(&table, after(28)), Standing::Good);
    table.failed(node.id, node.address);
    assert_eq!(standing(&table, after(28)), Standing::Bad);
    assert!(table.queried(node.id, node.address, after(28)), "a bad one has to prove itself");
    assert_eq!(table.answered(node, after(28)), Offered::Renewed);
    assert_eq!(standing(&table, after(28)), Standing::Good);
}

#[test]
fn a_full_bucket_gives_the_place_of_a_bad_node_and_has_the_oldest_questionable_one_checked() {
    let mut table = full();
    let new = contact(0x20, 0);
    assert!(!table.queried(new.id, new.address, after(1)), "no place, no ping");
    assert_eq!(table.answered(new, after(1)), Offered::Discarded);
    for number in [0, 1, 2, 4, 5, 6, 7] {
        table.answered(contact(number, 0), after(10));
    }
    assert!(table.queried(new.id, new.address, after(16)));
    assert_eq!(table.answered(new, after(16)), Offered::Check(contact(3, 0)));
    table.replace(contact(3, 0), new, after(16));
    assert_eq!(table.answered(new, after(16)), Offered::Renewed);
    let bad = contact(5, 0);
    (0..2).for_each(|_| table.failed(bad.id, bad.address));
    assert_eq!(table.answered(contact(0x21, 0), after(17)), Offered::Replaced(bad));
}

#[test]
fn an_id_that_is_known_elsewhere_does_not_move_until_the_old_address_is_bad() {
    let mut table = full();
    let node = contact(3, 0);
    let thief = Contact { address: "192.0.2.66:1".parse().unwrap(), ..node };
    assert_eq!(table.answered(thief, after(1)), Offered::Refused);
    table.failed(thief.id, thief.address);
    (0..2).for_each(|_| table.failed(node.id, node.address));
    assert_eq!(table.answered(thief, after(1)), Offered::Replaced(node));
}

#[test]
fn an_id_within_a_bucket_falls_into_it() {
    let mut table = Table::new(Key::hash(b"own"), 8, START);
    for number in 0..500 {
        table.answered(numbered(number), START);
    }
    for bucket in 0..table.bucket_count() {
        for number in 0..20u32 {
            let id = table.id_within(bucket, Key::hash(&number.to_be_bytes()));
            assert_eq!(table.bucket_of(id), bucket);
        }
    }
}

#[test]
fn buckets_are_stale_15_minutes_after_their_last_change() {
    let mut table = full();
    assert!(table.stale(after(14)).is_empty());
    table.answered(contact(0, 0), after(10));
    let count = table.bucket_count();
    assert_eq!(table.stale(after(15)), (1..count).collect::<Vec<_>>());
}

#[test]
fn a_settled_table_has_the_buckets_of_one_that_has_met_everybody() {
    for count in [1, 2, 8, 9, 10, 100, 1000] {
        let mut all: Vec<Contact> = (0..count).map(numbered).collect();
        all.sort_by_key(|contact| contact.id);
        for node in all.iter().step_by(17) {
            let settled = Table::settled(node.id, 8, &all, START);
            let mut met = Table::new(node.id, 8, START);
            for contact in &all {
                met.answered(*contact, START);
            }
            let lens = |table: &Table| table.buckets().map(|(_, n)| n.len()).collect::<Vec<_>>();
            assert_eq!(lens(&settled), lens(&met), "{count} nodes");
            for (index, (_, nodes)) in settled.buckets().enumerate() {
                assert!(nodes.iter().all(|known| settled.bucket_of(known.id()) == index));
                let ids: BTreeSet<Key> = nodes.iter().map(Known::id).collect();
                assert_eq!(ids.len(), nodes.len(), "each once");
            }
        }
    }
}
