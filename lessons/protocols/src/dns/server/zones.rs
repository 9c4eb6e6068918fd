//! The zones that a server holds.

use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::dns::zone::Unfit;
use crate::dns::{Data, Name, Record, RecordType, Zone};

/// The zones of a server, by their origins.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Zones(BTreeMap<Name, Zone>);

/// Why the keeper's change was not made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unchanged {
    /// No zone of the server is above the name.
    NotOurs(Name),
    /// The zone cannot take it.
    Unfit(Unfit),
    /// There is no such record.
    NoSuchRecord,
}

impl Zones {
    pub(super) fn new(zones: impl IntoIterator<Item = Zone>) -> Zones {
        Zones(zones.into_iter().map(|zone| (zone.origin().clone(), zone)).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Zone> {
        self.0.values()
    }

    /// The zone whose top is nearest above the name.
    pub(super) fn nearest(&self, name: &Name) -> Option<&Zone> {
        name.ancestors().find_map(|above| self.0.get(&above))
    }

    /// Changes the zone of a name, and gives it a new serial number.
    pub(super) fn change(&mut self, name: &Name, change: Change) -> Result<(), Unchanged> {
        let origin = self.nearest(name).map(|zone| zone.origin().clone());
        let zone = origin.and_then(|origin| self.0.get_mut(&origin));
        let zone = zone.ok_or_else(|| Unchanged::NotOurs(name.clone()))?;
        let sets_soa = matches!(&change, Change::Replace(new) if new.kind() == RecordType::Soa);
        match change {
            Change::Add(record) => zone.add(record).map_err(Unchanged::Unfit)?,
            Change::Replace(record) => zone.replace(record).map_err(Unchanged::Unfit)?,
            Change::Move(to) => {
                let data = match to {
                    IpAddr::V4(ip) => Data::A(ip),
                    IpAddr::V6(ip) => Data::Aaaa(ip),
                };
                let ttl = zone.set_of(name, data.kind()).map(|record| record.ttl).next();
                let ttl = ttl.ok_or(Unchanged::NoSuchRecord)?;
                zone.replace(Record::new(name.clone(), ttl, data)).map_err(Unchanged::Unfit)?;
            }
            Change::Remove(kind) => {
                if zone.remove(name, kind).map_err(Unchanged::Unfit)? == 0 {
                    return Err(Unchanged::NoSuchRecord);
                }
            }
        }
        if !sets_soa {
            zone.advance_serial();
        }
        Ok(())
    }
}

/// What the keeper wants changed at a name.
pub(super) enum Change {
    /// One record more.
    Add(Record),
    /// One record in the place of all of its type.
    Replace(Record),
    /// This address in the place of those of its kind.
    Move(IpAddr),
    /// None of this type.
    Remove(RecordType),
}

impl core::fmt::Display for Unchanged {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Unchanged::NotOurs(name) => write!(f, "{name} is in none of the zones"),
            Unchanged::Unfit(unfit) => write!(f, "{unfit}"),
            Unchanged::NoSuchRecord => write!(f, "there is no such record"),
        }
    }
}
