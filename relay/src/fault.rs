//! What an error of the operating system is called in the relay protocol.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use relay_wire::{Code, Detail, Reset};

/// The reset that tells of an error on a connection or an attempt to connect.
pub(crate) fn reset_of(error: &Error, peer: SocketAddr) -> Reset {
    let code = code_of(error.kind());
    let text = match code {
        Code::Refused => format!("{peer} is there, but nothing listens on this port."),
        Code::PeerReset => format!("{peer} broke the connection off with a RST."),
        Code::Internal => format!("The relay could not go on with {peer}: {error}."),
        other => format!("{peer}: {}", other.sentence()),
    };
    let reset = Reset::new(code, text).errno(error.raw_os_error().unwrap_or(0));
    // EMFILE and ENFILE have no kind of their own.
    if matches!(error.raw_os_error(), Some(23 | 24)) {
        let text = "The relay has no file descriptor left.";
        return Reset { code: Code::Limit, text: text.to_owned(), ..reset }.detail(Detail::Streams);
    }
    reset
}

/// The reset for a target that did not answer in time.
pub(crate) fn timed_out(peer: SocketAddr, seconds: f32) -> Reset {
    let text = format!("{peer} did not answer the connection request within {seconds} seconds.");
    Reset::new(Code::ConnectTimeout, text).errno(ETIMEDOUT)
}

fn code_of(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::ConnectionRefused => Code::Refused,
        ErrorKind::HostUnreachable => Code::HostUnreachable,
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Code::NetworkUnreachable,
        ErrorKind::TimedOut => Code::ConnectTimeout,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Code::PeerReset
        }
        ErrorKind::AddrInUse => Code::AddressInUse,
        ErrorKind::AddrNotAvailable => Code::AddressNotAvailable,
        ErrorKind::PermissionDenied => Code::Permission,
        _ => Code::Internal,
    }
}

/// The number of Linux, which is what RESET carries.
const ETIMEDOUT: i32 = 110;
