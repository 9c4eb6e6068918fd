//! Where keys lie.

use protocols::chord::node::Config;
use protocols::overlay::Key;
use world::HostId;

use crate::ring::{Ring, calm, lively, sorted, still};

#[test]
fn the_keys_of_the_papers_figure_lie_where_it_shows_them() {
    // ToN 2003, figure 2: keys 10, 24, 30, 38, 54 at nodes 14, 32, 32, 38, 56.
    let mut ring = Ring::of_the_paper(still(1));
    for (key, node) in [(10, 14), (24, 32), (30, 32), (38, 38), (54, 56)] {
        assert_eq!(ring.ask(1, &format!("put #{key} v")), format!("stored K{key} at N{node}"));
    }
}

#[test]
fn a_key_is_the_sha_1_of_its_name() {
    let mut ring = Ring::settled(Config { bits: Key::BITS, ..still(1) }, sorted(8), &calm());
    let key = Key::hash(b"song.mp3");
    let owner = ring.nodes.iter().find(|node| node.id >= key).or(ring.nodes.first()).copied();
    let host = HostId(0);
    let text = "lookup song.mp3".to_string();
    ring.meddle(&world::Act::Command { host, text });
    let told = ring.until(host, |text| text.starts_with('K'));
    assert!(told.contains(&format!("is at {}", owner.unwrap())), "{told}");
}

#[test]
fn a_value_that_is_put_again_replaces_the_old_one_everywhere() {
    let mut ring = Ring::of_the_paper(lively(4, 3));
    ring.ask(8, "put #54 old");
    ring.run(10_000);
    assert_eq!(ring.ask(1, "put #54 new"), "stored K54 at N56");
    ring.run(10_000);
    for id in [56, 1, 8] {
        assert_eq!(ring.column(ring.host(id), "keys", 1), ["new"], "at {id}");
    }
    assert_eq!(ring.ask(8, "get #54"), "K54 holds new, from N56");
}

#[test]
fn a_value_too_long_for_a_datagram_is_not_taken() {
    let text = format!("put #54 {}", "x".repeat(513));
    let refused = text.parse::<protocols::chord::node::Command>().unwrap_err();
    assert_eq!(refused.to_string(), "A value has at most 512 bytes.");
    let mut ring = Ring::of_the_paper(lively(4, 3));
    let most = "x".repeat(512);
    for key in 50..56 {
        assert!(ring.ask(8, &format!("put #{key} {most}")).starts_with("stored"));
    }
    // More than one datagram's worth of keys moves, one datagram after another.
    ring.tell(56, "leave");
    let host = ring.host(56);
    ring.until(host, |text| text.starts_with("left"));
    assert_eq!(ring.column(ring.host(1), "keys", 0).len(), 6, "four of its own, two copies");
}
