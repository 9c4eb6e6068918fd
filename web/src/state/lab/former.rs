//! The run that another has taken the place of: who starts a scene anew, or turns a knob, loses
//! nothing.

use std::rc::Rc;

use super::{Do, Lab, Playing};

/// A run that was given up, with all that was true of it.
#[derive(Clone)]
pub struct Former {
    lab: Lab,
    /// Whether it is newer than the one that is shown: that one was taken back.
    pub is_newer: bool,
}

impl Lab {
    /// Whether a meddling before this moment can be taken back.
    pub fn has_meddled(&self) -> bool {
        let run = self.run.borrow();
        let history = &run.history;
        let last = history.meddlings().iter().rfind(|one| one.before < history.moment());
        last.is_some_and(|last| last.before as usize >= self.opened)
    }

    /// Whether there is anything to undo: a meddling, or that the former run was given up.
    pub fn can_undo(&self) -> bool {
        self.has_meddled() || self.former.as_ref().is_some_and(|former| !former.is_newer)
    }

    /// This run, as what another takes the place of. Where nothing was done in it, and while it is
    /// too long to be kept beside another, that is what it has itself taken the place of, or
    /// nothing.
    pub(super) fn to_take_back(&self) -> Option<Rc<Former>> {
        let (is_used, is_short) = {
            let history = &self.run.borrow().history;
            let done = history.meddlings().last();
            let is_done = done.is_some_and(|one| one.before as usize >= self.opened);
            (is_done || history.branches().nth(1).is_some(), history.len() < MOST_ENTRIES)
        };
        match (is_used, is_short) {
            (true, true) => {
                let lab = Lab { former: None, wish: None, notice: None, ..self.clone() };
                Some(Rc::new(Former { lab, is_newer: false }))
            }
            (true, false) => None,
            (false, _) => self.former.clone().filter(|former| !former.is_newer),
        }
    }

    /// Goes back to the former run. If anything was done in this one, it is kept in its turn.
    pub(super) fn take_back(&mut self) {
        let Some(former) = self.former.take() else { return };
        let newer = self.to_take_back().map(|newer| {
            let is_newer = !former.is_newer;
            Rc::new(Former { is_newer, ..Former::clone(&newer) })
        });
        let is_newer = former.is_newer;
        *self = Lab {
            // Who looks at the page by the version has to see that it is another run.
            version: self.version + 1,
            progress: Rc::clone(&self.progress),
            part: self.part,
            playing: Playing::Hold,
            former_told: newer.is_some(),
            former: newer,
            ..former.lab.clone()
        };
        self.notice = Some(match is_newer {
            true => "The newer run is back.".into(),
            false => "The former run is back, as you left it.".into(),
        });
    }
}

impl Do {
    /// Whether it is done to the run, so that what was said of the former one is old.
    pub(super) fn makes_history(&self) -> bool {
        match self {
            Do::Cue(_)
            | Do::Break(_)
            | Do::Turn(..)
            | Do::Meddle(..)
            | Do::Link(..)
            | Do::Power(..)
            | Do::Command(..)
            | Do::Scene(_)
            | Do::Open(_)
            | Do::TakeBack => true,
            Do::Travel(_)
            | Do::Advance
            | Do::Caught
            | Do::Follow(_)
            | Do::Pick(_)
            | Do::PickNext(_)
            | Do::Tab(_)
            | Do::Map(_)
            | Do::View(_)
            | Do::Part(_)
            | Do::Anew
            | Do::Look(_)
            | Do::Answer(..)
            | Do::Edit
            | Do::Show(_)
            | Do::Beside(_)
            | Do::Undo
            | Do::Fulfil
            | Do::Cancel => false,
        }
    }
}

/// A run that is longer is not kept beside another: together they would be some hundred megabytes.
const MOST_ENTRIES: u32 = 200_000;
