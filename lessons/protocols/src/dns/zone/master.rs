//! Reads master files: the text in which zones are kept (RFC 1035 section 5).

use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::Zone;
use super::lines::{Entry, Word, entries};
use crate::dns::codec::data_of;
use crate::dns::{CharacterString, Class, Data, Ending, Name, Record, RecordType, Soa};

/// What is wrong with a zone's text, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ZoneError {
    /// The line, from 1; 0 where the zone as a whole lacks something.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.why),
            line => write!(f, "line {line}: {}", self.why),
        }
    }
}

impl std::error::Error for ZoneError {}

/// Reads one record: a line such as `www.example.com 60 IN A 192.0.2.7`, whose time to live may
/// not be left out.
///
/// # Errors
/// Whatever is wrong with it.
pub fn read_record(line: &str, origin: &Name) -> Result<Record, ZoneError> {
    let entries = entries(line).map_err(|(line, why)| ZoneError { line, why: why.into() })?;
    match entries.as_slice() {
        [entry] => Reader::new(origin).record(entry).map_err(|why| ZoneError { line: 1, why }),
        _ => Err(ZoneError { line: 1, why: "this is not one record".into() }),
    }
}

/// See [`Zone::parse`].
pub(super) fn read_zone(text: &str, origin: &Name) -> Result<Zone, ZoneError> {
    let mut reader = Reader::new(origin);
    let mut records = Vec::new();
    let entries = entries(text).map_err(|(line, why)| ZoneError { line, why: why.into() })?;
    for entry in entries {
        let at = |why| ZoneError { line: entry.line, why };
        match entry.words.first() {
            Some(word) if !word.quoted && word.text.starts_with('$') => {
                reader.directive(&entry).map_err(at)?;
            }
            Some(_) | None => {
                let record = reader.record(&entry).map_err(at)?;
                records.push((entry.line, record));
            }
        }
    }
    let lacks = |why: &str| ZoneError { line: 0, why: why.into() };
    let top = records.iter().find(|(_, record)| record.kind() == RecordType::Soa);
    let (_, top) = top.ok_or_else(|| lacks("the zone has no SOA record"))?;
    let mut zone = Zone { origin: top.name.clone(), nodes: Arc::new(BTreeMap::new()) };
    for (line, record) in records {
        zone.add(record).map_err(|unfit| ZoneError { line, why: unfit.to_string() })?;
    }
    if zone.set_of(zone.origin(), RecordType::Ns).next().is_none() {
        return Err(lacks("the zone has no NS record at its top"));
    }
    Ok(zone)
}

/// What holds from one entry to the next.
struct Reader {
    origin: Name,
    owner: Option<Name>,
    /// From `$TTL`.
    default_ttl: Option<u32>,
    /// Of the record before, for records without one where there is no `$TTL`.
    last_ttl: Option<u32>,
}

impl Reader {
    fn new(origin: &Name) -> Reader {
        Reader { origin: origin.clone(), owner: None, default_ttl: None, last_ttl: None }
    }

    fn directive(&mut self, entry: &Entry) -> Result<(), String> {
        let mut words = entry.words.iter().map(|word| word.text.as_str());
        match (words.next(), words.next(), words.next()) {
            (Some("$ORIGIN"), Some(name), None) => self.origin = self.name(name)?,
            (Some("$TTL"), Some(text), None) => {
                let ttl = ttl(text).ok_or_else(|| format!("`{text}` is no time to live"))?;
                self.default_ttl = Some(ttl);
            }
            (Some("$INCLUDE"), ..) => {
                return Err("$INCLUDE is not read: a zone here is one text".into());
            }
            (Some(word @ ("$ORIGIN" | "$TTL")), ..) => {
                return Err(format!("{word} takes one word"));
            }
            (word, ..) => return Err(format!("no directive {}", word.unwrap_or_default())),
        }
        Ok(())
    }

    fn record(&mut self, entry: &Entry) -> Result<Record, String> {
        let mut words = entry.words.iter();
        let name = match entry.indented {
            true => self.owner.clone().ok_or("the first record needs an owner")?,
            false => self.name(words.next().map_or("", |word| word.text.as_str()))?,
        };
        self.owner = Some(name.clone());
        let (mut own_ttl, mut class) = (None, None);
        let kind = loop {
            let word = words.next().ok_or("the type of the record is missing")?;
            match (ttl(&word.text), word.text.parse::<Class>()) {
                (Some(ttl), _) if own_ttl.is_none() => own_ttl = Some(ttl),
                (_, Ok(read)) if class.is_none() => class = Some(read),
                _ => break word.text.parse::<RecordType>().map_err(|e| e.to_string())?,
            }
        };
        let ttl = own_ttl.or(self.default_ttl).or(self.last_ttl);
        let ttl = ttl.ok_or("the record has no time to live, and there is no $TTL before it")?;
        self.last_ttl = Some(ttl);
        let data = self.data(kind, words.as_slice())?;
        Ok(Record { name, class: class.unwrap_or(Class::In), ttl, data })
    }

    /// A name as it stands in the text: `@`, one with a last dot, or one below the origin.
    fn name(&self, text: &str) -> Result<Name, String> {
        if text == "@" {
            return Ok(self.origin.clone());
        }
        let name = match Name::parse(text) {
            Ok((name, Ending::Dot)) => Ok(name),
            Ok((name, Ending::Open)) => name.below(&self.origin),
            Err(error) => Err(error),
        };
        name.map_err(|error| format!("`{text}` is no name: {error}"))
    }

