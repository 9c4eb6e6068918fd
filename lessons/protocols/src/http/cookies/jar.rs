//! The browser's cookie jar (RFC 6265 sections 5.3 and 5.4).

use core::time::Duration;

use super::SetCookie;
use crate::endpoint::{Row, Table};
use crate::http::Url;
use crate::http::policy_rules as rules;
use crate::wire::{Rule, Time};

/// The cookies that a browser keeps.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Jar {
    /// In the order of creation; the order of sending is worked out when sending.
    cookies: Vec<Cookie>,
    /// How many were ever made: tells apart cookies made at the same moment.
    made: u64,
}

/// A cookie in the jar.
#[derive(Clone, PartialEq, Debug)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The domain that it belongs to.
    pub domain: String,
    /// Whether it goes to exactly that host, and not to hosts below it.
    pub host_only: bool,
    /// The path at and below which it is sent.
    pub path: String,
    /// When it is forgotten; none for a session cookie, which lives as long as the browser.
    pub expires: Option<Time>,
    /// Whether it may only go over a secure channel.
    pub secure: bool,
    /// Whether scripts in the page may not see it.
    pub http_only: bool,
    /// Its place in the order of making: of two paths of equal length the older goes first.
    made: u64,
    /// When it was last sent; the one unused for longest is thrown out first.
    last_access: Time,
}

/// What became of a Set-Cookie line.
#[derive(Clone, PartialEq, Debug)]
pub enum Stored {
    /// A new cookie is in the jar.
    Kept(Cookie),
    /// It took the place of the cookie of the same name, domain and path.
    Replaced(Cookie),
    /// It had expired already: the cookie of that name, if there was one, is gone.
    Deleted {
        /// The cookie's name.
        name: String,
        /// The domain that it belonged to.
        domain: String,
    },
    /// It was not kept.
    Refused {
        /// Its name, as far as it could be read.
        name: String,
        /// The rule by which it was refused.
        rule: &'static Rule,
    },
}

impl Jar {
    /// Takes in the Set-Cookie line of a response to a request for this URL (section 5.3).
    pub fn store(&mut self, url: &Url, line: &str, now: Time) -> Stored {
        let set = match SetCookie::parse(line) {
            Ok(set) => set,
            Err(rule) => {
                let name = line.split(['=', ';']).next().unwrap_or("").trim().to_string();
                return Stored::Refused { name, rule };
            }
        };
        let (domain, host_only) = match domain_of(&set, url.host()) {
            Ok(found) => found,
            Err(rule) => return Stored::Refused { name: set.name, rule },
        };
        let cookie = self.cookie(set, domain, host_only, url, now);
        self.put(cookie, now)
    }

    /// The value of the Cookie line for a request to this URL, if any cookie matches (section 5.4).
    /// `secure` says whether the channel is; over plain HTTP it never is.
    pub fn cookie_line(&mut self, url: &Url, secure: bool, now: Time) -> Option<String> {
        self.forget_expired(now);
        let mut chosen: Vec<&mut Cookie> = (self.cookies.iter_mut())
            .filter(|c| c.matches(url.host(), url.path()) && (secure || !c.secure))
            .collect();
        chosen.sort_by_key(|c| (core::cmp::Reverse(c.path.len()), c.made));
        let mut pairs = Vec::new();
        for cookie in chosen {
            cookie.last_access = now;
            pairs.push(format!("{}={}", cookie.name, cookie.value));
        }
        if pairs.is_empty() { None } else { Some(pairs.join("; ")) }
    }

