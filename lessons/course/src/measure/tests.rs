//! Expressions calculate as a textbook would, and units are what they say.

use std::collections::BTreeSet;

use protocols::wire::Time;

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

/// Something that the browser says at this many milliseconds.
fn said(at_ms: u64, text: &str) -> Said {
    let mark = Mark { at: Time::from_nanos(at_ms * 1_000_000), host: "browser".into() };
    Said { mark, text: text.into() }
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
    assert_eq!(show_in(1.0, "connections"), "1\u{a0}connection");
    assert_eq!(show_in(1.0, "ms"), "1000\u{a0}ms");
}
