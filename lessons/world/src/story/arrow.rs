//! Arrows: flights as the ladder draws them, with what they say.

use protocols::wire::Time;

use super::Conversation;
use crate::entry::{EntryId, Fate, Flight, LinkId, Load, LossCause};

/// A flight and what became of it.
#[derive(Clone, Debug)]
pub struct Arrow {
    /// The flight; its fate is what is known by now.
    pub flight: Flight,
    /// The entry that it departed in.
    pub departed_in: EntryId,
    /// The entry that it landed in.
    pub landed_in: Option<EntryId>,
    /// When it landed, or is to land.
    pub arrive: Time,
    /// When the student dropped it, or it was lost since a host is switched off.
    pub lost_at: Option<Time>,
    /// Where its bytes are in a conversation.
    pub place: Option<Place>,
}

/// Where bytes are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The conversation, by index.
    pub conversation: usize,
    /// The chunk, by index.
    pub chunk: usize,
}

/// What an arrow says, in a few words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// What it is: `GET /index.html`, `SYN`.
    pub title: String,
    /// What else matters at a glance.
    pub detail: String,
    /// Whether it only goes on with a message that began in an earlier flight.
    pub continues: bool,
    /// The protocol by which to colour it: `tcp` for the transport's own flights.
    pub protocol: &'static str,
}

impl Arrow {
    /// It is lost, unless it was lost before.
    pub(super) fn lose(&mut self, link: LinkId, at: Time, why: LossCause) {
        self.lost_at.get_or_insert(at);
        self.flight.fate = match self.flight.fate {
            Fate::Arrives => Fate::Lost { link, why },
            lost @ Fate::Lost { .. } => lost,
        };
    }

    /// Whether it was lost at this moment because its host was switched off before it had left.
    pub(super) fn is_unsent(&self, at: Time) -> bool {
        let off = matches!(self.flight.fate, Fate::Lost { why: LossCause::SwitchedOff, .. });
        off && self.lost_at == Some(at) && !self.flight.has_left(at)
    }
}

impl Label {
    pub(super) fn of(arrow: &Arrow, conversation: Option<&Conversation>) -> Label {
        let transport = |title: &str, detail: &str| Label {
            title: title.to_string(),
            detail: detail.to_string(),
            continues: false,
            protocol: TRANSPORT,
        };
        let mut label = match &arrow.flight.load {
            Load::Syn { port, .. } => transport("SYN", &format!("port {port}")),
            Load::SynAck { .. } => transport("SYN ACK", ""),
            Load::Ack { .. } => transport("ACK", ""),
            Load::Fin { .. } => transport("FIN", ""),
            Load::Rst { refusal: true, .. } => transport("RST", "nobody listens there"),
            Load::Rst { refusal: false, .. } => transport("RST", ""),
            Load::Data { .. } | Load::Datagram { .. } => Label::of_payload(arrow, conversation),
        };
        let again = match (arrow.flight.attempt, arrow.flight.doubled) {
            (0, false) => "",
            (0, true) => "second copy",
            (_, _) => "sent again",
        };
        if !again.is_empty() {
            let gap = if label.detail.is_empty() { "" } else { ", " };
            label.detail = format!("{again}{gap}{}", label.detail);
        }
        label
    }

    fn of_payload(arrow: &Arrow, conversation: Option<&Conversation>) -> Label {
        let plain = |size: usize, protocol| Label {
            title: format!("{size} bytes"),
            detail: String::new(),
            continues: false,
            protocol,
        };
        let (Some(talk), Some(place)) = (conversation, arrow.place) else {
            return plain(arrow.flight.load.payload().len(), "");
        };
        let protocol = talk.protocol.name;
        let span = talk.span_of(place.chunk);
        let size = span.len();
        let all = talk.messages();
        let inside = talk.messages_in(place.chunk);
        let messages: Vec<_> = inside.iter().filter_map(|index| all.get(*index)).collect();
        let begins = |start: usize| span.contains(start);
        let new: Vec<_> = messages.iter().filter(|m| begins(m.span.start)).collect();
        match (new.as_slice(), messages.first()) {
            ([], None) => plain(size, protocol),
            ([], Some(message)) => Label {
                title: message.title.clone(),
                detail: format!("continued, {size} B"),
                continues: true,
                protocol,
            },
            ([one], _) => Label {
                title: one.title.clone(),
                detail: one.detail.clone(),
                continues: false,
                protocol,
            },
            ([first, rest @ ..], _) => Label {
                title: first.title.clone(),
                detail: format!("and {} more", rest.len()),
                continues: false,
                protocol,
            },
        }
    }
}

/// The name under which the transport's own flights are coloured and filtered.
const TRANSPORT: &str = "tcp";
