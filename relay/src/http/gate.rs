//! Who may talk to the relay at all. The Host is checked first, because a page of a stranger whose
//! name suddenly points at loopback (DNS rebinding) sends its own name there; then the Origin,
//! because any page may open a WebSocket to loopback and the browser says only where it is from.

use axum::http::{HeaderMap, Uri, header};

/// The names by which the relay may be addressed, and the pages that may open a session.
#[derive(Clone, Debug)]
pub struct Gate {
    hosts: Vec<String>,
    origins: Vec<String>,
    token_mode: bool,
}

impl Gate {
    /// A gate for these hosts (`name:port`, the port left out if it is 80 and the scheme http) and
    /// for pages that these hosts serve over http, plus these further origins
    /// (`scheme://host:port`). In token mode a program without Origin may try its token.
    pub fn new(hosts: Vec<String>, further: Vec<String>, token_mode: bool) -> Gate {
        let hosts: Vec<String> = hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
        let mut origins: Vec<String> = hosts.iter().map(|host| format!("http://{host}")).collect();
        origins.extend(further.iter().map(|origin| origin.to_ascii_lowercase()));
        Gate { hosts, origins, token_mode }
    }

    /// Refuses a request that does not address the relay by one of its names.
    pub(crate) fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), String> {
        let mut named = headers.get_all(header::HOST).iter();
        let host = match (named.next(), named.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            (None, _) => return Err("The request lacks a Host field.".to_owned()),
            (Some(_), Some(_)) => return Err("The request has two Host fields.".to_owned()),
        };
        let authority = uri.authority().map(|authority| authority.as_str());
        for host in [Some(host), authority].into_iter().flatten() {
            if !self.hosts.contains(&host.to_ascii_lowercase()) {
                let text = "This relay does not answer to the host name of the request.";
                return Err(text.to_owned());
            }
        }
        Ok(())
    }

    /// Refuses a handshake from a page of another origin. Who passes has yet to show the token, if
    /// the relay has one: any program can write any Origin.
    pub(crate) fn check_origin(&self, headers: &HeaderMap) -> Result<(), String> {
        let mut named = headers.get_all(header::ORIGIN).iter();
        let origin = match (named.next(), named.next()) {
            (Some(origin), None) => origin.to_str().unwrap_or_default().to_ascii_lowercase(),
            (Some(_), Some(_)) => return Err("The handshake has two Origin fields.".to_owned()),
            (None, _) if self.token_mode => return Ok(()),
            (None, _) => return Err("The handshake lacks an Origin field.".to_owned()),
        };
        if origin == "null" {
            // A sandboxed frame or a file: its maker is unknown. With a token it may still try.
            return if self.token_mode {
                Ok(())
            } else {
                Err("A page without an origin of its own may not use this relay.".to_owned())
            };
        }
        if self.origins.contains(&origin) {
            return Ok(());
        }
        Err("Pages of this origin may not use this relay.".to_owned())
    }
}
