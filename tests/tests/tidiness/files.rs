//! Rules for files of every kind.

use crate::source::Source;

/// No file of ours has more lines than [`MAX_LINES`].
pub fn short(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    if !is_code(source) || lines <= MAX_LINES {
        return Vec::new();
    }
    vec![source.complaint(lines, &format!("{lines} lines, at most {MAX_LINES}"))]
}

/// No line of ours is wider than [`MAX_COLUMNS`].
pub fn narrow(source: &Source) -> Vec<String> {
    if !is_code(source) {
        return Vec::new();
    }
    let wide =
        source.text.lines().enumerate().filter(|(_, line)| line.chars().count() > MAX_COLUMNS);
    wide.map(|(at, line)| {
        let columns = line.chars().count();
        source.complaint(at + 1, &format!("{columns} columns, at most {MAX_COLUMNS}"))
    })
    .collect()
}

/// A file that names a folder of somebody's machine, or of the place where it was written, works
/// only there.
pub fn at_home_anywhere(source: &Source) -> Vec<String> {
    if source.is_under("tests/tests/tidiness/") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        for place in PLACES.into_iter().filter(|place| line.contains(place)) {
            complaints.push(source.complaint(at + 1, &format!("names {place}")));
        }
        // The tools script alone may look there, for what a machine without rustup builds instead.
        if line.contains(NEIGHBOUR) && !source.is_under(".ci/") {
            complaints.push(source.complaint(at + 1, &format!("names {NEIGHBOUR}")));
        }
    }
    complaints
}

/// The targets of a Makefile.
pub fn targets(makefile: &str) -> Vec<String> {
    let rules = makefile.lines().filter(|line| !line.starts_with(['\t', '#', '.', ' ']));
    let heads = rules.filter_map(|line| line.split_once(':'));
    heads
        .filter(|(_, rest)| !rest.starts_with('='))
        .map(|(name, _)| name.trim().to_owned())
        .collect()
}

/// Each `make x`, written as code, where the Makefile has no x; each script of ours that is absent.
pub fn unknown_commands(told: &Source, targets: &[String]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut fenced = false;
    for (at, line) in told.text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        let spans: Vec<&str> =
            if fenced { vec![line] } else { line.split('`').skip(1).step_by(2).collect() };
        for span in spans {
            let mut words = span.split_whitespace();
            while let Some(word) = words.next() {
                let unknown = match word {
                    "make" => words.next().filter(|target| !is_target(target, targets)),
                    _ if word.starts_with(".ci/") => {
                        Some(word).filter(|path| !tests::lab::root().join(path).exists())
                    }
                    _ => None,
                };
                complaints.extend(unknown.map(|name| told.complaint(at + 1, name)));
            }
        }
    }
    complaints
}

fn is_target(word: &str, targets: &[String]) -> bool {
    word.contains('=') || word.starts_with(['#', '-']) || targets.iter().any(|known| known == word)
}

fn is_code(source: &Source) -> bool {
    ["rs", "js", "mjs", "sh", "py"].contains(&source.ending())
}

/// Longer files hide more than one thought.
const MAX_LINES: usize = 450;

/// What fits beside another file on a laptop.
const MAX_COLUMNS: usize = 100;

/// Where nobody else's machine has what ours has.
const PLACES: [&str; 3] = ["/home/", "/root/", "/Users/"];

/// The folder beside this repository.
const NEIGHBOUR: &str = "../shared";
