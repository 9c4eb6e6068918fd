//! A node of the Mainline DHT: asks, answers, keeps its table and other people's peers.
//!
//! What it decides here is when to ask whom. Who has a place in the table is the table's business,
//! when a search is over the search's.

mod ask;
mod command;
mod config;
mod join;
mod respond;
mod search;
#[cfg(test)]
mod tests;
mod view;

use core::net::SocketAddrV4;
use core::time::Duration;
use std::borrow::Cow;
use std::sync::Arc;

pub use command::{Command, Effort, Event, Sought};
pub use config::Config;

use super::store::Store;
use super::table::Table;
use super::token::Secrets;
use super::{Body, Contact, KADEMLIA, codec, rules, v4};
use crate::endpoint::{Context, Endpoint, Input, Timer, View};
use crate::overlay::{Geometry, Key, Place, Pointer, Role};
use crate::wire::{Notes, Time};
use ask::{Outstanding, Purpose};
use search::{Errand, Origin, Search};

/// A node of the DHT.
#[derive(Clone, Debug)]
pub struct Node {
    config: Arc<Config>,
    /// Whether its ID is still to be drawn by chance.
    nameless: bool,
    /// Whether it has been started before.
    has_run: bool,
    is_member: bool,
    table: Table,
    outstanding: Vec<Outstanding>,
    searches: Vec<Search>,
    next_search: u16,
    /// Buckets that wait for being refreshed, one after the other.
    to_refresh: Vec<u8>,
    store: Store,
    secrets: Option<Secrets>,
    announced: Vec<Announced>,
    /// Through whom it joins when it starts, and how long after that.
    joins: Option<Joins>,
    counters: Counters,
}

/// What this node announces of itself until it is switched off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Announced {
    info_hash: Key,
    /// 0 for the port that the datagrams come from.
    port: u16,
    /// When it was announced last.
    at: Time,
}

/// Through whom a node joins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Joins {
    through: SocketAddrV4,
    after: Duration,
}

/// What a node has done since it was switched on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Counters {
    answered: u32,
    refused: u32,
    dropped: u32,
}

/// The alarms of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NodeTimer {
    /// No answer to this query has come.
    Query(u16),
    /// Time to join, or to try again.
    Join,
    /// Time to look for what is stale.
    Upkeep,
    /// Time to search for something, for those that do so by themselves.
    Ask,
}

impl Node {
    /// A node that knows nobody.
    pub fn new(config: Arc<Config>, id: Key) -> Node {
        let table = Table::new(id, config.k, Time::EPOCH);
        Node {
            config,
            nameless: false,
            has_run: false,
            is_member: false,
            table,
            outstanding: Vec::new(),
            searches: Vec::new(),
            next_search: 0,
            to_refresh: Vec::new(),
            store: Store::default(),
            secrets: None,
            announced: Vec::new(),
            joins: None,
            counters: Counters::default(),
        }
    }

    /// A node that knows nobody and draws its ID by chance when it is started first (BEP 5,
    /// "Overview").
    pub fn nameless(config: Arc<Config>) -> Node {
        Node { nameless: true, ..Node::new(config, Key::default()) }
    }

    /// The same, joining through a node at this address so long after each start. It turns to that
    /// one again whenever it knows too few others, lest a few nodes drift off together.
    pub fn joining(self, through: SocketAddrV4, after: Duration) -> Node {
        Node { joins: Some(Joins { through, after }), ..self }
    }

    /// A node with the table that it would come to have among these, which are sorted by ID and
    /// may include it. It is a member, and finds nothing to do when it is started first.
    pub fn settled(config: Arc<Config>, id: Key, all: &[Contact], now: Time) -> Node {
        let table = Table::settled(id, config.k, all, now);
        Node { table, is_member: true, ..Node::new(config, id) }
    }

