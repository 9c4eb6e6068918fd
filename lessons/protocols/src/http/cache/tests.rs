//! The cache against RFC 9111, and against the crate http-cache-semantics.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use http_cache_semantics::{CacheOptions, CachePolicy};

use super::*;
use crate::http::policy_rules as rules;
use crate::http::{Fields, Request, Response, Url, Version};
use crate::wire::{Rule, Time};

const NOW: Time = Time::from_secs(1_700_000_000);

fn later(secs: u64) -> Time {
    NOW + Duration::from_secs(secs)
}

fn fields(lines: &[&str]) -> Fields {
    let mut fields = Fields::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        fields.push(name, value);
    }
    fields
}

fn request(lines: &[&str]) -> Request {
    let (method, target) = ("GET".to_string(), "/page".to_string());
    Request { method, target, version: Version::Http11, fields: fields(lines) }
}

fn response(status: u16, lines: &[&str]) -> Response {
    let fields = fields(lines).with("Date", NOW.to_string());
    Response { version: Version::Http11, status, reason: String::new(), fields }
}

fn url() -> Url {
    "http://www.cs.test/page".parse().unwrap()
}

/// A cache that was offered this answer to this request, and what it said.
fn offered(sharing: Sharing, asked: &[&str], status: u16, said: &[&str]) -> (Cache, Verdict) {
    let mut cache = Cache::new(sharing, DEFAULT_CAPACITY);
    let (request, response) = (request(asked), response(status, said));
    let verdict = cache.store(&exchange(&url(), &request, &response, "content"));
    (cache, verdict)
}

fn exchange<'a>(
    url: &'a Url,
    request: &'a Request,
    response: &'a Response,
    body: &'static str,
) -> Exchange<'a> {
    Exchange { url, request, response, body: body.into(), requested: NOW, received: NOW }
}

fn rule_for(cache: &mut Cache, asked: &[&str], now: Time) -> &'static Rule {
    cache.look_up(&url(), &request(asked), now).rule()
}

#[test]
fn what_is_stored_follows_section_3_and_names_its_rule() {
    use Sharing::{Private, Shared};
    for (sharing, asked, status, said, stored, rule) in [
        (Shared, "X: y", 200, "Cache-Control: max-age=5", true, &rules::CACHE_STORE),
        (Shared, "X: y", 200, "Cache-Control: no-store", false, &rules::CACHE_NO_STORE),
        (Private, "Cache-Control: no-store", 200, "X: y", false, &rules::CACHE_NO_STORE),
        (Shared, "X: y", 200, "Cache-Control: private", false, &rules::CACHE_PRIVATE),
        (Private, "X: y", 302, "Cache-Control: private", true, &rules::CACHE_STORE),
        (Private, "X: y", 302, "X: y", false, &rules::CACHE_STORE),
        (Private, "X: y", 404, "X: y", true, &rules::CACHE_STORE),
        (Private, "X: y", 206, "Cache-Control: max-age=5", false, &rules::CACHE_STATUS),
        (Private, "X: y", 200, "Vary: *", false, &rules::CACHE_VARY),
        (Shared, "Authorization: b", 200, "X: y", false, &rules::CACHE_AUTHORIZATION),
        (Shared, "Authorization: b", 200, "Cache-Control: public", true, &rules::CACHE_STORE),
        (
            Private,
            "X: y",
            200,
            "Cache-Control: no-store, must-understand",
            true,
            &rules::CACHE_STORE,
        ),
        (
            Private,
            "X: y",
            299,
            "Cache-Control: max-age=5, must-understand",
            false,
            &rules::CACHE_STATUS,
        ),
    ] {
        let (_, verdict) = offered(sharing, &[asked], status, &[said]);
        assert_eq!(
            (verdict.stored, verdict.rule),
            (stored, rule),
            "{sharing:?} {asked} {status} {said}"
        );
    }
}

