//! A sink for tests that writes down what is wanted, and answers what was asked.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use bytes::Bytes;
use rand_core::Rng;
use rand_pcg::Pcg32;

use super::{QueryId, Sink};
use crate::dns::{Message, Record, ResponseCode, codec};
use crate::endpoint::Conn;
use crate::wire::{Notes, Rule, Time};

/// What a machine has asked to be done, by kind.
pub(crate) struct Bench {
    pub now: Time,
    random: Pcg32,
    /// Datagrams sent: from which port, to whom, what.
    pub sent: Vec<(u16, SocketAddr, Message)>,
    /// Ports that are bound now.
    pub ports: Vec<u16>,
    /// Connections dialled, and where to.
    pub dialled: Vec<(Conn, SocketAddr)>,
    /// What went out on connections.
    pub streamed: Vec<(Conn, Bytes)>,
    /// Connections finished or thrown away.
    pub closed: Vec<Conn>,
    /// Alarms that are armed, and how long each was set to.
    pub alarms: BTreeMap<QueryId, Duration>,
    /// The ids of the rules cited.
    pub cited: Vec<&'static str>,
}

impl Bench {
    pub fn new() -> Bench {
        Bench {
            now: Time::from_secs(1_000_000),
            random: Pcg32::new(1, 1),
            sent: Vec::new(),
            ports: Vec::new(),
            dialled: Vec::new(),
            streamed: Vec::new(),
            closed: Vec::new(),
            alarms: BTreeMap::new(),
            cited: Vec::new(),
        }
    }

    /// The last datagram sent.
    pub fn last(&self) -> &(u16, SocketAddr, Message) {
        self.sent.last().expect("something was sent")
    }

    /// A response to the last datagram, with these answers.
    pub fn response(&self, answers: &[Record]) -> Message {
        let mut message = self.last().2.response(ResponseCode::NoError);
        message.header.recursion_available = true;
        message.answers = answers.to_vec();
        message
    }
}

/// The bytes of a message.
pub(crate) fn bytes(message: &Message) -> Bytes {
    codec::write(message).into()
}

/// The record in this line of text: name, time to live, type and data.
pub(crate) fn record(line: &str) -> Record {
    use crate::dns::{Data, Soa};
    let words: Vec<&str> = line.split(' ').collect();
    let [name, ttl, kind, rest @ ..] = words.as_slice() else { panic!("no record: {line}") };
    let data = match *kind {
        "A" => Data::A(rest[0].parse().unwrap()),
        "AAAA" => Data::Aaaa(rest[0].parse().unwrap()),
        "NS" => Data::Ns(rest[0].parse().unwrap()),
        "CNAME" => Data::Cname(rest[0].parse().unwrap()),
        "MX" => {
            let (preference, exchange) = (rest[0].parse().unwrap(), rest[1].parse().unwrap());
            Data::Mx { preference, exchange }
        }
        "TXT" => Data::text(rest[0]),
        "SOA" => Data::Soa(Soa {
            primary: rest[0].parse().unwrap(),
            mailbox: rest[0].parse().unwrap(),
            serial: 1,
            refresh: 2,
            retry: 3,
            expire: 4,
            minimum: rest[1].parse().unwrap(),
        }),
        other => panic!("no type for tests: {other}"),
    };
    Record::new(name.parse().unwrap(), ttl.parse().unwrap(), data)
}

impl Sink for Bench {
    fn now(&self) -> Time {
        self.now
    }

    fn random(&mut self) -> u64 {
        self.random.next_u64()
    }

    fn bind(&mut self, port: u16) {
        self.ports.push(port);
    }

    fn unbind(&mut self, port: u16) {
        self.ports.retain(|bound| *bound != port);
    }

    fn send_to(&mut self, port: u16, to: SocketAddr, bytes: Bytes) {
        assert!(self.ports.contains(&port), "a datagram is sent from a bound port");
        let message = codec::read(&bytes, &mut Notes::off()).expect("what we write can be read");
        self.sent.push((port, to, message));
    }

    fn dial(&mut self, to: SocketAddr) -> Conn {
        let conn = Conn(self.dialled.len() as u32);
        self.dialled.push((conn, to));
        conn
    }

    fn send(&mut self, conn: Conn, bytes: Bytes) {
        self.streamed.push((conn, bytes));
    }

    fn finish(&mut self, conn: Conn) {
        self.closed.push(conn);
    }

    fn abort(&mut self, conn: Conn) {
        self.closed.push(conn);
    }

    fn arm(&mut self, query: QueryId, after: Duration) {
        self.alarms.insert(query, after);
    }

    fn disarm(&mut self, query: QueryId) {
        self.alarms.remove(&query);
    }

    fn cite(&mut self, rule: &'static Rule) {
        self.cited.push(rule.id);
    }
}
