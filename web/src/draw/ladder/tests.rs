//! The layout of whole sketches.

use std::collections::BTreeSet;

use super::*;

/// A browser that fetches `n` objects at once from a server 30 ms away, and the answers.
fn burst(n: u64) -> Sketch {
    let line = |name: &'static str| Lifeline { name: name.into(), ..Lifeline::default() };
    let mut sketch = Sketch {
        lines: vec![line("browser"), line("dns"), line("www.cs.test")],
        ..Sketch::default()
    };
    for k in 0..n {
        for (from, leaves, title) in [
            (0, k * 40_000, format!("GET /{k}.png")),
            (2, 30_000_000 + k * 900_000, "200 OK".into()),
        ] {
            sketch.arrows.push(Arrow {
                id: sketch.arrows.len() as u64,
                entry: 0,
                from,
                to: 2 - from,
                leaves,
                sent: leaves + 40_000,
                arrives: leaves + 30_040_000,
                fate: Fate::Arrives,
                title: title.into(),
                detail: "image/png · 2 140 B".into(),
                protocol: "http",
                kind: Kind::Message,
            });
        }
    }
    for k in 0..6 {
        sketch.states.push(State {
            line: (k % 3) as usize,
            entry: 0,
            from: k * 9_000_000,
            to: (k + 3) * 9_000_000,
            name: "Awaiting".into(),
        });
    }
    sketch.end = 80_000_000;
    sketch
}

fn room(width: f32) -> Room {
    Room {
        width,
        zoom: 1.0,
        compress: true,
        hidden_lines: BTreeSet::new(),
        hidden_protocols: BTreeSet::new(),
        entries: 0..usize::MAX,
    }
}

fn labels(picture: &Picture) -> Vec<Rect> {
    let of_arrows = picture.arrows.iter().filter_map(|arrow| arrow.label.as_ref());
    let of_bars = picture.bars.iter().filter_map(|bar| bar.label.as_ref());
    let of_hooks = picture.hooks.iter().filter_map(|hook| hook.label.as_ref());
    let pauses = picture.pauses.iter();
    of_arrows.chain(of_bars).chain(of_hooks).chain(pauses).map(|label| label.rect).collect()
}

#[test]
fn no_two_labels_of_any_kind_overlap_at_any_width() {
    for width in [336.0, 480.0, 700.0, 1500.0] {
        for n in [1, 3, 8, 40] {
            let labels = labels(&layout(&burst(n), &room(width)));
            assert!(!labels.is_empty());
            for (at, one) in labels.iter().enumerate() {
                for other in labels.iter().skip(at + 1) {
                    assert!(!one.meets(other), "{one:?} covers {other:?} at {width}");
                }
            }
        }
    }
}

#[test]
fn no_label_leaves_the_picture() {
    for width in [336.0, 480.0, 700.0] {
        for rect in labels(&layout(&burst(12), &room(width))) {
            assert!(rect.left >= 0.0 && rect.left + rect.width <= width, "{rect:?} in {width}");
        }
    }
}

#[test]
fn lifelines_stand_apart_however_many_there_are_and_stay_in_the_picture() {
    for width in [336.0, 390.0, 519.0, 521.0, 700.0, 1500.0] {
        for hosts in 1..12 {
            let mut sketch = burst(3);
            sketch.lines.resize_with(hosts, Lifeline::default);
            let picture = layout(&sketch, &room(width));
            let places: Vec<f32> = picture.columns.iter().copied().flatten().collect();
            for (one, next) in places.iter().zip(places.iter().skip(1)) {
                assert!(next - one >= 83.9, "{} apart, {hosts} hosts in {width}", next - one);
            }
            assert!(places.iter().all(|x| *x >= 40.0 && *x <= picture.width - 40.0));
            assert!(hosts > 3 || picture.width == width, "{hosts} hosts fit without scrolling");
        }
    }
}

