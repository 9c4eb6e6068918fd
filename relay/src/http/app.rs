//! The built app: hashed files for ever, the page itself asked for anew each time.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::routes::plain;
use crate::server::Shared;

/// Answers every path that is no route of the relay: a file of the app, or the page for the
/// app's own routes, or 404 for a file that is not there.
pub(super) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "The app can only be fetched.");
    }
    let path = request.uri().path().to_owned();
    if is_page(&path) {
        return page(&shared.app, request.headers()).await;
    }
    let files =
        ServeDir::new(&shared.app).append_index_html_on_directories(false).precompressed_br();
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        return plain(StatusCode::NOT_FOUND, "The app has no such file.");
    }
    let caching = if is_hashed(&path) { FOR_EVER } else { ASK_AGAIN };
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    own.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// A route of the app: nothing after the last slash that looks like the name of a file.
fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last == "index.html" || !last.contains('.')
}

/// True for a name that changes with its content, such as `web-1f2e3d4c5b6a7988_bg.wasm`: the
/// build puts eight or more hexadecimal digits after a hyphen.
fn is_hashed(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.split(['-', '.', '_']).skip(1).any(|part| {
        part.len() >= HASH_LEN
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}

async fn page(app: &Path, headers: &HeaderMap) -> Response {
    let Ok(html) = tokio::fs::read_to_string(app.join("index.html")).await else {
        return plain(
            StatusCode::NOT_FOUND,
            "The app has not been built, or lies elsewhere: see --app. The relay itself works.",
        );
    };
    let policy = content_security_policy(&inline_hashes(&html));
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    if accepts_brotli(headers)
        && let Ok(small) = tokio::fs::read(app.join("index.html.br")).await
    {
        *response.body_mut() = Body::from(small);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN));
    own.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    own.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim() == "br")
}

/// The Content-Security-Policy of a page with these inline scripts: nothing from elsewhere, and
/// `wasm-unsafe-eval` because WebAssembly needs it. Styles may be inline, as the app sets sizes
/// and positions on its elements.
pub(super) fn content_security_policy(hashes: &str) -> HeaderValue {
    let text = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
         connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// The hashes that let exactly the inline scripts of this page run, each with a space before it.
fn inline_hashes(html: &str) -> String {
    let mut hashes = String::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, body)) = after.split_once('>') else { break };
        let Some((script, after)) = body.split_once("</script") else { break };
        if !attributes.contains("src=") {
            let hash = BASE64_STANDARD.encode(Sha256::digest(script));
            hashes.push_str(&format!(" 'sha256-{hash}'"));
        }
        rest = after;
    }
    hashes
}

/// A hashed file never changes (RFC 8246).
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again; an unchanged file then costs a 304 only.
const ASK_AGAIN: &str = "no-cache";
/// Shorter runs of hexadecimal digits are words such as `face` or numbers such as years.
const HASH_LEN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for hashed in
            ["/web-1f2e3d4c5b6a7988_bg.wasm", "/web-1f2e3d4c5b6a7988.js", "/a-0123abcd.css"]
        {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in ["/sw.js", "/index.html", "/plex-sans-400.woff2", "/deadbeef", "/a-facade.css"]
        {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn inline_scripts_are_hashed_and_others_are_not() {
        let html = "<script src=\"a.js\"></script><script type=\"module\">x</script>";
        let x = BASE64_STANDARD.encode(Sha256::digest("x"));
        assert_eq!(inline_hashes(html), format!(" 'sha256-{x}'"));
    }
}
