//! Dates in cookies, which servers write in every way there is (RFC 6265 section 5.1.1).

use core::time::Duration;
use std::time::UNIX_EPOCH;

use crate::wire::Time;

/// The moment that an Expires attribute names, read as leniently as RFC 6265 section 5.1.1 asks:
/// the first token that looks like a time is the time, and so on, whatever stands between.
pub fn parse_cookie_date(text: &str) -> Option<Time> {
    let mut found = Found::default();
    for token in text.split(is_delimiter).filter(|t| !t.is_empty()) {
        found.take(token);
    }
    found.time()
}

/// The parts of a date that have been found so far.
#[derive(Default)]
struct Found {
    clock: Option<(u32, u32, u32)>,
    day: Option<u32>,
    month: Option<usize>,
    year: Option<u32>,
}

impl Found {
    fn take(&mut self, token: &str) {
        if self.clock.is_none()
            && let Some(clock) = clock(token)
        {
            self.clock = Some(clock);
        } else if self.day.is_none()
            && let Some(day) = leading_digits(token, 1, 2)
        {
            self.day = Some(day);
        } else if self.month.is_none()
            && let Some(month) = month(token)
        {
            self.month = Some(month);
        } else if self.year.is_none()
            && let Some(year) = leading_digits(token, 2, 4)
        {
            self.year = Some(year);
        }
    }

    fn time(self) -> Option<Time> {
        let (hour, minute, second) = self.clock?;
        let (day, month) = (self.day?, *MONTHS.get(self.month?)?);
        let year = match self.year? {
            year @ 70..=99 => year + 1900,
            year @ 0..=69 => year + 2000,
            year => year,
        };
        if !(1..=31).contains(&day) || year < 1601 || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        if year < 1970 {
            return Some(Time::EPOCH);
        }
        let text = format!("Thu, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
        read_any_weekday(&text)
    }
}

/// Reads an HTTP date whose weekday need not be right.
fn read_any_weekday(text: &str) -> Option<Time> {
    WEEKDAYS.iter().find_map(|weekday| {
        let text = format!("{weekday}{}", text.get(3..)?);
        let moment = httpdate::parse_http_date(&text).ok()?;
        let since: Duration = moment.duration_since(UNIX_EPOCH).ok()?;
        Some(Time::from_secs(since.as_secs()))
    })
}

fn is_delimiter(c: char) -> bool {
    matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// Hours, minutes and seconds of a token such as `10:18:14` with anything but a digit after it.
fn clock(token: &str) -> Option<(u32, u32, u32)> {
    let mut parts = token.splitn(3, ':');
    let hour = whole_digits(parts.next()?)?;
    let minute = whole_digits(parts.next()?)?;
    Some((hour, minute, leading_digits(parts.next()?, 1, 2)?))
}

fn whole_digits(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { leading_digits(text, 1, 2) } else { None }
}

/// The number at the start of a token, if it has this many digits and no more follow.
fn leading_digits(token: &str, least: usize, most: usize) -> Option<u32> {
    let end = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
    if (least..=most).contains(&end) { token.get(..end)?.parse().ok() } else { None }
}

fn month(token: &str) -> Option<usize> {
    let name = token.get(..3)?;
    MONTHS.iter().position(|m| m.eq_ignore_ascii_case(name))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
