//! The page: a Yew app that is a function of (history, moment, selection).
//!
//! [`state`] owns what is true, [`pages`] put [`panels`] together, [`draw`] is pure geometry, and
//! [`live`] drives the same machines over a real network.

mod app;
mod browser;
mod draw;
mod live;
mod pages;
mod panels;
mod parts;
mod state;
mod tape;
mod token;

fn main() {
    yew::set_custom_panic_hook(Box::new(|panic| browser::panicked(&panic.to_string())));
    token::keep();
    yew::Renderer::<app::App>::with_root(browser::root()).render();
}
