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

const LESSONS: &[Entry] =
    &[Entry { id: "http-messages", text: include_str!("../content/http-messages.md") }];
