//! Two branches of a lesson's run, side by side.

use std::rc::Rc;

use world::compare::{Comparison, Parting, Run};
use world::{Act, BranchInfo, Fault, HostId, Plan, Power, Story, Trace};

use super::{Lab, Playing};
use crate::panels::told;
use crate::state::telling::since;

/// The branch that is looked at, and another of the same run.
#[derive(Clone, PartialEq, Debug)]
pub struct Beside {
    /// What the two are called, as the bar of time calls them.
    pub names: [String; 2],
    /// How they differ.
    pub found: Rc<Comparison>,
    /// Where they part.
    pub parting: Rc<Parting>,
    /// How far each has been played, in nanoseconds since the run began.
    pub played: [u64; 2],
}

impl Lab {
    /// Whether there is another branch to compare with.
    pub fn has_branches(&self) -> bool {
        self.run.borrow().history.branches().nth(1).is_some()
    }

    /// Compares this branch with the one that it left; the first, which left none, with the one
    /// that began last.
    pub(super) fn lay_beside(&mut self, show: bool) {
        self.beside = None;
        if !show {
            return;
        }
        self.playing = Playing::Hold;
        let run = self.run.borrow();
        let history = &run.history;
        let branches: Vec<BranchInfo<'_>> = history.branches().collect();
        let own = branches.iter().find(|branch| branch.id == history.current());
        let Some(own) = own else { return };
        let last = || branches.iter().rfind(|branch| branch.id != own.id);
        let parent = own.parent.and_then(|id| branches.iter().find(|branch| branch.id == id));
        let Some(other) = parent.or_else(last) else { return };
        let mut names = [own, other].map(|branch| self.branch_name(branch, history.plan()));
        let mut away = history.clone();
        away.switch(other.id);
        let traces = [history.trace(), away.trace()];
        let stories = traces.map(Story::of);
        let called = match names[0] == names[1] {
            true => ["this future".to_string(), "the other".to_string()],
            false => names.each_ref().map(|name| format!("\u{201c}{name}\u{201d}")),
        };
        if names[0] == names[1] {
            names.clone_from(&called);
        }
        let runs =
            [0, 1].map(|at| Run { name: &called[at], trace: traces[at], story: &stories[at] });
        let found = Rc::new(Comparison::of(runs[0], runs[1]));
        let parting = Rc::new(Parting::of(runs[0], runs[1], &found));
        let last = |trace: Trace<'_>| trace.entries.last().map_or(0, |last| since(trace, last.at));
        let played = traces.map(last);
        drop(run);
        self.beside = Some(Rc::new(Beside { names, found, parting, played }));
    }

    /// What a branch is called after: what was done first on it.
    pub fn branch_name(&self, branch: &BranchInfo<'_>, plan: &Plan) -> String {
        let host = |host: &HostId| {
            plan.hosts.get(host.0 as usize).map_or("somebody", |host| host.name.as_str())
        };
        let Some(_) = branch.parent else { return "first run".to_string() };
        match branch.first {
            None => "another future".to_string(),
            Some(Act::Command { text, .. }) => text.clone(),
            Some(Act::Flight { fault, .. }) => {
                let what = self.meddled.get(&branch.id).map_or("a message", String::as_str);
                match fault {
                    Fault::Drop => format!("you dropped {what}"),
                    Fault::Delay(_) => format!("you delayed {what}"),
                    Fault::Double => format!("you doubled {what}"),
                    Fault::Edit(_) => format!("you edited {what}"),
                }
            }
            Some(Act::Power { host: at, power: Power::Off }) => format!("{} off", host(at)),
            Some(Act::Power { host: at, power: Power::On }) => format!("{} on", host(at)),
            Some(Act::Link { conditions, .. }) => format!("link: {}", told(conditions)),
        }
    }

    /// Keeps the title of the message that was meddled with first on this branch. The number of a
    /// flight means another message on another branch, and only this one is told.
    pub(super) fn remember_meddled(&mut self) {
        let run = self.run.borrow();
        let own = run.history.branches().find(|branch| branch.id == run.history.current());
        let Some(BranchInfo {
            id, parent: Some(_), first: Some(Act::Flight { flight, .. }), ..
        }) = own.filter(|own| !self.meddled.contains_key(&own.id))
        else {
            return;
        };
        let story = self.told.story.borrow();
        if let Some(arrow) = story.arrow(*flight) {
            let title = story.label_as_sent(arrow).title;
            Rc::make_mut(&mut self.meddled).insert(id, shortened(&title));
        }
    }
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}\u{2026}", title.get(..end).unwrap_or(title)),
        None => title.to_string(),
    }
}

/// Of a long title this much stands on a button of the bar of time.
const MOST_CHARS: usize = 40;
