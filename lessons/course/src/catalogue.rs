//! The lessons that come with the lab, embedded at build.

use crate::lesson::Lesson;
use crate::reader::LessonError;

/// A lesson file that comes with the lab.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The lesson's id, as its front matter says it (a test holds this).
    pub id: &'static str,
    /// The file's text.
    pub text: &'static str,
}

impl Entry {
    /// Reads the lesson.
    ///
    /// # Errors
    /// What is wrong with the file; a test holds that nothing is.
    pub fn read(&self) -> Result<Lesson, LessonError> {
        Lesson::read(self.text)
    }
}

/// The lessons that come with the lab, in the order of the course.
pub fn catalogue() -> &'static [Entry] {
    LESSONS
}

/// The lesson of this id, if it comes with the lab and can be read.
pub fn lesson(id: &str) -> Option<Lesson> {
    LESSONS.iter().find(|entry| entry.id == id)?.read().ok()
}

const LESSONS: &[Entry] = &[
    Entry { id: "http-messages", text: include_str!("../content/http-messages.md") },
    Entry { id: "http-connections", text: include_str!("../content/http-connections.md") },
    Entry { id: "http-cookies", text: include_str!("../content/http-cookies.md") },
    Entry { id: "http-caching", text: include_str!("../content/http-caching.md") },
    Entry { id: "http-errors", text: include_str!("../content/http-errors.md") },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_can_be_read_and_is_where_it_says() {
        let mut last = (0, 0);
        for entry in catalogue() {
            let lesson = entry.read().unwrap_or_else(|error| panic!("{}: {error}", entry.id));
            assert_eq!(lesson.id, entry.id);
            assert!((lesson.part, lesson.order) > last, "{} is out of order", entry.id);
            last = (lesson.part, lesson.order);
        }
    }

    #[test]
    fn every_lesson_predicts_breaks_aims_and_ends_with_a_knob() {
        for lesson in catalogue().iter().map(|entry| entry.read().unwrap()) {
            let scenes = &lesson.scenes;
            assert!(scenes.iter().any(|scene| scene.questions().count() > 0), "{}", lesson.id);
            assert!(scenes.iter().any(|scene| scene.breaks().count() > 0), "{}", lesson.id);
            assert!(scenes.iter().all(|scene| scene.goals().count() > 0), "{}", lesson.id);
            assert!(scenes.last().unwrap().knobs().count() > 0, "{}", lesson.id);
        }
    }
}
