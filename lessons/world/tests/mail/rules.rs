//! Every rule of SMTP, POP3 and MIME is acted on in some run, stated of some field, or broken by
//! some bytes.

use std::collections::BTreeSet;

use protocols::endpoint::{Stimulus, Target};
use protocols::mail::MailServer;
use protocols::mail::agent::{self, Agent};
use protocols::mail::server::{Config, Network, Route};
use protocols::pop3::{self, POP3};
use protocols::smtp::{self, Extensions, SMTP};
use protocols::wire::{Chunk, Side, Time};
use world::{Act, History, HostId, Power};

use crate::lone::{Lone, Met, met_in, noted};
use crate::{reading, seeds, talks};

/// A rule that nobody acts on would be taught and never seen.
#[test]
fn every_rule_of_mail_is_cited_in_some_run_or_broken_by_some_message() {
    let mut met = BTreeSet::new();
    in_worlds(&mut met);
    on_the_way(&mut met);
    at_a_server(&mut met);
    at_a_sender(&mut met);
    at_a_reader(&mut met);
    of_those_who_do_not_read(&mut met);
    of_others(&mut met);
    let rules: BTreeSet<_> = SMTP.rules.iter().chain(POP3.rules).map(|rule| rule.id).collect();
    let missing: Vec<&str> = rules.iter().copied().filter(|id| !met.contains(id)).collect();
    assert_eq!(missing, [""; 0]);
}

fn in_worlds(met: &mut Met) {
    for seed in 0..20 {
        met_in(&seeds::run(seed), met);
        met_in(&reading::run(seed), met);
    }
}

/// Domains whose mail goes an unusual way, and one whose servers stay off until the mail is given
/// up.
fn on_the_way(met: &mut Met) {
    let mut history = History::new(seeds::stage(1), 1);
    history.run(8);
    for domain in ["null", "equal", "self", "bare", "nowhere", "lost"] {
        let text = format!("send s0@a.test u0@{domain}.test hello");
        history.meddle(Act::Command { host: seeds::FIRST, text }).unwrap();
    }
    assert!(history.run(100_000));
    for host in [seeds::LAST, seeds::BACKUP, HostId(3)] {
        history.meddle(Act::Power { host, power: Power::Off }).unwrap();
    }
    for (from, to) in [("s0", "u0@b.test"), ("ghost", "u0@null.test"), ("s0", "ghost@a.test")] {
        let text = format!("send {from}@a.test {to} hello");
        history.meddle(Act::Command { host: seeds::FIRST, text }).unwrap();
    }
    assert!(history.run(100_000));
    met_in(&history, met);
}

/// Sessions with a server that takes little.
fn at_a_server(met: &mut Met) {
    for talk in talks::WITH_A_SERVER {
        let mut config = Config::new("mail.a.test", "a.test", &["s0", "s1", "s2"]);
        (config.max_recipients, config.max_errors, config.max_sessions) = (2, 3, 2);
        (config.limits.waiting_max, config.limits.mail_max) = (2_000, 6_000);
        config.extensions.size = Some(6_000);
        let mut server = MailServer::new(config);
        let mailbox = server.mailboxes_mut().of_user_mut("s0").unwrap();
        for text in ["one", "two"] {
            mailbox.store(format!("Subject: {text}\r\n\r\n.\r\n").into_bytes(), Time::from_secs(1));
        }
        let mut server = Lone::new(server);
        let protocol = if talk.port == 110 { &POP3 } else { &SMTP };
        let conn = server.accept(talk.port, protocol);
        for said in talk.said {
            match *said {
                talks::END => server.step(Stimulus::Finished { conn }),
                said => server.hear(conn, &talks::bytes(said)),
            }
        }
        for alarm in ["next command", "autologout", "linger"] {
            server.ring(alarm);
        }
        server.met(met);
    }
    let mut server = Lone::new(MailServer::new(Config::new("mail.a.test", "a.test", &["s0"])));
    for _ in 0..101 {
        server.accept(25, &SMTP);
    }
    for _ in 0..2 {
        let conn = server.accept(110, &POP3);
        server.hear(conn, b"USER s0\r\nPASS s0-secret\r\n");
    }
    server.met(met);
}

/// Servers to which a mail server, and then a user agent, hands over mail.
fn at_a_sender(met: &mut Met) {
    for replies in talks::TO_A_SENDER {
        let mut config = Config::new("mail.a.test", "a.test", &["s0"]);
        config.networks = vec![Network { address: [192, 0, 2, 0].into(), prefix: 24 }];
        let to = Target::new("192.0.2.25", 25);
        config.routes = vec![Route { domain: None, to }];
        let mut server = Lone::new(MailServer::new(config));
        server.command("send s0@a.test u0@b.test hello");
        server.command("send s0@a.test u1@b.test Gr\u{fc}\u{df}e");
        let conn = server.opened();
        for reply in *replies {
            server.hear(conn, &talks::bytes(reply));
        }
        server.ring("reply");
        server.ring("reply to the final dot");
        server.met(met);
        let mut agent = Lone::new(Agent::new(agent::Config::new("pc", "192.0.2.25", "s0")));
        agent.command("send s0@a.test u0@b.test \"Grüße\" \"Grüße\\n.\\n\"");
        let conn = agent.opened();
        for reply in *replies {
            agent.hear(conn, &talks::bytes(reply));
        }
        agent.ring("reply");
        agent.met(met);
    }
}

/// Servers from which a user agent fetches mail.
fn at_a_reader(met: &mut Met) {
    for replies in talks::TO_A_READER {
        let mut config = agent::Config::new("pc", "192.0.2.25", "s0");
        config.limits.content_max = 500;
        let mut agent = Lone::new(Agent::new(config));
        agent.command("check");
        let conn = agent.opened();
        for reply in *replies {
            agent.hear(conn, &talks::bytes(reply));
        }
        agent.step(Stimulus::Finished { conn });
        agent.met(met);
    }
}

/// Peers that ask and ask and do not read; a program that answers at once never meets one, a
/// machine that waits for its program does.
fn of_those_who_do_not_read(met: &mut Met) {
    let asked = "NOOP\r\n".repeat(20_000);
    let mut smtp = smtp::Server::new(Extensions::default(), smtp::Limits::default());
    smtp.receive(asked.as_bytes());
    met.insert(smtp.next_event().unwrap_err().rule.id);
    let mut pop = pop3::ServerSession::new(pop3::Limits::default());
    pop.greet("ready").unwrap();
    pop.receive(b"CAPA\r\n");
    assert!(pop.next_event().unwrap().is_some());
    pop.receive(asked.as_bytes());
    let capabilities = pop3::Reply::ok("").with("TOP\r\n");
    pop.reply(&capabilities).unwrap();
    let broken = loop {
        match pop.next_event() {
            Ok(_) => pop.reply(&pop3::Reply::err("")).unwrap(),
            Err(violation) => break violation,
        };
    };
    met.insert(broken.rule.id);
}

/// Recorded sessions of others, with what our programs do not offer.
fn of_others(met: &mut Met) {
    for (protocol, talk) in [(&SMTP, talks::SMTP_OF_OTHERS), (&POP3, talks::POP3_OF_OTHERS)] {
        let said = talk.iter().enumerate();
        let chunks: Vec<Chunk> = said
            .map(|(index, text)| Chunk {
                side: if index % 2 == 0 { Side::Responder } else { Side::Initiator },
                bytes: text.as_bytes().into(),
            })
            .collect();
        noted(&protocol.dissect(&chunks), met);
    }
}
