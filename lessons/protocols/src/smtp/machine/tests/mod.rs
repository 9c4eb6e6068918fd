//! The machines on raw bytes: codes, order, ends of mail, and every edge of their charts.

mod chart;
mod client;
mod server;

use super::{Server, ServerEvent};
use crate::smtp::{Extensions, Limits, Reply};
use crate::wire::Violation;

/// A server that answers whatever it hears, and what it heard.
pub(super) struct Answering {
    pub(super) server: Server,
    pub(super) codes: Vec<u16>,
    pub(super) mails: Vec<Vec<u8>>,
    pub(super) faults: Vec<Violation>,
    pub(super) broken: Option<Violation>,
    pub(super) moved: Vec<(usize, &'static str)>,
}

impl Answering {
    pub(super) fn new(offered: Extensions, limits: Limits) -> Answering {
        let server = Server::new(offered, limits);
        let (codes, mails, faults) = (Vec::new(), Vec::new(), Vec::new());
        let mut answering =
            Answering { server, codes, mails, faults, broken: None, moved: Vec::new() };
        answering.say(220);
        answering
    }

    pub(super) fn say(&mut self, code: u16) {
        self.server.send(&Reply::new(code, "text")).unwrap();
        self.note_moves();
        self.codes.push(code);
    }

    pub(super) fn note_moves(&mut self) {
        let moves = self.server.moves().iter().map(|edge| (edge.from, edge.on));
        self.moved.extend(moves);
    }

    pub(super) fn hear(&mut self, bytes: &[u8]) {
        self.server.receive(bytes);
        loop {
            match self.server.next_event() {
                Ok(None) => return,
                Ok(Some(ServerEvent::Closed)) => return self.note_moves(),
                Ok(Some(ServerEvent::Command(_) | ServerEvent::Elsewhere(_))) => {
                    self.say(self.server.likely_reply());
                }
                Ok(Some(ServerEvent::Mail(octets))) => {
                    self.note_moves();
                    self.mails.push(octets.to_vec());
                    self.say(250);
                }
                Ok(Some(ServerEvent::Faulty(violation))) => {
                    self.note_moves();
                    self.say(violation.code);
                    self.faults.push(violation);
                }
                Err(violation) => {
                    self.note_moves();
                    if self.broken.is_none() {
                        self.say(violation.code);
                    }
                    self.broken = Some(violation);
                    return;
                }
            }
        }
    }
}

pub(super) fn server() -> Answering {
    Answering::new(Extensions::all(5_000), Limits { mail_max: 5_000, ..Limits::default() })
}
