//! Reads messages.

use core::net::{Ipv4Addr, SocketAddrV4};

use bytes::Bytes;

use super::super::message::Short;
use super::super::{
    Body, Contact, Fault, Item, MAX_AVOIDED, MAX_CONTACTS, MAX_ITEMS, MAX_VALUE, Message, rules,
};
use super::{
    ANSWER, CLOSER, FAILED, FIND_SUCCESSOR, FORWARD, GET, GET_PREDECESSOR, GOODBYE, LEAVE, MISSING,
    NEIGHBOURS, NOTIFY, PING, PONG, PUT, RECEIVED, STORED, SUCCESSOR, TAKEN, TRANSFER, VALUE,
    VERSION, kind_name,
};
use crate::overlay::Key;
use crate::wire::{Notes, Rule, Span, Violation};

/// What every message begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// The kind: its highest bit tells an answer from a request.
    pub kind: u8,
    /// The asker's number.
    pub transaction: u32,
    /// Who sends it.
    pub sender: Key,
}

/// Reads a datagram.
///
/// # Errors
/// What breaks the format; the code is that of the [`Fault`] to answer. The notes reach as far as
/// could be read.
pub fn read(bytes: &Bytes, notes: &mut Notes) -> Result<Message, Violation> {
    let mut cursor = Cursor { bytes, at: 0, depth: 0, notes };
    let Header { kind, transaction, sender } = cursor.header()?;
    let body = cursor.body(kind)?;
    cursor.end()?;
    Ok(Message { transaction, sender, body })
}

/// The header alone, from a message that need not be readable behind it; none where it is too
/// short.
pub fn read_header(bytes: &Bytes) -> Option<Header> {
    let mut notes = Notes::off();
    let mut cursor = Cursor { bytes, at: 0, depth: 0, notes: &mut notes };
    cursor.byte("version", &rules::FORMAT).ok()?;
    cursor.rest_of_header().ok()
}

/// A place in a message that moves forward, and notes what it passes.
struct Cursor<'a> {
    bytes: &'a Bytes,
    at: usize,
    depth: u8,
    notes: &'a mut Notes,
}

