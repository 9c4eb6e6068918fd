//! The one trait that every client, server and peer implements, and what runs it.
//!
//! An endpoint takes one [`Input`] and says what must be done by appending to its [`Context`];
//! nothing else happens inside it. [`Running`] wraps an endpoint with its alarms and connection
//! numbers and is the only thing that records. The simulator, the tab's live mode and the relay's
//! native servers are three drivers of the same [`Running`].

mod context;
mod input;
mod lookup;
mod names;
mod output;
mod running;
#[cfg(test)]
mod tests;
mod view;

use core::fmt::{Debug, Display};
use core::str::FromStr;
use std::borrow::Cow;

use crate::overlay::{Place, Pointer};
pub use context::Context;
pub use input::{CommandError, Conn, Input, Loss, Stimulus};
pub use lookup::{Found, Lookup, LookupError};
pub use names::Resolvers;
pub use output::{AlarmId, Output, Target, Transport};
pub use running::{Host, Running, Step};
pub use view::{Position, Row, Table, View};

/// A program at one end of a protocol: policy, retries, several connections at once.
///
/// Endpoints own machines, never other endpoints: two programs that must talk, talk over the wire.
pub trait Endpoint: Clone + Debug + 'static {
    /// What its user may ask of it. The text form is what lessons, links and the palette use, so
    /// `to_string` and `parse` must be inverses.
    type Command: Clone + Debug + Display + FromStr<Err = CommandError>;
    /// What it tells its user.
    type Event: Clone + Debug + Display;
    /// The alarms that it sets, by name. Arming one that is armed already moves it.
    type Timer: Timer;

    /// Takes one input and appends what must be done, in order, to `cx`.
    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>);

    /// What it is in the middle of and what it remembers, for the State view.
    fn view(&self, now: crate::wire::Time) -> View;

    /// The state of [`Endpoint::view`] alone. Drivers ask for it after every step, so an endpoint
    /// with large tables answers without making them.
    fn state(&self, now: crate::wire::Time) -> Cow<'static, str> {
        self.view(now).state.into()
    }

    /// Reads a little of each part of it that a step needs, for [`Host::touch`]. Only an endpoint
    /// of which thousands run at once has anything to gain by it.
    fn touch(&self) -> usize {
        0
    }

    /// Where it stands in an overlay; none for a program that is not a node of one. Pictures ask
    /// thousands of nodes for each frame, so the answer must cost next to nothing.
    fn place(&self) -> Option<Place> {
        None
    }

    /// The nodes that it knows in its overlay, as of now, by role and rank.
    fn pointers(&self) -> Vec<Pointer> {
        Vec::new()
    }

    /// The commands that it understands, as templates to fill in, such as `get URL`.
    fn commands(&self) -> &'static [&'static str];
}

/// The name of an alarm.
pub trait Timer: Copy + Ord + Debug + 'static {
    /// What it is for, such as `idle` or `retry`.
    fn name(&self) -> &'static str;

    /// Which of several it is: a connection's number, a transaction's; 0 where there is only one.
    fn about(&self) -> u64 {
        0
    }
}
