//! Names looked up through a real relay at the practice name server, forked, and beside the twin.

use protocols::dns::client::{Client, Config};
use world::compare::Kind;

use super::bridge::Tab;
use super::twin::beside_its_twin;
use super::*;

async fn dig() -> (Tab, SocketAddr) {
    let client = Client::new(Config::default());
    let tab = Tab::open(Box::new(Running::new(client, 1))).await;
    let server = tab.practice("dns");
    (tab, server)
}

#[tokio::test]
async fn a_chain_of_names_is_looked_up_over_udp_and_its_twin_says_the_same() {
    let (mut tab, server) = dig().await;
    tab.command(&format!("lookup intranet.cs.test A @{server}"));
    tab.hears("127.0.0.1").await;
    let story = Story::of(tab.live.recording().trace());
    let titles: Vec<String> =
        story.conversations()[0].messages().iter().map(|m| m.title.clone()).collect();
    assert_eq!(titles[0], "A? intranet.cs.test", "{titles:?}");
    let found = beside_its_twin(&tab.live);
    assert_eq!(found.rows.len(), 2, "{found}");
    let kinds: Vec<Kind> =
        found.rows.iter().flat_map(|row| &row.differences).map(|d| d.kind).collect();
    // All that the twin cannot know is what else the real zone would have told.
    assert!(!kinds.contains(&Kind::OnlyHere) && !kinds.contains(&Kind::OtherCode), "{found}");
}

#[tokio::test]
async fn a_long_answer_comes_over_tcp_through_the_same_relay() {
    let (mut tab, server) = dig().await;
    tab.command(&format!("lookup many.cs.test A @{server}"));
    tab.hears("198.51.100.60").await;
    let story = Story::of(tab.live.recording().trace());
    let spoken: Vec<&str> = story.conversations().iter().map(|talk| talk.protocol.name).collect();
    assert!(spoken.contains(&"dns-tcp") || spoken == ["dns"], "{spoken:?}");
    assert_eq!(tab.live.recording().parties().len(), 2, "one host, whatever the transport");
    let found = beside_its_twin(&tab.live);
    assert!(found.rows.iter().all(|row| row.cells.iter().all(Option::is_some)), "{found}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_does_not_exist_in_the_twin() {
    let (mut tab, server) = dig().await;
    tab.command(&format!("lookup nobody.cs.test A @{server}"));
    tab.hears("NXDOMAIN").await;
    let found = beside_its_twin(&tab.live);
    assert!(found.is_alike(), "{found}");
}

#[tokio::test]
async fn a_fork_asks_our_own_server_which_answers_as_the_real_one_did() {
    let (mut tab, server) = dig().await;
    tab.command(&format!("lookup www.cs.test A @{server}"));
    tab.hears("127.0.0.1").await;
    let moment = tab.live.recording().trace().entries.len() as u32;
    let mut history = tab.live.fork(moment, 3).unwrap();
    let text = format!("lookup www.cs.test A @{server}");
    history.meddle(world::Act::Command { host: TAB_HOST, text }).unwrap();
    history.run(20);
    let told = emitted(&history.trace().entries[moment as usize..]);
    assert!(told.iter().any(|text| text.contains("127.0.0.1")), "{told:?}");
}
