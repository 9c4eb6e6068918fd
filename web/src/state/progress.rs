//! What the student has reached, kept in the tab's own storage.

use std::collections::BTreeSet;

use crate::browser;

/// The goals reached and the questions answered, over all lessons.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    done: BTreeSet<Mark>,
}

/// One thing that was reached.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mark {
    /// The lesson's id.
    pub lesson: String,
    /// The scene, counted from 0.
    pub scene: usize,
    /// The goal's or question's id in its scene.
    pub what: String,
}

impl Progress {
    /// What is kept; nothing where nothing is, or where it cannot be read.
    pub fn load() -> Progress {
        Progress::read(&browser::recall(KEY).unwrap_or_default())
    }

    /// Keeps it.
    pub fn save(&self) {
        browser::keep(KEY, &self.to_text());
    }

    /// Marks something as reached; whether it was new.
    pub fn reach(&mut self, lesson: &str, scene: usize, what: &str) -> bool {
        self.done.insert(Mark { lesson: lesson.into(), scene, what: what.into() })
    }

    /// Whether something was reached.
    pub fn has(&self, lesson: &str, scene: usize, what: &str) -> bool {
        self.done.contains(&Mark { lesson: lesson.into(), scene, what: what.into() })
    }

    /// Whether anything of a lesson was reached.
    pub fn begun(&self, lesson: &str) -> bool {
        self.done.iter().any(|mark| mark.lesson == lesson)
    }

    fn read(text: &str) -> Progress {
        let mark = |line: &str| {
            let mut words = line.split(' ');
            let (lesson, scene) = (words.next()?, words.next()?.parse().ok()?);
            Some(Mark { lesson: lesson.into(), scene, what: words.next()?.into() })
        };
        Progress { done: text.lines().filter_map(mark).take(MOST_MARKS).collect() }
    }

    fn to_text(&self) -> String {
        let lines = self.done.iter().map(|m| format!("{} {} {}\n", m.lesson, m.scene, m.what));
        lines.collect()
    }
}

/// The mark of a scene that has nothing to reach but to be seen.
pub const SEEN: &str = "seen";

const KEY: &str = "wirelab.progress";

/// A kept text with more lines than this is not ours.
const MOST_MARKS: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_what_is_spoilt_is_left_out() {
        let mut progress = Progress::default();
        assert!(progress.reach("http-cookies", 2, "jar"));
        assert!(!progress.reach("http-cookies", 2, "jar"));
        assert!(progress.has("http-cookies", 2, "jar") && progress.begun("http-cookies"));
        let text = format!("{}spoilt\nx notanumber y\n", progress.to_text());
        assert_eq!(Progress::read(&text), progress);
    }
}
