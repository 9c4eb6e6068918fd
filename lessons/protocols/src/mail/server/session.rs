//! The server's side of SMTP: what each command is answered.

use core::net::SocketAddr;

use bytes::Bytes;

use super::incoming::{Caller, Envelope, Incoming, Phase, Recipient};
use super::{Event, Link, MailServer, ServerTimer, accept, reply};
use crate::endpoint::{Conn, Context};
use crate::smtp::policy_rules as rules;
use crate::smtp::{
    Address, Command, ForwardPath, Parameters, Reply, ReversePath, Server, ServerEvent, ServerState,
};
use crate::wire::{Rule, Violation};

/// A refusal, and the rule that it follows.
struct Refusal {
    rule: &'static Rule,
    code: u16,
    text: &'static str,
}

impl MailServer {
    pub(super) fn accept_session(
        &mut self,
        conn: Conn,
        peer: SocketAddr,
        port: u16,
        cx: &mut Context<'_, Self>,
    ) {
        let sessions = self.links.values().filter(|link| matches!(link, Link::Incoming(_))).count();
        let smtp = Server::new(self.config.extensions, self.config.limits.clone());
        self.links.insert(conn, Link::Incoming(Box::new(Incoming::new(smtp, peer, port))));
        let greeting = match sessions < self.config.max_sessions {
            true => {
                cx.cite(&crate::smtp::rules::GREETING);
                Reply::new(220, format!("{} ESMTP Wirelab", self.config.host))
            }
            false => {
                cx.cite(&rules::SERVER_FULL);
                Reply::new(421, format!("{} has too many sessions, try later", self.config.host))
            }
        };
        self.say(conn, &greeting, cx);
        cx.arm(ServerTimer::Command(conn), self.config.times.command);
        self.close_if_over(conn, cx);
    }

    /// Answers everything that a client has said. The replies go out together (RFC 2920 section
    /// 3.2): nothing else has come that could be waited for.
    pub(super) fn serve(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let (mut replies, mut count): (Vec<u8>, u32) = (Vec::new(), 0);
        while let Some(Link::Incoming(link)) = self.links.get_mut(&conn)
            && link.phase == Phase::Serving
        {
            let event = link.smtp.next_event();
            for edge in link.smtp.moves() {
                cx.cite(edge.rule);
            }
            let reply = match event {
                Ok(Some(ServerEvent::Closed)) | Ok(None) => break,
                Ok(Some(event)) => self.answer(conn, event, cx),
                Err(violation) if link.smtp.state() == ServerState::Broken => {
                    self.refuse(&violation, cx)
                }
                Err(_) => break,
            };
            replies.extend_from_slice(&self.written(conn, &reply, cx));
            count += 1;
        }
        if count > 1 {
            cx.cite(&crate::smtp::rules::REPLIES_IN_ORDER);
        }
        let heard = !replies.is_empty();
        cx.send(conn, replies);
        let serving = matches!(self.links.get(&conn), Some(Link::Incoming(link))
            if link.phase == Phase::Serving);
        if serving && (heard || self.is_reading_mail(conn)) {
            cx.arm(ServerTimer::Command(conn), self.config.times.command);
        }
        self.close_if_over(conn, cx);
    }

    fn is_reading_mail(&self, conn: Conn) -> bool {
        matches!(self.links.get(&conn), Some(Link::Incoming(link)) if link.smtp.is_reading_mail())
    }

    fn answer(&mut self, conn: Conn, event: ServerEvent, cx: &mut Context<'_, Self>) -> Reply {
        match event {
            ServerEvent::Command(command) => self.obey(conn, command, cx),
            ServerEvent::Mail(octets) => self.judge(conn, octets, cx),
            ServerEvent::Faulty(violation) => self.fault(conn, &violation, cx),
            // Only whoever looks on at somebody else's session hears of such dialogues.
            ServerEvent::Elsewhere(_) => Reply::new(502, "5.5.1 Not offered here"),
            ServerEvent::Closed => Reply::new(221, "2.0.0 Closed"),
        }
    }

    fn fault(&mut self, conn: Conn, violation: &Violation, cx: &mut Context<'_, Self>) -> Reply {
        let max_errors = self.config.max_errors;
        if let Some(Link::Incoming(link)) = self.links.get_mut(&conn) {
            link.errors += 1;
            if link.smtp.state() == ServerState::Judging {
                link.envelope = None;
            }
            if link.errors > max_errors {
                cx.cite(&rules::TOO_MANY_ERRORS);
                return Reply::new(421, "4.7.0 Too many errors");
            }
        }
        self.refuse(violation, cx)
    }

    fn refuse(&self, violation: &Violation, cx: &mut Context<'_, Self>) -> Reply {
        cx.cite(violation.rule);
        cx.emit(Event::Refused { code: violation.code, why: violation.found.clone() });
        reply::to_violation(violation)
    }

    fn obey(&mut self, conn: Conn, command: Command, cx: &mut Context<'_, Self>) -> Reply {
        let host = self.config.host.clone();
        let offered = self.config.extensions;
        let plain = reply::to_plain(&command, &host);
        let Some(Link::Incoming(link)) = self.links.get_mut(&conn) else { return plain };
        match command {
            Command::Ehlo { client } => {
                link.envelope = None;
                let lines = offered.lines(&host, &client);
                link.client = Some(Caller { name: client, extended: true });
                Reply { code: 250, lines }
            }
            Command::Helo { client } => {
                link.envelope = None;
                link.client = Some(Caller { name: client, extended: false });
                plain
            }
            Command::Mail { from, parameters } => {
                self.sender(conn, from, parameters, cx).unwrap_or(plain)
            }
            Command::Rcpt { to } => self.recipient(conn, &to, cx).unwrap_or(plain),
            Command::Rset => {
                link.envelope = None;
                plain
            }
            Command::Vrfy { .. } => {
                cx.cite(&crate::smtp::rules::VRFY);
                plain
            }
            Command::Expn { .. } => {
                cx.cite(&crate::smtp::rules::EXPN);
                plain
            }
            Command::Noop { .. } => {
                cx.cite(&crate::smtp::rules::NOOP);
                plain
            }
            Command::Data | Command::Help { .. } | Command::Quit => plain,
        }
    }

