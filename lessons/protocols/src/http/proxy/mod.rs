//! A caching proxy: a server to its clients, a client to the origins, a cache in between.
//!
//! Each client connection has at most one request under way ([`Job`]); each origin connection
//! serves at most one job. Content is passed on as it comes, in both directions, no faster than it
//! is taken; answers are copied into the shared cache on their way.

mod command;
mod config;
mod down;
mod job;
mod pass;
#[cfg(test)]
mod tests;
mod up;
mod upload;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub use command::{Command, Event};
pub use config::Config;
use down::Down;
use job::Job;
use up::Up;
use view::Traffic;

use crate::endpoint::{Conn, Context, Endpoint, Input, Timer, View};
use crate::http::HTTP;
use crate::http::cache::{Cache, DEFAULT_CAPACITY, Sharing};
use crate::wire::Time;

/// A caching HTTP proxy.
#[derive(Clone, Debug)]
pub struct Proxy {
    config: Config,
    cache: Cache,
    /// Connections from clients.
    downs: BTreeMap<Conn, Down>,
    /// Connections to origins.
    ups: BTreeMap<Conn, Up>,
    /// Origins that answered with HTTP/1.0 when they were last asked.
    old_origins: BTreeSet<(String, u16)>,
    traffic: Traffic,
}

/// The alarms of a proxy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ProxyTimer {
    /// Nothing whole has come on this connection for too long.
    Idle(Conn),
    /// The client has not closed its side although we have.
    Linger(Conn),
    /// The origin's answer has not come.
    Answer(Conn),
}

impl Proxy {
    /// A proxy with an empty cache.
    pub fn new(config: Config) -> Proxy {
        Proxy {
            config,
            cache: Cache::new(Sharing::Shared, DEFAULT_CAPACITY),
            downs: BTreeMap::new(),
            ups: BTreeMap::new(),
            old_origins: BTreeSet::new(),
            traffic: Traffic::default(),
        }
    }

    /// Its cache.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }
}

impl Endpoint for Proxy {
    type Command = Command;
    type Event = Event;
    type Timer = ProxyTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => {
                // The cache is on disk; connections and what was under way on them are not.
                self.downs.clear();
                self.ups.clear();
                cx.listen(self.config.port, &HTTP);
            }
            Input::Command(Command::ClearCache) => self.cache.clear(),
            Input::Command(Command::Cache(on)) => self.config.cache = on,
            Input::Opened { conn, peer, port: Some(_) } => self.accepted(conn, peer, cx),
            Input::Opened { conn, port: None, .. } => self.up_opened(conn, cx),
            Input::Data { conn, bytes } => match self.ups.contains_key(&conn) {
                true => self.up_received(conn, &bytes, cx),
                false => self.down_received(conn, &bytes, cx),
            },
            Input::Finished { conn } => match self.ups.contains_key(&conn) {
                true => self.up_finished(conn, cx),
                false => self.down_finished(conn, cx),
            },
            Input::Lost { conn, why } => match self.ups.contains_key(&conn) {
                true => self.up_lost(conn, &why, cx),
                false => self.forget_down(conn, cx),
            },
            // A proxy binds no port.
            Input::Datagram { .. } | Input::Answered { .. } => {}
            Input::Timer(ProxyTimer::Idle(conn)) => match self.ups.contains_key(&conn) {
                true => self.close_up(conn, cx),
                false => self.down_idle(conn, cx),
            },
            Input::Timer(ProxyTimer::Linger(conn)) => self.linger_over(conn, cx),
            Input::Timer(ProxyTimer::Answer(conn)) => self.up_too_late(conn, cx),
        }
    }

    fn view(&self, now: Time) -> View {
        self.shown(now)
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn commands(&self) -> &'static [&'static str] {
        &["clear cache", "cache on", "cache off"]
    }
}

impl Timer for ProxyTimer {
    fn name(&self) -> &'static str {
        match self {
            ProxyTimer::Idle(_) => "idle",
            ProxyTimer::Linger(_) => "linger",
            ProxyTimer::Answer(_) => "answer",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ProxyTimer::Idle(conn) | ProxyTimer::Linger(conn) | ProxyTimer::Answer(conn) => {
                u64::from(conn.0)
            }
        }
    }
}
