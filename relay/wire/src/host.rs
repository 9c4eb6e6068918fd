//! Hosts and addresses as frames carry them: kind numbers of SOCKS5 (RFC 1928 section 5).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::frame::Malformed;

/// Where a client wants to go: what the student typed, taken apart no further than this.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name, or anything that is not a plain address; the relay judges it.
    Name(String),
    /// An address written in full.
    Address(IpAddr),
}

impl Host {
    /// Reads what a user typed: a dotted quad or an IPv6 address (with or without brackets)
    /// becomes an address, everything else stays a name for the relay to judge.
    pub fn parse(text: &str) -> Host {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        match bare.parse() {
            Ok(address) => Host::Address(address),
            Err(_) => Host::Name(text.to_owned()),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::Address(IpAddr::V4(address)) => address.fmt(f),
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The host.
    pub host: Host,
    /// The port, in the transport of the frame that carries it.
    pub port: u16,
}

impl Target {
    /// A target from a typed host and a port.
    pub fn new(host: &str, port: u16) -> Target {
        Target { host: Host::parse(host), port }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl From<SocketAddr> for Target {
    fn from(address: SocketAddr) -> Target {
        Target { host: Host::Address(address.ip()), port: address.port() }
    }
}

pub(crate) fn put_target(target: &Target, out: &mut BytesMut) {
    match &target.host {
        Host::Name(name) => {
            // A name longer than the length octet can say is cut: the relay then refuses it.
            let cut = name.floor_char_boundary(MAX_NAME);
            let name = name.get(..cut).unwrap_or_default();
            out.put_u8(KIND_NAME);
            out.put_u8(name.len() as u8);
            out.put_slice(name.as_bytes());
        }
        Host::Address(address) => put_ip(*address, out),
    }
    out.put_u16(target.port);
}

pub(crate) fn put_address(address: SocketAddr, out: &mut BytesMut) {
    put_ip(address.ip(), out);
    out.put_u16(address.port());
}

pub(crate) fn put_ip(address: IpAddr, out: &mut BytesMut) {
    match address {
        IpAddr::V4(v4) => {
            out.put_u8(KIND_V4);
            out.put_slice(&v4.octets());
        }
        IpAddr::V6(v6) => {
            out.put_u8(KIND_V6);
            out.put_slice(&v6.octets());
        }
    }
}

pub(crate) fn put_optional<T>(value: Option<&T>, out: &mut BytesMut, put: fn(&T, &mut BytesMut)) {
    match value {
        Some(value) => put(value, out),
        None => out.put_u8(KIND_NONE),
    }
}

pub(crate) fn take_target(input: &mut Bytes) -> Result<Target, Malformed> {
    let kind = input.try_get_u8().map_err(|_| Malformed::Short)?;
    let host = match kind {
        KIND_NAME => {
            let len = usize::from(input.try_get_u8().map_err(|_| Malformed::Short)?);
            if input.len() < len {
                return Err(Malformed::Short);
            }
            let name = input.split_to(len);
            Host::Name(str::from_utf8(&name).map_err(|_| Malformed::Text)?.to_owned())
        }
        kind => Host::Address(take_ip_of(kind, input)?),
    };
    let port = input.try_get_u16().map_err(|_| Malformed::Short)?;
    Ok(Target { host, port })
}

pub(crate) fn take_address(input: &mut Bytes) -> Result<SocketAddr, Malformed> {
    let ip = take_ip(input)?;
    let port = input.try_get_u16().map_err(|_| Malformed::Short)?;
    Ok(SocketAddr::new(ip, port))
}

pub(crate) fn take_ip(input: &mut Bytes) -> Result<IpAddr, Malformed> {
    let kind = input.try_get_u8().map_err(|_| Malformed::Short)?;
    take_ip_of(kind, input)
}

pub(crate) fn take_optional<T>(
    input: &mut Bytes,
    take: fn(&mut Bytes) -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    if input.first() == Some(&KIND_NONE) {
        input.advance(1);
        return Ok(None);
    }
    take(input).map(Some)
}

fn take_ip_of(kind: u8, input: &mut Bytes) -> Result<IpAddr, Malformed> {
    match kind {
        KIND_V4 => {
            let bits = input.try_get_u32().map_err(|_| Malformed::Short)?;
            Ok(IpAddr::V4(Ipv4Addr::from_bits(bits)))
        }
        KIND_V6 => {
            let bits = input.try_get_u128().map_err(|_| Malformed::Short)?;
            Ok(IpAddr::V6(Ipv6Addr::from_bits(bits)))
        }
        _ => Err(Malformed::AddressKind),
    }
}

/// No address follows.
const KIND_NONE: u8 = 0;
/// Four octets of IPv4.
const KIND_V4: u8 = 1;
/// A length octet and that many octets of UTF-8.
const KIND_NAME: u8 = 3;
/// Sixteen octets of IPv6.
const KIND_V6: u8 = 4;
/// A length octet can say no more.
const MAX_NAME: usize = 255;
