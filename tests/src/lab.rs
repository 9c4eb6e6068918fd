//! The lab itself: the relay, with the built page and the practice internet.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Program, free_address};

/// A running relay; it stops when this is dropped.
#[derive(Debug)]
pub struct Lab {
    url: String,
    relay: Option<Program>,
}

impl Lab {
    /// Starts the relay on a free port, with these further arguments. Where `WIRELAB_URL` is set, a
    /// relay already runs there and that one is used.
    ///
    /// # Panics
    /// When the page or the relay has not been built, or the relay does not answer.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Self {
        if let Ok(url) = std::env::var("WIRELAB_URL") {
            return Self { url: url.trim_end_matches('/').to_owned(), relay: None };
        }
        let dist = root().join("dist");
        assert!(dist.join("index.html").is_file(), "dist/ is missing: run `make build` first");
        let address = free_address();
        let mut command = Command::new(built("relay"));
        command.arg("--listen").arg(address.to_string()).arg("--app").arg(dist).args(arguments);
        let mut relay = Program::start(&mut command);
        relay.answers_at(address);
        Self { url: format!("http://{address}"), relay: Some(relay) }
    }

    /// The address of a page of the lab; `path` starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Where the relay listens.
    ///
    /// # Panics
    /// When `WIRELAB_URL` is not an address and a port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let authority = self.url.trim_start_matches("http://");
        authority.parse().expect("WIRELAB_URL is http:// with an address and a port")
    }

    /// Stops the relay and leaves the page alone in the world.
    pub fn stop(&mut self) {
        if let Some(relay) = &mut self.relay {
            relay.stop();
        }
    }
}

/// The folder of the whole project.
///
/// # Panics
/// Never: the tests stand one level below it.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_owned()
}

/// A program of ours, as `make build` leaves it, or else as cargo left it for the tests.
///
/// # Panics
/// When neither is there.
#[must_use]
pub fn built(name: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let candidates = ["release", "debug"].map(|profile| target.join(profile).join(name));
    let found = candidates.into_iter().find(|candidate: &PathBuf| candidate.is_file());
    found.unwrap_or_else(|| panic!("{name} is not built: run `make build` first"))
}
