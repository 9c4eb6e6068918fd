//! The lab itself: the relay, with the built page and the practice internet.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::{Program, run};

/// A running relay; it stops when this is dropped.
#[derive(Debug)]
pub struct Lab {
    url: String,
    /// The part of the address after `#`, with the token of this run.
    token: String,
    relay: Option<Program>,
}

impl Lab {
    /// Starts the relay on a free port, with these further arguments. Where `WIRELAB_URL` is set, a
    /// relay already runs there and that one is used; it is the whole address that it has printed.
    ///
    /// # Panics
    /// When the page or the relay has not been built, or the relay does not answer.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Self {
        if let Ok(url) = std::env::var("WIRELAB_URL") {
            return Self::at(&url, None);
        }
        let dist = root().join("dist");
        assert!(dist.join("index.html").is_file(), "dist/ is missing: run `make build` first");
        let mut command = Command::new(built("relay"));
        command.args(["--listen", "127.0.0.1:0", "--app"]).arg(dist).args(arguments);
        let mut relay = Program::start(&mut command);
        let told = relay.line_with("http://127.0.0.1:");
        let url = told.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.expect("the line has an address").to_owned();
        Self::at(&url, Some(relay))
    }

    fn at(url: &str, relay: Option<Program>) -> Self {
        let (url, token) = url.split_once('#').unwrap_or((url, ""));
        let (url, token) = (url.trim_end_matches('/').to_owned(), token.to_owned());
        Self { url, token, relay }
    }

    /// The address of a page of the lab as the relay would print it, with the token; `path` starts
    /// with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}#{}", self.stranger(path), self.token)
    }

    /// The address of a page of the lab as somebody has it to whom the relay printed nothing.
    #[must_use]
    pub fn stranger(&self, path: &str) -> String {
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

    /// Where the practice server of this protocol listens, as the relay lists it.
    ///
    /// # Panics
    /// When the relay lists none.
    #[must_use]
    pub fn practice(&self, protocol: &str) -> SocketAddr {
        let listed = run("curl", &["-sS", &self.stranger("/api/practice")]).stdout;
        let listed: Value = serde_json::from_slice(&listed)
            .unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&listed)));
        let servers = listed.as_array().into_iter().flatten();
        let found = servers.into_iter().find(|server| server["protocol"] == protocol);
        let address = found.and_then(|server| {
            format!("{}:{}", server["host"].as_str()?, server["port"].as_u64()?).parse().ok()
        });
        address.unwrap_or_else(|| panic!("no {protocol} server among {listed}"))
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

/// The ids of all lessons, as their files have them, in the order of the file names.
///
/// # Panics
/// When the folder of the lessons cannot be read, or a lesson has no id.
#[must_use]
pub fn lessons() -> Vec<String> {
    let folder = root().join("lessons/course/content");
    let listed = fs::read_dir(folder).expect("the folder of the lessons");
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    let id = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a lesson is text");
        let line = text.lines().find_map(|line| line.strip_prefix("id:").map(str::trim));
        line.unwrap_or_else(|| panic!("{} has no id", path.display())).to_owned()
    };
    paths.iter().map(id).collect()
}

/// A program of ours, as `make build` or as cargo left it: the newer one.
///
/// # Panics
/// When neither is there.
#[must_use]
pub fn built(name: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let candidates = ["release", "debug"].map(|profile| target.join(profile).join(name));
    let dated = candidates.into_iter().filter_map(|candidate: PathBuf| {
        let made = candidate.metadata().ok()?.modified().ok()?;
        Some((made, candidate))
    });
    let newest = dated.max().map(|(_, candidate)| candidate);
    newest.unwrap_or_else(|| panic!("{name} is not built: run `make build` first"))
}
