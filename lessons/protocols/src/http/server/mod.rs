//! An origin server: answers requests from a [`Site`], connection by connection.
//!
//! What may legally come is the machine's business ([`Connection`]); what is answered is the
//! site's. This endpoint holds policy: which connections are kept, for how many requests and how
//! long, when content is awaited, and how a connection is closed without losing the last answer.

mod command;
mod config;
mod link;
mod respond;
#[cfg(test)]
mod tests;
mod view;

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;

pub use command::{Command, Event};
pub use config::Config;
use link::{Link, Phase};

use crate::endpoint::{Conn, Context, Endpoint, Input, Timer, View};
use crate::http::policy_rules as rules;
use crate::http::site::Site;
use crate::http::{self, Connection, HTTP, Role};
use crate::wire::Time;

/// An HTTP server with its site.
#[derive(Clone, Debug)]
pub struct Server {
    config: Config,
    site: Site,
    links: BTreeMap<Conn, Link>,
}

/// The alarms of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ServerTimer {
    /// Nothing whole has come on this connection for too long.
    Idle(Conn),
    /// The peer has not closed its side although we have.
    Linger(Conn),
}

impl Server {
    /// A server of this site that has not started.
    pub fn new(config: Config, site: Site) -> Server {
        Server { config, site, links: BTreeMap::new() }
    }

    /// The site as it is now.
    pub fn site(&self) -> &Site {
        &self.site
    }

    fn opened(&mut self, conn: Conn, peer: core::net::SocketAddr, cx: &mut Context<'_, Self>) {
        let open = self.links.len();
        if open >= self.config.max_connections.saturating_mul(2) {
            cx.cite(&rules::SERVER_BUSY);
            cx.abort(conn);
            return;
        }
        let http = Connection::new(Role::Server, self.config.limits.clone());
        let busy = open >= self.config.max_connections;
        self.links.insert(conn, Link::new(http, peer, busy));
        cx.arm(ServerTimer::Idle(conn), self.config.idle);
    }

    fn received(&mut self, conn: Conn, bytes: &Bytes, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        match link.phase {
            Phase::Serving => {
                link.http.receive(bytes);
                self.serve(conn, cx);
            }
            // RFC 9112 section 9.6: read and discarded, so that no reset destroys the last answer.
            Phase::Lingering => {}
        }
    }

    fn finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        link.peer_finished = true;
        match link.phase {
            Phase::Serving => {
                link.http.receive_end();
                self.serve(conn, cx);
                self.close(conn, cx);
            }
            Phase::Lingering => self.forget(conn, cx),
        }
    }

    /// Ends our side of a connection, and waits for the peer to end its own.
    fn close(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if link.phase == Phase::Lingering {
            return;
        }
        // A machine that will not close has been told so already: the stream ends all the same.
        let _ = link.http.send(http::Event::Closed);
        link.phase = Phase::Lingering;
        cx.cite(&rules::LINGER);
        cx.finish(conn);
        cx.disarm(ServerTimer::Idle(conn));
        match link.peer_finished {
            true => self.forget(conn, cx),
            false => cx.arm(ServerTimer::Linger(conn), self.config.linger),
        }
    }

    fn forget(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if self.links.remove(&conn).is_some() {
            cx.disarm(ServerTimer::Idle(conn));
            cx.disarm(ServerTimer::Linger(conn));
        }
    }

    fn rang(&mut self, timer: ServerTimer, cx: &mut Context<'_, Self>) {
        match timer {
            ServerTimer::Idle(conn) => {
                cx.cite(&rules::IDLE_TIMEOUT);
                let waiting = self.links.get(&conn).is_some_and(Link::within_request);
                cx.emit(Event::TimedOut { conn });
                if waiting {
                    self.answer_timeout(conn, cx);
                }
                self.close(conn, cx);
            }
            ServerTimer::Linger(conn) => {
                cx.cite(&rules::LINGER);
                cx.abort(conn);
                self.forget(conn, cx);
            }
        }
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        match command {
            Command::Publish { path, content } => {
                self.site.publish(&path, content.into_bytes(), cx.now());
                cx.emit(Event::Published { path });
            }
            Command::Withdraw { path } => {
                self.site.withdraw(&path);
                cx.emit(Event::Withdrawn { path });
            }
            Command::KeepAlive(max_requests) => self.config.max_requests = max_requests,
            Command::Close => {
                let idle: Vec<Conn> = (self.links.iter())
                    .filter(|(_, link)| !link.within_request())
                    .map(|(conn, _)| *conn)
                    .collect();
                for conn in idle {
                    cx.cite(&rules::KEEP_ALIVE_LIMIT);
                    self.close(conn, cx);
                }
            }
        }
    }
}

impl Endpoint for Server {
    type Command = Command;
    type Event = Event;
    type Timer = ServerTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => {
                // The site with its sessions is on disk; connections are not.
                self.links.clear();
                cx.listen(self.config.port, &HTTP);
            }
            Input::Command(command) => self.command(command, cx),
            Input::Opened { conn, peer, port: Some(_) } => self.opened(conn, peer, cx),
            // A server dials nobody and binds no port.
            Input::Opened { conn, port: None, .. } => cx.abort(conn),
            Input::Datagram { .. } | Input::Answered { .. } => {}
            Input::Data { conn, bytes } => self.received(conn, &bytes, cx),
            Input::Finished { conn } => self.finished(conn, cx),
            Input::Lost { conn, .. } => self.forget(conn, cx),
            Input::Timer(timer) => self.rang(timer, cx),
        }
    }

    fn view(&self, now: Time) -> View {
        self.shown(now)
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn commands(&self) -> &'static [&'static str] {
        &["publish PATH TEXT", "withdraw PATH", "keep-alive N", "keep-alive unlimited", "close"]
    }
}

impl Timer for ServerTimer {
    fn name(&self) -> &'static str {
        match self {
            ServerTimer::Idle(_) => "idle",
            ServerTimer::Linger(_) => "linger",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ServerTimer::Idle(conn) | ServerTimer::Linger(conn) => u64::from(conn.0),
        }
    }
}
