//! What the site answers, and what the client reads in its pages.

use bytes::Bytes;

use super::*;
use crate::http::Fields;
use crate::wire::Time;

const NOW: Time = Time::from_secs(1_700_000_000);

fn ask(site: &mut Site, method: &str, target: &str, fields: &Fields, body: &'static str) -> Answer {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let body = Bytes::from_static(body.as_bytes());
    let asked = Asked { method, path, query, fields, body: &body, now: NOW };
    site.answer(&asked, &mut || 7)
}

fn status(site: &mut Site, method: &str, target: &str) -> u16 {
    ask(site, method, target, &Fields::new(), "").status
}

fn text(answer: &Answer) -> String {
    match &answer.content {
        Content::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Content::None | Content::Pieces(_) => String::new(),
    }
}

#[test]
fn every_kind_of_resource_answers_with_its_status() {
    let mut site = Site::department(NOW);
    for (method, target, expected) in [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/", 405),
        ("PUT", "/logo.svg", 405),
        ("GET", "/enrol", 405),
        ("POST", "/enrol", 415),
        ("BREW", "/", 501),
        ("get", "/", 501),
        ("OPTIONS", "*", 204),
        ("OPTIONS", "/", 204),
        ("GET", "/index.html", 301),
        ("GET", "/today", 302),
        ("GET", "/apply", 307),
        ("GET", "/teaching.html", 308),
        ("GET", "/search?q=tcp", 200),
        ("GET", "/seminars", 200),
        ("GET", "/welcome", 200),
        ("GET", "/broken", 500),
        ("GET", "/busy", 503),
        ("GET", "/notes/", 200),
        ("GET", "/notes/absent", 404),
    ] {
        assert_eq!(status(&mut site, method, target), expected, "{method} {target}");
    }
    let answer = ask(&mut site, "DELETE", "/", &Fields::new(), "");
    assert_eq!(answer.fields.first("Allow"), Some("GET, HEAD, OPTIONS"), "RFC 9110 15.5.6");
}

#[test]
fn put_creates_then_replaces_and_delete_removes() {
    let mut site = Site::department(NOW);
    let none = Fields::new();
    assert_eq!(ask(&mut site, "PUT", "/notes/a", &none, "one").status, 201);
    assert_eq!(ask(&mut site, "PUT", "/notes/a", &none, "two").status, 204);
    assert_eq!(text(&ask(&mut site, "GET", "/notes/a", &none, "")), "two");
    assert_eq!(ask(&mut site, "DELETE", "/notes/a", &none, "").status, 204);
    assert_eq!(ask(&mut site, "DELETE", "/notes/a", &none, "").status, 404);
    let added = ask(&mut site, "POST", "/notes/", &none, "three");
    assert_eq!((added.status, added.fields.first("Location")), (201, Some("/notes/1")));
    assert_eq!(text(&ask(&mut site, "GET", "/notes/1", &none, "")), "three");
}

#[test]
fn the_tree_does_not_grow_without_bound() {
    let mut site = Site::new().with_tree("/t/");
    for n in 0..MAX_TREE_DOCUMENTS {
        assert_eq!(ask(&mut site, "PUT", &format!("/t/{n}"), &Fields::new(), "x").status, 201);
    }
    assert_eq!(ask(&mut site, "PUT", "/t/more", &Fields::new(), "x").status, 507);
    assert_eq!(ask(&mut site, "PUT", "/t/0", &Fields::new(), "y").status, 204);
}

