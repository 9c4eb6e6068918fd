//! What happened, as facts: entries and flights. Meaning is computed when somebody looks.

use core::fmt;
use core::net::SocketAddr;
use core::time::Duration;
use std::borrow::Cow;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{Conn, Step};
use protocols::wire::{Protocol, Side, Time};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::plan::Conditions;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        #[derive(Serialize, Deserialize)]
        pub struct $name(pub $inner);
    };
}

number!(
    /// A host: an index into [`Plan::hosts`](crate::Plan).
    HostId, u32
);
number!(
    /// A link: an index into [`Plan::links`](crate::Plan).
    LinkId, u32
);
number!(
    /// A flight, counted from the start of the world in the order of departure.
    FlightId, u64
);
number!(
    /// A stream, counted from the start of the world in the order of dialling.
    StreamId, u32
);
number!(
    /// An entry: its index in the history.
    EntryId, u32
);

/// One thing that happened: a flight landed, an alarm rang, or somebody meddled.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its place in the history.
    pub id: EntryId,
    /// When.
    pub at: Time,
    /// At which host.
    pub host: HostId,
    /// The entry that caused it; none for what the student or the stage began.
    pub cause: Option<EntryId>,
    /// The flight that landed, if one did.
    pub landed: Option<FlightId>,
    /// What happened.
    pub what: What,
    /// The streams that its outputs, in order of dialling, opened.
    pub dialled: Vec<Dialled>,
    /// The flights that departed because of it, in order. Most entries send one or none.
    pub flights: SmallVec<[Rc<Flight>; 2]>,
    /// The host's state in a word after it, as its view says.
    pub state: Cow<'static, str>,
}

impl Entry {
    /// The same without room to grow: it is not written to any more, and many are kept.
    pub(crate) fn trimmed(mut self) -> Entry {
        self.dialled.shrink_to_fit();
        match &mut self.what {
            // A list of its own: the longer one is taken whole by the next step, where cutting it
            // short would leave a splinter for each entry.
            What::Step(step) => {
                let mut exact = Vec::with_capacity(step.outputs.len());
                exact.append(&mut step.outputs);
                step.outputs = exact;
            }
            What::Network(_) | What::Meddling(_) => {}
        }
        self
    }
}

/// A stream as it was dialled.
#[derive(Clone, PartialEq, Debug)]
pub struct Dialled {
    /// The stream.
    pub stream: StreamId,
    /// The number that the dialling host gave it.
    pub conn: Conn,
    /// Where to; none if the name has no address.
    pub to: Option<SocketAddr>,
    /// What is spoken on it.
    pub protocol: &'static Protocol,
}

/// What happened in an entry.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// An endpoint took an input.
    Step(Step),
    /// Something that the network did below the endpoint.
    Network(Network),
    /// The student meddled.
    Meddling(Act),
}

/// What the network does by itself, below the endpoints.
#[derive(Clone, PartialEq, Debug)]
pub enum Network {
    /// A SYN landed where somebody listens: the answer is a SYN ACK.
    SynTaken {
        /// The new stream.
        stream: StreamId,
    },
    /// A SYN landed where nobody listens: the answer is a reset.
    SynRefused {
        /// The port.
        port: u16,
    },
    /// A segment landed ahead of one that is missing, and waits for it.
    Buffered {
        /// The stream.
        stream: StreamId,
    },
    /// Something landed that was here before, or that no open stream expects.
    Discarded {
        /// Why, as a sentence.
        why: &'static str,
    },
    /// Something landed at a host that is switched off: it is lost.
    HostOff {
        /// The last link of its way, at whose end nobody was.
        link: LinkId,
    },
    /// A datagram landed at a port that nobody has bound.
    NobodyThere {
        /// The port.
        port: u16,
    },
    /// Nothing was heard of a flight in time: it was sent again.
    Retransmitted {
        /// The flight that was not heard of.
        lost: FlightId,
        /// How often it has been sent again, this time included.
        attempt: u8,
    },
    /// A real peer did something that shows only by what arrives: when is reckoned from half of
    /// the round trip.
    Remote {
        /// What can be told of it, without its subject.
        says: String,
    },
    /// In a live session: somebody between the program and its peers would not do what it wanted.
    Denied {
        /// Why, as a sentence.
        why: String,
        /// The flight that was not let through, if it had been sent.
        flight: Option<FlightId>,
    },
    /// The simulation takes over from a live session, and sends what was still to be sent.
    Resumed,
    /// An acknowledgement opened the sender's window, and what waited was sent.
    WindowOpened {
        /// The stream.
        stream: StreamId,
        /// Segments that may be on their way from now on.
        segments: u32,
    },
}