    /// The same, keeping peers of torrents for others when it is started first.
    pub fn keeping(
        mut self,
        peers: impl IntoIterator<Item = (Key, SocketAddrV4)>,
        now: Time,
    ) -> Node {
        for (info_hash, peer) in peers {
            // What there is no room for is kept by others.
            let _ = self.store.put(info_hash, peer, now);
        }
        self
    }

    /// Takes a query out. Most nodes have none, and an empty list is given back: of ten thousand
    /// they would weigh more than all that is under way.
    fn strike_query(&mut self, at: usize) -> Outstanding {
        let query = self.outstanding.swap_remove(at);
        if self.outstanding.is_empty() {
            self.outstanding = Vec::new();
        }
        query
    }

    /// The same for a search.
    fn strike_search(&mut self, at: usize) -> Search {
        let search = self.searches.swap_remove(at);
        if self.searches.is_empty() {
            self.searches = Vec::new();
        }
        search
    }

    /// Its node ID.
    pub fn id(&self) -> Key {
        self.table.own()
    }

    /// Its routing table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The peers that it keeps for others.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// How many queries wait for their answers.
    pub fn outstanding(&self) -> usize {
        self.outstanding.len()
    }

    /// Whether it is searching for anything.
    pub fn is_searching(&self) -> bool {
        !self.searches.is_empty()
    }

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        if core::mem::take(&mut self.nameless) {
            self.table = Table::new(random_key(cx), self.config.k, cx.now());
        }
        let first = !core::mem::replace(&mut self.has_run, true);
        let is_settled = first && self.is_member;
        self.is_member = is_settled;
        self.outstanding.clear();
        self.searches.clear();
        self.to_refresh.clear();
        if !first {
            self.store = Store::default();
        }
        self.secrets = None;
        self.announced.clear();
        self.counters = Counters::default();
        cx.bind(self.config.port, &KADEMLIA);
        // Somewhere within the first period, so that not all nodes of a stage wake at once.
        let first = within(self.config.upkeep, cx);
        cx.arm(NodeTimer::Upkeep, first);
        self.ask_later(cx);
        if let Some(joins) = self.joins.filter(|_| !is_settled) {
            cx.arm(NodeTimer::Join, joins.after);
        }
        if !self.table.is_empty() && !is_settled {
            cx.cite(&rules::SAVED);
            self.join(cx);
        }
    }

    fn command(&mut self, command: Command, cx: &mut Context<'_, Self>) {
        match command {
            Command::Ping(address) => self.ping(address, None, Purpose::Ping, cx),
            Command::Bootstrap(address) => self.bootstrap(address, cx),
            Command::Find(sought) => self.user_search(Errand::Find, sought.key, cx),
            Command::Peers(sought) => self.user_search(Errand::Peers, sought.key, cx),
            Command::Announce(sought, port) => {
                self.user_search(Errand::Announce { port }, sought.key, cx);
            }
        }
    }

    fn datagram(&mut self, from: SocketAddrV4, bytes: &bytes::Bytes, cx: &mut Context<'_, Self>) {
        match codec::read(bytes, &mut Notes::off()) {
            Ok(message) => match message.body {
                Body::Query(ref query) => self.queried(from, &message, query, cx),
                Body::Response(response) => self.answered(from, &message.transaction, response, cx),
                Body::Error(refusal) => self.refused(from, &message.transaction, refusal, cx),
            },
            Err(unread) => match unread.answer_to {
                Some(transaction) => {
                    cx.cite(unread.violation.rule);
                    let code = unread.violation.code;
                    self.refuse(from, transaction, code, unread.violation.found, cx);
                }
                None => self.drop_it(cx),
            },
        }
    }

    /// Nobody asked for it, or nobody can be answered.
    fn drop_it(&mut self, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::NO_ANSWER);
        self.counters.dropped = self.counters.dropped.saturating_add(1);
    }

    fn rang(&mut self, timer: NodeTimer, cx: &mut Context<'_, Self>) {
        match timer {
            NodeTimer::Query(transaction) => self.unanswered(transaction, cx),
            NodeTimer::Join => {
                if let Some(joins) = self.joins.filter(|_| !self.is_joining()) {
                    self.bootstrap(joins.through, cx);
                }
            }
            NodeTimer::Upkeep => {
                // Armed first, since what follows belongs to this alarm and not to the next.
                let period = self.config.upkeep;
                let after = period / 2 + within(period, cx);
                cx.arm(NodeTimer::Upkeep, after);
                self.keep_up(cx);
            }
            NodeTimer::Ask => {
                self.ask_later(cx);
                let target = random_key(cx);
                self.search(Errand::Find, target, Origin::OwnAccord, cx);
            }
        }
    }

    /// Arms the alarm of those that search by themselves.
    fn ask_later(&mut self, cx: &mut Context<'_, Self>) {
        if let Some(period) = self.config.asks_every {
            let after = period / 2 + within(period, cx);
            cx.arm(NodeTimer::Ask, after);
        }
    }
}

