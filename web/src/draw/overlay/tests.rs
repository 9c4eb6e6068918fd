//! The geometry of the overlay: what is in sight, who is near, what covers what.

use std::collections::BTreeSet;
use std::rc::Rc;

use course::stages::{self, Params};
use protocols::overlay::{Geometry, Key};
use world::{Act, History, HostId, Power};

use super::*;

/// Nodes at these identifiers of a space of six bits, the host of each being its place in the list.
fn crowd(ids: &[u64]) -> Crowd {
    let dots = ids.iter().zip(0..).map(|(id, host)| Dot {
        host,
        key: Key::from_value(*id),
        turn: Key::from_value(*id).turn(6),
        standing: Standing::Member,
        holds: *id as u32,
    });
    Crowd::among(Geometry::Ring, 6, dots.collect(), ids.len())
}

/// The name of a node, to be written a little outside of the circle.
fn wanted(dot: &Dot, text: String) -> Wanted {
    let (whose, turn) = (Whose::Host(dot.host), dot.turn);
    Wanted { whose, text, turn, out_px: 12.0, may_move: false, must: false }
}

/// The ring of figure 2 of Chord (ToN 2003).
const RING: [u64; 10] = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

#[test]
fn turns_and_points_are_inverse_and_grow_clockwise_from_the_top() {
    assert!(close(point(0.0, 1.0).1, -1.0) && close(point(0.25, 1.0).0, 1.0));
    for step in 0..1000 {
        let turn = f64::from(step) / 1000.0;
        assert!(close(turn_of(point(turn, 0.7)), turn), "{turn}");
    }
}

#[test]
fn what_the_wheel_turns_about_stays_under_the_pointer() {
    let mut camera = Camera::whole(700.0, 500.0);
    let at = (430.0, 140.0);
    for by in [1.5, 2.0, 1.3, 0.7, 3.0] {
        let before = camera.unproject(at);
        camera = camera.zoomed(by, at);
        let after = camera.unproject(at);
        assert!(close(before.0, after.0) && close(before.1, after.1), "by {by}");
        let back = camera.unproject(camera.project((0.3, -0.8)));
        assert!(close(back.0, 0.3) && close(back.1, -0.8));
    }
    assert_eq!(camera.zoomed(1e-9, at), Camera::whole(700.0, 500.0), "farthest is the whole");
}

#[test]
fn every_node_in_the_picture_is_in_the_arc_that_may_be_in_sight() {
    let whole = Camera::whole(640.0, 420.0);
    for turn in [0.0, 0.1, 0.37, 0.5, 0.74, 0.999] {
        for reach in [0.4, 0.2, 0.05, 0.001, 0.000_01] {
            let camera = whole.near(turn, reach);
            let (from, wide) = camera.arc();
            assert!(camera.sees(camera.project(point(turn, 1.0))), "{turn} {reach}");
            for step in 0..5000 {
                let other = f64::from(step) / 5000.0;
                let at = camera.project(point(other, 1.0));
                let inside = (0.0..=640.0).contains(&at.0) && (0.0..=420.0).contains(&at.1);
                assert!(!inside || clockwise(from, other) <= wide, "{other} from {turn} {reach}");
            }
        }
    }
}

#[test]
fn the_nearest_node_is_found_on_both_sides_of_zero() {
    let ring = crowd(&RING);
    let id = |turn: f64| ring.nearest(turn).and_then(|dot| dot.key.value());
    assert_eq!([0.0, 0.99, 0.93, 0.3, 0.51].map(id), [1, 1, 56, 21, 32].map(Some));
    assert_eq!(crowd(&[]).nearest(0.5), None);
}

#[test]
fn neighbours_and_owners_wrap_round() {
    let ring = crowd(&RING);
    let beside = |host, places| ring.beside(host, places).and_then(|dot| dot.key.value());
    assert_eq!([beside(0, -1), beside(9, 1), beside(1, 2)], [56, 1, 21].map(Some));
    let owner = |id: u64| ring.owner(Key::from_value(id)).and_then(|dot| dot.key.value());
    // Figure 2: K10 is at N14, K24 and K30 at N32, K38 at N38, K54 at N56; K60 wraps to N1.
    assert_eq!([10, 24, 30, 38, 54, 60].map(owner), [14, 32, 32, 38, 56, 1].map(Some));
}

