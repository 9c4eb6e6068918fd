//! The app as a browser gets it: content types, caching, compression, and the security headers.

mod common;

use std::fs;
use std::path::PathBuf;

use common::{Lab, raw, settings, start};
use relay::PracticeServer;

const SCRIPT: &str = "import init from './web-0123456789abcdef.js'; init();";

#[tokio::test]
async fn files_have_their_types_and_hashed_ones_are_kept_for_ever() {
    let lab = app("types").await;
    for (path, kind, caching) in [
        ("/web-0123456789abcdef.js", "text/javascript", "public, max-age=31536000, immutable"),
        (
            "/web-0123456789abcdef_bg.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        ("/sw.js", "text/javascript", "no-cache"),
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/lessons/http", "text/html; charset=utf-8", "no-cache"),
        ("/fonts/plex.woff2", "font/woff2", "no-cache"),
    ] {
        let answer = fetch(&lab, path, "").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        assert_eq!(field(&answer, "content-type"), Some(kind), "{path}");
        assert_eq!(field(&answer, "cache-control"), Some(caching), "{path}");
        assert_eq!(field(&answer, "x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(field(&answer, "referrer-policy"), Some("no-referrer"), "{path}");
    }
}

#[tokio::test]
async fn brotli_goes_to_those_who_accept_it() {
    let lab = app("brotli").await;
    for (path, plain) in [("/web-0123456789abcdef_bg.wasm", "\0asm"), ("/", "<!doctype html>")] {
        let small = fetch(&lab, path, "Accept-Encoding: gzip, br\r\n").await;
        assert_eq!(field(&small, "content-encoding"), Some("br"), "{path}");
        assert!(small.ends_with("squeezed"), "{path}: {small}");
        let large = fetch(&lab, path, "Accept-Encoding: gzip\r\n").await;
        assert_eq!(field(&large, "content-encoding"), None, "{path}");
        assert!(large.contains(&format!("\r\n\r\n{plain}")), "{path}: {large}");
        assert_eq!(field(&large, "vary"), Some("accept-encoding"), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_404_and_nothing_outside_the_app_is_served() {
    let lab = app("missing").await;
    for path in ["/missing.js", "/api/missing", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/.env"] {
        let answer = fetch(&lab, path, "").await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    let answer = raw(
        lab.address,
        &format!("POST / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", lab.address),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
}

#[tokio::test]
async fn the_page_may_run_its_own_scripts_and_wasm_and_nothing_else() {
    let lab = app("policy").await;
    let answer = fetch(&lab, "/", "").await;
    let policy = field(&answer, "content-security-policy").expect("a policy");
    // The SHA-256 of SCRIPT, from `printf %s ... | openssl dgst -sha256 -binary | base64`.
    let hash = "'sha256-8MD4pSwXL6yk4zeP/AsbLhuWqIIavTuiyyiMcb/RdoA='";
    assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' {hash};")), "{policy}");
    for part in ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    let file = fetch(&lab, "/sw.js", "").await;
    let policy = field(&file, "content-security-policy").expect("files have one too");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
}

#[tokio::test]
async fn the_practice_servers_are_listed_as_json_and_may_be_dialled() {
    let mut settings = settings();
    let address = common::echo().await;
    settings.policy = relay::policy::Policy::new(relay::policy::Profile::Listed);
    let mut relay = relay::Relay::bind(settings).unwrap();
    relay.offer(PracticeServer::new("Echo", "echo", "tcp", address));
    let lab = common::run(relay);
    let answer = fetch(&lab, "/api/practice", "").await;
    assert_eq!(field(&answer, "content-type"), Some("application/json"));
    let list: serde_json::Value =
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let wanted = serde_json::json!([{
        "name": "Echo", "protocol": "echo", "transport": "tcp",
        "host": "127.0.0.1", "port": address.port(),
    }]);
    assert_eq!(list, wanted);
    let mut client = common::Client::connect(lab.address).await;
    client.open(address).await;
}

#[tokio::test]
async fn health_is_answered_under_any_name() {
    let lab = app("health").await;
    for (path, word) in [("/healthz", "alive"), ("/readyz", "ready")] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n");
        let answer = raw(lab.address, &request).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(word), "{answer}");
    }
}

/// A small app in a directory of its own.
async fn app(name: &str) -> Lab {
    let dist = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("app-{name}"));
    fs::create_dir_all(dist.join("fonts")).unwrap();
    let page = format!("<!doctype html><script type=\"module\">{SCRIPT}</script>");
    for (file, content) in [
        ("index.html", page.as_str()),
        ("index.html.br", "squeezed"),
        ("sw.js", "self"),
        ("web-0123456789abcdef.js", "export"),
        ("web-0123456789abcdef_bg.wasm", "\0asm"),
        ("web-0123456789abcdef_bg.wasm.br", "squeezed"),
        ("fonts/plex.woff2", "wOF2"),
    ] {
        fs::write(dist.join(file), content).unwrap();
    }
    let mut settings = settings();
    settings.app = dist;
    start(settings).await
}

async fn fetch(lab: &Lab, path: &str, fields: &str) -> String {
    let host = lab.address;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{fields}Connection: close\r\n\r\n");
    raw(host, &head).await
}

fn field<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
