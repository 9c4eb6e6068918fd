//! Datagrams, with a toy that speaks them.

use world::{Fate, Load, LossCause};

use super::*;

fn asking() -> (Live, Relay) {
    connected_with(toy::asker())
}

/// The sentences with which something was not done.
pub fn denials(live: &Live) -> Vec<String> {
    let entries = live.recording().trace().entries;
    let denied = entries.iter().filter_map(|entry| match &entry.what {
        What::Network(Network::Denied { why, .. }) => Some(why.clone()),
        _ => None,
    });
    denied.collect()
}

#[test]
fn a_question_and_its_answer_are_flights_with_the_real_bytes() {
    let (mut live, mut relay) = asking();
    live.command("ask 127.0.0.1:7 hello", later(10)).unwrap();
    relay.exchange(&mut live, later(30));
    let trace = live.recording().trace();
    assert_eq!(emitted(trace.entries), ["heard hello"]);
    let story = Story::of(trace);
    let [question, answer] = story.arrows() else { panic!("{:?}", story.arrows()) };
    for arrow in [question, answer] {
        assert_eq!(arrow.flight.load.payload(), b"hello");
        assert!(arrow.landed_in.is_some());
    }
    // The round trip took 20 ms, so the question is reckoned to have landed after ten.
    assert_eq!((question.flight.depart, question.arrive), (later(10), later(20)));
    assert_eq!((answer.flight.depart, answer.arrive), (later(20), later(30)));
    let talk = &story.conversations()[0];
    assert_eq!((talk.initiator, talk.responder), (TAB_HOST, Some(HostId(1))));
    assert_eq!(trace.parties[1].name, "127.0.0.1:7");
    let chain = story.why(answer.landed_in.unwrap());
    assert_eq!(chain.last().unwrap().host, TAB_HOST, "the answer is caused by the command");
}

#[test]
fn what_was_measured_once_is_reckoned_from_then_on() {
    let (mut live, mut relay) = asking();
    live.command("ask 127.0.0.1:7 hello", later(10)).unwrap();
    relay.exchange(&mut live, later(14));
    live.command("ask 127.0.0.1:7 again", later(20)).unwrap();
    let story = Story::of(live.recording().trace());
    let last = story.arrows().last().unwrap();
    assert_eq!((last.flight.depart, last.flight.arrive), (later(20), later(22)));
}

#[test]
fn an_answer_to_what_was_sent_twice_measures_nothing() {
    let (mut live, mut relay) = asking();
    relay.hold = true;
    live.command("ask 127.0.0.1:7 hello", later(10)).unwrap();
    relay.exchange(&mut live, later(11));
    live.wake(later(1_010));
    relay.exchange(&mut live, later(1_011));
    let (socket, bytes) = relay.held.remove(0);
    let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 7));
    relay.session.send_to(socket, peer, bytes).unwrap();
    relay.exchange(&mut live, later(1_012));
    assert_eq!(live.one_way(HostId(1)), None, "nobody knows which of the two was answered");
}

#[test]
fn a_destination_that_the_relay_refuses_is_told_and_the_flight_has_not_left() {
    let (mut live, mut relay) = asking();
    let sentence = "This relay sends nothing to 169.254.169.254.";
    relay.refuse = Some(Reset::new(Code::Policy, sentence).detail(Detail::Operation));
    live.command("ask 169.254.169.254:53 hello", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    assert_eq!(denials(&live), [sentence]);
    let trace = live.recording().trace();
    let story = Story::of(trace);
    let fate = story.arrows()[0].flight.fate;
    assert!(matches!(fate, Fate::Lost { why: LossCause::Denied, .. }), "{fate:?}");
    let told = world::transcript(&story, trace, trace.entries.len() as u32);
    assert!(told.contains(sentence), "{told}");
}

#[test]
fn a_socket_that_the_relay_has_closed_is_opened_again_when_it_is_needed() {
    let (mut live, mut relay) = asking();
    live.command("ask 127.0.0.1:7 hello", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    let socket = relay.sockets.pop().unwrap();
    relay.session.reset(socket, Reset::new(Code::Idle, "Nothing was sent for 60 seconds."));
    relay.hold = true;
    relay.exchange(&mut live, later(70_000));
    assert_eq!(denials(&live), [""; 0], "an idle socket is nothing to speak of");
    live.command("ask 127.0.0.1:7 again", later(70_001)).unwrap();
    relay.exchange(&mut live, later(70_002));
    assert_eq!(relay.held.len(), 1);
}

#[test]
fn more_ports_than_the_relay_has_sockets_share_them() {
    let (mut live, mut relay) = asking();
    for n in 0..40 {
        live.command(&format!("ask 127.0.0.1:7 {n}"), later(10 + n)).unwrap();
        relay.exchange(&mut live, later(10 + n));
    }
    assert_eq!(emitted(live.recording().trace().entries).len(), 40);
    assert!(relay.sockets.len() <= 16, "{} sockets", relay.sockets.len());
    assert_eq!(relay.sockets.len(), live.sockets_open());
}

#[test]
fn joining_a_group_and_listening_are_refused_with_a_sentence() {
    let (mut live, mut relay) = asking();
    live.command("join 224.0.0.251:5353", later(10)).unwrap();
    live.command("serve", later(20)).unwrap();
    relay.exchange(&mut live, later(30));
    let told = denials(&live);
    assert!(told[0].contains("no multicast group") && told[0].contains("224.0.0.251"), "{told:?}");
    assert!(told[1].contains("cannot be dialled"), "{told:?}");
}

#[test]
fn without_a_relay_nothing_is_sent_and_the_sentence_says_why() {
    let mut live = Live::new(toy::asker(), BEGIN);
    live.command("ask 127.0.0.1:7 hello", later(10)).unwrap();
    assert_eq!(denials(&live), ["There is no connection to the relay."]);
    assert_eq!(Story::of(live.recording().trace()).arrows().len(), 0);
}

#[test]
fn what_none_of_our_servers_speaks_cannot_be_forked() {
    let (mut live, mut relay) = asking();
    live.command("ask 127.0.0.1:7 hello", later(10)).unwrap();
    relay.exchange(&mut live, later(30));
    let error = live.fork(2, 1).unwrap_err();
    assert_eq!(error, ForkError::NobodyOfOurs("Chatter"));
    assert!(live.recording().trace().entries.iter().any(|entry| {
        entry.flights.iter().any(|flight| matches!(flight.load, Load::Datagram { .. }))
    }));
}
