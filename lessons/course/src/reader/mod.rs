//! Reads a lesson file: Markdown with front matter, scenes, and fenced blocks that do something.
//!
//! `AUTHORING.md` shows the format from the author's side. The file is cut into lines first;
//! every error names the line and column at which it stands.

mod blocks;
mod error;
mod fields;
mod scene;
#[cfg(test)]
mod tests;

pub(crate) use blocks::unescape;
pub use error::{LessonError, Place};

use crate::lesson::Lesson;
use fields::{Fields, Text};

/// Reads a whole lesson file.
pub(crate) fn read_lesson(text: &str) -> Result<Lesson, LessonError> {
    if text.len() > MOST_BYTES {
        let found = format!("a file of {} bytes", text.len());
        let right = format!("at most {MOST_BYTES} bytes");
        return Err(LessonError::new(Place::line(1), found, right));
    }
    let lines: Vec<&str> = text.lines().collect();
    let end = front_matter(&lines)?;
    let front = lines.get(1..end).unwrap_or_default();
    let mut fields = Fields::read("the front matter", Place::line(1), front)?;
    let (id, title) = (fields.need("id")?, fields.need("title")?);
    if id.text.is_empty() || !id.text.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        return Err(id.wrong("small letters and hyphens, such as http-cookies"));
    }
    let mut lesson = Lesson {
        id: id.text,
        title: title.text,
        part: whole(&fields.need("part")?)?,
        order: whole(&fields.need("order")?)?,
        summary: fields.need("summary")?.text,
        minutes: whole(&fields.need("minutes")?)?,
        scenes: Vec::new(),
    };
    let opening = scene::opening(&mut fields, None)?;
    fields.done(FRONT_KEYS)?;
    lesson.scenes = scene::scenes(&lines, end + 1, &opening)?;
    Ok(lesson)
}

/// The index of the line that ends the front matter.
fn front_matter(lines: &[&str]) -> Result<usize, LessonError> {
    let found = match lines.first() {
        Some(&FRONT) => {
            let end = lines.iter().skip(1).position(|line| *line == FRONT);
            return end.map(|at| at + 1).ok_or_else(|| {
                LessonError::new(Place::line(1), "`---` without an end", "a second line `---`")
            });
        }
        Some(line) => format!("`{}`", line.chars().take(40).collect::<String>()),
        None => "an empty file".to_string(),
    };
    Err(LessonError::new(Place::line(1), found, "front matter that begins with a line `---`"))
}

/// Reads a whole number.
fn whole(text: &Text) -> Result<u32, LessonError> {
    text.text.parse().map_err(|_| text.wrong("a whole number"))
}

/// What front matter begins and ends with.
const FRONT: &str = "---";

/// The longest file that is read: ten times the longest lesson, so that a film dropped on the page
/// by mistake is refused at once.
const MOST_BYTES: usize = 200_000;

/// The keys of the front matter.
const FRONT_KEYS: &[&str] = &[
    "id", "title", "part", "order", "summary", "minutes", "stage", "params", "seed", "before",
    "shows", "measure",
];
