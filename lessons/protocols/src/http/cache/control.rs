//! The Cache-Control field and its directives (RFC 9111 section 5.2).

use crate::http::Fields;

/// The directives of a request's or a response's Cache-Control that this cache knows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CacheControl {
    /// `no-store`: keep nothing.
    pub no_store: bool,
    /// `no-cache`: check each time before use.
    pub no_cache: bool,
    /// `max-age` in seconds: lifetime in a response, greatest age in a request.
    pub max_age_secs: Option<u64>,
    /// `s-maxage` in seconds: lifetime in a shared cache.
    pub s_maxage_secs: Option<u64>,
    /// `min-fresh` in seconds: how long the answer must yet be fresh.
    pub min_fresh_secs: Option<u64>,
    /// `max-stale` in seconds: how stale the answer may be; without a number, ever so stale.
    pub max_stale_secs: Option<u64>,
    /// `only-if-cached`: do not go to the origin.
    pub only_if_cached: bool,
    /// `private`: for one person's cache only.
    pub private: bool,
    /// `public`: any cache may keep it.
    pub public: bool,
    /// `must-revalidate`: never used stale.
    pub must_revalidate: bool,
    /// `proxy-revalidate`: never used stale by a shared cache.
    pub proxy_revalidate: bool,
    /// `must-understand`: kept only by caches that know the status, and then despite `no-store`.
    pub must_understand: bool,
}

impl CacheControl {
    /// Reads the directives of all Cache-Control lines. Names are compared without regard to
    /// case, arguments may be quoted, and of a directive given twice the first counts.
    pub fn of(fields: &Fields) -> CacheControl {
        let mut control = CacheControl::default();
        for line in fields.all("Cache-Control") {
            for directive in split_outside_quotes(line) {
                let (name, argument) = match directive.split_once('=') {
                    Some((name, argument)) => (name, Some(argument)),
                    None => (directive, None),
                };
                control.directive(&name.trim().to_ascii_lowercase(), argument.map(str::trim));
            }
        }
        control
    }

    fn directive(&mut self, name: &str, argument: Option<&str>) {
        match name {
            "no-store" => self.no_store = true,
            "no-cache" => self.no_cache = true,
            "max-age" => set_once(&mut self.max_age_secs, seconds(argument)),
            "s-maxage" => set_once(&mut self.s_maxage_secs, seconds(argument)),
            "min-fresh" => set_once(&mut self.min_fresh_secs, seconds(argument)),
            "max-stale" => {
                set_once(&mut self.max_stale_secs, argument.map_or(MAX_SECS, |_| seconds(argument)))
            }
            "only-if-cached" => self.only_if_cached = true,
            "private" => self.private = true,
            "public" => self.public = true,
            "must-revalidate" => self.must_revalidate = true,
            "proxy-revalidate" => self.proxy_revalidate = true,
            "must-understand" => self.must_understand = true,
            _ => {}
        }
    }
}

fn set_once(slot: &mut Option<u64>, secs: u64) {
    slot.get_or_insert(secs);
}

/// Delta-seconds (RFC 9111 section 1.2.2): too many are [`MAX_SECS`], and what is no number is 0,
/// because a lifetime that cannot be read is best taken for none (section 4.2.1).
fn seconds(argument: Option<&str>) -> u64 {
    let digits = argument.unwrap_or("").trim_matches('"');
    match digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() {
        true => digits.parse().unwrap_or(MAX_SECS).min(MAX_SECS),
        false => 0,
    }
}

/// The pieces between commas that do not stand in a quoted string.
fn split_outside_quotes(line: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                pieces.extend(line.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.extend(line.get(start..));
    pieces
}

/// The largest number of seconds that need be told apart (RFC 9111 section 1.2.2): 68 years.
const MAX_SECS: u64 = 1 << 31;
