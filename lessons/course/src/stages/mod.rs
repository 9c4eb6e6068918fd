//! Stages: the networks that lessons play on, by name and with parameters.

mod cookies;
mod mail;
mod names;
mod params;
mod plan;
mod proxy;
mod push_pull;
mod specs;
mod web;

use core::fmt;

use world::Plan;

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
    /// Builds it.
    plan: fn(&Params) -> Plan,
}

/// Why a stage cannot be built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StageError {
    /// There is no stage of this name.
    NoStage(String),
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StageError::NoStage(name) => write!(f, "There is no stage named `{name}`."),
        }
    }
}

impl std::error::Error for StageError {}

/// Builds the stage of this name; a parameter that is not set is at its default.
///
/// # Errors
/// There is no such stage.
pub fn build(name: &str, params: &Params) -> Result<Plan, StageError> {
    let stage = named(name).ok_or_else(|| StageError::NoStage(name.to_string()))?;
    Ok((stage.plan)(&params.over(&Params::defaults(stage.specs))))
}

/// The stage of this name.
pub fn named(name: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| stage.name == name)
}

/// Every stage.
pub const STAGES: &[Stage] = &[
    Stage { name: "web", title: "A browser and a web server", specs: web::SPECS, plan: web::plan },
    Stage {
        name: "web-cookies",
        title: "Two browsers and two sites",
        specs: cookies::SPECS,
        plan: cookies::plan,
    },
    Stage {
        name: "web-proxy",
        title: "A caching proxy on a narrow link",
        specs: proxy::SPECS,
        plan: proxy::plan,
    },
    Stage {
        name: "names",
        title: "A resolver and the tree of name servers",
        specs: names::SPECS,
        plan: names::plan,
    },
    Stage {
        name: "mail-dialogue",
        title: "A mail program and its server",
        specs: mail::DIALOGUE_SPECS,
        plan: mail::dialogue,
    },
    Stage {
        name: "mail",
        title: "Mail from laptop to laptop",
        specs: mail::WAY_SPECS,
        plan: mail::way,
    },
    Stage {
        name: "mail-reading",
        title: "A mailbox and two readers",
        specs: mail::READING_SPECS,
        plan: mail::reading,
    },
    Stage {
        name: "push-pull",
        title: "The same file by mail and by HTTP",
        specs: push_pull::SPECS,
        plan: push_pull::plan,
    },
];
