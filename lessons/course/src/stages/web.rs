//! The stage `web`: one browser, one link, one web server.

use super::specs::{BANDWIDTH, LOSS, MODE, OBJECTS, PARALLEL, RTT, SIZE};
use super::{Domain, Spec, Word};

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[RTT, BANDWIDTH, LOSS, MODE, PARALLEL, SITE, OBJECTS, SIZE];

/// What the server serves.
const SITE: Spec = Spec {
    name: "site",
    label: "Site",
    says: "What the server serves.",
    domain: Domain::Word(&[
        Word { name: "department", says: "A small site with every kind of resource." },
        Word { name: "gallery", says: "One page with pictures, for measuring." },
    ]),
};
