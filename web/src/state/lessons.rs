//! The lessons that the lab has.

use std::cell::OnceCell;
use std::rc::Rc;

/// A lesson as lists show it.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    /// Its id, as in its address.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// How many minutes it takes.
    pub minutes: u32,
    /// For each scene, the ids of its goals and questions.
    pub scenes: Vec<Vec<String>>,
}

thread_local! {
    static ALL: OnceCell<Rc<Vec<Listed>>> = const { OnceCell::new() };
}

/// Every lesson, in the course's order.
pub fn all() -> Rc<Vec<Listed>> {
    ALL.with(|all| all.get_or_init(|| Rc::new(read())).clone())
}

fn read() -> Vec<Listed> {
    let one = |id: &str, title: &str, summary: &str, minutes| Listed {
        id: id.into(),
        title: title.into(),
        summary: summary.into(),
        minutes,
        scenes: vec![vec![]; 5],
    };
    vec![
        one(
            "http-messages",
            "Anatomy of a request",
            "One page is fetched, and every byte of the conversation has a name.",
            15,
        ),
        one(
            "http-connections",
            "Persistent connections",
            "The same page in 18 round trips, or in 3.",
            25,
        ),
        one("http-cookies", "Cookies", "How a protocol without memory remembers you.", 20),
        one(
            "http-cache",
            "Ask again, but only if it changed",
            "A cache that asks before it believes.",
            20,
        ),
        one(
            "http-errors",
            "Redirects and errors",
            "Moved, gone, refused, and what a client makes of it.",
            20,
        ),
    ]
}
