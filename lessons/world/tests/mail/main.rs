//! Mail over a small network: what a thousand worlds with faults make of it, mail from laptop to
//! laptop, and which rules are acted on.

mod lone;
mod reading;
mod rules;
mod seeds;
mod star;
mod talks;
