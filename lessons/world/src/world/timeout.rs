//! Waiting for an answer: what has been sent and not heard of, and how long to wait (RFC 6298).
//!
//! Each flight that is owed an answer has a time-out of its own. When the answer is late the
//! flight is sent again, whether it was lost or only slow: the sender cannot tell.

use core::time::Duration;

use protocols::endpoint::{Loss, Stimulus};
use protocols::wire::{Side, Time};

use super::stream::{Owed, Phase};
use super::{Item, Trail, World};
use crate::entry::{Entry, EntryId, Flight, FlightId, Load, Network, StreamId};

/// Something that was sent and has not been heard of.
#[derive(Clone, Debug)]
pub struct Unheard {
    /// The last flight that carried it.
    pub flight: FlightId,
    /// What it carried.
    pub load: Load,
    /// When its last bit had left.
    pub sent: Time,
    /// When it is sent again.
    pub due: Time,
    /// How often it had been sent before.
    pub attempt: u8,
    /// The entry that sent it.
    pub cause: EntryId,
}

/// How long one end of a stream waits before it sends again.
#[derive(Clone, Debug)]
pub struct Timeout {
    least: Duration,
    /// The smoothed round-trip time and its variation, once one has been measured.
    measured: Option<(Duration, Duration)>,
}

/// One time-out of one end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Again {
    /// The stream.
    pub stream: StreamId,
    /// The end that waits.
    pub side: Side,
    /// For the answer to this.
    pub owed: Owed,
    /// The flight that carried it.
    pub flight: FlightId,
}

impl Timeout {
    /// The time-out before anything has been measured, which it is never below.
    pub fn new(least: Duration) -> Timeout {
        Timeout { least, measured: None }
    }

    /// A round trip took so long (RFC 6298 section 2, with its alpha of 1/8 and beta of 1/4).
    pub fn measured(&mut self, took: Duration) {
        self.measured = Some(match self.measured {
            None => (took, took / 2),
            Some((smooth, varies)) => {
                let off = smooth.abs_diff(took);
                ((smooth * 7 + took) / 8, (varies * 3 + off) / 4)
            }
        });
    }

    /// How long to wait for something that has been sent so often before: twice as long each time.
    pub fn after(&self, attempt: u8) -> Duration {
        let first = self.measured.map_or(self.least, |(smooth, varies)| {
            self.least.max(smooth.saturating_add(varies * 4))
        });
        first.saturating_mul(2u32.saturating_pow(attempt.into()))
    }
}

impl World {
    /// Sets the time-out of a flight that is owed an answer.
    pub(super) fn expect_answer(&mut self, flight: &Flight) {
        let Some((side, owed)) = Owed::to(&flight.load) else { return };
        let Some(stream) = flight.load.stream() else { return };
        let cause = EntryId(self.entries);
        let Some(end) = self.end_mut(stream, side) else { return };
        let (load, attempt) = (flight.load.clone(), flight.attempt);
        let due = flight.sent + end.timeout.after(attempt);
        let id = flight.id;
        end.unheard
            .insert(owed, Unheard { flight: id, load, sent: flight.sent, due, attempt, cause });
        self.schedule(due, Item::SendAgain(Again { stream, side, owed, flight: id }));
    }

    /// When a lost flight will be missed by the one who waits for it; nothing if nobody does.
    pub(super) fn missed_at(&self, flight: &Flight) -> Option<Time> {
        let stream = self.stream(flight.load.stream()?)?;
        match Owed::to(&flight.load) {
            Some((side, owed)) => {
                let unheard = stream.end(side).unheard.get(&owed)?;
                (unheard.flight == flight.id).then_some(unheard.due)
            }
            None if matches!(flight.load, Load::Ack { .. }) => {
                let end = stream.end(Side::Responder);
                let opening = end.phase == Phase::Opening;
                end.unheard.get(&Owed::Handshake).filter(|_| opening).map(|unheard| unheard.due)
            }
            None => None,
        }
    }

    /// Whether the answer has come in the meantime, or the end has let go of the stream.
    pub(super) fn is_settled(&self, again: Again) -> bool {
        let end = self.stream(again.stream).map(|stream| stream.end(again.side));
        let unheard = end.and_then(|end| end.unheard.get(&again.owed));
        unheard.is_none_or(|unheard| unheard.flight != again.flight)
    }