    /// The cookies in the order of creation, those expired among them.
    pub fn iter(&self) -> core::slice::Iter<'_, Cookie> {
        self.cookies.iter()
    }

    /// Throws every cookie away.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }

    /// The jar as a table for the State view.
    pub fn table(&self, now: Time) -> Table {
        Table {
            title: "cookie jar",
            columns: &["Name", "Value", "Sent to", "Path", "Lives", "Flags"],
            rows: self.cookies.iter().filter(|c| !c.expired(now)).map(|c| c.row(now)).collect(),
        }
    }

    fn cookie(
        &mut self,
        set: SetCookie,
        domain: String,
        host_only: bool,
        url: &Url,
        now: Time,
    ) -> Cookie {
        self.made += 1;
        let expires = match set.max_age_secs {
            Some(secs) if secs <= 0 => Some(Time::EPOCH),
            Some(secs) => Some(now + Duration::from_secs(secs.unsigned_abs())),
            None => set.expires,
        };
        Cookie {
            name: set.name,
            value: set.value,
            domain,
            host_only,
            path: set.path.unwrap_or_else(|| default_path(url.path())),
            expires,
            secure: set.secure,
            http_only: set.http_only,
            made: self.made,
            last_access: now,
        }
    }

    fn put(&mut self, mut cookie: Cookie, now: Time) -> Stored {
        let same = |c: &Cookie| {
            c.name == cookie.name && c.domain == cookie.domain && c.path == cookie.path
        };
        let old = self.cookies.iter().position(same);
        if cookie.expired(now) {
            self.cookies.retain(|c| !same(c));
            return Stored::Deleted { name: cookie.name, domain: cookie.domain };
        }
        if let Some(place) = old.and_then(|at| self.cookies.get_mut(at)) {
            cookie.made = place.made;
            *place = cookie.clone();
            return Stored::Replaced(cookie);
        }
        self.cookies.push(cookie.clone());
        self.forget_expired(now);
        self.throw_out(MAX_COOKIES_PER_DOMAIN, |c| c.domain == cookie.domain);
        self.throw_out(MAX_COOKIES, |_| true);
        Stored::Kept(cookie)
    }

    fn forget_expired(&mut self, now: Time) {
        self.cookies.retain(|c| !c.expired(now));
    }

    /// Throws out the one unused for longest while there are more than `limit` of these.
    fn throw_out(&mut self, limit: usize, of: impl Fn(&Cookie) -> bool) {
        while self.cookies.iter().filter(|c| of(c)).count() > limit {
            let oldest = (self.cookies.iter().enumerate())
                .filter(|(_, c)| of(c))
                .min_by_key(|(_, c)| (c.last_access, c.made))
                .map(|(at, _)| at);
            match oldest {
                Some(at) => self.cookies.remove(at),
                None => return,
            };
        }
    }
}

impl Cookie {
    /// Whether it goes to this host at this path (RFC 6265 sections 5.1.3 and 5.1.4).
    fn matches(&self, host: &str, path: &str) -> bool {
        let domain = match self.host_only {
            true => host == self.domain,
            false => domain_matches(host, &self.domain),
        };
        domain && path_matches(path, &self.path)
    }

    fn expired(&self, now: Time) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    fn row(&self, now: Time) -> Row {
        let scope = if self.host_only { "only" } else { "and hosts below" };
        let lives = match self.expires {
            Some(at) => format!("{} more", in_words(at.since(now).as_secs())),
            None => "this session".to_string(),
        };
        let flags = match (self.secure, self.http_only) {
            (true, true) => "Secure, HttpOnly",
            (true, false) => "Secure",
            (false, true) => "HttpOnly",
            (false, false) => "",
        };
        Row {
            key: format!("{} {} {}", self.domain, self.path, self.name),
            cells: vec![
                self.name.clone(),
                self.value.clone(),
                format!("{} {scope}", self.domain),
                self.path.clone(),
                lives,
                flags.to_string(),
            ],
        }
    }
}

/// The domain that a cookie belongs to, and whether it is for that host only.
fn domain_of(set: &SetCookie, host: &str) -> Result<(String, bool), &'static Rule> {
    match &set.domain {
        None => Ok((host.to_string(), true)),
        Some(domain) if domain == host => Ok((host.to_string(), false)),
        Some(domain) if !domain.contains('.') => Err(&rules::COOKIE_PUBLIC_SUFFIX),
        Some(domain) if domain_matches(host, domain) => Ok((domain.clone(), false)),
        Some(_) => Err(&rules::COOKIE_DOMAIN),
    }
}

/// Whether a host is the domain or a name below it (RFC 6265 section 5.1.3).
fn domain_matches(host: &str, domain: &str) -> bool {
    if host == domain {
        return true;
    }
    let is_address = host.starts_with('[') || host.parse::<core::net::Ipv4Addr>().is_ok();
    !is_address && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether a request path is at or below a cookie's path (RFC 6265 section 5.1.4).
fn path_matches(path: &str, cookie_path: &str) -> bool {
    match path.strip_prefix(cookie_path) {
        Some(rest) => rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

/// The path of a cookie that names none: the request's up to its last `/` (section 5.1.4).
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        Some(0) | None => "/".to_string(),
        Some(at) => path.get(..at).unwrap_or("/").to_string(),
    }
}

/// A length of time in the largest unit that fits it twice.
fn in_words(secs: u64) -> String {
    match secs {
        0..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs / 60),
        7_200..172_800 => format!("{} h", secs / 3_600),
        _ => format!("{} days", secs / 86_400),
    }
}

/// The most cookies kept altogether, the least that RFC 6265 section 6.1 asks for.
pub const MAX_COOKIES: usize = 3000;

/// The most cookies kept for one domain, the least that RFC 6265 section 6.1 asks for.
pub const MAX_COOKIES_PER_DOMAIN: usize = 50;
