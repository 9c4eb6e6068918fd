//! The lessons that come with the lab, read once.

use std::cell::OnceCell;
use std::rc::Rc;

use course::Lesson;

thread_local! {
    static ALL: OnceCell<Rc<Vec<Rc<Lesson>>>> = const { OnceCell::new() };
}

/// Every lesson that can be read, in the course's order.
pub fn all() -> Rc<Vec<Rc<Lesson>>> {
    ALL.with(|all| all.get_or_init(|| Rc::new(read())).clone())
}

/// The lesson of this id.
pub fn named(id: &str) -> Option<Rc<Lesson>> {
    all().iter().find(|lesson| lesson.id == id).cloned()
}

fn read() -> Vec<Rc<Lesson>> {
    course::catalogue().iter().filter_map(|entry| entry.read().ok()).map(Rc::new).collect()
}
