//! Mail from laptop to laptop through two servers, while hosts are switched off and on and links
//! lose what they carry: what a server stored for a reader is in the reader's inbox, once.

use core::time::Duration;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{Output, Table};
use protocols::mail::MailServer;
use protocols::mail::agent::{self, Agent};
use protocols::mail::server::{Config, Network, Times};
use protocols::mime::Attachment;
use world::{Act, Conditions, History, HostId, Plan, Power, Program, Story, What};

use crate::star::{address, resolvers, star};

const ALICE: HostId = HostId(0);
const MAIL_A: HostId = HostId(1);
const MAIL_B: HostId = HostId(2);
const BOB: HostId = HostId(3);

/// Mails in each world.
const MAILS: usize = 3;

#[test]
fn a_mail_waits_where_the_next_host_is_off_and_arrives_whole() {
    let mut history = History::new(stage(&Conditions::default(), false), 1);
    history.run(8);
    // Alice's own server is off: the mail waits in her outbox.
    power(&mut history, MAIL_A, Power::Off);
    send(&mut history, 0, " dot.gif");
    assert!(history.run(20) || rows(&history, ALICE, "outbox") == 1);
    // It is on again, and bob's is off: the mail waits in the queue.
    power(&mut history, MAIL_B, Power::Off);
    power(&mut history, MAIL_A, Power::On);
    while rows(&history, ALICE, "outbox") > 0 {
        assert!(history.step().is_some(), "the outbox is never emptied");
    }
    // Both are on, and bob's laptop is off: the mail waits in his mailbox.
    power(&mut history, BOB, Power::Off);
    power(&mut history, MAIL_B, Power::On);
    assert!(history.run(10_000), "the queue is never emptied");
    assert_eq!(rows(&history, MAIL_A, "mail queue"), 0);
    assert_eq!(stored(&history), 1);
    power(&mut history, BOB, Power::On);
    command(&mut history, BOB, "check");
    assert!(history.run(10_000));
    let inbox = table(&history, BOB, "inbox");
    assert_eq!(inbox.rows[0].cells[1], "mail-0");
    let parts = table(&history, BOB, "parts of the newest mail");
    let kinds: Vec<_> = parts.rows.iter().map(|row| row.cells[1].as_str()).collect();
    assert_eq!(kinds, ["multipart/mixed", "text/plain", "image/gif"]);
    assert!(told(&history, MAIL_B).contains(&"maildrop of bob closed, 1 removed".to_string()));
    assert_eq!(Story::of(history.trace()).unexplained(), []);
}

#[test]
fn a_laptop_that_is_switched_off_within_a_session_finds_its_marks_gone_and_its_mail_there() {
    let mut history = History::new(stage(&Conditions::default(), false), 1);
    history.run(8);
    send(&mut history, 0, "");
    assert!(history.run(10_000));
    command(&mut history, BOB, "open");
    until(&mut history, BOB, "maildrop 1 message");
    command(&mut history, BOB, "dele 1");
    until(&mut history, BOB, "marked 1");
    power(&mut history, BOB, Power::Off);
    power(&mut history, BOB, Power::On);
    assert!(history.run(10_000), "the server lets go of the maildrop by itself");
    let released = "maildrop of bob released, nothing removed".to_string();
    assert!(told(&history, MAIL_B).contains(&released), "RFC 1939 section 6");
    command(&mut history, BOB, "check");
    assert!(history.run(10_000));
    assert_eq!(rows(&history, BOB, "inbox"), 1);
}

/// Whatever happens to hosts and links: when all are on and at rest and bob has looked once more,
/// each mail that his server ever stored is in his inbox exactly once, and at least one copy of
/// each that alice wrote.
#[test]
fn every_stored_mail_is_read_exactly_once_in_a_thousand_worlds() {
    let (mut broken, mut again) = (0, 0);
    for seed in 0..1_000 {
        let history = run(seed);
        let inbox = table(&history, BOB, "inbox");
        let stored = stored(&history);
        assert_eq!(inbox.rows.len(), stored, "seed {seed}: {inbox:?}");
        for mail in 0..MAILS {
            let subject = format!("mail-{mail}");
            let copies = inbox.rows.iter().filter(|row| row.cells[1] == subject).count();
            assert!(copies >= 1, "seed {seed}: mail {mail} is lost");
            again += copies - 1;
        }
        broken +=
            told(&history, BOB).iter().filter(|text| text.starts_with("maildrop lost")).count();
        assert_eq!(Story::of(history.trace()).unexplained(), [], "seed {seed}");
    }
    assert!(broken > 150, "only {broken} sessions broke; {again} mails came again");
}

