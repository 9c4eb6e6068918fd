//! The lessons that come with the lab, read once, and the one that a teacher opened.

use std::cell::OnceCell;
use std::rc::Rc;

use course::{Lesson, LessonError};

use super::store;

thread_local! {
    static ALL: OnceCell<Rc<Vec<Rc<Lesson>>>> = const { OnceCell::new() };
}

/// Every lesson that can be read, in the course's order.
pub fn all() -> Rc<Vec<Rc<Lesson>>> {
    ALL.with(|all| all.get_or_init(|| Rc::new(read())).clone())
}

/// The lesson of this id. A teacher's own stands before the lab's lesson of the same id, of which
/// it may be a new version.
pub fn named(id: &str) -> Option<Rc<Lesson>> {
    let own = own().filter(|lesson| lesson.id == id);
    own.or_else(|| all().iter().find(|lesson| lesson.id == id).cloned())
}

/// The lesson that was opened from a file last.
pub fn own() -> Option<Rc<Lesson>> {
    Lesson::read(&store::lesson_file()?).ok().map(Rc::new)
}

/// Takes up the text of a lesson file and keeps it; gives the lesson's id.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn open(text: &str) -> Result<String, LessonError> {
    let lesson = Lesson::read(text)?;
    store::save_lesson_file(text);
    Ok(lesson.id)
}

fn read() -> Vec<Rc<Lesson>> {
    course::catalogue().iter().filter_map(|entry| entry.read().ok()).map(Rc::new).collect()
}
