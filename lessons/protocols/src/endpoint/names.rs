//! The system resolver that runs beside an endpoint: names that it dials or looks up are asked for
//! over the wire, by outputs of the same step.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use super::running::Numbers;
use super::{AlarmId, Conn, Found, Lookup, LookupError, Loss, Output, Stimulus, Target, Transport};
use crate::dns::asking_rules as rules;
use crate::dns::outstanding::{QueryId, Sink};
use crate::dns::stub::{Stub, Ticket, Told};
use crate::dns::{DNS, DNS_TCP, Data, Name, Record, RecordType};
use crate::wire::{Protocol, Rule, Time};

/// Where a host's names are resolved: its recursive name servers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolvers {
    /// The servers, in the order in which they are asked.
    pub servers: Vec<SocketAddr>,
}

/// A host's system resolver: a stub resolver, and what its answers are wanted for.
#[derive(Clone, Debug)]
pub(super) struct Names {
    stub: Stub,
    armed: BTreeMap<QueryId, AlarmId>,
    wanted: BTreeMap<Ticket, Wanted>,
    next: u32,
}

/// What an answer is wanted for.
#[derive(Clone, Debug)]
enum Wanted {
    Dial { dial: Pending, held: Vec<Output> },
    Lookup(Lookup),
}

/// A connection that waits for the address of its peer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub conn: Conn,
    pub port: u16,
    pub protocol: &'static Protocol,
}

/// What the endpoint has still to be told in this step.
#[derive(Clone, Debug)]
pub(super) enum News {
    Answered { lookup: Lookup, answer: Result<Vec<Found>, LookupError> },
    Lost { conn: Conn, why: Loss },
}

/// The system resolver during one step, with where its outputs go.
pub(super) struct Desk<'a> {
    names: &'a mut Names,
    now: Time,
    numbers: &'a mut Numbers,
    outputs: &'a mut Vec<Output>,
    news: &'a mut VecDeque<News>,
}

impl Names {
    pub fn new(resolvers: Resolvers) -> Names {
        let stub = Stub::new(resolvers.servers);
        Names { stub, armed: BTreeMap::new(), wanted: BTreeMap::new(), next: 0 }
    }

    /// Forgets what it was in the middle of and what it remembers: the host has been off.
    pub fn clear(&mut self) {
        self.stub.clear();
        self.armed.clear();
        self.wanted.clear();
    }

    pub fn desk<'a>(
        &'a mut self,
        now: Time,
        numbers: &'a mut Numbers,
        outputs: &'a mut Vec<Output>,
        news: &'a mut VecDeque<News>,
    ) -> Desk<'a> {
        Desk { names: self, now, numbers, outputs, news }
    }

    /// Where to put an output about a connection that still waits for an address.
    pub fn held(&mut self, conn: Conn) -> Option<&mut Vec<Output>> {
        self.wanted.values_mut().find_map(|wanted| match wanted {
            Wanted::Dial { dial, held } if dial.conn == conn => Some(held),
            Wanted::Dial { .. } | Wanted::Lookup(_) => None,
        })
    }

    /// No longer dials a connection; whether it still waited for an address.
    pub fn cancel(&mut self, conn: Conn) -> bool {
        let is_it =
            |wanted: &Wanted| matches!(wanted, Wanted::Dial { dial, .. } if dial.conn == conn);
        let found = self.wanted.iter().find(|(_, wanted)| is_it(wanted));
        let Some(ticket) = found.map(|(ticket, _)| *ticket) else { return false };
        self.wanted.remove(&ticket);
        self.stub.forget(ticket);
        true
    }

    /// Whether a connection or the endpoint waits for a name.
    pub fn is_waited_for(&self) -> bool {
        !self.wanted.is_empty()
    }

    pub fn tables(&self, now: Time) -> Vec<super::Table> {
        self.stub.tables(now)
    }

    fn query_of(&self, alarm: AlarmId) -> Option<QueryId> {
        self.armed.iter().find(|(_, armed)| **armed == alarm).map(|(query, _)| *query)
    }
}

