//! curl changes things on our server: PUT, DELETE, POST, bodies in chunks, Expect.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::curl;
use crate::server::{tapped, url};

const STATUS: [&str; 4] = ["-o", "/dev/null", "-w", "%{http_code}"];

#[test]
fn what_is_put_can_be_got_and_after_delete_it_is_gone() {
    let (_lab, tap) = tapped();
    let note = url(&tap, "/notes/duster");
    let put = |body: &str| {
        let put = ["-X", "PUT", "-H", "Content-Type: text/plain", "--data-binary", body, &note];
        curl(&[&STATUS[..], &put].concat())
    };
    assert_eq!(put("Wash it.\n"), "201", "RFC 9110 section 9.3.4: created");
    assert_eq!(curl(&[&note]), "Wash it.\n");
    assert_eq!(put("Wash it twice.\n"), "204", "RFC 9110 section 9.3.4: replaced");
    assert_eq!(curl(&[&note]), "Wash it twice.\n");
    assert_eq!(curl(&[&STATUS[..], &["-X", "DELETE", &note]].concat()), "204");
    assert_eq!(curl(&[&STATUS[..], &[&note]].concat()), "404");
}

#[test]
fn a_body_that_curl_sends_in_chunks_is_put_together() {
    let (_lab, tap) = tapped();
    let note = url(&tap, "/notes/long");
    let body = "One line of many.\n".repeat(2_000);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("body");
    std::fs::write(&file, &body).expect("a file");
    let file = file.to_str().expect("a path in UTF-8");
    let chunked = ["-T", file, "-H", "Transfer-Encoding: chunked", &note];
    assert_eq!(curl(&[&STATUS[..], &chunked].concat()), "201");
    let asked = tap.tapes()[0].asked();
    assert!(asked.contains("Transfer-Encoding: chunked\r\n"), "{}", &asked[..300]);
    assert!(!asked.contains("Content-Length"), "RFC 9112 section 6.2");
    assert_eq!(curl(&[&note]), body);
}

#[test]
fn a_client_that_asks_before_it_sends_is_told_to_go_on() {
    let (_lab, tap) = tapped();
    let note = url(&tap, "/notes/asked");
    let expecting = ["-X", "PUT", "-H", "Expect: 100-continue", "--expect100-timeout", "15"];
    let body = ["--data-binary", "After all.\n", &note];
    assert_eq!(curl(&[&STATUS[..], &expecting, &body].concat()), "201");
    let answer = tap.tapes()[0].answered();
    assert!(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 "), "{answer}");
}

#[test]
fn a_form_is_answered_with_a_page_to_get_elsewhere() {
    let (_lab, tap) = tapped();
    let form =
        ["-L", "-d", "text=More chalk", "-w", "%{method} %{url_effective}", "-o", "/dev/null"];
    let seen = curl(&[&form[..], &[&url(&tap, "/feedback")]].concat());
    assert!(seen.starts_with("GET ") && seen.ends_with("/thanks.html"), "RFC 9110 15.4.4: {seen}");
    let kept = ["-L", "-d", "name=Ida", "-w", "%{method} %{url_effective}", "-o", "/dev/null"];
    let seen = curl(&[&kept[..], &[&url(&tap, "/apply")]].concat());
    assert!(seen.starts_with("POST ") && seen.ends_with("/enrol"), "RFC 9110 15.4.8: {seen}");
}

#[test]
fn a_method_that_a_resource_lacks_is_refused_with_those_that_it_has() {
    let (_lab, tap) = tapped();
    let head = curl(&["-i", "-X", "DELETE", &url(&tap, "/style.css")]);
    assert!(head.starts_with("HTTP/1.1 405 "), "{head}");
    assert!(head.contains("\nAllow: GET, HEAD"), "RFC 9110 section 15.5.6: {head}");
    let head = curl(&["-i", "-X", "BREW", &url(&tap, "/style.css")]);
    assert!(head.starts_with("HTTP/1.1 501 "), "RFC 9110 section 9.1: {head}");
}

#[test]
fn requests_sent_in_one_go_are_answered_in_their_order() {
    let (_lab, tap) = tapped();
    let answer = said(
        &tap,
        "GET /style.css HTTP/1.1\r\nHost: a\r\n\r\nHEAD /logo.svg HTTP/1.1\r\n\
                             Host: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    let at = |part: &str| answer.find(part).unwrap_or_else(|| panic!("no {part} in\n{answer}"));
    assert!(at("text/css") < at("image/svg") && at("image/svg") < at("text/html"));
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 3, "RFC 9112 section 9.3.2");
}

#[test]
fn two_lengths_at_once_are_refused_and_nothing_after_them_is_a_request() {
    let (_lab, tap) = tapped();
    let answer = said(
        &tap,
        "POST /feedback HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\
         Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\
         GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 400 "), "RFC 9112 section 6.1: {answer}");
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "a second answer surfaced: {answer}");
}

/// What the server says to these bytes until it closes.
fn said(tap: &tests::tap::Tap, bytes: &str) -> String {
    let mut stream = TcpStream::connect(tap.address()).expect("the tap listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream.write_all(bytes.as_bytes()).expect("the tap takes them");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server closes");
    let _ = stream.shutdown(Shutdown::Both);
    String::from_utf8_lossy(&answer).into_owned()
}
