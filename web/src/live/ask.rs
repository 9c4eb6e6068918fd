//! Giving the program in the tab its commands: really, or in the fork that is looked at.

use yew::prelude::*;

use super::desk::{Desk, Do};
use super::session::Between;
use crate::panels::time::Travel;
use crate::state::lab::Part;

/// Asks for things one after the other.
///
/// # Errors
/// There is nobody to ask, or the program does not understand: as a sentence.
pub fn ask(desk: &Desk, act: &Callback<Do>, commands: Vec<String>) -> Result<(), String> {
    if desk.at.is_some() {
        act.emit(Do::Ask(commands));
        return Ok(());
    }
    match desk.session.between() {
        Between::Connected(_) => {}
        Between::Looking | Between::Connecting => {
            return Err("The relay is not connected yet. Try again in a moment.".to_string());
        }
        Between::NoRelay(_) | Between::Refused(_) | Between::Lost(_) => {
            return Err("Nothing can be sent without a relay.".to_string());
        }
    }
    act.emit(Do::Beside(false));
    act.emit(Do::Travel(Travel::End));
    act.emit(Do::Part(Part::Middle));
    commands.iter().try_for_each(|command| desk.session.command(command))
}
