//! What is made of an answer: cookies, cache, redirects, pages.

use std::collections::VecDeque;

use bytes::Bytes;

use super::fetch::{Expectation, Fetch, FetchId};
use super::page::{Loaded, MAX_LOADED, MAX_LOADED_BYTES, Origin};
use super::{Client, Event};
use crate::endpoint::Context;
use crate::http::cache::{Decision, Exchange};
use crate::http::cookies::Stored;
use crate::http::policy_rules as rules;
use crate::http::site::object_links;
use crate::http::{Fields, Response, Url};
use crate::wire::Time;

impl Client {
    /// Begins a fetch: the cache is asked first, then the fetch waits for a connection.
    pub(super) fn begin(&mut self, mut fetch: Fetch, cx: &mut Context<'_, Self>) {
        if self.config.cache && !fetch.past_cache {
            let mut asked = fetch.request(self.config.version, self.config.language.as_deref());
            let cookies = self.jar.cookie_line(&fetch.url, false, cx.now());
            if let Some(line) = cookies.filter(|_| self.config.cookies) {
                asked.fields.push("Cookie", line);
            }
            let decision = self.cache.look_up(&fetch.url, &asked, cx.now());
            cx.cite(decision.rule());
            match decision {
                Decision::Use { response, body, .. } => {
                    cx.emit(Event::FromCache { url: fetch.url.clone() });
                    let body = if fetch.method == "HEAD" { Bytes::new() } else { body };
                    return self.follow_or_deliver(fetch, response, body, Origin::Cache, cx);
                }
                Decision::Validate { conditions, .. } => fetch.conditions = conditions,
                Decision::Forward { .. } | Decision::Unsatisfiable { .. } => {}
            }
        }
        let id = FetchId(self.next_fetch);
        self.next_fetch += 1;
        self.fetches.insert(id, fetch);
        self.queue.push_back(id);
    }

    /// A whole answer has come over the network.
    pub(super) fn answered(
        &mut self,
        mut fetch: Fetch,
        response: Response,
        body: Bytes,
        received: Time,
        cx: &mut Context<'_, Self>,
    ) {
        self.keep_cookies(&fetch.url, &response.fields, cx);
        if response.status == 417 && fetch.expectation == Expectation::Sent {
            cx.cite(&rules::EXPECT_REFUSED);
            cx.emit(Event::Retried { url: fetch.url.clone() });
            fetch.expectation = Expectation::Refused;
            fetch.past_cache = true;
            return self.begin(fetch, cx);
        }
        let Some(sent) = fetch.sent.take().filter(|_| self.config.cache) else {
            return self.follow_or_deliver(fetch, response, body, Origin::Network, cx);
        };
        let exchange = Exchange {
            url: &fetch.url,
            request: &sent,
            response: &response,
            body: body.clone(),
            requested: fetch.sent_at,
            received,
        };
        if response.status == 304 && !fetch.conditions.is_empty() {
            return match self.cache.freshen(&exchange) {
                Some((stored, content)) => {
                    cx.cite(&rules::CACHE_FRESHEN);
                    cx.emit(Event::Revalidated { url: fetch.url.clone() });
                    self.follow_or_deliver(fetch, stored, content, Origin::Checked, cx);
                }
                // It spoke of some other copy than ours: ask again without conditions.
                None => {
                    fetch.conditions = Fields::new();
                    fetch.past_cache = true;
                    self.begin(fetch, cx);
                }
            };
        }
        self.cache.store(&exchange).rules().for_each(|rule| cx.cite(rule));
        if self.cache.invalidate(&fetch.url, &sent, &response) {
            cx.cite(&rules::CACHE_INVALIDATE);
        }
        self.follow_or_deliver(fetch, response, body, Origin::Network, cx);
    }

    fn keep_cookies(&mut self, url: &Url, fields: &Fields, cx: &mut Context<'_, Self>) {
        if !self.config.cookies {
            return;
        }
        for line in fields.all("Set-Cookie") {
            let (rule, event) = match self.jar.store(url, line, cx.now()) {
                Stored::Kept(cookie) | Stored::Replaced(cookie) => {
                    let (name, domain) = (cookie.name, cookie.domain);
                    (&rules::COOKIE_STORE, Event::CookieKept { name, domain })
                }
                Stored::Deleted { name, domain } => {
                    (&rules::COOKIE_EXPIRED, Event::CookieDeleted { name, domain })
                }
                Stored::Refused { name, rule } => {
                    (rule, Event::CookieRefused { name, url: url.clone() })
                }
            };
            cx.cite(rule);
            cx.emit(event);
        }
    }

    fn follow_or_deliver(
        &mut self,
        fetch: Fetch,
        response: Response,
        body: Bytes,
        from: Origin,
        cx: &mut Context<'_, Self>,
    ) {
        let location = match response.status {
            301 | 302 | 303 | 307 | 308 => response.fields.first("Location"),
            _ => None,
        };
        match location.map(str::to_string) {
            Some(to) => self.redirected(fetch, response.status, &to, cx),
            None => self.deliver(fetch, response, body, from, cx),
        }
    }

