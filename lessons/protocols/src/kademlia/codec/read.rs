//! Reads KRPC messages (BEP 5, "KRPC Protocol").

use bytes::Bytes;

use super::notes::vocabulary;
use super::{LIMITS, MAX_TOKEN, MAX_TRANSACTION};
use crate::kademlia::bencode::{self, Item, shown};
use crate::kademlia::{
    Announce, Ask, Body, Contact, Message, Query, Refusal, Response, code, read_peer, rules,
};
use crate::overlay::Key;
use crate::wire::{Notes, Rule, Span, Violation};

/// A datagram that is no message of KRPC, or not a right one.
#[derive(Clone, PartialEq, Debug)]
pub struct Unread {
    /// What is wrong. Its code is that of the error to answer with, 0 for none.
    pub violation: Violation,
    /// The transaction ID, where it is a query that can be answered with an error.
    pub answer_to: Option<Bytes>,
}

/// Reads one datagram.
///
/// # Errors
/// What breaks a rule of bencode or of KRPC, and whom to tell. The notes cover every byte.
pub fn read(datagram: &Bytes, notes: &mut Notes) -> Result<Message, Unread> {
    let outcome = bencode::read(datagram, &LIMITS, vocabulary, notes);
    let Some(item) = outcome.item else {
        let violation = outcome.fault.unwrap_or_else(|| nothing(datagram.len()));
        return Err(Unread { violation, answer_to: None });
    };
    let message = Datagram { bytes: datagram, item: &item };
    match outcome.fault {
        Some(violation) => Err(message.unread(violation)),
        None => message.read().map_err(|violation| message.unread(violation)),
    }
}

fn nothing(len: usize) -> Violation {
    fault(&rules::MESSAGE, Span::new(0, len), "Nothing is there.".into(), "a dictionary")
}

/// A datagram that could be read as bencode.
struct Datagram<'a> {
    bytes: &'a Bytes,
    item: &'a Item<'a>,
}