#[test]
fn a_stretch_of_the_circle_holds_its_nodes_once_and_in_order() {
    let ring = crowd(&RING);
    let ids = |from: f64, reach: f64| -> Vec<u64> {
        ring.within(from, reach).filter_map(|dot| dot.key.value()).collect()
    };
    assert_eq!(ids(0.0, 1.0), RING);
    assert_eq!(ids(0.7, 0.4), [48, 51, 56, 1], "over zero");
    assert_eq!(ids(0.2, 0.2), [14, 21]);
    assert_eq!(ids(0.5, 1.0).len(), RING.len());
}

#[test]
fn buckets_cover_everybody_else_once() {
    let ring = crowd(&RING);
    for own in &ring.dots {
        let found = wedges(&ring, own, 64);
        let nodes: usize = found.iter().map(|wedge| wedge.nodes).sum();
        assert_eq!(nodes, RING.len() - 1);
        for wedge in &found {
            for other in ring.within(wedge.from, wedge.reach * 0.999_999) {
                let shared = other.key.shared_prefix_bits(own.key) - (Key::BITS - 6);
                assert_eq!(shared, wedge.shared, "{:?} and {:?}", own.key, other.key);
            }
        }
    }
}

#[test]
fn the_tree_has_a_branch_for_every_node_but_one_and_ends_in_every_leaf() {
    let ring = crowd(&RING);
    let tree = boughs(&ring, (0.0, 1.0), 0.0);
    let forks = tree.iter().filter(|bough| bough.children.iter().all(Option::is_some));
    assert_eq!(forks.count(), RING.len() - 1);
    let twigs = tree.iter().flat_map(|bough| bough.children).flatten();
    assert_eq!(twigs.filter(|twig| twig.is_leaf).count(), RING.len());
    assert!((0..60).all(|depth| depth_radius(depth) < depth_radius(depth + 1)));
}

#[test]
fn curves_begin_and_end_at_their_nodes_and_stay_within_the_circle() {
    for (from, to) in [(0.0, 0.5), (0.1, 0.12), (0.9, 0.1), (0.3, 0.8)] {
        let curve = Curve::between(from, to);
        assert!(close(turn_of(curve.at(0.0)), from) && close(turn_of(curve.at(1.0)), to));
        for step in 0..=50 {
            let (x, y) = curve.at(f64::from(step) / 50.0);
            assert!(x.hypot(y) <= 1.0 + 1e-9);
        }
    }
}

#[test]
fn names_never_touch_and_the_first_ones_are_written() {
    let ids: Vec<u64> = (0..64).collect();
    let all = crowd(&ids);
    let camera = Camera::whole(640.0, 480.0);
    let wanted = all.dots.iter().rev().map(|dot| wanted(dot, format!("node {}", dot.host)));
    let found = names(wanted, &camera, &Busy::default());
    assert_eq!(found.first().map(|name| name.whose), Some(Whose::Host(63)));
    assert!(found.len() > 10, "{}", found.len());
    for (at, one) in found.iter().enumerate() {
        for other in found.iter().skip(at + 1) {
            let [left, top, right, bottom] = one.room;
            let apart = right < other.room[0]
                || other.room[2] < left
                || bottom < other.room[1]
                || other.room[3] < top;
            assert!(apart, "{} and {}", one.text, other.text);
        }
    }
}

/// A run on the stage `ring`, on which the first node is given two keys.
fn run_with_keys() -> History {
    let mut params = Params::default();
    let ring = stages::named("ring").expect("the stage ring");
    params.set(ring.specs, "nodes", "8").expect("eight nodes");
    let plan = stages::build("ring", &params).expect("a ring");
    let mut history = History::new(Rc::new(plan), 7);
    for key in ["song.mp3", "talk.ogg"] {
        let act = Act::Command { host: HostId(0), text: format!("put {key} here") };
        history.meddle(act).expect("a command that the node knows");
        history.run(400);
    }
    history
}

