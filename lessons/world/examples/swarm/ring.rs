//! A settled ring of Chord.

use core::net::{IpAddr, SocketAddrV4};
use core::time::Duration;
use std::rc::Rc;
use std::sync::Arc;

use protocols::chord::Contact;
use protocols::chord::node::{Config, Node};
use world::{Plan, Program};

use super::peer::address;
use super::stage::around;

/// A settled ring of so many nodes of Chord, each of which looks a key up now and then.
pub fn ring(nodes: u32) -> Rc<Plan> {
    let config = Config { asks_every: Some(ASKS_EVERY), ..Config::default() };
    let config = Arc::new(config);
    let contacts = (0..nodes).filter_map(|number| match address(number) {
        IpAddr::V4(ip) => Some(Contact::hashed(SocketAddrV4::new(ip, RING_PORT), config.bits)),
        IpAddr::V6(_) => None,
    });
    let mut ring: Vec<(Contact, u32)> = contacts.zip(0..).collect();
    ring.sort_unstable_by_key(|(contact, _)| contact.id);
    let contacts: Rc<[Contact]> = ring.iter().map(|(contact, _)| *contact).collect();
    let members = ring.iter().enumerate().map(|(index, (own, number))| {
        let (config, contacts, own) = (Arc::clone(&config), Rc::clone(&contacts), *own);
        let node = move || {
            let settled = Node::settled(&config, &contacts, index);
            settled.unwrap_or_else(|| Node::founder(&config, own))
        };
        (*number, Program::making(node))
    });
    let mut members: Vec<(u32, Program)> = members.collect();
    members.sort_unstable_by_key(|(number, _)| *number);
    around(members.into_iter().map(|(_, program)| program).collect())
}

const ASKS_EVERY: Duration = Duration::from_secs(5);
const RING_PORT: u16 = 4_000;
