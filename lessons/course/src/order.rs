//! What an order does: to a host, to its power, or to the time.

use core::time::Duration;

use crate::lesson::Order;
use crate::measure::Expr;
use crate::reader::Place;

impl Order {
    /// How long it waits, where it is not for a host: `wait 10 min`.
    pub fn wait(&self) -> Option<Duration> {
        let secs = (self.host == WAIT).then(|| Expr::read(&self.command, Place::line(1)).ok());
        let wait = Duration::try_from_secs_f64(secs.flatten()?.constant()?).ok()?;
        Some(wait.min(LONGEST_WAIT))
    }

    /// What the order does to the world, given the host that it names.
    pub fn act(&self, host: world::HostId) -> world::Act {
        match power(&self.command) {
            Some(power) => world::Act::Power { host, power },
            None => world::Act::Command { host, text: self.command.clone() },
        }
    }
}

/// The word of an order that lets time pass.
pub(crate) const WAIT: &str = "wait";

/// A lesson may have a day pass, and no file may keep the page busy for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// What `switch off` and `switch on` mean; nothing for any other words.
fn power(words: &str) -> Option<world::Power> {
    match words {
        "switch off" => Some(world::Power::Off),
        "switch on" => Some(world::Power::On),
        _ => None,
    }
}
