//! A client: a browser without a window.
//!
//! It fetches URLs and whole pages over connections that it pools by origin, follows redirects,
//! keeps cookies, asks its cache first, and sends again what may be sent again. What may legally
//! be sent when is the machine's business ([`Connection`](crate::http::Connection)).

mod command;
mod config;
mod event;
mod exchange;
mod fetch;
mod link;
mod outcome;
mod page;
mod pool;
#[cfg(test)]
mod tests;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

pub use command::Command;
pub use config::{Config, MAX_CONNECTIONS, Mode, ProxyAddress};
pub use event::Event;
use fetch::{Fetch, FetchId};
use link::Link;
pub use page::{Loaded, Origin};
use page::{Page, PageId};

use crate::endpoint::{Conn, Context, Endpoint, Input, Timer, View};
use crate::http::cache::{Cache, DEFAULT_CAPACITY, Sharing};
use crate::http::cookies::Jar;
use crate::wire::Time;

/// An HTTP client with its cookie jar and cache.
#[derive(Clone, Debug)]
pub struct Client {
    config: Config,
    jar: Jar,
    cache: Cache,
    /// What is being fetched.
    fetches: BTreeMap<FetchId, Fetch>,
    /// Those of them that wait for a connection, in order.
    queue: VecDeque<FetchId>,
    links: BTreeMap<Conn, Link>,
    /// Pages whose objects are being fetched.
    pages: BTreeMap<PageId, Page>,
    /// What was fetched last, newest last.
    loaded: VecDeque<Loaded>,
    /// What `reload` repeats.
    last: Option<Command>,
    next_fetch: u32,
    next_page: u32,
}

/// The alarms of a client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ClientTimer {
    /// The answer that is due on this connection has not come.
    Answer(Conn),
    /// No 100 has come for the content that waits on this connection.
    Continue(Conn),
    /// Nothing has been asked on this connection for long.
    Idle(Conn),
}

impl Client {
    /// A client with an empty jar and an empty cache.
    pub fn new(config: Config) -> Client {
        Client {
            config,
            jar: Jar::default(),
            cache: Cache::new(Sharing::Private, DEFAULT_CAPACITY),
            fetches: BTreeMap::new(),
            queue: VecDeque::new(),
            links: BTreeMap::new(),
            pages: BTreeMap::new(),
            loaded: VecDeque::new(),
            last: None,
            next_fetch: 1,
            next_page: 1,
        }
    }

    /// How it is set up now.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Its cookies.
    pub fn jar(&self) -> &Jar {
        &self.jar
    }

    /// Its cache.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// What it fetched last, newest last.
    pub fn loaded(&self) -> impl Iterator<Item = &Loaded> {
        self.loaded.iter()
    }

    /// Begins with what is kept on disk: settings, cookies and cache.
    fn start(&mut self) {
        self.fetches.clear();
        self.queue.clear();
        self.links.clear();
        self.pages.clear();
        self.loaded.clear();
        self.last = None;
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        match command {
            Command::Fetch { .. } | Command::Visit(_) => {
                self.last = Some(command.clone());
                self.begin_command(command, false, cx);
            }
            Command::Reload => match self.last.clone() {
                Some(last) => self.begin_command(last, true, cx),
                None => cx.emit(Event::NothingToReload),
            },
            Command::Mode(mode) => self.config.mode = mode,
            Command::Version(version) => self.config.version = version,
            Command::Proxy(proxy) => self.config.proxy = proxy,
            Command::Language(language) => self.config.language = language,
            Command::Cache(on) => self.config.cache = on,
            Command::Cookies(on) => self.config.cookies = on,
            Command::Expect(on) => self.config.expect_above = on.then_some(0),
            Command::ClearCache => self.cache.clear(),
            Command::ClearCookies => self.jar.clear(),
            Command::Close => self.close_idle(cx),
        }
    }

    fn begin_command(&mut self, command: Command, reload: bool, cx: &mut Context<'_, Self>) {
        let mut fetch = match command {
            Command::Fetch { method, url, body } => {
                Fetch::new(&method, url, body.into_bytes().into())
            }
            Command::Visit(url) => {
                let id = PageId(self.next_page);
                self.next_page += 1;
                self.pages.insert(id, Page::new(url.clone()));
                Fetch { page: Some(id), is_base: true, ..Fetch::get(url) }
            }
            _ => return,
        };
        fetch.reload = reload;
        self.begin(fetch, cx);
    }
}

impl Endpoint for Client {
    type Command = Command;
    type Event = Event;
    type Timer = ClientTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => self.start(),
            Input::Command(command) => self.command(command, cx),
            Input::Opened { conn, port: None, .. } => self.opened(conn, cx),
            // A client listens nowhere and binds no port.
            Input::Opened { conn, port: Some(_), .. } => cx.abort(conn),
            // It binds no port, and leaves names to whoever dials.
            Input::Datagram { .. } | Input::Answered { .. } => {}
            Input::Data { conn, bytes } => self.received(conn, &bytes, cx),
            Input::Finished { conn } => self.finished(conn, cx),
            Input::Lost { conn, why } => self.lost(conn, &why, cx),
            Input::Timer(ClientTimer::Answer(conn)) => self.no_answer(conn, cx),
            Input::Timer(ClientTimer::Continue(conn)) => self.no_continue(conn, cx),
            Input::Timer(ClientTimer::Idle(conn)) => self.idle_too_long(conn, cx),
        }
        self.pump(cx);
    }

    fn view(&self, now: Time) -> View {
        self.shown(now)
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn commands(&self) -> &'static [&'static str] {
        command::TEMPLATES
    }
}

impl Timer for ClientTimer {
    fn name(&self) -> &'static str {
        match self {
            ClientTimer::Answer(_) => "answer",
            ClientTimer::Continue(_) => "continue",
            ClientTimer::Idle(_) => "idle",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ClientTimer::Answer(conn) | ClientTimer::Continue(conn) | ClientTimer::Idle(conn) => {
                u64::from(conn.0)
            }
        }
    }
}
