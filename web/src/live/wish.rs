//! What the student wants fetched and how, as commands to the client.

use protocols::endpoint::Stimulus;
use protocols::http::Version;
use protocols::http::client::{Command, Config, Mode, ProxyAddress};
use world::{HostId, Trace, What};

/// The form as it is filled in.
#[derive(Clone, PartialEq, Debug)]
pub struct Wish {
    /// The address as typed.
    pub url: String,
    /// What is asked for it, in the client's word: `visit`, `get`, `put` and so on.
    pub verb: &'static str,
    /// The content of a POST or PUT.
    pub body: String,
    /// How connections are used.
    pub mode: Mode,
    /// The version that is spoken.
    pub version: Version,
    /// The proxy that is asked, as `host:port`; empty for none.
    pub proxy: String,
    /// Whether answers are kept and used again.
    pub cache: bool,
}

impl Default for Wish {
    fn default() -> Wish {
        let usual = Config::default();
        Wish {
            url: String::new(),
            verb: VISIT,
            body: String::new(),
            mode: usual.mode,
            version: usual.version,
            proxy: String::new(),
            cache: usual.cache,
        }
    }
}

impl Wish {
    /// Whether content goes with the request.
    pub fn has_body(&self) -> bool {
        matches!(self.verb, "post" | "put")
    }

    /// The commands that a client in this setting must be given: changes of the setting first.
    pub fn commands(&self, now: &Config) -> Result<Vec<String>, String> {
        let proxy: Option<ProxyAddress> = match self.proxy.as_str() {
            "" => None,
            proxy => Some(proxy.parse().map_err(|e: protocols::endpoint::CommandError| e.0)?),
        };
        let mut changes = Vec::new();
        if self.mode != now.mode {
            changes.push(Command::Mode(self.mode));
        }
        if self.version != now.version {
            changes.push(Command::Version(self.version));
        }
        if proxy != now.proxy {
            changes.push(Command::Proxy(proxy));
        }
        if self.cache != now.cache {
            changes.push(Command::Cache(self.cache));
        }
        let fetch = self.fetch()?;
        Ok(changes.iter().map(Command::to_string).chain([fetch]).collect())
    }

    fn fetch(&self) -> Result<String, String> {
        let typed = self.url.trim();
        if typed.is_empty() {
            return Err("Give the address of a page, such as http://127.0.0.1:8081/.".to_string());
        }
        let url = match typed.contains("://") {
            true => typed.to_string(),
            false => format!("http://{typed}"),
        };
        let text = match (self.has_body(), self.body.is_empty()) {
            (true, false) => format!("{} {url} {}", self.verb, self.body),
            (false, _) | (true, true) => format!("{} {url}", self.verb),
        };
        let command: Command = text.parse().map_err(|e: protocols::endpoint::CommandError| e.0)?;
        Ok(command.to_string())
    }
}

/// The setting of the client at a moment of a run: its commands so far, one upon the other.
pub fn setting(trace: Trace<'_>, moment: usize) -> Config {
    let mut config = Config::default();
    for entry in trace.entries.iter().take(moment).filter(|entry| entry.host == TAB) {
        let What::Step(step) = &entry.what else { continue };
        let Stimulus::Command(text) = &step.stimulus else { continue };
        match text.parse() {
            Ok(Command::Mode(mode)) => config.mode = mode,
            Ok(Command::Version(version)) => config.version = version,
            Ok(Command::Proxy(proxy)) => config.proxy = proxy,
            Ok(Command::Cache(on)) => config.cache = on,
            Ok(
                Command::Fetch { .. }
                | Command::Visit(_)
                | Command::Reload
                | Command::Language(_)
                | Command::Cookies(_)
                | Command::Expect(_)
                | Command::ClearCache
                | Command::ClearCookies
                | Command::Close,
            )
            | Err(_) => {}
        }
    }
    config
}

/// A page with its objects.
pub const VISIT: &str = "visit";

/// The tab is the first who takes part in a live session and in its forks.
pub const TAB: HostId = HostId(0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_from_the_setting_is_commanded() {
        let wish = Wish { url: "127.0.0.1:8081/a".into(), ..Wish::default() };
        let plain = wish.commands(&Config::default()).unwrap();
        assert_eq!(plain, ["visit http://127.0.0.1:8081/a"]);
        let wish = Wish { mode: Mode::Serial, version: Version::Http10, ..wish };
        let changed = wish.commands(&Config::default()).unwrap();
        assert_eq!(changed, ["mode serial", "version 1.0", "visit http://127.0.0.1:8081/a"]);
        let set = Config { mode: Mode::Serial, version: Version::Http10, ..Config::default() };
        assert_eq!(wish.commands(&set).unwrap().len(), 1);
    }

    #[test]
    fn content_goes_with_post_and_put_alone() {
        let wish =
            |verb| Wish { url: "a.test".into(), verb, body: "x=1".into(), ..Wish::default() };
        let commands = |verb| wish(verb).commands(&Config::default()).unwrap();
        assert_eq!(commands("put"), ["put http://a.test/ x=1"]);
        assert_eq!(commands("delete"), ["delete http://a.test/"]);
    }

    #[test]
    fn what_cannot_be_fetched_is_refused_with_a_sentence() {
        for url in ["", "   ", "https://a.test/", "http://a b/", "http://"] {
            let wish = Wish { url: url.into(), ..Wish::default() };
            let why = wish.commands(&Config::default()).unwrap_err();
            assert!(why.ends_with('.') && why.len() > 10, "{url:?}: {why}");
        }
        let wish = Wish { url: "a.test".into(), proxy: "nonsense".into(), ..Wish::default() };
        assert!(wish.commands(&Config::default()).is_err());
    }
}
