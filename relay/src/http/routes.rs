//! The routes and the headers that every answer carries.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{self, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use relay_wire::{MAX_MESSAGE, SUBPROTOCOL};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::app;
use crate::bridge::{self, Guest, Wire};
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
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    if let Err(text) = shared.gate.check_origin(&parts.headers) {
        tracing::info!(%peer, verdict = "origin refused", text, "handshake");
        return plain(StatusCode::FORBIDDEN, text);
    }
    let upgrade = parts.extensions.remove::<OnUpgrade>();
    let named = names_subprotocol(&parts.headers);
    let accepted = create_response(&http::Request::from_parts(parts, ()));
    let (mut response, upgrade) = match (accepted, upgrade) {
        (Ok(response), Some(upgrade)) => (response.map(|()| Body::empty()), upgrade),
        (Err(error), _) => return plain(StatusCode::BAD_REQUEST, error.to_string()),
        (Ok(_), None) => {
            return plain(StatusCode::UPGRADE_REQUIRED, "This connection cannot be upgraded.");
        }
    };
    if !named {
        let text = format!("The handshake has to name the subprotocol {SUBPROTOCOL}.");
        return plain(StatusCode::BAD_REQUEST, text);
    }
    if *shared.drain.borrow() {
        return try_later("The relay is being stopped.");
    }
    let Some(place) = shared.gauges.sessions.hold_below(shared.limits.sessions as u64) else {
        return try_later("Every session of this relay is taken.");
    };
    let subprotocol = HeaderValue::from_static(SUBPROTOCOL);
    response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, subprotocol);
    tokio::spawn(join(shared, upgrade, Guest { peer, place }));
    response
}

/// Runs the session once the answer to the handshake is out.
async fn join(shared: Arc<Shared>, upgrade: OnUpgrade, guest: Guest) {
    // A client that is gone before it has its answer has opened nothing.
    let Ok(upgraded) = upgrade.await else { return };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * MAX_MESSAGE)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let wire = Wire::new(TokioIo::new(upgraded));
    let socket = WebSocketStream::from_raw_socket(wire, Role::Server, Some(config)).await;
    bridge::run(shared, socket, guest).await;
}

/// Whether a handshake offers this protocol (RFC 6455 section 4.1).
fn names_subprotocol(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let mut named = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|l| l.split(','));
    named.any(|name| name.trim() == SUBPROTOCOL)
}

/// Tells when to come back, as a full or stopping relay does.
pub(crate) fn try_later(text: &'static str) -> Response {
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

/// What a control frame needs: the wire reads ahead when there is more, and nothing when not.
const READ_BUFFER: usize = 2 * 1024;
