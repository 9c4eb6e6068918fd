//! Handing mail over: the client of an SMTP session with our own server.

use std::collections::VecDeque;

use bytes::Bytes;

use super::outbox::{MailId, Standing};
use super::{Agent, AgentTimer, Event, Link, Phase};
use crate::endpoint::{Conn, Context, Target};
use crate::mime::Draft;
use crate::smtp::policy_rules::agent as rules;
use crate::smtp::{
    self, Address, Asked, Body, Client, ClientEvent, Command, ForwardPath, Parameters, Reply,
    ReversePath, SMTP, Severity, Verb,
};
use crate::wire::Misuse;

/// One session, in which mail after mail is handed over.
#[derive(Clone, Debug)]
pub(super) struct Submission {
    pub(super) smtp: Client,
    pub(super) phase: Phase,
    /// What is still to be said, in order.
    plan: VecDeque<Command>,
    transaction: Option<Transaction>,
}

/// The mail that is being handed over.
#[derive(Clone, Debug)]
struct Transaction {
    id: MailId,
    octets: Vec<u8>,
    /// The recipients whose RCPT has no reply yet, in order.
    asked: VecDeque<String>,
    accepted: Vec<String>,
    refused: Vec<Refusal>,
    /// What became of it, once that is known.
    outcome: Option<Reply>,
}

/// A recipient that the server will not have.
#[derive(Clone, Debug)]
struct Refusal {
    recipient: String,
    reply: Reply,
}

impl Agent {
    /// Writes a mail into the outbox, and hands it over.
    pub(super) fn compose(
        &mut self,
        from: String,
        to: Vec<String>,
        subject: String,
        text: String,
        files: &[String],
        cx: &mut Context<'_, Self>,
    ) {
        let mut attachments = Vec::new();
        for name in files {
            match self.config.files.iter().find(|file| file.name == *name) {
                Some(file) => attachments.push(file.clone()),
                None => return cx.emit(Event::NoFile { name: name.clone() }),
            }
        }
        let draft = Draft { from, to: to.clone(), subject, date: cx.now(), text, attachments };
        let random = cx.random();
        let id = self.outbox.put(draft, to.clone(), random);
        cx.emit(Event::Written { id, to });
        self.submit(cx);
    }

    /// Hands over what waits, unless that is being done already.
    pub(super) fn submit(&mut self, cx: &mut Context<'_, Self>) {
        let busy = self.links.values().any(|link| matches!(link, Link::Submission(_)));
        if busy || self.outbox.waiting().is_none() {
            return;
        }
        cx.disarm(AgentTimer::Retry);
        cx.cite(&rules::SUBMIT);
        let to = Target::new(&self.config.server, self.config.submission_port);
        let conn = cx.dial(to, &SMTP);
        let smtp = Client::new(smtp::Limits::default());
        let phase = Phase::Connecting;
        let link = Submission { smtp, phase, plan: VecDeque::new(), transaction: None };
        self.links.insert(conn, Link::Submission(Box::new(link)));
    }

