//! What a recursive name server shows of itself.

use super::{From, Resolver};
use crate::endpoint::{Row, Table, View};
use crate::wire::Time;

impl Resolver {
    pub(super) fn shown(&self, now: Time) -> View {
        let tables = vec![
            self.waiting(),
            self.walk.outstanding().table("queries", now),
            self.walk.cache().table("cache", now),
        ];
        View { state: self.label().to_string(), machines: Vec::new(), tables }
    }

    /// Whether anything is being searched for.
    pub(super) fn label(&self) -> &'static str {
        if self.walk.is_empty() { "Idle" } else { "Resolving" }
    }

    fn waiting(&self) -> Table {
        let rows = self.clients.iter().flat_map(|(job, clients)| {
            clients.iter().enumerate().map(|(index, client)| Row {
                key: format!("{} {index}", job.0),
                cells: vec![
                    match client.from {
                        From::Datagram(from) => format!("UDP {from}"),
                        From::Stream(conn) => format!("TCP {conn}"),
                    },
                    client.query.question().map_or_else(String::new, ToString::to_string),
                    client.query.header.id.to_string(),
                ],
            })
        });
        Table { title: "clients", columns: &["Client", "Question", "Id"], rows: rows.collect() }
    }
}
