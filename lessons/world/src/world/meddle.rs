//! What the student does to a world from outside.

use core::fmt;
use core::time::Duration;
use std::rc::Rc;

use protocols::endpoint::Stimulus;

use super::{Flying, Item, Trail, World};
use crate::entry::{
    Act, Entry, Fate, Fault, Flight, FlightId, HostId, LinkId, Load, LossCause, What,
};
use crate::plan::Conditions;

impl World {
    /// Does something to the world from outside, now.
    ///
    /// # Errors
    /// What was meant is not there (any more), or a host does not understand its command.
    pub fn meddle(&mut self, act: &Act) -> Result<Entry, ActError> {
        match act {
            Act::Command { host, text } => self.command(*host, text),
            Act::Flight { flight, fault } => self.fault(act, *flight, fault),
            Act::Link { link, conditions } => self.set_link(act, *link, conditions),
            Act::Power { host, power } => self.switch(act, *host, *power),
        }
    }

    fn command(&mut self, host: HostId, text: &str) -> Result<Entry, ActError> {
        let state = self.hosts.at(host.0 as usize).ok_or(ActError::NoHost)?;
        if !state.is_on {
            return Err(ActError::SwitchedOff);
        }
        state.program.check(text).map_err(|error| ActError::Command(error.to_string()))?;
        Ok(self.advance(host, None, None, Stimulus::Command(text.to_string())))
    }

    fn fault(&mut self, act: &Act, id: FlightId, fault: &Fault) -> Result<Entry, ActError> {
        let is_it = |item: &Item| matches!(item, Item::Land(flying) if flying.flight.id == id);
        let due = self.queue.iter().find(|due| is_it(&due.what));
        let Some(Item::Land(flying)) = due.map(|due| &due.what) else {
            return Err(ActError::NotInTheAir);
        };
        let Flying { flight, cause, .. } = Flying::clone(flying);
        // The entry that sent it keeps it as it departed.
        let mut flight = Rc::unwrap_or_clone(flight);
        let from = flight.from;
        let mut trail = Trail::default();
        match fault {
            Fault::Drop => {
                self.queue.take(is_it);
                let link = self.routes.between(from, flight.to).and_then(|r| r.hops().next());
                let link = link.map(|hop| hop.link).unwrap_or_default();
                flight.fate = Fate::Lost { link, why: LossCause::Dropped };
                self.miss(Flying::new(Rc::new(flight), cause));
            }
            Fault::Delay(by) => {
                self.queue.take(is_it);
                let arrive = flight.arrive + *by;
                flight.arrive = arrive;
                self.schedule(arrive, Item::Land(Flying::new(Rc::new(flight), cause)));
            }
            Fault::Double => {
                self.launch_copy(Flight { doubled: true, ..flight }, Duration::ZERO, &mut trail);
            }
            Fault::Edit(bytes) => {
                edit(&mut flight.load, bytes)?;
                if let Some(item) = self.queue.find_mut(is_it) {
                    *item = Item::Land(Flying::new(Rc::new(flight), cause));
                }
            }
        }
        Ok(self.entry(from, None, None, What::Meddling(act.clone()), trail))
    }

    fn set_link(&mut self, act: &Act, id: LinkId, to: &Conditions) -> Result<Entry, ActError> {
        let link = self.links.at_mut(id.0 as usize).ok_or(ActError::NoLink)?;
        link.set(to.clone());
        let host = self.routes.host_near(&self.plan, id);
        Ok(self.entry(host, None, None, What::Meddling(act.clone()), Trail::default()))
    }
}

/// Puts other bytes in the place of a flight's payload.
fn edit(load: &mut Load, to: &[u8]) -> Result<(), ActError> {
    match load {
        Load::Data { bytes, .. } | Load::Datagram { bytes, .. } => *bytes = to.to_vec().into(),
        Load::Syn { .. }
        | Load::SynAck { .. }
        | Load::Ack { .. }
        | Load::Fin { .. }
        | Load::Rst { .. } => return Err(ActError::NoPayload),
    }
    Ok(())
}

/// Why a meddling is not possible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ActError {
    /// There is no such host on the stage.
    NoHost,
    /// There is no such link on the stage.
    NoLink,
    /// That flight has landed, or was lost, or has not departed.
    NotInTheAir,
    /// That flight carries nothing that could be edited.
    NoPayload,
    /// The host is switched off: nothing can be asked of it, nor can it be switched off again.
    SwitchedOff,
    /// The host is switched on already.
    SwitchedOn,
    /// The host does not understand the command.
    Command(String),
    /// The run has as many entries as are kept.
    Full,
}

impl fmt::Display for ActError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ActError::NoHost => write!(f, "There is no such host on this stage."),
            ActError::NoLink => write!(f, "There is no such link on this stage."),
            ActError::NotInTheAir => {
                write!(f, "That message is not in the air now. Step back to before it lands.")
            }
            ActError::NoPayload => {
                write!(f, "That message carries no bytes of the application to edit.")
            }
            ActError::SwitchedOff => write!(f, "That host is switched off. Switch it on first."),
            ActError::SwitchedOn => write!(f, "That host is switched on already."),
            ActError::Command(why) => f.write_str(why),
            ActError::Full => {
                write!(f, "This run is as long as any can be. Go back, or start it anew.")
            }
        }
    }
}

impl std::error::Error for ActError {}
