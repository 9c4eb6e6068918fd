//! Live mode without a browser: a program of ours in the tab, driven by relay frames and a clock
//! that the caller hands in, and recorded like any simulated host.
//!
//! The page owns the WebSocket and the timers; [`Live`] owns everything else, so all of it is
//! tested natively, against a real relay and real servers. The program can be any client: streams
//! and datagrams are carried for it, and what the relay refuses is told in the recording.

mod fork;
mod frames;
mod line;
mod ours;
mod outputs;
mod past;
mod peer;
mod stage;
#[cfg(test)]
mod tests;
mod twin;
mod udp;
mod vet;

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{AlarmId, CommandError, Conn, Host, Output, Step, Stimulus};
use protocols::wire::Time;
use relay_wire::{Hello, Session};
use world::{
    Dialled, Entry, EntryId, Flight, FlightId, HostId, Network, Party, Recording, StreamId, What,
};

pub use fork::ForkError;
use line::Line;
use peer::Peer;
use udp::Udp;
use vet::Vetting;

/// The program in the tab, in a live session.
#[derive(Debug)]
pub struct Live {
    program: Box<dyn Host>,
    /// The program as it was before the first entry: what came in is replayed on a copy of it.
    beginning: Box<dyn Host>,
    recording: Recording,
    link: Link,
    session: Session,
    lines: BTreeMap<Conn, Line>,
    alarms: BTreeMap<AlarmId, Alarm>,
    udp: Udp,
    vetting: Vetting,
    /// Who else takes part, from the second of the recording's parties on.
    peers: Vec<Peer>,
    /// Dials that came to nothing in the step that is being made: conn, its line, and why.
    refused_at_once: Vec<(Conn, Line, String)>,
    /// What else came to nothing in it, as sentences.
    denied_at_once: Vec<String>,
    next_stream: u32,
    next_flight: u64,
    now: Time,
}

/// What is between the tab and the relay.
#[derive(Clone, PartialEq, Debug)]
pub enum Link {
    /// Nothing: no relay has been reached yet.
    Down,
    /// A WebSocket is being opened, or is open and the relay has not said HELLO.
    Opening,
    /// The relay has said HELLO.
    Up(Box<Hello>),
    /// The relay has gone, and why, as a sentence.
    Lost(String),
}

#[derive(Clone, Copy, Debug)]
struct Alarm {
    due: Time,
    armed_in: EntryId,
}

/// What one step gathers.
#[derive(Debug, Default)]
struct Trail {
    flights: Vec<Flight>,
    dialled: Vec<Dialled>,
}

impl Live {
    /// A session that begins now, with a program that has not started.
    pub fn new(program: Box<dyn Host>, now: Time) -> Live {
        let own = Party { name: TAB.to_string(), address: None, column: 0 };
        let mut live = Live {
            beginning: program.duplicate(),
            program,
            recording: Recording::new(now, own),
            link: Link::Down,
            session: Session::client(""),
            lines: BTreeMap::new(),
            alarms: BTreeMap::new(),
            udp: Udp::default(),
            vetting: Vetting::default(),
            peers: Vec::new(),
            refused_at_once: Vec::new(),
            denied_at_once: Vec::new(),
            next_stream: 0,
            next_flight: 0,
            now,
        };
        live.advance(None, None, Stimulus::Start);
        live
    }

    /// A WebSocket to a relay is being opened, with the token that it wants, or none.
    pub fn opening(&mut self, token: &str) {
        self.link = Link::Opening;
        self.session = Session::client(token);
    }

    /// Asks something of the program, in a command's text form.
    ///
    /// # Errors
    /// A command that the program does not understand; nothing has happened then.
    pub fn command(&mut self, text: &str, now: Time) -> Result<(), CommandError> {
        self.program.check(text)?;
        self.pass(now);
        self.advance(None, None, Stimulus::Command(text.to_string()));
        Ok(())
    }

    /// Rings every alarm that is due.
    pub fn wake(&mut self, now: Time) {
        self.pass(now);
        while let Some((id, alarm)) = self.first_alarm().filter(|(_, alarm)| alarm.due <= now) {
            self.alarms.remove(&id);
            self.advance(Some(alarm.armed_in), None, Stimulus::Alarm(id));
        }
    }

