//! The formulas of the textbooks against what the simulated network measures.

use course::judge::rehearse;
use course::lesson::Scene;
use course::measure::{Expr, Facts};
use course::stages::{self, Params};
use course::{Lesson, Place, lesson};

/// The last scene of the lesson on connections, where every knob turns.
fn scene() -> Scene {
    lesson("http-connections").unwrap().scenes.pop().unwrap()
}

/// What an expression gives in a run with these settings.
fn value(scene: &Scene, settings: &[(&str, String)], expr: &str) -> f64 {
    let mut params: Params = scene.opening.params.clone();
    for (name, text) in settings {
        params.set(stages::named("web").unwrap().specs, name, text).unwrap();
    }
    let digest = rehearse(scene, &params).unwrap().digest();
    let expr = Expr::read(expr, Place::line(1)).unwrap();
    expr.value(&Facts::of(scene, &params, &digest)).unwrap()
}

fn set(
    mode: &str,
    rtt_ms: u32,
    bandwidth_bps: u32,
    n: u32,
    size: u32,
) -> Vec<(&'static str, String)> {
    vec![
        ("mode", mode.to_string()),
        ("rtt", format!("{rtt_ms} ms")),
        ("bandwidth", bandwidth_bps.to_string()),
        ("objects", n.to_string()),
        ("size", size.to_string()),
    ]
}

#[test]
fn eight_tiny_objects_take_18_6_10_and_3_round_trips() {
    let scene = scene();
    for (mode, trips) in
        [("serial", 18.0), ("parallel", 6.0), ("persistent", 10.0), ("pipelined", 3.0)]
    {
        let measured = value(&scene, &set(mode, 60, 0, 8, 100), "since_syn / rtt");
        assert!((measured - trips).abs() < 1e-9, "{mode}: {measured} round trips");
    }
}

#[test]
fn without_a_limit_to_bandwidth_every_formula_is_exact() {
    let scene = scene();
    let formulas = [
        ("serial", "(objects + 1) * 2 * rtt"),
        ("parallel", "2 * rtt + ceil(objects / parallel) * 2 * rtt"),
        ("persistent", "(objects + 2) * rtt"),
        ("pipelined", "(2 + min(objects, 1)) * rtt"),
    ];
    for (mode, formula) in formulas {
        for rtt_ms in [1, 60, 333] {
            for n in [0, 1, 5, 8, 13] {
                for size in [100, 20_000] {
                    let settings = set(mode, rtt_ms, 0, n, size);
                    let off = value(&scene, &settings, &format!("since_syn - ({formula})"));
                    assert!(off.abs() < 1e-9, "{mode} {settings:?}: off by {off} s");
                }
            }
        }
    }
}

#[test]
fn with_a_limit_the_bytes_add_their_time_where_nothing_overlaps() {
    let scene = scene();
    let bytes = "(bytes(\"browser\") + bytes(\"www.cs.test\")) * 8 / bandwidth";
    let formulas = [("serial", "(objects + 1) * 2 * rtt"), ("persistent", "(objects + 2) * rtt")];
    for (mode, formula) in formulas {
        for rtt_ms in [10, 120] {
            for bandwidth in [64_000, 1_000_000, 50_000_000] {
                for (n, size) in [(0, 100), (3, 5_000), (8, 1_000)] {
                    let settings = set(mode, rtt_ms, bandwidth, n, size);
                    let off =
                        value(&scene, &settings, &format!("since_syn - ({formula} + {bytes})"));
                    // Each segment's time on the link is rounded up to a whole nanosecond.
                    assert!(off.abs() < 1e-6, "{mode} {settings:?}: off by {off} s");
                }
            }
        }
    }
}

