//! curl and wget reach our server, and nginx, through our caching proxy.

use tests::lab::Lab;
use tests::nginx::{Nginx, SITE};
use tests::program::run;
use tests::tap::Tap;

use crate::{curl, text};

#[test]
fn curl_gets_heads_puts_and_deletes_through_the_proxy() {
    let (_lab, proxy, server) = between();
    let url = |path: &str| format!("http://{}{path}", server.address());
    assert!(curl(&["-x", &proxy, &url("/")]).starts_with("<!DOCTYPE html>"));
    let head = curl(&["-x", &proxy, "-I", &url("/building.gif")]);
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("Via: 1.1 "), "{head}");
    let status = ["-x", &proxy, "-o", "/dev/null", "-w", "%{http_code}"];
    let note = url("/notes/by-proxy");
    let put = ["-X", "PUT", "--data-binary", "Through.\n", &note];
    assert_eq!(curl(&[&status[..], &put].concat()), "201");
    assert_eq!(curl(&["-x", &proxy, &note]), "Through.\n");
    assert_eq!(curl(&[&status[..], &["-X", "DELETE", &note]].concat()), "204");
    assert_eq!(curl(&[&status[..], &[&note]].concat()), "404", "RFC 9111 section 4.4: stale copy");
}

#[test]
fn what_is_fresh_comes_from_the_proxy_and_the_server_is_not_asked() {
    let (_lab, proxy, server) = between();
    let page = format!("http://{}/style.css", server.address());
    let first = curl(&["-x", &proxy, &page]);
    let again = curl(&["-x", &proxy, "-i", &page]);
    assert!(again.contains("\nAge: "), "RFC 9111 section 5.1: {again}");
    assert!(again.ends_with(&first));
    let asked: usize = server.tapes().iter().map(|tape| tape.asked().matches("GET ").count()).sum();
    assert_eq!(asked, 1, "RFC 9111 section 4.2: a fresh response needs no request");
}

#[test]
fn wget_brings_a_page_from_nginx_through_the_proxy() {
    let nginx = Nginx::start();
    let lab = Lab::start(&["--allow", &nginx.address().to_string()]);
    let proxy = format!("http_proxy=http://{}", lab.practice("http-proxy"));
    let page = format!("http://{}/index.html", nginx.address());
    let brought = text(&run("wget", &["-q", "-O", "-", "-e", "use_proxy=on", "-e", &proxy, &page]));
    assert_eq!(brought, SITE[0].text);
}

#[test]
fn a_server_that_is_not_there_is_the_gateways_error() {
    let nobody = tests::program::free_address();
    let lab = Lab::start(&["--allow", &nobody.to_string()]);
    let proxy = format!("http://{}", lab.practice("http-proxy"));
    let head = curl(&["-x", &proxy, "-i", &format!("http://{nobody}/")]);
    assert!(head.starts_with("HTTP/1.1 502 "), "RFC 9110 section 15.6.3: {head}");
}

/// The lab, the address of its proxy, and a tap in front of its server.
fn between() -> (Lab, String, Tap) {
    let server = Tap::open();
    let lab = Lab::start(&["--allow", &server.address().to_string()]);
    server.lead_to(lab.practice("http"));
    let proxy = format!("http://{}", lab.practice("http-proxy"));
    (lab, proxy, server)
}
