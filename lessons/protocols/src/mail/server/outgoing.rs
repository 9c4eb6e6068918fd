//! The client's side of SMTP: mail of the queue goes to the next server, several mails over one
//! connection.

mod job;

use bytes::Bytes;

use super::queue::Outcome;
use super::{Awaited, Link, MailServer, ServerTimer, reply};
use crate::endpoint::{Conn, Context, Loss};
use crate::smtp::policy_rules as rules;
use crate::smtp::{Asked, Client, ClientEvent, ClientState, Command, Reply, Severity, Verb};
pub(super) use job::Job;

/// A session in which we send mail to somebody.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) smtp: Client,
    /// The domain whose mail it carries.
    pub(super) domain: String,
    /// The host, as reports name it.
    pub(super) host: String,
    pub(super) phase: Phase,
    /// The mail that is being sent.
    pub(super) job: Option<Job>,
    /// How many mails it has carried.
    pub(super) carried: u32,
    /// The alarm that is armed.
    pub(super) awaited: Option<Awaited>,
}

/// Where a connection is, from the client's point of view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Asked for, and not open yet.
    Connecting,
    /// Mail goes over it.
    Open,
    /// No mail goes over it any more; the reply to QUIT may still come.
    Leaving,
    /// Our side is closed.
    Lingering,
}

impl Outgoing {
    pub(super) fn new(smtp: Client, domain: String, host: String) -> Outgoing {
        let phase = Phase::Connecting;
        Outgoing { smtp, domain, host, phase, job: None, carried: 0, awaited: None }
    }

    /// Whether the server that it dialled has not answered yet.
    pub(super) fn is_connecting(&self) -> bool {
        self.phase == Phase::Connecting
    }

    /// A word for where it is.
    pub(super) fn label(&self) -> &'static str {
        match (self.phase, &self.job) {
            (Phase::Connecting, _) => "Connecting",
            (Phase::Open, Some(_)) => "Sending",
            (Phase::Open, None) => "Greeting",
            (Phase::Leaving | Phase::Lingering, _) => "Closing",
        }
    }
}

impl MailServer {
    /// A connection that we dialled is open: the server speaks first.
    pub(super) fn begin_session(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else {
            return cx.abort(conn);
        };
        link.phase = Phase::Open;
        self.await_reply(conn, cx);
    }

