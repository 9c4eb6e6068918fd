//! What is drawn and where: pure geometry, tested without a browser, and the icons.

pub mod chart;
pub mod icon;
pub mod ladder;
pub mod map;
pub mod metrics;
pub mod order;
pub mod overlay;
pub mod plot;
pub mod unbroken;
pub mod units;
