//! `make size`: what a first visit loads, and how soon the page can be used, as Markdown. Where the
//! README has the marks for it, the tables there are brought up to date.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use tests::lab::{Lab, root};
use tests::weight::{GOAL_BYTES, MAX_SENT_BYTES, Start, Weight, grouped};

#[tokio::main]
async fn main() -> ExitCode {
    let lab = Lab::start(&[]);
    let weight = Weight::of(&lab, "/").await;
    let mut text = weight.table();
    text.push_str("\n| a first visit that begins with | files | sent as brotli |\n|---|--:|--:|\n");
    for (name, path) in BEGINNINGS {
        let total = Weight::of(&lab, path).await.total();
        let _ = writeln!(text, "| {name} | {} | {} |", total.files, grouped(total.sent_bytes));
    }
    text.push_str("\n| first visit, on loopback | first paint | usable |\n|---|--:|--:|\n");
    for (name, slower) in [("this machine", 1), ("a processor four times slower", 4)] {
        let start = Start::measured(&lab, slower).await;
        let _ =
            writeln!(text, "| {name} | {:.0} ms | {:.0} ms |", start.painted_ms, start.usable_ms);
    }
    println!("{text}");
    write_into_readme(&text);
    let sent = weight.total().sent_bytes;
    if sent > GOAL_BYTES {
        println!("size: {sent} bytes are sent, {} more than the goal", sent - GOAL_BYTES);
    }
    if sent > MAX_SENT_BYTES { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn write_into_readme(tables: &str) {
    let path = root().join("README.md");
    let Ok(readme) = fs::read_to_string(&path) else { return };
    let Some((before, rest)) = readme.split_once(BEGIN) else { return };
    let Some((_, after)) = rest.split_once(END) else { return };
    let renewed = format!("{before}{BEGIN}\n{tables}{END}{after}");
    if renewed != readme && fs::write(&path, renewed).is_ok() {
        println!("README.md is up to date");
    }
}

/// What a first visit may begin with besides the start page.
const BEGINNINGS: [(&str, &str); 5] = [
    ("a lesson on HTTP", "/lesson/http-messages"),
    ("a lesson on mail", "/lesson/mail-smtp"),
    ("the lesson on mail and HTTP", "/lesson/mail-push-pull"),
    ("a lesson on hash tables", "/lesson/dht-ring"),
    ("live mode", "/live"),
];

const BEGIN: &str = "<!-- size -->";
const END: &str = "<!-- /size -->";