    /// MAIL: on the port for submission, only for our users. A reply where it is refused.
    fn sender(
        &mut self,
        conn: Conn,
        from: ReversePath,
        parameters: Parameters,
        cx: &mut Context<'_, Self>,
    ) -> Option<Reply> {
        let Some(Link::Incoming(link)) = self.links.get_mut(&conn) else { return None };
        if Some(link.port) == self.config.submission_port {
            let ours = match &from {
                ReversePath::Null => false,
                ReversePath::Address(sender) => {
                    self.config.is_ours(&sender.domain) && self.mailboxes.has(&sender.local)
                }
            };
            if !ours || !self.config.relays_for(link.peer.ip()) {
                let text = "5.7.1 Only users of this server hand in mail here";
                return Some(refused(&Refusal { rule: &rules::SUBMISSION, code: 550, text }, cx));
            }
        }
        link.envelope = Some(Envelope { from, body: parameters.body, recipients: Vec::new() });
        None
    }

    /// RCPT: somebody here, or somebody elsewhere if the client may send there. A reply where it
    /// is refused.
    fn recipient(
        &mut self,
        conn: Conn,
        to: &ForwardPath,
        cx: &mut Context<'_, Self>,
    ) -> Option<Reply> {
        let max = self.config.max_recipients;
        let Some(Link::Incoming(link)) = self.links.get(&conn) else { return None };
        let relays = self.config.relays_for(link.peer.ip());
        let judged = match to {
            ForwardPath::Postmaster => Ok(Recipient::User(accept::POSTMASTER.into())),
            ForwardPath::Address(address) => self.admitted(address, relays),
        };
        let Some(Link::Incoming(link)) = self.links.get_mut(&conn) else { return None };
        let envelope = link.envelope.as_mut()?;
        let refusal = match judged {
            Ok(recipient) if envelope.recipients.contains(&recipient) => return None,
            Ok(recipient) if envelope.recipients.len() < max => {
                envelope.recipients.push(recipient);
                return None;
            }
            Ok(_) => Refusal {
                rule: &rules::RECIPIENT_LIMIT,
                code: 452,
                text: "4.5.3 Too many recipients",
            },
            Err(refusal) => refusal,
        };
        Some(refused(&refusal, cx))
    }

    /// Who an address is to us.
    fn admitted(&self, address: &Address, relays: bool) -> Result<Recipient, Refusal> {
        match self.locate(address) {
            Some(Some(user)) => Ok(Recipient::User(user)),
            Some(None) => Err(Refusal {
                rule: &rules::NO_SUCH_USER,
                code: 550,
                text: "5.1.1 No such user here",
            }),
            None if relays => Ok(Recipient::Elsewhere(address.clone())),
            None => {
                Err(Refusal { rule: &rules::RELAY_DENIED, code: 550, text: "5.7.1 Relay denied" })
            }
        }
    }

    /// Writes a reply. What the machine would not send is a mistake of ours: the session ends.
    fn written(&mut self, conn: Conn, reply: &Reply, cx: &mut Context<'_, Self>) -> Bytes {
        let Some(Link::Incoming(link)) = self.links.get_mut(&conn) else { return Bytes::new() };
        let sorry = Reply::new(421, "4.3.0 Closing");
        let bytes = link.smtp.send(reply).or_else(|_| link.smtp.send(&sorry));
        for edge in link.smtp.moves() {
            cx.cite(edge.rule);
        }
        bytes.unwrap_or_default()
    }

    fn say(&mut self, conn: Conn, reply: &Reply, cx: &mut Context<'_, Self>) {
        let bytes = self.written(conn, reply, cx);
        cx.send(conn, bytes);
    }

    /// Nothing has come for too long.
    pub(super) fn client_silent(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::SERVER_TIMEOUT);
        self.say(conn, &Reply::new(421, "4.4.2 Nothing was said for too long"), cx);
        self.close_incoming(conn, cx);
    }

    fn close_if_over(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let over = matches!(self.links.get(&conn), Some(Link::Incoming(link))
            if link.smtp.must_close());
        if over {
            self.close_incoming(conn, cx);
        }
    }

    /// Ends our side, and waits for the client to end its own.
    pub(super) fn close_incoming(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Incoming(link)) = self.links.get_mut(&conn) else { return };
        if link.phase == Phase::Lingering {
            return;
        }
        link.smtp.close();
        link.phase = Phase::Lingering;
        link.envelope = None;
        cx.cite(&rules::LINGER);
        cx.finish(conn);
        cx.disarm(ServerTimer::Command(conn));
        match link.peer_finished {
            true => {
                self.links.remove(&conn);
            }
            false => cx.arm(ServerTimer::Linger(conn), self.config.times.linger),
        }
    }
}

fn refused(refusal: &Refusal, cx: &mut Context<'_, MailServer>) -> Reply {
    cx.cite(refusal.rule);
    cx.emit(Event::Refused { code: refusal.code, why: refusal.text.into() });
    Reply::new(refusal.code, refusal.text)
}
