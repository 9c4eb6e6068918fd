//! What a resolver remembers: sets of records and that there are none, each for a time.

use core::net::SocketAddr;
use core::time::Duration;
use std::collections::BTreeMap;

use super::asking_rules as rules;
use super::outstanding::Sink;
use super::{Data, Name, Record, RecordType};
use crate::endpoint::{Row, Table};
use crate::wire::Time;

/// The memory of a resolver (RFC 1034 section 5.3.2), of class IN only.
#[derive(Clone, Debug)]
pub struct Cache {
    capacity: usize,
    kept: BTreeMap<Key, Kept>,
}

/// How far data is to be trusted, least first (RFC 2181 section 5.4.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trust {
    /// An address that came with a referral or beside an answer.
    Glue,
    /// The name servers of a zone as its parent names them.
    Referral,
    /// The answer of a server that is not itself responsible.
    Answer,
    /// The answer of one of the zone's own servers.
    Authoritative,
}

/// What is remembered about a question, with the times to live that are left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recall {
    /// These records, at least one.
    Records(Vec<Record>),
    /// The name does not exist; the zone's SOA record says so.
    NoSuchName(Record),
    /// The name has no record of the type; the zone's SOA record says so.
    NoSuchRecord(Record),
}

/// Where something came from and how far it is trusted.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The server that said it.
    pub from: SocketAddr,
    /// How far it is to be trusted.
    pub trust: Trust,
    /// When it came.
    pub at: Time,
}

/// A name and type; no type where the name itself does not exist.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    name: Name,
    kind: Option<RecordType>,
}

#[derive(Clone, Debug)]
struct Kept {
    what: What,
    from: SocketAddr,
    trust: Trust,
    until: Time,
}

#[derive(Clone, Debug)]
enum What {
    Records(Vec<Record>),
    /// Nothing, as this SOA record says.
    Nothing(Record),
}

impl Cache {
    /// An empty cache for so many sets of records.
    pub fn new(capacity: usize) -> Cache {
        Cache { capacity, kept: BTreeMap::new() }
    }

    /// What is remembered about a name and type and trusted at least so far.
    pub fn recall(&self, name: &Name, kind: RecordType, now: Time, least: Trust) -> Option<Recall> {
        let fresh = |kept: &&Kept| kept.until > now && kept.trust >= least;
        let at = |kind| Key { name: name.clone(), kind };
        if let Some(kept) = self.kept.get(&at(None)).filter(fresh)
            && let What::Nothing(soa) = &kept.what
        {
            return Some(Recall::NoSuchName(kept.aged(soa, now)));
        }
        let kept = self.kept.get(&at(Some(kind))).filter(fresh)?;
        Some(match &kept.what {
            What::Records(records) => {
                Recall::Records(records.iter().map(|record| kept.aged(record, now)).collect())
            }
            What::Nothing(soa) => Recall::NoSuchRecord(kept.aged(soa, now)),
        })
    }

    /// The addresses that are remembered for a host, however little trusted.
    pub fn addresses(&self, host: &Name, now: Time) -> Vec<core::net::IpAddr> {
        match self.recall(host, RecordType::A, now, Trust::Glue) {
            Some(Recall::Records(records)) => records.iter().filter_map(Record::address).collect(),
            Some(Recall::NoSuchName(_) | Recall::NoSuchRecord(_)) | None => Vec::new(),
        }
    }

    /// Keeps a set of records of one name and type for the least of their times to live
    /// (RFC 2181 section 5.2), unless better is known.
    pub fn keep(&mut self, records: &[Record], origin: Origin, out: &mut dyn Sink) {
        let Some(first) = records.first() else { return };
        if records.iter().any(|record| bounded_ttl(record.ttl) != record.ttl) {
            out.cite(&rules::TTL_LIMIT);
        }
        let ttl = records.iter().map(|record| bounded_ttl(record.ttl)).min().unwrap_or(0);
        if origin.trust >= Trust::Answer {
            self.kept.remove(&Key { name: first.name.clone(), kind: None });
        }
        let key = Key { name: first.name.clone(), kind: Some(first.kind()) };
        if !self.put(key, What::Records(records.to_vec()), ttl, origin) {
            out.cite(&rules::TRUST);
        }
    }

    /// Keeps that a name does not exist (no type), or has no record of a type, as long as the SOA
    /// record of its zone allows (RFC 2308 section 5).
    pub fn keep_nothing(
        &mut self,
        name: &Name,
        kind: Option<RecordType>,
        soa: &Record,
        origin: Origin,
    ) {
        let ttl = negative_ttl(soa);
        let key = Key { name: name.clone(), kind };
        // Only the zone's own servers, or one that asks them for us, say that there is nothing.
        let _ = self.put(key, What::Nothing(soa.clone()), ttl, origin);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.kept.clear();
    }