#[test]
fn a_census_that_follows_the_moment_says_what_looking_at_every_node_says() {
    let mut history = run_with_keys();
    let off = Act::Power { host: HostId(3), power: Power::Off };
    history.meddle(off).expect("a host that is on");
    history.run(200);
    let (mut census, mut seen) = (Census::default(), BTreeSet::new());
    let end = history.len();
    let walk = [end, 0, 9, 10, 11, end - 3, 40, end / 2, end, end / 3, 1];
    for moment in walk.into_iter().chain((0..end).step_by(5)) {
        history.seek(moment);
        let crowd = census.at(&history);
        assert_eq!(*crowd, Crowd::of(history.world()), "at {moment}");
        let held: u32 = crowd.dots.iter().map(|dot| dot.holds).sum();
        seen.insert((crowd.members, held));
    }
    assert!(seen.iter().any(|(members, _)| *members == 7), "{seen:?}");
    assert!(seen.iter().any(|(_, held)| *held >= 2), "{seen:?}");
}

#[test]
fn a_census_gives_the_same_value_while_no_node_changes_and_not_that_of_another_branch() {
    let mut history = run_with_keys();
    let mut census = Census::default();
    let before = census.at(&history);
    history.run(8);
    assert!(Rc::ptr_eq(&before, &census.at(&history)), "nothing was stored or joined");
    history.seek(history.begins());
    history.fork();
    let off = Act::Power { host: HostId(5), power: Power::Off };
    history.meddle(off).expect("a host that is on");
    history.run(600);
    assert_eq!(*census.at(&history), Crowd::of(history.world()));
}

#[test]
fn a_machine_holds_what_its_nodes_hold_that_are_members() {
    let mut crowd = crowd(&RING);
    let loads = |crowd: &Crowd| crowd.machine_loads(&[0..2, 2..5, 5..10]);
    assert_eq!(loads(&crowd), [9, 67, 235]);
    assert_eq!(crowd.machine_loads(&[]).len(), 10, "each node is a machine");
    let gone = Dot { standing: Standing::Off, ..*crowd.at(4).unwrap() };
    crowd.replace(gone);
    assert_eq!(loads(&crowd), [9, 35, 235]);
    for host in [0, 1] {
        let gone = Dot { standing: Standing::Off, ..*crowd.at(host).unwrap() };
        crowd.replace(gone);
    }
    assert_eq!(loads(&crowd), [35, 235], "a machine of which nothing is left is not counted");
}

#[test]
fn hops_are_numbered_as_a_lookup_counts_them() {
    let ring = crowd(&RING);
    let hop =
        |host: u32, outcome| Hop { host, from: 1, named_by: None, entry: 0, asked: 0, outcome };
    let answered = Outcome::Answered(9);
    let path = |target| Path {
        asker: 1,
        command: "lookup #54".to_string(),
        target,
        hops: vec![hop(6, answered), hop(8, Outcome::Silent), hop(7, answered), hop(9, answered)],
        measured: Vec::new(),
        says: String::new(),
    };
    let sought = path(Some(Key::from_value(54)));
    // N42, N51 that is silent, N48, and N56, to which the key belongs and which is only greeted.
    assert_eq!(sought.numbers(&ring), [Some(1), Some(1), Some(2), None]);
    assert_eq!(path(None).numbers(&ring).last(), Some(&Some(3)), "nothing is looked for");
    let mut tree = ring;
    tree.geometry = Geometry::Xor;
    let all = [Some(1), Some(2), Some(3), Some(4)];
    assert_eq!(sought.numbers(&tree), all, "Kademlia asks the nearest as it asks all others");
}

#[test]
fn a_curve_is_shortened_to_the_rim_of_what_it_points_to() {
    for (from, to) in [(0.0, 0.5), (0.1, 0.16), (0.9, 0.1), (0.3, 0.8)] {
        let whole = Curve::between(from, to).map(|(x, y)| (180.0 * x, 180.0 * y));
        let cut = whole.shortened(8.0);
        let gap = (whole.to.0 - cut.to.0).hypot(whole.to.1 - cut.to.1);
        assert!((8.0..11.0).contains(&gap), "{gap} from {from} to {to}");
        let (x, y) = cut.at(0.5);
        let off = (0..=1000).map(|step| {
            let (on_x, on_y) = whole.at(f64::from(step) / 1000.0);
            (on_x - x).hypot(on_y - y)
        });
        assert!(off.fold(f64::MAX, f64::min) < 0.5, "it goes the same way");
    }
}

