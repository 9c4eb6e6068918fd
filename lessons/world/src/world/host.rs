//! A host while the world runs: its program, and what the transport knows of it.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use protocols::endpoint::{AlarmId, Conn, Host};
use protocols::wire::{Protocol, Side};

use crate::entry::{EntryId, StreamId};

/// A host's running state.
#[derive(Debug)]
pub struct HostState {
    /// Whether it is switched on.
    pub is_on: bool,
    /// What runs there.
    pub program: Box<dyn Host>,
    /// TCP ports at which it accepts.
    pub listening: BTreeMap<u16, &'static Protocol>,
    /// UDP ports that it has bound.
    pub bound: BTreeMap<u16, &'static Protocol>,
    /// Multicast groups that it has joined.
    pub groups: BTreeSet<IpAddr>,
    /// Its connections.
    pub conns: BTreeMap<Conn, (StreamId, Side)>,
    /// Its armed alarms and the entries that armed them.
    pub armed: BTreeMap<AlarmId, EntryId>,
    /// The next port to dial from.
    pub next_port: u16,
}

impl HostState {
    /// A host that has not started.
    pub fn new(program: Box<dyn Host>) -> HostState {
        HostState {
            is_on: true,
            program,
            listening: BTreeMap::new(),
            bound: BTreeMap::new(),
            groups: BTreeSet::new(),
            conns: BTreeMap::new(),
            armed: BTreeMap::new(),
            next_port: FIRST_EPHEMERAL_PORT,
        }
    }

    /// Forgets what a host has in memory alone; says which streams it was at an end of.
    pub fn switch_off(&mut self) -> Vec<(StreamId, Side)> {
        self.is_on = false;
        self.listening.clear();
        self.bound.clear();
        self.groups.clear();
        self.armed.clear();
        core::mem::take(&mut self.conns).into_values().collect()
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
            is_on: self.is_on,
            program: self.program.duplicate(),
            listening: self.listening.clone(),
            bound: self.bound.clone(),
            groups: self.groups.clone(),
            conns: self.conns.clone(),
            armed: self.armed.clone(),
            next_port: self.next_port,
        }
    }
}

/// The first of the ports that IANA leaves for dialling from (RFC 6335 section 6).
const FIRST_EPHEMERAL_PORT: u16 = 49_152;