#[test]
fn lifelines_stand_from_left_to_right_as_their_hosts_do_on_the_map() {
    let mut sketch = burst(1);
    let order = |sketch: &Sketch, hidden: &[usize]| {
        let mut room = room(700.0);
        room.hidden_lines.extend(hidden);
        let columns = layout(sketch, &room).columns;
        let shown = columns.iter().enumerate().filter_map(|(line, x)| Some((line, (*x)?)));
        let mut shown: Vec<(usize, f32)> = shown.collect();
        shown.sort_by(|one, other| one.1.total_cmp(&other.1));
        shown.into_iter().map(|(line, _)| line).collect::<Vec<_>>()
    };
    assert_eq!(order(&sketch, &[]), [0, 1, 2], "by index where nothing else is said");
    for (line, column) in sketch.lines.iter_mut().zip([3, 3, -2]) {
        line.column = column;
    }
    assert_eq!(order(&sketch, &[]), [2, 0, 1]);
    assert_eq!(order(&sketch, &[0]), [2, 1]);
}

#[test]
fn the_slope_is_the_delay_and_the_width_is_the_transmission_time() {
    let mut sketch = burst(1);
    let arrow = sketch.arrows.get_mut(0).expect("the first");
    (arrow.sent, arrow.arrives) = (10_000_000, 40_000_000);
    let picture = layout(&sketch, &Room { compress: false, ..room(700.0) });
    let shape = picture.arrows[0].shape;
    let per_ms = picture.axis.y(1_000_000) - picture.axis.y(0);
    assert!((shape.head.1 - shape.tail.1 - 30.0 * per_ms).abs() < 0.1, "{shape:?}");
    assert!((shape.tail_end.1 - shape.tail.1 - 10.0 * per_ms).abs() < 0.1, "{shape:?}");
    assert!((shape.head_end.1 - shape.head.1 - 10.0 * per_ms).abs() < 0.1, "{shape:?}");
}

/// One host asks three others, nearly at once or one after the other, 10 ms there and back.
fn search(at_once: bool) -> Sketch {
    let line = |name: &'static str| Lifeline { name: name.into(), ..Lifeline::default() };
    let mut sketch = burst(1);
    sketch.lines = vec![line("asker"), line("a"), line("b"), line("c")];
    let like = sketch.arrows.iter().next().cloned().unwrap();
    sketch.arrows = Default::default();
    sketch.states = Default::default();
    for to in 1..4 {
        let begun = to as u64 * if at_once { 1_000_000 } else { 10_000_000 };
        for (from, to, sent) in [(0, to, begun), (to, 0, begun + 5_000_000)] {
            let (id, arrives) = (sketch.arrows.len() as u64, sent + 5_000_000);
            sketch.arrows.push(Arrow { id, from, to, leaves: sent, sent, arrives, ..like.clone() });
        }
    }
    sketch
}

#[test]
fn time_is_drawn_larger_where_the_messages_of_several_hosts_cross() {
    let height = |sketch: &Sketch| {
        let picture = layout(sketch, &room(800.0));
        let first = sketch.arrows.iter().next().unwrap();
        picture.axis.y(first.arrives) - picture.axis.y(first.sent)
    };
    let (one, three) = (height(&search(false)), height(&search(true)));
    assert!((one * 2.4..one * 2.6).contains(&three), "{one} and {three}");
    // Many between the same two are no crowd.
    let mut pipeline = burst(40);
    let two = height(&pipeline);
    pipeline.lines.push(Lifeline { name: "another".into(), ..Lifeline::default() });
    assert_eq!(height(&pipeline), two);
}

/// Whether an arrow runs through the words of a label: looked for point by point.
fn strikes(shape: &Shape, label: &Rect) -> bool {
    let (from, to) = (shape.tail, shape.head_end);
    (0..=1000u16).map(|step| f32::from(step) / 1000.0).any(|share| {
        let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        (label.left..label.left + label.width).contains(&x)
            && (label.top + 2.0..label.top + label.height - 2.0).contains(&y)
    })
}

#[test]
fn words_keep_off_the_arrows_of_a_search_that_asks_several_at_once() {
    for width in [700.0, 900.0, 1200.0] {
        let picture = layout(&search(true), &room(width));
        let words = || picture.arrows.iter().filter_map(|drawn| drawn.label.as_ref());
        let struck = words()
            .filter(|label| picture.arrows.iter().any(|drawn| strikes(&drawn.shape, &label.rect)));
        assert_eq!((words().count(), struck.count()), (6, 0), "at {width}");
    }
}

