//! The stage `web-proxy`: two browsers in one building, a caching proxy, and a narrow access link
//! to the server beyond.

use core::net::Ipv4Addr;
use core::time::Duration;

use protocols::http::client::{Client, Config, ProxyAddress};
use protocols::http::proxy::{self, Proxy};
use protocols::http::site::{Document, Site, gif_of_size};
use world::{Conditions, Plan};

use super::plan::{Draft, EPOCH, YEAR, browser, conditions};
use super::specs::{LOSS, MODE, NAMES, OBJECTS, PARALLEL, RTT, SIZE};
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] =
    &[RTT, ACCESS, LOSS, PROXY, MODE, PARALLEL, OBJECTS, SIZE, HITS, NAMES];

/// The bandwidth of the access link.
const ACCESS: Spec = Spec {
    name: "access",
    label: "Access link",
    says: "How many bits a second the link from the building to the rest carries each way.",
    domain: Domain::Number { kind: Kind::Rate, least: 1e3, most: 10e9, default: 2e6 },
};

/// Whether the browsers go through the proxy.
const PROXY: Spec = Spec {
    name: "proxy",
    label: "Proxy",
    says: "Whether the browsers send their requests through the proxy.",
    domain: Domain::Word(&[
        Word { name: "off", says: "The browsers go to the servers themselves." },
        Word { name: "on", says: "The browsers ask the proxy for everything." },
    ]),
};

/// How much of one page another browser has fetched already.
const HITS: Spec = Spec {
    name: "hits",
    label: "Hit rate",
    says: "The share of the pictures of Bob's page that Alice's page has too.",
    domain: Domain::Number { kind: Kind::Share, least: 0.0, most: 1.0, default: 0.4 },
};

/// Builds the stage: browsers and proxy on a fast local network, and beyond the access link the
/// server.
pub(super) fn plan(params: &Params) -> Plan {
    let mut draft = Draft::naming(params);
    let alice = draft.host("alice", Ipv4Addr::new(10, 0, 0, 2), (0, 0), user(params));
    let bob = draft.host("bob", Ipv4Addr::new(10, 0, 0, 3), (0, 2), user(params));
    let cache = Proxy::new(proxy::Config::default());
    let cache = draft.host("proxy", Ipv4Addr::new(10, 0, 0, 8), (1, 1), cache);
    let inner = draft.router("building", (2, 1));
    let outer = draft.router("provider", (4, 1));
    let site = with_gallery(Site::department(EPOCH), params);
    let www = draft.server("www.cs.test", Ipv4Addr::new(10, 0, 1, 80), (6, 1), site);
    let local = Conditions { delay: LOCAL_DELAY, ..Conditions::default() };
    for (name, node) in [("alice's link", alice), ("bob's link", bob), ("proxy's link", cache)] {
        draft.link(name, (node, inner), local.clone());
    }
    if let Some(asked) = draft.name_server((2, 2)) {
        let near = Conditions { delay: NAMES_DELAY, ..Conditions::default() };
        draft.link("name server's link", (asked, inner), near);
    }
    let far = conditions(params.number("rtt"), params.number("access"), params);
    draft.link("access", (inner, outer), far);
    draft.link("server's link", (outer, www), local);
    draft.plan()
}

/// The site with two pages more: Alice's with pictures 1 to n, and Bob's with as many, of which
/// the stated share are Alice's and the rest others.
fn with_gallery(mut site: Site, params: &Params) -> Site {
    let (count, size) = (params.number("objects") as usize, params.number("size") as usize);
    let shared = (params.number("hits") * count as f64).round() as usize;
    let hers: Vec<usize> = (1..=count).collect();
    let his: Vec<usize> = (1..=shared).chain(count + 1..=2 * count - shared).collect();
    for (path, pictures) in [("/alice.html", &hers), ("/bob.html", &his)] {
        let page = Document::new("text/html; charset=utf-8", page(pictures), EPOCH - YEAR);
        site = site.with_document(path, page.cached("max-age=3600"));
    }
    for picture in 1..=2 * count - shared {
        let content = gif_of_size(size, picture);
        let picture_at = format!("/pictures/{picture}.gif");
        let document = Document::new("image/gif", content, EPOCH - YEAR).cached("max-age=86400");
        site = site.with_document(&picture_at, document);
    }
    site
}

/// A page that shows these pictures.
fn page(pictures: &[usize]) -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Gallery</title></head><body>\n",
    );
    for picture in pictures {
        page += &format!("<img src=\"/pictures/{picture}.gif\" alt=\"Picture {picture}\">\n");
    }
    page + "</body></html>\n"
}

/// One way over a link of a local network: next to nothing, but to be seen on the ladder.
const LOCAL_DELAY: Duration = Duration::from_micros(500);

/// One way over the name server's link: with a local link 20 ms, so that question and answer are
/// seen apart on a ladder with five lifelines.
const NAMES_DELAY: Duration = Duration::from_micros(19_500);

/// A browser with a cache, which asks the proxy or goes by itself.
fn user(params: &Params) -> Client {
    let proxy = ProxyAddress { host: "proxy".to_string(), port: proxy::Config::default().port };
    let proxy = (params.word("proxy") == "on").then_some(proxy);
    Client::new(Config { proxy, cache: true, ..browser(params) })
}
