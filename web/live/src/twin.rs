//! The simulated twin of a live session: the same program is asked the same things, but by our own
//! servers it is answered, over paths as long as the real ones were measured to be.

use core::time::Duration;
use std::rc::Rc;

use protocols::endpoint::Stimulus;
use protocols::wire::Time;
use world::{Act, Entry, History, Story, What};

use super::ours::Since;
use super::{ForkError, Live, TAB_HOST};

impl Live {
    /// A simulation of the whole session from its beginning. A command comes when the live one
    /// came, or as soon as nothing is left to happen before it: nobody waits for the student to
    /// think.
    ///
    /// # Errors
    /// Something was spoken that none of our servers speaks.
    pub fn twin(&self, seed: u64) -> Result<History, ForkError> {
        let trace = self.recording().trace();
        let servers = self.servers(&Story::of(trace), Since::Beginning, trace.epoch)?;
        let plan = self.plan(self.beginning.duplicate(), trace.epoch, servers);
        let mut twin = History::new(Rc::new(plan), seed);
        for entry in trace.entries {
            let Some(text) = command_of(entry) else { continue };
            run_until(&mut twin, entry.at);
            // It was understood in the live session, and this is the same program.
            let _ = twin.meddle(Act::Command { host: TAB_HOST, text: text.to_string() });
        }
        let Some(last) = trace.entries.last() else { return Ok(twin) };
        run_until(&mut twin, last.at);
        let mut left = MAX_ENTRIES;
        while left > 0 && !twin.world().is_quiet() {
            let due = twin.world().clone().next_at();
            // Nodes of a DHT are never quiet for good.
            if due.is_none_or(|at| at > last.at + LINGER) || twin.step().is_none() {
                break;
            }
            left -= 1;
        }
        Ok(twin)
    }
}

fn command_of(entry: &Entry) -> Option<&str> {
    let What::Step(step) = &entry.what else { return None };
    match &step.stimulus {
        Stimulus::Command(text) => Some(text),
        Stimulus::Start
        | Stimulus::Opened { .. }
        | Stimulus::Data { .. }
        | Stimulus::Finished { .. }
        | Stimulus::Lost { .. }
        | Stimulus::Datagram { .. }
        | Stimulus::Alarm(_) => None,
    }
}

/// Lets everything happen that is due before something of the live session did.
fn run_until(twin: &mut History, moment: Time) {
    for _ in 0..MAX_ENTRIES {
        let due = twin.world().clone().next_at();
        if due.is_none_or(|at| at > moment) || twin.step().is_none() {
            return;
        }
    }
}

/// How long the twin may go on after the live session.
const LINGER: Duration = Duration::from_secs(10 * 60);

/// No session that a student has made comes near; one that never ends must not hold the page up.
const MAX_ENTRIES: u32 = 50_000;
