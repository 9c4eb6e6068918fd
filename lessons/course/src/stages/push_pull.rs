//! The stage `push-pull`: the same file on its way by mail, or on a web server for whoever asks.

use core::net::Ipv4Addr;

use protocols::http::client::{Client, Config};
use protocols::http::site::{Document, Site, gif_of_size};
use protocols::mail::MailServer;
use protocols::mail::agent::{self, Agent};
use protocols::mail::server;
use world::{Conditions, Node, Plan};

use super::mail::{OFFICE, file};
use super::plan::{Draft, EPOCH, YEAR, conditions};
use super::specs::{BANDWIDTH, LOSS, NAMES, RTT};
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The parameters of the stage.
pub(super) const SPECS: &[Spec] = &[RTT, BANDWIDTH, LOSS, SIZE, WAY, NAMES];

/// How large the file is.
const SIZE: Spec = Spec {
    name: "size",
    label: "Size of the file",
    says: "How many bytes Alice's picture has.",
    domain: Domain::Number { kind: Kind::Size, least: 100.0, most: 1e6, default: 30_000.0 },
};

/// Which way the file goes.
const WAY: Spec = Spec {
    name: "way",
    label: "Way",
    says: "How the file gets to its readers.",
    domain: Domain::Word(&[
        Word { name: "mail", says: "Alice attaches it to a mail; each reader has a mailbox." },
        Word { name: "http", says: "It lies on Alice's web server; each reader has a browser." },
    ]),
};

/// Builds the stage.
pub(super) fn plan(params: &Params) -> Plan {
    let mut draft = Draft::naming(params);
    let size = params.number("size") as usize;
    let nodes = match params.word("way") {
        "http" => web(&mut draft, size),
        _ => mail(&mut draft, size),
    };
    let middle = draft.router("router", (3, 1));
    if let Some(asked) = draft.name_server((3, -1)) {
        draft.link("name server's link", (asked, middle), Conditions::default());
    }
    for (name, node) in nodes {
        let half = params.number("rtt") / 2.0;
        let conditions = conditions(half, params.number("bandwidth"), params);
        draft.link(name, (node, middle), conditions);
    }
    draft.plan()
}

/// Alice with her server, the other server, and the readers with their mail programs.
fn mail(draft: &mut Draft, size: usize) -> Vec<(&'static str, Node)> {
    let mut alice = agent::Config::new("laptop.a.test", "mail.a.test", "alice");
    alice.files = vec![file("photo.gif", "image/gif", gif_of_size(size, 1))];
    let mut a = server::Config::new("mail.a.test", "a.test", &["alice"]);
    let to = protocols::endpoint::Target::new("mail.b.test", protocols::smtp::SMTP_PORT);
    a.networks = vec![OFFICE];
    a.routes = vec![server::Route { domain: None, to }];
    let b = server::Config::new("mail.b.test", "b.test", &["bob", "carol"]);
    let reader = |user: &str| {
        let laptop = format!("{user}.b.test");
        Agent::new(agent::Config::new(&laptop, "mail.b.test", user))
    };
    vec![
        ("alice's link", draft.host("alice", ALICE, (0, 0), Agent::new(alice))),
        ("link of mail.a.test", draft.host("mail.a.test", MAIL_A, (0, 2), MailServer::new(a))),
        ("link of mail.b.test", draft.host("mail.b.test", MAIL_B, (3, 3), MailServer::new(b))),
        ("bob's link", draft.host("bob", BOB, (6, 0), reader("bob"))),
        ("carol's link", draft.host("carol", CAROL, (6, 2), reader("carol"))),
    ]
}

/// The web server on which the file lies, and the readers with their browsers.
fn web(draft: &mut Draft, size: usize) -> Vec<(&'static str, Node)> {
    let photo = Document::new("image/gif", gif_of_size(size, 1), EPOCH - YEAR);
    let site = Site::new().with_document("/photo.gif", photo);
    let browser = || Client::new(Config::default());
    vec![
        ("link of www.a.test", draft.server("www.a.test", WWW, (0, 1), site)),
        ("bob's link", draft.host("bob", BOB, (6, 0), browser())),
        ("carol's link", draft.host("carol", CAROL, (6, 2), browser())),
    ]
}

const ALICE: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 2);
const MAIL_A: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 25);
const WWW: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 80);
const MAIL_B: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 25);
const BOB: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);
const CAROL: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 3);
