//! A user agent: the mail program on somebody's laptop.
//!
//! It writes mail and pushes it to its server over SMTP, and pulls what came for its user over
//! POP3. What it could not hand over stays in the outbox and is tried again. Outbox and inbox are
//! on disk: they outlive the laptop being switched off; connections do not.

mod command;
mod config;
mod event;
mod outbox;
mod reading;
mod submission;
#[cfg(test)]
mod tests;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

pub use command::{Account, Command, Step};
pub use config::{Config, Login};
pub use event::Event;
pub use outbox::{MailId, Outbox, Outgoing, Standing};
use reading::Reading;
use submission::Submission;

use crate::endpoint::{Conn, Context, Endpoint, Input, Loss, Timer, View};
use crate::mime;
use crate::smtp::policy_rules::agent as rules;
use crate::wire::Time;

/// A user agent with its outbox and inbox.
#[derive(Clone, Debug)]
pub struct Agent {
    config: Config,
    outbox: Outbox,
    inbox: Vec<Kept>,
    /// The unique-ids of all that was ever fetched, and is still on the server.
    fetched: BTreeSet<String>,
    links: BTreeMap<Conn, Link>,
}

/// A mail that was fetched.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// Its unique-id on the server; empty where the server gives none.
    pub uid: String,
    /// All of it.
    pub octets: Bytes,
    /// When it was fetched.
    pub fetched: Time,
}

/// A connection as a user agent keeps it.
#[derive(Clone, Debug)]
enum Link {
    /// Mail is handed over.
    Submission(Box<Submission>),
    /// Mail is fetched.
    Reading(Box<Reading>),
    /// Our side is closed; the server's is still open.
    Closing,
}

/// How far a connection that the agent dialled has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// The server has not answered yet.
    Connecting,
    /// It is open, and the session has begun.
    Open,
}

/// The alarms of a user agent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AgentTimer {
    /// The reply that is due on this connection has not come.
    Reply(Conn),
    /// The server has not closed this connection although we have.
    Linger(Conn),
    /// What is in the outbox is to be tried again.
    Retry,
    /// It is time to look for new mail.
    Check,
}

impl Agent {
    /// An agent with an empty outbox and inbox.
    pub fn new(config: Config) -> Agent {
        Agent {
            config,
            outbox: Outbox::default(),
            inbox: Vec::new(),
            fetched: BTreeSet::new(),
            links: BTreeMap::new(),
        }
    }

    /// How it is set up now.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What was written and not handed over.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// What was fetched, oldest first.
    pub fn inbox(&self) -> &[Kept] {
        &self.inbox
    }

    /// Switched on, for the first time or again.
    fn start(&mut self, cx: &mut Context<'_, Self>) {
        self.links.clear();
        self.outbox.forget_sessions();
        if let Some(every) = self.config.check_every {
            cx.arm(AgentTimer::Check, every);
        }
        self.submit(cx);
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        match command {
            Command::Send { from, to, subject, text, files } => {
                self.compose(from, to, subject, text, &files, cx);
            }
            Command::Submit => {
                self.outbox.try_all_again();
                self.submit(cx);
            }
            Command::Open => self.open(false, cx),
            Command::Check => self.check(cx),
            Command::Step(step) => self.step(&step, cx),
            Command::Leave(on) => self.config.leave_on_server = on,
            Command::Login(login) => self.config.login = login,
            Command::Account(account) => self.config.take(account),
            Command::File(file) => {
                self.config.files.retain(|other| other.name != file.name);
                self.config.files.push(file);
            }
        }
    }

