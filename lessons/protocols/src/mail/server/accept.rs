//! Taking responsibility for a mail: it goes into mailboxes here and into the queue.

use bytes::Bytes;

use super::incoming::{Envelope, Recipient};
use super::queue::{Queued, Waiting};
use super::trace::{Handing, date, hops, received, return_path};
use super::{Event, Link, MailServer, QueueId};
use crate::endpoint::{Conn, Context};
use crate::smtp::policy_rules as rules;
use crate::smtp::{Address, Body, Reply, ReversePath};

impl MailServer {
    /// The final dot has come: accepts the mail or refuses it for all its recipients. When 250 is
    /// sent the mail is stored already: both happen in the same step.
    pub(super) fn judge(&mut self, conn: Conn, octets: Bytes, cx: &mut Context<'_, Self>) -> Reply {
        let Some(Link::Incoming(link)) = self.links.get_mut(&conn) else {
            return Reply::new(451, "4.3.0 No session");
        };
        let Some(envelope) = link.envelope.take() else {
            return Reply::new(451, "4.3.0 No transaction");
        };
        if hops(&octets) >= MAX_HOPS {
            cx.cite(&rules::LOOP);
            cx.emit(Event::Refused { code: 554, why: "the mail is in a loop".into() });
            return Reply::new(554, "5.4.6 Too many hops, the mail is in a loop");
        }
        let (client, with) = match &link.client {
            Some(caller) if caller.extended => (caller.name.clone(), "ESMTP"),
            Some(caller) => (caller.name.clone(), "SMTP"),
            None => ("unknown".into(), "SMTP"),
        };
        let address = match link.peer.ip().to_canonical() {
            core::net::IpAddr::V4(ip) => format!("[{ip}]"),
            core::net::IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
        };
        let id = self.take_charge(envelope, &octets, &Handing { client, address, with }, cx);
        Reply::new(250, format!("2.0.0 Stored as {id}"))
    }

    /// Stores a mail for everybody it is for.
    fn take_charge(
        &mut self,
        envelope: Envelope,
        octets: &[u8],
        handing: &Handing,
        cx: &mut Context<'_, Self>,
    ) -> QueueId {
        let id = self.queue.number();
        cx.cite(&rules::RECEIVED);
        let trace = received(handing, &self.config.host, &id.to_string(), cx.now());
        let octets = [trace.as_bytes(), octets].concat();
        let Envelope { from, body, recipients } = envelope;
        cx.cite(&rules::QUEUE_STORED);
        cx.emit(Event::Accepted { id, from: from.clone(), recipients: recipients.len() });
        let mut waiting = Vec::new();
        for recipient in recipients {
            match recipient {
                Recipient::User(user) => self.put(id, &user, &from, &octets, cx),
                Recipient::Elsewhere(address) => {
                    waiting.push(Waiting { address, underway: false, why: String::new() });
                }
            }
        }
        if !waiting.is_empty() {
            let eight_bit = body == Some(Body::EightBitMime) || !octets.is_ascii();
            let mail = Queued {
                from,
                octets: octets.into(),
                eight_bit,
                accepted: cx.now(),
                recipients: waiting,
                tries: 0,
                retry_at: None,
            };
            self.queue.mails.insert(id, mail);
            self.dispatch(id, cx);
        }
        id
    }

    /// Final delivery.
    fn put(
        &mut self,
        id: QueueId,
        user: &str,
        from: &ReversePath,
        octets: &[u8],
        cx: &mut Context<'_, Self>,
    ) {
        let Some(mailbox) = self.mailboxes.of_user_mut(user) else { return };
        cx.cite(&rules::RETURN_PATH);
        let uid = mailbox.store([return_path(from).as_bytes(), octets].concat(), cx.now());
        cx.emit(Event::Stored { id, user: user.into(), uid });
    }

    /// Whether an address is of a domain of ours, and whose mailbox it is then.
    pub(super) fn locate(&self, address: &Address) -> Option<Option<String>> {
        if !self.config.is_ours(&address.domain) {
            return None;
        }
        let known = self.mailboxes.has(&address.local);
        Some(known.then(|| address.local.to_ascii_lowercase()))
    }

    /// Takes a mail that this host makes itself. None where the recipient is unknown here.
    pub(super) fn take_own(
        &mut self,
        from: ReversePath,
        to: &Address,
        octets: &[u8],
        cx: &mut Context<'_, Self>,
    ) -> Option<QueueId> {
        let recipient = match self.locate(to) {
            Some(user) => Recipient::User(user?),
            None => Recipient::Elsewhere(to.clone()),
        };
        let client = self.config.host.clone();
        let handing = Handing { client, address: "localhost".into(), with: "local" };
        let envelope = Envelope { from, body: None, recipients: vec![recipient] };
        Some(self.take_charge(envelope, octets, &handing, cx))
    }

    /// A mail from somebody who sits at this host.
    pub(super) fn send_local(
        &mut self,
        from: Address,
        to: Address,
        text: &str,
        cx: &mut Context<'_, Self>,
    ) {
        let number = cx.random();
        let (date, host) = (date(cx.now()), &self.config.host);
        let mail = format!(
            "From: <{from}>\r\nTo: <{to}>\r\nSubject: {text}\r\nDate: {date}\r\n\
             Message-ID: <{number:016x}@{host}>\r\n\r\n{text}\r\n"
        );
        let path = ReversePath::Address(from);
        if self.take_own(path, &to, mail.as_bytes(), cx).is_none() {
            cx.cite(&rules::NO_SUCH_USER);
            cx.emit(Event::Refused { code: 550, why: format!("no such user: {to}") });
        }
    }
}

/// Who looks after the server (RFC 5321 section 4.5.1).
pub(super) const POSTMASTER: &str = "postmaster";

/// RFC 5321 section 6.3: a simple count is a good test for loops, and its limit at least 100.
const MAX_HOPS: usize = 100;
