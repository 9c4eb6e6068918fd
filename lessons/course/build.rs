//! Lists the lesson files: what a table of contents needs to know of each, and its text.
//!
//! The start page shows the list, and must not wait for the whole reader and every stage for that.
//! So the few lines that it needs are taken out here, by the same marks that the reader goes by; a
//! test holds that both find the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// What is found in a lesson file.
#[derive(Default)]
struct Found {
    /// The `key: value` lines of the front matter.
    front: BTreeMap<String, String>,
    /// The ids of each scene's goals and questions.
    scenes: Vec<BTreeMap<&'static str, Vec<String>>>,
}

fn main() {
    let content =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("content");
    println!("cargo::rerun-if-changed={}", content.display());
    let files = fs::read_dir(&content).expect("the lessons are there");
    let mut lessons: Vec<(u32, u32, String)> = Vec::new();
    // Apart from the entries, so that whoever only lists the lessons does not load their texts.
    let mut texts = String::new();
    for path in files.map(|file| file.expect("it can be listed").path()) {
        let text = fs::read_to_string(&path).expect("a lesson is a text");
        let found = Found::read(&text);
        let number = |key: &str| found.text(key).parse().unwrap_or_default();
        lessons.push((number("part"), number("order"), found.entry()));
        let _ = writeln!(texts, "({:?}, include_str!({path:?})),", found.text("id"));
    }
    lessons.sort();
    let entries: String = lessons.into_iter().map(|(_, _, entry)| entry).collect();
    let made = format!(
        "const LESSONS: &[Entry] = &[\n{entries}];\nconst TEXTS: &[(&str, &str)] = &[\n{texts}];\n"
    );
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("catalogue.rs");
    fs::write(out, made).expect("it can be kept");
}

impl Found {
    fn read(text: &str) -> Self {
        let mut found = Self::default();
        let mut lines = text.lines().skip(1);
        for line in lines.by_ref().take_while(|line| *line != "---") {
            if let Some((key, value)) = line.split_once(": ") {
                found.front.insert(key.to_owned(), value.trim().to_owned());
            }
        }
        let mut block = None;
        for line in lines {
            match (line.strip_prefix("```"), found.scenes.last_mut()) {
                (Some(word), Some(scene)) => {
                    let kind = KINDS.iter().find(|kind| **kind == word.trim());
                    if let (None, Some(kind)) = (block, kind) {
                        let ids = scene.entry(*kind).or_default();
                        ids.push(format!("{kind}-{}", ids.len() + 1));
                    }
                    block = if block.is_none() { Some(kind.copied()) } else { None };
                }
                (None, Some(scene)) if block.is_some() => {
                    let ids = block.flatten().and_then(|kind| scene.get_mut(kind));
                    if let (Some(ids), Some(id)) = (ids, line.strip_prefix("id: ")) {
                        ids.pop();
                        ids.push(id.trim().to_owned());
                    }
                }
                (None, _) if line.starts_with("## ") => found.scenes.push(BTreeMap::new()),
                (Some(_) | None, _) => {}
            }
        }
        found
    }

    fn text(&self, key: &str) -> &str {
        self.front.get(key).map_or("", String::as_str)
    }

    /// The entry as Rust text.
    fn entry(&self) -> String {
        let mut entry = String::from("Entry {\n");
        for key in ["id", "title", "summary", "stage"] {
            let _ = writeln!(entry, "{key}: {:?},", self.text(key));
        }
        for key in ["part", "minutes"] {
            let _ = writeln!(entry, "{key}: {},", self.text(key));
        }
        entry.push_str("scenes: &[\n");
        for scene in &self.scenes {
            let [goals, questions] = KINDS.map(|kind| scene.get(kind).cloned().unwrap_or_default());
            let _ = writeln!(entry, "Aims {{ goals: &{goals:?}, questions: &{questions:?} }},");
        }
        entry.push_str("] },\n");
        entry
    }
}

/// The blocks that a scene is done with.
const KINDS: [&str; 2] = ["goal", "question"];