impl Datagram<'_> {
    fn read(&self) -> Result<Message, Violation> {
        if self.item.dictionary().is_none() {
            let found = format!("The message is {}.", self.item.kind());
            return Err(fault(&rules::MESSAGE, self.item.span, found, "a dictionary"));
        }
        let transaction = self.string(self.item, b"t", &rules::TRANSACTION)?;
        if transaction.len() > MAX_TRANSACTION {
            let found = format!("The transaction ID has {} bytes.", transaction.len());
            return Err(fault(&rules::TRANSACTION, self.item.span, found, "a short string"));
        }
        let kind = self.need(self.item, b"y", &rules::KIND)?;
        let body = match kind.string() {
            Some(b"q") => Body::Query(self.query()?),
            Some(b"r") => Body::Response(self.response()?),
            Some(b"e") => Body::Error(self.error()?),
            Some(_) | None => {
                let found = "The type of the message is none that is known.".into();
                return Err(fault(&rules::KIND, kind.span, found, "`q`, `r` or `e`"));
            }
        };
        let entry = |key: &[u8]| self.item.entry(key);
        Ok(Message {
            transaction,
            body,
            version: entry(b"v").and_then(Item::string).map(|bytes| self.kept(bytes)),
            read_only: entry(b"ro").and_then(Item::integer) == Some(1),
            your_address: entry(b"ip").and_then(Item::string).and_then(read_peer),
        })
    }

    fn query(&self) -> Result<Query, Violation> {
        let method = self.need(self.item, b"q", &rules::QUERY)?;
        let Some(name) = method.string() else {
            let found = format!("The name of the query is {}.", method.kind());
            return Err(fault(&rules::QUERY, method.span, found, "a string"));
        };
        if !METHODS.contains(&name) {
            let found = format!("There is no query {}.", shown(name));
            let violation = fault(&rules::METHOD_UNKNOWN, method.span, found, LEGAL_METHODS);
            return Err(Violation { code: code::METHOD_UNKNOWN, ..violation });
        }
        let arguments = self.need(self.item, b"a", &rules::QUERY)?;
        if arguments.dictionary().is_none() {
            let found = format!("The arguments are {}.", arguments.kind());
            return Err(fault(&rules::QUERY, arguments.span, found, "a dictionary"));
        }
        let id = self.key(arguments, b"id", &rules::NODE_ID)?;
        let ask = match name {
            b"find_node" => {
                Ask::FindNode { target: self.key(arguments, b"target", &rules::FIND_NODE)? }
            }
            b"get_peers" => {
                Ask::GetPeers { info_hash: self.key(arguments, b"info_hash", &rules::INFOHASH)? }
            }
            b"announce_peer" => Ask::AnnouncePeer(self.announce(arguments)?),
            _ => Ask::Ping,
        };
        Ok(Query { id, ask })
    }

    fn announce(&self, arguments: &Item<'_>) -> Result<Announce, Violation> {
        let info_hash = self.key(arguments, b"info_hash", &rules::INFOHASH)?;
        let token = self.string(arguments, b"token", &rules::TOKEN)?;
        if token.len() > MAX_TOKEN {
            let found = format!("The token has {} bytes.", token.len());
            return Err(fault(&rules::TOKEN, arguments.span, found, "a token that was given out"));
        }
        let implied_port =
            arguments.entry(b"implied_port").and_then(Item::integer).is_some_and(|n| n != 0);
        let port = arguments.entry(b"port");
        let number = port.and_then(Item::integer).and_then(|port| u16::try_from(port).ok());
        match (number, implied_port) {
            (Some(port), _) if port > 0 || implied_port => {
                Ok(Announce { info_hash, port, implied_port, token })
            }
            (_, true) => Ok(Announce { info_hash, port: 0, implied_port, token }),
            (_, false) => {
                let span = port.map_or(arguments.span, |port| port.span);
                let found = match port {
                    Some(_) => "What is under port is no port.".into(),
                    None => "There is no port.".to_string(),
                };
                let legal = "a number from 1 to 65535, or implied_port";
                Err(fault(&rules::ANNOUNCE_PEER, span, found, legal))
            }
        }
    }

    fn response(&self) -> Result<Response, Violation> {
        let values = self.need(self.item, b"r", &rules::RESPONSE)?;
        if values.dictionary().is_none() {
            let found = format!("What is returned is {}.", values.kind());
            return Err(fault(&rules::RESPONSE, values.span, found, "a dictionary"));
        }
        let token = values.entry(b"token").and_then(Item::string);
        Ok(Response {
            id: self.key(values, b"id", &rules::NODE_ID)?,
            nodes: values.entry(b"nodes").and_then(Item::string).map(nodes),
            values: values.entry(b"values").and_then(Item::list).map(peers),
            token: token.filter(|token| token.len() <= MAX_TOKEN).map(|token| self.kept(token)),
        })
    }

    fn error(&self) -> Result<Refusal, Violation> {
        let error = self.need(self.item, b"e", &rules::ERROR)?;
        let parts = error.list().unwrap_or(&[]);
        let Some(code) = parts.first().and_then(Item::integer) else {
            let found = "The error has no code.".into();
            return Err(fault(&rules::ERROR, error.span, found, "a list of a code and a text"));
        };
        let text = parts.get(1).and_then(Item::string).unwrap_or(b"");
        Ok(Refusal { code, text: String::from_utf8_lossy(text).into_owned() })
    }

    /// A node ID or an infohash, of 20 bytes as the rule has it.
    fn key(&self, item: &Item<'_>, name: &[u8], rule: &'static Rule) -> Result<Key, Violation> {
        let found = self.need(item, name, rule)?;
        let bytes = found.string().unwrap_or(b"");
        <[u8; Key::BYTES]>::try_from(bytes).map(Key::new).map_err(|_| {
            let said = match found.string() {
                Some(bytes) => format!("{} has {} bytes.", shown(name), bytes.len()),
                None => format!("{} is {}.", shown(name), found.kind()),
            };
            fault(rule, found.span, said, "a string of 20 bytes")
        })
    }

    fn string(
        &self,
        item: &Item<'_>,
        name: &[u8],
        rule: &'static Rule,
    ) -> Result<Bytes, Violation> {
        let found = self.need(item, name, rule)?;
        match found.string() {
            Some(bytes) => Ok(self.kept(bytes)),
            None => {
                let said = format!("{} is {}.", shown(name), found.kind());
                Err(fault(rule, found.span, said, "a string"))
            }
        }
    }

    fn need<'b>(
        &self,
        item: &'b Item<'b>,
        name: &[u8],
        rule: &'static Rule,
    ) -> Result<&'b Item<'b>, Violation> {
        item.entry(name).ok_or_else(|| {
            let found = format!("The key {} is missing.", shown(name));
            fault(rule, item.span, found, "a dictionary with this key")
        })
    }

    /// Bytes of the datagram that are held on to without copying them.
    fn kept(&self, bytes: &[u8]) -> Bytes {
        self.bytes.slice_ref(bytes)
    }

    /// A query whose transaction ID is known is answered; nothing else is.
    fn unread(&self, violation: Violation) -> Unread {
        let entry = |key: &[u8]| self.item.entry(key).and_then(Item::string);
        let transaction = entry(b"t").filter(|bytes| bytes.len() <= MAX_TRANSACTION);
        let asks = entry(b"y") == Some(b"q");
        let answer_to = transaction.filter(|_| asks).map(|bytes| self.kept(bytes));
        let code = match (&answer_to, violation.code) {
            (None, _) => 0,
            (Some(_), 0) => code::PROTOCOL,
            (Some(_), code) => code,
        };
        Unread { violation: Violation { code, ..violation }, answer_to }
    }
}

/// Each whole contact; those that nobody can be reached at are passed over.
fn nodes(bytes: &[u8]) -> Vec<Contact> {
    let whole = bytes.chunks_exact(Contact::BYTES);
    let mut contacts = Vec::with_capacity(whole.len());
    let reachable = |contact: &Contact| contact.address.port() != 0;
    contacts.extend(whole.filter_map(Contact::read).filter(reachable));
    contacts
}

fn peers(items: &[Item<'_>]) -> Vec<core::net::SocketAddrV4> {
    items.iter().filter_map(Item::string).filter_map(read_peer).collect()
}

fn fault(rule: &'static Rule, span: Span, found: String, legal: &str) -> Violation {
    Violation { rule, span, found, legal: legal.into(), code: 0 }
}

/// The queries of BEP 5.
const METHODS: [&[u8]; 4] = [b"ping", b"find_node", b"get_peers", b"announce_peer"];

const LEGAL_METHODS: &str = "ping, find_node, get_peers or announce_peer";
