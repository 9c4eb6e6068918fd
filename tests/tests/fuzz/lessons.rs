//! Lessons: a teacher may drop any file on the page.

use std::fs;

use bolero::check;
use course::Lesson;
use tests::lab::root;

use crate::damage::Damage;

#[test]
fn a_damaged_lesson_is_read_or_refused_with_a_place() {
    let folder = root().join("lessons/course/content");
    let paths =
        fs::read_dir(folder).expect("the lessons").filter_map(|entry| Some(entry.ok()?.path()));
    let texts: Vec<String> = paths.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let samples: Vec<&str> = texts.iter().map(String::as_str).collect();
    check!().with_type::<Damage>().with_iterations(300).for_each(|damage| {
        let text = damage.text_of(&samples, &WORDS);
        if let Err(error) = Lesson::read(&text) {
            assert!(!error.to_string().is_empty());
        }
    });
}

const WORDS: [&str; 14] = [
    "\n",
    "---\n",
    "```",
    "```goal\n",
    "{",
    "}",
    "[",
    ":",
    "#",
    "## ",
    "\"",
    "(((((",
    "9e999",
    "-",
];