#[test]
fn hidden_hosts_and_protocols_take_their_arrows_with_them() {
    let mut room = room(700.0);
    room.hidden_lines.insert(2);
    assert!(layout(&burst(3), &room).arrows.is_empty());
    room.hidden_lines.clear();
    room.hidden_protocols.insert("http".into());
    assert!(layout(&burst(3), &room).arrows.is_empty());
}

#[test]
fn a_loss_ends_where_it_happens() {
    let mut sketch = burst(1);
    for (at, from, to) in [
        (LostAt::Sender, 104.0, 200.0),
        (LostAt::Way, 300.0, 450.0),
        (LostAt::Receiver, 450.0, 520.0),
    ] {
        let fate = Fate::Lost { why: "dropped by you".into(), at };
        sketch.arrows.get_mut(0).expect("the first").fate = fate;
        let picture = layout(&sketch, &room(700.0));
        let (x, _) = picture.arrows[0].shape.lost.expect("it is lost");
        assert!(x > from && x < to, "{at:?}: {x}");
    }
}

/// One host sends these to hosts at one moment, as datagrams.
fn at_once(told: &[(usize, &'static str)]) -> Sketch {
    let line = |name: &'static str| Lifeline { name: name.into(), ..Lifeline::default() };
    let mut sketch = burst(1);
    let like = sketch.arrows.iter().next().cloned().unwrap();
    sketch.lines = ["asker", "a", "b", "c", "d", "e"].map(line).to_vec();
    sketch.arrows = Default::default();
    for (id, (to, title)) in (0..).zip(told) {
        let (to, title) = (*to, (*title).into());
        sketch.arrows.push(Arrow { id, to, title, kind: Kind::Datagram, ..like.clone() });
    }
    sketch
}

#[test]
fn datagrams_that_fly_together_are_drawn_beside_each_other_unless_they_say_the_same() {
    let tails = |told: &[(usize, &'static str)]| {
        let picture = layout(&at_once(told), &room(900.0));
        picture.arrows.iter().map(|drawn| drawn.shape.tail.1).collect::<Vec<_>>()
    };
    let apart = tails(&[(1, "transfer"), (2, "leave"), (1, "leave"), (1, "ping")]);
    assert_eq!(apart[1], apart[3], "to different hosts they go different ways");
    assert!(apart[2] > apart[0] + 3.0 && apart[3] > apart[2] + 3.0, "{apart:?}");
    let same = tails(&[(1, "ping"), (1, "ping")]);
    assert_eq!(same[0], same[1], "one label counts them");
}

#[test]
fn what_is_said_to_many_at_once_is_written_once_and_counted() {
    let titles = |count: usize| {
        let told: Vec<_> = (1..=count).map(|to| (to, "announce")).collect();
        let picture = layout(&at_once(&told), &room(1200.0));
        let labels = picture.arrows.into_iter().filter_map(|drawn| drawn.label);
        labels.map(|label| label.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(3), ["announce", "announce", "announce"]);
    assert_eq!(titles(5), ["announce \u{d7}5"]);
}

#[test]
fn what_is_drawn_larger_is_not_pressed_together_for_that() {
    let mut sketch = search(true);
    for (end, gaps) in [(13_000_000, 0), (80_000_000, 1)] {
        sketch.end = end;
        for zoom in [1.0, 2.0] {
            let picture = layout(&sketch, &Room { zoom, ..room(800.0) });
            assert_eq!(picture.axis.gaps().len(), gaps, "at {zoom}, until {end}");
            assert!(picture.axis.gaps().iter().all(|gap| gap.height < 90.0), "idle time is");
        }
    }
}

#[test]
fn lanes_are_as_wide_as_lifelines_stand_apart() {
    let picture = layout(&burst(1), &room(700.0));
    let columns: Vec<f32> = picture.columns.iter().flatten().copied().collect();
    assert!(picture.lane().is_some_and(|lane| (lane - (columns[1] - columns[0])).abs() < 0.01));
    let mut alone = room(700.0);
    alone.hidden_lines.extend([0, 1]);
    assert_eq!(layout(&burst(1), &alone).lane(), None);
}
