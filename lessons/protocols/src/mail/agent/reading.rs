//! Fetching mail: the client of a POP3 session with our own server.

use std::collections::VecDeque;

use super::command::Step;
use super::{Agent, AgentTimer, Event, Kept, Link, Login, Phase};
use crate::endpoint::{Conn, Context, Target};
use crate::pop3::codec::{parse_scans, parse_stat, parse_unique_ids};
use crate::pop3::rules::policy;
use crate::pop3::{self, ClientEvent, ClientSession, Command, POP3, Reply, State};

/// One session with the maildrop.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) pop: ClientSession,
    pub(super) phase: Phase,
    /// What is still to be asked, in order.
    plan: VecDeque<Command>,
    /// Whether it is to fetch what is new and to close by itself.
    whole: bool,
    /// Whether what is new is to be fetched once unique-ids and sizes are known.
    fetching: bool,
    /// What is known of the messages.
    pub(super) listing: Vec<Slot>,
    fetched: u32,
}

/// What is known of a message in the maildrop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Slot {
    pub(super) number: u32,
    pub(super) octets: Option<u64>,
    pub(super) uid: String,
    pub(super) marked: bool,
}

impl Agent {
    /// The connection on which the maildrop is open, or being opened.
    pub(super) fn session(&self) -> Option<Conn> {
        let reading = |link: &Link| matches!(link, Link::Reading(_));
        self.links.iter().find(|(_, link)| reading(link)).map(|(conn, _)| *conn)
    }

    /// Opens the maildrop.
    pub(super) fn open(&mut self, whole: bool, cx: &mut Context<'_, Self>) {
        if self.session().is_some() {
            return cx.emit(Event::AlreadyOpen);
        }
        let to = Target::new(&self.config.server, self.config.pop_port);
        let conn = cx.dial(to, &POP3);
        let link = Reading {
            pop: ClientSession::new(self.config.limits.clone()),
            phase: Phase::Connecting,
            plan: VecDeque::new(),
            whole,
            fetching: false,
            listing: Vec::new(),
            fetched: 0,
        };
        self.links.insert(conn, Link::Reading(Box::new(link)));
    }

    /// Opens the maildrop, fetches what is new, and closes it.
    pub(super) fn check(&mut self, cx: &mut Context<'_, Self>) {
        self.open(true, cx);
    }

    /// One step in the open maildrop.
    pub(super) fn step(&mut self, step: &Step, cx: &mut Context<'_, Self>) {
        let Some(conn) = self.session() else { return cx.emit(Event::NotOpen) };
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        let command = match step {
            Step::Stat => Command::Stat,
            Step::List | Step::Fetch => {
                link.fetching |= *step == Step::Fetch;
                link.plan.push_back(Command::Uidl(None));
                Command::List(None)
            }
            Step::Retr(number) => {
                if link.listing.is_empty() {
                    link.plan.push_back(Command::Uidl(None));
                }
                Command::Retr(*number)
            }
            Step::Top { number, lines } => Command::Top { number: *number, lines: *lines },
            Step::Dele(number) => Command::Dele(*number),
            Step::Reset => Command::Rset,
            Step::Noop => Command::Noop,
            Step::Quit => Command::Quit,
        };
        link.plan.push_back(command);
        self.ask(conn, cx);
    }