#[test]
fn a_response_is_used_while_its_age_is_less_than_its_lifetime() {
    let tag = "ETag: \"v1\"";
    let (mut cache, _) = offered(Sharing::Private, &[], 200, &["Cache-Control: max-age=60", tag]);
    assert_eq!(rule_for(&mut cache, &[], later(59)), &rules::CACHE_FRESH);
    match cache.look_up(&url(), &request(&[]), later(60)) {
        Decision::Validate { conditions, rule } => {
            assert_eq!(rule, &rules::CACHE_STALE);
            assert_eq!(conditions, fields(&["If-None-Match: \"v1\""]));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_lifetime_comes_from_s_maxage_then_max_age_then_expires_then_a_tenth() {
    let expires = format!("Expires: {}", later(40));
    let modified = format!("Last-Modified: {}", NOW - Duration::from_secs(1000));
    let all = ["Cache-Control: s-maxage=10, max-age=20", &expires, &modified];
    for (sharing, said, secs, rule) in [
        (Sharing::Shared, &all[..], 10, &rules::CACHE_S_MAXAGE),
        (Sharing::Private, &all[..], 20, &rules::CACHE_MAX_AGE),
        (Sharing::Shared, &all[1..], 40, &rules::CACHE_EXPIRES),
        (Sharing::Shared, &all[2..], 100, &rules::CACHE_HEURISTIC),
        (Sharing::Shared, &["Expires: 0"][..], 0, &rules::CACHE_EXPIRES),
        (Sharing::Shared, &[][..], 0, &rules::CACHE_NO_LIFETIME),
    ] {
        let (cache, _) = offered(sharing, &[], 200, said);
        let lifetime = cache.iter().next().unwrap().1.lifetime(sharing);
        assert_eq!(lifetime, Lifetime { length: Duration::from_secs(secs), rule }, "{said:?}");
    }
}

/// RFC 9111 section 4.2.3, with numbers worked out by hand: made 10 s before arrival, Age 30 on
/// arrival, the exchange took 2 s, kept for 5 s.
#[test]
fn the_age_adds_what_caches_before_said_the_delay_and_the_time_here() {
    let mut cache = Cache::new(Sharing::Private, DEFAULT_CAPACITY);
    let (asked, page) = (request(&[]), url());
    let answer = response(200, &["Age: 30", "Cache-Control: max-age=100"]);
    cache.store(&Exchange {
        requested: later(8),
        received: later(10),
        ..exchange(&page, &asked, &answer, "content")
    });
    let age = cache.iter().next().unwrap().1.age(later(15));
    assert_eq!(age, Duration::from_secs(30 + 2 + 5));
}

#[test]
fn vary_keeps_one_answer_for_each_language() {
    let mut cache = Cache::new(Sharing::Shared, DEFAULT_CAPACITY);
    let said = ["Vary: Accept-Language", "Cache-Control: max-age=60"];
    for (language, body) in [("da", "hej"), ("en", "hello")] {
        let asked = request(&[&format!("Accept-Language: {language}")]);
        cache.store(&exchange(&url(), &asked, &response(200, &said), body));
    }
    for (language, body) in [("da", "hej"), ("en", "hello")] {
        let asked = request(&[&format!("accept-language:  {language}").replace("  ", " ")]);
        match cache.look_up(&url(), &asked, later(1)) {
            Decision::Use { body: got, .. } => assert_eq!(got, body),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(rule_for(&mut cache, &["Accept-Language: de"], later(1)), &rules::CACHE_VARY);
}

#[test]
fn a_304_makes_the_stored_response_fresh_again_and_keeps_its_content() {
    let said = ["Cache-Control: max-age=5", "ETag: \"v1\"", "Content-Type: text/html"];
    let (mut cache, _) = offered(Sharing::Private, &[], 200, &said);
    let asked = request(&[]);
    let mut answer =
        response(304, &["ETag: \"v1\"", "Cache-Control: max-age=50", "Content-Type: x/y"]);
    answer.fields.set("Date", later(10).to_string());
    let page = url();
    let news = Exchange {
        requested: later(10),
        received: later(10),
        ..exchange(&page, &asked, &answer, "")
    };
    let (response, body) = cache.freshen(&news).unwrap();
    assert_eq!((response.status, body.as_ref()), (200, &b"content"[..]));
    assert_eq!(response.fields.first("Content-Type"), Some("text/html"), "section 3.2");
    assert_eq!(rule_for(&mut cache, &[], later(59)), &rules::CACHE_FRESH);
    let other = Response { fields: fields(&["ETag: \"v2\""]), ..answer };
    assert_eq!(cache.freshen(&exchange(&page, &asked, &other, "")), None, "another's validator");
}

#[test]
fn an_unsafe_request_that_succeeds_throws_its_url_and_location_away() {
    let said = ["Cache-Control: max-age=60"];
    let (mut cache, _) = offered(Sharing::Private, &[], 200, &said);
    let post = Request { method: "POST".into(), ..request(&[]) };
    assert!(!cache.invalidate(&url(), &post, &response(500, &[])), "it failed");
    let elsewhere: Url = "http://www.cs.test/form".parse().unwrap();
    assert!(!cache.invalidate(
        &elsewhere,
        &post,
        &response(303, &["Location: http://x.test/page"])
    ));
    assert!(cache.invalidate(&elsewhere, &post, &response(303, &["Location: /page"])));
    assert_eq!(rule_for(&mut cache, &[], NOW), &rules::CACHE_MISS);
}

#[test]
fn the_requests_own_directives_are_obeyed() {
    let said = ["Cache-Control: max-age=60", "ETag: \"v1\""];
    let (mut cache, _) = offered(Sharing::Private, &[], 200, &said);
    for (directive, at, rule) in [
        ("no-cache", 1, &rules::CACHE_REQUEST_DIRECTIVE),
        ("max-age=0", 0, &rules::CACHE_REQUEST_DIRECTIVE),
        ("max-age=10", 11, &rules::CACHE_REQUEST_DIRECTIVE),
        ("max-age=10", 10, &rules::CACHE_FRESH),
        ("min-fresh=30", 31, &rules::CACHE_REQUEST_DIRECTIVE),
        ("min-fresh=30", 30, &rules::CACHE_FRESH),
        ("max-stale=5", 65, &rules::CACHE_REQUEST_DIRECTIVE),
        ("only-if-cached", 1, &rules::CACHE_FRESH),
        ("only-if-cached", 61, &rules::CACHE_ONLY_IF_CACHED),
    ] {
        let line = format!("Cache-Control: {directive}");
        let decision = cache.look_up(&url(), &request(&[&line]), later(at));
        assert_eq!(decision.rule(), rule, "{directive} at {at}");
        let used = matches!(decision, Decision::Use { .. });
        assert_eq!(used, directive == "max-stale=5" || rule == &rules::CACHE_FRESH);
    }
}

#[test]
fn a_full_cache_throws_out_what_was_unused_for_longest() {
    let mut cache = Cache::new(Sharing::Private, 250);
    let said = response(200, &["Cache-Control: max-age=60"]);
    let asked = request(&[]);
    let pages: Vec<Url> =
        ["a", "b", "c"].iter().map(|p| format!("http://cs.test/{p}").parse().unwrap()).collect();
    let body = "0123456789012345678901234567890123456789";
    cache.store(&exchange(&pages[0], &asked, &said, body));
    cache.store(&exchange(&pages[1], &asked, &said, body));
    cache.look_up(&pages[0], &asked, NOW);
    cache.store(&exchange(&pages[2], &asked, &said, body));
    let kept: Vec<&str> = cache.iter().map(|(url, _)| url).collect();
    assert_eq!(kept, ["http://cs.test/a", "http://cs.test/c"]);
}

#[test]
fn stale_content_serves_a_broken_line_unless_it_must_not() {
    let (cache, _) = offered(Sharing::Shared, &[], 200, &["Cache-Control: max-age=5"]);
    assert!(cache.stale(&url(), &request(&[]), later(60)).is_some());
    let strict = ["Cache-Control: max-age=5, must-revalidate"];
    let (cache, _) = offered(Sharing::Shared, &[], 200, &strict);
    assert!(cache.stale(&url(), &request(&[]), later(60)).is_none());
    let mut cache = cache;
    let eager = ["Cache-Control: max-stale"];
    assert_eq!(rule_for(&mut cache, &eager, later(60)), &rules::CACHE_MUST_REVALIDATE);
}

/// Every combination of these lines is judged alike by us and by http-cache-semantics.
///
/// Differences, each understood and left out of the table: it takes a response with Set-Cookie
/// for stale in a shared cache (RFC 9111 section 7.3 does not), gives `immutable` a day and takes
/// `proxy-revalidate` for no lifetime at all, reads Pragma in responses, leaves Date and the delay
/// out of the age, holds a quoted or malformed `max-age` for zero where it may be read, stores
/// `Vary: *` though it never uses it, does not know `must-understand`, and stores for a statement
/// of lifetime only statuses on its own list. It lets `max-stale` override `no-cache`
/// and `s-maxage`, which sections 5.2.2.4 and 5.2.2.10 forbid, and takes `max-age=0` at age 0 for
/// content where we check, as a reload means.
#[test]
fn a_grid_of_exchanges_is_judged_as_http_cache_semantics_judges_it() {
    let modified = format!("Last-Modified: {}", NOW - Duration::from_secs(600));
    let expires = format!("Expires: {}", later(30));
    let controls = [
        "",
        "max-age=50",
        "s-maxage=10",
        "max-age=50, s-maxage=10",
        "no-cache",
        "no-store",
        "private",
        "public",
        "must-revalidate, max-age=20",
        "no-cache, max-age=50",
    ];
    let asks = [
        "",
        "no-cache",
        "no-store",
        "max-age=15",
        "max-age=0",
        "min-fresh=25",
        "max-stale=100",
        "max-stale",
    ];
    let mut used = 0;
    for sharing in [Sharing::Private, Sharing::Shared] {
        for status in [200, 302, 404] {
            for control in controls {
                for dated in [&[][..], &[&modified], &[&expires], &[&modified, &expires]] {
                    let mut said = fields(&dated.iter().map(|d| d.as_str()).collect::<Vec<_>>());
                    if !control.is_empty() {
                        said.push("Cache-Control", control);
                    }
                    for ask in asks {
                        used += usize::from(judged_alike(sharing, status, &said, ask));
                    }
                }
            }
        }
    }
    assert!(used > 100, "the grid reaches answers from the cache");
}

/// Compares both on one exchange and one later request; whether the cache answered at any time.
fn judged_alike(sharing: Sharing, status: u16, said: &Fields, ask: &str) -> bool {
    let mut response = response(status, &[]);
    response.fields = said.clone().with("Date", NOW.to_string());
    let first = request(&[]);
    let mut asked = request(&[]);
    if !ask.is_empty() {
        asked.fields.push("Cache-Control", ask);
    }
    let options = CacheOptions { shared: sharing == Sharing::Shared, ..CacheOptions::default() };
    let stored_at = UNIX_EPOCH + Duration::from_secs(NOW.secs());
    let policy =
        CachePolicy::new_options(&theirs_request(&first), &theirs(&response), stored_at, options);
    let mut cache = Cache::new(sharing, DEFAULT_CAPACITY);
    let verdict = cache.store(&exchange(&url(), &first, &response, "content"));
    let about = format!("{sharing:?} {status} {said:?} asked {ask}");
    // A private response may be stored by a browser whatever its status (section 3); they differ.
    if !(sharing == Sharing::Private && status == 302) {
        assert_eq!(verdict.stored, policy.is_storable(), "{about}");
    }
    if !verdict.stored {
        return false;
    }
    let mut used = false;
    for secs in [0, 5, 12, 18, 25, 45, 55, 70, 500] {
        let now = stored_at + Duration::from_secs(secs);
        let ours = matches!(cache.look_up(&url(), &asked, later(secs)), Decision::Use { .. });
        let before = policy.before_request(&theirs_request(&asked), now);
        let unrelaxed =
            said.list("Cache-Control").any(|d| d.starts_with("s-maxage") || d == "no-cache");
        let understood_apart = (ask.starts_with("max-stale") && unrelaxed)
            || ask == "no-store"
            || ask.starts_with("max-age=0");
        if !understood_apart {
            assert_eq!(ours, before.satisfies_without_revalidation(), "{about} at {secs}");
        }
        used |= ours;
    }
    used
}

fn theirs_request(request: &Request) -> http::Request<()> {
    let mut builder = http::Request::get(url().to_string());
    for field in &request.fields {
        builder = builder.header(&field.name, &field.value);
    }
    builder.body(()).unwrap()
}

fn theirs(response: &Response) -> http::Response<()> {
    let mut builder = http::Response::builder().status(response.status);
    for field in &response.fields {
        builder = builder.header(&field.name, &field.value);
    }
    builder.body(()).unwrap()
}
