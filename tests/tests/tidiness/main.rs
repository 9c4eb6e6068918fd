//! The rules of the house that a machine can hold. Each is a function from a file to its
//! complaints, is asked about every file, and must complain about a bad sample of its own.

mod crates;
mod files;
mod rust;
mod samples;
mod source;
mod taught;

use std::collections::BTreeMap;

use source::Source;

/// Asks every file, and fails with all complaints at once.
fn hold(rule: impl Fn(&Source) -> Vec<String>) {
    let complaints: Vec<String> = Source::all().iter().flat_map(rule).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_kind_of_file_is_found() {
    let mut kinds = BTreeMap::new();
    for source in Source::all() {
        *kinds.entry(source.ending().to_owned()).or_insert(0) += 1;
    }
    for kind in ["rs", "md", "toml", "mjs", "html"] {
        assert!(kinds.contains_key(kind), "no .{kind} file among {kinds:?}");
    }
}

#[test]
fn files_are_short() {
    hold(files::short);
}

#[test]
fn lines_are_narrow() {
    hold(files::narrow);
}

#[test]
fn no_file_names_a_machine_or_a_neighbouring_folder() {
    hold(files::at_home_anywhere);
}

#[test]
fn the_commands_that_a_reader_is_told_exist() {
    let makefile = Source::named("Makefile");
    let targets = files::targets(&makefile.text);
    let told = |source: &&Source| source.ending() == "md" && !source.is_under("lessons/");
    for told in Source::all().iter().filter(told) {
        assert_eq!(files::unknown_commands(told, &targets), Vec::<String>::new());
    }
}

#[test]
fn rust_files_open_with_what_they_are_for() {
    hold(rust::opens_with_purpose);
}

#[test]
fn functions_are_short() {
    hold(rust::short_functions);
}

#[test]
fn nothing_is_left_undone() {
    hold(rust::finished);
}

#[test]
fn every_limit_says_why() {
    hold(rust::reasoned_limits);
}

#[test]
fn the_machines_know_no_clock_socket_thread_chance_or_hash_order() {
    hold(taught::decided);
}

#[test]
fn what_outsiders_send_cannot_panic() {
    hold(taught::total);
}

#[test]
fn every_rule_has_a_source_and_a_name_of_its_own() {
    let makers = Source::all().iter().flat_map(taught::makers).collect();
    hold(|source| taught::sourced(source, &makers));
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in Source::all() {
        for rule in taught::rules(&source) {
            homes.entry(rule.id).or_default().push(format!("{}:{}", source.path, rule.line));
        }
    }
    assert!(!homes.is_empty(), "no rule was found at all");
    homes.retain(|_, places| places.len() > 1);
    assert!(homes.is_empty(), "the same id twice: {homes:#?}");
}

#[test]
fn crates_depend_only_downwards() {
    let complaints = crates::against_the_arrows(&crates::edges());
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
