//! A settled DHT of Kademlia.

use core::net::{IpAddr, SocketAddrV4};
use core::time::Duration;
use std::rc::Rc;
use std::sync::Arc;

use protocols::kademlia::Contact;
use protocols::kademlia::node::{Config, Node};
use protocols::overlay::Key;
use world::{Plan, Program};

use super::peer::address;
use super::stage::{EPOCH, around};

/// A settled DHT of so many nodes, each of which searches for a torrent now and then.
pub fn mainline(nodes: u32) -> Rc<Plan> {
    let config = Config { asks_every: Some(ASKS_EVERY), ..Config::default() };
    let config = Arc::new(config);
    let contact = |number| match address(number) {
        IpAddr::V4(ip) => {
            let id = Key::hash(&ip.octets());
            Some(Contact { id, address: SocketAddrV4::new(ip, config.port) })
        }
        IpAddr::V6(_) => None,
    };
    let contacts: Vec<Contact> = (0..nodes).filter_map(contact).collect();
    let mut sorted = contacts.clone();
    sorted.sort_unstable_by_key(|contact| contact.id);
    let sorted: Rc<[Contact]> = sorted.into();
    let settled = |contact: &Contact| {
        let (config, sorted, id) = (Arc::clone(&config), Rc::clone(&sorted), contact.id);
        Program::making(move || Node::settled(Arc::clone(&config), id, &sorted, EPOCH))
    };
    around(contacts.iter().map(settled).collect())
}

const ASKS_EVERY: Duration = Duration::from_secs(60);
