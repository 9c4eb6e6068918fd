//! The lessons that come with the lab, and the one that a teacher opened.

use std::rc::Rc;

use course::stages::Family;
use course::{Entry, Lesson};

use super::store;

/// Every lesson that comes with the lab, unread, in the course's order.
pub fn all() -> &'static [Entry] {
    course::catalogue()
}

/// The lesson of this id. A teacher's own stands before the lab's lesson of the same id, of which
/// it may be a new version.
pub fn named(id: &str) -> Option<Rc<Lesson>> {
    let own = own().filter(|lesson| lesson.id == id);
    own.or_else(|| course::lesson(id).map(Rc::new))
}

/// Whose machines the lab's lesson of this id needs, without reading it.
pub fn family(id: &str) -> Option<Family> {
    Family::of(all().iter().find(|entry| entry.id == id)?.stage)
}

/// The lesson that was opened from a file last.
pub fn own() -> Option<Rc<Lesson>> {
    Lesson::read(&store::lesson_file()?).ok().map(Rc::new)
}

/// Whether a lesson was opened from a file.
pub fn has_own() -> bool {
    store::lesson_file().is_some()
}

/// Whether the lesson of this id is the one that was opened from a file last.
pub fn is_own(id: &str) -> bool {
    own().is_some_and(|lesson| lesson.id == id)
}

/// What a part of the course is called; a teacher's own may be of no part that is known here.
pub fn part_title(part: u32) -> &'static str {
    PARTS.iter().find(|(known, _)| *known == part).map_or("Lessons", |(_, title)| title)
}

/// The parts of the course, as lesson files number them, in their order.
pub const PARTS: &[(u32, &str)] = &[(1, "The web"), (2, "Names"), (3, "Mail"), (4, "The DHT")];
