//! Stages: the networks that lessons play on, by name and with parameters.

mod cookies;
mod params;
mod proxy;
mod specs;
mod web;

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
}

/// The stage of this name.
pub fn named(name: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| stage.name == name)
}

/// Every stage.
pub const STAGES: &[Stage] = &[
    Stage { name: "web", title: "A browser and a web server", specs: web::SPECS },
    Stage { name: "web-cookies", title: "Two browsers and two sites", specs: cookies::SPECS },
    Stage { name: "web-proxy", title: "A caching proxy on a narrow link", specs: proxy::SPECS },
];
