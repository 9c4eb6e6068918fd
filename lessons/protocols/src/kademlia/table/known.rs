//! A node as the routing table keeps it, in 32 bytes.

use core::net::{Ipv4Addr, SocketAddrV4};

use super::FRESH_S;
use crate::kademlia::Contact;
use crate::overlay::Key;
use crate::wire::Time;

/// A node that has answered at least one query.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Known {
    id: Key,
    ip: [u8; 4],
    heard_s: u32,
    port: u16,
    failed: u8,
}

/// What is to be thought of a node (BEP 5, "Routing Table").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Heard of within 15 minutes.
    Good,
    /// Not heard of for longer.
    Questionable,
    /// Has left two queries in a row unanswered.
    Bad,
}

impl Known {
    /// A node that answers now.
    pub fn new(contact: Contact, now: Time) -> Known {
        let Contact { id, address } = contact;
        let (ip, port) = (address.ip().octets(), address.port());
        Known { id, ip, port, heard_s: seconds(now), failed: 0 }
    }

    /// Its node ID.
    pub fn id(&self) -> Key {
        self.id
    }

    /// Its address.
    pub fn address(&self) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::from(self.ip), self.port)
    }

    /// Both.
    pub fn contact(&self) -> Contact {
        Contact { id: self.id, address: self.address() }
    }

    /// When it was last heard of, in seconds since the Unix epoch.
    pub fn heard_s(&self) -> u32 {
        self.heard_s
    }

    /// How many queries it has left unanswered since it last answered one.
    pub fn unanswered(&self) -> u8 {
        self.failed
    }

    /// What is to be thought of it.
    pub fn standing(&self, now: Time) -> Standing {
        match seconds(now).saturating_sub(self.heard_s) {
            _ if self.failed >= BAD_AFTER => Standing::Bad,
            0..FRESH_S => Standing::Good,
            FRESH_S.. => Standing::Questionable,
        }
    }

    pub(super) fn heard(&mut self, now: Time) {
        self.heard_s = seconds(now);
    }

    pub(super) fn failed(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }
}

/// A time in whole seconds since the Unix epoch; 32 bits last until 2106.
pub fn seconds(time: Time) -> u32 {
    u32::try_from(time.secs()).unwrap_or(u32::MAX)
}

/// "Multiple queries in a row", says BEP 5, and of a ping that it is suggested to try once more.
const BAD_AFTER: u8 = 2;