    /// Hears all that the server said, and says what is to be said next.
    pub(super) fn converse(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(Link::Submission(link)) = self.links.get_mut(&conn) else { return };
            match link.smtp.next_event() {
                Ok(Some(ClientEvent::Reply { to, reply })) => {
                    if let Some(edge) = link.smtp.moves().last() {
                        cx.cite(edge.rule);
                    }
                    self.replied(conn, to, reply, cx);
                }
                Ok(Some(ClientEvent::Closed)) => {
                    return self.give_up(conn, "the server closed the connection", cx);
                }
                Ok(None) => break,
                Err(violation) => {
                    cx.cite(violation.rule);
                    return self.give_up(conn, &violation.found, cx);
                }
            }
        }
        self.say(conn, cx);
    }

    fn replied(&mut self, conn: Conn, to: Asked, reply: Reply, cx: &mut Context<'_, Self>) {
        let host = self.config.host.clone();
        let Some(Link::Submission(link)) = self.links.get_mut(&conn) else { return };
        let done = reply.is_positive();
        match to {
            Asked::Greeting if done => link.plan.push_back(Command::Ehlo { client: host }),
            Asked::Command(Verb::Ehlo) if !done && link.smtp.may_send(Verb::Helo) => {
                link.plan.push_back(Command::Helo { client: host });
            }
            Asked::Command(Verb::Ehlo | Verb::Helo) if done => self.next_mail(conn, cx),
            Asked::Greeting | Asked::Nothing | Asked::Command(Verb::Ehlo | Verb::Helo) => {
                self.give_up(conn, &reply.to_string(), cx);
            }
            Asked::Command(Verb::Quit) => {
                self.close(conn, cx);
                // What was written while the session was ending needs one of its own.
                self.submit(cx);
            }
            Asked::Command(_) | Asked::Mail => {
                if link.stuffs(to, &reply) {
                    cx.cite(&smtp::rules::TRANSPARENCY);
                }
                match link.heard(to, reply) {
                    Ok(bytes) => cx.send(conn, bytes),
                    Err(misuse) => return self.give_up(conn, &misuse.says, cx),
                }
                self.conclude(conn, cx);
            }
        }
    }

    /// Begins with the next mail that waits, or says goodbye.
    fn next_mail(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let next = self.outbox.waiting();
        let Some(Link::Submission(link)) = self.links.get_mut(&conn) else { return };
        let Some(mail) = next.and_then(|id| self.outbox.mail_mut(id)) else {
            link.plan.push_back(Command::Quit);
            return;
        };
        mail.tries += 1;
        mail.standing = Standing::Sending;
        let offered = link.smtp.offered();
        let octets = mail.draft.write(mail.random, offered.eight_bit);
        let eight_bit = !octets.is_ascii();
        if eight_bit || !mail.draft.text.is_ascii() {
            cx.cite(&rules::EIGHT_BIT);
        }
        let size = offered.size.and_then(|_| u64::try_from(octets.len()).ok());
        let body = eight_bit.then_some(Body::EightBitMime);
        let (Ok(from), Ok(recipients)) = (
            mail.draft.from.parse::<Address>(),
            mail.recipients.iter().map(|to| to.parse()).collect::<Result<Vec<Address>, _>>(),
        ) else {
            // What a command gives has been read as an address before.
            mail.standing = Standing::Refused("an address cannot be read".into());
            return;
        };
        link.plan.push_back(Command::Mail {
            from: ReversePath::Address(from),
            parameters: Parameters { size, body },
        });
        let rcpt = |to| Command::Rcpt { to: ForwardPath::Address(to) };
        link.plan.extend(recipients.into_iter().map(rcpt));
        link.plan.push_back(Command::Data);
        link.transaction = Some(Transaction {
            id: mail.id,
            octets,
            asked: mail.recipients.iter().cloned().collect(),
            accepted: Vec::new(),
            refused: Vec::new(),
            outcome: None,
        });
    }

    /// Says as much of the plan as may be said now.
    fn say(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Submission(link)) = self.links.get_mut(&conn) else { return };
        let mut bytes = Vec::new();
        let before = link.plan.len();
        while let Some(next) = link.plan.front() {
            if !link.smtp.may_send(next.verb()) {
                break;
            }
            match link.smtp.send(next) {
                Ok(said) => bytes.extend_from_slice(&said),
                Err(misuse) => return self.give_up(conn, &misuse.says, cx),
            }
            link.plan.pop_front();
        }
        let awaited = link.smtp.unanswered().next();
        let sent = before - link.plan.len();
        if let Some(rule) = link.smtp.grouping(sent, !link.plan.is_empty()) {
            cx.cite(rule);
        }
        cx.send(conn, bytes);
        match awaited {
            Some(asked) => cx.arm(AgentTimer::Reply(conn), self.config.patience_for(asked)),
            None => cx.disarm(AgentTimer::Reply(conn)),
        }
    }

    /// Writes down what became of a mail, once its transaction is over.
    fn conclude(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(Link::Submission(link)) = self.links.get_mut(&conn) else { return };
        let waits = link.smtp.unanswered().next().is_some();
        let Some(transaction) = link.transaction.take_if(|t| t.outcome.is_some() && !waits) else {
            return;
        };
        link.plan.clear();
        if link.smtp.may_send(Verb::Rset) && !link.smtp.may_send(Verb::Mail) {
            link.plan.push_back(Command::Rset);
        }
        self.settle(transaction, cx);
        self.next_mail(conn, cx);
        if self.outbox.mails().iter().any(|mail| matches!(mail.standing, Standing::Later(_))) {
            cx.arm(AgentTimer::Retry, self.config.retry);
        }
    }

    fn settle(&mut self, transaction: Transaction, cx: &mut Context<'_, Self>) {
        let Transaction { id, accepted, refused, outcome, .. } = transaction;
        let Some(outcome) = outcome else { return };
        let taken = outcome.is_positive() && !accepted.is_empty();
        let later = |reply: &Reply| reply.severity() == Severity::Transient;
        let not_now = refused.iter().find(|refusal| later(&refusal.reply));
        let Some(mail) = self.outbox.mail_mut(id) else { return };
        if !taken && !later(&outcome) && (not_now.is_none() || !accepted.is_empty()) {
            let first = refused.first().filter(|_| accepted.is_empty());
            let why = first.map_or(&outcome, |refusal| &refusal.reply).to_string();
            mail.standing = Standing::Refused(why.clone());
            cx.cite(&rules::REFUSED);
            return cx.emit(Event::Refused { id, why });
        }
        for Refusal { recipient, reply } in refused.iter().filter(|refusal| !later(&refusal.reply))
        {
            mail.recipients.retain(|to| to != recipient);
            let (recipient, why) = (recipient.clone(), reply.to_string());
            cx.emit(Event::RecipientRefused { recipient, id, why });
        }
        if taken {
            mail.recipients.retain(|to| !accepted.contains(to));
            cx.emit(Event::Submitted { id });
        }
        if mail.recipients.is_empty() {
            return self.outbox.remove(id);
        }
        let why = not_now.map_or(&outcome, |refusal| &refusal.reply).to_string();
        mail.standing = Standing::Later(why.clone());
        cx.cite(&rules::KEPT_IN_OUTBOX);
        cx.emit(Event::Kept { id, why });
    }

    /// A session has come to nothing: what was being handed over stays.
    pub(super) fn submission_failed(
        &mut self,
        link: &Submission,
        why: &str,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(&rules::KEPT_IN_OUTBOX);
        let underway = link.transaction.as_ref().map(|transaction| transaction.id);
        if let Some(mail) = underway.and_then(|id| self.outbox.mail_mut(id)) {
            mail.standing = Standing::Later(why.to_string());
            cx.emit(Event::Kept { id: mail.id, why: why.to_string() });
        }
        if underway.is_none() {
            cx.emit(Event::Unreachable { why: why.to_string() });
        }
        while let Some(mail) = self.outbox.waiting().and_then(|id| self.outbox.mail_mut(id)) {
            mail.standing = Standing::Later(why.to_string());
        }
        if !self.outbox.mails().is_empty() {
            cx.arm(AgentTimer::Retry, self.config.retry);
        }
    }
}

