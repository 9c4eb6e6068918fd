//! Where mail goes: MX records, their order, and the next host when one fails (RFC 5321 section
//! 5.1).

use std::collections::VecDeque;

use super::queue::Outcome;
use super::{Link, MailServer, QueueId};
use crate::dns::RecordType;
use crate::endpoint::{Conn, Context, Found, Lookup, LookupError, Target};
use crate::mail::server::outgoing::Outgoing;
use crate::smtp::policy_rules as rules;
use crate::smtp::{Client, SMTP, SMTP_PORT};

/// A domain to which mail is underway, in memory only. There is one connection to it at a time.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    /// The mails for it, in the order to send.
    pub(super) mails: VecDeque<QueueId>,
    /// The hosts that are still to be tried, best first.
    pub(super) hosts: VecDeque<Target>,
    /// The connection that is open or being opened.
    pub(super) conn: Option<Conn>,
    /// Why the last host was no good.
    pub(super) why: String,
}

impl MailServer {
    /// After the host was switched on: everything in the queue is tried again when it is due.
    pub(super) fn resume(&mut self, cx: &mut Context<'_, Self>) {
        let due: Vec<(QueueId, core::time::Duration)> = (self.queue.iter())
            .map(|(id, mail)| {
                (id, mail.retry_at.map_or_else(Default::default, |at| at.since(cx.now())))
            })
            .collect();
        for (id, after) in due {
            cx.cite(&rules::RETRY);
            cx.arm(super::ServerTimer::Retry(id), after);
        }
    }

    /// A mail is due again.
    pub(super) fn retry(&mut self, id: QueueId, cx: &mut Context<'_, Self>) {
        if let Some(mail) = self.queue.mails.get_mut(&id) {
            mail.retry_at = None;
            cx.cite(&rules::RETRY);
            self.dispatch(id, cx);
        }
    }

    /// Everything that waits is tried now.
    pub(super) fn flush(&mut self, cx: &mut Context<'_, Self>) {
        let all: Vec<QueueId> = self.queue.mails.keys().copied().collect();
        for id in all {
            cx.disarm(super::ServerTimer::Retry(id));
            self.retry(id, cx);
        }
    }

    /// Sends a mail on its way to each domain where somebody waits for it.
    pub(super) fn dispatch(&mut self, id: QueueId, cx: &mut Context<'_, Self>) {
        let Some(mail) = self.queue.mails.get_mut(&id) else { return };
        let domains = mail.domains_waiting();
        for recipient in &mut mail.recipients {
            recipient.underway = true;
        }
        for domain in domains {
            match self.destinations.get_mut(&domain) {
                Some(destination) => destination.mails.push_back(id),
                None => self.seek(domain, id, cx),
            }
        }
    }

    /// Finds out where a domain's mail goes.
    fn seek(&mut self, domain: String, id: QueueId, cx: &mut Context<'_, Self>) {
        let hosts = match self.config.route(&domain) {
            Some(target) => Some(target.clone()),
            None => literal(&domain),
        };
        let known = hosts.is_some();
        let destination = Destination {
            mails: VecDeque::from([id]),
            hosts: hosts.into_iter().collect(),
            conn: None,
            why: String::new(),
        };
        self.destinations.insert(domain.clone(), destination);
        match known {
            true => self.try_next(&domain, cx),
            false => {
                cx.cite(&rules::MX);
                let lookup = cx.lookup(&domain, RecordType::Mx);
                self.lookups.insert(lookup, domain);
            }
        }
    }

    /// The MX records of a domain are known, or it is known that there are none.
    pub(super) fn looked_up(
        &mut self,
        lookup: Lookup,
        answer: Result<Vec<Found>, LookupError>,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(domain) = self.lookups.remove(&lookup) else { return };
        let exchanges = match answer {
            Ok(found) => exchanges(found),
            Err(LookupError::NoSuchRecord | LookupError::NoResolver) => Vec::new(),
            Err(why @ (LookupError::NoSuchName | LookupError::BadName)) => {
                cx.cite(&rules::NO_SUCH_DOMAIN);
                let why = format!("550 5.1.2 {domain}: {why}");
                return self.give_up_on(&domain, &Outcome::Failed(why), cx);
            }
            Err(why @ (LookupError::ServerFailure | LookupError::TimedOut)) => {
                cx.cite(&rules::NO_SUCH_DOMAIN);
                let why = format!("451 4.4.3 {domain}: {why}");
                return self.give_up_on(&domain, &Outcome::Unreached(why), cx);
            }
        };
        match self.ranked(&domain, exchanges, cx) {
            Ok(hosts) => {
                if let Some(destination) = self.destinations.get_mut(&domain) {
                    destination.hosts = hosts;
                }
                self.try_next(&domain, cx);
            }
            Err(why) => self.give_up_on(&domain, &Outcome::Failed(why), cx),
        }
    }