impl Cursor<'_> {
    fn header(&mut self) -> Result<Header, Violation> {
        let version = self.byte("version", &rules::FORMAT)?;
        if version != VERSION {
            return Err(Violation {
                rule: &rules::FORMAT,
                span: Span::new(0, 1),
                found: format!("The version of the format is {version}."),
                legal: format!("version {VERSION}"),
                code: Fault::Version.code().into(),
            });
        }
        self.rest_of_header()
    }

    fn rest_of_header(&mut self) -> Result<Header, Violation> {
        let [kind] = self
            .array("kind", &rules::FORMAT, |[kind]| format!("{} ({kind:#04x})", kind_name(kind)))?;
        let transaction = self.u32("transaction", &rules::TRANSACTION)?;
        let sender = self.id("sender", &rules::FORMAT)?;
        Ok(Header { kind, transaction, sender })
    }

    fn body(&mut self, kind: u8) -> Result<Body, Violation> {
        match kind & ANSWER {
            0 => self.request(kind),
            _ => self.answer(kind),
        }
    }

    fn request(&mut self, kind: u8) -> Result<Body, Violation> {
        Ok(match kind {
            PING => Body::Ping,
            FIND_SUCCESSOR => {
                let key = self.id("key", &rules::FIND_SUCCESSOR)?;
                let count = self.count("dead nodes", MAX_AVOIDED)?;
                let each = |cursor: &mut Self| cursor.id("dead node", &rules::NEXT_BEST);
                Body::FindSuccessor { key, avoid: self.list(count, each)? }
            }
            FORWARD => Body::Forward {
                key: self.id("key", &rules::FIND_SUCCESSOR)?,
                asker: self.grouped("asker", &rules::RECURSIVE, Self::address)?,
                token: self.u32("asker's number", &rules::RECURSIVE)?,
                hops: self.u16("nodes asked", &rules::RECURSIVE)?,
            },
            GET_PREDECESSOR => Body::GetPredecessor,
            NOTIFY => Body::Notify,
            PUT => Body::Put {
                key: self.id("key", &rules::CONSISTENT_HASHING)?,
                value: self.value(&rules::CONSISTENT_HASHING)?,
            },
            GET => Body::Get { key: self.id("key", &rules::CONSISTENT_HASHING)? },
            TRANSFER => {
                let count = self.count("items", MAX_ITEMS)?;
                let each = |cursor: &mut Self| cursor.grouped("item", &rules::GIVEN, Self::item);
                Body::Transfer { items: self.list(count, each)? }
            }
            LEAVE => {
                let (predecessor, successors) = self.neighbours(&rules::LEAVE)?;
                Body::Leave { predecessor, successors }
            }
            unknown => return Err(unknown_kind(unknown)),
        })
    }

    fn answer(&mut self, kind: u8) -> Result<Body, Violation> {
        Ok(match kind {
            PONG => Body::Pong,
            SUCCESSOR => {
                let hops = self.u16("nodes asked", &rules::RECURSIVE)?;
                let contacts = self.contacts("successors", &rules::FIND_SUCCESSOR)?;
                if contacts.is_empty() {
                    return Err(self.bad("The answer names no successor.", "at least one contact"));
                }
                Body::Successor { hops, contacts }
            }
            CLOSER => Body::Closer { contact: self.contact(&rules::CLOSEST_PRECEDING)? },
            NEIGHBOURS => {
                let (predecessor, successors) = self.neighbours(&rules::STABILISE)?;
                Body::Neighbours { predecessor, successors }
            }
            TAKEN => Body::Taken,
            STORED => Body::Stored { version: self.u32("version", &rules::REPLICAS)? },
            VALUE => Body::Value {
                version: self.u32("version", &rules::REPLICAS)?,
                value: self.value(&rules::CONSISTENT_HASHING)?,
            },
            MISSING => Body::Missing,
            RECEIVED => Body::Received,
            GOODBYE => Body::Goodbye,
            FAILED => {
                let [code] =
                    self.array("error", &rules::FORMAT, |[code]| Fault::of(code).to_string())?;
                Body::Failed(Fault::of(code))
            }
            unknown => return Err(unknown_kind(unknown)),
        })
    }

    fn neighbours(
        &mut self,
        rule: &'static Rule,
    ) -> Result<(Option<Contact>, Vec<Contact>), Violation> {
        let count = self.count("predecessors", 1)?;
        let predecessor = self.list(count, |cursor| cursor.contact(rule))?.pop();
        Ok((predecessor, self.contacts("successors", rule)?))
    }

    fn contacts(
        &mut self,
        name: &'static str,
        rule: &'static Rule,
    ) -> Result<Vec<Contact>, Violation> {
        let count = self.count(name, MAX_CONTACTS)?;
        self.list(count, |cursor| cursor.contact(rule))
    }

    fn contact(&mut self, rule: &'static Rule) -> Result<Contact, Violation> {
        self.grouped("contact", rule, |cursor| {
            let id = cursor.id("id", rule)?;
            Ok(Contact { id, address: cursor.address()? })
        })
    }

    fn item(&mut self) -> Result<Item, Violation> {
        Ok(Item {
            key: self.id("key", &rules::GIVEN)?,
            version: self.u32("version", &rules::REPLICAS)?,
            value: self.value(&rules::GIVEN)?,
        })
    }

    fn address(&mut self) -> Result<SocketAddrV4, Violation> {
        let says = |octets| Ipv4Addr::from(octets).to_string();
        let ip = self.array::<4>("address", &rules::FORMAT, says)?;
        Ok(SocketAddrV4::new(ip.into(), self.u16("port", &rules::FORMAT)?))
    }

    fn value(&mut self, rule: &'static Rule) -> Result<Bytes, Violation> {
        let len = usize::from(self.u16("length", rule)?);
        if len > MAX_VALUE {
            let found = format!("The value has {len} bytes.");
            return Err(self.bad(&found, &format!("at most {MAX_VALUE} bytes")));
        }
        let span = self.pass(len, "value")?;
        let value = self.bytes.slice(span.start..span.end);
        self.notes.note(self.depth, span, "value", Some(rule), || shown(&value));
        Ok(value)
    }

    fn count(&mut self, name: &'static str, most: usize) -> Result<usize, Violation> {
        let [count] = self.array(name, &rules::FORMAT, |[count]| count.to_string())?;
        match usize::from(count) {
            count if count <= most => Ok(count),
            count => {
                let found = format!("The message counts {count} {name}.");
                Err(self.bad(&found, &format!("at most {most}")))
            }
        }
    }

    fn list<T>(
        &mut self,
        count: usize,
        mut each: impl FnMut(&mut Self) -> Result<T, Violation>,
    ) -> Result<Vec<T>, Violation> {
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(each(self)?);
        }
        Ok(list)
    }

    /// Reads something that has parts: they are noted below it, where they stand.
    fn grouped<T: core::fmt::Debug>(
        &mut self,
        name: &'static str,
        rule: &'static Rule,
        read: impl FnOnce(&mut Self) -> Result<T, Violation>,
    ) -> Result<T, Violation> {
        if !self.notes.wanted() {
            return read(self);
        }
        let start = self.at;
        let before = core::mem::replace(self.notes, Notes::on());
        self.depth += 1;
        let outcome = read(self);
        self.depth -= 1;
        let parts = core::mem::replace(self.notes, before).take();
        let texts: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
        let value = texts.join(", ");
        if start < self.at {
            let span = Span::new(start, self.at);
            self.notes.note(self.depth, span, name, Some(rule), || value);
        }
        for part in parts {
            self.notes.note(part.depth, part.span, part.name, part.rule, || part.value);
        }
        outcome
    }

    fn id(&mut self, name: &'static str, rule: &'static Rule) -> Result<Key, Violation> {
        let says = |bytes| Short(Key::new(bytes)).to_string();
        self.array(name, rule, says).map(Key::new)
    }

    fn u32(&mut self, name: &'static str, rule: &'static Rule) -> Result<u32, Violation> {
        let says = |bytes| u32::from_be_bytes(bytes).to_string();
        self.array(name, rule, says).map(u32::from_be_bytes)
    }

    fn u16(&mut self, name: &'static str, rule: &'static Rule) -> Result<u16, Violation> {
        let says = |bytes| u16::from_be_bytes(bytes).to_string();
        self.array(name, rule, says).map(u16::from_be_bytes)
    }

    fn byte(&mut self, name: &'static str, rule: &'static Rule) -> Result<u8, Violation> {
        self.array(name, rule, |[byte]| byte.to_string()).map(|[byte]| byte)
    }

    fn array<const N: usize>(
        &mut self,
        name: &'static str,
        rule: &'static Rule,
        says: impl FnOnce([u8; N]) -> String,
    ) -> Result<[u8; N], Violation> {
        let Some(bytes) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>()) else {
            return Err(self.ends_within(N, name));
        };
        let (bytes, span) = (*bytes, Span::new(self.at, self.at + N));
        self.at = span.end;
        self.notes.note(self.depth, span, name, Some(rule), || says(bytes));
        Ok(bytes)
    }

    fn pass(&mut self, len: usize, name: &str) -> Result<Span, Violation> {
        let span = Span::new(self.at, self.at + len);
        if span.end > self.bytes.len() {
            return Err(self.ends_within(len, name));
        }
        self.at = span.end;
        Ok(span)
    }

    #[cold]
    fn ends_within(&self, len: usize, name: &str) -> Violation {
        let left = self.bytes.len() - self.at;
        let found = format!("The message ends within {name}: {left} of {len} bytes are there.");
        self.bad(&found, "a message that holds all that its counts promise")
    }

    fn end(&self) -> Result<(), Violation> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            left => {
                let found = format!("{left} bytes follow the last field.");
                Err(self.bad(&found, "a message that ends with its last field"))
            }
        }
    }

    fn bad(&self, found: &str, legal: &str) -> Violation {
        Violation {
            rule: &rules::MALFORMED,
            span: Span::new(self.at, self.bytes.len()),
            found: found.to_string(),
            legal: legal.to_string(),
            code: Fault::Malformed.code().into(),
        }
    }
}

fn unknown_kind(kind: u8) -> Violation {
    Violation {
        rule: &rules::UNKNOWN_KIND,
        span: Span::new(1, 2),
        found: format!("Nobody knows messages of the kind {kind:#04x}."),
        legal: "a kind of the table".to_string(),
        code: Fault::UnknownKind.code().into(),
    }
}

/// A value for people: its text, or how long it is.
fn shown(value: &[u8]) -> String {
    match core::str::from_utf8(value) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_string(),
        Ok(_) | Err(_) => format!("{} B", value.len()),
    }
}