    /// Hears all that the server said, and asks what is to be asked next.
    pub(super) fn read(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
            match link.pop.next_event() {
                Ok(Some(event)) => {
                    if let Some(edge) = link.pop.moves().first() {
                        cx.cite(edge.rule);
                    }
                    match event {
                        ClientEvent::Greeting(greeting) => self.greeted(conn, &greeting, cx),
                        ClientEvent::Reply { command, reply } => {
                            self.answered(conn, &command, reply, cx);
                        }
                        ClientEvent::Closed => {
                            return self.give_up(conn, "the server closed the connection", cx);
                        }
                    }
                }
                Ok(None) => break,
                Err(violation) => {
                    cx.cite(violation.rule);
                    return self.give_up(conn, &violation.found, cx);
                }
            }
        }
        self.ask(conn, cx);
    }

    /// Says who we are.
    fn greeted(&mut self, conn: Conn, greeting: &Reply, cx: &mut Context<'_, Self>) {
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        if !greeting.is_ok() {
            let why = format!("turned away: {}", greeting.text);
            return self.give_up(conn, &why, cx);
        }
        let (name, password) = (self.config.user.clone(), self.config.password.clone());
        let mut login = match (self.config.login, pop3::timestamp(&greeting.text)) {
            (Login::Apop, Some(stamp)) => {
                let digest = pop3::digest(stamp, &password);
                vec![Command::Apop { name, digest }]
            }
            (Login::Apop, None) | (Login::Plain, _) => {
                vec![Command::User(name), Command::Pass(password)]
            }
        };
        login.insert(0, Command::Capa);
        login.push(Command::Stat);
        if link.whole {
            link.fetching = true;
            login.extend([Command::Uidl(None), Command::List(None)]);
        }
        for command in login.into_iter().rev() {
            link.plan.push_front(command);
        }
    }

    fn answered(&mut self, conn: Conn, asked: &Command, reply: Reply, cx: &mut Context<'_, Self>) {
        if reply.is_ok() {
            return self.granted(conn, asked, reply, cx);
        }
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        let (keyword, text) = (asked.keyword(), reply.text);
        match asked {
            // A server of RFC 1939 alone knows neither; the rest goes without.
            Command::Capa | Command::Uidl(_) => {}
            Command::User(_) | Command::Pass(_) | Command::Apop { .. } => {
                link.plan.clear();
                link.whole = false;
                link.plan.push_back(Command::Quit);
                cx.emit(Event::StepRefused { keyword, text });
            }
            Command::Quit => {
                cx.emit(Event::StepRefused { keyword, text });
                self.close(conn, cx);
            }
            // What was sent behind a login that failed was never meant to be asked.
            _ if link.pop.state() != State::Transaction => {}
            _ => cx.emit(Event::StepRefused { keyword, text }),
        }
    }

    fn granted(&mut self, conn: Conn, asked: &Command, reply: Reply, cx: &mut Context<'_, Self>) {
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        let content = reply.content.unwrap_or_default();
        match asked {
            Command::User(_) | Command::Pass(_) | Command::Apop { .. } | Command::Capa => {}
            Command::Stat => {
                if let Some(stat) = parse_stat(&reply.text) {
                    cx.emit(Event::Maildrop { messages: stat.messages, octets: stat.octets });
                }
            }
            Command::Uidl(_) => {
                for unique in parse_unique_ids(&content) {
                    link.slot(unique.number).uid = unique.uid;
                }
            }
            Command::List(_) => {
                for scan in parse_scans(&content) {
                    link.slot(scan.number).octets = Some(scan.octets);
                }
                cx.emit(Event::Listed { messages: link.listing.len() });
                if link.fetching {
                    self.fetch_new(conn, cx);
                }
            }
            Command::Retr(number) => self.keep(conn, *number, content, cx),
            Command::Top { number, .. } => {
                let header = crate::mime::read(content, crate::mime::Limits::default());
                let subject = header.subject().unwrap_or_default();
                cx.emit(Event::Top { number: *number, subject });
            }
            Command::Dele(number) => {
                link.slot(*number).marked = true;
                cx.emit(Event::Marked { number: *number });
            }
            Command::Rset => {
                link.listing.iter_mut().for_each(|slot| slot.marked = false);
                cx.emit(Event::Unmarked);
            }
            Command::Noop => cx.emit(Event::Alive),
            Command::Quit => self.updated(conn, cx),
        }
    }

    /// Asks for what is not in the inbox yet, and to remove what is there and may go.
    fn fetch_new(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let leave = self.config.leave_on_server;
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        link.fetching = false;
        cx.cite(&policy::LEAVE_ON_SERVER);
        // What has left the server need not be remembered.
        let there = |uid: &String| link.listing.iter().any(|slot| slot.uid == *uid);
        if link.listing.iter().all(|slot| !slot.uid.is_empty()) {
            self.fetched.retain(there);
        }
        for slot in link.listing.iter().filter(|slot| !slot.marked) {
            let known = !slot.uid.is_empty() && self.fetched.contains(&slot.uid);
            match (known, leave) {
                (false, _) => link.plan.push_back(Command::Retr(slot.number)),
                // Fetched in a session that did not come to its end.
                (true, false) if link.whole => link.plan.push_back(Command::Dele(slot.number)),
                (true, _) => {}
            }
        }
    }

    /// Puts a mail into the inbox, and only then lets the server remove it.
    fn keep(&mut self, conn: Conn, number: u32, octets: bytes::Bytes, cx: &mut Context<'_, Self>) {
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        let uid = link.slot(number).uid.clone();
        let again = !uid.is_empty() && !self.fetched.insert(uid.clone());
        let kept = Kept { uid, octets, fetched: cx.now() };
        let mail = kept.read();
        let (bytes, header) = (kept.octets.len(), &mail.root.header);
        let from = header.first("From").map(crate::mime::decode_words).unwrap_or_default();
        let subject = mail.subject().unwrap_or_default();
        match self.inbox.iter_mut().find(|known| again && known.uid == kept.uid) {
            Some(known) => *known = kept,
            None => self.inbox.push(kept),
        }
        link.fetched += 1;
        cx.emit(Event::Fetched { number, bytes, from, subject });
        if link.whole && !self.config.leave_on_server {
            cx.cite(&policy::KEPT_BEFORE_DELETED);
            link.plan.push_back(Command::Dele(number));
        }
    }

    /// What was marked is gone, and with it what must be remembered of it.
    fn updated(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        let removed = link.listing.iter().filter(|slot| slot.marked);
        for slot in removed.clone() {
            self.fetched.remove(&slot.uid);
        }
        let (fetched, removed) = (link.fetched, removed.count());
        cx.emit(Event::Closed { fetched, removed });
        self.close(conn, cx);
    }

    /// Asks as much of the plan as may be asked now.
    fn ask(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Reading(link)) = self.links.get_mut(&conn) else { return };
        if link.pop.state() == State::Connected {
            return;
        }
        let (mut bytes, mut count): (Vec<u8>, u32) = (Vec::new(), 0);
        loop {
            let waits = link.pop.unanswered().next().is_some();
            if link.plan.is_empty() && !waits && link.whole {
                link.whole = false;
                link.plan.push_back(Command::Quit);
            }
            if waits && !link.pop.pipelining() {
                break;
            }
            let Some(next) = link.plan.pop_front() else { break };
            let keyword = next.keyword();
            match link.pop.send(next) {
                Ok(asked) => {
                    bytes.extend_from_slice(&asked);
                    count += 1;
                }
                Err(misuse) => {
                    let text = misuse.says;
                    cx.emit(Event::StepRefused { keyword, text });
                }
            }
        }
        let waits = link.pop.unanswered().next().is_some();
        if count > 1 {
            cx.cite(&pop3::rules::PIPELINING);
        }
        cx.send(conn, bytes);
        match waits {
            true => cx.arm(AgentTimer::Reply(conn), self.config.patience),
            false => cx.disarm(AgentTimer::Reply(conn)),
        }
    }

    /// A session has come to nothing: what was marked is still there.
    pub(super) fn reading_failed(&mut self, link: &Reading, why: &str, cx: &mut Context<'_, Self>) {
        if link.pop.state() == State::Transaction {
            cx.cite(&pop3::rules::NO_UPDATE);
        }
        cx.emit(Event::Lost { why: why.to_string() });
    }
}

impl Reading {
    /// What is known of the message of this number.
    fn slot(&mut self, number: u32) -> &mut Slot {
        let at = match self.listing.binary_search_by_key(&number, |slot| slot.number) {
            Ok(at) => at,
            Err(at) => {
                let slot = Slot { number, octets: None, uid: String::new(), marked: false };
                self.listing.insert(at, slot);
                at
            }
        };
        &mut self.listing[at]
    }
}