    fn data(&self, kind: RecordType, words: &[Word]) -> Result<Data, String> {
        if let [first, rest @ ..] = words
            && first.text == "\\#"
            && !first.quoted
        {
            return generic(kind, rest);
        }
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let bad = |what: &str| format!("{kind} takes {what}, not `{}`", texts.join(" "));
        match (kind, texts.as_slice()) {
            (RecordType::A, [address]) => {
                address.parse().map(Data::A).map_err(|_| bad("an IPv4 address"))
            }
            (RecordType::Aaaa, [address]) => {
                address.parse().map(Data::Aaaa).map_err(|_| bad("an IPv6 address"))
            }
            (RecordType::Ns, [name]) => self.name(name).map(Data::Ns),
            (RecordType::Cname, [name]) => self.name(name).map(Data::Cname),
            (RecordType::Ptr, [name]) => self.name(name).map(Data::Ptr),
            (RecordType::Mx, [preference, exchange]) => {
                let preference = number(preference).ok_or_else(|| bad(MX_TAKES))?;
                Ok(Data::Mx { preference, exchange: self.name(exchange)? })
            }
            (RecordType::Srv, [priority, weight, port, target]) => {
                let number = |text| number(text).ok_or_else(|| bad(SRV_TAKES));
                let target = self.name(target)?;
                let (priority, weight, port) = (number(priority)?, number(weight)?, number(port)?);
                Ok(Data::Srv { priority, weight, port, target })
            }
            (RecordType::Soa, [primary, mailbox, numbers @ ..]) => {
                self.soa(primary, mailbox, numbers).ok_or_else(|| bad(SOA_TAKES))
            }
            (RecordType::Txt, [_, ..]) => strings(words),
            (RecordType::A, _) => Err(bad("an IPv4 address")),
            (RecordType::Aaaa, _) => Err(bad("an IPv6 address")),
            (RecordType::Ns | RecordType::Cname | RecordType::Ptr, _) => Err(bad("one name")),
            (RecordType::Mx, _) => Err(bad(MX_TAKES)),
            (RecordType::Srv, _) => Err(bad(SRV_TAKES)),
            (RecordType::Soa, _) => Err(bad(SOA_TAKES)),
            (RecordType::Txt, _) => Err(bad("at least one string")),
            (RecordType::Opt | RecordType::Axfr | RecordType::Any | RecordType::Other(_), _) => {
                Err(bad("`\\#`, a length and the bytes in hexadecimal"))
            }
        }
    }

    fn soa(&self, primary: &str, mailbox: &str, numbers: &[&str]) -> Option<Data> {
        let [serial, refresh, retry, expire, minimum] = numbers else { return None };
        Some(Data::Soa(Soa {
            primary: self.name(primary).ok()?,
            mailbox: self.name(mailbox).ok()?,
            serial: number(serial)?,
            refresh: seconds(refresh)?,
            retry: seconds(retry)?,
            expire: seconds(expire)?,
            minimum: seconds(minimum)?,
        }))
    }
}

fn strings(words: &[Word]) -> Result<Data, String> {
    let string = |word: &Word| {
        let bytes = word.bytes().ok_or("a backslash escapes nothing")?;
        CharacterString::new(bytes).ok_or("a string has at most 255 bytes")
    };
    words.iter().map(string).collect::<Result<_, _>>().map(Data::Txt).map_err(str::to_string)
}

/// Data of any type as bytes in hexadecimal (RFC 3597 section 5).
fn generic(kind: RecordType, words: &[Word]) -> Result<Data, String> {
    let bad = || "behind `\\#` stand a length and so many bytes in hexadecimal".to_string();
    let [len, hex @ ..] = words else { return Err(bad()) };
    let hex: String = hex.iter().map(|word| word.text.as_str()).collect();
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte_of).collect();
    let bytes = bytes.filter(|bytes| number(&len.text) == Some(bytes.len())).ok_or_else(bad)?;
    data_of(kind, &Bytes::from(bytes)).map_err(|violation| violation.found)
}

fn byte_of(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// A number in decimal digits alone.
fn number<T: core::str::FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// A time to live, in seconds (RFC 2181 section 8).
fn ttl(text: &str) -> Option<u32> {
    seconds(text).filter(|seconds| *seconds <= MAX_TTL)
}

/// Seconds: a number, or numbers with units as BIND has them, such as `1h30m`.
fn seconds(text: &str) -> Option<u32> {
    if let Some(seconds) = number(text) {
        return Some(seconds);
    }
    let mut rest = text;
    let mut seconds = 0u32;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| !c.is_ascii_digit())?;
        let (count, behind) = rest.split_at(unit);
        let named = |name: char| behind.starts_with([name, name.to_ascii_uppercase()]);
        let (_, length) = *UNITS.iter().find(|(name, _)| named(*name))?;
        seconds = seconds.checked_add(number::<u32>(count)?.checked_mul(length)?)?;
        rest = behind.get(1..)?;
    }
    (!text.is_empty()).then_some(seconds)
}

/// What stands behind MX.
const MX_TAKES: &str = "a preference and a name";

/// What stands behind SRV.
const SRV_TAKES: &str = "priority, weight, port and a name";

/// What stands behind SOA.
const SOA_TAKES: &str = "two names and five numbers";

/// The units of time, with their seconds.
const UNITS: [(char, u32); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The longest time to live (RFC 2181 section 8).
const MAX_TTL: u32 = 0x7fff_ffff;