impl Submission {
    /// Whether this reply sends a mail on its way in which dots must be doubled.
    fn stuffs(&self, to: Asked, reply: &Reply) -> bool {
        let leave = to == Asked::Command(Verb::Data) && reply.severity() == Severity::Intermediate;
        let dotted = |transaction: &Transaction| {
            let octets = &transaction.octets;
            octets.starts_with(b".") || octets.windows(3).any(|three| three == b"\r\n.")
        };
        leave && self.transaction.as_ref().is_some_and(dotted)
    }

    /// Writes down a reply to a part of the transaction; what is to be sent at once.
    fn heard(&mut self, to: Asked, reply: Reply) -> Result<Bytes, Misuse> {
        let Some(transaction) = &mut self.transaction else { return Ok(Bytes::new()) };
        match to {
            Asked::Command(Verb::Mail) if !reply.is_positive() => {
                transaction.outcome = Some(reply);
                self.plan.clear();
            }
            Asked::Command(Verb::Rcpt) => {
                let Some(recipient) = transaction.asked.pop_front() else {
                    return Ok(Bytes::new());
                };
                // Where MAIL was refused, the rest of a pipelined group is refused for want of a
                // transaction (RFC 2920 section 3.1): that says nothing about a recipient.
                if transaction.outcome.is_some() {
                    return Ok(Bytes::new());
                }
                match reply.is_positive() {
                    true => transaction.accepted.push(recipient),
                    false => transaction.refused.push(Refusal { recipient, reply: reply.clone() }),
                }
                // Nobody is left to send it to, and DATA has not been said.
                let data_next = self.plan.front() == Some(&Command::Data);
                if transaction.asked.is_empty() && transaction.accepted.is_empty() && data_next {
                    transaction.outcome.get_or_insert(reply);
                    self.plan.clear();
                }
            }
            Asked::Command(Verb::Data) if reply.severity() == Severity::Intermediate => {
                return self.smtp.send_mail(match transaction.accepted.is_empty() {
                    true => b"",
                    false => &transaction.octets,
                });
            }
            Asked::Command(Verb::Data) | Asked::Mail => {
                transaction.outcome.get_or_insert(reply);
            }
            Asked::Greeting | Asked::Nothing | Asked::Command(_) => {}
        }
        Ok(Bytes::new())
    }
}
