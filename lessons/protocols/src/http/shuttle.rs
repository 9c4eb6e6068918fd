//! Carries bytes between endpoints, for tests: no losses, one delay for everything, any cuts.
//!
//! It is not the simulator, only enough of a network to let endpoints meet before there is one.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use bytes::Bytes;

use crate::endpoint::{AlarmId, Conn, Endpoint, Host, Loss, Output, Running, Stimulus, Target};
use crate::wire::Time;

/// Some hosts and what is on its way between them.
pub(super) struct Shuttle {
    pub(super) now: Time,
    hosts: Vec<(String, Box<dyn Host>)>,
    listening: BTreeMap<(usize, u16), ()>,
    wires: BTreeMap<(usize, Conn), (usize, Conn)>,
    queue: BTreeMap<(Time, u64), (usize, Stimulus)>,
    sequence: u64,
    /// Numbers from which the cuts are made; none for whole deliveries.
    cuts: Option<u64>,
    /// Everything that every host did, in order.
    pub(super) done: Vec<(Time, usize, Output)>,
}

/// How long everything takes to get from one host to another.
pub(super) const DELAY: Duration = Duration::from_millis(50);

/// Two delays.
pub(super) const RTT: Duration = Duration::from_millis(100);

impl Shuttle {
    pub(super) fn new(cuts: Option<u64>) -> Shuttle {
        Shuttle {
            now: Time::from_secs(1_700_000_000),
            hosts: Vec::new(),
            listening: BTreeMap::new(),
            wires: BTreeMap::new(),
            queue: BTreeMap::new(),
            sequence: 0,
            cuts,
            done: Vec::new(),
        }
    }

    /// Adds and starts a host; its index.
    pub(super) fn host<E: Endpoint>(&mut self, name: &str, endpoint: E) -> usize {
        let at = self.hosts.len();
        self.hosts.push((name.to_string(), Box::new(Running::new(endpoint, at as u64))));
        self.step(at, Stimulus::Start);
        at
    }

    /// Switches a host on once more; what is on its way to it is lost.
    pub(super) fn start(&mut self, host: usize) {
        self.queue.retain(|_, (at, _)| *at != host);
        self.wires.retain(|(at, _), _| *at != host);
        self.step(host, Stimulus::Start);
    }

    /// Gives a host a command and carries everything until only alarms are left.
    pub(super) fn command(&mut self, host: usize, text: &str) -> &mut Shuttle {
        self.step(host, Stimulus::Command(text.to_string()));
        self.settle();
        self
    }

    /// Carries everything until only alarms are left.
    pub(super) fn settle(&mut self) {
        let alarm = |(_, stimulus): &(usize, Stimulus)| matches!(stimulus, Stimulus::Alarm(_));
        while self.queue.values().any(|due| !alarm(due)) {
            self.next();
        }
    }

