//! `make size`: what a first visit loads, and how soon the page can be used, as a Markdown table.

fn main() {}
