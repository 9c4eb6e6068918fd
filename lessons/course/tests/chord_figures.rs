//! The published numbers of Chord, in rings small enough for a test.

#[path = "../examples/chord_figures/chance.rs"]
mod chance;
#[path = "../examples/chord_figures/failures.rs"]
mod failures;
#[path = "../examples/chord_figures/load.rs"]
mod load;
#[path = "../examples/chord_figures/paths.rs"]
mod paths;
#[path = "../examples/chord_figures/rings.rs"]
mod rings;
#[path = "../examples/chord_figures/table.rs"]
mod table;

use rings::Scale;

#[test]
fn paths_are_about_half_of_log2_n_long() {
    assert!(paths::lengths(Scale::Quick).print());
    assert!(paths::distribution(Scale::Quick).print());
}

#[test]
fn loads_differ_as_in_the_paper_and_less_with_virtual_nodes() {
    assert!(load::per_node(Scale::Quick).print());
    assert!(load::virtual_nodes(Scale::Quick).print());
}

#[test]
fn lookups_survive_the_crash_of_every_second_node() {
    assert!(failures::at_once(Scale::Quick).print());
    assert!(failures::afterwards(Scale::Quick).print());
}