    /// A connection that was dialled is open: the server speaks first.
    fn opened(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(Link::Submission(link)) => link.phase = Phase::Open,
            Some(Link::Reading(link)) => link.phase = Phase::Open,
            Some(Link::Closing) | None => {}
        }
        cx.arm(AgentTimer::Reply(conn), self.config.patience);
    }

    fn received(&mut self, conn: Conn, bytes: &[u8], cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(Link::Submission(link)) => {
                link.smtp.receive(bytes);
                self.converse(conn, cx);
            }
            Some(Link::Reading(link)) => {
                link.pop.receive(bytes);
                self.read(conn, cx);
            }
            Some(Link::Closing) | None => {}
        }
    }

    fn finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(Link::Submission(link)) => {
                link.smtp.receive_end();
                self.converse(conn, cx);
                self.give_up(conn, "the server closed the connection", cx);
            }
            Some(Link::Reading(link)) => {
                link.pop.receive_end();
                self.read(conn, cx);
                self.give_up(conn, "the server closed the connection", cx);
            }
            Some(Link::Closing) => {
                cx.disarm(AgentTimer::Linger(conn));
                self.links.remove(&conn);
            }
            None => {}
        }
    }

    fn lost(&mut self, conn: Conn, why: &Loss, cx: &mut Context<'_, Self>) {
        cx.disarm(AgentTimer::Reply(conn));
        cx.disarm(AgentTimer::Linger(conn));
        match self.links.remove(&conn) {
            Some(Link::Submission(link)) => self.submission_failed(&link, &why.to_string(), cx),
            Some(Link::Reading(link)) => self.reading_failed(&link, &why.to_string(), cx),
            Some(Link::Closing) | None => {}
        }
    }

    /// A connection that is still at work comes to nothing, and is closed.
    fn give_up(&mut self, conn: Conn, why: &str, cx: &mut Context<'_, Self>) {
        match self.links.remove(&conn) {
            Some(Link::Submission(link)) => {
                cx.disarm(AgentTimer::Reply(conn));
                cx.abort(conn);
                self.submission_failed(&link, why, cx);
            }
            Some(Link::Reading(link)) => {
                cx.disarm(AgentTimer::Reply(conn));
                cx.abort(conn);
                self.reading_failed(&link, why, cx);
            }
            Some(Link::Closing) => {
                self.links.insert(conn, Link::Closing);
            }
            None => {}
        }
    }

    /// Ends our side of a connection whose work is done, and waits for the server to end its own.
    fn close(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.disarm(AgentTimer::Reply(conn));
        cx.finish(conn);
        cx.arm(AgentTimer::Linger(conn), self.config.linger);
        self.links.insert(conn, Link::Closing);
    }

    fn rang(&mut self, timer: AgentTimer, cx: &mut Context<'_, Self>) {
        match timer {
            AgentTimer::Reply(conn) => {
                cx.cite(&rules::NO_REPLY);
                self.give_up(conn, "the server does not answer", cx);
            }
            AgentTimer::Linger(conn) => {
                cx.abort(conn);
                self.links.remove(&conn);
            }
            AgentTimer::Retry => {
                cx.cite(&rules::KEPT_IN_OUTBOX);
                self.outbox.try_all_again();
                self.submit(cx);
            }
            AgentTimer::Check => {
                if let Some(every) = self.config.check_every {
                    cx.arm(AgentTimer::Check, every);
                }
                if self.session().is_none() {
                    self.check(cx);
                }
            }
        }
    }
}

impl Kept {
    /// The mail as parts.
    pub fn read(&self) -> mime::Mail {
        mime::read(self.octets.clone(), mime::Limits::default())
    }
}

impl Endpoint for Agent {
    type Command = Command;
    type Event = Event;
    type Timer = AgentTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => self.start(cx),
            Input::Command(command) => self.command(command, cx),
            Input::Opened { conn, port: None, .. } => self.opened(conn, cx),
            // An agent listens nowhere, binds no port and looks up nothing itself.
            Input::Opened { conn, port: Some(_), .. } => cx.abort(conn),
            Input::Datagram { .. } | Input::Answered { .. } => {}
            Input::Data { conn, bytes } => self.received(conn, &bytes, cx),
            Input::Finished { conn } => self.finished(conn, cx),
            Input::Lost { conn, why } => self.lost(conn, &why, cx),
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
        command::TEMPLATES
    }
}

impl Timer for AgentTimer {
    fn name(&self) -> &'static str {
        match self {
            AgentTimer::Reply(_) => "reply",
            AgentTimer::Linger(_) => "linger",
            AgentTimer::Retry => "retry",
            AgentTimer::Check => "check",
        }
    }

    fn about(&self) -> u64 {
        match self {
            AgentTimer::Reply(conn) | AgentTimer::Linger(conn) => u64::from(conn.0),
            AgentTimer::Retry | AgentTimer::Check => 0,
        }
    }
}
