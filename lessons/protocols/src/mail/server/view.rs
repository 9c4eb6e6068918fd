//! What a mail server shows of itself.

use super::{Link, MailServer};
use crate::endpoint::{Row, Table, View};
use crate::wire::Time;

impl MailServer {
    pub(super) fn shown(&self, now: Time) -> View {
        let machines = self.links.iter().filter_map(|(conn, link)| match link {
            Link::Incoming(link) => {
                Some(link.smtp.position(format!("connection {conn}, as server")))
            }
            // A session begins with its connection.
            Link::Outgoing(link) => (!link.is_connecting())
                .then(|| link.smtp.position(format!("connection {conn}, as client"))),
            Link::Reader(link) => {
                Some(link.pop.position(format!("connection {conn}, POP3 server")))
            }
        });
        let tables = vec![self.queued(now), self.stored(), self.connections()];
        View { state: self.label().to_string(), machines: machines.collect(), tables }
    }

    /// The busiest thing that it is doing.
    pub(super) fn label(&self) -> &'static str {
        let doing = |wanted: &str| {
            self.links.values().any(|link| match link {
                Link::Incoming(link) => link.label() == wanted,
                Link::Outgoing(link) => link.label() == wanted,
                Link::Reader(link) => link.label() == wanted,
            })
        };
        let looking = (!self.lookups.is_empty()).then_some("Looking up");
        let busy =
            ["Receiving", "Sending", "Connecting", "Reading"].into_iter().find(|word| doing(word));
        let waiting = (!self.queue.is_empty()).then_some("Waiting");
        busy.or(looking).or(waiting).unwrap_or("Idle")
    }

    fn queued(&self, now: Time) -> Table {
        let mut rows = Vec::new();
        for (id, mail) in self.queue.iter() {
            for recipient in &mail.recipients {
                let next = match (recipient.underway, mail.retry_at) {
                    (true, _) => "underway".into(),
                    (false, Some(at)) => wait(at.since(now).as_secs()),
                    (false, None) => "now".into(),
                };
                rows.push(Row {
                    key: format!("{id} {}", recipient.address),
                    cells: vec![
                        id.to_string(),
                        recipient.address.to_string(),
                        mail.tries.to_string(),
                        next,
                        recipient.why.clone(),
                        mail.from.to_string(),
                        mail.octets.len().to_string(),
                    ],
                });
            }
        }
        let columns = &["Mail", "To", "Tries", "Next try", "Why not yet", "From", "Octets"];
        Table { title: "mail queue", columns, rows }
    }

    fn stored(&self) -> Table {
        let mut rows = Vec::new();
        for (user, mailbox) in self.mailboxes.iter() {
            let row = |name: &str, octets: String, arrived: String, state: &str| Row {
                key: format!("{user} {name}"),
                cells: vec![user.into(), name.into(), octets, arrived, state.into()],
            };
            if mailbox.mails().is_empty() {
                rows.push(row("", String::new(), String::new(), "empty"));
            }
            for mail in mailbox.mails() {
                let state = if mail.deleted { "marked as deleted" } else { "stored" };
                let octets = mail.octets.len().to_string();
                rows.push(row(&mail.uid.to_string(), octets, mail.arrived.to_string(), state));
            }
        }
        let columns = &["User", "Mail", "Octets", "Arrived", "State"];
        Table { title: "mailboxes", columns, rows }
    }

    fn connections(&self) -> Table {
        let rows = self.links.iter().map(|(conn, link)| {
            let (with, label, about) = match link {
                Link::Incoming(link) => {
                    let caller = link.client.as_ref().map(|caller| caller.name.clone());
                    (link.peer.to_string(), link.label(), caller.unwrap_or_default())
                }
                Link::Reader(link) => {
                    let user = link.open.as_ref().map(|open| open.user.clone());
                    (link.peer.to_string(), link.label(), user.unwrap_or_default())
                }
                Link::Outgoing(link) => (link.host.clone(), link.label(), link.domain.clone()),
            };
            let cells = vec![conn.to_string(), with, about, label.into()];
            Row { key: conn.to_string(), cells }
        });
        let columns = &["Connection", "With", "About", "State"];
        Table { title: "connections", columns, rows: rows.collect() }
    }
}

/// How long it is until something, as people say it.
fn wait(secs: u64) -> String {
    match secs {
        0..120 => format!("in {secs} s"),
        _ => format!("in {} min", secs / 60),
    }
}
