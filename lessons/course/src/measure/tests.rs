//! Expressions calculate as a textbook would, and units are what they say.

use core::net::SocketAddr;
use std::collections::BTreeSet;

use protocols::overlay::{self, Geometry, Key, Pointer, Role};
use protocols::wire::Time;
use world::EntryId;

use super::*;
use crate::reader::Place;
use crate::stages::{Params, STAGES};

fn value(text: &str) -> Option<f64> {
    let params = Params::defaults(STAGES[0].specs);
    in_run(text, &params, &Digest::default())
}

fn in_run(text: &str, params: &Params, run: &Digest) -> Option<f64> {
    let opened = Params::defaults(STAGES[0].specs);
    let measure = Measure {
        host: "browser".into(),
        from: Pattern::new("get *"),
        to: Pattern::new("response *"),
    };
    let facts = Facts {
        params,
        opened: &opened,
        measure: Some(&measure),
        run,
        answered: &BTreeSet::from(["q".to_string()]),
    };
    Expr::read(text, Place::line(1)).unwrap().value(&facts)
}

/// Something that the browser says at this many milliseconds, in the entry of that number.
fn said(at_ms: u32, text: &str) -> Said {
    let at = Time::from_nanos(u64::from(at_ms) * 1_000_000);
    Said { mark: Mark { at, entry: EntryId(at_ms), host: "browser".into() }, text: text.into() }
}

#[test]
fn what_ended_just_before_a_command_does_not_end_what_it_began() {
    let params = Params::defaults(STAGES[0].specs);
    let mut again = said(120, "get /b");
    again.mark.entry = EntryId(121);
    let mut run = Digest {
        commands: vec![said(0, "get /a"), again],
        events: vec![said(120, "response /a 200 5")],
        ..Digest::default()
    };
    assert_eq!(in_run("measured", &params, &run), None, "the second is still on its way");
    run.events.push(said(280, "response /b 304 0"));
    assert_eq!(in_run("measured", &params, &run), Some(0.16));
}

