//! What the keys of KRPC mean, for the notes.

use crate::kademlia::bencode::{Term, no_parts, no_words};
use crate::kademlia::{COMPACT_PEER, Contact, read_peer, rules};
use crate::overlay::Key;
use crate::wire::{Notes, Rule, Span, counted};

/// The meaning of what stands under this path of keys.
pub(super) fn vocabulary(path: &[&[u8]]) -> Option<&'static Term> {
    let known = TERMS.iter().find(|(known, _)| *known == path);
    known.map(|(_, term)| term)
}

const fn plain(name: &'static str, rule: &'static Rule) -> Term {
    Term { name, rule, says: no_words, parts: no_parts }
}

const fn key(name: &'static str, rule: &'static Rule) -> Term {
    Term { name, rule, says: key_words, parts: no_parts }
}

/// Every key of BEP 5, with those of BEP 42 and BEP 43.
static TERMS: [(&[&[u8]], Term); 23] = [
    (&[b"t"], plain("transaction ID (t)", &rules::TRANSACTION)),
    (&[b"y"], Term { says: kind_words, ..plain("type of message (y)", &rules::KIND) }),
    (&[b"q"], plain("method name (q)", &rules::QUERY)),
    (&[b"a"], plain("arguments (a)", &rules::QUERY)),
    (&[b"a", b"id"], key("querying node's ID (id)", &rules::NODE_ID)),
    (&[b"a", b"target"], key("ID sought (target)", &rules::FIND_NODE)),
    (&[b"a", b"info_hash"], key("infohash (info_hash)", &rules::INFOHASH)),
    (&[b"a", b"port"], plain("peer's port (port)", &rules::ANNOUNCE_PEER)),
    (&[b"a", b"implied_port"], plain("implied port (implied_port)", &rules::IMPLIED_PORT)),
    (&[b"a", b"token"], plain("token (token)", &rules::TOKEN)),
    (&[b"r"], plain("return values (r)", &rules::RESPONSE)),
    (&[b"r", b"id"], key("responding node's ID (id)", &rules::NODE_ID)),
    (&[b"r", b"nodes"], NODES),
    (&[b"r", b"values"], plain("peers (values)", &rules::GET_PEERS)),
    (&[b"r", b"values", b""], PEER),
    (&[b"r", b"token"], plain("token (token)", &rules::TOKEN)),
    (&[b"e"], plain("error (e)", &rules::ERROR)),
    (&[b"e", b""], plain("code or text", &rules::ERROR)),
    (&[b"v"], plain("client and version (v)", &rules::VERSION)),
    (&[b"ro"], plain("read-only (ro)", &rules::READ_ONLY)),
    (&[b"ip"], Term { name: "your address (ip)", rule: &rules::YOUR_ADDRESS, ..PEER }),
    (&[b"a", b"want"], plain("families wanted (want)", &rules::UNKNOWN_KEY)),
    (&[b"r", b"nodes6"], plain("nodes of IPv6 (nodes6)", &rules::UNKNOWN_KEY)),
];

const NODES: Term = Term {
    name: "nodes (nodes)",
    rule: &rules::COMPACT_NODE,
    says: nodes_words,
    parts: nodes_parts,
};

const PEER: Term =
    Term { name: "peer", rule: &rules::COMPACT_PEER, says: peer_words, parts: peer_parts };

fn kind_words(bytes: &[u8]) -> Option<String> {
    let says = match bytes {
        b"q" => "q, query",
        b"r" => "r, response",
        b"e" => "e, error",
        _ => return None,
    };
    Some(says.into())
}

fn key_words(bytes: &[u8]) -> Option<String> {
    <[u8; Key::BYTES]>::try_from(bytes).ok().map(|bytes| Key::new(bytes).to_string())
}

fn nodes_words(bytes: &[u8]) -> Option<String> {
    let (count, left) = (bytes.len() / Contact::BYTES, bytes.len() % Contact::BYTES);
    let nodes = counted(count, "node");
    Some(match left {
        0 => nodes,
        left => format!("{nodes}, and {left} B that are none"),
    })
}

fn nodes_parts(bytes: &[u8], start: usize, depth: u8, notes: &mut Notes) {
    let mut at = start;
    for piece in bytes.chunks(Contact::BYTES) {
        let span = Span::new(at, at + piece.len());
        at = span.end;
        let Some(contact) = Contact::read(piece) else {
            notes.note(depth, span, "not a node", Some(&rules::COMPACT_NODE), String::new);
            continue;
        };
        notes.note(depth, span, "node", Some(&rules::COMPACT_NODE), || contact.to_string());
        let id = Span::new(span.start, span.start + Key::BYTES);
        notes.note(depth + 1, id, "node ID", Some(&rules::NODE_ID), || contact.id.to_string());
        let address = piece.get(Key::BYTES..).unwrap_or(&[]);
        peer_parts(address, id.end, depth + 1, notes);
    }
}

fn peer_words(bytes: &[u8]) -> Option<String> {
    read_peer(bytes).map(|peer| peer.to_string())
}

fn peer_parts(bytes: &[u8], start: usize, depth: u8, notes: &mut Notes) {
    let Some(peer) = read_peer(bytes) else { return };
    let (ip, port) = (Span::new(start, start + 4), Span::new(start + 4, start + COMPACT_PEER));
    let rule = Some(&rules::COMPACT_PEER);
    notes.note(depth, ip, "IP address", rule, || peer.ip().to_string());
    notes.note(depth, port, "port", rule, || peer.port().to_string());
}
