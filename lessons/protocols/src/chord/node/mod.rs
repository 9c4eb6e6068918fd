//! A node of a Chord ring.
//!
//! What it knows of the ring is in its [`Tables`]; what is going on is a list of lookups (each with
//! what it is for) and a list of outstanding requests. Everything periodic hangs on alarms that are
//! armed when the node is switched on and that nothing else touches: what a command causes is the
//! command's own, and can be followed.

mod command;
mod config;
mod join;
mod keep;
mod lookup;
mod passing;
mod pending;
mod reach;
mod ring;
mod serve;
mod store;
#[cfg(test)]
mod tests;
mod view;

use core::net::{SocketAddr, SocketAddrV4};
use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
pub use command::{Command, Event, KeyText, Why};
pub use config::{Config, Lookups, Routing};
use lookup::Job;
use pending::Pending;
use store::Store;

use super::{CHORD, Contact, Fault, State, Tables, Trigger, codec};
use crate::endpoint::{Context, Endpoint, Input, Timer, View};
use crate::overlay::{Key, Place, Pointer};
use crate::wire::{Notes, Time};

/// A node of a ring.
#[derive(Clone, Debug)]
pub struct Node {
    config: Arc<Config>,
    state: State,
    begins: Beginning,
    /// Whether it has been switched on before: then it comes back after a crash.
    has_started: bool,
    tables: Tables,
    store: Store,
    /// Whose keys begin where ours end: the last predecessor that was known, even if it is gone.
    owned_after: Option<Key>,
    /// The successors that have copies of all our keys.
    copied: Vec<Key>,
    jobs: Vec<Job>,
    next_job: u32,
    pending: Vec<Pending>,
    /// The finger that is looked up next.
    next_finger: u8,
    /// The key that was brought home last.
    brought_home: Key,
    /// The member that its user has named to join through.
    through: Option<SocketAddrV4>,
    /// How often joining has come to nothing in a row.
    failed_joins: u8,
    counters: Counters,
}

/// What a node does when it is switched on for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Beginning {
    /// It waits for a command, or joins through the members that its configuration names.
    Outside,
    /// It makes a ring.
    Creates,
    /// It is a member of a settled ring already.
    Settled,
}

/// What a node has done since it was switched on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Counters {
    /// Requests served.
    served: u32,
    /// Answers that nobody waited for.
    unsolicited: u32,
    /// Datagrams that could not be read.
    malformed: u32,
}

/// The alarms of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NodeTimer {
    /// To ask the successor for its predecessor.
    Stabilise,
    /// To look a finger up anew.
    FixFingers,
    /// To ask whether the predecessor is there.
    CheckPredecessor,
    /// To bring a key home.
    BringHome,
    /// To look up a key by chance.
    Ask,
    /// To join, or try again.
    Join,
    /// The request with this number has not been answered.
    Request(u32),
    /// No answer has come to this recursive lookup.
    Patience(u32),
}

impl Node {
    /// A node that has not been switched on. If its configuration names members, it joins through
    /// them then; otherwise it waits for a command.
    pub fn new(config: &Arc<Config>, own: Contact) -> Node {
        Node::beginning(config, Tables::new(own, config.bits), Beginning::Outside)
    }

    /// A node that makes a ring when it is switched on.
    pub fn founder(config: &Arc<Config>, own: Contact) -> Node {
        Node::beginning(config, Tables::new(own, config.bits), Beginning::Creates)
    }

    /// The node at this index of a ring that has settled: with the tables that the protocol
    /// reaches. The ring is sorted by identifier; none where it has no such node.
    pub fn settled(config: &Arc<Config>, ring: &[Contact], index: usize) -> Option<Node> {
        let (most, fingers) = (config.successors.into(), config.routing == Routing::Fingers);
        let tables = Tables::settled(ring, index, config.bits, most, fingers)?;
        let after = tables.predecessor().map(|before| before.id);
        let node = Node::beginning(config, tables, Beginning::Settled);
        Some(Node { owned_after: after, ..node })
    }