impl Endpoint for Node {
    type Command = Command;
    type Event = Event;
    type Timer = NodeTimer;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => self.start(cx),
            Input::Command(command) => self.command(command, cx),
            Input::Datagram { from, bytes, .. } => match v4(from) {
                Some(from) => self.datagram(from, &bytes, cx),
                None => self.drop_it(cx),
            },
            Input::Timer(timer) => self.rang(timer, cx),
            // It speaks in datagrams only, and to addresses.
            Input::Opened { conn, .. } => cx.abort(conn),
            Input::Data { .. }
            | Input::Finished { .. }
            | Input::Lost { .. }
            | Input::Answered { .. } => {}
        }
    }

    fn view(&self, now: Time) -> View {
        self.shown(now)
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        self.label().into()
    }

    fn touch(&self) -> usize {
        let asked = self.outstanding.last().map_or(0, |asked| asked.transaction);
        let search = self.searches.last().map_or(0, |search| search.number);
        self.table.touch() ^ usize::from(asked ^ search) ^ self.counters.answered as usize
    }

    fn place(&self) -> Option<Place> {
        Some(Place {
            id: self.id(),
            bits: Key::BITS,
            geometry: Geometry::Xor,
            is_member: self.is_member,
            holds: self.store.torrents(),
        })
    }

    fn pointers(&self) -> Vec<Pointer> {
        let buckets = self.table.buckets().enumerate();
        let pointer = |rank: usize, contact: Contact| Pointer {
            to: contact.socket(),
            id: contact.id,
            role: Role::Bucket,
            rank: rank as u16,
        };
        let each = buckets.flat_map(|(rank, (_, nodes))| {
            nodes.iter().map(move |known| pointer(rank, known.contact()))
        });
        each.collect()
    }

    fn commands(&self) -> &'static [&'static str] {
        &[
            "find ID",
            "peers INFOHASH",
            "announce INFOHASH PORT",
            "ping ADDRESS:PORT",
            "bootstrap ADDRESS:PORT",
        ]
    }
}

impl Timer for NodeTimer {
    fn name(&self) -> &'static str {
        match self {
            NodeTimer::Query(_) => "query",
            NodeTimer::Join => "join",
            NodeTimer::Upkeep => "upkeep",
            NodeTimer::Ask => "ask",
        }
    }

    fn about(&self) -> u64 {
        match self {
            NodeTimer::Query(transaction) => u64::from(*transaction),
            NodeTimer::Join | NodeTimer::Upkeep | NodeTimer::Ask => 0,
        }
    }
}

/// An ID by chance.
fn random_key(cx: &mut Context<'_, Node>) -> Key {
    let mut bytes = [0; Key::BYTES];
    for piece in bytes.chunks_mut(size_of::<u64>()) {
        let random = cx.random().to_be_bytes();
        piece.iter_mut().zip(random).for_each(|(byte, random)| *byte = random);
    }
    Key::new(bytes)
}

/// A part of a time, by chance.
fn within(period: Duration, cx: &mut Context<'_, Node>) -> Duration {
    let nanos = u64::try_from(period.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(cx.random() % nanos.max(1))
}
