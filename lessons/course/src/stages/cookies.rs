//! The stage `web-cookies`: two browsers, a shop that counts their visits, and another site.

use super::Spec;
use super::specs::{BANDWIDTH, LOSS, RTT};

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[RTT, BANDWIDTH, LOSS];