    /// Hears everything that the server has said, and goes on.
    pub(super) fn converse(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
            let event = link.smtp.next_event();
            for edge in link.smtp.moves() {
                cx.cite(edge.rule);
            }
            match event {
                Ok(None) => break,
                Ok(Some(ClientEvent::Reply { to, reply })) => self.heard(conn, to, &reply, cx),
                Ok(Some(ClientEvent::Closed)) => {
                    self.session_lost(conn, "the connection was closed", cx);
                    return self.leave(conn, cx);
                }
                Err(violation) => {
                    cx.cite(violation.rule);
                    self.session_lost(conn, &violation.found, cx);
                    return self.leave(conn, cx);
                }
            }
        }
        self.await_reply(conn, cx);
    }

    fn heard(&mut self, conn: Conn, to: Asked, reply: &Reply, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        if link.smtp.must_close() {
            if link.phase == Phase::Open {
                if let (Asked::Mail, Some(job)) = (to, &mut link.job) {
                    job.dotted = false;
                }
                cx.cite(&rules::TRANSIENT);
                self.session_lost(conn, &reply::said(reply), cx);
            }
            return self.leave(conn, cx);
        }
        if link.phase != Phase::Open {
            return;
        }
        let client = self.config.host.clone();
        match to {
            Asked::Greeting if reply.is_positive() => {
                self.put_command(conn, &Command::Ehlo { client }, cx);
            }
            Asked::Command(Verb::Ehlo) if reply.severity() == Severity::Permanent => {
                self.put_command(conn, &Command::Helo { client }, cx);
            }
            Asked::Command(Verb::Ehlo | Verb::Helo) if reply.is_positive() => {
                self.next_job(conn, cx);
            }
            Asked::Greeting | Asked::Command(Verb::Ehlo | Verb::Helo) => {
                self.session_lost(conn, &reply::said(reply), cx);
                self.quit(conn, cx);
            }
            Asked::Command(Verb::Rset) => self.next_job(conn, cx),
            Asked::Command(_) | Asked::Mail => {
                if let Some(job) = &mut link.job {
                    job.hear(to, reply);
                }
                self.go_on(conn, cx);
            }
            Asked::Nothing => {}
        }
    }

    /// Says what comes next in the transaction, or ends it.
    fn go_on(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        let Some(job) = &mut link.job else { return };
        let mut bytes: Vec<u8> = Vec::new();
        match link.smtp.state() {
            ClientState::Content => {
                let octets = self.queue.mails.get(&job.id).map(|mail| mail.octets.clone());
                // With nobody to take it, only the dot may be sent (RFC 2920 section 3.1).
                let octets = octets.filter(|_| link.smtp.accepted() > 0).unwrap_or_default();
                job.dotted = !octets.is_empty();
                match link.smtp.send_mail(&octets) {
                    Ok(mail) => bytes.extend_from_slice(&mail),
                    Err(misuse) => return self.cannot_send(conn, &misuse.says, cx),
                }
            }
            _ => {
                job.prune(link.smtp.accepted(), link.smtp.unanswered().next().is_none());
                let before = job.script.len();
                while let Some(command) = job.script.front()
                    && link.smtp.may_send(command.verb())
                    && (job.grouped || link.smtp.unanswered().next().is_none())
                {
                    let Ok(line) = link.smtp.send(command) else { break };
                    bytes.extend_from_slice(&line);
                    job.script.pop_front();
                }
                let waits = !job.script.is_empty();
                if let Some(rule) = link.smtp.grouping(before - job.script.len(), waits) {
                    cx.cite(rule);
                }
            }
        }
        for edge in link.smtp.moves() {
            cx.cite(edge.rule);
        }
        let over = link.smtp.unanswered().next().is_none();
        cx.send(conn, bytes);
        if over {
            self.end_job(conn, cx);
        }
    }

    /// What we have cannot be said in SMTP: it fails for good, and the session with it.
    fn cannot_send(&mut self, conn: Conn, says: &str, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        if let Some(job) = link.job.take() {
            let (domain, id) = (link.domain.clone(), job.id);
            let outcomes = job.all(&Outcome::Failed(format!("554 5.6.0 {says}")));
            self.settle(id, &domain, outcomes, cx);
        }
        self.session_lost(conn, says, cx);
        cx.abort(conn);
        self.forget_outgoing(conn, cx);
    }

    /// Every reply of a transaction has come.
    fn end_job(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        let Some(job) = link.job.take() else { return };
        link.carried += 1;
        let (domain, host, id) = (link.domain.clone(), link.host.clone(), job.id);
        let open = matches!(link.smtp.state(), ClientState::Mail | ClientState::Recipients);
        let outcomes = job.outcomes();
        for (to, outcome) in &outcomes {
            if *outcome == Outcome::Sent {
                cx.emit(super::Event::Sent { id, to: to.clone(), host: host.clone() });
            }
        }
        self.settle(id, &domain, outcomes, cx);
        match open {
            true => self.put_command(conn, &Command::Rset, cx),
            false => self.next_job(conn, cx),
        }
    }

    /// Begins the next mail for the domain, or says QUIT.
    fn next_job(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
            let domain = link.domain.clone();
            let next = self.destinations.get_mut(&domain).and_then(|to| to.mails.pop_front());
            let Some(id) = next else {
                self.destinations.remove(&domain);
                return self.quit(conn, cx);
            };
            let Some(mail) = self.queue.mails.get(&id) else { continue };
            let mut recipients = mail.underway_to(&domain);
            if recipients.is_empty() {
                continue;
            }
            let offered = link.smtp.offered();
            if let Some(refusal) = job::unsendable(mail, offered) {
                cx.cite(refusal.rule);
                let outcome = Outcome::Failed(refusal.why);
                let all = recipients.into_iter().map(|to| (to, outcome.clone())).collect();
                self.settle(id, &domain, all, cx);
                continue;
            }
            if recipients.len() > RECIPIENTS_MAX {
                recipients.truncate(RECIPIENTS_MAX);
                if let Some(destination) = self.destinations.get_mut(&domain) {
                    destination.mails.push_front(id);
                }
            }
            if link.carried > 0 {
                cx.cite(&rules::ONE_CONNECTION);
            }
            if offered.size.is_some() {
                cx.cite(&rules::SIZE_DECLARED);
            }
            link.job = Some(Job::new(id, mail, recipients, offered, self.config.pipelines));
            return self.go_on(conn, cx);
        }
    }

    /// The session is over before its mail is: what could not be sent is tried elsewhere or later.
    fn session_lost(&mut self, conn: Conn, why: &str, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        if !matches!(link.phase, Phase::Connecting | Phase::Open) {
            return;
        }
        // RFC 3463 section 3.5 tells a host that does not answer from a connection that breaks.
        let status = if link.phase == Phase::Connecting { "4.4.1" } else { "4.4.2" };
        link.phase = Phase::Leaving;
        let (domain, host) = (link.domain.clone(), link.host.clone());
        let why = format!("451 {status} {host}: {why}");
        let job = link.job.take();
        if let Some(destination) = self.destinations.get_mut(&domain) {
            destination.why.clone_from(&why);
        }
        match job {
            // The server may have accepted it, and nobody can tell.
            Some(job) if job.dotted => {
                cx.cite(&rules::TWICE);
                self.settle(job.id, &domain, job.cut_off(&why), cx);
            }
            Some(job) => {
                if let Some(destination) = self.destinations.get_mut(&domain) {
                    destination.mails.push_front(job.id);
                }
            }
            None => {}
        }
        self.try_next(&domain, cx);
    }

    /// A reply has not come in time.
    pub(super) fn server_silent(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::CLIENT_TIMEOUT);
        self.session_lost(conn, "no reply came in time", cx);
        cx.abort(conn);
        self.forget_outgoing(conn, cx);
    }

    fn quit(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        link.phase = Phase::Leaving;
        match link.smtp.may_send(Verb::Quit) {
            true => self.put_command(conn, &Command::Quit, cx),
            false => self.leave(conn, cx),
        }
    }

    /// Ends our side of a connection.
    fn leave(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        if link.phase == Phase::Lingering {
            return;
        }
        link.smtp.close();
        link.phase = Phase::Lingering;
        cx.finish(conn);
        if let Some(awaited) = link.awaited.take() {
            cx.disarm(ServerTimer::Reply(conn, awaited));
        }
        cx.arm(ServerTimer::Linger(conn), self.config.times.linger);
    }

    fn put_command(&mut self, conn: Conn, command: &Command, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        let bytes = link.smtp.send(command).unwrap_or_else(|_| Bytes::new());
        for edge in link.smtp.moves() {
            cx.cite(edge.rule);
        }
        cx.send(conn, bytes);
    }

    /// Arms the alarm for the reply that is due next, if one is.
    fn await_reply(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) else { return };
        let awaited = match link.phase {
            Phase::Open | Phase::Leaving => link.smtp.unanswered().next().map(awaited_for),
            Phase::Connecting | Phase::Lingering => None,
        };
        if let Some(old) = link.awaited.filter(|old| Some(*old) != awaited) {
            cx.disarm(ServerTimer::Reply(conn, old));
        }
        link.awaited = awaited;
        if let Some(awaited) = awaited {
            let times = &self.config.times;
            let after = match awaited {
                Awaited::Greeting => times.greeting,
                Awaited::Mail => times.mail,
                Awaited::Rcpt => times.rcpt,
                Awaited::Data => times.data,
                Awaited::EndOfData => times.end_of_data,
            };
            cx.arm(ServerTimer::Reply(conn, awaited), after);
        }
    }

    /// A connection is gone, or never came to be.
    pub(super) fn lost(&mut self, conn: Conn, why: &Loss, cx: &mut Context<'_, Self>) {
        match self.links.get(&conn) {
            Some(Link::Incoming(_)) => {
                cx.disarm(ServerTimer::Command(conn));
                cx.disarm(ServerTimer::Linger(conn));
                self.links.remove(&conn);
            }
            Some(Link::Reader(_)) => self.reader_lost(conn, cx),
            Some(Link::Outgoing(_)) => {
                self.session_lost(conn, &why.to_string(), cx);
                self.forget_outgoing(conn, cx);
            }
            None => {}
        }
    }

    /// The other side sends no more.
    pub(super) fn finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        match self.links.get_mut(&conn) {
            Some(Link::Incoming(link)) => {
                link.peer_finished = true;
                link.smtp.receive_end();
                match link.phase {
                    super::incoming::Phase::Serving => {
                        self.serve(conn, cx);
                        self.close_incoming(conn, cx);
                    }
                    super::incoming::Phase::Lingering => {
                        cx.disarm(ServerTimer::Linger(conn));
                        self.links.remove(&conn);
                    }
                }
            }
            Some(Link::Reader(_)) => self.reader_finished(conn, cx),
            Some(Link::Outgoing(link)) => {
                link.smtp.receive_end();
                self.converse(conn, cx);
                self.leave(conn, cx);
                self.forget_outgoing(conn, cx);
            }
            None => {}
        }
    }

    fn forget_outgoing(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        if let Some(Link::Outgoing(link)) = self.links.get_mut(&conn) {
            if let Some(awaited) = link.awaited.take() {
                cx.disarm(ServerTimer::Reply(conn, awaited));
            }
            cx.disarm(ServerTimer::Linger(conn));
            self.links.remove(&conn);
        }
    }
}

const fn awaited_for(asked: Asked) -> Awaited {
    match asked {
        Asked::Greeting => Awaited::Greeting,
        Asked::Command(Verb::Rcpt) => Awaited::Rcpt,
        Asked::Command(Verb::Data) => Awaited::Data,
        Asked::Mail => Awaited::EndOfData,
        Asked::Command(_) | Asked::Nothing => Awaited::Mail,
    }
}

/// RFC 5321 section 4.5.3.1.8: every server takes as many.
const RECIPIENTS_MAX: usize = 100;
