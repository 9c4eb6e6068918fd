//! A page over streams.

use super::*;

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
fn the_program_at_any_moment_is_the_program_that_was() {
    let (mut live, mut relay) = connected();
    live.command("visit http://www.cs.test/", later(10)).unwrap();
    relay.exchange(&mut live, later(50));
    for entry in live.recording().trace().entries {
        if entry.host == TAB_HOST {
            let program = live.program_at(entry.id.0 + 1);
            assert_eq!(program.state(entry.at), entry.state, "after entry {}", entry.id.0);
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
    let mut live = Live::new(browser(), BEGIN);
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
