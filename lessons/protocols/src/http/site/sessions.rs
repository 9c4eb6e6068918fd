//! The table in which a server keeps what it knows of its visitors.

use std::collections::BTreeMap;

use crate::endpoint::{Row, Table};
use crate::http::Fields;
use crate::http::cookies::parse_cookie_line;
use crate::wire::Time;

/// The sessions of a site, by session number.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sessions {
    rows: BTreeMap<String, Session>,
}

/// What the server knows of one visitor.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Session {
    /// How often the visitor has come.
    pub visits: u32,
    /// When the visitor first came.
    pub since: Time,
    /// When the visitor last came.
    pub last: Time,
}

impl Sessions {
    /// The number of the session that a request's Cookie line names, if the table has it.
    pub(super) fn named_in(&self, fields: &Fields) -> Option<String> {
        let lines = fields.all("Cookie");
        let mut pairs = lines.flat_map(parse_cookie_line);
        pairs
            .find(|(name, value)| *name == COOKIE_NAME && self.rows.contains_key(*value))
            .map(|(_, value)| value.to_string())
    }

    /// Opens a session under a random number, and gives the number as the cookie carries it.
    pub(super) fn open(&mut self, random: u64, now: Time) -> String {
        if self.rows.len() >= MAX_SESSIONS {
            let oldest = self.rows.iter().min_by_key(|(id, s)| (s.last, (*id).clone()));
            if let Some(id) = oldest.map(|(id, _)| id.clone()) {
                self.rows.remove(&id);
            }
        }
        let id = format!("{random:016x}");
        self.rows.insert(id.clone(), Session { visits: 0, since: now, last: now });
        id
    }

    /// Counts one more visit of a session and gives the new count.
    pub(super) fn visit(&mut self, id: &str, now: Time) -> u32 {
        match self.rows.get_mut(id) {
            Some(session) => {
                session.visits = session.visits.saturating_add(1);
                session.last = now;
                session.visits
            }
            None => 0,
        }
    }

    /// The sessions by number.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Session)> {
        self.rows.iter().map(|(id, session)| (id.as_str(), session))
    }

    pub(super) fn table(&self, now: Time) -> Table {
        let row = |(id, session): (&str, &Session)| Row {
            key: id.to_string(),
            cells: vec![
                id.to_string(),
                session.visits.to_string(),
                session.since.to_string(),
                format!("{} s ago", now.since(session.last).as_secs()),
            ],
        };
        Table {
            title: "session table",
            columns: &["Session", "Visits", "Since", "Last seen"],
            rows: self.iter().map(row).collect(),
        }
    }
}

/// The name of the session cookie.
pub(super) const COOKIE_NAME: &str = "session";

/// The most sessions kept: beyond it the one unseen for longest is forgotten, so that visitors
/// who never come back cannot fill the server.
pub const MAX_SESSIONS: usize = 1000;