/// Alice writes and bob reads while hosts crash and come back; at last bob reads to the end.
pub fn run(seed: u64) -> History {
    let die = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let conditions = Conditions {
        delay: Duration::from_millis(die >> 57),
        bandwidth_bps: [None, Some(64_000), Some(1_000_000)][(die >> 20) as usize % 3],
        loss_ppm: ((die >> 30) % 150_000) as u32,
        ..Conditions::default()
    };
    let mut history = History::new(stage(&conditions, seed.is_multiple_of(2)), seed);
    let mut random = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
    history.run(8);
    for mail in 0..MAILS {
        send(&mut history, mail, if mail == 1 { " dot.gif" } else { "" });
        history.run(random.below(150));
        command(&mut history, BOB, "check");
        history.run(random.below(80));
        let host = [ALICE, MAIL_A, MAIL_B, BOB, BOB][random.below(5) as usize];
        power(&mut history, host, Power::Off);
        history.run(random.below(60));
        power(&mut history, host, Power::On);
    }
    assert!(history.run(200_000), "seed {seed} never comes to rest");
    for _ in 0..20 {
        command(&mut history, BOB, "check");
        assert!(history.run(200_000), "seed {seed} never comes to rest");
        let last = told(&history, BOB).pop().unwrap_or_default();
        if last.starts_with("maildrop closed, 0 new") {
            return history;
        }
    }
    panic!("seed {seed}: bob never reads to the end");
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as u32 % limit
    }
}

/// Steps until a host tells its user something that begins so.
fn until(history: &mut History, host: HostId, text: &str) {
    while !told(history, host).iter().any(|told| told.starts_with(text)) {
        assert!(history.step().is_some(), "never told `{text}`");
    }
}

fn power(history: &mut History, host: HostId, power: Power) {
    history.meddle(Act::Power { host, power }).unwrap();
}

fn command(history: &mut History, host: HostId, text: &str) {
    history.meddle(Act::Command { host, text: text.into() }).unwrap();
}

fn send(history: &mut History, mail: usize, file: &str) {
    let text = format!("send alice@a.test bob@b.test \"mail-{mail}\" \"Hello\\n.\\n\"{file}");
    command(history, ALICE, &text);
}

fn table(history: &History, host: HostId, title: &str) -> Table {
    let view = history.world().view(host).unwrap();
    view.tables.into_iter().find(|table| table.title == title).unwrap_or_default()
}

fn rows(history: &History, host: HostId, title: &str) -> usize {
    table(history, host, title).rows.len()
}

/// What a host told its user.
fn told(history: &History, host: HostId) -> Vec<String> {
    let mut told = Vec::new();
    for entry in history.trace().entries {
        if let (What::Step(step), true) = (&entry.what, entry.host == host) {
            told.extend(step.outputs.iter().filter_map(|output| match output {
                Output::Emit(text) => Some(text.clone()),
                _ => None,
            }));
        }
    }
    told
}

/// How often bob's server stored a mail for him.
fn stored(history: &History) -> usize {
    told(history, MAIL_B).iter().filter(|text| text.starts_with("stored ")).count()
}

/// Two laptops, their servers and a name server around a router.
fn stage(conditions: &Conditions, apop: bool) -> Rc<Plan> {
    let server = |host: &str, domain: &str, user: &str| {
        let mut config = Config::new(host, domain, &[user]);
        config.times = Times::standard().faster(10);
        config.networks = vec![Network { address: address(0), prefix: 24 }];
        Program::resolving(MailServer::new(config), resolvers())
    };
    let laptop = |host: &str, server: &str, user: &str| {
        let mut config = agent::Config::new(host, server, user);
        config.patience = Duration::from_secs(30);
        config.login = if apop { agent::Login::Apop } else { agent::Login::Plain };
        config.files = vec![Attachment {
            name: "dot.gif".into(),
            media_type: "image/gif".into(),
            bytes: Bytes::from_static(b"GIF89a\0\xff"),
        }];
        Program::resolving(Agent::new(config), resolvers())
    };
    let hosts = vec![
        ("alice", 11, laptop("alice.a.test", "mail.a.test", "alice")),
        ("mail.a.test", 1, server("mail.a.test", "a.test", "alice")),
        ("mail.b.test", 2, server("mail.b.test", "b.test", "bob")),
        ("bob", 12, laptop("bob.b.test", "mail.b.test", "bob")),
    ];
    star(hosts, ZONE, conditions)
}

const ZONE: &str = "\
a 3600 IN MX 10 mail.a.test.
b 3600 IN MX 10 mail.b.test.
mail.a 3600 IN A 10.0.0.1
mail.b 3600 IN A 10.0.0.2
";
