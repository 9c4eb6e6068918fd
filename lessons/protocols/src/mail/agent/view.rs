//! What a user agent shows of itself.

use super::{Agent, Kept, Link, Phase};
use crate::endpoint::{Position, Row, Table, View};
use crate::mime::{self, Entity};
use crate::wire::Time;

impl Agent {
    pub(super) fn shown(&self, _: Time) -> View {
        let machines = self.links.iter().filter_map(|(conn, link)| -> Option<Position> {
            match link {
                Link::Submission(link) if link.phase == Phase::Open => {
                    Some(link.smtp.position(format!("connection {conn}, SMTP")))
                }
                Link::Reading(link) if link.phase == Phase::Open => {
                    Some(link.pop.position(format!("connection {conn}, POP3")))
                }
                // A session begins with its connection.
                Link::Submission(_) | Link::Reading(_) | Link::Closing => None,
            }
        });
        let mut tables = vec![self.outbox_table(), self.inbox_table()];
        tables.extend(self.maildrop());
        tables.extend(self.inbox.last().map(parts));
        View { state: self.label().to_string(), machines: machines.collect(), tables }
    }

    /// The busiest thing that it is doing.
    pub(super) fn label(&self) -> &'static str {
        let has = |wanted: fn(&Link) -> bool| self.links.values().any(wanted);
        if has(|link| matches!(link, Link::Submission(link) if link.phase == Phase::Open)) {
            "Sending"
        } else if has(|link| matches!(link, Link::Reading(link) if link.phase == Phase::Open)) {
            "Reading"
        } else if has(|link| matches!(link, Link::Submission(_) | Link::Reading(_))) {
            "Connecting"
        } else {
            "Idle"
        }
    }

    fn outbox_table(&self) -> Table {
        let rows = self.outbox.mails().iter().map(|mail| Row {
            key: mail.id.to_string(),
            cells: vec![
                mail.id.0.to_string(),
                mail.recipients.join(", "),
                mail.draft.subject.clone(),
                mail.draft.attachments.len().to_string(),
                mail.tries.to_string(),
                mail.standing.to_string(),
            ],
        });
        Table {
            title: "outbox",
            columns: &["Mail", "To", "Subject", "Files", "Tries", "State"],
            rows: rows.collect(),
        }
    }

    fn inbox_table(&self) -> Table {
        let rows = self.inbox.iter().enumerate().map(|(at, kept)| {
            let mail = kept.read();
            let from = mail.root.header.first("From").map(mime::decode_words);
            let files = mail.leaves().iter().filter(|leaf| leaf.is_attachment()).count();
            Row {
                key: format!("{at} {}", kept.uid),
                cells: vec![
                    from.unwrap_or_default(),
                    mail.subject().unwrap_or_default(),
                    files.to_string(),
                    format!("{} B", kept.octets.len()),
                    kept.uid.clone(),
                ],
            }
        });
        Table {
            title: "inbox",
            columns: &["From", "Subject", "Files", "Size", "Unique-id"],
            rows: rows.collect(),
        }
    }

    /// What is known of the maildrop while it is open.
    fn maildrop(&self) -> Option<Table> {
        let link = self.links.values().find_map(|link| match link {
            Link::Reading(link) => Some(link),
            Link::Submission(_) | Link::Closing => None,
        })?;
        let rows = link.listing.iter().map(|slot| Row {
            key: slot.number.to_string(),
            cells: vec![
                slot.number.to_string(),
                slot.octets.map(|octets| format!("{octets} B")).unwrap_or_default(),
                slot.uid.clone(),
                if slot.marked { "marked" } else { "" }.to_string(),
            ],
        });
        Some(Table {
            title: "maildrop",
            columns: &["Number", "Size", "Unique-id", "Deleted"],
            rows: rows.collect(),
        })
    }
}

/// The parts of the newest mail.
fn parts(kept: &Kept) -> Table {
    let mail = kept.read();
    let mut rows = Vec::new();
    part(&mail.octets, &mail.root, "1", &mut rows);
    Table {
        title: "parts of the newest mail",
        columns: &["Part", "Type", "Encoding", "Bytes", "Decoded", "File"],
        rows,
    }
}

fn part(octets: &[u8], entity: &Entity, path: &str, rows: &mut Vec<Row>) {
    let children = entity.children();
    let decoded = match children {
        [] => format!("{} B", entity.decoded(octets).bytes.len()),
        parts => format!("{} parts", parts.len()),
    };
    let body = entity.body;
    rows.push(Row {
        key: path.to_string(),
        cells: vec![
            path.to_string(),
            entity.content_type.to_string(),
            entity.encoding.to_string(),
            format!("{} to {}", body.start, body.end),
            decoded,
            entity.file_name().unwrap_or_default(),
        ],
    });
    for (at, child) in children.iter().enumerate() {
        part(octets, child, &format!("{path}.{}", at + 1), rows);
    }
}
