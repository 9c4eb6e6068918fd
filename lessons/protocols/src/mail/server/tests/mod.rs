//! The server on raw bytes: what it answers, what it keeps, and where it sends mail.

mod reading;
mod receiving;
mod sending;

use core::net::SocketAddr;
use core::time::Duration;

use bytes::Bytes;

use super::{Config, MailServer, Network, Route};
use crate::endpoint::{Conn, Host, Output, Running, Stimulus, Target};
use crate::wire::Time;

pub(super) const NOW: Time = Time::from_secs(1_700_000_000);

/// A host with a mail server, and everything that it did.
pub(super) struct Visit {
    pub(super) host: Running<MailServer>,
    pub(super) outputs: Vec<Output>,
    pub(super) now: Time,
}

/// The server of `b.test` with users bob and carol, which relays for 10.0.0.0/8, and sends what is
/// for elsewhere to one host.
pub(super) fn config() -> Config {
    let mut config = Config::new("mail.b.test", "b.test", &["bob", "carol"]);
    config.networks = vec![Network { address: [10, 0, 0, 0].into(), prefix: 8 }];
    let to = Target::Name { host: "mail.far.test".into(), port: 25 };
    config.routes = vec![Route { domain: None, to }];
    config
}

impl Visit {
    pub(super) fn to(config: Config) -> Visit {
        let host = Running::new(MailServer::new(config), 1);
        let mut visit = Visit { host, outputs: Vec::new(), now: NOW };
        visit.step(Stimulus::Start);
        visit
    }

    pub(super) fn step(&mut self, stimulus: Stimulus) {
        self.outputs.extend(self.host.step(self.now, stimulus).unwrap().outputs);
    }

    /// Somebody at this address opens a connection to this port.
    pub(super) fn call(&mut self, address: [u8; 4], port: u16) -> Conn {
        let conn = self.host.accept();
        let peer = SocketAddr::from((address, 40_000));
        self.step(Stimulus::Opened { conn, peer, port: Some(port) });
        conn
    }

    pub(super) fn hear(&mut self, conn: Conn, text: impl Into<Bytes>) {
        self.step(Stimulus::Data { conn, bytes: text.into() });
    }

    /// All that was sent on a connection, as text.
    pub(super) fn said(&self, conn: Conn) -> String {
        let sends = self.outputs.iter().filter_map(|output| match output {
            Output::Send { conn: on, bytes } if *on == conn => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            _ => None,
        });
        sends.collect()
    }

    /// The codes of the replies on a connection.
    pub(super) fn codes(&self, conn: Conn) -> Vec<u16> {
        let said = self.said(conn);
        let last = said.lines().filter(|line| line.as_bytes().get(3) == Some(&b' '));
        last.map(|line| line[..3].parse().unwrap()).collect()
    }

    pub(super) fn closed(&self, conn: Conn) -> bool {
        self.outputs.iter().any(|o| matches!(o, Output::Finish { conn: on } if *on == conn))
    }

    pub(super) fn cited(&self, id: &str) -> bool {
        self.outputs.iter().any(|o| matches!(o, Output::Cite(rule) if rule.id == id))
    }

    pub(super) fn told(&self) -> Vec<&str> {
        let told = self.outputs.iter().filter_map(|output| match output {
            Output::Emit(text) => Some(text.as_str()),
            _ => None,
        });
        told.collect()
    }

    /// The connections that were dialled, and where to.
    pub(super) fn dialled(&self) -> Vec<(Conn, String)> {
        let dials = self.outputs.iter().filter_map(|output| match output {
            Output::Dial { conn, to, .. } => Some((*conn, to.to_string())),
            _ => None,
        });
        dials.collect()
    }

    /// The last connection that was dialled opens, and the server says this.
    pub(super) fn answer(&mut self, text: &str) -> Conn {
        let conn = self.dialled().last().expect("a connection was dialled").0;
        let peer = SocketAddr::from(([192, 0, 2, 9], 25));
        self.step(Stimulus::Opened { conn, peer, port: None });
        self.hear(conn, text.to_string());
        conn
    }

    /// How long after now the alarm of this name would ring that was armed last.
    pub(super) fn armed(&self, wanted: &str) -> Option<Duration> {
        self.outputs.iter().rev().find_map(|output| match output {
            Output::Arm { name, after, .. } if *name == wanted => Some(*after),
            _ => None,
        })
    }

    /// Waits for the alarm of this name that was armed last, and rings it.
    pub(super) fn ring(&mut self, wanted: &str) {
        let (alarm, after) = self
            .outputs
            .iter()
            .rev()
            .find_map(|output| match output {
                Output::Arm { alarm, name, after, .. } if *name == wanted => Some((*alarm, *after)),
                _ => None,
            })
            .expect("an alarm of this name");
        self.now = self.now + after;
        self.step(Stimulus::Alarm(alarm));
    }

    pub(super) fn mails(&self, user: &str) -> Vec<String> {
        let mailbox = self.host.endpoint().mailboxes().of_user(user).unwrap();
        let texts = mailbox.mails().iter().map(|m| String::from_utf8_lossy(&m.octets).into_owned());
        texts.collect()
    }

    pub(super) fn waiting(&self) -> usize {
        self.host.endpoint().queue().len()
    }
}
