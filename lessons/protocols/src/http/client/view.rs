//! What a client shows of itself.

use super::link::{Hop, Link};
use super::{Client, Loaded};
use crate::endpoint::{Conn, Row, Table, View};
use crate::wire::Time;

impl Client {
    pub(super) fn shown(&self, now: Time) -> View {
        let mut machines = Vec::new();
        for (conn, link) in &self.links {
            machines.push(link.http.our_position(format!("connection {conn}, client")));
            machines.push(link.http.their_position(format!("connection {conn}, server")));
        }
        let tables =
            vec![self.connections(), self.jar.table(now), self.cache.table(now), self.answers()];
        View { state: self.label().to_string(), machines, tables }
    }

    /// The busiest thing that any connection is doing.
    pub(super) fn label(&self) -> &'static str {
        let labels: Vec<&str> = self.links.values().map(Link::label).collect();
        let checking = self
            .links
            .values()
            .flat_map(|link| &link.in_flight)
            .any(|id| self.fetches.get(id).is_some_and(|fetch| !fetch.conditions.is_empty()));
        match () {
            () if labels.contains(&"Receiving") => "Receiving",
            () if checking => "Revalidating",
            () if labels.contains(&"Awaiting") => "Awaiting",
            () if labels.contains(&"Connecting") => "Connecting",
            () => "Idle",
        }
    }

    fn connections(&self) -> Table {
        Table {
            title: "connections",
            columns: &["Connection", "To", "State", "Waiting for", "Answers so far"],
            rows: self.links.iter().map(|(conn, link)| self.connection(*conn, link)).collect(),
        }
    }

    fn connection(&self, conn: Conn, link: &Link) -> Row {
        let asked = link.reserved.iter().chain(&link.in_flight);
        let paths = asked.filter_map(|id| self.fetches.get(id)).map(|f| f.url.origin_form());
        let Hop { host, port, is_proxy } = &link.hop;
        let to = if *is_proxy { format!("proxy {host}:{port}") } else { format!("{host}:{port}") };
        Row {
            key: conn.to_string(),
            cells: vec![
                conn.to_string(),
                to,
                link.label().to_string(),
                paths.collect::<Vec<_>>().join(", "),
                link.answers.to_string(),
            ],
        }
    }

    fn answers(&self) -> Table {
        let row = |(at, loaded): (usize, &Loaded)| Row {
            key: format!("{at} {}", loaded.url),
            cells: vec![
                loaded.url.to_string(),
                loaded.response.status.to_string(),
                loaded.response.fields.first("Content-Type").unwrap_or("").to_string(),
                format!("{} B", loaded.body.len()),
                loaded.from.label().to_string(),
            ],
        };
        Table {
            title: "answers",
            columns: &["URL", "Status", "Type", "Size", "From"],
            rows: self.loaded.iter().enumerate().map(row).collect(),
        }
    }
}
