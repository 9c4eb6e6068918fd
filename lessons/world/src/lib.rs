//! The simulated network: hosts, links, faults, history and story.
//!
//! A [`Plan`] says what is on the stage, a [`World`] runs it one step at a time, and each step is
//! an [`Entry`].

pub mod compare;
mod entry;
mod history;
mod plan;
mod recording;
mod share;
mod story;
#[cfg(test)]
mod toy;
mod trace;
mod world;

pub use entry::{
    Act, Dialled, Entry, EntryId, Fate, Fault, Flight, FlightId, HostId, LinkId, Load, LossCause,
    Network, Power, StreamId, What,
};
pub use history::{
    BranchId, BranchInfo, Building, Built, Disagreement, History, MOST_ENTRIES, Meddling, Replay,
    ReplayError,
};
pub use plan::{
    Churn, Conditions, HostPlan, LinkPlan, Node, Plan, Prelude, Program, RouterPlan, Tcp,
};
pub use recording::Recording;
pub use share::{LinkError, Shared};
pub use story::{
    AlarmMark, Arrow, Change, Conversation, Histogram, Label, Line, Measures, Narration, Place,
    Sample, Settled, Story, Strip, Thread, Threads, Unexplained, changes, clock, transcript,
};
pub use trace::{Party, Trace};
pub use world::{ActError, Direction, Lane, Link, Ongoing, Underway, World};