    /// Lets time pass, alarms and all.
    pub(super) fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while self.queue.first_key_value().is_some_and(|((due, _), _)| *due <= until) {
            self.next();
        }
        self.now = until;
    }

    /// What a host told its user, in order.
    pub(super) fn told(&self, host: usize) -> Vec<String> {
        let told = self.done.iter().filter_map(|(_, at, output)| match output {
            Output::Emit(text) if *at == host => Some(text.clone()),
            _ => None,
        });
        told.collect()
    }

    /// All that a host sent on all its connections, as text.
    pub(super) fn sent(&self, host: usize) -> String {
        let sent = self.done.iter().filter_map(|(_, at, output)| match output {
            Output::Send { bytes, .. } if *at == host => Some(String::from_utf8_lossy(bytes)),
            _ => None,
        });
        sent.collect()
    }

    /// How many times a host did what `of` says.
    pub(super) fn count(&self, host: usize, of: impl Fn(&Output) -> bool) -> usize {
        self.done.iter().filter(|(_, at, output)| *at == host && of(output)).count()
    }

    /// Whether a host cited the rule of this id.
    pub(super) fn cited(&self, host: usize, id: &str) -> bool {
        self.count(host, |o| matches!(o, Output::Cite(rule) if rule.id == id)) > 0
    }

    pub(super) fn view(&self, host: usize) -> crate::endpoint::View {
        self.hosts[host].1.view(self.now)
    }

    fn next(&mut self) {
        if let Some(((due, _), (host, stimulus))) = self.queue.pop_first() {
            self.now = due;
            self.step(host, stimulus);
        }
    }

    fn step(&mut self, host: usize, stimulus: Stimulus) {
        let outputs = self.hosts[host].1.step(self.now, stimulus).unwrap().outputs;
        for output in outputs {
            self.carry(host, &output);
            self.done.push((self.now, host, output));
        }
    }

    fn due(&mut self, after: Duration, host: usize, stimulus: Stimulus) {
        self.sequence += 1;
        self.queue.insert((self.now + after, self.sequence), (host, stimulus));
    }

    fn carry(&mut self, host: usize, output: &Output) {
        match output {
            Output::Listen { port, .. } => {
                self.listening.insert((host, *port), ());
            }
            Output::Dial { conn, to, .. } => self.dial(host, *conn, to),
            Output::Send { conn, bytes } => {
                for bytes in self.cut(bytes) {
                    self.deliver(host, *conn, |conn| Stimulus::Data { conn, bytes });
                }
            }
            Output::Finish { conn } => {
                self.deliver(host, *conn, |conn| Stimulus::Finished { conn });
            }
            Output::Abort { conn } => {
                self.deliver(host, *conn, |conn| Stimulus::Lost { conn, why: Loss::Reset });
                self.cut_off(host, *conn);
            }
            Output::Arm { alarm, after, .. } => self.due(*after, host, Stimulus::Alarm(*alarm)),
            Output::Disarm { alarm } => self.disarm(host, *alarm),
            Output::Unbind { .. }
            | Output::SendTo { .. }
            | Output::Join { .. }
            | Output::Pace { .. }
            | Output::Emit(_)
            | Output::Measure { .. }
            | Output::Cite(_) => {}
        }
    }

    fn dial(&mut self, host: usize, conn: Conn, to: &Target) {
        let (name, port) = match to {
            Target::Name { host, port } => (host.clone(), *port),
            Target::Address(address) => (address.ip().to_string(), address.port()),
        };
        let server = self.hosts.iter().position(|(known, _)| *known == name);
        match server.filter(|server| self.listening.contains_key(&(*server, port))) {
            Some(server) => {
                let accepted = self.hosts[server].1.accept();
                self.wires.insert((host, conn), (server, accepted));
                self.wires.insert((server, accepted), (host, conn));
                let peer = SocketAddr::from(([10, 0, 0, 1], 50_000));
                let opened = Stimulus::Opened { conn: accepted, peer, port: Some(port) };
                self.due(DELAY, server, opened);
                self.due(RTT, host, Stimulus::Opened { conn, peer, port: None });
            }
            None => self.due(RTT, host, Stimulus::Lost { conn, why: Loss::Refused }),
        }
    }

    fn deliver(&mut self, host: usize, conn: Conn, what: impl FnOnce(Conn) -> Stimulus) {
        if let Some((peer, conn)) = self.wires.get(&(host, conn)).copied() {
            self.due(DELAY, peer, what(conn));
        }
    }

    /// Nothing more reaches a host on a connection that it has thrown away.
    fn cut_off(&mut self, host: usize, conn: Conn) {
        if let Some(peer) = self.wires.remove(&(host, conn)) {
            self.wires.remove(&peer);
        }
        self.queue.retain(|_, (at, stimulus)| match stimulus {
            Stimulus::Data { conn: on, .. } | Stimulus::Finished { conn: on } => {
                (*at, *on) != (host, conn)
            }
            _ => true,
        });
    }

    fn disarm(&mut self, host: usize, alarm: AlarmId) {
        self.queue.retain(|_, due| *due != (host, Stimulus::Alarm(alarm)));
    }

    /// The pieces in which bytes arrive.
    fn cut(&mut self, bytes: &Bytes) -> Vec<Bytes> {
        let (mut pieces, mut rest) = (Vec::new(), bytes.clone());
        while !rest.is_empty() {
            let size = match &mut self.cuts {
                Some(state) => {
                    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    ((*state >> 33) % 97 + 1) as usize
                }
                None => rest.len(),
            };
            pieces.push(rest.split_to(size.min(rest.len())));
        }
        pieces
    }
}