    /// The same node with these values, as if they had been put before: each is the first of its
    /// key. For a ring that has settled.
    pub fn holding<'a>(mut self, values: impl IntoIterator<Item = (Key, &'a [u8])>) -> Node {
        for (key, value) in values {
            self.store.put(key, value);
        }
        self
    }

    fn beginning(config: &Arc<Config>, tables: Tables, begins: Beginning) -> Node {
        Node {
            config: Arc::clone(config),
            state: State::Outside,
            begins,
            has_started: false,
            tables,
            store: Store::default(),
            owned_after: None,
            copied: Vec::new(),
            jobs: Vec::new(),
            next_job: 0,
            pending: Vec::new(),
            next_finger: 0,
            brought_home: Key::default(),
            through: None,
            failed_joins: 0,
            counters: Counters::default(),
        }
    }

    /// What it knows of the ring.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Where it is with respect to a ring.
    pub fn standing(&self) -> State {
        self.state
    }

    /// The keys that it holds, copies included, with the version of each.
    pub fn held(&self) -> impl Iterator<Item = (Key, u32)> {
        self.store.items().iter().map(|item| (item.key, item.version))
    }

    /// How many of the keys that it holds are its own.
    pub fn owned(&self) -> usize {
        self.store.items().iter().filter(|item| self.is_ours(item.key)).count()
    }

    /// How many answers have come that nobody waited for.
    pub fn unsolicited(&self) -> u32 {
        self.counters.unsolicited
    }

    fn is_on_the_ring(&self) -> bool {
        match self.state {
            State::Member | State::Leaving => true,
            State::Outside | State::Joining => false,
        }
    }

    fn go(&mut self, on: Trigger) {
        self.state = self.state.after(on);
    }

    fn datagram(&mut self, from: SocketAddr, bytes: &Bytes, cx: &mut Context<'_, Self>) {
        match codec::read(bytes, &mut Notes::off()) {
            Ok(message) if message.body.is_answer() => self.hear(from, message, cx),
            Ok(message) => self.serve(from, message, cx),
            Err(violation) => {
                self.counters.malformed = self.counters.malformed.saturating_add(1);
                cx.cite(violation.rule);
                let header = codec::read_header(bytes);
                let Some(header) = header.filter(|header| header.kind & codec::ANSWER == 0) else {
                    return;
                };
                let fault = Fault::of(violation.code as u8);
                self.send(from, header.transaction, super::Body::Failed(fault), cx);
            }
        }
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        match command {
            Command::Create => self.create(cx),
            Command::Join(through) => self.join_through(through, cx),
            Command::Leave => self.leave(cx),
            Command::Stabilise => self.look_after(NodeTimer::Stabilise, cx),
            Command::FixFinger => self.look_after(NodeTimer::FixFingers, cx),
            Command::CheckPredecessor => self.look_after(NodeTimer::CheckPredecessor, cx),
            Command::Lookup(key) => self.user_asks(lookup::Purpose::Lookup, &key, cx),
            Command::Get(key) => self.user_asks(lookup::Purpose::Get, &key, cx),
            Command::Put { key, value } => {
                self.user_asks(lookup::Purpose::Put(value.into()), &key, cx);
            }
        }
    }

    fn rang(&mut self, timer: NodeTimer, cx: &mut Context<'_, Self>) {
        match timer {
            NodeTimer::Request(transaction) => return self.missed(transaction, cx),
            NodeTimer::Patience(number) => return self.nothing_came(number, cx),
            NodeTimer::Join => return self.join_again(cx),
            NodeTimer::Stabilise
            | NodeTimer::FixFingers
            | NodeTimer::CheckPredecessor
            | NodeTimer::BringHome
            | NodeTimer::Ask => {}
        }
        self.arm_periodic(timer, cx);
        if self.state == State::Member {
            self.do_periodic(timer, cx);
        }
    }

    /// Does at once, as its user wants it, what is done from time to time.
    fn look_after(&mut self, timer: NodeTimer, cx: &mut Context<'_, Self>) {
        match self.state {
            State::Member => self.do_periodic(timer, cx),
            State::Outside | State::Joining | State::Leaving => {
                cx.emit(Event::Refused("the node is not a member of a ring"));
            }
        }
    }

    fn do_periodic(&mut self, timer: NodeTimer, cx: &mut Context<'_, Self>) {
        match timer {
            NodeTimer::Stabilise => self.stabilise(cx),
            NodeTimer::FixFingers => self.fix_fingers(cx),
            NodeTimer::CheckPredecessor => self.check_predecessor(cx),
            NodeTimer::BringHome => self.bring_home(cx),
            NodeTimer::Ask => self.ask_by_chance(cx),
            NodeTimer::Request(_) | NodeTimer::Patience(_) | NodeTimer::Join => {}
        }
    }
}

