//! What a node may be asked by its user, and what it tells.

use core::fmt;
use core::net::{SocketAddr, SocketAddrV4};
use core::str::FromStr;

use crate::endpoint::CommandError;
use crate::kademlia::{Contact, Refusal, short};
use crate::overlay::Key;
use crate::wire::counted;

/// What the user may ask of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `ping ADDRESS:PORT`: is somebody there?
    Ping(SocketAddrV4),
    /// `bootstrap ADDRESS:PORT`: join the network in which this node is.
    Bootstrap(SocketAddrV4),
    /// `find ID`: which nodes are nearest to an ID?
    Find(Sought),
    /// `peers INFOHASH`: who has this torrent?
    Peers(Sought),
    /// `announce INFOHASH PORT`: say that we have this torrent, at this TCP port; port 0 for the
    /// one that the datagrams come from.
    Announce(Sought, u16),
}

/// An ID as the user writes it: 40 hexadecimal digits, or any other word, which is hashed by
/// SHA-1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sought {
    text: String,
    /// The ID.
    pub key: Key,
}

/// What a node tells its user.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// A ping was answered.
    Pong {
        /// By whom.
        contact: Contact,
        /// How long it took, in milliseconds.
        took_ms: u64,
    },
    /// Nobody has answered there.
    NoAnswer(SocketAddrV4),
    /// A query was answered with an error.
    Refused(SocketAddrV4, Refusal),
    /// It is a member of the network.
    Joined {
        /// How many nodes it knows.
        nodes: usize,
        /// In how many buckets.
        buckets: usize,
    },
    /// Nobody let it in.
    NotJoined,
    /// A search for an ID is over.
    Found {
        /// The ID.
        target: Key,
        /// The nearest node that answered, if any did.
        nearest: Option<Contact>,
        /// How the search went.
        effort: Effort,
    },
    /// A search for peers is over.
    Peers {
        /// The infohash.
        info_hash: Key,
        /// The peers, none twice.
        peers: Vec<SocketAddrV4>,
        /// How the search went.
        effort: Effort,
    },
    /// An announcement is over.
    Announced {
        /// The infohash.
        info_hash: Key,
        /// How many nodes have taken it.
        nodes: usize,
    },
    /// An announcement is made now, but not again when others have forgotten it.
    NotRepeated {
        /// The infohash.
        info_hash: Key,
        /// How many others are repeated already, which is as many as a node repeats.
        others: usize,
    },
    /// It keeps a peer for others.
    Stored(Key, SocketAddrV4),
    /// It has too much to do already.
    Busy,
}

/// How a search went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effort {
    /// How many nodes were asked.
    pub asked: u16,
    /// How many of them did not answer.
    pub unanswered: u16,
    /// How many, one after another, had to answer until the answer was known.
    pub hops: u8,
}

impl fmt::Display for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Sought {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Sought, CommandError> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return Err(CommandError(format!(
                "`{text}` is no ID; write 40 hexadecimal digits or a word."
            )));
        }
        let key = text.parse().unwrap_or_else(|_| Key::hash(text.as_bytes()));
        Ok(Sought { text: text.to_string(), key })
    }
}

impl From<Key> for Sought {
    fn from(key: Key) -> Sought {
        Sought { text: key.to_string(), key }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Ping(address) => write!(f, "ping {address}"),
            Command::Bootstrap(address) => write!(f, "bootstrap {address}"),
            Command::Find(sought) => write!(f, "find {sought}"),
            Command::Peers(sought) => write!(f, "peers {sought}"),
            Command::Announce(sought, port) => write!(f, "announce {sought} {port}"),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Command, CommandError> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match verb {
            "ping" => Ok(Command::Ping(address(rest)?)),
            "bootstrap" => Ok(Command::Bootstrap(address(rest)?)),
            "find" => Ok(Command::Find(rest.parse()?)),
            "peers" => Ok(Command::Peers(rest.parse()?)),
            "announce" => {
                let (sought, port) = rest.rsplit_once(' ').unwrap_or((rest, ""));
                let port = port.parse().map_err(|_| {
                    CommandError(format!(
                        "`{port}` is no port; write `announce INFOHASH PORT`, such as `announce \
                         film 6881`."
                    ))
                })?;
                Ok(Command::Announce(sought.parse()?, port))
            }
            other => Err(CommandError(format!(
                "A node does not know `{other}`; try `ping ADDRESS:PORT`, `bootstrap \
                 ADDRESS:PORT`, `find ID`, `peers INFOHASH` or `announce INFOHASH PORT`."
            ))),
        }
    }
}

fn address(text: &str) -> Result<SocketAddrV4, CommandError> {
    match text.parse() {
        Ok(SocketAddr::V4(address)) => Ok(address),
        Ok(SocketAddr::V6(_)) | Err(_) => Err(CommandError(format!(
            "`{text}` is no IPv4 address with a port; write one such as `10.0.0.1:6881`."
        ))),
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Pong { contact, took_ms } => write!(f, "pong {contact} after {took_ms} ms"),
            Event::NoAnswer(address) => write!(f, "no answer from {address}"),
            Event::Refused(address, refusal) => write!(f, "refused by {address}: {refusal}"),
            Event::Joined { nodes, buckets } => {
                let (nodes, buckets) = (counted(*nodes, "node"), counted(*buckets, "bucket"));
                write!(f, "joined, knows {nodes} in {buckets}")
            }
            Event::NotJoined => write!(f, "not joined, nobody let it in"),
            Event::Found { target, nearest: Some(nearest), effort } => {
                write!(f, "nearest to {} is {nearest}; {effort}", short(*target))
            }
            Event::Found { target, nearest: None, effort } => {
                write!(f, "nobody found near {}; {effort}", short(*target))
            }
            Event::Peers { info_hash, peers, effort } => {
                match peers.is_empty() {
                    true => write!(f, "no peers of {}", short(*info_hash))?,
                    false => write!(f, "peers of {}:", short(*info_hash))?,
                }
                peers.iter().try_for_each(|peer| write!(f, " {peer}"))?;
                write!(f, "; {effort}")
            }
            Event::Announced { info_hash, nodes } => {
                write!(f, "announced {} at {}", short(*info_hash), counted(*nodes, "node"))
            }
            Event::NotRepeated { info_hash, others } => write!(
                f,
                "announces {} only once: it repeats {others} others already",
                short(*info_hash)
            ),
            Event::Stored(info_hash, peer) => write!(f, "keeps {peer} for {}", short(*info_hash)),
            Event::Busy => write!(f, "too many searches at once"),
        }
    }
}

impl fmt::Display for Effort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Effort { asked, unanswered, hops } = self;
        let hops = counted(*hops, "hop");
        write!(f, "{asked} asked, {unanswered} did not answer, {hops}")
    }
}
