//! What is kept from one visit to the next: progress, and the run in hand.

use course::Progress;
use world::Shared;

use crate::browser;

/// What was done so far in all lessons; nothing where nothing is kept.
pub fn progress() -> Progress {
    let kept = browser::recall(PROGRESS).unwrap_or_default();
    serde_json::from_str(&kept).unwrap_or_default()
}

/// Keeps what was done.
pub fn save_progress(progress: &Progress) {
    if let Ok(text) = serde_json::to_string(progress) {
        browser::keep(PROGRESS, &text);
    }
}

/// The run that was in hand in this lesson, unless it made the program stop twice.
pub fn journal(lesson: &str) -> Option<Shared> {
    if browser::recall(HOLD).is_some() {
        browser::forget(HOLD);
        return None;
    }
    let kept = Shared::decode(&browser::recall(JOURNAL)?).ok()?;
    (kept.lesson == lesson).then_some(kept)
}

/// Keeps the run in hand.
pub fn save_journal(shared: &Shared) {
    browser::keep(JOURNAL, &shared.encode());
}

/// The text of the lesson file that was opened last.
pub fn lesson_file() -> Option<String> {
    browser::recall(LESSON_FILE)
}

/// Keeps the text of a lesson file. The run in hand may be one of an earlier version of it.
pub fn save_lesson_file(text: &str) {
    browser::keep(LESSON_FILE, text);
    browser::forget(JOURNAL);
}

const LESSON_FILE: &str = "wirelab.lesson";
const PROGRESS: &str = "wirelab.progress";
/// `boot.js` offers it as a file when the program has stopped.
const JOURNAL: &str = "wirelab.journal";
/// `boot.js` sets it when the program has stopped twice in a row.
const HOLD: &str = "wirelab.hold";
