//! Switching a host off and on.
//!
//! A host that goes off says nothing to anybody. Its peers find out by their own time-outs, or by
//! the reset that they get when they send on a connection that the host, on again, does not know
//! (RFC 9293 section 3.5.2).

use std::rc::Rc;

use protocols::endpoint::Stimulus;
use protocols::wire::Side;

use super::stream::End;
use super::{ActError, Flying, Item, Trail, World};
use crate::entry::{
    Act, Entry, Fate, Flight, HostId, LinkId, LossCause, Network, Power, StreamId, What,
};

impl World {
    /// Switches a host off or on, now.
    pub(super) fn switch(
        &mut self,
        act: &Act,
        host: HostId,
        power: Power,
    ) -> Result<Entry, ActError> {
        let state = self.hosts.at(host.0 as usize).ok_or(ActError::NoHost)?;
        match (power, state.is_on) {
            (Power::Off, false) => Err(ActError::SwitchedOff),
            (Power::Off, true) => {
                let trail = self.switch_off(host);
                Ok(self.entry(host, None, None, What::Meddling(act.clone()), trail))
            }
            (Power::On, true) => Err(ActError::SwitchedOn),
            (Power::On, false) => {
                self.host_mut(host).is_on = true;
                Ok(self.advance(host, None, None, Stimulus::Start))
            }
        }
    }

    fn switch_off(&mut self, host: HostId) -> Trail {
        let now = self.now;
        let state = self.host_mut(host);
        let ((ends, armed), sent_by) = (state.switch_off(), state.sent_by);
        for armed in armed {
            self.alarms.remove(armed.when);
        }
        for (stream, side) in &ends {
            if let Some(end) = self.end_mut(*stream, *side) {
                end.forget();
            }
        }
        // To look at every link of a large stage is dear, and most hosts have nothing left to send.
        if sent_by > now {
            self.withdraw(host);
        }
        self.queue.clear_of(|item| match item {
            Item::Start(own) | Item::NoRoute(own, ..) => *own == host,
            Item::Land(flying) | Item::Miss(flying) => {
                flying.flight.from == host && !flying.flight.has_left(now)
            }
            Item::Deliver(stream, side, _) | Item::Resume(stream, side, _) => {
                ends.contains(&(*stream, *side))
            }
            Item::SendAgain(again) => ends.contains(&(again.stream, again.side)),
            Item::Acknowledge { stream, side, .. } => ends.contains(&(*stream, *side)),
            Item::Churn(_) => false,
        });
        Trail { touched: ends.into_iter().map(|(stream, _)| stream).collect(), ..Trail::default() }
    }

    /// Sends nothing more of what has not wholly left a host.
    fn withdraw(&mut self, host: HostId) {
        let now = self.now;
        for link in 0..self.links.len() {
            if self.links.at(link).is_some_and(|link| link.awaits(host, now))
                && let Some(link) = self.links.at_mut(link)
            {
                link.withdraw(host, now);
            }
        }
    }

    /// Something arrives at a host that is off. Whoever waits for an answer will miss it in time.
    pub(super) fn lost_at_the_switch(&mut self, flying: &Flying) -> Entry {
        let Flying { flight, cause, .. } = flying;
        let last = self.routes.between(flight.from, flight.to).and_then(|r| r.hops().last());
        let link = last.map_or(LinkId::default(), |hop| hop.link);
        let fate = Fate::Lost { link, why: LossCause::SwitchedOff };
        let lost = Flight { fate, ..Flight::clone(flight) };
        self.miss(Flying::new(Rc::new(lost), *cause));
        let event = Network::HostOff { link };
        self.network(flight.to, Some(*cause), Some(flight.id), event, Trail::default())
    }

    /// The end of a stream that was dialled is as if it had never heard of it.
    pub(super) fn accept_anew(&mut self, stream: StreamId) {
        let tcp = self.plan.tcp.clone();
        if let Some(end) = self.end_mut(stream, Side::Responder) {
            *end = End::new(end.host, end.address, None, &tcp);
        }
    }
}
