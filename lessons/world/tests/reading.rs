//! Looking at a long connection after every step costs its bytes, not their square.

mod stage;

use std::rc::Rc;

use protocols::http::client::{Client, Config};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use stage::EPOCH;
use world::{Act, Conditions, History, HostId, Plan, Story};

/// Visits a page with one object of this size, and looks at every new arrow after every step; the
/// bytes of the conversation, those read for it, and those that reading it whole at each growth
/// would have cost.
fn looked_at(size_bytes: usize) -> (u64, u64, u64) {
    let site = Site::page_with_objects(1, size_bytes, EPOCH);
    let server = Server::new(server::Config::default(), site);
    let client = Client::new(Config::default());
    let mut plan = Plan::clone(&stage::browser_and_server(client, server, Conditions::default()));
    // With a window, the answer leaves in as many steps as there are acknowledgements.
    plan.tcp.slow_start = Some(1);
    let mut history = History::new(Rc::new(plan), 1);
    history.run(2);
    let text = "visit http://www.cs.test/".to_string();
    history.meddle(Act::Command { host: HostId(0), text }).unwrap();
    let (mut story, mut chunks, mut whole) = (Story::default(), 0, 0);
    loop {
        story.read(history.trace());
        if let Some(talk) = story.conversations().first() {
            let grown = talk.chunks().len();
            let bytes = |all: &world::Conversation| -> u64 {
                all.chunks().iter().map(|chunk| chunk.bytes.len() as u64).sum()
            };
            if grown > chunks {
                whole += bytes(talk);
                chunks = grown;
            }
        }
        if let Some(arrow) = story.arrows().last() {
            assert!(!story.label(arrow).title.is_empty());
        }
        if history.step().is_none() {
            break;
        }
    }
    let talk = &story.conversations()[0];
    let bytes = talk.chunks().iter().map(|chunk| chunk.bytes.len() as u64).sum();
    assert!(bytes > size_bytes as u64 && story.unexplained().is_empty());
    (bytes, talk.read_bytes(), whole)
}

#[test]
fn twice_as_long_a_connection_costs_twice_as_much_to_look_at() {
    for size_bytes in [100_000, 200_000, 400_000] {
        let (bytes, read, whole) = looked_at(size_bytes);
        println!("{bytes} B: {read} B read; {whole} B if read whole at each growth");
        assert!(whole > 10 * bytes, "the answer must come in many steps for this to show anything");
        // The request is read again when the first byte of the answer comes.
        assert!(read >= bytes && read < bytes + 1_000, "{read} B read of {bytes}");
    }
}
