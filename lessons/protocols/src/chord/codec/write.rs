//! Writes messages.

use core::net::SocketAddrV4;

use bytes::Bytes;

use super::super::{Body, Contact, MAX_AVOIDED, MAX_CONTACTS, MAX_ITEMS, MAX_VALUE, Message};
use super::{
    CLOSER, FAILED, FIND_SUCCESSOR, FORWARD, GET, GET_PREDECESSOR, GOODBYE, HEADER_LEN, LEAVE,
    MISSING, NEIGHBOURS, NOTIFY, PING, PONG, PUT, RECEIVED, STORED, SUCCESSOR, TAKEN, TRANSFER,
    VALUE, VERSION,
};

/// The bytes of a message. Lists and values that are longer than the format allows are cut.
pub fn write(message: &Message) -> Bytes {
    let mut out = Vec::with_capacity(HEADER_LEN + room(&message.body));
    out.push(VERSION);
    out.push(kind(&message.body));
    out.extend_from_slice(&message.transaction.to_be_bytes());
    out.extend_from_slice(message.sender.as_bytes());
    body(&mut out, &message.body);
    out.into()
}

fn body(out: &mut Vec<u8>, body: &Body) {
    match body {
        Body::FindSuccessor { key, avoid } => {
            out.extend_from_slice(key.as_bytes());
            let avoid = avoid.get(..MAX_AVOIDED).unwrap_or(avoid);
            out.push(avoid.len() as u8);
            avoid.iter().for_each(|id| out.extend_from_slice(id.as_bytes()));
        }
        Body::Forward { key, asker, token, hops } => {
            out.extend_from_slice(key.as_bytes());
            address(out, *asker);
            out.extend_from_slice(&token.to_be_bytes());
            out.extend_from_slice(&hops.to_be_bytes());
        }
        Body::Put { key, value } => {
            out.extend_from_slice(key.as_bytes());
            counted(out, value);
        }
        Body::Get { key } => out.extend_from_slice(key.as_bytes()),
        Body::Transfer { items } => {
            let items = items.get(..MAX_ITEMS).unwrap_or(items);
            out.push(items.len() as u8);
            for item in items {
                out.extend_from_slice(item.key.as_bytes());
                out.extend_from_slice(&item.version.to_be_bytes());
                counted(out, &item.value);
            }
        }
        Body::Leave { predecessor, successors } | Body::Neighbours { predecessor, successors } => {
            contacts(out, predecessor.as_slice());
            contacts(out, successors);
        }
        Body::Successor { hops, contacts: found } => {
            out.extend_from_slice(&hops.to_be_bytes());
            contacts(out, found);
        }
        Body::Closer { contact: closer } => contact(out, closer),
        Body::Stored { version } => out.extend_from_slice(&version.to_be_bytes()),
        Body::Value { version, value } => {
            out.extend_from_slice(&version.to_be_bytes());
            counted(out, value);
        }
        Body::Failed(fault) => out.push(fault.code()),
        Body::Ping
        | Body::GetPredecessor
        | Body::Notify
        | Body::Pong
        | Body::Taken
        | Body::Missing
        | Body::Received
        | Body::Goodbye => {}
    }
}

fn contacts(out: &mut Vec<u8>, list: &[Contact]) {
    let list = list.get(..MAX_CONTACTS).unwrap_or(list);
    out.push(list.len() as u8);
    list.iter().for_each(|each| contact(out, each));
}

fn contact(out: &mut Vec<u8>, contact: &Contact) {
    out.extend_from_slice(contact.id.as_bytes());
    address(out, contact.address);
}

fn address(out: &mut Vec<u8>, address: SocketAddrV4) {
    out.extend_from_slice(&address.ip().octets());
    out.extend_from_slice(&address.port().to_be_bytes());
}

fn counted(out: &mut Vec<u8>, value: &[u8]) {
    let value = value.get(..MAX_VALUE).unwrap_or(value);
    out.extend_from_slice(&(value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
}

/// About how many bytes the body takes, so that the message is made in one piece.
fn room(body: &Body) -> usize {
    match body {
        Body::FindSuccessor { avoid, .. } => 21 + 20 * avoid.len(),
        Body::Successor { contacts, .. } => 3 + 26 * contacts.len(),
        Body::Neighbours { successors, .. } | Body::Leave { successors, .. } => {
            28 + 26 * successors.len()
        }
        Body::Put { value, .. } | Body::Value { value, .. } => 22 + value.len(),
        Body::Transfer { items } => {
            1 + items.iter().map(|item| 26 + item.value.len()).sum::<usize>()
        }
        Body::Forward { .. } | Body::Closer { .. } | Body::Get { .. } => 32,
        Body::Stored { .. }
        | Body::Failed(_)
        | Body::Ping
        | Body::GetPredecessor
        | Body::Notify
        | Body::Pong
        | Body::Taken
        | Body::Missing
        | Body::Received
        | Body::Goodbye => 4,
    }
}

fn kind(body: &Body) -> u8 {
    match body {
        Body::Ping => PING,
        Body::FindSuccessor { .. } => FIND_SUCCESSOR,
        Body::Forward { .. } => FORWARD,
        Body::GetPredecessor => GET_PREDECESSOR,
        Body::Notify => NOTIFY,
        Body::Put { .. } => PUT,
        Body::Get { .. } => GET,
        Body::Transfer { .. } => TRANSFER,
        Body::Leave { .. } => LEAVE,
        Body::Pong => PONG,
        Body::Successor { .. } => SUCCESSOR,
        Body::Closer { .. } => CLOSER,
        Body::Neighbours { .. } => NEIGHBOURS,
        Body::Taken => TAKEN,
        Body::Stored { .. } => STORED,
        Body::Value { .. } => VALUE,
        Body::Missing => MISSING,
        Body::Received => RECEIVED,
        Body::Goodbye => GOODBYE,
        Body::Failed(_) => FAILED,
    }
}
