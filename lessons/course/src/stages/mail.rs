//! The stages of mail: `mail-dialogue`, one laptop and one server; `mail`, from one laptop to
//! another through servers that find each other by MX; `mail-reading`, a full mailbox and two
//! readers.

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;

use protocols::dns::{self, Zone};
use protocols::http::site::gif_of_size;
use protocols::mail::MailServer;
use protocols::mail::agent::{self, Agent, Login};
use protocols::mail::server::{self, Network};
use protocols::mime::{Attachment, Draft};
use world::{Conditions, Plan};

use super::plan::{Draft as Stage, EPOCH, conditions};
use super::specs::{LOSS, NAMES, NEAR, RTT};
use super::{Domain, Params, Spec, Word};
use crate::measure::Kind;

/// The parameters of `mail-dialogue`.
pub(super) const DIALOGUE_SPECS: &[Spec] = &[RTT, LOSS, PIPELINING, NAMES, NEAR];

/// The parameters of `mail`.
pub(super) const WAY_SPECS: &[Spec] = &[RTT, LOSS, RETRY, GIVE_UP, BACKUP];

/// The parameters of `mail-reading`.
pub(super) const READING_SPECS: &[Spec] = &[RTT, LOSS, LOGIN, LEAVE, MAILS, NAMES];

/// Whether a server takes commands in groups.
const PIPELINING: Spec = Spec {
    name: "pipelining",
    label: "Pipelining",
    says: "Whether the server offers to take commands in groups.",
    domain: Domain::Word(&[
        Word { name: "off", says: "Each command waits for the reply to the one before." },
        Word { name: "on", says: "EHLO offers PIPELINING, and the client makes use of it." },
    ]),
};

/// How long a server waits before it tries a mail again.
const RETRY: Spec = Spec {
    name: "retry",
    label: "First retry after",
    says: "How long a server waits before it tries a mail again; each later wait is twice as long.",
    domain: Domain::Number { kind: Kind::Time, least: 1.0, most: 86_400.0, default: 1_800.0 },
};

/// When a mail is returned.
const GIVE_UP: Spec = Spec {
    name: "keep",
    label: "Kept in the queue for",
    says: "How long a mail may stay in the queue before it is returned to its sender.",
    domain: Domain::Number { kind: Kind::Time, least: 60.0, most: 864_000.0, default: 432_000.0 },
};

/// Whether a second server stands in for the first.
const BACKUP: Spec = Spec {
    name: "backup",
    label: "Second MX record",
    says: "Whether the domain b.test has a second server for its mail.",
    domain: Domain::Word(&[
        Word { name: "off", says: "Only mx1.b.test takes mail for b.test." },
        Word { name: "on", says: "mx2.b.test, of preference 20, stands in for mx1.b.test." },
    ]),
};

/// How readers say who they are.
const LOGIN: Spec = Spec {
    name: "login",
    label: "Log in",
    says: "How the readers say who they are.",
    domain: Domain::Word(&[
        Word { name: "plain", says: "USER and PASS: the password as it is." },
        Word { name: "apop", says: "APOP: a digest that only who knows the password can make." },
    ]),
};

/// Whether fetched mail stays on the server.
const LEAVE: Spec = Spec {
    name: "leave",
    label: "Leave mail on the server",
    says: "Whether mail that was fetched stays on the server.",
    domain: Domain::Word(&[
        Word { name: "off", says: "What was fetched is deleted there." },
        Word { name: "on", says: "It stays, and is known by its unique-id next time." },
    ]),
};

/// How many mails wait.
const MAILS: Spec = Spec {
    name: "mails",
    label: "Mails",
    says: "How many mails wait in Bob's mailbox.",
    domain: Domain::Number { kind: Kind::Plain, least: 0.0, most: 20.0, default: 3.0 },
};

