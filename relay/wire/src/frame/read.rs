//! From bytes to a frame; whatever the bytes, the answer is a frame or a [`Malformed`].

use bytes::{Buf, Bytes};

use super::write::KIND_TCP;
use super::{
    Accepted, Body, Datagram, Frame, GoAway, Hello, Listen, Malformed, Membership, Open, Opened,
    Reset, Resolve, Resolved, TcpInfo, UdpOpen, UdpOpened,
};
use crate::MAX_TEXT;
use crate::code::{Code, Detail};
use crate::host::{take_address, take_ip, take_optional, take_target};

impl Frame {
    /// Reads one binary message. Bytes of DATA and DGRAM are shared with the message, not copied.
    pub fn decode(message: Bytes) -> Result<Frame, Malformed> {
        let mut input = message;
        let kind = take_u8(&mut input)?;
        let _flags = take_u8(&mut input)?;
        let stream = take_u32(&mut input)?;
        let body = take_body(kind, &mut input)?;
        if input.is_empty() { Ok(Frame { stream, body }) } else { Err(Malformed::Long) }
    }
}

fn take_body(kind: u8, input: &mut Bytes) -> Result<Body, Malformed> {
    Ok(match kind {
        super::HELLO => Body::Hello(take_hello(input)?),
        super::OPEN => Body::Open(take_open(input)?),
        super::OPENED => Body::Opened(Opened {
            local: take_address(input)?,
            remote: take_address(input)?,
            credit: take_u32(input)?,
            connect_us: take_u32(input)?,
        }),
        super::LISTEN => {
            Body::Listen(Listen { address: take_address(input)?, backlog: take_u16(input)? })
        }
        super::LISTENING => Body::Listening(take_address(input)?),
        super::ACCEPTED => Body::Accepted(Accepted {
            listener: take_u32(input)?,
            peer: take_address(input)?,
            local: take_address(input)?,
            credit: take_u32(input)?,
        }),
        super::UDP_OPEN => Body::UdpOpen(UdpOpen {
            bind: take_optional(input, take_address)?,
            connect: take_optional(input, take_target)?,
        }),
        super::UDP_OPENED => Body::UdpOpened(UdpOpened {
            local: take_address(input)?,
            remote: take_optional(input, take_address)?,
        }),
        super::DATAGRAM => Body::Datagram(Datagram {
            peer: take_address(input)?,
            dropped: take_u16(input)?,
            bytes: input.split_to(input.len()),
        }),
        super::MEMBERSHIP => Body::Membership(take_membership(input)?),
        super::DATA => Body::Data(input.split_to(input.len())),
        super::CREDIT => Body::Credit(take_u64(input)?),
        super::FIN => Body::Fin(take_u64(input)?),
        super::STOP => Body::Stop,
        super::RESET => Body::Reset(take_reset(input)?),
        super::PING => Body::Ping(take_u64(input)?.to_be_bytes()),
        super::PONG => Body::Pong(take_u64(input)?.to_be_bytes()),
        super::GOAWAY => Body::GoAway(GoAway {
            code: Code::from_u16(take_u16(input)?),
            deadline_ms: take_u32(input)?,
            retry_after_ms: take_u32(input)?,
            text: take_text(input)?,
        }),
        super::RESOLVE => Body::Resolve(Resolve { host: take_target(input)?.host }),
        super::RESOLVED => Body::Resolved(take_resolved(input)?),
        super::TCP_INFO => Body::TcpInfo(take_tcp_info(input)?),
        kind if kind & 0x80 != 0 => Body::Unknown { kind, payload: input.split_to(input.len()) },
        kind => return Err(Malformed::Kind(kind)),
    })
}

fn take_hello(input: &mut Bytes) -> Result<Hello, Malformed> {
    Ok(Hello {
        version: take_u16(input)?,
        features: take_u32(input)?,
        max_streams: take_u16(input)?,
        max_sockets: take_u16(input)?,
        max_listeners: take_u16(input)?,
        max_data: take_u32(input)?,
        stream_window: take_u32(input)?,
        session_window: take_u32(input)?,
        stream_idle_s: take_u32(input)?,
        socket_idle_s: take_u32(input)?,
        token: take_text(input)?,
        policy: take_text(input)?,
    })
}

fn take_open(input: &mut Bytes) -> Result<Open, Malformed> {
    if take_u8(input)? != KIND_TCP {
        return Err(Malformed::Value);
    }
    Ok(Open {
        target: take_target(input)?,
        credit: take_u32(input)?,
        timeout_ms: take_u32(input)?,
        nodelay: take_bool(input)?,
        local: take_optional(input, take_address)?,
    })
}

fn take_membership(input: &mut Bytes) -> Result<Membership, Malformed> {
    let bits = take_u8(input)?;
    if bits > 3 {
        return Err(Malformed::Value);
    }
    Ok(Membership {
        join: bits & 1 != 0,
        looped: bits & 2 != 0,
        ttl: take_u8(input)?,
        group: take_ip(input)?,
        source: take_optional(input, take_ip)?,
        interface: take_optional(input, take_ip)?,
    })
}

fn take_reset(input: &mut Bytes) -> Result<Reset, Malformed> {
    Ok(Reset {
        code: Code::from_u16(take_u16(input)?),
        detail: Detail::from_u8(take_u8(input)?),
        errno: input.try_get_i32().map_err(|_| Malformed::Short)?,
        text: take_text(input)?,
    })
}

fn take_resolved(input: &mut Bytes) -> Result<Resolved, Malformed> {
    let mut addresses = Vec::new();
    while !input.is_empty() && addresses.len() < usize::from(u8::MAX) {
        addresses.push(take_ip(input)?);
    }
    Ok(Resolved { addresses })
}

fn take_tcp_info(input: &mut Bytes) -> Result<TcpInfo, Malformed> {
    Ok(TcpInfo {
        known: take_bool(input)?,
        rtt_us: take_u32(input)?,
        rtt_var_us: take_u32(input)?,
        cwnd: take_u32(input)?,
        ssthresh: take_u32(input)?,
        mss: take_u32(input)?,
        retransmits: take_u32(input)?,
    })
}

fn take_text(input: &mut Bytes) -> Result<String, Malformed> {
    let len = usize::from(take_u16(input)?);
    if len > MAX_TEXT {
        return Err(Malformed::Text);
    }
    if input.len() < len {
        return Err(Malformed::Short);
    }
    let text = input.split_to(len);
    Ok(str::from_utf8(&text).map_err(|_| Malformed::Text)?.to_owned())
}

fn take_bool(input: &mut Bytes) -> Result<bool, Malformed> {
    match take_u8(input)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Malformed::Value),
    }
}

fn take_u8(input: &mut Bytes) -> Result<u8, Malformed> {
    input.try_get_u8().map_err(|_| Malformed::Short)
}

fn take_u16(input: &mut Bytes) -> Result<u16, Malformed> {
    input.try_get_u16().map_err(|_| Malformed::Short)
}

fn take_u32(input: &mut Bytes) -> Result<u32, Malformed> {
    input.try_get_u32().map_err(|_| Malformed::Short)
}

fn take_u64(input: &mut Bytes) -> Result<u64, Malformed> {
    input.try_get_u64().map_err(|_| Malformed::Short)
}
