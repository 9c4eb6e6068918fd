//! What a node shows of itself.

use core::net::SocketAddr;

use super::lookup::{Job, Purpose};
use super::{Node, Routing, State};
use crate::chord::message::Short;
use crate::chord::{Contact, Finger};
use crate::endpoint::{Row, Table, View};
use crate::overlay::{Geometry, Key, Place, Pointer, Role};

impl Node {
    pub(super) fn shown(&self) -> View {
        let mut tables = vec![self.neighbours()];
        if self.config.routing == Routing::Fingers {
            tables.push(self.finger_table());
        }
        tables.push(self.keys());
        if !self.jobs.is_empty() {
            tables.push(self.lookups());
        }
        tables.push(self.counts());
        View { state: self.state.name().to_string(), machines: vec![self.state.position()], tables }
    }

    /// Where it stands on the circle.
    pub(super) fn on_the_circle(&self) -> Place {
        Place {
            id: self.tables.own().id,
            bits: self.config.bits,
            geometry: Geometry::Ring,
            is_member: self.state == State::Member,
            holds: u32::try_from(self.store.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whom it knows.
    pub(super) fn known(&self) -> Vec<Pointer> {
        let point = |contact: Contact, role, rank| Pointer {
            to: SocketAddr::V4(contact.address),
            id: contact.id,
            role,
            rank,
        };
        let before = self.tables.predecessor().map(|node| point(node, Role::Predecessor, 0));
        let next = (0..).zip(self.tables.successors());
        let next = next.map(|(rank, node)| point(*node, Role::Successor, rank));
        let fingers = self.tables.fingers().iter();
        let fingers = fingers.map(|f| point(f.contact, Role::Finger, f.from.into()));
        before.into_iter().chain(next).chain(fingers).collect()
    }

    fn neighbours(&self) -> Table {
        let row = |key: String, contact: Contact| Row {
            cells: vec![key.clone(), contact.to_string(), contact.address.to_string()],
            key,
        };
        let before = self.tables.predecessor().map(|node| row("predecessor".into(), node));
        let own = Some(row("this node".into(), self.tables.own()));
        let next = (1..).zip(self.tables.successors());
        let next = next.map(|(rank, node): (u16, _)| row(format!("successor {rank}"), *node));
        let rows = before.into_iter().chain(own).chain(next).collect();
        Table { title: "neighbours", columns: &["What", "Node", "Address"], rows }
    }

    /// The finger table as the paper draws it: start, interval, node. In a large identifier space
    /// the fingers that are the same node are one row.
    fn finger_table(&self) -> Table {
        let bits = self.config.bits;
        let each = |exponent| Some((exponent, exponent, self.tables.finger(exponent)?));
        let runs: Vec<(u8, u8, Contact)> = match bits <= EACH_FINGER {
            true => (0..bits).filter_map(each).collect(),
            false => {
                let kept = self.tables.fingers().iter();
                kept.map(|Finger { from, to, contact }| (*from, *to, *contact)).collect()
            }
        };
        let rows = runs.into_iter().map(|(from, to, contact)| {
            let name = match from == to {
                true => from.to_string(),
                false => format!("{from} to {to}"),
            };
            let start = Short(self.tables.start(from)).to_string();
            let end = match to + 1 < bits {
                true => self.tables.start(to + 1),
                false => self.tables.own().id,
            };
            let interval = format!("[{start}, {})", Short(end));
            Row { key: name.clone(), cells: vec![name, start, interval, contact.to_string()] }
        });
        let columns = &["Finger", "Start", "Interval", "Node"];
        Table { title: "finger table", columns, rows: rows.collect() }
    }

    fn keys(&self) -> Table {
        let rows = self.store.items().iter().map(|item| Row {
            key: item.key.to_string(),
            cells: vec![
                format!("K{}", Short(item.key)),
                String::from_utf8_lossy(&item.value).into_owned(),
                item.version.to_string(),
                match self.is_ours(item.key) {
                    true => "own".to_string(),
                    false => "copy".to_string(),
                },
            ],
        });
        let columns = &["Key", "Value", "Version", "Held as"];
        Table { title: "keys", columns, rows: rows.collect() }
    }

    fn lookups(&self) -> Table {
        let rows = self.jobs.iter().map(|job| Row {
            key: job.number.to_string(),
            cells: vec![format!("K{}", Short(job.key)), purpose(job), path(job), avoided(job)],
        });
        let columns = &["Key", "For", "Asked", "No help"];
        Table { title: "lookups", columns, rows: rows.collect() }
    }

    fn counts(&self) -> Table {
        let counters = &self.counters;
        let counts = [
            ("requests served", counters.served),
            ("answers that nobody waited for", counters.unsolicited),
            ("datagrams that cannot be read", counters.malformed),
        ];
        let rows = counts.map(|(what, count)| Row {
            key: what.into(),
            cells: vec![what.into(), count.to_string()],
        });
        Table { title: "counters", columns: &["What", "Count"], rows: rows.into() }
    }
}

fn purpose(job: &Job) -> String {
    match &job.purpose {
        Purpose::Lookup => "lookup".to_string(),
        Purpose::Put(_) => "put".to_string(),
        Purpose::Get => "get".to_string(),
        Purpose::Join => "join".to_string(),
        Purpose::Finger(exponent) => format!("finger {exponent}"),
        Purpose::Home => "bring home".to_string(),
    }
}

fn path(job: &Job) -> String {
    let names = job.path.iter().map(|peer| match peer.id {
        Some(id) => format!("N{}", Short(id)),
        None => peer.address.to_string(),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn avoided(job: &Job) -> String {
    let names = job.avoid.iter().map(|id: &Key| format!("N{}", Short(*id)));
    names.collect::<Vec<_>>().join(", ")
}

/// Up to this many bits each finger has a row of its own.
const EACH_FINGER: u8 = 16;
