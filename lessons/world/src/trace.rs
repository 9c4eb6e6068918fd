//! What a story is told from: who takes part, and what happened; simulated or live.

use core::net::IpAddr;
use std::rc::Rc;

use protocols::wire::Time;

use crate::entry::{Entry, EntryId};
use crate::plan::LinkPlan;

/// Everything known of a run. A [`History`](crate::History) gives one, and so does a
/// [`Recording`](crate::Recording) of a live session.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'a> {
    /// Who takes part; a [`HostId`](crate::HostId) is an index into them.
    pub parties: &'a [Party],
    /// The links between them; none in a live session, where nobody knows them.
    pub links: &'a [LinkPlan],
    /// When it began.
    pub epoch: Time,
    /// What happened, in order.
    pub entries: &'a [Rc<Entry>],
}

impl<'a> Trace<'a> {
    /// The entry of this number, also where the trace holds only some entries of a run.
    pub fn entry(&self, id: EntryId) -> Option<&'a Rc<Entry>> {
        // In a whole run an entry stands at its own number.
        let there = self.entries.get(id.0 as usize).filter(|entry| entry.id == id);
        there.or_else(|| {
            let at = self.entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
            self.entries.get(at)
        })
    }
}

/// One who takes part.
#[derive(Clone, PartialEq, Debug)]
pub struct Party {
    /// The name as shown.
    pub name: String,
    /// The address, once it is known.
    pub address: Option<IpAddr>,
    /// How far to the right it stands, in the units of its stage's map; hosts that stand equally
    /// far, as all of a live session do, are taken in their order.
    pub column: i16,
}