#[test]
fn what_overlaps_takes_no_longer_than_what_does_not_and_never_less_than_its_bound() {
    let scene = scene();
    let bounds = [
        ("parallel", "2 * rtt + ceil(objects / parallel) * 2 * rtt"),
        ("pipelined", "3 * rtt + bytes(\"www.cs.test\") * 8 / bandwidth"),
    ];
    for (mode, bound) in bounds {
        for bandwidth in [256_000, 10_000_000] {
            for size in [500, 20_000] {
                let settings = set(mode, 60, bandwidth, 8, size);
                let over = value(&scene, &settings, &format!("since_syn - ({bound})"));
                assert!(over > 0.0, "{mode} {settings:?}: under its bound by {over} s");
                let measured = value(&scene, &settings, "since_syn");
                let serial = value(&scene, &set("serial", 60, bandwidth, 8, size), "since_syn");
                assert!(measured < serial, "{mode} {settings:?}: {measured} s, serial {serial} s");
            }
        }
    }
}

#[test]
fn a_lookup_adds_its_round_trip_and_nothing_else() {
    let scene = scene();
    for mode in ["serial", "parallel", "persistent", "pipelined"] {
        for bandwidth in [0, 1_000_000] {
            let settings = |names: &str, local: &str| {
                let mut settings = set(mode, 60, bandwidth, 8, 1_000);
                settings.push(("names", names.to_string()));
                settings.push(("local", local.to_string()));
                settings
            };
            let value = |names, local, expr| value(&scene, &settings(names, local), expr);
            let known = value("known", "4 ms", "measured");
            for (local, secs) in [("4 ms", 0.004), ("250 ms", 0.25)] {
                let asked = value("asked", local, "measured");
                assert!((asked - known - secs).abs() < 1e-9, "{mode} {bandwidth}: {asked} s");
                let since_syn = value("asked", local, "since_syn");
                assert!((since_syn - known).abs() < 1e-9, "{mode} {bandwidth}: {since_syn} s");
            }
            assert_eq!(value("known", "4 ms", "since_syn"), known);
            assert_eq!(value("known", "4 ms", "messages(\"ns\", \"*\")"), 0.0);
            assert_eq!(value("asked", "4 ms", "messages(\"browser\", \"A? www.cs.test\")"), 1.0);
        }
    }
}

#[test]
fn on_every_web_stage_a_name_is_asked_for_first_unless_it_is_known() {
    let stages = [
        ("web", "browser", "rtt=60 ms, local=10 ms", 10.0 + 2.0 * 60.0),
        ("web-cookies", "browser", "rtt=60 ms", 60.0 / 2.0 + 2.0 * 60.0),
        ("web-proxy", "alice", "rtt=60 ms, access=10 Gbit/s", 40.0 + 2.0 * 62.0),
        // Alice looks up the proxy, connects and asks; the proxy looks up the server, and so on.
        ("web-proxy", "alice", "rtt=60 ms, access=10 Gbit/s, proxy=on", 84.0 + 2.0 * 62.0),
    ];
    for (stage, host, params, expected_ms) in stages {
        let text = format!(
            "---\nid: a\ntitle: A\npart: 1\norder: 1\nsummary: A.\nminutes: 1\nstage: {stage}\n\
             params: {params}\nmeasure: {host} get * -> response *\n---\n\n## One\n\
             ```cue\nlabel: Get\ndo: {host} get http://www.cs.test/\n```\n\
             ```goal\nsays: It comes.\nholds: measured > 0\n```\n"
        );
        let lesson = Lesson::read(&text).unwrap_or_else(|error| panic!("{error}"));
        let scene = &lesson.scenes[0];
        let run = rehearse(scene, &scene.opening.params).unwrap();
        let facts = run.digest();
        let value = |expr: &str| {
            let expr = Expr::read(expr, Place::line(1)).unwrap();
            expr.value(&Facts::of(scene, &scene.opening.params, &facts)).unwrap()
        };
        let measured_ms = value("measured") * 1e3;
        assert!((measured_ms - expected_ms).abs() < 0.1, "{stage} {params}: {measured_ms} ms");
        assert!(value("messages(\"ns\", \"* A 10.*\")") >= 1.0, "{stage} {params}");
        assert!(run.history.plan().names.is_empty(), "{stage}: nobody has a file");
    }
}