    /// The hosts in the order to try; why there is none.
    fn ranked(
        &self,
        domain: &str,
        mut exchanges: Vec<Exchange>,
        cx: &mut Context<'_, Self>,
    ) -> Result<VecDeque<Target>, String> {
        if exchanges.is_empty() {
            cx.cite(&rules::MX_IMPLICIT);
            return Ok(VecDeque::from([Target::new(domain, SMTP_PORT)]));
        }
        if exchanges.iter().all(|exchange| exchange.host.is_empty()) {
            cx.cite(&rules::MX_NULL);
            return Err(format!("556 5.1.10 {domain} takes no mail"));
        }
        exchanges.retain(|exchange| !exchange.host.is_empty());
        let ours = |exchange: &&Exchange| exchange.host.eq_ignore_ascii_case(&self.config.host);
        if let Some(own) = exchanges.iter().filter(ours).map(|own| own.preference).min() {
            cx.cite(&rules::MX_SELF);
            exchanges.retain(|exchange| exchange.preference < own);
        }
        if exchanges.is_empty() {
            return Err(format!("554 5.4.6 The mail of {domain} would come back to this host"));
        }
        for exchange in &mut exchanges {
            exchange.shuffled = cx.random();
        }
        exchanges.sort_by_key(|exchange| (exchange.preference, exchange.shuffled));
        if exchanges.windows(2).any(|two| matches!(two, [a, b] if a.preference == b.preference)) {
            cx.cite(&rules::MX_SHUFFLE);
        }
        Ok(exchanges.iter().map(|exchange| Target::new(&exchange.host, SMTP_PORT)).collect())
    }

    /// Dials the next host of a domain, or gives up for now.
    pub(super) fn try_next(&mut self, domain: &str, cx: &mut Context<'_, Self>) {
        let Some(destination) = self.destinations.get_mut(domain) else { return };
        destination.conn = None;
        if destination.mails.is_empty() {
            self.destinations.remove(domain);
            return;
        }
        let Some(host) = destination.hosts.pop_front() else {
            let why = core::mem::take(&mut destination.why);
            return self.give_up_on(domain, &Outcome::Unreached(why), cx);
        };
        if !destination.why.is_empty() {
            cx.cite(&rules::TRY_NEXT);
        }
        let conn = cx.dial(host.clone(), &SMTP);
        destination.conn = Some(conn);
        let smtp = Client::new(self.config.limits.clone());
        let link = Outgoing::new(smtp, domain.to_string(), named(&host));
        self.links.insert(conn, Link::Outgoing(Box::new(link)));
    }

    /// All mail for a domain has this outcome.
    pub(super) fn give_up_on(
        &mut self,
        domain: &str,
        outcome: &Outcome,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(destination) = self.destinations.remove(domain) else { return };
        for id in destination.mails {
            let Some(mail) = self.queue.mails.get(&id) else { continue };
            let all = mail.underway_to(domain).into_iter().map(|to| (to, outcome.clone()));
            self.settle(id, domain, all.collect(), cx);
        }
    }
}

/// A mail exchanger.
struct Exchange {
    preference: u16,
    host: String,
    /// Chosen by chance, to order those of equal preference.
    shuffled: u64,
}

fn exchanges(found: Vec<Found>) -> Vec<Exchange> {
    let exchange = |found| match found {
        Found::Exchange { preference, host } => Some(Exchange { preference, host, shuffled: 0 }),
        Found::Address(_)
        | Found::Host(_)
        | Found::Text(_)
        | Found::Service { .. }
        | Found::Other(_) => None,
    };
    found.into_iter().filter_map(exchange).collect()
}

/// The address in an address literal such as `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
fn literal(domain: &str) -> Option<Target> {
    let inside = domain.strip_prefix('[')?.strip_suffix(']')?;
    let inside = inside.strip_prefix("ipv6:").unwrap_or(inside);
    let ip: core::net::IpAddr = inside.parse().ok()?;
    Some(Target::Address(core::net::SocketAddr::new(ip, SMTP_PORT)))
}

/// A host as reports name it.
fn named(target: &Target) -> String {
    match target {
        Target::Address(address) => address.ip().to_string(),
        Target::Name { host, .. } => host.clone(),
    }
}
