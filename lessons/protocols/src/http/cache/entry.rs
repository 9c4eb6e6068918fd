//! A stored response: how old it is and how old it may become (RFC 9111 section 4.2).

use core::time::Duration;

use bytes::Bytes;

use super::storable::heuristically_cacheable;
use super::{CacheControl, Exchange, Sharing};
use crate::endpoint::Row;
use crate::http::policy_rules as rules;
use crate::http::{Fields, Request, Response, end_to_end, parse_http_date};
use crate::wire::{Rule, Time};

/// A response that a cache has stored, with what is needed to judge it later.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The response's head, without the fields about one connection.
    pub response: Response,
    /// Its content.
    pub body: Bytes,
    /// When the request for it was sent.
    pub requested: Time,
    /// When it arrived.
    pub received: Time,
    /// The request fields named by its Vary, with the values that the request had.
    selecting: Vec<(String, String)>,
    /// Grows with each use in the cache: the least is thrown out first.
    pub(super) used: u64,
}

/// For how long a response stays fresh, and where that is taken from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lifetime {
    /// How long.
    pub length: Duration,
    /// The rule that gives it.
    pub rule: &'static Rule,
}

impl Entry {
    pub(super) fn new(exchange: &Exchange<'_>) -> Entry {
        let mut response = exchange.response.clone();
        response.fields = end_to_end(&response.fields);
        let mut names: Vec<String> =
            response.fields.list("Vary").map(str::to_ascii_lowercase).collect();
        names.sort();
        names.dedup();
        let selecting =
            names.into_iter().map(|n| (n.clone(), combined(&exchange.request.fields, &n)));
        Entry {
            selecting: selecting.collect(),
            response,
            body: exchange.body.clone(),
            requested: exchange.requested,
            received: exchange.received,
            used: 0,
        }
    }

    /// Whether it fits a request for its URL: the same values in the fields of its Vary.
    pub fn selected_by(&self, request: &Request) -> bool {
        self.selecting.iter().all(|(name, value)| combined(&request.fields, name) == *value)
    }

    /// Whether both were chosen by the same values of the same fields.
    pub(super) fn same_variant(&self, other: &Entry) -> bool {
        self.selecting == other.selecting
    }

    /// For how long it stays fresh from the moment of its making (RFC 9111 section 4.2.1).
    pub fn lifetime(&self, sharing: Sharing) -> Lifetime {
        let said = CacheControl::of(&self.response.fields);
        if let (Sharing::Shared, Some(secs)) = (sharing, said.s_maxage_secs) {
            return lifetime(secs, &rules::CACHE_S_MAXAGE);
        }
        if let Some(secs) = said.max_age_secs {
            return lifetime(secs, &rules::CACHE_MAX_AGE);
        }
        if let Some(expires) = self.response.fields.first("Expires") {
            let expires = parse_http_date(expires).unwrap_or(Time::EPOCH);
            return lifetime(
                expires.secs().saturating_sub(self.date().secs()),
                &rules::CACHE_EXPIRES,
            );
        }
        let modified = self.response.fields.first("Last-Modified").and_then(parse_http_date);
        match modified {
            Some(modified) if said.public || heuristically_cacheable(self.response.status) => {
                let unchanged = self.date().secs().saturating_sub(modified.secs());
                lifetime(unchanged / HEURISTIC_PART, &rules::CACHE_HEURISTIC)
            }
            _ => lifetime(0, &rules::CACHE_NO_LIFETIME),
        }
    }

    /// How old it is now (RFC 9111 section 4.2.3). Dates are whole seconds, so this is at least
    /// that precise; the time kept here counts to the nanosecond.
    pub fn age(&self, now: Time) -> Duration {
        let apparent = Duration::from_secs(self.received.secs().saturating_sub(self.date().secs()));
        let age_value = self.response.fields.first("Age").and_then(|age| age.parse().ok());
        let delay = self.received.since(self.requested);
        let corrected = Duration::from_secs(age_value.unwrap_or(0)).saturating_add(delay);
        apparent.max(corrected).saturating_add(now.since(self.received))
    }

    /// Whether it is still fresh.
    pub fn is_fresh(&self, sharing: Sharing, now: Time) -> bool {
        self.age(now) < self.lifetime(sharing).length
    }

    /// The fields that ask whether it is still current (RFC 9111 section 4.3.1); none of them if it
    /// has no validator.
    pub fn conditions(&self) -> Fields {
        let mut conditions = Fields::new();
        if let Some(tag) = self.response.fields.first("ETag") {
            conditions.push("If-None-Match", tag);
        }
        if let Some(date) = self.response.fields.first("Last-Modified") {
            conditions.push("If-Modified-Since", date);
        }
        conditions
    }

    /// The stored response as it is served: with its Age (RFC 9111 section 5.1).
    pub fn served(&self, now: Time) -> Response {
        let mut response = self.response.clone();
        response.fields.set("Age", self.age(now).as_secs().to_string());
        response
    }

    /// How many bytes it takes up.
    pub(super) fn size(&self) -> usize {
        let fields = self.response.fields.iter().map(|f| f.name.len() + f.value.len());
        self.body.len() + fields.sum::<usize>()
    }

    pub(super) fn row(&self, url: &str, sharing: Sharing, now: Time) -> Row {
        let lifetime = self.lifetime(sharing).length;
        let said = CacheControl::of(&self.response.fields);
        let state = match self.is_fresh(sharing, now) {
            true if said.no_cache => "ask each time",
            true => "fresh",
            false => "stale",
        };
        let validator = self.response.fields.first("ETag");
        let validator = validator.or(self.response.fields.first("Last-Modified"));
        let variant = self.selecting.iter().map(|(name, value)| format!("{name}: {value}"));
        let variant = variant.collect::<Vec<_>>().join("; ");
        Row {
            key: format!("{url} {variant}"),
            cells: vec![
                url.to_string(),
                self.response.status.to_string(),
                format!("{} B", self.body.len()),
                format!("{} s", self.age(now).as_secs()),
                format!("{} s", lifetime.as_secs()),
                state.to_string(),
                validator.unwrap_or("none").to_string(),
                variant,
            ],
        }
    }

    /// When the origin made it; without Date, when it arrived (RFC 9110 section 6.6.1).
    pub(super) fn date(&self) -> Time {
        self.response.fields.first("Date").and_then(parse_http_date).unwrap_or(self.received)
    }
}

fn lifetime(secs: u64, rule: &'static Rule) -> Lifetime {
    Lifetime { length: Duration::from_secs(secs), rule }
}

/// The values of all lines of a field as one, as Vary compares them (RFC 9111 section 4.1).
fn combined(fields: &Fields, name: &str) -> String {
    fields.list(name).collect::<Vec<_>>().join(", ")
}

/// A guessed lifetime is this part of the time since the last change (RFC 9111 section 4.2.2).
const HEURISTIC_PART: u64 = 10;