    /// The answer has not come in time.
    pub(super) fn send_again(&mut self, again: Again) -> Option<Entry> {
        let Again { stream, side, owed, .. } = again;
        let peer = self.stream(stream)?.end(side.other()).host;
        let most = self.plan.tcp.max_retransmissions;
        let end = self.end_mut(stream, side)?;
        let host = end.host;
        let unheard = end.unheard.get(&owed)?.clone();
        if unheard.attempt >= most {
            return self.give_up(stream, side, unheard.cause);
        }
        end.window.timed_out();
        let attempt = unheard.attempt + 1;
        let mut trail = Trail::default();
        self.launch(host, peer, unheard.load, attempt, &mut trail);
        let event = Network::Retransmitted { lost: unheard.flight, attempt };
        Some(self.network(host, Some(unheard.cause), None, event, trail))
    }

    /// Nothing has been heard after the last retransmission.
    fn give_up(&mut self, stream: StreamId, side: Side, cause: EntryId) -> Option<Entry> {
        let host = self.stream(stream)?.end(side).host;
        let trail = Trail { touched: vec![stream], ..Trail::default() };
        Some(match self.lose(stream, side) {
            Some(conn) => {
                let stimulus = Stimulus::Lost { conn, why: Loss::TimedOut };
                self.advance_after(host, Some(cause), None, stimulus, trail)
            }
            None => {
                let event = Network::Discarded { why: "Nobody answered after every attempt." };
                self.network(host, Some(cause), None, event, trail)
            }
        })
    }

    /// The acknowledgement of a segment comes back one delay after it arrived. It takes no room on
    /// the links and is not drawn, but a cut link on its way stops it.
    pub(super) fn acknowledge(&mut self, flight: &Flight, cause: EntryId) {
        let (Some(stream), Some((side, Owed::Segment(number)))) =
            (flight.load.stream(), Owed::to(&flight.load))
        else {
            return;
        };
        let Some(back) = self.routes.between(flight.to, flight.from) else { return };
        let mut at = self.now;
        for hop in back.hops() {
            match self.links.at(hop.link.0 as usize) {
                Some(link) if link.conditions().up => at = at + link.conditions().delay,
                Some(_) | None => return,
            }
        }
        self.schedule(at, Item::Acknowledge { stream, side, number, cause });
    }

    /// An acknowledgement has come back at this moment; whether more may be sent now.
    pub(super) fn take_acknowledgement(
        &mut self,
        at: Time,
        (stream, side): (StreamId, Side),
        number: u32,
    ) -> bool {
        let Some(end) = self.end_mut(stream, side) else { return false };
        if end.heard(Owed::Segment(number), at).is_none() {
            return false;
        }
        end.window.acknowledged();
        !end.waiting.is_empty()
    }

    /// An acknowledgement has come back: what waited may be sent.
    pub(super) fn acknowledged(
        &mut self,
        (stream, side): (StreamId, Side),
        number: u32,
        cause: EntryId,
    ) -> Option<Entry> {
        if !self.take_acknowledgement(self.now, (stream, side), number) {
            return None;
        }
        let mut trail = Trail::default();
        self.pump(stream, side, &mut trail);
        if trail.flights.is_empty() {
            return None;
        }
        let end = self.stream(stream)?.end(side);
        let (host, segments) = (end.host, end.window.most);
        let event = Network::WindowOpened { stream, segments };
        Some(self.network(host, Some(cause), None, event, trail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_out_follows_what_was_measured_and_doubles_with_each_attempt() {
        let mut timeout = Timeout::new(Duration::from_secs(1));
        assert_eq!(timeout.after(0), Duration::from_secs(1));
        assert_eq!(timeout.after(3), Duration::from_secs(8));
        // RFC 6298 section 2.2: after the first measurement R, RTO = R + 4 * R/2.
        timeout.measured(Duration::from_secs(2));
        assert_eq!(timeout.after(0), Duration::from_secs(6));
        // Section 2.3: RTTVAR = 3/4 * 1 + 1/4 * |2 - 2|, SRTT = 2.
        timeout.measured(Duration::from_secs(2));
        assert_eq!(timeout.after(0), Duration::from_secs(5));
    }
}