/// RFC 9110 section 13.2.2, each row one request about one document.
#[test]
fn preconditions_are_weighed_in_their_order() {
    let document = Document::new("text/plain", "words", NOW);
    let tag = document.entity_tag().unwrap();
    let weak = format!("W/{tag}");
    let several = format!("\"a,b\", {tag}");
    let earlier = Time::from_secs(NOW.secs() - 60).to_string();
    let same = NOW.to_string();
    for (method, name, value, and, expected) in [
        ("GET", "If-None-Match", tag.as_str(), None, 304),
        ("GET", "If-None-Match", weak.as_str(), None, 304),
        ("GET", "If-None-Match", several.as_str(), None, 304),
        ("GET", "If-None-Match", "*", None, 304),
        ("GET", "If-None-Match", "\"old\"", None, 200),
        ("GET", "If-None-Match", "\"old\"", Some(("If-Modified-Since", &same)), 200),
        ("GET", "If-Modified-Since", &same, None, 304),
        ("GET", "If-Modified-Since", &earlier, None, 200),
        ("GET", "If-Modified-Since", "yesterday", None, 200),
        ("PUT", "If-None-Match", "*", None, 412),
        ("PUT", "If-Match", tag.as_str(), None, 204),
        ("PUT", "If-Match", weak.as_str(), None, 412),
        ("PUT", "If-Match", "\"old\"", None, 412),
        ("PUT", "If-Match", tag.as_str(), Some(("If-Unmodified-Since", &earlier)), 204),
        ("PUT", "If-Unmodified-Since", &earlier, None, 412),
        ("PUT", "If-Unmodified-Since", &same, None, 204),
        ("DELETE", "If-Match", "\"old\"", None, 412),
    ] {
        let mut site = Site::new().with_tree("/t/").with_document("/t/x", document.clone());
        let mut fields = Fields::new().with(name, value);
        if let Some((name, value)) = and {
            fields.push(name, value.clone());
        }
        let answer = ask(&mut site, method, "/t/x", &fields, "new");
        assert_eq!(answer.status, expected, "{method} {fields:?}");
        assert_eq!(answer.status == 304, answer.content == Content::None && method == "GET");
    }
}

#[test]
fn a_visitor_is_known_by_the_session_cookie_and_by_nothing_else() {
    let mut site = Site::department(NOW);
    let first = ask(&mut site, "GET", "/visits", &Fields::new(), "");
    let cookie = first.fields.first("Set-Cookie").unwrap();
    assert_eq!(cookie, "session=0000000000000007; Path=/; HttpOnly");
    let mine = Fields::new().with("Cookie", "theme=dark; session=0000000000000007");
    let second = ask(&mut site, "GET", "/visits", &mine, "");
    assert!(text(&second).contains("visit number 2"));
    assert_eq!(second.fields.first("Set-Cookie"), None);
    let forged = Fields::new().with("Cookie", "session=admin");
    assert!(ask(&mut site, "GET", "/visits", &forged, "").fields.first("Set-Cookie").is_some());
}

#[test]
fn cookies_are_set_with_their_attributes_and_taken_back_with_a_date_in_the_past() {
    let mut site = Site::department(NOW);
    for (path, cookie) in [
        ("/theme/dark", "theme=dark; Path=/; Expires=Thu, 14 Dec 2023 22:13:20 GMT"),
        ("/theme/none", "theme=; Path=/; Expires=Mon, 13 Nov 2023 22:13:20 GMT"),
        ("/members", "member=anna; Path=/; Secure; HttpOnly"),
    ] {
        let answer = ask(&mut site, "GET", path, &Fields::new(), "");
        assert_eq!(answer.fields.first("Set-Cookie"), Some(cookie));
    }
}

#[test]
fn the_language_with_the_highest_weight_is_served() {
    let mut site = Site::department(NOW);
    for (accept, strict, expected) in [
        ("da", false, Some("da")),
        ("da;q=0.4, en;q=0.8", false, Some("en")),
        ("da, en;q=0.8", false, Some("da")),
        ("en-GB, da;q=0.5", false, Some("da")),
        ("*", false, Some("en")),
        ("*;q=0.2, da;q=0", false, Some("en")),
        ("fr", false, Some("en")),
        ("fr", true, None),
        ("en;q=0, da;q=0", true, None),
        ("da;q=7", true, None),
    ] {
        let path = if strict { "/welcome-strict" } else { "/welcome" };
        let fields = Fields::new().with("Accept-Language", accept);
        let answer = ask(&mut site, "GET", path, &fields, "");
        assert_eq!(answer.fields.first("Content-Language"), expected, "{accept}");
        assert_eq!(answer.status, if expected.is_some() { 200 } else { 406 }, "{accept}");
        assert_eq!(answer.fields.first("Vary"), Some("Accept-Language"));
    }
}

