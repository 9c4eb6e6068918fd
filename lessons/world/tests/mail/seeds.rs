//! A thousand random networks under mail: what is accepted arrives or its sender is told, and
//! nothing arrives twice without the protocol's leave.

use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::endpoint::{Conn, Output, Stimulus};
use protocols::mail::MailServer;
use protocols::mail::server::{Config, Network, Times};
use world::{Act, Conditions, History, HostId, Plan, Power, Program, Story, What};

use crate::star::{address, resolvers, star};

/// The server at which all mail is handed in.
pub const FIRST: HostId = HostId(0);

/// The server of the recipients, and the one that stands in for it.
pub const LAST: HostId = HostId(1);
pub const BACKUP: HostId = HostId(2);

/// Mails in each world; the last one is for somebody who does not exist.
const MAILS: usize = 4;

/// No mail is lost: whatever happens to hosts and links, when all are on again and at rest each
/// recipient has the mail, or its sender a notice. A mail is delivered twice only if a connection
/// broke after the final dot and before its 250 arrived (RFC 5321 section 4.5.3.2.6, RFC 1047).
#[test]
fn no_mail_is_lost_and_none_comes_twice_without_leave_in_a_thousand_worlds() {
    let (mut twice, mut broken, mut returned) = (0, 0, 0);
    for seed in 0..1_000 {
        let history = run(seed);
        let story = Tally::of(&history);
        for mail in 0..MAILS {
            let arrived = story.stored(LAST, &format!("u{mail}"));
            let told = story.stored(FIRST, &format!("s{mail}"));
            assert!(arrived + told > 0, "seed {seed}: mail {mail} is lost");
            let leave = story.unanswered_dots(mail);
            assert!(
                arrived <= 1 + leave,
                "seed {seed}: mail {mail} came {arrived} times, {leave} dots had no answer"
            );
            if mail == MAILS - 1 {
                assert_eq!(arrived, 0, "seed {seed}: nobody has this name");
            }
            twice += usize::from(arrived > 1);
            broken += leave;
            returned += told;
        }
        assert_eq!(Story::of(history.trace()).unexplained(), [], "seed {seed}");
    }
    assert!(twice > 5 && broken > twice && returned >= 1_000, "{twice} {broken} {returned}");
}

/// Mails are handed in while servers crash and come back; at last all are on and at rest.
pub fn run(seed: u64) -> History {
    let mut history = History::new(stage(seed), seed);
    let mut random = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
    history.run(8);
    for mail in 0..MAILS {
        let to = if mail == MAILS - 1 { "nobody".to_string() } else { format!("u{mail}") };
        let text = format!("send s{mail}@a.test {to}@b.test mail-{mail}");
        history.meddle(Act::Command { host: FIRST, text }).unwrap();
        history.run(random.below(40));
        if random.below(2) == 0 {
            continue;
        }
        let host = [FIRST, LAST, LAST, BACKUP][random.below(4) as usize];
        history.meddle(Act::Power { host, power: Power::Off }).unwrap();
        history.run(random.below(60));
        history.meddle(Act::Power { host, power: Power::On }).unwrap();
    }
    assert!(history.run(200_000), "seed {seed} never comes to rest");
    history
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as u32 % limit
    }
}

/// Three mail servers and a name server around a router, on links that lose, delay and double.
pub fn stage(seed: u64) -> Rc<Plan> {
    let die = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let conditions = Conditions {
        delay: Duration::from_millis(die >> 56),
        bandwidth_bps: [None, Some(64_000), Some(1_000_000)][(die >> 20) as usize % 3],
        jitter: Duration::from_millis((die >> 40) % 50),
        loss_ppm: ((die >> 30) % 200_000) as u32,
        double_ppm: ((die >> 24) % 100_000) as u32,
        ..Conditions::default()
    };
    let server = |host: &str, domain: &str, users: &[&str]| {
        let mut config = Config::new(host, domain, users);
        config.times = Times::standard().faster(10);
        config.networks = vec![Network { address: address(0), prefix: 24 }];
        config.pipelines = !seed.is_multiple_of(3);
        config.extensions.pipelining = !seed.is_multiple_of(5);
        Program::resolving(MailServer::new(config), resolvers())
    };
    let hosts = vec![
        ("mail.a.test", 1, server("mail.a.test", "a.test", &["s0", "s1", "s2", "s3"])),
        ("mail.b.test", 2, server("mail.b.test", "b.test", &["u0", "u1", "u2"])),
        ("backup.b.test", 3, server("backup.b.test", "backup.b.test", &[])),
    ];
    star(hosts, ZONE, &conditions)
}

const ZONE: &str = "\
a 3600 IN MX 10 mail.a.test.
b 3600 IN MX 10 mail.b.test.
b 3600 IN MX 20 backup.b.test.
mail.a 3600 IN A 10.0.0.1
mail.b 3600 IN A 10.0.0.2
backup.b 3600 IN A 10.0.0.3
null 3600 IN MX 0 .
equal 3600 IN MX 10 mail.b.test.
equal 3600 IN MX 10 backup.b.test.
self 3600 IN MX 10 mail.a.test.
bare 3600 IN A 10.0.0.2
";

/// What happened, as far as it matters here.
#[derive(Default)]
struct Tally {
    /// How often a mail was stored for each user.
    stored: BTreeMap<(HostId, String), usize>,
    /// What was sent and heard on each connection that a host had.
    talks: BTreeMap<(HostId, Conn), Talk>,
}

/// One side of a connection.
#[derive(Default)]
struct Talk {
    /// The mails whose final dot was sent, in order; none for notices.
    dots: Vec<Option<usize>>,
    heard: Vec<u8>,
}

impl Tally {
    fn of(history: &History) -> Tally {
        let mut tally = Tally::default();
        for entry in history.trace().entries {
            let What::Step(step) = &entry.what else { continue };
            if let Stimulus::Data { conn, bytes } = &step.stimulus {
                let talk = tally.talks.entry((entry.host, *conn)).or_default();
                talk.heard.extend_from_slice(bytes);
            }
            for output in &step.outputs {
                match output {
                    Output::Emit(text) if text.starts_with("stored ") => {
                        let user = text.split(' ').nth(3).unwrap().to_string();
                        *tally.stored.entry((entry.host, user)).or_default() += 1;
                    }
                    Output::Send { conn, bytes } if bytes.ends_with(b"\r\n.\r\n") => {
                        let talk = tally.talks.entry((entry.host, *conn)).or_default();
                        talk.dots.push(about(bytes));
                    }
                    _ => {}
                }
            }
        }
        tally
    }

    fn stored(&self, host: HostId, user: &str) -> usize {
        self.stored.get(&(host, user.to_string())).copied().unwrap_or(0)
    }

    /// How often the final dot of a mail was sent on a connection that never brought its answer.
    fn unanswered_dots(&self, mail: usize) -> usize {
        let open = self.talks.values().flat_map(|talk| {
            let heard = String::from_utf8_lossy(&talk.heard);
            talk.dots.iter().skip(heard.matches(" Stored as Q").count())
        });
        open.filter(|about| **about == Some(mail)).count()
    }
}

/// Which mail this is; none for a notice about one.
fn about(bytes: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    if text.contains("Subject: Undelivered mail") {
        return None;
    }
    (0..MAILS).find(|mail| text.contains(&format!("Subject: mail-{mail}\r\n")))
}
