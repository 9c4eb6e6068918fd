//! What a node shows of itself.

use super::search::{Errand, Phase, Search};
use super::{Node, Purpose};
use crate::endpoint::{Row, Table, View};
use crate::kademlia::lookup::Progress;
use crate::kademlia::short;
use crate::kademlia::table::{Standing, seconds};
use crate::overlay::Key;
use crate::wire::Time;

impl Node {
    pub(super) fn shown(&self, now: Time) -> View {
        let mut tables = vec![self.buckets(now), self.contacts(now)];
        tables.extend(self.searches.iter().map(Search::table));
        tables.extend([self.waiting(now), self.peers(now), self.own_announcements(now)]);
        tables.extend([self.tokens(now), self.counts()]);
        View { state: self.label().to_string(), machines: Vec::new(), tables }
    }

    pub(super) fn label(&self) -> &'static str {
        let announces = |search: &Search| matches!(search.phase, Phase::Announcing { .. });
        match (self.is_joining(), self.searches.is_empty()) {
            (true, _) => "Joining",
            (false, false) if self.searches.iter().any(announces) => "Announcing",
            (false, false) => "Searching",
            (false, true) if self.table.is_empty() => "Alone",
            (false, true) => "Idle",
        }
    }

    fn buckets(&self, now: Time) -> Table {
        let last = self.table.bucket_count() - 1;
        let rows = self.table.buckets().enumerate().map(|(index, (bucket, nodes))| Row {
            key: index.to_string(),
            cells: vec![
                index.to_string(),
                prefix(self.id(), index, index == last),
                format!("{} of {}", nodes.len(), self.table.k()),
                ago(bucket.changed_s, now),
            ],
        });
        Table {
            title: "buckets",
            columns: &["Bucket", "IDs", "Nodes", "Changed"],
            rows: rows.collect(),
        }
    }

    fn contacts(&self, now: Time) -> Table {
        let buckets = self.table.buckets().enumerate();
        let rows = buckets.flat_map(|(index, (_, nodes))| {
            nodes.iter().map(move |known| Row {
                key: known.id().to_string(),
                cells: vec![
                    index.to_string(),
                    short(known.id()),
                    known.address().to_string(),
                    match known.standing(now) {
                        Standing::Good => "good".into(),
                        Standing::Questionable => "questionable".into(),
                        Standing::Bad => "bad".into(),
                    },
                    ago(known.heard_s(), now),
                    known.unanswered().to_string(),
                ],
            })
        });
        Table {
            title: "routing table",
            columns: &["Bucket", "Node", "Address", "Standing", "Heard of", "Unanswered"],
            rows: rows.collect(),
        }
    }

    fn waiting(&self, now: Time) -> Table {
        let rows = self.outstanding.iter().map(|query| Row {
            key: query.transaction.to_string(),
            cells: vec![
                format!("{:04x}", query.transaction),
                query.id.map_or_else(String::new, short),
                query.to.to_string(),
                match query.why {
                    Purpose::Ping => "ping".into(),
                    Purpose::Bootstrap => "first contact".into(),
                    Purpose::Verify => "does it answer?".into(),
                    Purpose::Check { .. } => "does it still answer?".into(),
                    Purpose::Search(number) => format!("search {number}"),
                    Purpose::Announce(number) => format!("announcement {number}"),
                },
                format!("{} ms", now.since(query.sent).as_millis()),
            ],
        });
        Table {
            title: "queries",
            columns: &["Transaction", "Node", "Address", "For", "Waiting"],
            rows: rows.collect(),
        }
    }

    fn peers(&self, now: Time) -> Table {
        let rows = self.store.all().iter().map(|stored| Row {
            key: format!("{} {}", stored.info_hash, stored.peer),
            cells: vec![
                short(stored.info_hash),
                stored.peer.to_string(),
                format!("{} s", stored.until_s.saturating_sub(seconds(now))),
            ],
        });
        Table {
            title: "peers kept for others",
            columns: &["Infohash", "Peer", "For another"],
            rows: rows.collect(),
        }
    }

    fn own_announcements(&self, now: Time) -> Table {
        let rows = self.announced.iter().map(|announced| Row {
            key: announced.info_hash.to_string(),
            cells: vec![
                short(announced.info_hash),
                match announced.port {
                    0 => "that of its datagrams".into(),
                    port => port.to_string(),
                },
                format!("{} s ago", now.since(announced.at).as_secs()),
            ],
        });
        Table {
            title: "announced by itself",
            columns: &["Infohash", "Port", "Last"],
            rows: rows.collect(),
        }
    }

    fn tokens(&self, now: Time) -> Table {
        let rows = self.secrets.iter().map(|secrets| Row {
            key: "secret".into(),
            cells: vec![
                secrets.fingerprint(),
                format!("{} s", secrets.age_s(now)),
                if secrets.are_due(now) { "changes when used" } else { "in use" }.into(),
            ],
        });
        Table { title: "token secret", columns: &["Secret", "Age", "State"], rows: rows.collect() }
    }

    fn counts(&self) -> Table {
        let counts = [
            ("queries answered", self.counters.answered),
            ("queries refused", self.counters.refused),
            ("datagrams dropped", self.counters.dropped),
        ];
        let rows = counts.map(|(what, count)| Row {
            key: what.into(),
            cells: vec![what.into(), count.to_string()],
        });
        Table { title: "counters", columns: &["What", "Count"], rows: rows.into() }
    }
}

impl Search {
    /// Its candidates, nearest first.
    fn table(&self) -> Table {
        let target = self.lookup.target();
        let rows = self.lookup.candidates().iter().map(|candidate| Row {
            key: candidate.contact.id.to_string(),
            cells: vec![
                format!("{} {}", self.number, short(target)),
                short(candidate.contact.id),
                candidate.contact.address.to_string(),
                candidate.contact.id.shared_prefix_bits(target).to_string(),
                candidate.depth.to_string(),
                match candidate.progress {
                    Progress::New => "not asked".into(),
                    Progress::Asked => "asked".into(),
                    Progress::Answered => "answered".into(),
                    Progress::Failed => "no answer".into(),
                },
            ],
        });
        Table {
            title: match self.errand {
                Errand::Find => "search for nodes",
                Errand::Peers => "search for peers",
                Errand::Announce { .. } => "search before announcing",
                Errand::Join => "search for itself",
                Errand::Refresh => "search for a bucket",
            },
            columns: &["Search", "Node", "Address", "Bits shared", "Hops", "State"],
            rows: rows.collect(),
        }
    }
}

/// The IDs of a bucket by their first bits: `110…`; the last bucket has all that are left.
fn prefix(own: Key, bucket: usize, is_last: bool) -> String {
    let bit = |value: bool| if value { '1' } else { '0' };
    let shared = (0..bucket).map(|place| bit(own.bit(place as u8)));
    let first = (!is_last).then(|| bit(!own.bit(bucket as u8)));
    shared.chain(first).chain(['…']).collect()
}

fn ago(then_s: u32, now: Time) -> String {
    format!("{} s ago", seconds(now).saturating_sub(then_s))
}
