//! The tab against a relay's end of the protocol with our own server behind it, all in memory.

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;

use protocols::http::server::{Config as ServerConfig, Server};
use protocols::http::site::Site;
use relay_wire::{Code, Detail, Event, Reset};
use world::Story;

use super::*;

const BEGIN: Time = Time::from_secs(1_795_251_600);

/// A relay in memory that connects every stream to one server of ours.
struct Relay {
    session: Session,
    server: Running<Server>,
    conns: BTreeMap<u32, Conn>,
    refuse: Option<Reset>,
    /// Answers of the server that are held back.
    hold: bool,
    held: Vec<(u32, Bytes)>,
}

impl Relay {
    fn new() -> Relay {
        let site = Site::page_with_objects(2, 3_000, BEGIN);
        let mut server = Running::new(Server::new(ServerConfig::default(), site), 5);
        server.step(BEGIN, Stimulus::Start).unwrap();
        let policy = "practice servers only".to_string();
        let hello = Hello { policy, max_streams: 32, max_sockets: 16, ..Hello::default() };
        Relay {
            session: Session::relay(hello),
            server,
            conns: BTreeMap::new(),
            refuse: None,
            hold: false,
            held: Vec::new(),
        }
    }

    /// Exchanges messages with the tab until neither has any.
    fn exchange(&mut self, live: &mut Live, now: Time) {
        loop {
            let mut quiet = true;
            while let Some(message) = live.next_message() {
                quiet = false;
                self.session.receive(message).unwrap();
            }
            while let Some(event) = self.session.next_event() {
                self.happened(event, now);
            }
            while let Some(message) = self.session.next_message() {
                quiet = false;
                live.receive(message, now).unwrap();
            }
            if quiet {
                return;
            }
        }
    }

    fn happened(&mut self, event: Event, now: Time) {
        match event {
            Event::Open { stream, .. } => match self.refuse.clone() {
                Some(reset) => self.session.reset(stream, reset),
                None => self.open(stream, now),
            },
            Event::Data { stream, bytes } => {
                let conn = self.conns[&stream];
                self.session.consumed(stream, bytes.len());
                self.serve(stream, now, Stimulus::Data { conn, bytes });
            }
            Event::Finished { stream } => {
                let conn = self.conns[&stream];
                self.serve(stream, now, Stimulus::Finished { conn });
            }
            _ => {}
        }
    }

    fn open(&mut self, stream: u32, now: Time) {
        let conn = self.server.accept();
        self.conns.insert(stream, conn);
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
        let remote = SocketAddr::from((Ipv4Addr::LOCALHOST, 80));
        self.session.accept(stream, local, remote, 20_000).unwrap();
        self.serve(stream, now, Stimulus::Opened { conn, peer: local, port: Some(80) });
    }

    fn serve(&mut self, stream: u32, now: Time, stimulus: Stimulus) {
        for output in self.server.step(now, stimulus).unwrap().outputs {
            match output {
                Output::Send { bytes, .. } if self.hold => self.held.push((stream, bytes)),
                Output::Send { bytes, .. } => self.session.send(stream, bytes).unwrap(),
                Output::Finish { .. } => self.session.finish(stream).unwrap(),
                _ => {}
            }
        }
    }

    fn release(&mut self) {
        for (stream, bytes) in self.held.drain(..) {
            self.session.send(stream, bytes).unwrap();
        }
        self.hold = false;
    }
}

fn later(ms: u64) -> Time {
    BEGIN + Duration::from_millis(ms)
}

fn connected() -> (Live, Relay) {
    let mut live = Live::new(Config::default(), 1, BEGIN);
    let mut relay = Relay::new();
    live.opening("");
    relay.exchange(&mut live, later(1));
    assert!(matches!(live.link(), Link::Up(_)));
    (live, relay)
}

