//! The simulated network: hosts, links, faults, history and story.
