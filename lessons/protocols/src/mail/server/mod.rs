//! A mail server: takes mail over SMTP, keeps it for its users, and sends it on to others.
//!
//! It is both ends of SMTP at once. As a server it judges who may send to whom and answers for
//! what it accepts; as a client it looks up where mail goes, keeps a queue, tries again, and tells
//! the sender when it gives up. What may legally be said is the machines' business
//! ([`smtp::Server`](crate::smtp::Server), [`smtp::Client`](crate::smtp::Client)). Its users read
//! their mail over POP3 from the same mailboxes.
//!
//! Mailboxes and queue are on disk: they outlive the host being switched off. Everything else is in
//! memory.

mod accept;
mod bounce;
mod command;
mod config;
mod incoming;
mod outgoing;
mod pop;
mod queue;
mod reply;
mod route;
mod session;
mod settle;
#[cfg(test)]
mod tests;
mod trace;
mod view;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use command::{Command, Event};
pub use config::{Config, Network, Route, Times, User};
pub use queue::{Queue, QueueId, Queued, Waiting};

use crate::endpoint::{Conn, Context, Endpoint, Input, Lookup, Timer, View};
use crate::mail::Mailboxes;
use crate::pop3::POP3;
use crate::smtp::SMTP;
use crate::wire::Time;
use incoming::Incoming;
use outgoing::Outgoing;
use pop::Reader;
use route::Destination;

/// A mail server with its mailboxes and its queue.
#[derive(Clone, Debug)]
pub struct MailServer {
    config: Config,
    mailboxes: Mailboxes,
    queue: Queue,
    links: BTreeMap<Conn, Link>,
    /// The domains to which mail is underway.
    destinations: BTreeMap<String, Destination>,
    /// Which domain's MX records each lookup is for.
    lookups: BTreeMap<Lookup, String>,
}

/// A connection as a mail server keeps it.
#[derive(Clone, Debug)]
enum Link {
    /// Somebody sends mail to us.
    Incoming(Box<Incoming>),
    /// We send mail to somebody.
    Outgoing(Box<Outgoing>),
    /// Somebody reads mail here.
    Reader(Box<Reader>),
}

/// The alarms of a mail server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ServerTimer {
    /// The client has said nothing whole on this connection for too long.
    Command(Conn),
    /// Nothing has been asked over POP3 on this connection for too long.
    Autologout(Conn),
    /// The other side has not closed this connection although we have.
    Linger(Conn),
    /// A reply has not come on this connection.
    Reply(Conn, Awaited),
    /// A mail in the queue is to be tried again.
    Retry(QueueId),
}

/// What a client waits for (RFC 5321 section 4.5.3.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Awaited {
    /// The greeting: five minutes.
    Greeting,
    /// The reply to MAIL, and to what has no time of its own: five minutes.
    Mail,
    /// The reply to RCPT: five minutes.
    Rcpt,
    /// The reply to DATA: two minutes.
    Data,
    /// The reply to the final dot: ten minutes.
    EndOfData,
}

impl MailServer {
    /// A server with empty mailboxes that has not started.
    pub fn new(config: Config) -> MailServer {
        let users = config.users.iter().map(|user| user.name.as_str());
        let mailboxes = Mailboxes::of(users.chain([accept::POSTMASTER]));
        MailServer {
            config,
            mailboxes,
            queue: Queue::default(),
            links: BTreeMap::new(),
            destinations: BTreeMap::new(),
            lookups: BTreeMap::new(),
        }
    }

    /// How it is set up.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The mailboxes as they are now.
    pub fn mailboxes(&self) -> &Mailboxes {
        &self.mailboxes
    }

    /// The same, to put mail into before the server starts.
    pub fn mailboxes_mut(&mut self) -> &mut Mailboxes {
        &mut self.mailboxes
    }

