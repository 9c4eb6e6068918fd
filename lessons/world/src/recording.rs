//! A live session, recorded as a simulated one is: the same entries, but no world to step.

use std::rc::Rc;

use protocols::wire::Time;

use crate::entry::{Entry, EntryId};
use crate::trace::{Party, Trace};

/// What happened in a live session. The driver pushes; stories are told from it as from a history.
#[derive(Clone, Debug)]
pub struct Recording {
    parties: Vec<Party>,
    epoch: Time,
    entries: Vec<Rc<Entry>>,
}

impl Recording {
    /// A session that begins now, with this program in the tab.
    pub fn new(epoch: Time, own: Party) -> Recording {
        Recording { parties: vec![own], epoch, entries: Vec::new() }
    }

    /// Who takes part so far.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// Somebody new takes part; says as which number.
    pub fn join(&mut self, party: Party) -> crate::HostId {
        self.parties.push(party);
        crate::HostId(self.parties.len() as u32 - 1)
    }

    /// What is known better by now of somebody who takes part.
    pub fn party_mut(&mut self, host: crate::HostId) -> Option<&mut Party> {
        self.parties.get_mut(host.0 as usize)
    }

    /// The number that the next entry has.
    pub fn next_id(&self) -> EntryId {
        EntryId(self.entries.len() as u32)
    }

    /// Writes an entry down.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(Rc::new(entry));
    }

    /// Everything recorded.
    pub fn trace(&self) -> Trace<'_> {
        Trace { parties: &self.parties, links: &[], epoch: self.epoch, entries: &self.entries }
    }
}
