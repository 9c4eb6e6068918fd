//! Zones: the records that one organisation keeps, and how a name is looked up among them.

mod answer;
mod lines;
mod lookup;
mod master;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use answer::{Answer, Outcome};
pub use master::{ZoneError, read_record};

use super::{Class, Data, Name, Record, RecordType, Soa};

/// A zone: all records at and below its origin, but for parts that are given away.
///
/// Cheap to clone: clones share their records until one of them is changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zone {
    origin: Name,
    /// By owner, in the order of names: what is below a name follows it.
    nodes: Arc<BTreeMap<Name, Vec<Record>>>,
}

impl Zone {
    /// Reads a zone from the text of a master file (RFC 1035 section 5), with the origin that
    /// holds until the text sets another with `$ORIGIN`. The zone's own origin is the owner of
    /// its SOA record.
    ///
    /// # Errors
    /// The first line that is wrong, and why; or what the zone lacks as a whole.
    pub fn parse(text: &str, origin: &Name) -> Result<Zone, ZoneError> {
        master::read_zone(text, origin)
    }

    /// The name at its top.
    pub fn origin(&self) -> &Name {
        &self.origin
    }

    /// All records, in the order of names.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.nodes.values().flatten()
    }

    /// The records of an owner and type, as they stand in the zone.
    pub fn set_of(&self, name: &Name, kind: RecordType) -> impl Iterator<Item = &Record> {
        let node = self.nodes.get(name).map(Vec::as_slice).unwrap_or_default();
        node.iter().filter(move |record| kind == RecordType::Any || record.kind() == kind)
    }

    /// Adds a record to those of its owner and type; one that is there already is not doubled.
    ///
    /// # Errors
    /// The record does not belong into the zone, or not beside what is there.
    pub fn add(&mut self, record: Record) -> Result<(), Unfit> {
        self.admit(&record)?;
        let node = Arc::make_mut(&mut self.nodes).entry(record.name.clone()).or_default();
        if let Some(other) = node.iter().find(|other| other.kind() == record.kind()) {
            match record.kind() {
                RecordType::Cname | RecordType::Soa if other.data != record.data => {
                    return Err(Unfit::Second(record.kind()));
                }
                _ if other.ttl != record.ttl => return Err(Unfit::OtherTtl(other.ttl)),
                _ => {}
            }
        }
        let alias = |record: &Record| record.kind() == RecordType::Cname;
        if node.iter().any(|other| alias(other) != alias(&record)) {
            return Err(Unfit::NotAlone);
        }
        if !node.iter().any(|other| other.data == record.data) {
            node.push(record);
        }
        Ok(())
    }

    /// Puts a record in the place of all that have its owner and type.
    ///
    /// # Errors
    /// As for [`Zone::add`]; the zone is then as before.
    pub fn replace(&mut self, record: Record) -> Result<(), Unfit> {
        let before = self.clone();
        self.take_out(&record.name, record.kind());
        self.add(record).inspect_err(|_| *self = before)
    }

    /// Takes the records of an owner and type away; how many there were.
    ///
    /// # Errors
    /// The SOA record stays: a zone cannot be without it.
    pub fn remove(&mut self, name: &Name, kind: RecordType) -> Result<usize, Unfit> {
        match *name == self.origin && matches!(kind, RecordType::Soa | RecordType::Any) {
            true => Err(Unfit::NoSoa),
            false => Ok(self.take_out(name, kind)),
        }
    }

    /// Gives the zone its next serial number, as after a change (RFC 1034 section 4.3.5).
    pub fn advance_serial(&mut self) {
        let top = self.origin.clone();
        let nodes = Arc::make_mut(&mut self.nodes);
        for record in nodes.get_mut(&top).into_iter().flatten() {
            if let Data::Soa(soa) = &mut record.data {
                soa.serial = soa.serial.wrapping_add(1);
            }
        }
    }

    fn take_out(&mut self, name: &Name, kind: RecordType) -> usize {
        let nodes = Arc::make_mut(&mut self.nodes);
        let Some(node) = nodes.get_mut(name) else { return 0 };
        let before = node.len();
        node.retain(|record| kind != RecordType::Any && record.kind() != kind);
        let gone = before - node.len();
        if node.is_empty() {
            nodes.remove(name);
        }
        gone
    }

    fn admit(&self, record: &Record) -> Result<(), Unfit> {
        let kind = record.kind();
        if !record.name.is_within(&self.origin) {
            return Err(Unfit::Outside(self.origin.clone()));
        }
        if record.class != Class::In {
            return Err(Unfit::OtherClass(record.class));
        }
        if kind.is_meta() {
            return Err(Unfit::Meta(kind));
        }
        if kind == RecordType::Soa && record.name != self.origin {
            return Err(Unfit::SoaBelow);
        }
        Ok(())
    }

    /// The SOA record, and what it says.
    fn soa(&self) -> Option<(&Record, &Soa)> {
        self.set_of(&self.origin, RecordType::Soa).find_map(|record| match &record.data {
            Data::Soa(soa) => Some((record, soa)),
            Data::A(_)
            | Data::Aaaa(_)
            | Data::Ns(_)
            | Data::Cname(_)
            | Data::Ptr(_)
            | Data::Mx { .. }
            | Data::Txt(_)
            | Data::Srv { .. }
            | Data::Unknown { .. } => None,
        })
    }
}

/// Why a record cannot be put into a zone, or taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// Its owner is not within this origin.
    Outside(Name),
    /// Only class IN is kept.
    OtherClass(Class),
    /// No zone holds this type.
    Meta(RecordType),
    /// An SOA record stands at the top alone.
    SoaBelow,
    /// The zone would be without its SOA record.
    NoSoa,
    /// There can be only one record of this type at a name.
    Second(RecordType),
    /// A CNAME record stands beside others (RFC 1034 section 3.6.2).
    NotAlone,
    /// The others of its owner and type have this time to live (RFC 2181 section 5.2).
    OtherTtl(u32),
}

impl core::fmt::Display for Unfit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Unfit::Outside(origin) => write!(f, "the owner is not within {origin}"),
            Unfit::OtherClass(class) => write!(f, "the class is {class}; zones here are of IN"),
            Unfit::Meta(kind) => write!(f, "{kind} is no type of records in a zone"),
            Unfit::SoaBelow => write!(f, "an SOA record stands at the top of a zone only"),
            Unfit::NoSoa => write!(f, "a zone cannot be without its SOA record"),
            Unfit::Second(kind) => write!(f, "the name has another {kind} record already"),
            Unfit::NotAlone => write!(f, "a CNAME record stands alone at its name"),
            Unfit::OtherTtl(ttl) => {
                write!(f, "records of one name and type have one TTL, which is {ttl} there")
            }
        }
    }
}

impl std::error::Error for Unfit {}