#[test]
fn no_name_lies_upon_a_stroke_and_a_few_stand_farther_out_instead() {
    let close_by = crowd(&[0, 1, 32]);
    let camera = Camera::whole(400.0, 400.0);
    let named = |strokes: &[(Point, Point)], may_move| {
        let named = |dot| Wanted { may_move, ..wanted(dot, format!("N{:08}", dot.host)) };
        let busy = Busy { nodes: strokes.to_vec(), ..Busy::default() };
        let found = names(close_by.dots.iter().map(named), &camera, &busy);
        found.iter().map(|name| name.whose).collect::<Vec<_>>()
    };
    let [first, second, third] = [0, 1, 2].map(Whose::Host);
    assert_eq!(named(&[], false), [first, third], "neighbours have no room side by side");
    assert_eq!(named(&[], true), [first, second, third]);
    let at = |px: f64| camera.project(point(0.5, 1.0 + px / camera.radius()));
    assert_eq!(named(&[(at(8.0), at(30.0))], false), [first], "a stroke is in the way");
}

#[test]
fn a_name_that_must_be_written_stands_upon_strokes_for_keys_and_never_upon_nodes_or_outside() {
    let (ring, camera) = (crowd(&[48]), Camera::whole(200.0, 200.0));
    let dots = (0..40 * 40).map(|at| (f64::from(at % 40) * 5.0, f64::from(at / 40) * 5.0));
    let everywhere: Vec<_> = dots.map(|at| (at, at)).collect();
    let name = |must, text: &str, busy: &Busy| {
        let wanted = ring.dots.iter().map(|dot| Wanted { must, ..wanted(dot, text.to_string()) });
        names(wanted, &camera, busy).pop()
    };
    let loads = Busy { loads: everywhere.clone(), ..Busy::default() };
    assert_eq!(name(false, "N4", &loads), None, "there is no room");
    assert!(name(true, "N4", &loads).is_some_and(|name| name.upon));
    assert_eq!(name(true, "N4", &Busy { nodes: everywhere, ..Busy::default() }), None);
    assert!(name(true, "N4", &Busy::default()).is_some_and(|name| !name.upon));
    assert_eq!(name(false, "N48", &Busy::default()), None, "it would reach outside");
    assert!(name(true, "N48", &Busy::default()).is_some_and(|name| name.room[0] >= 0.0));
}

#[test]
fn the_number_of_a_hop_stands_off_the_lines_and_off_other_numbers() {
    let (node, inward, off, radius) = ((100.0, 0.0), (0.0, 1.0), 22.0, 9.0);
    let place = |lines: &[Curve], others: &[Point]| badge(node, inward, off, radius, lines, others);
    let straight = (100.0, 22.0);
    assert_eq!(place(&[], &[]), Some(straight));
    let across = Curve { from: (100.0, 200.0), by: (100.0, 100.0), to: node };
    let beside = place(&[across], &[]).expect("there is room");
    assert!((beside.0 - 100.0).abs() >= radius, "{beside:?} lies upon the line");
    let other = place(&[across], &[beside]).expect("there is room on the other side");
    assert!((beside.0 - other.0).hypot(beside.1 - other.1) >= 2.0 * radius);
    let all: Vec<Point> = (0..100).map(|at| (50.0 + f64::from(at), 12.0)).collect();
    assert_eq!(place(&[], &all), None, "numbers stand everywhere");
}

#[test]
fn a_node_that_has_nothing_to_answer_is_not_waited_for() {
    let mut params = Params::default();
    let ring = stages::named("ring").expect("the stage ring");
    params.set(ring.specs, "nodes", "8").expect("eight nodes");
    let mut history = History::new(Rc::new(stages::build("ring", &params).expect("a ring")), 7);
    let act = Act::Command { host: HostId(0), text: "stabilise".to_string() };
    history.meddle(act).expect("a command that the node knows");
    history.run(400);
    let trace = history.trace();
    let first = trace.entries.iter().position(|entry| !entry.flights.is_empty());
    let entries = &trace.entries[first.expect("it asks")..];
    let path = Path::of(entries, trace, Geometry::Ring, 160).expect("a command");
    let outcomes: Vec<Outcome> = path.hops.iter().map(|hop| hop.outcome).collect();
    assert!(!outcomes.contains(&Outcome::Asked), "{outcomes:?}");
}