/// What the student does to a world from outside. Links carry it: variants are only ever added at
/// the end.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Act {
    /// Asks something of a host's program, in the command's text form.
    Command {
        /// The host.
        host: HostId,
        /// The command.
        text: String,
    },
    /// Does something to a flight in the air.
    Flight {
        /// The flight.
        flight: FlightId,
        /// What.
        fault: Fault,
    },
    /// Changes how a link treats what departs from now on.
    Link {
        /// The link.
        link: LinkId,
        /// How it does from now on.
        conditions: Conditions,
    },
    /// Switches a host off or on.
    Power {
        /// The host.
        host: HostId,
        /// Which way.
        power: Power,
    },
}

/// What can be done to a host's switch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Power {
    /// It goes off at this moment, without a word to anybody: connections vanish, alarms are
    /// forgotten, what has not left the host wholly never does, and what reaches it is lost.
    Off,
    /// It comes on again: its program starts with what it keeps on disk. At the moment at which it
    /// went off, the two together are a crash and a restart.
    On,
}

/// What can be done to a flight in the air.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Fault {
    /// It never arrives.
    Drop,
    /// It arrives later by this much.
    Delay(Duration),
    /// It arrives twice.
    Double,
    /// It arrives with this payload in the place of its own.
    Edit(Vec<u8>),
}

/// One thing in the air between two hosts.
#[derive(Clone, PartialEq, Debug)]
pub struct Flight {
    /// Its number.
    pub id: FlightId,
    /// The host that it leaves.
    pub from: HostId,
    /// The host that it goes to.
    pub to: HostId,
    /// What it carries.
    pub load: Load,
    /// When its first bit leaves the host.
    pub depart: Time,
    /// When its last bit has left the host.
    pub sent: Time,
    /// When its last bit arrives, or would.
    pub arrive: Time,
    /// What becomes of it, as far as chance has decided at departure.
    pub fate: Fate,
    /// How often the same had been sent before.
    pub attempt: u8,
    /// Whether it is a second copy that the network made by itself or by a fault.
    pub doubled: bool,
}

impl Flight {
    /// Whether its last bit has left its host by a moment.
    pub fn has_left(&self, by: Time) -> bool {
        self.sent <= by
    }
}

/// What a flight carries.
#[derive(Clone, PartialEq, Debug)]
pub enum Load {
    /// A request to open a stream.
    Syn {
        /// The stream.
        stream: StreamId,
        /// The port that is dialled.
        port: u16,
    },
    /// The answer to it.
    SynAck {
        /// The stream.
        stream: StreamId,
    },
    /// The third flight of the handshake, which opens the stream at the other end.
    Ack {
        /// The stream.
        stream: StreamId,
    },
    /// A segment of a stream.
    Data {
        /// The stream.
        stream: StreamId,
        /// Which end sends it.
        side: Side,
        /// Its number among its side's segments.
        number: u32,
        /// Offset of its first byte in all that its side sent.
        offset: u64,
        /// The bytes.
        bytes: Bytes,
    },
    /// The end of one direction of a stream.
    Fin {
        /// The stream.
        stream: StreamId,
        /// Which end sends it.
        side: Side,
        /// Its number among its side's segments.
        number: u32,
    },
    /// The end of a stream in both directions.
    Rst {
        /// The stream.
        stream: StreamId,
        /// Whether it answers a SYN that nobody wanted.
        refusal: bool,
    },
    /// A datagram.
    Datagram {
        /// The address that it is sent from.
        from: SocketAddr,
        /// The address that it is sent to.
        to: SocketAddr,
        /// What is spoken there.
        protocol: &'static Protocol,
        /// Its payload.
        bytes: Bytes,
    },
}

impl Load {
    /// The stream that it belongs to, if it belongs to one.
    pub fn stream(&self) -> Option<StreamId> {
        match self {
            Load::Syn { stream, .. }
            | Load::SynAck { stream }
            | Load::Ack { stream }
            | Load::Data { stream, .. }
            | Load::Fin { stream, .. }
            | Load::Rst { stream, .. } => Some(*stream),
            Load::Datagram { .. } => None,
        }
    }

    /// Its payload: what the application sent; nothing for the transport's own flights.
    pub fn payload(&self) -> &[u8] {
        match self {
            Load::Data { bytes, .. } | Load::Datagram { bytes, .. } => bytes,
            Load::Syn { .. }
            | Load::SynAck { .. }
            | Load::Ack { .. }
            | Load::Fin { .. }
            | Load::Rst { .. } => &[],
        }
    }
}

/// What becomes of a flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost on this link.
    Lost {
        /// The link.
        link: LinkId,
        /// Why.
        why: LossCause,
    },
}

/// Why a flight was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LossCause {
    /// By the link's own chance.
    Chance,
    /// The link is cut.
    Cut,
    /// The student dropped it.
    Dropped,
    /// The host that it was to reach, or had not wholly left yet, is switched off.
    SwitchedOff,
    /// Somebody on the way would not let it through: the relay of a live session.
    Denied,
}

impl fmt::Display for LossCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LossCause::Chance => "lost by chance",
            LossCause::Cut => "the link is cut",
            LossCause::Dropped => "dropped by you",
            LossCause::SwitchedOff => "switched off",
            LossCause::Denied => "not let through",
        })
    }
}
