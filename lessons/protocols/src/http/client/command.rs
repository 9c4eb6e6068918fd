//! What a client may be asked, and how that is written.

use core::fmt;
use core::str::FromStr;

use super::{Mode, ProxyAddress};
use crate::endpoint::CommandError;
use crate::http::{Url, Version};

/// What the user may ask of a client.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// `get URL`, `head URL`, `post URL BODY` and so on: one request.
    Fetch {
        /// The method.
        method: String,
        /// What to ask for.
        url: Url,
        /// The content to send; a POST's is taken for a form.
        body: String,
    },
    /// `visit URL`: a page with its objects.
    Visit(Url),
    /// `reload`: the last of these again, checked with the origin.
    Reload,
    /// `mode M`: how to use connections from now on.
    Mode(Mode),
    /// `version 1.0` or `version 1.1`.
    Version(Version),
    /// `proxy HOST:PORT` or `proxy none`.
    Proxy(Option<ProxyAddress>),
    /// `language LIST` or `language none`: what Accept-Language says.
    Language(Option<String>),
    /// `cache on` or `cache off`.
    Cache(bool),
    /// `cookies on` or `cookies off`.
    Cookies(bool),
    /// `expect on` or `expect off`: whether content waits for 100.
    Expect(bool),
    /// `clear cache`.
    ClearCache,
    /// `clear cookies`.
    ClearCookies,
    /// `close`: closes every idle connection.
    Close,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let switch = |on: &bool| if *on { "on" } else { "off" };
        match self {
            Command::Fetch { method, url, body } if body.is_empty() => {
                write!(f, "{} {url}", method.to_ascii_lowercase())
            }
            Command::Fetch { method, url, body } => {
                write!(f, "{} {url} {body}", method.to_ascii_lowercase())
            }
            Command::Visit(url) => write!(f, "visit {url}"),
            Command::Reload => write!(f, "reload"),
            Command::Mode(mode) => write!(f, "mode {mode}"),
            Command::Version(Version::Http10) => write!(f, "version 1.0"),
            Command::Version(Version::Http11) => write!(f, "version 1.1"),
            Command::Proxy(Some(proxy)) => write!(f, "proxy {proxy}"),
            Command::Proxy(None) => write!(f, "proxy none"),
            Command::Language(Some(list)) => write!(f, "language {list}"),
            Command::Language(None) => write!(f, "language none"),
            Command::Cache(on) => write!(f, "cache {}", switch(on)),
            Command::Cookies(on) => write!(f, "cookies {}", switch(on)),
            Command::Expect(on) => write!(f, "expect {}", switch(on)),
            Command::ClearCache => write!(f, "clear cache"),
            Command::ClearCookies => write!(f, "clear cookies"),
            Command::Close => write!(f, "close"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match (verb, rest) {
            ("get" | "head" | "post" | "put" | "delete" | "options", rest) => fetch(verb, rest),
            ("visit", url) => Ok(Command::Visit(url_of(url)?)),
            ("reload", "") => Ok(Command::Reload),
            ("mode", mode) => Ok(Command::Mode(mode.parse()?)),
            ("version", "1.0") => Ok(Command::Version(Version::Http10)),
            ("version", "1.1") => Ok(Command::Version(Version::Http11)),
            ("proxy", "none") => Ok(Command::Proxy(None)),
            ("proxy", proxy) => Ok(Command::Proxy(Some(proxy.parse()?))),
            ("language", "none") => Ok(Command::Language(None)),
            ("language", list) => language(list),
            ("cache", on) => Ok(Command::Cache(switch(on)?)),
            ("cookies", on) => Ok(Command::Cookies(switch(on)?)),
            ("expect", on) => Ok(Command::Expect(switch(on)?)),
            ("clear", "cache") => Ok(Command::ClearCache),
            ("clear", "cookies") => Ok(Command::ClearCookies),
            ("close", "") => Ok(Command::Close),
            _ => Err(CommandError(format!(
                "A client does not know `{text}`; try `get http://www.cs.test/`."
            ))),
        }
    }
}

fn fetch(verb: &str, rest: &str) -> Result<Command, CommandError> {
    let (url, body) = rest.split_once(' ').unwrap_or((rest, ""));
    if !body.is_empty() && !matches!(verb, "post" | "put") {
        return Err(CommandError(format!("`{verb}` takes a URL and nothing more.")));
    }
    let method = verb.to_ascii_uppercase();
    Ok(Command::Fetch { method, url: url_of(url)?, body: body.to_string() })
}

fn url_of(text: &str) -> Result<Url, CommandError> {
    text.parse().map_err(|error: crate::http::UrlError| CommandError(error.to_string()))
}

fn switch(text: &str) -> Result<bool, CommandError> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(CommandError(format!("`{other}` is neither `on` nor `off`."))),
    }
}

/// What can stand in a field value: visible ASCII and single spaces within.
fn language(list: &str) -> Result<Command, CommandError> {
    let sendable = list.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    match sendable && !list.is_empty() && list.trim() == list {
        true => Ok(Command::Language(Some(list.to_string()))),
        false => Err(CommandError("Give languages, such as `da, en;q=0.8`.".to_string())),
    }
}

/// The commands as templates to fill in.
pub(super) const TEMPLATES: &[&str] = &[
    "visit URL",
    "get URL",
    "head URL",
    "post URL BODY",
    "put URL BODY",
    "delete URL",
    "options URL",
    "reload",
    "mode serial",
    "mode parallel N",
    "mode persistent",
    "mode pipelined",
    "version 1.0",
    "version 1.1",
    "proxy HOST:PORT",
    "proxy none",
    "language LIST",
    "cache on",
    "cache off",
    "cookies on",
    "cookies off",
    "expect on",
    "clear cache",
    "clear cookies",
    "close",
];
