//! The server's side of POP3: whose maildrop, locked for one session, and what QUIT removes.

use core::net::SocketAddr;

use super::incoming::Phase;
use super::{Event, Link, MailServer, ServerTimer};
use crate::endpoint::{Conn, Context};
use crate::pop3::codec::as_lines;
use crate::pop3::rules::{self, policy};
use crate::pop3::{
    Command, Limits, Lying, Maildrop, Reply, ServerEvent, ServerSession, State, digest, greeting,
    timestamp,
};
use crate::wire::Violation;

/// A session with somebody who reads mail here.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) pop: ServerSession,
    pub(super) peer: SocketAddr,
    /// The greeting's timestamp, which APOP digests.
    stamp: String,
    /// The name that USER gave.
    named: Option<String>,
    /// Whose maildrop is open, and what is in it.
    pub(super) open: Option<Open>,
    /// How many mistakes it has had.
    errors: u32,
    pub(super) phase: Phase,
    pub(super) peer_finished: bool,
}

/// An open maildrop.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) user: String,
    pub(super) drop: Maildrop,
}

impl Reader {
    /// A word for where it is.
    pub(super) fn label(&self) -> &'static str {
        match (self.phase, &self.open) {
            (Phase::Lingering, _) => "Closing",
            (Phase::Serving, Some(_)) => "Reading",
            (Phase::Serving, None) => "Serving",
        }
    }
}

impl MailServer {
    /// Greets somebody who comes to read mail.
    pub(super) fn accept_reader(
        &mut self,
        conn: Conn,
        peer: SocketAddr,
        cx: &mut Context<'_, Self>,
    ) {
        let readers = self.links.values().filter(|link| matches!(link, Link::Reader(_))).count();
        if readers >= self.config.max_sessions {
            cx.cite(&crate::smtp::policy_rules::SERVER_FULL);
            return cx.abort(conn);
        }
        let mut pop = ServerSession::new(Limits::default());
        let text = greeting(&self.config.host, cx.random());
        let stamp = timestamp(&text).unwrap_or_default().to_string();
        let said = pop.greet(&text).unwrap_or_default();
        cx.cite(&rules::GREETING);
        cx.send(conn, said);
        cx.arm(ServerTimer::Autologout(conn), self.config.times.autologout);
        let reader = Reader {
            pop,
            peer,
            stamp,
            named: None,
            open: None,
            errors: 0,
            phase: Phase::Serving,
            peer_finished: false,
        };
        self.links.insert(conn, Link::Reader(Box::new(reader)));
    }

    /// Answers everything that a reader has asked, in order; the replies go out together.
    pub(super) fn serve_reader(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let (mut replies, mut count): (Vec<u8>, u32) = (Vec::new(), 0);
        let mut over = false;
        while let Some(Link::Reader(reader)) = self.links.get_mut(&conn)
            && reader.phase == Phase::Serving
        {
            let event = reader.pop.next_event();
            if let Some(edge) = reader.pop.moves().first() {
                cx.cite(edge.rule);
            }
            let reply = match event {
                Ok(Some(ServerEvent::Command(command))) => self.obey_reader(conn, &command, cx),
                Ok(Some(ServerEvent::Fault(violation))) => self.fault_of(conn, &violation, cx),
                Ok(Some(ServerEvent::Closed) | None) => break,
                Err(violation) => {
                    cx.cite(violation.rule);
                    let text = violation.legal.clone();
                    replies.extend(reader.pop.farewell(&text).unwrap_or_default());
                    break;
                }
            };
            let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { break };
            // What the session would not send is a mistake of ours, and no more than a refusal.
            let sorry = Reply::err("[SYS/TEMP] not now");
            let said = reader.pop.reply(&reply).or_else(|_| reader.pop.reply(&sorry));
            replies.extend(said.unwrap_or_default());
            count += 1;
            // Too many mistakes end the session, once they are answered.
            if reader.errors > self.config.max_errors {
                cx.cite(&policy::LOGIN_FAILED);
                over = true;
                break;
            }
        }
        if count > 1 {
            cx.cite(&rules::PIPELINING);
        }
        let heard = !replies.is_empty();
        cx.send(conn, replies);
        if heard {
            cx.arm(ServerTimer::Autologout(conn), self.config.times.autologout);
        }
        over |= matches!(self.links.get(&conn), Some(Link::Reader(reader))
            if reader.pop.must_close());
        if over {
            self.close_reader(conn, cx);
        }
    }