    /// The records that are remembered and not too old, with where each came from.
    pub fn records(&self, now: Time) -> impl Iterator<Item = (&Record, SocketAddr)> {
        let fresh = self.kept.values().filter(move |kept| kept.until > now);
        fresh.flat_map(|kept| {
            let records = match &kept.what {
                What::Records(records) => records.as_slice(),
                What::Nothing(soa) => core::slice::from_ref(soa),
            };
            records.iter().map(|record| (record, kept.from))
        })
    }

    /// The cache as a table, the time to live running down.
    pub fn table(&self, title: &'static str, now: Time) -> Table {
        let fresh = self.kept.iter().filter(|(_, kept)| kept.until > now);
        Table {
            title,
            columns: COLUMNS,
            rows: fresh.map(|(key, kept)| row(key, kept, now)).collect(),
        }
    }

    /// Puts something in the place of what is known, unless that is better; whether it did.
    fn put(&mut self, key: Key, what: What, ttl: u32, origin: Origin) -> bool {
        let Origin { from, trust, at } = origin;
        let better = |old: &Kept| old.until > at && old.trust > trust;
        if self.kept.get(&key).is_some_and(better) {
            return false;
        }
        let until = at + Duration::from_secs(u64::from(ttl));
        self.kept.insert(key, Kept { what, from, trust, until });
        self.make_room(at);
        true
    }

    /// Throws away what is too old once there is too much, then what will be first.
    fn make_room(&mut self, now: Time) {
        if self.kept.len() <= self.capacity {
            return;
        }
        self.kept.retain(|_, kept| kept.until > now);
        while self.kept.len() > self.capacity {
            let first = self.kept.iter().min_by_key(|(_, kept)| kept.until);
            let Some(key) = first.map(|(key, _)| key.clone()) else { return };
            self.kept.remove(&key);
        }
    }
}

impl Kept {
    /// A record with the time to live that is left of it, in whole seconds.
    fn aged(&self, record: &Record, now: Time) -> Record {
        let left = self.until.since(now).as_secs();
        Record { ttl: u32::try_from(left).unwrap_or(u32::MAX), ..record.clone() }
    }
}

fn row(key: &Key, kept: &Kept, now: Time) -> Row {
    let data = match &kept.what {
        What::Records(records) => {
            let data: Vec<String> = records.iter().map(|record| record.data.to_string()).collect();
            data.join(", ")
        }
        What::Nothing(_) if key.kind.is_none() => "no such name".to_string(),
        What::Nothing(_) => "no such record".to_string(),
    };
    let kind = key.kind.map_or_else(|| "any".to_string(), |kind| kind.to_string());
    let cells = vec![
        key.name.to_string(),
        kind.clone(),
        data,
        kept.until.since(now).as_secs().to_string(),
        kept.from.to_string(),
        kept.trust.label().to_string(),
    ];
    Row { key: format!("{} {kind}", key.name), cells }
}

impl Trust {
    /// What it is called in a table.
    fn label(self) -> &'static str {
        match self {
            Trust::Glue => "glue",
            Trust::Referral => "referral",
            Trust::Answer => "answer",
            Trust::Authoritative => "authoritative",
        }
    }
}

/// A time to live as we keep to it: 0 where its first bit is set (RFC 2181 section 8), and a week
/// at most.
pub fn bounded_ttl(ttl: u32) -> u32 {
    match ttl {
        0..=MAX_TTL => ttl,
        _ if ttl <= i32::MAX as u32 => MAX_TTL,
        _ => 0,
    }
}

/// How long it may be remembered that there is nothing (RFC 2308 section 5), in seconds.
fn negative_ttl(soa: &Record) -> u32 {
    match &soa.data {
        Data::Soa(fields) => {
            bounded_ttl(soa.ttl).min(bounded_ttl(fields.minimum)).min(MAX_NEGATIVE)
        }
        Data::A(_)
        | Data::Aaaa(_)
        | Data::Ns(_)
        | Data::Cname(_)
        | Data::Ptr(_)
        | Data::Mx { .. }
        | Data::Txt(_)
        | Data::Srv { .. }
        | Data::Unknown { .. } => 0,
    }
}

const COLUMNS: &[&str] = &["Name", "Type", "Data", "Seconds left", "From", "Trust"];

/// The longest that anything is kept, in seconds: the week that RFC 1035 section 2.3.4 leaves
/// open and RFC 2181 section 8 allows to be set.
pub const MAX_TTL: u32 = 7 * 24 * 60 * 60;

/// The longest that nothing is kept, in seconds: three hours (RFC 2308 section 5 found one to
/// three to work well).
pub const MAX_NEGATIVE: u32 = 3 * 60 * 60;