    /// When [`Live::wake`] has something to do.
    pub fn next_alarm(&self) -> Option<Time> {
        self.first_alarm().map(|(_, alarm)| alarm.due)
    }

    /// The next message for the relay, if there is one.
    pub fn next_message(&mut self) -> Option<Bytes> {
        match self.link {
            Link::Opening | Link::Up(_) => self.session.next_message(),
            Link::Down | Link::Lost(_) => None,
        }
    }

    /// What is between the tab and the relay.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// What has been recorded.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The program as it was when so many entries had been recorded: what came in is handed to a
    /// copy of its beginning once more.
    pub fn program_at(&self, moment: u32) -> Box<dyn Host> {
        let mut program = self.beginning.duplicate();
        for entry in self.recording.trace().entries.iter().take(moment as usize) {
            if let (TAB_HOST, What::Step(step)) = (entry.host, &entry.what) {
                // It was understood when it was recorded, so it is now.
                let _ = program.step(step.at, step.stimulus.clone());
            }
        }
        program
    }

    fn first_alarm(&self) -> Option<(AlarmId, Alarm)> {
        self.alarms.iter().min_by_key(|(id, alarm)| (alarm.due, **id)).map(|(id, a)| (*id, *a))
    }

    /// Moves the clock, which never goes back even if the tab's does.
    fn pass(&mut self, now: Time) {
        self.now = self.now.max(now);
    }

    /// Hands a stimulus to the program, carries out what it wants done, and records it.
    fn advance(&mut self, cause: Option<EntryId>, landed: Option<FlightId>, stimulus: Stimulus) {
        let now = self.now;
        let mut trail = Trail::default();
        let outputs: Vec<Output> = match self.program.step(now, stimulus.clone()) {
            Ok(step) => step.outputs,
            Err(_) => Vec::new(),
        };
        for output in &outputs {
            self.carry_out(output, &mut trail);
        }
        let what = What::Step(Step { at: now, stimulus, outputs });
        self.write(now, (TAB_HOST, cause), landed, what, trail);
        self.settle();
    }

    /// Records what a peer did, as far as it can be told from here.
    fn remote(&mut self, line: &Line, says: impl Into<String>, flights: Vec<Flight>) -> EntryId {
        let id = self.recording.next_id();
        let what = What::Network(Network::Remote { says: says.into() });
        let trail = Trail { flights, dialled: Vec::new() };
        self.write(self.now, (line.peer, Some(line.last_sent)), None, what, trail);
        id
    }

    /// Records that something was not done for the program, with the sentence that says why and
    /// the flight that did not leave, if it was on its way already.
    fn denied(&mut self, cause: Option<EntryId>, why: String, flight: Option<FlightId>) {
        let what = What::Network(Network::Denied { why, flight });
        self.write(self.now, (TAB_HOST, cause), None, what, Trail::default());
    }

    fn write(
        &mut self,
        at: Time,
        (host, cause): (HostId, Option<EntryId>),
        landed: Option<FlightId>,
        what: What,
        trail: Trail,
    ) {
        let state = match host {
            TAB_HOST => self.program.state(at),
            _ => "".into(),
        };
        self.recording.push(Entry {
            id: self.recording.next_id(),
            at,
            host,
            cause,
            landed,
            what,
            dialled: trail.dialled,
            flights: trail.flights.into_iter().map(Rc::new).collect(),
            state,
        });
    }

    fn new_stream(&mut self) -> StreamId {
        let id = StreamId(self.next_stream);
        self.next_stream += 1;
        id
    }
}

/// How the tab is called on the ladder.
const TAB: &str = "this tab";

/// The tab is the first who takes part.
const TAB_HOST: HostId = HostId(0);

/// The tab's address in the recording and in simulations, from the block that is set aside for
/// documentation (RFC 5737): the real one is not known to the page.
const TAB_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

/// What is reckoned for one way to a peer as long as nothing has been measured.
const USUAL_ONE_WAY: Duration = Duration::from_millis(10);