impl Endpoint for Node {
    type Command = Command;
    type Event = Event;
    type Timer = NodeTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => {
                cx.bind(self.tables.own().address.port(), &CHORD);
                self.start(cx);
            }
            Input::Command(command) => self.command(command, cx),
            Input::Datagram { from, bytes, .. } => self.datagram(from, &bytes, cx),
            Input::Timer(timer) => self.rang(timer, cx),
            // It takes no connections, dials nobody and looks up no names.
            Input::Opened { conn, .. } => cx.abort(conn),
            Input::Data { .. }
            | Input::Finished { .. }
            | Input::Lost { .. }
            | Input::Answered { .. } => {}
        }
    }

    fn view(&self, _: Time) -> View {
        self.shown()
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.state.name().into()
    }

    fn touch(&self) -> usize {
        let (tables, counters) = (&self.tables, self.counters);
        let (successors, fingers) = (tables.successors(), tables.fingers());
        let ends = [successors.first(), successors.last()].into_iter().flatten();
        let ports = ends.fold(0, |sum, node| sum ^ u32::from(node.address.port()));
        let ends = [fingers.first(), fingers.last()].into_iter().flatten();
        let exponents = ends.fold(0, |sum, finger| sum ^ u32::from(finger.from));
        let pending = self.pending.last().map_or(0, |pending| pending.transaction);
        let job = self.jobs.last().map_or(0, |job| job.number);
        (ports ^ exponents ^ pending ^ job ^ counters.served ^ self.next_job) as usize
    }

    fn place(&self) -> Option<Place> {
        Some(self.on_the_circle())
    }

    fn pointers(&self) -> Vec<Pointer> {
        self.known()
    }

    fn commands(&self) -> &'static [&'static str] {
        &[
            "lookup KEY",
            "put KEY VALUE",
            "get KEY",
            "join ADDRESS:PORT",
            "leave",
            "create",
            "stabilise",
            "fix finger",
            "check predecessor",
        ]
    }
}

impl Timer for NodeTimer {
    fn name(&self) -> &'static str {
        match self {
            NodeTimer::Stabilise => "stabilise",
            NodeTimer::FixFingers => "fix fingers",
            NodeTimer::CheckPredecessor => "check predecessor",
            NodeTimer::BringHome => "bring home",
            NodeTimer::Ask => "ask",
            NodeTimer::Join => "join",
            NodeTimer::Request(_) => "time-out",
            NodeTimer::Patience(_) => "patience",
        }
    }

    fn about(&self) -> u64 {
        match self {
            NodeTimer::Request(number) | NodeTimer::Patience(number) => u64::from(*number),
            NodeTimer::Stabilise
            | NodeTimer::FixFingers
            | NodeTimer::CheckPredecessor
            | NodeTimer::BringHome
            | NodeTimer::Ask
            | NodeTimer::Join => 0,
        }
    }
}
