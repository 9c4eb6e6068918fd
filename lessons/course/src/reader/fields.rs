//! `key: value` lines, as front matter and blocks hold them.

use super::{LessonError, Place};

/// The `key: value` lines of one block, taken out one after another by whoever reads it.
///
/// What nobody has taken at the end is a key that the block does not have, and an error.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    /// What the lines are in, for messages: "a cue".
    what: &'static str,
    /// Where the block begins: errors about what is missing point here.
    pub(super) start: Place,
    list: Vec<Field>,
}

/// The value of one line and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Text {
    /// The value, trimmed; continuation lines are joined by a space.
    pub(super) text: String,
    /// Where it begins.
    pub(super) at: Place,
}

#[derive(Clone, Debug)]
struct Field {
    key: String,
    key_at: Place,
    value: Text,
}

impl Fields {
    /// Reads lines, the first of which stands directly after `start`.
    ///
    /// A line that begins with white space goes on with the one before it; a line that begins
    /// with `#` is a remark; empty lines are skipped.
    pub(super) fn read(
        what: &'static str,
        start: Place,
        lines: &[&str],
    ) -> Result<Fields, LessonError> {
        let mut list: Vec<Field> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let at = Place::line(start.line + 1 + index);
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                let Some(last) = list.last_mut() else {
                    return Err(LessonError::new(at, "an indented line", "a line `key: value`"));
                };
                last.value.text.push(' ');
                last.value.text.push_str(line.trim());
                continue;
            }
            list.push(Field::read(line, at)?);
        }
        Ok(Fields { what, start, list })
    }

    /// Takes the value of this key out, if it is there; a second one is an error.
    pub(super) fn maybe(&mut self, key: &str) -> Result<Option<Text>, LessonError> {
        let mut all = self.all(key).into_iter();
        let first = all.next();
        match all.next() {
            None => Ok(first),
            Some(again) => Err(LessonError::new(
                again.at,
                format!("`{key}` for the second time"),
                format!("one `{key}` in {}", self.what),
            )),
        }
    }

    /// Takes the value of a key out that must be there.
    pub(super) fn need(&mut self, key: &str) -> Result<Text, LessonError> {
        self.maybe(key)?.ok_or_else(|| {
            LessonError::new(
                self.start,
                format!("{} without `{key}`", self.what),
                format!("a line `{key}: ...`"),
            )
        })
    }

    /// Takes every value of this key out, in order.
    pub(super) fn all(&mut self, key: &str) -> Vec<Text> {
        self.any(&[key]).into_iter().map(|(_, value)| value).collect()
    }

    /// Takes every value of these keys out, in order, each with its key.
    pub(super) fn any(&mut self, keys: &[&str]) -> Vec<(String, Text)> {
        let mut taken = Vec::new();
        self.list.retain(|field| {
            let wanted = keys.contains(&field.key.as_str());
            if wanted {
                taken.push((field.key.clone(), field.value.clone()));
            }
            !wanted
        });
        taken
    }

    /// Ends the reading: a key that is left is not one of `known`, and an error.
    pub(super) fn done(self, known: &[&str]) -> Result<(), LessonError> {
        match self.list.first() {
            None => Ok(()),
            Some(field) => Err(LessonError::new(
                field.key_at,
                format!("the key `{}`", field.key),
                format!("for {} one of {}", self.what, known.join(", ")),
            )),
        }
    }
}

impl Field {
    fn read(line: &str, at: Place) -> Result<Field, LessonError> {
        let Some((key, value)) = line.split_once(':') else {
            let found = format!("`{}`", line.trim());
            return Err(LessonError::new(at, found, "a line `key: value`"));
        };
        let indent = value.chars().take_while(|c| c.is_whitespace()).count();
        let value_at = at.right(key.chars().count() + 1 + indent);
        let value = Text { text: value.trim().to_string(), at: value_at };
        Ok(Field { key: key.trim().to_string(), key_at: at, value })
    }
}

impl Text {
    /// An error about this value as a whole.
    pub(super) fn wrong(&self, right: impl Into<String>) -> LessonError {
        let found = match self.text.as_str() {
            "" => "nothing".to_string(),
            text => format!("`{text}`"),
        };
        LessonError::new(self.at, found, right)
    }

    /// The two parts around a separator, each with its place; none where it does not occur.
    pub(super) fn split(&self, separator: &str) -> Option<(Text, Text)> {
        let (left, right) = self.text.split_once(separator)?;
        let skipped = left.chars().count() + separator.chars().count();
        let lead = right.chars().take_while(|c| c.is_whitespace()).count();
        Some((
            Text { text: left.trim().to_string(), at: self.at },
            Text { text: right.trim().to_string(), at: self.at.right(skipped + lead) },
        ))
    }

    /// The first word and the rest; none where there is only one word.
    pub(super) fn word(&self) -> Option<(Text, Text)> {
        self.split(" ")
    }
}