    /// Asks again at another URL, with the method that the status calls for.
    fn redirected(&mut self, fetch: Fetch, status: u16, to: &str, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::REDIRECT_FOLLOW);
        if fetch.redirects >= MAX_REDIRECTS {
            cx.cite(&rules::REDIRECT_LIMIT);
            return self.fail(fetch, &format!("more than {MAX_REDIRECTS} redirects"), cx);
        }
        let mut next = match fetch.url.resolve(to) {
            Ok(url) => url,
            Err(error) => return self.fail(fetch, &format!("redirected to `{to}`: {error}"), cx),
        };
        // RFC 9110 section 10.2.2: a fragment is inherited where the new URL has none.
        if let (None, Some(fragment)) = (next.fragment(), fetch.url.fragment()) {
            next = next.resolve(&format!("#{fragment}")).unwrap_or(next);
        }
        let (method, rule) = match (status, fetch.method.as_str()) {
            (303, "HEAD") => ("HEAD", Some(&rules::REDIRECT_SEE_OTHER)),
            (303, _) => ("GET", Some(&rules::REDIRECT_SEE_OTHER)),
            (301 | 302, "POST") => ("GET", Some(&rules::REDIRECT_TO_GET)),
            (307 | 308, method) => (method, Some(&rules::REDIRECT_KEEPS_METHOD)),
            // There is nothing to change or to keep in a 301 or 302 to a GET.
            (_, method) => (method, None),
        };
        if let Some(rule) = rule {
            cx.cite(rule);
        }
        cx.emit(Event::Redirected { from: fetch.url.clone(), status, to: next.clone() });
        let body = if method == fetch.method { fetch.body.clone() } else { Bytes::new() };
        let follow = Fetch {
            page: fetch.page,
            is_base: fetch.is_base,
            reload: fetch.reload,
            redirects: fetch.redirects + 1,
            ..Fetch::new(method, next, body)
        };
        self.begin(follow, cx);
    }

    fn deliver(
        &mut self,
        fetch: Fetch,
        response: Response,
        body: Bytes,
        from: Origin,
        cx: &mut Context<'_, Self>,
    ) {
        let (status, bytes) = (response.status, body.len());
        cx.emit(Event::Response { url: fetch.url.clone(), status, bytes });
        if let Some(page) = fetch.page.and_then(|id| self.pages.get_mut(&id)) {
            page.bytes += bytes;
            if !fetch.is_base {
                page.objects += 1;
            }
        }
        if fetch.is_base {
            self.fetch_objects(&fetch, &response, &body, cx);
        }
        self.page_progress(&fetch, cx);
        self.loaded.push_back(Loaded { url: fetch.url, response, body, from });
        let held = |loaded: &VecDeque<Loaded>| loaded.iter().map(|l| l.body.len()).sum::<usize>();
        while self.loaded.len() > MAX_LOADED || held(&self.loaded) > MAX_LOADED_BYTES {
            self.loaded.pop_front();
        }
    }

    /// Begins to fetch the objects that a page names.
    fn fetch_objects(
        &mut self,
        base: &Fetch,
        response: &Response,
        body: &Bytes,
        cx: &mut Context<'_, Self>,
    ) {
        let media_type = response.fields.first("Content-Type").unwrap_or("");
        if response.status != 200 || !media_type.to_ascii_lowercase().starts_with("text/html") {
            return;
        }
        let mut objects: Vec<Url> = Vec::new();
        let links = object_links(&String::from_utf8_lossy(body));
        if !links.is_empty() {
            cx.cite(&rules::REFERENCE_RESOLVE);
        }
        for link in links {
            match base.url.resolve(&link).map(|url| url.without_fragment()) {
                Ok(url) if !objects.contains(&url) => objects.push(url),
                Ok(_) | Err(_) => {}
            }
        }
        if let Some(page) = base.page.and_then(|id| self.pages.get_mut(&id)) {
            page.pending = objects.len();
        }
        for url in objects {
            let fetch = Fetch { page: base.page, reload: base.reload, ..Fetch::get(url) };
            self.begin(fetch, cx);
        }
    }

    /// One part of a page is here, or will not come.
    fn page_progress(&mut self, part: &Fetch, cx: &mut Context<'_, Self>) {
        let Some(id) = part.page else { return };
        let Some(page) = self.pages.get_mut(&id) else { return };
        if !part.is_base {
            page.pending = page.pending.saturating_sub(1);
        }
        if page.pending == 0
            && let Some(page) = self.pages.remove(&id)
        {
            let (url, objects, bytes) = (page.url, page.objects, page.bytes);
            cx.emit(Event::PageDone { url, objects, bytes });
        }
    }

    /// Gives a fetch up.
    pub(super) fn fail(&mut self, fetch: Fetch, why: &str, cx: &mut Context<'_, Self>) {
        cx.emit(Event::Failed { url: fetch.url.clone(), why: why.to_string() });
        match (fetch.is_base, fetch.page) {
            (true, Some(id)) => {
                self.pages.remove(&id);
            }
            _ => self.page_progress(&fetch, cx),
        }
    }
}

/// As many redirects as this in a row are no accident (RFC 9110 section 15.4); curl and browsers
/// stop at twenty to fifty, a lesson need not wait so long.
const MAX_REDIRECTS: u32 = 10;
