//! A host while the world runs: its program, and what the transport knows of it.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use protocols::endpoint::{AlarmId, Conn, Host};
use protocols::wire::{Protocol, Side, Time};

use super::few::Few;
use super::queue::When;
use crate::entry::{EntryId, StreamId};

/// A host's running state.
#[derive(Debug)]
pub struct HostState {
    /// Its address, as the plan has it; here it need not be looked for.
    pub address: IpAddr,
    /// Whether it is switched on.
    pub is_on: bool,
    /// What runs there.
    pub program: Box<dyn Host>,
    /// TCP ports at which it accepts.
    pub listening: Few<u16, &'static Protocol, 1>,
    /// UDP ports that it has bound.
    pub bound: Few<u16, &'static Protocol, 1>,
    /// Multicast groups that it has joined.
    pub groups: BTreeSet<IpAddr>,
    /// Its connections.
    pub conns: BTreeMap<Conn, (StreamId, Side)>,
    /// Its armed alarms.
    pub armed: Few<AlarmId, Armed, FEW_ALARMS>,
    /// The next port to dial from.
    pub next_port: u16,
    /// When the last bit of all that it has sent has left it.
    pub sent_by: Time,
}

/// An alarm that is armed.
#[derive(Clone, Copy, Debug)]
pub struct Armed {
    /// When it rings.
    pub when: When,
    /// The entry that armed it.
    pub cause: EntryId,
}

impl HostState {
    /// A host that has not started.
    pub fn new(address: IpAddr, program: Box<dyn Host>) -> HostState {
        HostState {
            address,
            is_on: true,
            program,
            listening: Few::new(),
            bound: Few::new(),
            groups: BTreeSet::new(),
            conns: BTreeMap::new(),
            armed: Few::new(),
            next_port: FIRST_EPHEMERAL_PORT,
            sent_by: Time::EPOCH,
        }
    }

    /// Forgets what a host has in memory alone but its alarms; says which streams it was at an end
    /// of.
    pub fn switch_off(&mut self) -> Vec<(StreamId, Side)> {
        self.is_on = false;
        self.listening = Few::new();
        self.bound = Few::new();
        self.groups.clear();
        core::mem::take(&mut self.conns).into_values().collect()
    }

    /// Reads a little of all that a step reads, but for the program.
    pub fn touch(&self) -> usize {
        let armed = self.armed.last().map_or(0, |armed| armed.cause.0);
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
            address: self.address,
            is_on: self.is_on,
            program: self.program.duplicate(),
            listening: self.listening.clone(),
            bound: self.bound.clone(),
            groups: self.groups.clone(),
            conns: self.conns.clone(),
            armed: self.armed.clone(),
            next_port: self.next_port,
            sent_by: self.sent_by,
        }
    }
}

/// Alarms that lie beside the rest of a host: no node of a hash table has more for long.
const FEW_ALARMS: usize = 6;

/// The first of the ports that IANA leaves for dialling from (RFC 6335 section 6).
const FIRST_EPHEMERAL_PORT: u16 = 49_152;
