//! Chord: a ring on which every node knows a little, and any key is found in about log N steps.
//!
//! Stoica et al., SIGCOMM 2001, and IEEE/ACM Transactions on Networking 11(1), 2003. The papers
//! say what nodes tell each other, not in which bytes; the format is this lab's own. Each message
//! is one UDP datagram over IPv4. Numbers are big-endian.
//!
//! ```text
//! header       version 1 (= 1), kind 1, transaction 4, sender's id 20
//! contact      id 20, IPv4 address 4, port 2
//! contacts     count 1 (at most 32), then that many contacts
//! value        length 2 (at most 512), then that many bytes
//! item         key 20, version 4, value
//!
//! requests                                          answers
//! 01 ping             -                             81 pong         -
//! 02 find_successor   key 20, count 1, ids of       82 successor    hops 2, contacts (1 or more)
//!                     dead nodes (at most 32)       83 closer       contact
//! 03 forward          key 20, asker's address 4     85 taken        -
//!                     and port 2, number 4,
//!                     hops 2
//! 04 get_predecessor  -                             84 neighbours   contacts (at most 1): the
//!                                                                   predecessor; contacts: the
//!                                                                   successors
//! 05 notify           -                             (none)
//! 06 put              key 20, value                 86 stored       version 4; or 83 closer
//! 07 get              key 20                        87 value        version 4, value
//!                                                   88 missing      -; or 83 closer
//! 08 transfer         count 1 (at most 64), items   89 received     -
//! 09 leave            as in neighbours              8a goodbye      -
//!                                                   ff error        code 1
//!
//! errors       1 version, 2 unknown kind, 3 malformed, 4 not a member, 5 nobody nearer, 6 no room
//! ```
//!
//! A lookup is iterative (the asker sends 02 to one node after another, until one answers 82) or
//! recursive (03 goes from node to node, each answering 85 to the one before it; the last sends 82,
//! or an error, straight to the asker, under the number that the asker gave). A kind below 80 that
//! is not in the table is answered with error 2, a malformed request with error 3; answers are
//! never answered.

mod chart;
pub mod codec;
mod dissect;
mod message;
pub mod node;
pub mod rules;
mod tables;

pub use chart::{NODE, State, Trigger};
pub use message::{
    Body, Contact, Fault, Item, MAX_AVOIDED, MAX_CONTACTS, MAX_DATAGRAM, MAX_ITEMS, MAX_VALUE,
    Message,
};
pub use tables::{Finger, Next, Tables};

use crate::wire::{Datagrams, Protocol, growing};

/// Chord as the lab knows it.
pub static CHORD: Protocol = Protocol {
    name: "chord",
    title: "Chord",
    rules: &rules::ALL,
    charts: &[&NODE],
    reader: growing::<Datagrams<dissect::Alone>>,
};