#[test]
fn what_a_form_sends_comes_back_decoded_and_harmless() {
    let mut site = Site::department(NOW);
    let form = Fields::new().with("Content-Type", "application/x-www-form-urlencoded");
    let body = "name=Anna+Holm&say=%3Cscript%3E&odd=%zz";
    let answer = ask(&mut site, "POST", "/enrol", &form, body);
    let page = text(&answer);
    for part in ["<dt>name</dt><dd>Anna Holm</dd>", "&lt;script&gt;", "<dd>%zz</dd>"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(ask(&mut site, "POST", "/feedback", &form, body).status, 303);
    assert!(text(&ask(&mut site, "GET", "/<b>", &Fields::new(), "")).contains("/&lt;b&gt;"));
}

#[test]
fn pictures_are_gifs_of_exactly_the_size_asked_for() {
    for size in [0, 10, 35, 36, 37, 40, 41, 43, 294, 295, 296, 297, 298, 299, 300, 5000, 100_000] {
        let gif = gif_of_size(size, 3);
        assert_eq!(gif.len(), size);
        assert!(gif.starts_with(&b"GIF89a"[..size.min(6)]));
        assert!(size < 35 || gif_has_a_trailer(&gif), "{size}");
    }
}

/// Walks the blocks of a GIF with one table of two colours, up to its trailer.
fn gif_has_a_trailer(gif: &[u8]) -> bool {
    let mut at = 19;
    loop {
        at += match gif.get(at) {
            Some(0x3b) => return true,
            Some(0x21) => 2,
            Some(0x2c) => 11,
            _ => return false,
        };
        while let Some(size) = gif.get(at).filter(|size| **size > 0) {
            at += usize::from(*size) + 1;
        }
        at += 1;
    }
}

#[test]
fn a_page_with_objects_names_each_of_them_once() {
    let site = Site::page_with_objects(8, 1000, NOW);
    let Some((_, Resource::Document(page))) = site.resources().find(|(path, _)| *path == "/")
    else {
        panic!("no page");
    };
    let links = object_links(std::str::from_utf8(page.content()).unwrap());
    assert_eq!(links.len(), 8);
    assert_eq!(links.first().map(String::as_str), Some("/objects/1.gif"));
}

#[test]
fn object_links_are_those_that_a_browser_fetches_with_the_page() {
    let html = r#"<LINK rel='stylesheet' href=/a.css><link rel="next" href="/no">
        <!-- <img src="hidden.png"> --><img alt="a > b" src="one.png"><a href="/page">x</a>
        <script async src="s.js?a=1&amp;b=2"></script><img src="one.png"><img src=""><img/src=x.gif>
        <imgx src="no"><img src="cut"#;
    assert_eq!(object_links(html), ["/a.css", "one.png", "s.js?a=1&b=2", "x.gif", "cut"]);
    let many: String = (0..MAX_LINKS + 5).map(|n| format!("<img src={n}>")).collect();
    assert_eq!(object_links(&many).len(), MAX_LINKS);
}

proptest::proptest! {
    #[test]
    fn no_page_makes_the_reading_of_links_panic(html in "[<>a-z=\"' /!é&;-]{0,80}") {
        object_links(&html);
    }

    #[test]
    fn no_request_makes_the_site_panic(
        method in "(GET|HEAD|POST|PUT|DELETE|OPTIONS)",
        target in "(/|/notes/[a-z]{0,2}|/enrol|/welcome|/visits|\\*)",
        name in "(If-Match|If-None-Match|If-Modified-Since|Accept-Language|Cookie|Content-Type)",
        value in "[ -~é]{0,30}",
    ) {
        let mut site = Site::department(NOW);
        let answer = ask(&mut site, &method, &target, &Fields::new().with(name, value), "%");
        proptest::prop_assert!((200..600).contains(&answer.status));
    }
}
