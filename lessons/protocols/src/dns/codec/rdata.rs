//! Reads the data of records, type by type (RFC 1035 section 3.3, RFC 3596, RFC 2782).

use core::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;

use super::cursor::{Cursor, Field};
use super::name::read_name;
use crate::dns::{CharacterString, Class, Data, RecordType, Soa, rules};
use crate::wire::{Notes, Rule, Span, Violation};

/// The data of a record of this type in class IN, from its bytes alone: pointers lead nowhere.
pub(in crate::dns) fn data_of(kind: RecordType, bytes: &[u8]) -> Result<Data, Violation> {
    let mut cursor = Cursor::new(bytes, &mut Notes::off());
    cursor.bounded(bytes.len(), |cursor| read_data(cursor, kind, Class::In))
}

/// Reads the data of a record of this type and class, up to where the cursor is bounded.
///
/// Addresses and services are read in class IN only: elsewhere they would mean something else.
pub(super) fn read_data(
    cursor: &mut Cursor<'_>,
    kind: RecordType,
    class: Class,
) -> Result<Data, Violation> {
    match (kind, class) {
        (RecordType::A, Class::In) => a(cursor),
        (RecordType::Aaaa, Class::In) => aaaa(cursor),
        (RecordType::Srv, Class::In) => srv(cursor),
        (RecordType::Ns, Class::In | Class::Ch) => {
            read_name(cursor, "NSDNAME", &rules::NS).map(Data::Ns)
        }
        (RecordType::Cname, Class::In | Class::Ch) => {
            read_name(cursor, "CNAME", &rules::CNAME).map(Data::Cname)
        }
        (RecordType::Ptr, Class::In | Class::Ch) => {
            read_name(cursor, "PTRDNAME", &rules::PTR).map(Data::Ptr)
        }
        (RecordType::Soa, Class::In | Class::Ch) => soa(cursor),
        (RecordType::Mx, Class::In | Class::Ch) => mx(cursor),
        (RecordType::Txt, Class::In | Class::Ch) => txt(cursor),
        _ => unknown(cursor, kind),
    }
}

fn a(cursor: &mut Cursor<'_>) -> Result<Data, Violation> {
    let bits = cursor.u32(Field {
        name: "ADDRESS",
        rule: &rules::A,
        says: |bits| Ipv4Addr::from_bits(bits).to_string(),
    })?;
    Ok(Data::A(Ipv4Addr::from_bits(bits)))
}

fn aaaa(cursor: &mut Cursor<'_>) -> Result<Data, Violation> {
    let mut octets = [0; 16];
    let bytes = cursor.take(octets.len(), "ADDRESS")?;
    for (octet, byte) in octets.iter_mut().zip(bytes) {
        *octet = *byte;
    }
    let address = Ipv6Addr::from(octets);
    let span = Span::new(cursor.at() - octets.len(), cursor.at());
    cursor.note(span, "ADDRESS", &rules::AAAA, || address.to_string());
    Ok(Data::Aaaa(address))
}

fn mx(cursor: &mut Cursor<'_>) -> Result<Data, Violation> {
    let preference = number(cursor, "PREFERENCE", &rules::MX)?;
    let exchange = read_name(cursor, "EXCHANGE", &rules::MX)?;
    Ok(Data::Mx { preference, exchange })
}

fn srv(cursor: &mut Cursor<'_>) -> Result<Data, Violation> {
    let priority = number(cursor, "Priority", &rules::SRV)?;
    let weight = number(cursor, "Weight", &rules::SRV)?;
    let port = number(cursor, "Port", &rules::SRV)?;
    let target = read_name(cursor, "Target", &rules::SRV)?;
    Ok(Data::Srv { priority, weight, port, target })
}

fn soa(cursor: &mut Cursor<'_>) -> Result<Data, Violation> {
    let primary = read_name(cursor, "MNAME", &rules::SOA)?;
    let mailbox = read_name(cursor, "RNAME", &rules::SOA)?;
    let mut number = |name, says| cursor.u32(Field { name, rule: &rules::SOA, says });
    let plain: fn(u32) -> String = |value| value.to_string();
    let seconds: fn(u32) -> String = |value| format!("{value} s");
    Ok(Data::Soa(Soa {
        primary,
        mailbox,
        serial: number("SERIAL", plain)?,
        refresh: number("REFRESH", seconds)?,
        retry: number("RETRY", seconds)?,
        expire: number("EXPIRE", seconds)?,
        minimum: number("MINIMUM", seconds)?,
    }))
}

fn txt(cursor: &mut Cursor<'_>) -> Result<Data, Violation> {
    let mut strings = Vec::new();
    // RFC 1035 section 3.3.14 asks for one at least: with no data at all, its length is missing.
    while strings.is_empty() || cursor.left() > 0 {
        let says = CharacterString::to_string;
        strings.push(cursor.group("character-string", &rules::TXT, says, |cursor| {
            let says: fn(u8) -> String = |len| len.to_string();
            let length = Field { name: "length", rule: &rules::TXT, says };
            let len = usize::from(cursor.u8(length)?);
            let bytes = Bytes::copy_from_slice(cursor.take(len, "a string")?);
            if len > 0 {
                let span = Span::new(cursor.at() - len, cursor.at());
                cursor.note(span, "text", &rules::TXT, || format!("{len} B"));
            }
            // One byte gives the length, so it is never too long.
            Ok(CharacterString::new(bytes).unwrap_or_default())
        })?);
    }
    Ok(Data::Txt(strings))
}

fn unknown(cursor: &mut Cursor<'_>, kind: RecordType) -> Result<Data, Violation> {
    let len = cursor.left();
    let bytes = Bytes::copy_from_slice(cursor.take(len, "RDATA")?);
    if len > 0 {
        let span = Span::new(cursor.at() - len, cursor.at());
        cursor.note(span, "RDATA", &rules::UNKNOWN_TYPE, || format!("{len} B of {kind}"));
    }
    Ok(Data::Unknown { kind, bytes })
}

fn number(
    cursor: &mut Cursor<'_>,
    name: &'static str,
    rule: &'static Rule,
) -> Result<u16, Violation> {
    cursor.u16(Field { name, rule, says: |value| value.to_string() })
}
