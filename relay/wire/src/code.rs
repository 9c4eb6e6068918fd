//! Why something was refused or ended: stable numbers, each with a sentence for the student.

/// The reason in a RESET or GOAWAY frame. The numbers are stable within version 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Code {
    /// The user of the stream gave it up; nothing went wrong.
    Cancelled = 0,
    /// A frame broke the rules of the relay protocol.
    Protocol = 1,
    /// The relay's policy forbids it; see [`Detail`] for which part of it.
    Policy = 2,
    /// The name does not exist.
    NameNotFound = 3,
    /// The name could not be resolved in time.
    DnsTimeout = 4,
    /// The target answered the SYN with a RST: nothing listens there (ECONNREFUSED).
    Refused = 5,
    /// A router said that the host cannot be reached (EHOSTUNREACH).
    HostUnreachable = 6,
    /// There is no route to the network of the target (ENETUNREACH).
    NetworkUnreachable = 7,
    /// The target did not answer the SYN in time.
    ConnectTimeout = 8,
    /// The target ended an open connection with a RST (ECONNRESET).
    PeerReset = 9,
    /// The local address is in use already (EADDRINUSE).
    AddressInUse = 10,
    /// The local address does not belong to this machine (EADDRNOTAVAIL).
    AddressNotAvailable = 11,
    /// The operating system forbids it (EACCES, EPERM).
    Permission = 12,
    /// A limit is reached; see [`Detail`] for which.
    Limit = 13,
    /// Too many attempts in too short a time.
    Rate = 14,
    /// More bytes were sent than had been granted.
    FlowControl = 15,
    /// Nothing happened for too long.
    Idle = 16,
    /// A message or datagram was too long.
    TooBig = 17,
    /// The relay is being stopped.
    ShuttingDown = 18,
    /// Something else went wrong inside the relay.
    Internal = 19,
}

impl Code {
    /// The code of a number read from a frame; a number unknown to this version counts as
    /// [`Code::Internal`], so that later versions may add reasons.
    pub fn from_u16(value: u16) -> Code {
        ALL.iter().copied().find(|code| code.to_u16() == value).unwrap_or(Code::Internal)
    }

    /// The number as it stands in a frame.
    pub fn to_u16(self) -> u16 {
        self as u16
    }

    /// One sentence that tells a student what this means.
    pub fn sentence(self) -> &'static str {
        match self {
            Code::Cancelled => "The connection was given up by this side.",
            Code::Protocol => "The relay and the page disagree about the relay protocol.",
            Code::Policy => "The relay does not allow this target.",
            Code::NameNotFound => "No host has this name.",
            Code::DnsTimeout => "The name could not be resolved in time.",
            Code::Refused => "The host is there, but nothing listens on this port.",
            Code::HostUnreachable => "A router reports that the host cannot be reached.",
            Code::NetworkUnreachable => "There is no route to this network.",
            Code::ConnectTimeout => "The host did not answer the connection request in time.",
            Code::PeerReset => "The other side broke the connection off with a RST.",
            Code::AddressInUse => "The local address and port are in use already.",
            Code::AddressNotAvailable => "The local address does not belong to the relay.",
            Code::Permission => "The operating system of the relay forbids this.",
            Code::Limit => "A limit of the relay is reached.",
            Code::Rate => "Too many attempts were made in too short a time.",
            Code::FlowControl => "More bytes were sent than the receiver had granted.",
            Code::Idle => "Nothing was sent for so long that the relay closed it.",
            Code::TooBig => "The message is longer than the relay accepts.",
            Code::ShuttingDown => "The relay is being stopped.",
            Code::Internal => "The relay failed for a reason of its own.",
        }
    }
}

/// The part of [`Code::Policy`] or [`Code::Limit`] that applied; zero for all other codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Detail {
    /// Nothing more is known.
    None = 0,
    /// The address lies in a range that is not allowed.
    Range = 1,
    /// The port is not allowed.
    Port = 2,
    /// The name is malformed or not allowed.
    Name = 3,
    /// The kind of transport or operation is not supported.
    Operation = 4,
    /// Listening is not allowed.
    Listen = 5,
    /// Too many streams are open.
    Streams = 6,
    /// Too many UDP sockets are open.
    Sockets = 7,
    /// Too many sessions are open.
    Sessions = 8,
    /// Too many bytes are waiting.
    Bytes = 9,
}

impl Detail {
    /// The detail of a number read from a frame; an unknown number counts as [`Detail::None`].
    pub fn from_u8(value: u8) -> Detail {
        DETAILS.iter().copied().find(|detail| detail.to_u8() == value).unwrap_or(Detail::None)
    }

    /// The number as it stands in a frame.
    pub fn to_u8(self) -> u8 {
        self as u8
    }
}

/// Every code, in the order of their numbers.
const ALL: [Code; 20] = [
    Code::Cancelled,
    Code::Protocol,
    Code::Policy,
    Code::NameNotFound,
    Code::DnsTimeout,
    Code::Refused,
    Code::HostUnreachable,
    Code::NetworkUnreachable,
    Code::ConnectTimeout,
    Code::PeerReset,
    Code::AddressInUse,
    Code::AddressNotAvailable,
    Code::Permission,
    Code::Limit,
    Code::Rate,
    Code::FlowControl,
    Code::Idle,
    Code::TooBig,
    Code::ShuttingDown,
    Code::Internal,
];

/// Every detail, in the order of their numbers.
const DETAILS: [Detail; 10] = [
    Detail::None,
    Detail::Range,
    Detail::Port,
    Detail::Name,
    Detail::Operation,
    Detail::Listen,
    Detail::Streams,
    Detail::Sockets,
    Detail::Sessions,
    Detail::Bytes,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_detail_survives_its_number() {
        for code in ALL {
            assert_eq!(Code::from_u16(code.to_u16()), code);
            assert!(code.sentence().ends_with('.'));
        }
        for detail in DETAILS {
            assert_eq!(Detail::from_u8(detail.to_u8()), detail);
        }
        assert_eq!(Code::from_u16(999), Code::Internal);
        assert_eq!(Detail::from_u8(200), Detail::None);
    }
}