    /// The queue as it is now.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Switched on, for the first time or again: what is on disk is there, and nothing else.
    fn start(&mut self, cx: &mut Context<'_, Self>) {
        self.links.clear();
        self.destinations.clear();
        self.lookups.clear();
        self.mailboxes.forget_sessions();
        self.queue.forget_sessions();
        for port in [self.config.smtp_port, self.config.submission_port].into_iter().flatten() {
            cx.listen(port, &SMTP);
        }
        if let Some(port) = self.config.pop_port {
            cx.listen(port, &POP3);
        }
        self.resume(cx);
    }

    fn opened(
        &mut self,
        conn: Conn,
        peer: core::net::SocketAddr,
        port: Option<u16>,
        cx: &mut Context<'_, Self>,
    ) {
        match port {
            Some(port) if Some(port) == self.config.pop_port => {
                self.accept_reader(conn, peer, cx);
            }
            Some(port) => self.accept_session(conn, peer, port, cx),
            None => self.begin_session(conn, cx),
        }
    }

    fn rang(&mut self, timer: ServerTimer, cx: &mut Context<'_, Self>) {
        match timer {
            ServerTimer::Command(conn) => self.client_silent(conn, cx),
            ServerTimer::Autologout(conn) => self.reader_silent(conn, cx),
            ServerTimer::Linger(conn) => {
                cx.abort(conn);
                self.links.remove(&conn);
            }
            ServerTimer::Reply(conn, _) => self.server_silent(conn, cx),
            ServerTimer::Retry(id) => self.retry(id, cx),
        }
    }
}

impl Endpoint for MailServer {
    type Command = Command;
    type Event = Event;
    type Timer = ServerTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => self.start(cx),
            Input::Command(Command::Flush) => self.flush(cx),
            Input::Command(Command::Send { from, to, text }) => {
                self.send_local(from, to, &text, cx);
            }
            Input::Opened { conn, peer, port } => self.opened(conn, peer, port, cx),
            Input::Data { conn, bytes } => match self.links.get_mut(&conn) {
                Some(Link::Incoming(link)) => {
                    link.receive(&bytes);
                    self.serve(conn, cx);
                }
                Some(Link::Outgoing(link)) => {
                    link.smtp.receive(&bytes);
                    self.converse(conn, cx);
                }
                Some(Link::Reader(link)) => {
                    link.pop.receive(&bytes);
                    self.serve_reader(conn, cx);
                }
                None => {}
            },
            Input::Finished { conn } => self.finished(conn, cx),
            Input::Lost { conn, why } => self.lost(conn, &why, cx),
            Input::Answered { lookup, answer } => self.looked_up(lookup, answer, cx),
            Input::Timer(timer) => self.rang(timer, cx),
            // No datagram port is open.
            Input::Datagram { .. } => {}
        }
    }

    fn view(&self, now: Time) -> View {
        self.shown(now)
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn commands(&self) -> &'static [&'static str] {
        &["flush", "send FROM TO TEXT"]
    }
}

impl Timer for ServerTimer {
    fn name(&self) -> &'static str {
        match self {
            ServerTimer::Command(_) => "next command",
            ServerTimer::Autologout(_) => "autologout",
            ServerTimer::Linger(_) => "linger",
            ServerTimer::Reply(_, Awaited::Greeting) => "greeting",
            ServerTimer::Reply(_, Awaited::Mail) => "reply",
            ServerTimer::Reply(_, Awaited::Rcpt) => "reply to RCPT",
            ServerTimer::Reply(_, Awaited::Data) => "reply to DATA",
            ServerTimer::Reply(_, Awaited::EndOfData) => "reply to the final dot",
            ServerTimer::Retry(_) => "retry",
        }
    }

    fn about(&self) -> u64 {
        match self {
            ServerTimer::Command(conn)
            | ServerTimer::Autologout(conn)
            | ServerTimer::Linger(conn)
            | ServerTimer::Reply(conn, _) => u64::from(conn.0),
            ServerTimer::Retry(id) => id.0,
        }
    }
}
