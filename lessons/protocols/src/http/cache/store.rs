//! The cache itself: finding, storing, freshening and throwing away (RFC 9111 sections 3 and 4).

use core::time::Duration;
use std::collections::BTreeMap;

use bytes::Bytes;

use super::storable::storable;
use super::{CacheControl, Decision, Entry, Verdict};
use crate::endpoint::Table;
use crate::http::policy_rules as rules;
use crate::http::{Request, Response, Url, end_to_end, entity_tag};
use crate::wire::Time;

/// A cache of responses.
#[derive(Clone, PartialEq, Debug)]
pub struct Cache {
    sharing: Sharing,
    capacity: usize,
    /// By absolute URL without fragment; several where Vary tells variants apart.
    entries: BTreeMap<String, Vec<Entry>>,
    uses: u64,
}

/// Whom a cache serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sharing {
    /// One person: a browser's cache.
    Private,
    /// Many people: a proxy's cache.
    Shared,
}

/// A finished exchange that a cache may learn from.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// The URL that was asked for.
    pub url: &'a Url,
    /// The request as the client meant it, before any conditions were added.
    pub request: &'a Request,
    /// The response's head.
    pub response: &'a Response,
    /// Its content.
    pub body: Bytes,
    /// When the request was sent.
    pub requested: Time,
    /// When the response's head arrived.
    pub received: Time,
}

impl Cache {
    /// An empty cache that holds at most this many bytes.
    pub const fn new(sharing: Sharing, capacity: usize) -> Cache {
        Cache { sharing, capacity, entries: BTreeMap::new(), uses: 0 }
    }

    /// What to do about a request (RFC 9111 section 4).
    pub fn look_up(&mut self, url: &Url, request: &Request, now: Time) -> Decision {
        let asked = CacheControl::of(&request.fields);
        let decision = self.decide(url, request, &asked, now);
        let usable = matches!(decision, Decision::Use { .. });
        if asked.only_if_cached && !usable {
            return Decision::Unsatisfiable { rule: &rules::CACHE_ONLY_IF_CACHED };
        }
        if usable {
            self.touch(url, request);
        }
        decision
    }

    /// Stores the response of an exchange, if it may be stored (RFC 9111 section 3).
    pub fn store(&mut self, exchange: &Exchange<'_>) -> Verdict {
        let verdict = storable(self.sharing, exchange.request, exchange.response);
        if !verdict.stored {
            return verdict;
        }
        let mut entry = Entry::new(exchange);
        if entry.size() > self.capacity {
            return Verdict::no(&rules::CACHE_LIMIT);
        }
        let lifetime = entry.lifetime(self.sharing);
        self.uses += 1;
        entry.used = self.uses;
        let variants = self.entries.entry(key(exchange.url)).or_default();
        variants.retain(|old| !old.same_variant(&entry));
        variants.push(entry);
        self.make_room();
        Verdict { lifetime: Some(lifetime), ..verdict }
    }

    /// Takes in a 304 and gives the stored response that it makes fresh again (section 4.3.4);
    /// none if no stored response is the one that it speaks of.
    pub fn freshen(&mut self, exchange: &Exchange<'_>) -> Option<(Response, Bytes)> {
        let variants = self.entries.get_mut(&key(exchange.url))?;
        let news = end_to_end(&exchange.response.fields);
        let entry = variants
            .iter_mut()
            .filter(|e| e.selected_by(exchange.request))
            .filter(|e| agrees(news.first("ETag"), e.response.fields.first("ETag")))
            .max_by_key(|e| e.date())?;
        for field in news.iter().filter(|f| !kept_on_update(&f.name)) {
            entry.response.fields.remove(&field.name);
        }
        entry.response.fields.remove("Age");
        for field in news.iter().filter(|f| !kept_on_update(&f.name)) {
            entry.response.fields.push(field.name.clone(), field.value.clone());
        }
        (entry.requested, entry.received) = (exchange.requested, exchange.received);
        Some((entry.served(exchange.received), entry.body.clone()))
    }

    /// Throws away what an unsafe request has made doubtful (section 4.4); whether anything was.
    pub fn invalidate(&mut self, url: &Url, request: &Request, response: &Response) -> bool {
        let safe = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE");
        if safe || !(200..400).contains(&response.status) {
            return false;
        }
        let mut doubtful = vec![url.clone()];
        for name in ["Location", "Content-Location"] {
            let target = response.fields.first(name).and_then(|to| url.resolve(to).ok());
            doubtful.extend(target.filter(|to| to.same_origin(url)));
        }
        let before = self.entries.len();
        self.entries.retain(|stored, _| doubtful.iter().all(|url| key(url) != *stored));
        self.entries.len() < before
    }

    /// The stored response for a request though it is stale, for when the origin cannot be reached;
    /// none if a directive forbids that (section 4.2.4).
    pub fn stale(&self, url: &Url, request: &Request, now: Time) -> Option<(Response, Bytes)> {
        let entry = self.selected(url, request)?;
        match may_be_stale(entry, self.sharing) {
            true => Some((entry.served(now), entry.body.clone())),
            false => None,
        }
    }

