//! The routes and the headers that every answer carries.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use relay_wire::{MAX_MESSAGE, SUBPROTOCOL};

use super::app;
use super::gate::Visitor;
use crate::bridge::{self, Guest};
use crate::server::Shared;

/// Everything the relay answers.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let checked = Router::new()
        .route("/ws", get(handshake))
        .route("/api/practice", get(practice))
        .route("/api/{*rest}", get(|| async { plain(StatusCode::NOT_FOUND, "No such list.") }))
        .fallback(app::serve)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), check_host));
    Router::new()
        // A probe asks by address, whatever it is; it learns no more than one word.
        .route("/healthz", get(|| async { plain(StatusCode::OK, "alive") }))
        .route("/readyz", get(ready))
        .merge(checked)
        .layer(middleware::map_response(secure))
        .with_state(shared)
}

async fn check_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match shared.gate.check_host(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(text) => {
            tracing::info!(verdict = "host refused", text, "handshake");
            plain(StatusCode::FORBIDDEN, text)
        }
    }
}

async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    if *shared.drain.borrow() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    plain(StatusCode::OK, "ready")
}

async fn practice(State(shared): State<Arc<Shared>>) -> Response {
    let mut response = Json(shared.practice.as_slice()).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn handshake(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let visitor = match shared.gate.check_origin(&headers) {
        Ok(visitor) => visitor,
        Err(text) => {
            tracing::info!(%peer, verdict = "origin refused", text, "handshake");
            return plain(StatusCode::FORBIDDEN, text);
        }
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        let text = format!("The handshake has to name the subprotocol {SUBPROTOCOL}.");
        return plain(StatusCode::BAD_REQUEST, text);
    }
    if *shared.drain.borrow() {
        return try_later("The relay is being stopped.");
    }
    if shared.gauges.sessions.value() >= shared.limits.sessions as u64 {
        return try_later("Every session of this relay is taken.");
    }
    let token_needed = visitor == Visitor::Program || shared.token_for_all;
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_BUFFER + 2 * MAX_MESSAGE)
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .on_upgrade(move |ws| bridge::run(shared, ws, Guest { peer, token_needed }))
}

fn try_later(text: &'static str) -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// An answer of one sentence.
pub(super) fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text.into()).into_response()
}

/// Adds the security headers; a page brings its own Content-Security-Policy.
async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| app::content_security_policy(""));
    response
}

const SECURITY: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Half a DATA frame: an idle session then costs little, a busy one two reads for each frame.
const READ_BUFFER: usize = 8 * 1024;
/// Four DATA frames leave in one system call; an idle session holds none of it.
const WRITE_BUFFER: usize = 64 * 1024;