/// One laptop and the server that takes its mail.
pub(super) fn dialogue(params: &Params) -> Plan {
    let mut stage = Stage::naming(params);
    let laptop = stage.host("alice", ALICE, (0, 0), alice());
    let mut config = server::Config::new("mail.a.test", "a.test", &["alice", "bob", "carol"]);
    config.networks = vec![OFFICE];
    config.extensions.pipelining = params.word("pipelining") == "on";
    let server = stage.host("mail.a.test", MAIL_A, (4, 0), MailServer::new(config));
    stage.link("link", (laptop, server), conditions(params.number("rtt"), 0.0, params));
    if let Some(asked) = stage.name_server((-2, 1)) {
        let local = conditions(params.number("local"), 0.0, &Params::default());
        stage.link("name server's link", (laptop, asked), local);
    }
    stage.plan()
}

/// Alice's laptop, her server, a name server, the servers of the other domain, and Bob's laptop.
pub(super) fn way(params: &Params) -> Plan {
    let mut stage = Stage::new();
    let mut a = server(params, "mail.a.test", "a.test", &["alice"]);
    a.networks = vec![OFFICE];
    let b = server(params, "mx1.b.test", "b.test", &["bob"]);
    let mut stand_in = server(params, "mx2.b.test", "mx2.b.test", &[]);
    stand_in.networks = vec![Network { address: IpAddr::V4(MAIL_A), prefix: 32 }];
    let backup = params.word("backup") == "on";
    let reader = agent::Config::new("laptop.b.test", "mx1.b.test", "bob");
    let mut nodes = vec![
        stage.resolving("alice", ALICE, (0, 0), alice(), RESOLVER),
        stage.resolving("mail.a.test", MAIL_A, (0, 4), MailServer::new(a), RESOLVER),
        stage.host("dns", RESOLVER, (3, 4), names(backup)),
        stage.resolving("mx1.b.test", MX1, (6, 4), MailServer::new(b), RESOLVER),
    ];
    if backup {
        let program = MailServer::new(stand_in);
        nodes.push(stage.resolving("mx2.b.test", MX2, (6, 2), program, RESOLVER));
    }
    nodes.push(stage.resolving("bob", BOB, (6, 0), Agent::new(reader), RESOLVER));
    let middle = stage.router("router", (3, 2));
    let links =
        ["alice's link", "link of mail.a.test", "link of dns", "link of mx1", "link of mx2"];
    let names = links.into_iter().take(nodes.len() - 1).chain(["bob's link"]);
    for (name, node) in names.zip(nodes) {
        let half = conditions(params.number("rtt") / 2.0, 0.0, params);
        stage.link(name, (node, middle), half);
    }
    stage.plan()
}

/// A server with a mailbox that has mail in it, and two programs that read it.
pub(super) fn reading(params: &Params) -> Plan {
    let mut stage = Stage::naming(params);
    let mut program = MailServer::new(server::Config::new("mail.b.test", "b.test", &["bob"]));
    if let Some(mailbox) = program.mailboxes_mut().of_user_mut("bob") {
        for (number, draft) in mails().into_iter().take(params.number("mails") as usize).enumerate()
        {
            mailbox.store(draft.write(number as u64 + 1, false), draft.date);
        }
    }
    let reader = |host: &str| {
        let mut config = agent::Config::new(host, "mail.b.test", "bob");
        config.leave_on_server = params.word("leave") == "on";
        config.login = if params.word("login") == "apop" { Login::Apop } else { Login::Plain };
        Agent::new(config)
    };
    let laptop = stage.host("laptop", BOB, (0, 0), reader("laptop.b.test"));
    let phone = stage.host("phone", PHONE, (0, 2), reader("phone.b.test"));
    let server = stage.host("mail.b.test", MX1, (4, 1), program);
    let middle = stage.router("router", (2, 1));
    if let Some(asked) = stage.name_server((2, 2)) {
        stage.link("name server's link", (asked, middle), Conditions::default());
    }
    let half = params.number("rtt") / 2.0;
    for (name, node) in
        [("laptop's link", laptop), ("phone's link", phone), ("server's link", server)]
    {
        stage.link(name, (node, middle), conditions(half, 0.0, params));
    }
    stage.plan()
}