    /// Throws everything away.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The stored responses, by URL.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().flat_map(|(url, all)| all.iter().map(move |e| (url.as_str(), e)))
    }

    /// The cache as a table for the State view.
    pub fn table(&self, now: Time) -> Table {
        Table {
            title: "cache",
            columns: &[
                "URL",
                "Status",
                "Size",
                "Age",
                "Lifetime",
                "State",
                "Validator",
                "Chosen by",
            ],
            rows: self.iter().map(|(url, e)| e.row(url, self.sharing, now)).collect(),
        }
    }

    fn decide(&self, url: &Url, request: &Request, asked: &CacheControl, now: Time) -> Decision {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Decision::Forward { rule: &rules::CACHE_METHOD };
        }
        let Some(entry) = self.selected(url, request) else {
            let known = self.entries.get(&key(url)).is_some_and(|all| !all.is_empty());
            let rule = if known { &rules::CACHE_VARY } else { &rules::CACHE_MISS };
            return Decision::Forward { rule };
        };
        let said = CacheControl::of(&entry.response.fields);
        let (age, lifetime) = (entry.age(now), entry.lifetime(self.sharing).length);
        let fresh = age < lifetime;
        let rule = if asked.no_cache || !young_enough(asked, age, lifetime, fresh) {
            &rules::CACHE_REQUEST_DIRECTIVE
        } else if said.no_cache {
            &rules::CACHE_NO_CACHE
        } else if fresh {
            return used(entry, now, lifetime, &rules::CACHE_FRESH);
        } else if stale_enough(asked, age, lifetime) && may_be_stale(entry, self.sharing) {
            return used(entry, now, lifetime, &rules::CACHE_REQUEST_DIRECTIVE);
        } else if asked.max_stale_secs.is_some() && !may_be_stale(entry, self.sharing) {
            &rules::CACHE_MUST_REVALIDATE
        } else {
            &rules::CACHE_STALE
        };
        let conditions = entry.conditions();
        match conditions.is_empty() || request.method != "GET" {
            true => Decision::Forward { rule },
            false => Decision::Validate { conditions, rule },
        }
    }

    /// The stored response that fits a request; of several the one made last (section 4.1).
    fn selected(&self, url: &Url, request: &Request) -> Option<&Entry> {
        let variants = self.entries.get(&key(url))?;
        variants.iter().filter(|e| e.selected_by(request)).max_by_key(|e| e.date())
    }

    fn touch(&mut self, url: &Url, request: &Request) {
        self.uses += 1;
        let variants = self.entries.entry(key(url)).or_default();
        for entry in variants.iter_mut().filter(|e| e.selected_by(request)) {
            entry.used = self.uses;
        }
    }

    /// Throws out what was unused for longest until the rest fits.
    fn make_room(&mut self) {
        while self.iter().map(|(_, e)| e.size()).sum::<usize>() > self.capacity {
            let Some(oldest) = self.iter().map(|(_, e)| e.used).min() else { return };
            for variants in self.entries.values_mut() {
                variants.retain(|e| e.used != oldest);
            }
            self.entries.retain(|_, variants| !variants.is_empty());
        }
    }
}

fn key(url: &Url) -> String {
    url.absolute_form()
}

fn used(
    entry: &Entry,
    now: Time,
    lifetime: Duration,
    rule: &'static crate::wire::Rule,
) -> Decision {
    let (response, body) = (entry.served(now), entry.body.clone());
    Decision::Use { response, body, age: entry.age(now), lifetime, rule }
}

/// Whether the request's max-age and min-fresh are content with it (sections 5.2.1.1, 5.2.1.3).
fn young_enough(asked: &CacheControl, age: Duration, lifetime: Duration, fresh: bool) -> bool {
    let by_age = asked.max_age_secs.is_none_or(|secs| age <= Duration::from_secs(secs) && secs > 0);
    let left = lifetime.saturating_sub(age);
    let by_left = asked.min_fresh_secs.is_none_or(|secs| left >= Duration::from_secs(secs));
    by_age && (by_left || !fresh)
}

/// Whether the request's max-stale allows it (section 5.2.1.2).
fn stale_enough(asked: &CacheControl, age: Duration, lifetime: Duration) -> bool {
    let over = age.saturating_sub(lifetime);
    asked.max_stale_secs.is_some_and(|secs| over <= Duration::from_secs(secs))
}

/// Whether nothing forbids using it stale (section 4.2.4).
fn may_be_stale(entry: &Entry, sharing: Sharing) -> bool {
    let said = CacheControl::of(&entry.response.fields);
    let by_proxy = said.proxy_revalidate || said.s_maxage_secs.is_some();
    !(said.must_revalidate || said.no_cache || (sharing == Sharing::Shared && by_proxy))
}

/// Whether a 304 speaks of this stored response: by the weak comparison, if it names a tag.
fn agrees(named: Option<&str>, stored: Option<&str>) -> bool {
    named.is_none_or(|named| stored.is_some_and(|stored| entity_tag::weak(stored, named)))
}

/// Fields about the stored content itself, which a 304 does not change (section 3.2).
fn kept_on_update(name: &str) -> bool {
    ["content-length", "content-encoding", "content-type", "content-range"]
        .contains(&name.to_ascii_lowercase().as_str())
}

/// How much a cache holds unless its stage says otherwise: a few hundred pages of the lessons.
pub const DEFAULT_CAPACITY: usize = 8 << 20;
