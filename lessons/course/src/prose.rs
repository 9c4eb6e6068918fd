//! Prose: Markdown with numbers in it that are computed from a run.
//!
//! Lesson files may come from anybody, so nothing in them reaches the page but what Markdown
//! itself makes: no HTML of the author's own, no images, and links only to https and to places in
//! the lab.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::lesson::Setting;
use crate::measure::{Expr, show_in};
use crate::reader::{LessonError, Place};

/// A stretch of Markdown and the numbers in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Prose {
    pieces: Vec<Piece>,
}

/// A piece of prose.
#[derive(Clone, PartialEq, Debug)]
enum Piece {
    /// Markdown as written.
    Text(String),
    /// A number to be computed.
    Number(Number),
}

/// A number in the prose, written `{{measured | ms}}` or `{{measured / rtt | RTT @ mode=serial}}`.
#[derive(Clone, PartialEq, Debug)]
pub struct Number {
    /// What it is.
    pub expr: Expr,
    /// The unit to show it in; empty for a plain number.
    pub unit: String,
    /// The settings of the run that it is computed from, where they are not the scene's.
    pub with: Vec<Setting>,
    /// Where it stands in the file.
    pub at: Place,
}

impl Prose {
    /// Reads the lines of a file from the line with this number on.
    ///
    /// # Errors
    /// HTML, images, links to elsewhere, and numbers that cannot be read.
    pub fn read(lines: &[&str], first: usize) -> Result<Prose, LessonError> {
        let mut pieces = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            numbers(line, Place::line(first + index), &mut pieces)?;
            pieces.push(Piece::Text("\n".to_string()));
        }
        let prose = Prose { pieces };
        prose.check(first)?;
        Ok(prose)
    }

    /// The numbers in it, in order.
    pub fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Number(number) => Some(number),
        })
    }

    /// It as HTML that is safe to set, its numbers computed by `value` in base units; a number
    /// that cannot be computed is shown as an ellipsis.
    pub fn html(&self, value: impl Fn(&Number) -> Option<f64>) -> String {
        let markdown = self.markdown(&value);
        let mut out = String::new();
        html::push_html(&mut out, safe_events(&markdown));
        // What may scroll sideways can be reached by keyboard. Text never holds this tag: its
        // angle brackets are escaped.
        out.replace("<pre>", "<pre tabindex=\"0\">")
    }

    /// It as Markdown with its numbers computed, for transcripts and tests.
    pub fn markdown(&self, value: &impl Fn(&Number) -> Option<f64>) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Number(number) => text.push_str(&number.show(value(number))),
            }
        }
        text
    }

    /// Refuses what [`safe_events`] would have to change, so that its author hears of it.
    fn check(&self, first: usize) -> Result<(), LessonError> {
        let markdown = self.markdown(&|_| Some(0.0));
        for (event, range) in Parser::new_ext(&markdown, OPTIONS).into_offset_iter() {
            let (found, right) = match &event {
                Event::Html(raw) | Event::InlineHtml(raw) => {
                    (format!("HTML `{}`", raw.trim()), "Markdown; HTML is not passed on")
                }
                Event::Start(Tag::Image { .. }) => {
                    ("an image".to_string(), "words: the run draws the pictures")
                }
                Event::Start(Tag::Link { dest_url, .. }) if !may_link(dest_url) => {
                    (format!("a link to `{dest_url}`"), "a link that begins with https://, / or #")
                }
                _ => continue,
            };
            let before = markdown.get(..range.start).unwrap_or_default();
            let line = first + before.matches('\n').count();
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            return Err(LessonError::new(Place { line, column }, found, right));
        }
        Ok(())
    }
}

impl Number {
    /// The number as shown, with its unit.
    pub fn show(&self, value: Option<f64>) -> String {
        value.map_or_else(|| "\u{2026}".to_string(), |value| show_in(value, &self.unit))
    }

    /// Reads what stands between the braces.
    fn read(text: &str, at: Place) -> Result<Number, LessonError> {
        let (rest, with) = match text.split_once('@') {
            None => (text, Vec::new()),
            Some((rest, with)) => (rest, settings(with, at.right(rest.chars().count() + 1))?),
        };
        let (expr, unit) = rest.split_once('|').unwrap_or((rest, ""));
        let expr = Expr::read(expr, at)?;
        Ok(Number { expr, unit: unit.trim().to_string(), with, at })
    }
}

/// Reads `mode=serial, rtt=60 ms`.
pub(crate) fn settings(text: &str, at: Place) -> Result<Vec<Setting>, LessonError> {
    let mut settings = Vec::new();
    let mut column = 0;
    for part in text.split(',') {
        let indent = part.chars().take_while(|c| c.is_whitespace()).count();
        let Some((param, value)) = part.split_once('=') else {
            let found = format!("`{}`", part.trim());
            return Err(LessonError::new(at.right(column + indent), found, "`parameter=value`"));
        };
        let (param, value) = (param.trim().to_string(), value.trim().to_string());
        settings.push(Setting { param, value });
        column += part.chars().count() + 1;
    }
    Ok(settings)
}

/// Cuts a line into its text and its numbers.
fn numbers(line: &str, at: Place, pieces: &mut Vec<Piece>) -> Result<(), LessonError> {
    let mut rest = line;
    let mut column = 0;
    while let Some((text, after)) = rest.split_once("{{") {
        column += text.chars().count() + 2;
        let Some((inner, tail)) = after.split_once("}}") else {
            let found = "`{{` without `}}` on its line";
            return Err(LessonError::new(at.right(column - 2), found, "`{{number | unit}}`"));
        };
        pieces.push(Piece::Text(text.to_string()));
        pieces.push(Piece::Number(Number::read(inner, at.right(column))?));
        column += inner.chars().count() + 2;
        rest = tail;
    }
    pieces.push(Piece::Text(rest.to_string()));
    Ok(())
}

/// The events of Markdown without anything that could do harm.
fn safe_events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut linking = false;
    Parser::new_ext(markdown, OPTIONS).filter_map(move |event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock | Tag::Image { .. })
        | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            linking = may_link(&dest_url);
            let dest_url = CowStr::from(dest_url.trim().to_string());
            linking.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => linking.then_some(Event::End(TagEnd::Link)),
        other => Some(other),
    })
}

/// Whether a link may lead there: to https, or within the lab.
fn may_link(dest: &str) -> bool {
    let dest = dest.trim();
    let plain = dest.chars().all(|c| !c.is_control() && c != '\\');
    let inside = dest.starts_with('#') || (dest.starts_with('/') && !dest.starts_with("//"));
    plain && (inside || dest.starts_with("https://"))
}

/// Tables are the one thing beyond plain Markdown that lessons need.
const OPTIONS: Options = Options::ENABLE_TABLES;

#[cfg(test)]
mod tests;
