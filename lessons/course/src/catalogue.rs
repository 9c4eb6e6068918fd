//! The lessons that come with the lab, embedded at build.

use crate::lesson::Lesson;
use crate::reader::LessonError;

/// A lesson file that comes with the lab: what a table of contents says of it, without reading it.
///
/// `build.rs` takes these out of the file; a test holds that the reader finds the same.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The lesson's id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it is about, in a sentence or two.
    pub summary: &'static str,
    /// The part of the course that it belongs to.
    pub part: u32,
    /// How many minutes a student should plan for it.
    pub minutes: u32,
    /// The name of its stage.
    pub stage: &'static str,
    /// What is to be done in each of its scenes.
    pub scenes: &'static [Aims],
}

/// What is to be done in a scene.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Aims {
    /// The ids of its goals.
    pub goals: &'static [&'static str],
    /// The ids of its questions.
    pub questions: &'static [&'static str],
}

impl Entry {
    /// The file's text.
    pub fn text(&self) -> &'static str {
        let found = TEXTS.iter().find(|(id, _)| *id == self.id);
        found.map_or("", |(_, text)| text)
    }

    /// Reads the lesson.
    ///
    /// # Errors
    /// What is wrong with the file; a test holds that nothing is.
    pub fn read(&self) -> Result<Lesson, LessonError> {
        Lesson::read(self.text())
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

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::Family;

    #[test]
    fn every_lesson_can_be_read_and_is_as_it_is_listed() {
        let mut last = (0, 0);
        for entry in catalogue() {
            let lesson = entry.read().unwrap_or_else(|error| panic!("{}: {error}", entry.id));
            let listed = (entry.id, entry.title, entry.summary, entry.part, entry.minutes);
            let Lesson { id, title, summary, part, minutes, .. } = &lesson;
            assert_eq!(listed, (&**id, &**title, &**summary, *part, *minutes));
            assert!((lesson.part, lesson.order) > last, "{} is out of order", entry.id);
            last = (lesson.part, lesson.order);
            let families: Vec<Family> = lesson.families().into_iter().collect();
            assert_eq!(Family::of(entry.stage).map(|family| vec![family]), Some(families));
            assert_eq!(entry.scenes.len(), lesson.scenes.len(), "{}", entry.id);
            for (aims, scene) in entry.scenes.iter().zip(&lesson.scenes) {
                let goals: Vec<&str> = scene.goals().map(|goal| &*goal.id).collect();
                let questions: Vec<&str> = scene.questions().map(|asked| &*asked.id).collect();
                assert_eq!((aims.goals, aims.questions), (&*goals, &*questions), "{}", entry.id);
            }
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
