//! Families of stages: those whose hosts run the same protocols.
//!
//! What a stage is called, and what it can be set to, is known everywhere. The machines that it is
//! built of are most of the lab: a browser fetches those of a family when a lesson plays on one of
//! its stages, and hands them over here. Elsewhere all are there from the start.

use std::sync::OnceLock;

use world::Plan;

use super::{Params, cookies, mail, mainline, names, proxy, push_pull, ring, web};

/// A family of stages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Family {
    /// HTTP and DNS.
    Web,
    /// SMTP, POP3 and MIME.
    Mail,
    /// Mail and HTTP on one stage.
    MailAndWeb,
    /// Chord and Mainline's Kademlia.
    Tables,
}

/// What the stages of a family are built by, and with it all machines that they need.
///
/// Each family has a function of its own, so that a program that is cut into parts can have one
/// family without the others.
#[derive(Clone, Copy, Debug)]
pub struct Machines {
    family: Family,
    plans: &'static [(&'static str, Build)],
}

/// Builds a stage.
type Build = fn(&Params) -> Plan;

impl Machines {
    /// Those of [`Family::Web`].
    pub fn web() -> Machines {
        let plans = &[
            ("web", web::plan as Build),
            ("web-cookies", cookies::plan),
            ("web-proxy", proxy::plan),
            ("names", names::plan),
        ];
        Machines { family: Family::Web, plans }
    }

    /// Those of [`Family::Mail`].
    pub fn mail() -> Machines {
        let plans = &[
            ("mail-dialogue", mail::dialogue as Build),
            ("mail", mail::way),
            ("mail-reading", mail::reading),
        ];
        Machines { family: Family::Mail, plans }
    }

    /// Those of [`Family::MailAndWeb`].
    pub fn mail_and_web() -> Machines {
        Machines { family: Family::MailAndWeb, plans: &[("push-pull", push_pull::plan)] }
    }

    /// Those of [`Family::Tables`].
    pub fn tables() -> Machines {
        let plans = &[("ring", ring::plan as Build), ("mainline", mainline::plan)];
        Machines { family: Family::Tables, plans }
    }

    /// Those of every family.
    pub fn all() -> [Machines; FAMILIES] {
        [Machines::web(), Machines::mail(), Machines::mail_and_web(), Machines::tables()]
    }

    /// From now on the stages of this family can be built. To say so again changes nothing.
    pub fn arrive(self) {
        self.family.slot().get_or_init(|| self);
    }

    /// What builds the stage of this name.
    pub(super) fn plan(&self, stage: &str) -> Option<Build> {
        self.plans.iter().find(|(name, _)| *name == stage).map(|(_, plan)| *plan)
    }
}

impl Family {
    /// The family of the stage of this name. It is told by the name alone, not in the table of
    /// stages, for the start page asks it and loads nothing else of them.
    pub fn of(stage: &str) -> Option<Family> {
        match stage {
            "web" | "web-cookies" | "web-proxy" | "names" => Some(Family::Web),
            "mail-dialogue" | "mail" | "mail-reading" => Some(Family::Mail),
            "push-pull" => Some(Family::MailAndWeb),
            "ring" | "mainline" => Some(Family::Tables),
            _ => None,
        }
    }

    /// The machines of this family, once they have arrived.
    pub fn machines(self) -> Option<Machines> {
        if cfg!(not(target_family = "wasm")) {
            Machines::all().into_iter().for_each(Machines::arrive);
        }
        self.slot().get().copied()
    }

    fn slot(self) -> &'static OnceLock<Machines> {
        &ARRIVED[self as usize]
    }
}

/// How many families there are.
const FAMILIES: usize = 4;

/// The machines that have arrived. Which these are decides nothing but whether a stage can be
/// built: a run is the same wherever its machines came from.
static ARRIVED: [OnceLock<Machines>; FAMILIES] = [const { OnceLock::new() }; FAMILIES];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::STAGES;

    #[test]
    fn each_stage_is_built_by_its_own_family_and_by_no_other() {
        for stage in STAGES {
            let by: Vec<Family> = Machines::all()
                .iter()
                .filter(|machines| machines.plan(stage.name).is_some())
                .map(|machines| machines.family)
                .collect();
            assert_eq!(Some(by), Family::of(stage.name).map(|family| vec![family]));
        }
        let plans: usize = Machines::all().iter().map(|machines| machines.plans.len()).sum();
        assert_eq!(plans, STAGES.len());
    }

    #[test]
    fn each_family_keeps_its_own_machines() {
        for machines in Machines::all() {
            machines.arrive();
            assert_eq!(machines.family.machines().map(|kept| kept.family), Some(machines.family));
        }
    }
}
