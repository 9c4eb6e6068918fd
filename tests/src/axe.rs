//! axe-core, run in a page, and its findings as text.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::browser::Tab;
use crate::program::cache;

/// Everything that axe holds against the page as it stands; empty when that is nothing. All its
/// rules are asked for, those of WCAG 2.2 AA and its best practices.
///
/// # Panics
/// When axe-core is missing, or does not run.
pub async fn violations(tab: &Tab) -> String {
    let source = fs::read_to_string(script())
        .unwrap_or_else(|why| panic!("axe-core is missing ({why}): run `.ci/tools test`"));
    tab.run(&source).await;
    let found = tab
        .run_async(
            "const done = arguments[arguments.length - 1];
             axe.run(document, { resultTypes: ['violations'] })
                .then(result => done(result.violations), why => done(String(why)));",
        )
        .await;
    let rules = found.as_array().unwrap_or_else(|| panic!("axe did not run: {found}"));
    rules.iter().map(described).collect()
}

fn described(rule: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = String::new();
    for node in rule["nodes"].as_array().into_iter().flatten() {
        let _ = writeln!(
            lines,
            "{} ({}): {} at {}\n    {}\n    {}",
            text(&rule["id"]),
            text(&rule["impact"]),
            text(&rule["help"]),
            node["target"],
            text(&node["html"]),
            text(&node["failureSummary"]).replace('\n', " "),
        );
    }
    lines
}

fn script() -> PathBuf {
    cache().join("node_modules/axe-core/axe.min.js")
}
