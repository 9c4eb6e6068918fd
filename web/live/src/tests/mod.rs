//! The tab against a relay's end of the protocol with our own servers behind it, all in memory.

mod bridge;
mod datagrams;
mod dht;
mod mail;
mod names;
mod toy;
mod twin;
mod vetting;
mod web;

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;

use protocols::endpoint::Running;
use protocols::http::client::{Client, Config};
use protocols::http::server::{Config as ServerConfig, Server};
use protocols::http::site::Site;
use relay_wire::{Code, Detail, Event, Reset, UdpOpened};
use world::Story;

use super::*;

const BEGIN: Time = Time::from_secs(1_795_251_600);

/// A relay in memory that connects every stream to one server of ours, and hands every datagram
/// to another.
struct Relay {
    session: Session,
    server: Running<Server>,
    conns: BTreeMap<u32, Conn>,
    /// Takes datagrams at port 7.
    peer: Box<dyn Host>,
    sockets: Vec<u32>,
    refuse: Option<Reset>,
    /// What it says to whoever asks for a socket to one peer alone.
    veto: Option<Reset>,
    /// How often somebody has asked for such a socket.
    questions: usize,
    /// Answers of the server that are held back.
    hold: bool,
    held: Vec<(u32, Bytes)>,
}

impl Relay {
    fn new() -> Relay {
        let site = Site::page_with_objects(2, 3_000, BEGIN);
        let mut server = Running::new(Server::new(ServerConfig::default(), site), 5);
        server.step(BEGIN, Stimulus::Start).unwrap();
        let policy = "practice servers only".to_string();
        let hello = Hello { policy, max_streams: 32, max_sockets: 16, ..Hello::default() };
        let mut peer = toy::echo();
        peer.step(BEGIN, Stimulus::Start).unwrap();
        Relay {
            session: Session::relay(hello),
            server,
            peer,
            sockets: Vec::new(),
            conns: BTreeMap::new(),
            refuse: None,
            veto: None,
            questions: 0,
            hold: false,
            held: Vec::new(),
        }
    }

    /// Exchanges messages with the tab until neither has any.
    fn exchange(&mut self, live: &mut Live, now: Time) {
        loop {
            let mut quiet = true;
            while let Some(message) = live.next_message() {
                quiet = false;
                self.session.receive(message).unwrap();
            }
            while let Some(event) = self.session.next_event() {
                self.happened(event, now);
            }
            while let Some(message) = self.session.next_message() {
                quiet = false;
                live.receive(message, now).unwrap();
            }
            if quiet {
                return;
            }
        }
    }

    fn happened(&mut self, event: Event, now: Time) {
        match event {
            Event::Open { stream, .. } => match self.refuse.clone() {
                Some(reset) => self.session.reset(stream, reset),
                None => self.open(stream, now),
            },
            Event::Data { stream, bytes } => {
                let conn = self.conns[&stream];
                self.session.consumed(stream, bytes.len());
                self.serve(stream, now, Stimulus::Data { conn, bytes });
            }
            Event::Finished { stream } => {
                let conn = self.conns[&stream];
                self.serve(stream, now, Stimulus::Finished { conn });
            }
            Event::UdpOpen { socket, open } => {
                self.questions += usize::from(open.connect.is_some());
                if let Some(reset) = self.veto.clone().filter(|_| open.connect.is_some()) {
                    return self.session.reset(socket, reset);
                }
                self.sockets.push(socket);
                let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_001));
                self.session.udp_accept(socket, UdpOpened { local, remote: None }).unwrap();
            }
            Event::Datagram { socket, peer, bytes, .. } => match self.refuse.clone() {
                Some(reset) => {
                    self.sockets.retain(|open| *open != socket);
                    self.session.reset(socket, reset);
                }
                None => self.pass_on(socket, peer, bytes, now),
            },
            Event::Reset { stream, .. } => self.sockets.retain(|open| *open != stream),
            _ => {}
        }
    }

    fn pass_on(&mut self, socket: u32, peer: SocketAddr, bytes: Bytes, now: Time) {
        let from = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_001));
        let stimulus = Stimulus::Datagram { port: peer.port(), from, bytes };
        for output in self.peer.step(now, stimulus).unwrap().outputs {
            match output {
                Output::SendTo { bytes, .. } if self.hold => self.held.push((socket, bytes)),
                Output::SendTo { bytes, .. } => {
                    assert!(self.session.send_to(socket, peer, bytes).unwrap());
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, stream: u32, now: Time) {
        let conn = self.server.accept();
        self.conns.insert(stream, conn);
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
        let remote = SocketAddr::from((Ipv4Addr::LOCALHOST, 80));
        self.session.accept(stream, local, remote, 20_000).unwrap();
        self.serve(stream, now, Stimulus::Opened { conn, peer: local, port: Some(80) });
    }

    fn serve(&mut self, stream: u32, now: Time, stimulus: Stimulus) {
        for output in self.server.step(now, stimulus).unwrap().outputs {
            match output {
                Output::Send { bytes, .. } if self.hold => self.held.push((stream, bytes)),
                Output::Send { bytes, .. } => self.session.send(stream, bytes).unwrap(),
                Output::Finish { .. } => self.session.finish(stream).unwrap(),
                _ => {}
            }
        }
    }

    fn release(&mut self) {
        for (stream, bytes) in self.held.drain(..) {
            self.session.send(stream, bytes).unwrap();
        }
        self.hold = false;
    }
}

fn later(ms: u64) -> Time {
    BEGIN + Duration::from_millis(ms)
}

/// A browser.
fn browser() -> Box<dyn Host> {
    Box::new(Running::new(Client::new(Config::default()), 1))
}

fn connected() -> (Live, Relay) {
    connected_with(browser())
}

fn connected_with(program: Box<dyn Host>) -> (Live, Relay) {
    let mut live = Live::new(program, BEGIN);
    let mut relay = Relay::new();
    live.opening("");
    relay.exchange(&mut live, later(1));
    assert!(matches!(live.link(), Link::Up(_)));
    (live, relay)
}

fn emitted(entries: &[std::rc::Rc<Entry>]) -> Vec<String> {
    let steps = entries.iter().filter_map(|entry| match &entry.what {
        What::Step(step) => Some(&step.outputs),
        _ => None,
    });
    steps
        .flatten()
        .filter_map(|output| match output {
            Output::Emit(text) => Some(text.clone()),
            _ => None,
        })
        .collect()
}
