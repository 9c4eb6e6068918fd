//! What a response says to whoever asked: the answer, an alias, nothing, or where to go on.

use super::{Data, Message, Name, Question, Record, RecordType, ResponseCode};

/// What a response says about its question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// The CNAME records that lead from the name that was asked for to the one that this is
    /// about, in order.
    pub aliases: Vec<Record>,
    /// That last name.
    pub name: Name,
    /// What is said about it.
    pub what: What,
}

/// What a response says about a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// It has these records of the type that was asked for.
    Records(Vec<Record>),
    /// Nothing more than that there are aliases for it.
    Alias,
    /// It does not exist; with the zone's SOA record if that is there.
    NoSuchName(Option<Record>),
    /// It has no record of the type; with the zone's SOA record if that is there.
    NoSuchRecord(Option<Record>),
    /// The servers of a zone nearer to it, as NS records, are to be asked.
    Referral(Vec<Record>),
    /// The aliases lead back to one of them.
    Loop,
    /// Nothing that helps.
    Nothing,
}

/// Reads what a response says. Records that have nothing to do with the question are passed over.
pub fn said(message: &Message, question: &Question) -> Said {
    let mut aliases: Vec<Record> = Vec::new();
    let mut name = question.name.clone();
    loop {
        let records = of(&message.answers, &name, question.kind);
        if !records.is_empty() {
            return Said { aliases, name, what: What::Records(records) };
        }
        let Some(alias) = of(&message.answers, &name, RecordType::Cname).into_iter().next() else {
            let what = without_records(message, &name, !aliases.is_empty());
            return Said { aliases, name, what };
        };
        let Data::Cname(target) = &alias.data else {
            return Said { aliases, name, what: What::Nothing };
        };
        let target = target.clone();
        let back = target == name || aliases.iter().any(|earlier| earlier.name == target);
        aliases.push(alias);
        name = target;
        if back {
            return Said { aliases, name, what: What::Loop };
        }
    }
}

/// What a response says that has no records for the name.
fn without_records(message: &Message, name: &Name, is_alias: bool) -> What {
    let above = |record: &&Record| name.is_within(&record.name);
    let soa = message.authorities.iter().filter(above).find(|r| r.kind() == RecordType::Soa);
    if message.header.code == ResponseCode::NxDomain {
        return What::NoSuchName(soa.cloned());
    }
    if let Some(soa) = soa {
        return What::NoSuchRecord(Some(soa.clone()));
    }
    let is_server = |record: &&Record| record.kind() == RecordType::Ns;
    let first = message.authorities.iter().filter(above).find(is_server);
    match first {
        Some(first) => What::Referral(of(&message.authorities, &first.name, RecordType::Ns)),
        None if is_alias => What::Alias,
        None if message.header.authoritative => What::NoSuchRecord(None),
        None => What::Nothing,
    }
}

/// The records of a name and type among these, of class IN; none for a question that is for
/// several types.
fn of(records: &[Record], name: &Name, kind: RecordType) -> Vec<Record> {
    let is_it = |record: &&Record| {
        record.name == *name && record.kind() == kind && record.class == super::Class::In
    };
    records.iter().filter(is_it).cloned().collect()
}
