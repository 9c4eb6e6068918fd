//! A program alone with a test, which plays everybody that it talks to; and the rules that are met.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use protocols::endpoint::{Conn, Endpoint, Host, Output, Running, Step, Stimulus};
use protocols::wire::{Chunk, Message, Protocol, Side, Time};
use world::{History, Story, What};

/// The ids of the rules that have been cited, stated of a field, or broken.
pub type Met = BTreeSet<&'static str>;

/// A program that has started, and what was said on its connections.
pub struct Lone<E: Endpoint> {
    host: Running<E>,
    steps: Vec<Step>,
    talks: BTreeMap<Conn, Talk>,
}

struct Talk {
    protocol: &'static Protocol,
    ours: Side,
    chunks: Vec<Chunk>,
}

impl<E: Endpoint> Lone<E> {
    pub fn new(endpoint: E) -> Lone<E> {
        let host = Running::new(endpoint, 1);
        let mut lone = Lone { host, steps: Vec::new(), talks: BTreeMap::new() };
        lone.step(Stimulus::Start);
        lone
    }

    pub fn step(&mut self, stimulus: Stimulus) {
        let step = self.host.step(Time::from_secs(1_000), stimulus).unwrap();
        for output in &step.outputs {
            match output {
                Output::Dial { conn, protocol, .. } => {
                    let talk = Talk { protocol, ours: Side::Initiator, chunks: Vec::new() };
                    self.talks.insert(*conn, talk);
                }
                Output::Send { conn, bytes } => {
                    let talk = self.talks.get_mut(conn).unwrap();
                    talk.chunks.push(Chunk { side: talk.ours, bytes: bytes.clone() });
                }
                _ => {}
            }
        }
        self.steps.push(step);
    }

    pub fn command(&mut self, text: &str) {
        self.step(Stimulus::Command(text.to_string()));
    }

    /// Somebody dials this port.
    pub fn accept(&mut self, port: u16, protocol: &'static Protocol) -> Conn {
        let conn = self.host.accept();
        self.talks.insert(conn, Talk { protocol, ours: Side::Responder, chunks: Vec::new() });
        let peer = ([192, 0, 2, 9], 4_000).into();
        self.step(Stimulus::Opened { conn, peer, port: Some(port) });
        conn
    }

    /// The connection that it dialled last is open.
    pub fn opened(&mut self) -> Conn {
        let (conn, _) = self.talks.iter().rfind(|(_, talk)| talk.ours == Side::Initiator).unwrap();
        let conn = *conn;
        let peer = ([192, 0, 2, 25], 25).into();
        self.step(Stimulus::Opened { conn, peer, port: None });
        conn
    }

    /// The other side says something.
    pub fn hear(&mut self, conn: Conn, bytes: &[u8]) {
        let talk = self.talks.get_mut(&conn).unwrap();
        let bytes = Bytes::copy_from_slice(bytes);
        talk.chunks.push(Chunk { side: talk.ours.other(), bytes: bytes.clone() });
        self.step(Stimulus::Data { conn, bytes });
    }

    /// Rings the alarms of this name that the last step armed.
    pub fn ring(&mut self, wanted: &str) {
        let outputs = self.steps.last().map(|step| step.outputs.clone()).unwrap_or_default();
        for output in outputs {
            if let Output::Arm { alarm, name, .. } = output
                && name == wanted
            {
                self.step(Stimulus::Alarm(alarm));
            }
        }
    }

    /// What it has cited, and what is stated of the bytes on its connections.
    pub fn met(&self, met: &mut Met) {
        self.steps.iter().for_each(|step| cited(step, met));
        for talk in self.talks.values() {
            noted(&talk.protocol.dissect(&talk.chunks), met);
        }
    }
}

/// What is cited and stated in a whole run.
pub fn met_in(history: &History, met: &mut Met) {
    for entry in history.trace().entries {
        if let What::Step(step) = &entry.what {
            cited(step, met);
        }
    }
    let story = Story::of(history.trace());
    story.conversations().iter().for_each(|talk| noted(&talk.messages(), met));
}

/// What is stated of these messages.
pub fn noted(messages: &[Message], met: &mut Met) {
    for message in messages {
        met.extend(message.notes.iter().filter_map(|note| note.rule).map(|rule| rule.id));
        met.extend(message.fault.iter().map(|fault| fault.rule.id));
    }
}

fn cited(step: &Step, met: &mut Met) {
    met.extend(step.outputs.iter().filter_map(|output| match output {
        Output::Cite(rule) => Some(rule.id),
        _ => None,
    }));
}