fn emitted(entries: &[std::rc::Rc<Entry>]) -> Vec<String> {
    let steps = entries.iter().filter_map(|entry| match &entry.what {
        What::Step(step) => Some(&step.outputs),
        _ => None,
    });
    steps
        .flatten()
        .filter_map(|output| match output {
            Output::Emit(text) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_page_with_two_objects_comes_over_one_connection_and_is_told_as_a_story() {
    let (mut live, mut relay) = connected();
    live.command("visit http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(50));
    let trace = live.recording().trace();
    let told = emitted(trace.entries);
    assert!(told.iter().any(|t| t.starts_with("page http://www.cs.test/ done 2")), "{told:?}");
    let story = Story::of(trace);
    assert_eq!(story.conversations().len(), 1);
    assert_eq!(story.unexplained(), []);
    let messages = story.conversations()[0].messages();
    assert_eq!(messages.iter().filter(|m| m.title.starts_with("GET")).count(), 3);
    assert_eq!(messages.iter().filter(|m| m.title == "200 OK").count(), 3);
}

#[test]
fn the_client_at_any_moment_is_the_client_that_was() {
    let (mut live, mut relay) = connected();
    live.command("visit http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(50));
    for entry in live.recording().trace().entries {
        if entry.host == TAB_HOST {
            let client = live.client_at(entry.id.0 + 1);
            assert_eq!(client.view(entry.at).state, entry.state, "after entry {}", entry.id.0);
        }
    }
}

#[test]
fn a_refusal_of_the_relay_reaches_the_student_as_its_sentence() {
    let (mut live, mut relay) = connected();
    let sentence = "This relay does not dial 169.254.169.254.";
    relay.refuse = Some(Reset::new(Code::Policy, sentence).detail(Detail::Operation));
    live.command("get http://169.254.169.254/", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    let trace = live.recording().trace();
    let told = emitted(trace.entries);
    assert!(told.iter().any(|t| t.contains(sentence)), "{told:?}");
    assert_eq!(Story::of(trace).arrows().len(), 0, "nothing has left the relay");
}

#[test]
fn a_refusal_of_the_server_is_a_syn_and_a_reset() {
    let (mut live, mut relay) = connected();
    relay.refuse = Some(Reset::new(Code::Refused, "Nothing listens there."));
    live.command("get http://127.0.0.1:81/", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    let story = Story::of(live.recording().trace());
    let titles: Vec<_> = story.arrows().iter().map(|arrow| story.label(arrow).title).collect();
    assert_eq!(titles, ["SYN", "RST"]);
}

#[test]
fn without_a_relay_a_fetch_fails_at_once_and_says_why() {
    let mut live = Live::new(Config::default(), 1, BEGIN);
    live.command("get http://www.cs.test/", later(10)).unwrap();
    let told = emitted(live.recording().trace().entries);
    assert!(told.iter().any(|t| t.contains("no connection to the relay")), "{told:?}");
}

#[test]
fn a_relay_that_goes_takes_every_connection_with_it_and_says_so() {
    let (mut live, mut relay) = connected();
    relay.hold = true;
    live.command("get http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    live.disconnected("The relay has closed the connection.", later(30));
    let told = emitted(live.recording().trace().entries);
    assert!(told.iter().any(|t| t.contains("closed the connection")), "{told:?}");
    assert!(live.next_message().is_none());
}

#[test]
fn an_alarm_rings_when_it_is_due_and_not_before() {
    let (mut live, mut relay) = connected();
    relay.hold = true;
    live.command("get http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    let due = live.next_alarm().unwrap();
    let before = live.recording().trace().entries.len();
    live.wake(due - Duration::from_millis(1));
    assert_eq!(live.recording().trace().entries.len(), before);
    live.wake(due);
    let told = emitted(live.recording().trace().entries);
    assert!(told.iter().any(|t| t.starts_with("failed")), "{told:?}");
}

#[test]
fn a_fork_after_the_page_goes_on_against_our_own_server_with_the_same_connection() {
    let (mut live, mut relay) = connected();
    live.command("visit http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(50));
    let moment = live.recording().trace().entries.len() as u32;
    let mut history = live.fork(moment, 3).unwrap();
    let text = "get http://www.cs.test/objects/1.gif".to_string();
    history.meddle(world::Act::Command { host: TAB_HOST, text }).unwrap();
    for _ in 0..40 {
        history.step();
    }
    let trace = history.trace();
    let told = emitted(&trace.entries[moment as usize..]);
    assert!(
        told.iter().any(|t| t.starts_with("response http://www.cs.test/objects/1.gif 200")),
        "{told:?}"
    );
    let story = Story::of(trace);
    assert_eq!(story.conversations().len(), 1, "the same connection goes on");
    assert_eq!(story.unexplained(), []);
}

#[test]
fn a_fork_while_an_answer_is_awaited_is_answered_by_our_own_server() {
    let (mut live, mut relay) = connected();
    live.command("get http://www.cs.test/objects/1.gif", later(5)).unwrap();
    relay.exchange(&mut live, later(8));
    relay.hold = true;
    live.command("get http://www.cs.test/objects/1.gif", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    let moment = live.recording().trace().entries.len() as u32;
    let mut history = live.fork(moment, 3).unwrap();
    for _ in 0..20 {
        history.step();
    }
    let told = emitted(&history.trace().entries[moment as usize..]);
    assert!(told.iter().any(|t| t.starts_with("response")), "{told:?}");
    relay.release();
}

#[test]
fn a_fork_in_the_middle_of_an_answer_gets_its_rest_as_it_really_came() {
    let (mut live, mut relay) = connected();
    relay.hold = true;
    live.command("get http://www.cs.test/objects/1.gif", later(10)).unwrap();
    relay.exchange(&mut live, later(20));
    let whole: Vec<u8> = relay.held.iter().flat_map(|(_, bytes)| bytes.to_vec()).collect();
    let stream = relay.held[0].0;
    relay.held.clear();
    relay.session.send(stream, Bytes::from(whole[..500].to_vec())).unwrap();
    relay.exchange(&mut live, later(30));
    let moment = live.recording().trace().entries.len() as u32;
    assert_eq!(live.fork(moment, 3).unwrap_err(), ForkError::HalfAnAnswer);
    relay.session.send(stream, Bytes::from(whole[500..].to_vec())).unwrap();
    relay.exchange(&mut live, later(40));
    let mut history = live.fork(moment, 3).unwrap();
    for _ in 0..20 {
        history.step();
    }
    let told = emitted(&history.trace().entries[moment as usize..]);
    assert!(told.iter().any(|t| t.contains(" 200 3000")), "{told:?}");
}
