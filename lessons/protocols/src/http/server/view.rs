//! What a server shows of itself.

use super::Server;
use crate::endpoint::{Row, Table, View};
use crate::wire::Time;

impl Server {
    pub(super) fn shown(&self, now: Time) -> View {
        let mut machines = Vec::new();
        for (conn, link) in &self.links {
            machines.push(link.http.our_position(format!("connection {conn}, server")));
            machines.push(link.http.their_position(format!("connection {conn}, client")));
        }
        let mut tables = vec![self.connections()];
        tables.extend(self.site.tables(now));
        View { state: self.label().to_string(), machines, tables }
    }

    /// The busiest thing that any connection is doing.
    pub(super) fn label(&self) -> &'static str {
        match self.links.values().any(|link| link.label() == "Receiving") {
            true => "Receiving",
            false => "Idle",
        }
    }

    fn connections(&self) -> Table {
        let rows = self.links.iter().map(|(conn, link)| Row {
            key: conn.to_string(),
            cells: vec![
                conn.to_string(),
                link.peer.to_string(),
                link.label().to_string(),
                link.served.to_string(),
            ],
        });
        Table {
            title: "connections",
            columns: &["Connection", "Client", "State", "Answered"],
            rows: rows.collect(),
        }
    }
}
