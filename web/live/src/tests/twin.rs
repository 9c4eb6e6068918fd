//! The simulated twin of a session.

use world::compare::{Comparison, Run};

use super::*;

/// A live run and its simulated twin side by side.
pub fn beside_its_twin(live: &Live) -> Comparison {
    let twin = live.twin(1).unwrap();
    let (real, made) = (live.recording().trace(), twin.trace());
    let stories = [Story::of(real), Story::of(made)];
    assert_eq!(stories[0].unexplained(), []);
    Comparison::of(
        Run { name: "the live run", trace: real, story: &stories[0] },
        Run { name: "the simulation", trace: made, story: &stories[1] },
    )
}

/// Titles of all messages, in order.
fn titles(story: &Story) -> Vec<String> {
    let talks = story.conversations().iter();
    talks
        .flat_map(|talk| talk.messages().iter().map(|m| m.title.clone()).collect::<Vec<_>>())
        .collect()
}

#[test]
fn the_twin_of_a_page_says_the_same_over_paths_as_long_as_measured() {
    let (mut live, mut relay) = connected();
    live.command("visit http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(50));
    live.command("get http://www.cs.test/objects/1.gif", later(5_000)).unwrap();
    relay.exchange(&mut live, later(5_040));
    let twin = live.twin(1).unwrap();
    let (real, made) = (Story::of(live.recording().trace()), Story::of(twin.trace()));
    assert_eq!(titles(&made), titles(&real));
    // The relay finds the address, and so does the fork's file: nobody asks a name server here.
    let dns = |story: &Story| story.conversations().iter().any(|t| t.protocol.name == "dns");
    assert!(!dns(&made) && !dns(&real));
    assert_eq!(made.unexplained(), []);
    // The relay said that connecting took 20 ms.
    let syn = &made.arrows()[0];
    assert_eq!(syn.arrive.since(syn.flight.depart), Duration::from_millis(10));
    assert_eq!(twin.trace().epoch, live.recording().trace().epoch);
}
