//! The stage `web`: one browser, one link, one web server.

use core::net::Ipv4Addr;

use protocols::http::client::Client;
use protocols::http::site::Site;
use world::Plan;

use super::plan::{Draft, EPOCH, YEAR, browser, conditions};
use super::specs::{BANDWIDTH, LOSS, MODE, NAMES, NEAR, OBJECTS, PARALLEL, RTT, SIZE, VERSION};
use super::{Domain, Params, Spec, Word};

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] =
    &[RTT, BANDWIDTH, LOSS, MODE, PARALLEL, VERSION, SITE, OBJECTS, SIZE, NAMES, NEAR];

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

/// Builds the stage.
pub(super) fn plan(params: &Params) -> Plan {
    let mut draft = Draft::naming(params);
    let browser =
        draft.host("browser", Ipv4Addr::new(10, 0, 0, 2), (0, 0), Client::new(browser(params)));
    let site = match params.word("site") {
        "gallery" => {
            let (objects, size) = (params.number("objects"), params.number("size"));
            Site::page_with_objects(objects as usize, size as usize, EPOCH - YEAR)
        }
        _ => Site::department(EPOCH),
    };
    let server = draft.server("www.cs.test", Ipv4Addr::new(10, 0, 0, 80), (4, 0), site);
    let link = conditions(params.number("rtt"), params.number("bandwidth"), params);
    draft.link("link", (browser, server), link);
    if let Some(asked) = draft.name_server((-2, 1)) {
        let local = conditions(params.number("local"), 0.0, &Params::default());
        draft.link("name server's link", (browser, asked), local);
    }
    draft.plan()
}
