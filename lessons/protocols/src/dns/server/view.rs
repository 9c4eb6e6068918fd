//! What a name server shows of itself.

use super::{Phase, Server};
use crate::dns::{Record, Zone};
use crate::endpoint::{Row, Table, View};

impl Server {
    pub(super) fn shown(&self) -> View {
        let mut tables = vec![self.records()];
        if !self.links.is_empty() {
            tables.push(self.connections());
        }
        tables.push(self.counts());
        View { state: self.label().to_string(), machines: Vec::new(), tables }
    }

    pub(super) fn label(&self) -> &'static str {
        match self.links.is_empty() {
            true => "Listening",
            false => "Connected",
        }
    }

    /// The zones, one after the other, each record under the name of its zone.
    fn records(&self) -> Table {
        let rows = self.zones.iter().flat_map(|zone| zone.records().map(|r| row(zone, r)));
        Table {
            title: "zones",
            columns: &["Zone", "Name", "TTL", "Type", "Data"],
            rows: rows.collect(),
        }
    }

    fn connections(&self) -> Table {
        let rows = self.links.iter().map(|(conn, link)| Row {
            key: conn.to_string(),
            cells: vec![
                conn.to_string(),
                link.peer.to_string(),
                match link.phase {
                    Phase::Open => "Open".into(),
                    Phase::Closing => "Closing".into(),
                },
                link.answered.to_string(),
            ],
        });
        Table {
            title: "connections",
            columns: &["Connection", "Client", "State", "Answered"],
            rows: rows.collect(),
        }
    }

    fn counts(&self) -> Table {
        let counters = &self.counters;
        let counts = [
            ("messages in datagrams", counters.datagrams),
            ("messages on connections", counters.streams),
            ("answers truncated", counters.truncated),
            ("bad queries", counters.bad),
            ("dropped without an answer", counters.dropped),
        ];
        let rows = counts.map(|(what, count)| Row {
            key: what.into(),
            cells: vec![what.into(), count.to_string()],
        });
        Table { title: "counters", columns: &["What", "Count"], rows: rows.into() }
    }
}

fn row(zone: &Zone, record: &Record) -> Row {
    let (origin, kind) = (zone.origin(), record.kind());
    Row {
        key: format!("{origin} {} {kind} {}", record.name, record.data),
        cells: vec![
            origin.to_string(),
            record.name.to_string(),
            format!("{} s", record.ttl),
            kind.to_string(),
            record.data.to_string(),
        ],
    }
}
