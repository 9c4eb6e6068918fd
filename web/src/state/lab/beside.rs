//! Two branches of a lesson's run, side by side.

use std::rc::Rc;

use world::compare::{Comparison, Run};
use world::{Act, BranchInfo, Fault, Power, Story};

use super::{Lab, Playing};
use crate::panels::told;

/// The branch that is looked at, and another of the same run.
#[derive(Clone, PartialEq, Debug)]
pub struct Beside {
    /// What the two are called, as the bar of time calls them.
    pub names: [String; 2],
    /// How they differ.
    pub found: Rc<Comparison>,
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
        let names = [own, other].map(branch_name);
        let mut away = history.clone();
        away.switch(other.id);
        let traces = [history.trace(), away.trace()];
        let stories = traces.map(Story::of);
        let called = match names[0] == names[1] {
            true => ["this future".to_string(), "the one that it left".to_string()],
            false => names.each_ref().map(|name| format!("\u{201c}{name}\u{201d}")),
        };
        let compared =
            |at: usize| Run { name: &called[at], trace: traces[at], story: &stories[at] };
        let found = Rc::new(Comparison::of(compared(0), compared(1)));
        drop(run);
        self.beside = Some(Rc::new(Beside { names, found }));
    }
}

/// What a branch is called after: what was done first on it.
pub fn branch_name(branch: &BranchInfo<'_>) -> String {
    match (branch.parent, branch.first) {
        (None, _) => "first run".to_string(),
        (Some(_), None) => "another future".to_string(),
        (Some(_), Some(act)) => act_name(act),
    }
}

fn act_name(act: &Act) -> String {
    match act {
        Act::Command { text, .. } => text.clone(),
        Act::Flight { fault, .. } => match fault {
            Fault::Drop => "you dropped it",
            Fault::Delay(_) => "you delayed it",
            Fault::Double => "you doubled it",
            Fault::Edit(_) => "you edited it",
        }
        .to_string(),
        Act::Power { power: Power::Off, .. } => "you switched it off".to_string(),
        Act::Power { power: Power::On, .. } => "you switched it on".to_string(),
        Act::Link { conditions, .. } => format!("link: {}", told(conditions)),
    }
}
