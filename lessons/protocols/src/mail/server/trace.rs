//! What a server writes into mail: Received and Return-Path at the top (RFC 5321 section 4.4).

use crate::smtp::ReversePath;
use crate::wire::Time;

/// Who handed a mail over, and how.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Handing {
    /// What the client called itself.
    pub(super) client: String,
    /// The address that it came from, in brackets; `localhost` for this host itself.
    pub(super) address: String,
    /// `SMTP`, `ESMTP` or `local` (RFC 3848).
    pub(super) with: &'static str,
}

/// The Received line of a mail, folded (RFC 5321 section 4.4).
pub(super) fn received(handing: &Handing, host: &str, id: &str, now: Time) -> String {
    let Handing { client, address, with } = handing;
    let date = date(now);
    format!(
        "Received: from {client} ({address})\r\n\tby {host} with {with} id {id};\r\n\t{date}\r\n"
    )
}

/// The Return-Path line that the last server puts above everything.
pub(super) fn return_path(from: &ReversePath) -> String {
    format!("Return-Path: {from}\r\n")
}

/// A moment as mail writes it (RFC 5322 section 3.3), in universal time.
pub(super) fn date(at: Time) -> String {
    // As HTTP writes it, but for the zone.
    at.to_string().replace("GMT", "+0000")
}

/// How many Received lines the header section of a mail has.
pub(super) fn hops(octets: &[u8]) -> usize {
    let lines = header(octets).split(|byte| *byte == b'\n');
    let is_received = |line: &&[u8]| {
        line.get(..RECEIVED.len()).is_some_and(|name| name.eq_ignore_ascii_case(RECEIVED))
    };
    lines.filter(is_received).count()
}

/// The header section of a mail, the empty line after it not included.
pub(super) fn header(octets: &[u8]) -> &[u8] {
    if octets.starts_with(b"\r\n") {
        return &[];
    }
    let end = octets.windows(4).position(|four| four == b"\r\n\r\n");
    end.and_then(|end| octets.get(..end + 2)).unwrap_or(octets)
}

const RECEIVED: &[u8] = b"Received:";
