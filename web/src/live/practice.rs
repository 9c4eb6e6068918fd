//! Looking for a relay: whether the place that the page came from is one, and what it practises
//! with.

use gloo::net::http::{Request, Response};
use serde::Deserialize;

use crate::browser;

/// A practice server as `GET /api/practice` lists it.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Practice {
    /// What it is called.
    pub name: String,
    /// Its protocol in lower case, such as `http` or `http-proxy`.
    pub protocol: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Its host, as it is to be dialled.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Practice {
    /// Host and port as a URL has them; an IPv6 address is put between brackets.
    pub fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// The address of its start page.
    pub fn url(&self) -> String {
        format!("http://{}/", self.authority())
    }

    /// Whether it is a proxy and no server of pages.
    pub fn is_proxy(&self) -> bool {
        self.protocol == "http-proxy"
    }

    /// Whether it is a name server, as datagrams reach it.
    pub fn is_names(&self) -> bool {
        self.protocol == "dns" && self.transport == "udp"
    }

    /// Whether it is a node of a DHT.
    pub fn is_dht(&self) -> bool {
        self.protocol == "kademlia"
    }

    /// Whether the client in the tab can speak to it.
    pub fn is_web(&self) -> bool {
        self.protocol == "http"
    }
}

/// What was found in the place of a relay.
#[derive(Clone, PartialEq, Debug)]
pub enum Absence {
    /// Nothing answers at all.
    Silence,
    /// A server of plain files.
    PlainFiles,
    /// A relay that does not want this page, and why, as a sentence.
    Refusal(String),
}

/// Asks the place that the page came from for its practice servers.
pub async fn look() -> Result<Vec<Practice>, Absence> {
    let answer = ask(LIST).await.ok_or(Absence::Silence)?;
    match answer.status() {
        200 => answer.json().await.map_err(|_| Absence::PlainFiles),
        403 => Err(Absence::Refusal(answer.text().await.unwrap_or_default())),
        _ => Err(Absence::PlainFiles),
    }
}

/// Why a relay that is there does not open a WebSocket: the browser does not tell a page.
pub async fn why_refused() -> String {
    match ask(READY).await.map(|answer| answer.status()) {
        Some(503) => "The relay is being stopped.".to_string(),
        Some(_) => "The relay is there but opens no WebSocket for this page. It may have as many \
                    sessions as it takes; or something between you and it does not pass \
                    WebSockets on."
            .to_string(),
        None => format!("Nothing answers at {} any more.", place()),
    }
}

/// The address of the relay's WebSocket, if the page came from a relay.
pub fn socket_url() -> String {
    let secure = browser::window().location().protocol().is_ok_and(|p| p == "https:");
    format!("{}://{}/ws", if secure { "wss" } else { "ws" }, place())
}

/// Host and port that the page came from.
pub fn place() -> String {
    browser::window().location().host().unwrap_or_default()
}

async fn ask(path: &str) -> Option<Response> {
    Request::get(path).cache(web_sys::RequestCache::NoStore).send().await.ok()
}

const LIST: &str = "/api/practice";
const READY: &str = "/readyz";