/// Alice's mail program, with two files that she can attach.
fn alice() -> Agent {
    let mut config = agent::Config::new("laptop.a.test", "mail.a.test", "alice");
    config.files = vec![notes(), file("photo.gif", "image/gif", gif_of_size(1_200, 1))];
    Agent::new(config)
}

/// A mail server that keeps to the waits of the stage.
fn server(params: &Params, host: &str, domain: &str, users: &[&str]) -> server::Config {
    let mut config = server::Config::new(host, domain, users);
    let times = &mut config.times;
    times.first_retry = Duration::from_secs_f64(params.number("retry").max(1.0));
    times.longest_retry = times.longest_retry.max(times.first_retry);
    times.give_up = Duration::from_secs_f64(params.number("keep").max(1.0));
    config
}

/// The name server of everybody, which has the one zone that there is.
fn names(backup: bool) -> dns::server::Server {
    let second = if backup { ZONE_BACKUP } else { "" };
    let zone = "test."
        .parse()
        .ok()
        .and_then(|origin| Zone::parse(&format!("{ZONE}{second}"), &origin).ok());
    dns::server::Server::new(dns::server::Config::default(), zone)
}

/// What waits for Bob.
fn mails() -> Vec<Draft> {
    let text =
        "Dear Bob,\n\nshall we meet at one?\n.\nThe line above is a dot on its own.\n\nAlice";
    let lunch = mail("alice@a.test", "Lunch", text, Vec::new(), 3);
    let gif = file("photo.gif", "image/gif", gif_of_size(1_200, 1));
    let text = "Notes and a picture are attached.";
    let files = mail("carol@c.test", "From the lecture", text, vec![notes(), gif], 2);
    let text = "The printer on the second floor works again.";
    let printer = mail("caretaker@b.test", "Printer", text, Vec::new(), 1);
    let further = (4..=20_u64).map(|number| {
        let subject = format!("Announcement {number}");
        mail("office@b.test", &subject, "Please read the board.", Vec::new(), 1)
    });
    [lunch, files, printer].into_iter().chain(further).collect()
}

fn mail(from: &str, subject: &str, text: &str, attachments: Vec<Attachment>, hours: u64) -> Draft {
    Draft {
        from: from.into(),
        to: vec!["bob@b.test".into()],
        subject: subject.into(),
        date: EPOCH - Duration::from_secs(hours * 3_600),
        text: text.into(),
        attachments,
    }
}

/// A small text to attach.
pub(super) fn notes() -> Attachment {
    let text = "Push: SMTP\nPull: POP3, HTTP\nNames: DNS\n";
    file("notes.txt", "text/plain", text.as_bytes().to_vec())
}

/// A file to attach.
pub(super) fn file(name: &str, media_type: &str, content: Vec<u8>) -> Attachment {
    Attachment { name: name.into(), media_type: media_type.into(), bytes: content.into() }
}

/// The network of Alice and her server, whose mail the server passes on.
pub(super) const OFFICE: Network =
    Network { address: IpAddr::V4(Ipv4Addr::new(10, 0, 1, 0)), prefix: 24 };

const ALICE: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 2);
const MAIL_A: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 25);
const RESOLVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 53);
const MX1: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 25);
const MX2: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 26);
const BOB: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);
const PHONE: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 3);

/// The names of the stage `mail`.
const ZONE: &str = "\
$TTL 3600
@       SOA dns hostmaster 1 3600 600 86400 300
@       NS  dns
dns     A   10.0.0.53
a       MX  10 mail.a
mail.a  A   10.0.1.25
b       MX  10 mx1.b
mx1.b   A   10.0.2.25
";

/// The second server of b.test.
const ZONE_BACKUP: &str = "\
b       MX  20 mx2.b
mx2.b   A   10.0.2.26
";
