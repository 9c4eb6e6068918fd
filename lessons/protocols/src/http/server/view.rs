//! What a server shows of itself.

use super::Server;
use crate::endpoint::{Row, Table, View};
use crate::wire::Time;

impl Server {
    pub(super) fn shown(&self, now: Time) -> View {
        let labels: Vec<&str> = self.links.values().map(|link| link.label()).collect();
        let state = match labels.contains(&"Receiving") {
            true => "Receiving",
            false => "Idle",
        };
        let mut machines = Vec::new();
        for (conn, link) in &self.links {
            machines.push(link.http.our_position(format!("connection {conn}, server")));
            machines.push(link.http.their_position(format!("connection {conn}, client")));
        }
        let mut tables = vec![self.connections()];
        tables.extend(self.site.tables(now));
        View { state: state.to_string(), machines, tables }
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
