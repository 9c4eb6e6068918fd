//! Writes KRPC messages, keys in the order that bencode wants.

use crate::kademlia::bencode::Writer;
use crate::kademlia::{
    Announce, Ask, Body, Contact, Message, Query, Refusal, Response, write_peer,
};

/// The bytes of a message.
pub fn write(message: &Message) -> Vec<u8> {
    let mut writer = Writer::with_capacity(capacity(message));
    writer.begin_dictionary();
    match &message.body {
        Body::Query(query) => arguments(query, &mut writer),
        Body::Error(refusal) => error(refusal, &mut writer),
        Body::Response(_) => {}
    }
    if let Some(address) = message.your_address {
        writer.string(b"ip");
        writer.string(&write_peer(address));
    }
    let kind = match &message.body {
        Body::Query(query) => {
            writer.string(b"q");
            writer.string(query.ask.method().as_bytes());
            b"q"
        }
        Body::Response(response) => {
            returned(response, &mut writer);
            b"r"
        }
        Body::Error(_) => b"e",
    };
    if message.read_only {
        writer.string(b"ro");
        writer.integer(1);
    }
    writer.string(b"t");
    writer.string(&message.transaction);
    if let Some(version) = &message.version {
        writer.string(b"v");
        writer.string(version);
    }
    writer.string(b"y");
    writer.string(kind);
    writer.end();
    writer.into_bytes()
}

fn arguments(query: &Query, writer: &mut Writer) {
    writer.string(b"a");
    writer.begin_dictionary();
    writer.string(b"id");
    writer.string(query.id.as_bytes());
    match &query.ask {
        Ask::Ping => {}
        Ask::FindNode { target } => {
            writer.string(b"target");
            writer.string(target.as_bytes());
        }
        Ask::GetPeers { info_hash } => {
            writer.string(b"info_hash");
            writer.string(info_hash.as_bytes());
        }
        Ask::AnnouncePeer(announce) => announced(announce, writer),
    }
    writer.end();
}

fn announced(announce: &Announce, writer: &mut Writer) {
    if announce.implied_port {
        writer.string(b"implied_port");
        writer.integer(1);
    }
    writer.string(b"info_hash");
    writer.string(announce.info_hash.as_bytes());
    writer.string(b"port");
    writer.integer(announce.port.into());
    writer.string(b"token");
    writer.string(&announce.token);
}

fn returned(response: &Response, writer: &mut Writer) {
    writer.string(b"r");
    writer.begin_dictionary();
    writer.string(b"id");
    writer.string(response.id.as_bytes());
    if let Some(nodes) = &response.nodes {
        writer.string(b"nodes");
        writer.string_header(nodes.len() * Contact::BYTES);
        nodes.iter().for_each(|node| writer.raw(&node.write()));
    }
    if let Some(token) = &response.token {
        writer.string(b"token");
        writer.string(token);
    }
    if let Some(values) = &response.values {
        writer.string(b"values");
        writer.begin_list();
        values.iter().for_each(|peer| writer.string(&write_peer(*peer)));
        writer.end();
    }
    writer.end();
}

fn error(refusal: &Refusal, writer: &mut Writer) {
    writer.string(b"e");
    writer.begin_list();
    writer.integer(refusal.code);
    writer.string(refusal.text.as_bytes());
    writer.end();
}

/// About as many bytes as the message needs, so that they are asked for once.
fn capacity(message: &Message) -> usize {
    let lists = match &message.body {
        Body::Response(response) => {
            let nodes = response.nodes.as_ref().map_or(0, Vec::len) * Contact::BYTES;
            nodes + response.values.as_ref().map_or(0, Vec::len) * 8
        }
        Body::Query(_) | Body::Error(_) => 0,
    };
    FRAME_BYTES + lists
}

/// What the longest message without lists takes, and a little.
const FRAME_BYTES: usize = 160;
