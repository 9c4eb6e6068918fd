//! Mail written and read through a real relay at the practice mail server, and beside the twin.

use protocols::mail::agent::{Agent, Config};
use world::compare::Kind;

use super::bridge::Tab;
use super::twin::beside_its_twin;
use super::*;

async fn laptop() -> (Tab, String) {
    let config = Config::new("tab.invalid", "", "");
    let mut tab = Tab::open(Box::new(Running::new(Agent::new(config), 1))).await;
    let (smtp, pop) = (tab.practice("smtp"), tab.practice("pop3"));
    let ports = format!("{} {}", smtp.port(), pop.port());
    tab.command(&format!("account alice alice-secret 127.0.0.1 {ports}"));
    (tab, ports)
}

#[tokio::test]
async fn a_mail_is_sent_and_read_by_its_recipient_and_the_twin_does_the_same() {
    let (mut tab, ports) = laptop().await;
    tab.command("send alice@cs.test bob@mail.test \"Hello\" \"From a tab.\\n.\\n\"");
    tab.hears("submitted").await;
    tab.command(&format!("account bob bob-secret 127.0.0.1 {ports}"));
    tab.command("open");
    tab.hears("maildrop 2 messages").await;
    tab.command("retr 2");
    tab.hears("fetched 2").await;
    tab.command("retr 1");
    tab.hears("fetched 1").await;
    tab.command("quit");
    tab.hears("maildrop closed").await;
    let parties = tab.live.recording().parties();
    assert_eq!(parties.len(), 2, "both protocols lead to one host");
    assert_eq!(parties[1].name, "127.0.0.1 (mail)");
    let found = beside_its_twin(&tab.live);
    let alone: Vec<_> = found
        .rows
        .iter()
        .flat_map(|row| &row.differences)
        .filter(|difference| matches!(difference.kind, Kind::OnlyHere | Kind::OtherCode))
        .collect();
    assert!(alone.is_empty(), "{found}");
}

#[tokio::test]
async fn a_mail_that_was_sent_but_not_fetched_is_in_the_twins_mailbox_once() {
    let (mut tab, ports) = laptop().await;
    tab.command("send alice@cs.test bob@mail.test \"Hello\" \"From a tab.\"");
    tab.hears("submitted").await;
    tab.command(&format!("account bob bob-secret 127.0.0.1 {ports}"));
    tab.command("open");
    tab.hears("maildrop 2 messages").await;
    tab.command("retr 1");
    tab.hears("fetched 1").await;
    tab.command("quit");
    tab.hears("maildrop closed").await;
    let found = beside_its_twin(&tab.live);
    let counts = found.rows.iter().filter_map(|row| {
        let counts = row.cells.each_ref().map(|cell| {
            cell.as_ref().map(|cell| cell.title.starts_with("+OK 2 ")).unwrap_or_default()
        });
        counts.contains(&true).then_some(counts)
    });
    let counts: Vec<_> = counts.collect();
    assert!(!counts.is_empty(), "{found}");
    assert!(counts.iter().all(|both| *both == [true; 2]), "both are told of two mails: {found}");
}

#[tokio::test]
async fn a_fork_in_an_open_mailbox_goes_on_in_our_own() {
    let (mut tab, _) = laptop().await;
    tab.command("open");
    tab.hears("maildrop 3 messages").await;
    tab.command("retr 1");
    tab.hears("fetched 1").await;
    let moment = tab.live.recording().trace().entries.len() as u32;
    let mut history = tab.live.fork(moment, 3).unwrap();
    let act = |text: &str| world::Act::Command { host: TAB_HOST, text: text.to_string() };
    for text in ["dele 1", "quit"] {
        history.meddle(act(text)).unwrap();
        while !history.world().is_quiet() {
            history.step();
        }
    }
    let told = emitted(&history.trace().entries[moment as usize..]);
    assert!(told.iter().any(|text| text.contains("marked 1")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("1 removed")), "{told:?}");
}
