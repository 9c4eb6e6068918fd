//! What a proxy shows of itself.

use super::Proxy;
use crate::endpoint::{Row, Table, View};
use crate::wire::Time;

/// What a proxy has saved and what it has not: the load of the access link is what it has not.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Traffic {
    /// Requests answered from the cache without asking.
    pub(super) hits: usize,
    /// Requests answered from the cache after asking.
    pub(super) checked: usize,
    /// Requests that nothing stored could answer.
    pub(super) misses: usize,
    /// Bytes of content served from the cache.
    pub(super) bytes_from_cache: usize,
    /// Bytes of content that came from origins.
    pub(super) bytes_from_origins: usize,
}

impl Proxy {
    pub(super) fn shown(&self, now: Time) -> View {
        let mut machines = Vec::new();
        for (conn, down) in &self.downs {
            machines.push(down.http.our_position(format!("connection {conn}, proxy as server")));
            machines.push(down.http.their_position(format!("connection {conn}, client")));
        }
        for (conn, up) in &self.ups {
            machines.push(up.http.our_position(format!("connection {conn}, proxy as client")));
            machines.push(up.http.their_position(format!("connection {conn}, origin")));
        }
        let tables = vec![self.connections(), self.cache.table(now), self.saved()];
        View { state: self.label().to_string(), machines, tables }
    }

    /// The busiest thing that any connection is doing.
    pub(super) fn label(&self) -> &'static str {
        let doing = |label: &str| self.ups.values().any(|up| up.label() == label);
        let checking = self.downs.values().filter_map(|down| down.job.as_ref());
        match () {
            () if doing("Receiving") => "Responding",
            () if checking.into_iter().any(|job| !job.conditions.is_empty()) => "Revalidating",
            () if doing("Awaiting") => "Awaiting",
            () if doing("Connecting") => "Connecting",
            () if self.downs.values().any(|down| down.request.is_some() || down.receiving) => {
                "Receiving"
            }
            () => "Idle",
        }
    }

    fn connections(&self) -> Table {
        let downs = self.downs.iter().map(|(conn, down)| {
            let (state, url) = match &down.job {
                Some(job) => ("Responding", job.url.to_string()),
                None if down.lingering => ("Lingering", String::new()),
                None if down.request.is_some() => ("Receiving", String::new()),
                None => ("Idle", String::new()),
            };
            let with = format!("client {}", down.peer);
            row(conn.to_string(), with, state, url, down.served)
        });
        let ups = self.ups.iter().map(|(conn, up)| {
            let job = up.down.and_then(|down| self.downs.get(&down)).and_then(|d| d.job.as_ref());
            let with = format!("origin {}:{}", up.host, up.port);
            let url = job.map(|job| job.url.to_string()).unwrap_or_default();
            row(conn.to_string(), with, up.label(), url, up.answers)
        });
        Table {
            title: "connections",
            columns: &["Connection", "With", "State", "For", "Answers so far"],
            rows: downs.chain(ups).collect(),
        }
    }

    fn saved(&self) -> Table {
        let Traffic { hits, checked, misses, bytes_from_cache, bytes_from_origins } = self.traffic;
        let line = |what: &str, value: String| Row {
            key: what.to_string(),
            cells: vec![what.to_string(), value],
        };
        let asked = hits + checked + misses;
        let rate = match asked {
            0 => "none asked yet".to_string(),
            asked => format!("{} %", hits * 100 / asked),
        };
        Table {
            title: "traffic",
            columns: &["What", "So far"],
            rows: vec![
                line("answered from the cache", hits.to_string()),
                line("checked with the origin", checked.to_string()),
                line("fetched from the origin", misses.to_string()),
                line("hit rate", rate),
                line("content from the cache", format!("{bytes_from_cache} B")),
                line("content from origins", format!("{bytes_from_origins} B")),
            ],
        }
    }
}

fn row(conn: String, with: String, state: &str, url: String, answers: u32) -> Row {
    Row { key: conn.clone(), cells: vec![conn, with, state.to_string(), url, answers.to_string()] }
}
