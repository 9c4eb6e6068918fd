//! Dates of mail (RFC 5322 section 3.3).

use super::token::{SPECIALS, Token, words};
use crate::wire::Time;

/// Reads a date; none where it is none, or lies before 1970 or beyond what [`Time`] can tell.
pub fn parse_date(value: &str) -> Option<Time> {
    let words = words(value, &SPECIALS.replace(':', ""));
    let belongs = |token: &Token| matches!(token, Token::Atom(_) | Token::Special(','));
    if !words.iter().all(|word| belongs(&word.token)) {
        return None;
    }
    let mut atoms = words.iter().filter_map(|word| match &word.token {
        Token::Atom(text) => Some(text.as_str()),
        Token::Quoted(_) | Token::Literal(_) | Token::Special(_) => None,
    });
    let mut first = atoms.next()?;
    if first.bytes().all(|b| b.is_ascii_alphabetic()) {
        DAYS.iter().position(|day| first.eq_ignore_ascii_case(day))?;
        first = atoms.next()?;
    }
    let day = digits(first, 2)?;
    let month = atoms.next()?;
    let month = MONTHS.iter().position(|known| month.eq_ignore_ascii_case(known))? as u64 + 1;
    let year = year(atoms.next()?)?;
    let mut time = atoms.next()?.split(':');
    let (hour, minute) = (digits(time.next()?, 2)?, digits(time.next()?, 2)?);
    let second = time.next().map_or(Some(0), |second| digits(second, 2))?;
    let zone = zone_minutes(atoms.next().unwrap_or("-0000"))?;
    let fits = (1..=days_in(year, month)).contains(&day) && hour < 24 && minute < 60;
    if !fits || second > 60 || time.next().is_some() {
        return None;
    }
    let local = (days_from_epoch(year, month, day) * 24 + hour) * 60 + minute;
    let minutes = i64::try_from(local).ok()?.checked_sub(zone)?;
    let secs = u64::try_from(minutes).ok()? * 60 + second;
    Some(Time::from_secs(secs)).filter(|time| time.secs() == secs)
}

/// Writes a date, in the zone +0000.
pub fn format_date(time: Time) -> String {
    let secs = time.secs();
    let days = secs / SECS_PER_DAY;
    let (mut year, mut left) = (1970, days);
    while left >= days_in_year(year) {
        left -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while left >= days_in(year, month) {
        left -= days_in(year, month);
        month += 1;
    }
    let name = |names: &[&'static str], at: u64| {
        usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
    };
    // The first of January 1970 was a Thursday.
    let (day, month) = (name(&DAYS, (days + 3) % 7), name(&MONTHS, month - 1));
    let (hour, minute, second) = (secs / 3600 % 24, secs / 60 % 60, secs % 60);
    format!("{day}, {} {month} {year} {hour:02}:{minute:02}:{second:02} +0000", left + 1)
}

/// Years of two and three digits are of the last century, mostly (RFC 5322 section 4.3).
fn year(text: &str) -> Option<u64> {
    let year = digits(text, 4)?;
    let year = match (text.len(), year) {
        (2, 0..=49) => year + 2000,
        (2 | 3, _) => year + 1900,
        _ => year,
    };
    (1970..=9999).contains(&year).then_some(year)
}

/// How far a zone is ahead of UTC. Letters that mean nothing for sure are taken for UTC (RFC 5322
/// section 4.3).
fn zone_minutes(zone: &str) -> Option<i64> {
    let signed = |digits: &str, sign: i64| {
        let number = self::digits(digits, 4).filter(|_| digits.len() == 4)?;
        let minutes = (number / 100 * 60).checked_add(number % 100)?;
        (number % 100 < 60).then_some(sign * i64::try_from(minutes).ok()?)
    };
    match (zone.strip_prefix('+'), zone.strip_prefix('-')) {
        (Some(digits), _) => signed(digits, 1),
        (_, Some(digits)) => signed(digits, -1),
        _ => {
            let named = ZONES.iter().find(|named| named.name.eq_ignore_ascii_case(zone));
            let letters = zone.bytes().all(|b| b.is_ascii_alphabetic());
            letters.then(|| named.map_or(0, |named| named.hours * 60))
        }
    }
}

fn digits(text: &str, max: usize) -> Option<u64> {
    let fits = text.len() <= max && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn days_from_epoch(year: u64, month: u64, day: u64) -> u64 {
    let years: u64 = (1970..year).map(days_in_year).sum();
    let months: u64 = (1..month).map(|month| days_in(year, month)).sum();
    years + months + day - 1
}

const fn days_in_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

const fn days_in(year: u64, month: u64) -> u64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// A zone that is written with letters.
struct Zone {
    name: &'static str,
    hours: i64,
}

const ZONES: [Zone; 10] = [
    Zone { name: "UT", hours: 0 },
    Zone { name: "GMT", hours: 0 },
    Zone { name: "EST", hours: -5 },
    Zone { name: "EDT", hours: -4 },
    Zone { name: "CST", hours: -6 },
    Zone { name: "CDT", hours: -5 },
    Zone { name: "MST", hours: -7 },
    Zone { name: "MDT", hours: -6 },
    Zone { name: "PST", hours: -8 },
    Zone { name: "PDT", hours: -7 },
];

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const SECS_PER_DAY: u64 = 86_400;
