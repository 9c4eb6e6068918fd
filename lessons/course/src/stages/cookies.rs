//! The stage `web-cookies`: two browsers, a shop that counts their visits, and another site.

use core::net::Ipv4Addr;

use protocols::http::client::{Client, Config};
use protocols::http::site::{Resource, Site};
use world::{Conditions, Plan};

use super::plan::{Draft, EPOCH, browser, conditions};
use super::specs::{BANDWIDTH, LOSS, NAMES, RTT};
use super::{Domain, Params, Spec, Word};

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[RTT, BANDWIDTH, LOSS, COOKIES, NAMES];

/// Whether browsers keep cookies.
const COOKIES: Spec = Spec {
    name: "cookies",
    label: "Cookies",
    says: "Whether the browsers keep the cookies that they are given.",
    domain: Domain::Word(&[
        Word { name: "on", says: "Every cookie goes into the jar." },
        Word { name: "off", says: "Every cookie is thrown away." },
    ]),
};

/// A browser with its jar open or closed.
fn visitor(params: &Params) -> Client {
    Client::new(Config { cookies: params.word("cookies") != "off", ..browser(params) })
}

/// Builds the stage.
pub(super) fn plan(params: &Params) -> Plan {
    let mut draft = Draft::naming(params);
    let laptop = draft.host("browser", Ipv4Addr::new(10, 0, 0, 2), (0, 0), visitor(params));
    let phone = draft.host("phone", Ipv4Addr::new(10, 0, 0, 3), (0, 2), visitor(params));
    let middle = draft.router("router", (2, 1));
    let shop = Site::new().with("/", Resource::Visits);
    let shop = draft.server("shop.test", Ipv4Addr::new(10, 0, 1, 80), (4, 0), shop);
    let department = Site::department(EPOCH);
    let other = draft.server("www.cs.test", Ipv4Addr::new(10, 0, 2, 80), (4, 2), department);
    if let Some(asked) = draft.name_server((2, 3)) {
        draft.link("name server's link", (asked, middle), Conditions::default());
    }
    let half = params.number("rtt") / 2.0;
    let names = ["laptop's link", "phone's link", "shop's link", "department's link"];
    for (name, node) in names.into_iter().zip([laptop, phone, shop, other]) {
        draft.link(name, (node, middle), conditions(half, params.number("bandwidth"), params));
    }
    draft.plan()
}
