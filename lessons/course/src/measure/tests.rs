//! Expressions calculate as a textbook would, and units are what they say.

use super::*;
use crate::reader::Place;
use crate::stages::{Params, STAGES};

fn value(text: &str) -> Option<f64> {
    let params = Params::defaults(STAGES[0].specs);
    let facts = Facts::of_params(&params);
    Expr::read(text, Place::line(1)).unwrap().value(&facts)
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
}