#[test]
fn a_run_is_counted_and_timed() {
    let params = Params::defaults(STAGES[0].specs);
    let mut run = Digest {
        commands: vec![said(0, "get /a"), said(200, "get /b")],
        events: vec![said(120, "response /a 200 5"), said(280, "response /b 304 0")],
        ..Digest::default()
    };
    run.cited.insert("http.x".into(), 2);
    run.dials.push(said(0, "").mark);
    let value = |text: &str| in_run(text, &params, &run);
    assert_eq!(value("measured"), Some(0.08), "the last command to the last event");
    assert_eq!(value(r#"mean("browser", "get *", "response *")"#), Some(0.1));
    assert_eq!(value(r#"events("browser", "response * 304 *")"#), Some(1.0));
    assert_eq!(value(r#"events("server", "*")"#), Some(0.0));
    assert_eq!(value(r#"commands("browser", "get *")"#), Some(2.0));
    assert_eq!(value(r#"connections("browser")"#), Some(1.0));
    assert_eq!(value(r#"rules("http.x") + rules("*")"#), Some(4.0));
    assert_eq!(value(r#"answered("q") + answered("p")"#), Some(1.0));
    assert_eq!(value(r#"turned("rtt")"#), Some(0.0));
    let mut turned = params.clone();
    turned.set(STAGES[0].specs, "rtt", "1 s").unwrap();
    assert_eq!(in_run(r#"turned("rtt") * rtt"#, &turned, &run), Some(1.0));
}

#[test]
fn from_the_first_syn_on_a_lookup_before_it_is_not_counted() {
    let params = Params::defaults(STAGES[0].specs);
    let mut run = Digest {
        commands: vec![said(0, "get /a"), said(200, "get /b")],
        events: vec![said(120, "response /a 200 5"), said(324, "response /b 200 5")],
        ..Digest::default()
    };
    let value = |run: &Digest| in_run("since_syn", &params, run);
    run.dials.push(said(4, "").mark);
    assert_eq!(value(&run), None, "the last command finds a connection open");
    run.dials.extend([said(204, "").mark, said(210, "").mark]);
    assert_eq!(value(&run), Some(0.12), "the first of two connections for the last command");
    assert_eq!(in_run("measured", &params, &run), Some(0.124));
    run.events.pop();
    assert_eq!(value(&run), None, "the answer has not come");
}

#[test]
fn an_answer_that_has_not_come_yet_is_not_measured() {
    let params = Params::defaults(STAGES[0].specs);
    let run = Digest {
        commands: vec![said(0, "get /a"), said(200, "get /b")],
        events: vec![said(120, "response /a 200 5")],
        ..Digest::default()
    };
    assert_eq!(in_run("measured", &params, &run), None);
    assert_eq!(in_run(r#"mean("browser", "get *", "response *")"#, &params, &run), None);
}

#[test]
fn operators_bind_as_in_a_textbook() {
    assert_eq!(value("2 + 3 * 4"), Some(14.0));
    assert_eq!(value("(2 + 3) * 4"), Some(20.0));
    assert_eq!(value("10 - 4 - 3"), Some(3.0));
    assert_eq!(value("-2 * -3"), Some(6.0));
    assert_eq!(value("1 + 1 == 2 and 3 > 2"), Some(1.0));
    assert_eq!(value("ceil(9 / 5) + max(1, 2) - floor(1.9)"), Some(3.0));
    assert_eq!(value("0.1 + 0.2 == 0.3"), Some(1.0), "equal but for rounding is equal");
    assert_eq!(value("0.1 + 0.2 > 0.3"), Some(0.0));
}

#[test]
fn numbers_carry_units_and_parameters_are_in_base_units() {
    assert_eq!(value("60 ms"), Some(0.06));
    assert_eq!(value("1.5 Mbit/s"), Some(1_500_000.0));
    assert_eq!(value("2 kB * 8 / 1 Mbit/s"), Some(0.016));
    assert_eq!(value("50%"), Some(0.5));
    assert_eq!(value("rtt * objects / 480 ms"), Some(1.0));
}

#[test]
fn what_has_no_value_leaves_none_to_what_depends_on_it() {
    assert_eq!(value("measured"), None);
    assert_eq!(value("measured + 1"), None);
    assert_eq!(value("1 / 0"), None);
    assert_eq!(value("mode"), None, "a word is not a number");
}

#[test]
fn quantities_are_shown_in_the_unit_that_suits() {
    assert_eq!(Kind::Time.show(0.06), "60\u{a0}ms");
    assert_eq!(Kind::Time.show(1.25), "1.25\u{a0}s");
    assert_eq!(Kind::Rate.show(10e6), "10\u{a0}Mbit/s");
    assert_eq!(Kind::Size.show(2140.0), "2.14\u{a0}kB");
    assert_eq!(Kind::Time.show(0.0), "0\u{a0}s");
    assert_eq!(show_in(0.12345, "%"), "12.35%");
    assert_eq!(number(1234.5), "1234", "half to even");
    assert_eq!(number(3.0), "3");
    for (unit, one) in [
        ("connections", "1\u{a0}connection"),
        ("queries", "1\u{a0}query"),
        ("tries", "1\u{a0}try"),
        ("cookies", "1\u{a0}cookie"),
        ("RTT", "1\u{a0}RTT"),
    ] {
        assert_eq!(show_in(1.0, unit), one);
    }
    assert_eq!(show_in(1.0, "ms"), "1000\u{a0}ms");
}

/// The ring of three nodes 8, 14 and 42 out of 64, of which the last two know only each other.
fn ring() -> Digest {
    let node = |id: u64, next: u64, is_on: bool| {
        let at = |id: u64| SocketAddr::from(([10, 0, 0, id as u8], 4000));
        let pointer = |id, role, rank| Pointer { to: at(id), id: Key::from_value(id), role, rank };
        let place = overlay::Place {
            id: Key::from_value(id),
            bits: 6,
            geometry: Geometry::Ring,
            is_member: true,
            holds: 2,
        };
        let fingers = [pointer(14, Role::Finger, 0), pointer(42, Role::Finger, 3)];
        let pointers = [&[pointer(next, Role::Successor, 0)], &fingers[..]].concat();
        Standing { name: format!("N{id}"), place, is_on, pointers }
    };
    let measured = |host, value| Measured { host, quantity: "hops", value };
    let nodes = vec![node(8, 14, true), node(14, 42, true), node(42, 14, true)];
    let samples = vec![measured(0, 2), measured(1, 5), measured(0, 4), measured(2, 1)];
    Digest { overlay: Overlay { nodes, samples, machines: Vec::new() }, ..Digest::default() }
}

#[test]
fn keys_belong_to_their_successors_among_the_members_that_are_on() {
    let params = Params::defaults(STAGES[0].specs);
    let mut run = ring();
    let value = |run: &Digest, text: &str| in_run(text, &params, run);
    assert_eq!(value(&run, r##"owner("#14")"##), Some(14.0), "a node's own number is its own");
    assert_eq!(value(&run, r##"owner("#50")"##), Some(8.0), "round the circle");
    assert_eq!(value(&run, r##"owns("N42", "#15") + owns("N8", "#15")"##), Some(1.0));
    run.overlay.nodes[2].is_on = false;
    assert_eq!(value(&run, r##"owner("#15")"##), Some(8.0));
    assert_eq!(value(&run, r#"members("*") + members("N4*")"#), Some(2.0));
    assert_eq!(value(&run, r#"holds("N14") + holds("*")"#), Some(6.0));
}

#[test]
fn the_load_of_a_machine_is_that_of_all_its_nodes_that_are_there() {
    let params = Params::defaults(STAGES[0].specs);
    let mut run = ring();
    run.overlay.nodes[0].place.holds = 7;
    let value = |run: &Digest, text: &str| in_run(text, &params, run);
    assert_eq!(value(&run, "load(100%)"), Some(7.0), "each node is a machine");
    assert_eq!(value(&run, "load(50%)"), Some(2.0));
    run.overlay.machines = vec![0..1, 1..3];
    assert_eq!(value(&run, "load(50%)"), Some(4.0), "two nodes with two keys each");
    run.overlay.nodes[2].is_on = false;
    assert_eq!(value(&run, "load(50%)"), Some(2.0));
    assert_eq!(value(&run, "load(100%)"), Some(7.0));
}

#[test]
fn nearest_by_xor_is_not_nearest_on_the_circle() {
    let params = Params::defaults(STAGES[0].specs);
    let mut run = ring();
    run.overlay.nodes.iter_mut().for_each(|node| node.place.geometry = Geometry::Xor);
    // 13 is 001101: 14 differs in the last two bits, 8 in the third and the last; 16 is next to 14
    // by subtraction, and differs from it in all but one bit.
    assert_eq!(in_run(r##"owner("#13")"##, &params, &run), Some(14.0));
    assert_eq!(in_run(r##"owner("#16")"##, &params, &run), Some(8.0));
}

#[test]
fn measured_quantities_are_counted_and_ranked() {
    let params = Params::defaults(STAGES[0].specs);
    let run = ring();
    let value = |text: &str| in_run(text, &params, &run);
    assert_eq!(value(r#"samples("hops") + samples("timeouts")"#), Some(4.0));
    assert_eq!(value(r#"average("hops")"#), Some(3.0));
    assert_eq!(value(r#"average("timeouts")"#), None, "nothing was measured");
    assert_eq!(value(r#"percentile("hops", 50%)"#), Some(2.0));
    assert_eq!(value(r#"percentile("hops", 51%)"#), Some(4.0));
    assert_eq!(value(r#"percentile("hops", 100%) + percentile("hops", 0)"#), Some(6.0));
    assert_eq!(value(r#"latest("N8", "hops")"#), Some(4.0));
    assert_eq!(value(r#"latest("N9", "hops")"#), None);
}

#[test]
fn pointers_are_compared_with_the_ring_as_it_should_be() {
    let params = Params::defaults(STAGES[0].specs);
    let run = ring();
    let value = |text: &str| in_run(text, &params, &run);
    assert_eq!(value(r#"pointer("N8", "successor", 0)"#), Some(14.0));
    assert_eq!(value(r#"pointer("N8", "finger", 2)"#), Some(14.0), "until the next finger begins");
    assert_eq!(value(r#"pointer("N8", "finger", 5)"#), Some(42.0));
    assert_eq!(value(r#"knows("N8", "finger", 3) + knows("N8", "bucket", 3)"#), Some(1.0));
    assert_eq!(value(r#"astray("successor")"#), Some(1.0), "42 should know 8");
    assert_eq!(value(r#"astray("predecessor")"#), Some(3.0), "nobody knows any");
}
