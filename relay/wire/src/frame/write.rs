//! From a frame to bytes.

use bytes::{BufMut, Bytes, BytesMut};

use super::{Body, Frame, HEADER_LEN};
use crate::MAX_TEXT;
use crate::host::{Host, Target, put_address, put_ip, put_optional, put_target};

impl Frame {
    /// The frame as one binary message.
    pub fn encode(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(HEADER_LEN + self.body.size_hint());
        out.put_u8(self.body.kind());
        out.put_u8(0);
        out.put_u32(self.stream);
        self.body.put(&mut out);
        out.freeze()
    }
}

/// The header of a DATA frame, for the one path where copying matters.
pub(crate) fn data_header(stream: u32) -> Bytes {
    let mut out = BytesMut::with_capacity(HEADER_LEN);
    out.put_u8(super::DATA);
    out.put_u8(0);
    out.put_u32(stream);
    out.freeze()
}

impl Body {
    /// The type octet.
    pub fn kind(&self) -> u8 {
        match self {
            Body::Hello(_) => super::HELLO,
            Body::Open(_) => super::OPEN,
            Body::Opened(_) => super::OPENED,
            Body::Listen(_) => super::LISTEN,
            Body::Listening(_) => super::LISTENING,
            Body::Accepted(_) => super::ACCEPTED,
            Body::UdpOpen(_) => super::UDP_OPEN,
            Body::UdpOpened(_) => super::UDP_OPENED,
            Body::Datagram(_) => super::DATAGRAM,
            Body::Membership(_) => super::MEMBERSHIP,
            Body::Data(_) => super::DATA,
            Body::Credit(_) => super::CREDIT,
            Body::Fin(_) => super::FIN,
            Body::Stop => super::STOP,
            Body::Reset(_) => super::RESET,
            Body::Ping(_) => super::PING,
            Body::Pong(_) => super::PONG,
            Body::GoAway(_) => super::GOAWAY,
            Body::Resolve(_) => super::RESOLVE,
            Body::Resolved(_) => super::RESOLVED,
            Body::TcpInfo(_) => super::TCP_INFO,
            Body::Unknown { kind, .. } => *kind,
        }
    }

    fn size_hint(&self) -> usize {
        match self {
            Body::Data(bytes) => bytes.len(),
            Body::Datagram(datagram) => datagram.bytes.len() + 32,
            _ => 64,
        }
    }

    fn put(&self, out: &mut BytesMut) {
        match self {
            Body::Hello(_) | Body::GoAway(_) | Body::Reset(_) | Body::TcpInfo(_) => {
                self.put_session(out);
            }
            Body::Open(_) | Body::Opened(_) | Body::UdpOpen(_) | Body::UdpOpened(_) => {
                self.put_opening(out);
            }
            Body::Listen(listen) => {
                put_address(listen.address, out);
                out.put_u16(listen.backlog);
            }
            Body::Listening(address) => put_address(*address, out),
            Body::Accepted(accepted) => {
                out.put_u32(accepted.listener);
                put_address(accepted.peer, out);
                put_address(accepted.local, out);
                out.put_u32(accepted.credit);
            }
            Body::Datagram(datagram) => {
                put_address(datagram.peer, out);
                out.put_u16(datagram.dropped);
                out.put_slice(&datagram.bytes);
            }
            Body::Membership(membership) => {
                out.put_u8(u8::from(membership.join) | u8::from(membership.looped) << 1);
                out.put_u8(membership.ttl);
                put_ip(membership.group, out);
                put_optional(membership.source.as_ref(), out, |ip, out| put_ip(*ip, out));
                put_optional(membership.interface.as_ref(), out, |ip, out| put_ip(*ip, out));
            }
            Body::Data(bytes) => out.put_slice(bytes),
            Body::Credit(offset) | Body::Fin(offset) => out.put_u64(*offset),
            Body::Stop => {}
            Body::Ping(payload) | Body::Pong(payload) => out.put_slice(payload),
            Body::Resolve(resolve) => put_host(&resolve.host, out),
            Body::Resolved(resolved) => {
                for address in resolved.addresses.iter().take(usize::from(u8::MAX)) {
                    put_ip(*address, out);
                }
            }
            Body::Unknown { payload, .. } => out.put_slice(payload),
        }
    }

    fn put_session(&self, out: &mut BytesMut) {
        match self {
            Body::Hello(hello) => {
                out.put_u16(hello.version);
                out.put_u32(hello.features);
                out.put_u16(hello.max_streams);
                out.put_u16(hello.max_sockets);
                out.put_u16(hello.max_listeners);
                out.put_u32(hello.max_data);
                out.put_u32(hello.stream_window);
                out.put_u32(hello.session_window);
                out.put_u32(hello.stream_idle_s);
                out.put_u32(hello.socket_idle_s);
                put_text(&hello.token, out);
                put_text(&hello.policy, out);
            }
            Body::GoAway(goaway) => {
                out.put_u16(goaway.code.to_u16());
                out.put_u32(goaway.deadline_ms);
                out.put_u32(goaway.retry_after_ms);
                put_text(&goaway.text, out);
            }
            Body::Reset(reset) => {
                out.put_u16(reset.code.to_u16());
                out.put_u8(reset.detail.to_u8());
                out.put_i32(reset.errno);
                put_text(&reset.text, out);
            }
            Body::TcpInfo(info) => {
                out.put_u8(u8::from(info.known));
                out.put_u32(info.rtt_us);
                out.put_u32(info.rtt_var_us);
                out.put_u32(info.cwnd);
                out.put_u32(info.ssthresh);
                out.put_u32(info.mss);
                out.put_u32(info.retransmits);
            }
            _ => {}
        }
    }

    fn put_opening(&self, out: &mut BytesMut) {
        match self {
            Body::Open(open) => {
                out.put_u8(KIND_TCP);
                put_target(&open.target, out);
                out.put_u32(open.credit);
                out.put_u32(open.timeout_ms);
                out.put_u8(u8::from(open.nodelay));
                put_optional(open.local.as_ref(), out, |local, out| put_address(*local, out));
            }
            Body::Opened(opened) => {
                put_address(opened.local, out);
                put_address(opened.remote, out);
                out.put_u32(opened.credit);
                out.put_u32(opened.connect_us);
            }
            Body::UdpOpen(open) => {
                put_optional(open.bind.as_ref(), out, |bind, out| put_address(*bind, out));
                put_optional(open.connect.as_ref(), out, put_target);
            }
            Body::UdpOpened(opened) => {
                put_address(opened.local, out);
                put_optional(opened.remote.as_ref(), out, |peer, out| put_address(*peer, out));
            }
            _ => {}
        }
    }
}

fn put_host(host: &Host, out: &mut BytesMut) {
    put_target(&Target { host: host.clone(), port: 0 }, out);
}

fn put_text(text: &str, out: &mut BytesMut) {
    let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
    out.put_u16(text.len() as u16);
    out.put_slice(text.as_bytes());
}

/// The only kind of stream of version 1.
pub(super) const KIND_TCP: u8 = 1;
