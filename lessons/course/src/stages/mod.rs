//! Stages: the networks that lessons play on, by name and with parameters.

mod cookies;
mod family;
mod mail;
mod mainline;
mod names;
mod overlay;
mod params;
mod plan;
mod proxy;
mod push_pull;
mod ring;
mod specs;
mod web;

use core::fmt;

use world::Plan;

pub use family::{Family, Machines};
pub use params::{Domain, Params, Spec, Value, Word};

/// A stage: hosts, links and the knobs to set them by.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Its name in lesson files and links.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Its parameters.
    pub specs: &'static [Spec],
    /// What its picture is.
    pub picture: Picture,
}

/// What the page shows of a stage beside the ladder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Picture {
    /// The map of hosts and links.
    Network,
    /// The overlay that its hosts make: the ring or the tree of a distributed hash table. Its nodes
    /// never come to rest, so what is waited for, told and counted is what the student began.
    Overlay,
}

/// Why a stage cannot be built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StageError {
    /// There is no stage of this name.
    NoStage(String),
    /// The machines that it is built of have not arrived.
    NoMachines(&'static str),
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StageError::NoStage(name) => write!(f, "There is no stage named `{name}`."),
            StageError::NoMachines(name) => {
                write!(f, "The machines of the stage `{name}` have not arrived.")
            }
        }
    }
}

impl std::error::Error for StageError {}

/// Builds the stage of this name; a parameter that is not set is at its default.
///
/// # Errors
/// There is no such stage, or its [`Machines`] have not arrived.
pub fn build(name: &str, params: &Params) -> Result<Plan, StageError> {
    let stage = named(name).ok_or_else(|| StageError::NoStage(name.to_string()))?;
    let machines = Family::of(stage.name).and_then(Family::machines);
    let plan = machines.and_then(|machines| machines.plan(stage.name));
    let plan = plan.ok_or(StageError::NoMachines(stage.name))?;
    Ok(plan(&params.over(&Params::defaults(stage.specs))))
}

/// The stage of this name.
pub fn named(name: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| stage.name == name)
}

/// Every stage.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "web",
        title: "A browser and a web server",
        specs: web::SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "web-cookies",
        title: "Two browsers and two sites",
        specs: cookies::SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "web-proxy",
        title: "A caching proxy on a narrow link",
        specs: proxy::SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "names",
        title: "A resolver and the tree of name servers",
        specs: names::SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "mail-dialogue",
        title: "A mail program and its server",
        specs: mail::DIALOGUE_SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "mail",
        title: "Mail from laptop to laptop",
        specs: mail::WAY_SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "mail-reading",
        title: "A mailbox and two readers",
        specs: mail::READING_SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "push-pull",
        title: "The same file by mail and by HTTP",
        specs: push_pull::SPECS,
        picture: Picture::Network,
    },
    Stage {
        name: "ring",
        title: "A ring of nodes that know where keys are",
        specs: ring::SPECS,
        picture: Picture::Overlay,
    },
    Stage {
        name: "mainline",
        title: "The distributed hash table of BitTorrent",
        specs: mainline::SPECS,
        picture: Picture::Overlay,
    },
];