    fn fault_of(&mut self, conn: Conn, violation: &Violation, cx: &mut Context<'_, Self>) -> Reply {
        cx.cite(violation.rule);
        self.count_error(conn);
        let text: String = format!("{} Legal here: {}", violation.found, violation.legal);
        Reply::err(text.replace(|c: char| c.is_control() || !c.is_ascii(), "?"))
    }

    fn obey_reader(&mut self, conn: Conn, asked: &Command, cx: &mut Context<'_, Self>) -> Reply {
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return Reply::err("") };
        match asked {
            Command::User(name) => {
                cx.cite(&rules::USER);
                reader.named = Some(name.clone());
                Reply::ok("send the password")
            }
            Command::Pass(password) => {
                let name = reader.named.take().unwrap_or_default();
                cx.cite(&rules::PASS);
                self.log_in(conn, &name, |secret, _| secret == password, cx)
            }
            Command::Apop { name, digest: told } => {
                cx.cite(&rules::APOP);
                self.log_in(conn, name, |secret, stamp| digest(stamp, secret) == *told, cx)
            }
            Command::Capa => {
                cx.cite(&rules::CAPA);
                Reply::ok("what I can do").with(CAPABILITIES)
            }
            Command::Quit => self.update(conn, cx),
            Command::Stat
            | Command::List(_)
            | Command::Retr(_)
            | Command::Top { .. }
            | Command::Uidl(_)
            | Command::Dele(_)
            | Command::Rset
            | Command::Noop => self.about_maildrop(conn, asked, cx),
        }
    }

    /// Opens the maildrop of whoever can prove to be its user, and locks it.
    fn log_in(
        &mut self,
        conn: Conn,
        name: &str,
        proves: impl Fn(&str, &str) -> bool,
        cx: &mut Context<'_, Self>,
    ) -> Reply {
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return Reply::err("") };
        let user = self.config.users.iter().find(|user| user.name.eq_ignore_ascii_case(name));
        let known = user.filter(|user| proves(&user.password, &reader.stamp));
        let mailbox = known.and_then(|user| self.mailboxes.of_user_mut(&user.name));
        let (Some(user), Some(mailbox)) = (known, mailbox) else {
            cx.cite(&policy::LOGIN_FAILED);
            let name: String = name.chars().take(NAME_SHOWN).collect();
            cx.emit(Event::LoginFailed { name });
            self.count_error(conn);
            return Reply::err("wrong name or password");
        };
        if !mailbox.lock(conn) {
            cx.cite(&policy::IN_USE);
            return Reply::err("[IN-USE] another session has this maildrop open");
        }
        cx.cite(&policy::LOCK);
        cx.cite(&policy::NUMBERED);
        let lying = mailbox.mails().iter().map(|mail| Lying {
            uid: mail.uid.to_string(),
            octets: match as_lines(&mail.octets) {
                std::borrow::Cow::Borrowed(_) => mail.octets.clone(),
                std::borrow::Cow::Owned(lines) => lines.into(),
            },
        });
        let drop = Maildrop::open(lying);
        let (user, messages) = (user.name.clone(), drop.count());
        let text = format!("{user} has {}", drop.summary());
        cx.emit(Event::Opened { user: user.clone(), messages });
        reader.open = Some(Open { user, drop });
        Reply::ok(text)
    }

    /// Answers about the messages; marks are shown in the mailbox too, and mean nothing until QUIT.
    fn about_maildrop(&mut self, conn: Conn, asked: &Command, cx: &mut Context<'_, Self>) -> Reply {
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return Reply::err("") };
        let Some(open) = &mut reader.open else { return Reply::err("no maildrop is open") };
        let Some(answer) = open.drop.answer(asked) else { return Reply::err("not here") };
        cx.cite(answer.rule);
        if matches!(asked, Command::Dele(_) | Command::Rset)
            && let Some(mailbox) = self.mailboxes.of_user_mut(&open.user)
        {
            mailbox.unmark_all();
            let marked: Vec<&str> = open.drop.removals().collect();
            let uids = mailbox.mails().iter().map(|mail| mail.uid);
            let uids: Vec<_> = uids.filter(|u| marked.contains(&u.to_string().as_str())).collect();
            for uid in uids {
                mailbox.mark_deleted(uid);
            }
        }
        answer.reply
    }

    /// QUIT: removes what is marked, if a maildrop is open, and lets go of it.
    fn update(&mut self, conn: Conn, cx: &mut Context<'_, Self>) -> Reply {
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return Reply::err("") };
        let Some(Open { user, drop }) =
            reader.open.take_if(|_| reader.pop.state() == State::Update)
        else {
            return Reply::ok("bye");
        };
        cx.cite(&rules::UPDATE);
        let Some(mailbox) = self.mailboxes.of_user_mut(&user) else {
            return Reply::err("the maildrop is gone");
        };
        let removed = mailbox.expunge();
        mailbox.unlock(conn);
        let left = mailbox.mails().len();
        cx.emit(Event::Updated { user, removed });
        match removed == drop.marked() {
            true => Reply::ok(format!("bye, {left} left")),
            false => {
                cx.cite(&rules::NOT_REMOVED);
                Reply::err("some deleted messages were not removed")
            }
        }
    }

    /// Lets go of a maildrop without removing anything.
    fn release(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return };
        let Some(Open { user, .. }) = reader.open.take() else { return };
        cx.cite(&rules::NO_UPDATE);
        if let Some(mailbox) = self.mailboxes.of_user_mut(&user) {
            mailbox.unmark_all();
            mailbox.unlock(conn);
        }
        cx.emit(Event::Released { user });
    }

    fn count_error(&mut self, conn: Conn) {
        if let Some(Link::Reader(reader)) = self.links.get_mut(&conn) {
            reader.errors += 1;
        }
    }

    /// Nothing has come for ten minutes: the session ends without a word (RFC 1939 section 3).
    pub(super) fn reader_silent(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&policy::AUTOLOGOUT);
        self.close_reader(conn, cx);
    }

    /// The reader sends no more.
    pub(super) fn reader_finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return };
        reader.peer_finished = true;
        reader.pop.receive_end();
        match reader.phase {
            Phase::Serving => {
                self.serve_reader(conn, cx);
                self.close_reader(conn, cx);
            }
            Phase::Lingering => self.forget_reader(conn, cx),
        }
    }

    /// The connection is gone.
    pub(super) fn reader_lost(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        self.release(conn, cx);
        self.forget_reader(conn, cx);
    }

    /// Ends our side, and waits for the reader to end its own.
    fn close_reader(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        self.release(conn, cx);
        let Some(Link::Reader(reader)) = self.links.get_mut(&conn) else { return };
        if reader.phase == Phase::Lingering {
            return;
        }
        reader.phase = Phase::Lingering;
        if reader.pop.must_close() {
            cx.cite(&rules::CLOSE);
        }
        reader.pop.close();
        cx.finish(conn);
        cx.disarm(ServerTimer::Autologout(conn));
        match reader.peer_finished {
            true => self.forget_reader(conn, cx),
            false => cx.arm(ServerTimer::Linger(conn), self.config.times.linger),
        }
    }

    fn forget_reader(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.disarm(ServerTimer::Autologout(conn));
        cx.disarm(ServerTimer::Linger(conn));
        self.links.remove(&conn);
    }
}

/// What CAPA lists (RFC 2449 section 6).
const CAPABILITIES: &str =
    "TOP\r\nUSER\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nEXPIRE NEVER\r\nIMPLEMENTATION Wirelab\r\n";

/// As much of a wrong name as an event can hold.
const NAME_SHOWN: usize = 40;
