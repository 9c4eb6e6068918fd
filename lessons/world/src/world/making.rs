//! Making a world host by host: on a large stage that alone takes a while.

use std::rc::Rc;

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::World;
use super::host::HostState;
use crate::plan::Plan;

/// The hosts of a world, as far as they are made.
#[derive(Clone, Debug)]
pub(crate) struct Making {
    plan: Rc<Plan>,
    /// Each lies in memory beside its program: a step needs both.
    hosts: Vec<Rc<HostState>>,
    random: Pcg32,
}

impl Making {
    /// Nothing yet of the world of a plan, with the seed of everything that is left to chance.
    pub fn new(plan: &Rc<Plan>, seed: u64) -> Making {
        let hosts = Vec::with_capacity(plan.hosts.len());
        Making { plan: Rc::clone(plan), hosts, random: Pcg32::seed_from_u64(seed) }
    }

    /// What the world starts from.
    pub fn plan(&self) -> &Rc<Plan> {
        &self.plan
    }

    /// Makes another host; false where all are made.
    pub fn make_host(&mut self) -> bool {
        let Some(host) = self.plan.hosts.get(self.hosts.len()) else { return false };
        let program = host.program.start(self.random.next_u64());
        self.hosts.push(Rc::new(HostState::new(host.address, program)));
        true
    }

    /// How much of it is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        match self.plan.hosts.len() {
            0 => 1.0,
            all => self.hosts.len() as f64 / all as f64,
        }
    }

    /// The world, which takes the hosts with it; those that were not made are made now.
    pub fn world(&mut self) -> World {
        while self.make_host() {}
        let hosts = core::mem::take(&mut self.hosts);
        World::with(&self.plan, hosts.into(), self.random.clone())
    }
}
