//! A host while the world runs: its program, and what the transport knows of it.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use protocols::endpoint::{AlarmId, Conn, Host};
use protocols::wire::{Protocol, Side, Time};
use smallvec::SmallVec;

use super::few::Few;
use super::queue::When;
use crate::entry::{EntryId, StreamId};

/// A host's running state.
#[derive(Debug)]
pub struct HostState {
    /// What runs there.
    pub program: Box<dyn Host>,
    /// UDP ports that it has bound.
    pub bound: Few<u16, &'static Protocol, 1>,
    /// Its armed alarms, in the order of their numbers.
    armed: SmallVec<[Armed; FEW_ALARMS]>,
    /// Streams and groups; nothing at hosts that only send datagrams to one another.
    sockets: Option<Box<Sockets>>,
    /// When the last bit of all that it has sent has left it.
    pub sent_by: Time,
    /// The next port to dial from.
    pub next_port: u16,
    /// Its address, as the plan has it; here it need not be looked for.
    pub address: IpAddr,
    /// Whether it is switched on.
    pub is_on: bool,
}

/// An alarm that is armed.
#[derive(Clone, Copy, Debug)]
pub struct Armed {
    /// Its number at its host.
    pub alarm: AlarmId,
    /// The entry that armed it.
    pub cause: EntryId,
    /// When it rings.
    pub when: When,
}

/// What of a host has to do with streams and groups. It lies apart: thousands of hosts that have
/// neither are a third smaller without.
#[derive(Clone, Debug)]
struct Sockets {
    /// TCP ports at which it accepts.
    listening: Few<u16, &'static Protocol, 1>,
    /// Multicast groups that it has joined.
    groups: BTreeSet<IpAddr>,
    /// Its connections.
    conns: BTreeMap<Conn, (StreamId, Side)>,
}

impl HostState {
    /// A host that has not started.
    pub fn new(address: IpAddr, program: Box<dyn Host>) -> HostState {
        HostState {
            program,
            bound: Few::new(),
            armed: SmallVec::new(),
            sockets: None,
            sent_by: Time::EPOCH,
            next_port: FIRST_EPHEMERAL_PORT,
            address,
            is_on: true,
        }
    }

    /// Forgets what a host has in memory alone; says which streams it was at an end of, and which
    /// alarms were armed.
    pub fn switch_off(&mut self) -> (Vec<(StreamId, Side)>, SmallVec<[Armed; FEW_ALARMS]>) {
        self.is_on = false;
        self.bound = Few::new();
        let sockets = self.sockets.take();
        let ends = sockets.into_iter().flat_map(|sockets| sockets.conns.into_values()).collect();
        (ends, core::mem::take(&mut self.armed))
    }

    /// Accepts connections at a port.
    pub fn listen(&mut self, port: u16, protocol: &'static Protocol) {
        self.open().listening.insert(port, protocol);
    }

    /// Whether it accepts connections at a port.
    pub fn accepts_at(&self, port: u16) -> bool {
        self.sockets.as_ref().is_some_and(|sockets| sockets.listening.get(port).is_some())
    }

    /// Joins a multicast group.
    pub fn join(&mut self, group: IpAddr) {
        self.open().groups.insert(group);
    }

    /// Whether it has joined a multicast group.
    pub fn is_member_of(&self, group: IpAddr) -> bool {
        self.sockets.as_ref().is_some_and(|sockets| sockets.groups.contains(&group))
    }

    /// The end of a stream that a connection is.
    pub fn end_of(&self, conn: Conn) -> Option<(StreamId, Side)> {
        self.sockets.as_ref()?.conns.get(&conn).copied()
    }

    /// Has a connection, which is this end of a stream.
    pub fn connect(&mut self, conn: Conn, end: (StreamId, Side)) {
        self.open().conns.insert(conn, end);
    }

    /// Has a connection no longer; the end of a stream that it was.
    pub fn disconnect(&mut self, conn: Conn) -> Option<(StreamId, Side)> {
        self.sockets.as_mut()?.conns.remove(&conn)
    }

    fn open(&mut self) -> &mut Sockets {
        self.sockets.get_or_insert_with(|| {
            let (groups, conns) = (BTreeSet::new(), BTreeMap::new());
            Box::new(Sockets { listening: Few::new(), groups, conns })
        })
    }

    /// Has an alarm armed. Numbers only grow.
    pub fn arm(&mut self, armed: Armed) {
        let at = self.armed.partition_point(|other| other.alarm < armed.alarm);
        self.armed.insert(at, armed);
    }

    /// Has an alarm armed no longer; what it was, if it was.
    pub fn disarm(&mut self, alarm: AlarmId) -> Option<Armed> {
        let at = self.armed.binary_search_by_key(&alarm, |armed| armed.alarm).ok()?;
        Some(self.armed.remove(at))
    }

    /// The alarm that was armed last, of those that still are.
    pub fn latest(&self) -> Option<&Armed> {
        self.armed.last()
    }

    /// Reads a little of all that a step reads, but for the program.
    pub fn touch(&self) -> usize {
        let armed = self.latest().map_or(0, |armed| armed.cause.0);
        usize::from(self.next_port) ^ usize::from(self.is_on) ^ armed as usize
    }

    /// Takes a port to dial from.
    pub fn ephemeral(&mut self) -> u16 {
        let port = self.next_port;
        self.next_port = port.checked_add(1).unwrap_or(FIRST_EPHEMERAL_PORT);
        port
    }
}

impl Clone for HostState {
    fn clone(&self) -> HostState {
        HostState {
            program: self.program.duplicate(),
            bound: self.bound.clone(),
            armed: self.armed.clone(),
            sockets: self.sockets.clone(),
            sent_by: self.sent_by,
            next_port: self.next_port,
            address: self.address,
            is_on: self.is_on,
        }
    }
}

/// Alarms that lie beside the rest of a host: no node of a hash table has more for long.
const FEW_ALARMS: usize = 6;

/// The first of the ports that IANA leaves for dialling from (RFC 6335 section 6).
const FIRST_EPHEMERAL_PORT: u16 = 49_152;