impl Desk<'_> {
    /// Looks up the host of a connection that is wanted.
    pub fn dial(&mut self, dial: Pending, host: &str) {
        self.cite(&rules::CONVERT);
        let wanted = Wanted::Dial { dial, held: Vec::new() };
        self.want(wanted, host, |stub, ticket, name, desk| stub.ask_host(ticket, name, desk));
    }

    /// Looks a name up for the endpoint.
    pub fn look_up(&mut self, lookup: Lookup, name: &str, kind: RecordType) {
        let wanted = Wanted::Lookup(lookup);
        self.want(wanted, name, |stub, ticket, name, desk| stub.ask(ticket, name, kind, desk));
    }

    /// Takes a stimulus that is for the resolver; whether it was.
    pub fn take(&mut self, stimulus: &Stimulus) -> bool {
        let mut stub = core::mem::take(&mut self.names.stub);
        let told = match stimulus {
            Stimulus::Datagram { port, from, bytes } if stub.outstanding().has_port(*port) => {
                Some(stub.datagram(*port, *from, bytes, self))
            }
            Stimulus::Opened { conn, .. } if stub.outstanding().has_conn(*conn) => {
                stub.opened(*conn, self);
                Some(Vec::new())
            }
            Stimulus::Data { conn, bytes } if stub.outstanding().has_conn(*conn) => {
                Some(stub.data(*conn, bytes, self))
            }
            Stimulus::Finished { conn } | Stimulus::Lost { conn, .. }
                if stub.outstanding().has_conn(*conn) =>
            {
                Some(stub.lost(*conn, self))
            }
            Stimulus::Alarm(alarm) => self.names.query_of(*alarm).map(|query| {
                self.names.armed.remove(&query);
                stub.overdue(query, self)
            }),
            Stimulus::Start
            | Stimulus::Command(_)
            | Stimulus::Datagram { .. }
            | Stimulus::Opened { .. }
            | Stimulus::Data { .. }
            | Stimulus::Finished { .. }
            | Stimulus::Lost { .. } => None,
        };
        self.names.stub = stub;
        let is_ours = told.is_some();
        self.tell(told.unwrap_or_default());
        is_ours
    }

    fn want(
        &mut self,
        wanted: Wanted,
        name: &str,
        ask: impl FnOnce(&mut Stub, Ticket, &Name, &mut Self) -> Vec<Told>,
    ) {
        let ticket = Ticket(self.names.next);
        self.names.next += 1;
        self.names.wanted.insert(ticket, wanted);
        let told = match name.parse::<Name>() {
            Ok(name) => {
                let mut stub = core::mem::take(&mut self.names.stub);
                let told = ask(&mut stub, ticket, &name, self);
                self.names.stub = stub;
                told
            }
            Err(_) => vec![Told { ticket, answer: Err(LookupError::BadName) }],
        };
        self.tell(told);
    }

    fn tell(&mut self, told: Vec<Told>) {
        for Told { ticket, answer } in told {
            match self.names.wanted.remove(&ticket) {
                Some(Wanted::Dial { dial, held }) => self.dialled(dial, held, answer),
                Some(Wanted::Lookup(lookup)) => {
                    let answer = answer.map(|records| found(&records));
                    self.news.push_back(News::Answered { lookup, answer });
                }
                // Given up meanwhile.
                None => {}
            }
        }
    }

    fn dialled(
        &mut self,
        dial: Pending,
        held: Vec<Output>,
        answer: Result<Vec<Record>, LookupError>,
    ) {
        let Pending { conn, port, protocol } = dial;
        let address = answer.map(|records| records.iter().find_map(Record::address));
        match address {
            Ok(Some(ip)) => {
                let to = Target::Address(SocketAddr::new(ip, port));
                self.outputs.push(Output::Dial { conn, to, protocol });
                self.outputs.extend(held);
            }
            Ok(None) => self.unresolved(conn, LookupError::NoSuchRecord),
            Err(why) => self.unresolved(conn, why),
        }
    }

    fn unresolved(&mut self, conn: Conn, why: LookupError) {
        self.news.push_back(News::Lost { conn, why: Loss::Unresolved(why.to_string()) });
    }
}

impl Sink for Desk<'_> {
    fn now(&self) -> Time {
        self.now
    }

    fn random(&mut self) -> u64 {
        self.numbers.random()
    }

    fn bind(&mut self, port: u16) {
        self.outputs.push(Output::Listen { transport: Transport::Udp, port, protocol: &DNS });
    }

    fn unbind(&mut self, port: u16) {
        self.outputs.push(Output::Unbind { port });
    }

    fn send_to(&mut self, port: u16, to: SocketAddr, bytes: Bytes) {
        self.outputs.push(Output::SendTo { port, to, bytes });
    }

    fn dial(&mut self, to: SocketAddr) -> Conn {
        let conn = self.numbers.conn();
        let to = Target::Address(to);
        self.outputs.push(Output::Dial { conn, to, protocol: &DNS_TCP });
        conn
    }

    fn send(&mut self, conn: Conn, bytes: Bytes) {
        self.outputs.push(Output::Send { conn, bytes });
    }

    fn finish(&mut self, conn: Conn) {
        self.outputs.push(Output::Finish { conn });
    }

    fn abort(&mut self, conn: Conn) {
        self.outputs.push(Output::Abort { conn });
    }

    fn arm(&mut self, query: QueryId, after: Duration) {
        self.disarm(query);
        let alarm = self.numbers.alarm();
        self.names.armed.insert(query, alarm);
        let (name, about) = (ALARM, u64::from(query.0));
        self.outputs.push(Output::Arm { alarm, name, about, after });
    }

    fn disarm(&mut self, query: QueryId) {
        if let Some(alarm) = self.names.armed.remove(&query) {
            self.outputs.push(Output::Disarm { alarm });
        }
    }

    fn cite(&mut self, rule: &'static Rule) {
        self.outputs.push(Output::Cite(rule));
    }
}

/// What records say, without the aliases before them.
pub(super) fn found(records: &[Record]) -> Vec<Found> {
    let kind = records.last().map(Record::kind);
    records.iter().filter(|record| Some(record.kind()) == kind).map(one).collect()
}

fn one(record: &Record) -> Found {
    match &record.data {
        Data::A(ip) => Found::Address((*ip).into()),
        Data::Aaaa(ip) => Found::Address((*ip).into()),
        Data::Ns(name) | Data::Cname(name) | Data::Ptr(name) => Found::Host(host(name)),
        Data::Mx { preference, exchange } => {
            Found::Exchange { preference: *preference, host: host(exchange) }
        }
        Data::Txt(strings) => {
            let bytes: Vec<u8> = strings.iter().flat_map(|s| s.bytes().iter().copied()).collect();
            Found::Text(String::from_utf8_lossy(&bytes).into_owned())
        }
        Data::Srv { priority, weight, port, target } => {
            Found::Service { priority: *priority, weight: *weight, port: *port, host: host(target) }
        }
        Data::Soa(_) | Data::Unknown { .. } => Found::Other(record.data.to_string()),
    }
}

/// A name as the text of a host; the root, which is no host, is empty.
fn host(name: &Name) -> String {
    match name.is_root() {
        true => String::new(),
        false => name.to_string(),
    }
}

/// What the alarm of a query is called.
const ALARM: &str = "name query";
