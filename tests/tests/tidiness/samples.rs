//! Each rule against a file that breaks it and one that keeps it: a rule that never complains is
//! none.

use crate::crates::{Edge, against_the_arrows};
use crate::source::Source;
use crate::{files, rust, taught};

#[test]
fn a_long_file_and_a_wide_line_are_seen() {
    assert_eq!(files::short(&engine(&"\n".repeat(451))).len(), 1);
    assert_eq!(files::short(&engine(&"\n".repeat(450))), none());
    assert_eq!(files::narrow(&engine(&"é".repeat(101))).len(), 1);
    assert_eq!(files::narrow(&engine(&"é".repeat(100))), none());
}

#[test]
fn a_path_of_a_machine_is_seen() {
    assert_eq!(files::at_home_anywhere(&engine("// /root/notes")).len(), 1);
    assert_eq!(files::at_home_anywhere(&engine("// see ../shared/notes")).len(), 1);
    assert_eq!(files::at_home_anywhere(&file(".ci/tools", "../shared/tools/x")), none());
}

#[test]
fn an_unknown_command_is_seen() {
    let targets = files::targets("X := 1\n.PHONY: a\nbuild: x\n\techo: no\ntest:\n");
    assert_eq!(targets, ["build", "test"]);
    let told =
        file("README.md", "Do `make build`, make haste, `make LISTEN=x`\n```\nmake tea\n```");
    assert_eq!(files::unknown_commands(&told, &targets), ["README.md:3: tea"]);
    let told = file("README.md", "`.ci/run` and `.ci/walk`");
    assert_eq!(files::unknown_commands(&told, &targets), ["README.md:1: .ci/walk"]);
}

#[test]
fn a_file_without_a_purpose_is_seen() {
    assert_eq!(rust::opens_with_purpose(&engine("use std::fmt;")).len(), 1);
    assert_eq!(rust::opens_with_purpose(&engine("//! Why.\n")), none());
}

#[test]
fn a_long_function_is_seen_wherever_it_stands() {
    let body = "\n".repeat(60);
    for bad in [
        format!("fn f() {{{body}}}"),
        format!("impl A {{ fn f() {{{body}}} }}"),
        format!("trait A {{ fn f() {{{body}}} }}"),
        format!("mod a {{ fn f() {{{body}}} }}"),
    ] {
        assert_eq!(rust::short_functions(&engine(&bad)).len(), 1, "{bad}");
    }
    assert_eq!(rust::short_functions(&engine(&format!("fn f() {{{}}}", "\n".repeat(59)))), none());
}

#[test]
fn unfinished_code_is_seen_and_prose_about_it_is_not() {
    for bad in [
        "fn f() { todo!() }",
        "fn f() { unimplemented!(\"later\") }",
        "#[ignore] fn f() {}",
        "#[ignore = \"slow\"] fn f() {}",
        "fn f() { assert!(true); }",
        concat!("// FIX", "ME: later"),
    ] {
        assert_eq!(rust::finished(&engine(bad)).len(), 1, "{bad}");
    }
    assert_eq!(rust::finished(&engine("//! No todo! here.\nfn f() { g(\"todo!()\") }")), none());
}

#[test]
fn a_limit_without_a_reason_is_seen() {
    for bad in ["const MAX_HEAD: u8 = 1;", "impl A { } mod b { const HEAD_LIMIT: u8 = 1; }"] {
        assert_eq!(rust::reasoned_limits(&engine(bad)).len(), 1, "{bad}");
    }
    let good = "/// More than any head in the field.\nconst MAX_HEAD: u8 = 1;";
    assert_eq!(rust::reasoned_limits(&engine(good)), none());
}

#[test]
fn a_clock_in_a_machine_is_seen_and_one_in_its_tests_is_not() {
    for bad in [
        "use std::collections::HashMap;",
        "fn f() { std::time::Instant::now(); }",
        "fn f() { std::thread::sleep(d); }",
        "macro_rules! m { () => { rand::rng() } }",
    ] {
        assert!(!taught::decided(&engine(bad)).is_empty(), "{bad}");
    }
    assert_eq!(taught::decided(&file("relay/src/main.rs", "use std::thread;")), none());
    let tested = "// HashMap\n#[cfg(test)] mod tests { use std::collections::HashMap; }";
    assert_eq!(taught::decided(&engine(tested)), none());
}

#[test]
fn an_unwrap_where_bytes_are_read_is_seen() {
    for bad in ["fn f() { x.unwrap() }", "fn f() { x.expect(\"so\") }", "fn f() { panic!() }"] {
        assert_eq!(taught::total(&engine(bad)).len(), 1, "{bad}");
    }
    assert_eq!(taught::total(&engine("fn f() { x.unwrap_or(3) }")), none());
}

#[test]
fn a_rule_without_a_source_or_a_name_is_seen() {
    let makers = taught::makers(&engine(
        r#"const fn bep(id: &str) -> Rule { Rule { source: Source::new("BEP 5", "") } }
        const fn rule(id: &str, document: &str) -> Rule { Rule { source: document } }"#,
    ));
    let complaints = |made| taught::sourced(&engine(&format!("static A: Rule = {made};")), &makers);
    assert_eq!(complaints(r#"bep("krpc.ping", "says", "why")"#), none());
    assert_eq!(complaints(r#"rule("krpc.ping", "says", "why")"#).len(), 1);
    assert_eq!(complaints(r#"rule("http.host", "RFC 9112", "3.2", "says", "why")"#), none());
    assert_eq!(complaints(r#"rule("http.host", "hearsay", "3.2", "says", "why")"#).len(), 1);
    assert_eq!(complaints(r#"rule("http.host", "RFC 9112", "3.2", "says", "")"#).len(), 1);
    assert_eq!(complaints(r#"rule("Host", "RFC 9112", "3.2", "says", "why")"#).len(), 1);
}

#[test]
fn a_crate_that_looks_up_is_seen() {
    let edge = |from: &str, to: &str| Edge { from: from.to_owned(), to: to.to_owned() };
    assert_eq!(against_the_arrows(&[edge("world", "protocols")]), none());
    for bad in [edge("protocols", "world"), edge("relay", "world"), edge("relay", "course")] {
        assert_eq!(against_the_arrows(std::slice::from_ref(&bad)).len(), 1, "{bad:?}");
    }
}

fn engine(text: &str) -> Source {
    file("lessons/protocols/src/sample.rs", text)
}

fn file(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned(), included_for_tests: false }
}

fn none() -> Vec<String> {
    Vec::new()
}
