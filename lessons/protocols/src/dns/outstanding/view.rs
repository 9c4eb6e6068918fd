//! The table of outstanding queries as it is shown.

use super::{Outstanding, Query, QueryId, Via};
use crate::endpoint::{Row, Table};
use crate::wire::Time;

impl Outstanding {
    /// What is waited for, with the time that is left for it.
    pub fn table(&self, title: &'static str, now: Time) -> Table {
        let rows = self.queries.iter().map(|(id, query)| row(*id, query, now)).collect();
        Table { title, columns: COLUMNS, rows }
    }
}

fn row(id: QueryId, query: &Query, now: Time) -> Row {
    let server = query.asked.servers.get(query.server);
    let (message, via) = match &query.via {
        Via::Udp { port } => (query.id.to_string(), format!("UDP port {port}")),
        Via::Tcp { conn, .. } => (query.id.to_string(), format!("TCP {conn}")),
    };
    let left_ms = query.until.since(now).as_millis();
    let cells = vec![
        query.asked.question.to_string(),
        server.map_or_else(String::new, ToString::to_string),
        message,
        via,
        (query.round + 1).to_string(),
        format!("{}.{}", left_ms / 1000, left_ms % 1000 / 100),
    ];
    Row { key: id.0.to_string(), cells }
}

const COLUMNS: &[&str] = &["Question", "Server", "Id", "From", "Round", "Seconds left"];
