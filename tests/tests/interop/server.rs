//! curl and wget fetch from our server machine, which the relay runs natively.

use std::fs;

use tests::lab::Lab;
use tests::program::run;
use tests::tap::Tap;

use crate::{curl, text};

#[test]
fn curl_fetches_a_page_and_its_objects_over_one_connection() {
    let (_lab, tap) = tapped();
    let urls = ["/", "/style.css", "/logo.svg"].map(|path| url(&tap, path));
    let bodies = curl(&[&urls[0], &urls[1], &urls[2]]);
    assert!(bodies.starts_with("<!DOCTYPE html>") && bodies.ends_with("</svg>\n"), "{bodies}");
    let tapes = tap.tapes();
    assert_eq!(tapes.len(), 1, "RFC 9112 section 9.3: connections persist by default");
    assert_eq!(tapes[0].answered().matches("HTTP/1.1 200 OK\r\n").count(), 3);
}

#[test]
fn a_client_of_http_1_0_is_answered_and_the_connection_closed() {
    let (_lab, tap) = tapped();
    let urls = [url(&tap, "/"), url(&tap, "/")];
    let bodies = curl(&["-0", &urls[0], &urls[1]]);
    assert_eq!(bodies.matches("<!DOCTYPE html>").count(), 2);
    assert_eq!(tap.tapes().len(), 2, "RFC 9112 section 9.3: 1.0 persists only when asked");
}

#[test]
fn wget_brings_the_page_with_everything_that_it_needs_and_the_bytes_are_those_of_curl() {
    let (_lab, tap) = tapped();
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path().to_str().expect("a path in UTF-8");
    let home = url(&tap, "/");
    text(&run("wget", &["-q", "--no-proxy", "-p", "-nH", "-P", into, &home]));
    let names = ["style.css", "logo.svg", "building.gif", "library.gif", "lab.gif"];
    for name in names {
        let brought =
            fs::read(folder.path().join(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
        let fetched = run("curl", &["-sS", &url(&tap, &format!("/{name}"))]).stdout;
        assert_eq!(brought, fetched, "{name}");
        assert!(!brought.is_empty(), "{name}");
    }
    assert_eq!(tap.tapes().len(), 1 + names.len(), "wget keeps one connection, each curl has one");
}

#[test]
fn head_tells_what_get_would_and_sends_no_body() {
    let (_lab, tap) = tapped();
    let head = curl(&["-I", &url(&tap, "/building.gif")]);
    let body = run("curl", &["-sS", &url(&tap, "/building.gif")]).stdout;
    let length = format!("Content-Length: {}", body.len());
    assert!(head.contains(&length), "RFC 9110 section 9.3.2: {length} in\n{head}");
    assert!(tap.tapes()[0].answered().ends_with("\r\n\r\n"), "a body after the answer to HEAD");
}

#[test]
fn an_unchanged_page_is_answered_with_304_by_tag_and_by_date() {
    let (_lab, tap) = tapped();
    let folder = tempfile::tempdir().expect("a folder");
    let tag = folder.path().join("tag");
    let tag = tag.to_str().expect("a path in UTF-8");
    let page = url(&tap, "/style.css");
    let report = ["-o", "/dev/null", "-w", "%{http_code}"];
    assert_eq!(curl(&[&report[..], &["--etag-save", tag, &page]].concat()), "200");
    assert_eq!(curl(&[&report[..], &["--etag-compare", tag, &page]].concat()), "304");
    assert_eq!(
        curl(&[&report[..], &["-z", "2030-01-01", &page]].concat()),
        "200",
        "RFC 9110 13.1.3"
    );
    let head = curl(&["-I", &page]);
    let date = head.lines().find_map(|line| line.strip_prefix("Last-Modified: ")).expect("a date");
    let since = format!("If-Modified-Since: {}", date.trim());
    assert_eq!(curl(&[&report[..], &["-H", &since, &page]].concat()), "304");
    let answers = tap.tapes();
    let unchanged = answers.iter().filter(|tape| tape.answered().contains(" 304 "));
    for tape in unchanged {
        assert!(tape.answered().ends_with("\r\n\r\n"), "RFC 9110 section 15.4.5: no content");
    }
}

#[test]
fn wget_asks_again_only_for_what_changed() {
    let (_lab, tap) = tapped();
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path().to_str().expect("a path in UTF-8");
    for _ in 0..2 {
        text(&run("wget", &["-q", "--no-proxy", "-N", "-P", into, &url(&tap, "/courses.html")]));
    }
    let tapes = tap.tapes();
    assert!(tapes[0].answered().starts_with("HTTP/1.1 200 "));
    assert!(tapes[1].asked().contains("If-Modified-Since: "), "{}", tapes[1].asked());
    assert!(tapes[1].answered().starts_with("HTTP/1.1 304 "), "{}", tapes[1].answered());
}

#[test]
fn what_has_no_length_beforehand_comes_in_chunks() {
    let (_lab, tap) = tapped();
    let seminars = curl(&[&url(&tap, "/seminars")]);
    assert_eq!(seminars.lines().count(), 4, "{seminars}");
    let answer = tap.tapes()[0].answered();
    assert!(answer.contains("Transfer-Encoding: chunked\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n0\r\n\r\n"), "RFC 9112 section 7.1: the last chunk\n{answer}");
}

#[test]
fn redirects_lead_to_the_page_and_a_circle_of_them_is_left() {
    let (_lab, tap) = tapped();
    let seen = curl(&["-L", "-o", "/dev/null", "-w", "%{url_effective}", &url(&tap, "/today")]);
    assert!(seen.ends_with("/news.html"), "{seen}");
    let circle = run("curl", &["-sS", "-L", "--max-redirs", "5", &url(&tap, "/round")]);
    assert_eq!(circle.status.code(), Some(47), "curl's number for too many redirects");
}

#[test]
fn a_cookie_makes_the_second_visit_the_second() {
    let (_lab, tap) = tapped();
    let folder = tempfile::tempdir().expect("a folder");
    let jar = folder.path().join("jar");
    let jar = jar.to_str().expect("a path in UTF-8");
    let page = url(&tap, "/visits");
    let visit = || curl(&["-b", jar, "-c", jar, &page]);
    let (first, second) = (visit(), visit());
    assert_ne!(first, second, "the server did not know the visitor again");
    assert_eq!(second, curl(&["-b", jar, "-c", jar, &page]).replace('3', "2"));
    let tapes = tap.tapes();
    assert!(tapes[0].answered().contains("Set-Cookie: "), "{}", tapes[0].answered());
    assert!(tapes[1].asked().contains("Cookie: "), "{}", tapes[1].asked());
}

/// The lab, and a tap in front of its HTTP server.
pub fn tapped() -> (Lab, Tap) {
    let lab = Lab::start(&[]);
    let tap = Tap::before(lab.practice("http"));
    (lab, tap)
}

/// The address of a resource behind the tap.
pub fn url(tap: &Tap, path: &str) -> String {
    format!("http://{}{path}", tap.address())
}
