//! What runs along a lifeline: the host's states, and its alarms.

use protocols::endpoint::{AlarmId, Output, Stimulus};
use protocols::wire::Time;

use super::Story;
use crate::entry::{Act, EntryId, HostId, Power, What};

/// A stretch of time in which a host was in one state.
#[derive(Clone, PartialEq, Debug)]
pub struct Strip {
    /// The host.
    pub host: HostId,
    /// The state in a word, as its view said.
    pub state: String,
    /// Since when.
    pub from: Time,
    /// Until when; nothing while it lasts.
    pub to: Option<Time>,
    /// The entry that began it.
    pub began_in: EntryId,
}

/// An alarm from being set to ringing.
#[derive(Clone, PartialEq, Debug)]
pub struct AlarmMark {
    /// The host.
    pub host: HostId,
    /// What the alarm is for.
    pub name: &'static str,
    /// When it was set.
    pub armed: Time,
    /// When it is to ring.
    pub due: Time,
    /// The entry that set it.
    pub armed_in: EntryId,
    /// The entry in which it rang or was called off.
    pub over_in: Option<EntryId>,
    /// Whether it rang.
    pub rang: bool,
    alarm: AlarmId,
}

impl Story {
    /// The states of every host over the first so many entries, in the order of beginning.
    pub fn strips(&self, moment: u32) -> Vec<Strip> {
        let mut strips: Vec<Strip> = Vec::new();
        let mut current: Vec<Option<usize>> = Vec::new();
        for entry in self.entries().iter().take(moment as usize) {
            let host = entry.host.0 as usize;
            if current.len() <= host {
                current.resize(host + 1, None);
            }
            let same =
                current.get(host).copied().flatten().and_then(|at| strips.get_mut(at)).is_some_and(
                    |strip| {
                        let same = strip.state == entry.state;
                        if !same {
                            strip.to = Some(entry.at);
                        }
                        same
                    },
                );
            if !same {
                if let Some(slot) = current.get_mut(host) {
                    *slot = Some(strips.len());
                }
                strips.push(Strip {
                    host: entry.host,
                    state: entry.state.to_string(),
                    from: entry.at,
                    to: None,
                    began_in: entry.id,
                });
            }
        }
        strips.retain(|strip| strip.to != Some(strip.from));
        strips
    }

    /// The alarms that were set in the first so many entries, in order.
    pub fn alarms(&self, moment: u32) -> Vec<AlarmMark> {
        let mut marks: Vec<AlarmMark> = Vec::new();
        for entry in self.entries().iter().take(moment as usize) {
            let step = match &entry.what {
                What::Step(step) => step,
                What::Meddling(Act::Power { host, power: Power::Off }) => {
                    let own = |mark: &&mut AlarmMark| mark.host == *host && mark.over_in.is_none();
                    marks.iter_mut().filter(own).for_each(|mark| mark.over_in = Some(entry.id));
                    continue;
                }
                What::Meddling(_) | What::Network(_) => continue,
            };
            let mut over = |alarm: AlarmId, rang: bool| {
                let mark = marks.iter_mut().rev().find(|mark| {
                    mark.host == entry.host && mark.alarm == alarm && mark.over_in.is_none()
                });
                if let Some(mark) = mark {
                    mark.over_in = Some(entry.id);
                    mark.rang = rang;
                }
            };
            if let Stimulus::Alarm(alarm) = step.stimulus {
                over(alarm, true);
            }
            for output in &step.outputs {
                if let Output::Disarm { alarm } = output {
                    over(*alarm, false);
                }
            }
            for output in &step.outputs {
                if let Output::Arm { alarm, name, after, .. } = output {
                    marks.push(AlarmMark {
                        host: entry.host,
                        name,
                        armed: entry.at,
                        due: entry.at + *after,
                        armed_in: entry.id,
                        over_in: None,
                        rang: false,
                        alarm: *alarm,
                    });
                }
            }
        }
        marks
    }
}
