//! Names are looked up over a small tree of servers: how many messages it takes, what is done when
//! some are lost, what a thousand worlds with faults make of it, and which rules are acted on.

mod rules;
mod scenes;
mod tree;
mod worlds;
