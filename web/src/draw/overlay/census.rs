//! Keeps the nodes of an overlay as they are while the moment moves: only hosts at which something
//! has happened in between are looked at again.

use std::collections::BTreeSet;
use std::rc::Rc;

use world::{Act, Entry, History, HostId, Plan, What};

use super::crowd::{Crowd, Dot};

/// The nodes at the moment at which they were last asked for.
#[derive(Debug, Default)]
pub struct Census(Option<Taken>);

#[derive(Debug)]
struct Taken {
    crowd: Rc<Crowd>,
    plan: Rc<Plan>,
    moment: u32,
    /// The entry before the moment: another one there is another run.
    last: Option<Rc<Entry>>,
}

impl Census {
    /// The nodes at a history's moment: the very same value as before if none of them has changed.
    pub fn at(&mut self, history: &History) -> Rc<Crowd> {
        let before = self.0.take().filter(|taken| taken.is_of(history));
        let renewed = before.and_then(|taken| taken.renewed(history));
        let crowd = renewed.unwrap_or_else(|| Rc::new(Crowd::of(history.world())));
        let (plan, moment) = (Rc::clone(history.plan()), history.moment());
        let last = moment.checked_sub(1).and_then(|at| history.entry(at)).cloned();
        self.0 = Some(Taken { crowd: Rc::clone(&crowd), plan, moment, last });
        crowd
    }
}

impl Taken {
    fn is_of(&self, history: &History) -> bool {
        let theirs = self.moment.checked_sub(1).and_then(|at| history.entry(at));
        Rc::ptr_eq(&self.plan, history.plan())
            && match (&self.last, theirs) {
                (None, None) => true,
                (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs),
                (Some(_), None) | (None, Some(_)) => false,
            }
    }

    /// The nodes after what has happened, or has been taken back, since; none where looking at all
    /// of them is no more work, or their order is another.
    fn renewed(mut self, history: &History) -> Option<Rc<Crowd>> {
        let now = history.moment();
        let (from, to) = (self.moment.min(now) as usize, self.moment.max(now) as usize);
        let between = history.trace().entries.get(from..to)?;
        if between.len() > self.crowd.dots.len() {
            return None;
        }
        let touched: BTreeSet<HostId> = between.iter().map(|entry| touched(entry)).collect();
        for host in touched {
            let (old, new) = (self.crowd.at(host.0), Dot::of(history.world(), host));
            match (old, new) {
                (None, None) => {}
                (Some(old), Some(new)) if *old == new => {}
                (Some(old), Some(new)) if old.key == new.key => {
                    Rc::make_mut(&mut self.crowd).replace(new);
                }
                (Some(_), Some(_)) | (Some(_), None) | (None, Some(_)) => return None,
            }
        }
        Some(self.crowd)
    }
}

/// The host that an entry may have changed.
fn touched(entry: &Entry) -> HostId {
    match &entry.what {
        What::Meddling(Act::Power { host, .. } | Act::Command { host, .. }) => *host,
        What::Meddling(Act::Flight { .. } | Act::Link { .. })
        | What::Step(_)
        | What::Network(_) => entry.host,
    }
}
