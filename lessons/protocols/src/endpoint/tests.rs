//! A running endpoint keeps its promises to the driver.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::*;
use crate::wire::Time;

/// Arms, moves and disarms one alarm, on command.
#[derive(Clone, Debug, Default)]
struct Clockwork {
    rung: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Bell;

impl Timer for Bell {
    fn name(&self) -> &'static str {
        "bell"
    }
}

#[derive(Clone, Debug)]
struct Order(String);

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Order {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Order, CommandError> {
        match text {
            "arm" | "disarm" => Ok(Order(text.to_string())),
            other => Err(CommandError(format!("no order `{other}`; try `arm`"))),
        }
    }
}

impl Endpoint for Clockwork {
    type Command = Order;
    type Event = Order;
    type Timer = Bell;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Command(Order(order)) if order == "arm" => cx.arm(Bell, Duration::from_secs(1)),
            Input::Command(_) => cx.disarm(Bell),
            Input::Timer(Bell) => self.rung += 1,
            _ => {}
        }
    }

    fn view(&self, _: Time) -> View {
        View { state: format!("rung {}", self.rung), ..View::default() }
    }

    fn commands(&self) -> &'static [&'static str] {
        &["arm", "disarm"]
    }
}

fn order(host: &mut Running<Clockwork>, text: &str) -> Vec<Output> {
    host.step(Time::EPOCH, Stimulus::Command(text.into())).unwrap().outputs
}

#[test]
fn arming_again_moves_the_alarm_and_the_old_number_no_longer_rings() {
    let mut host = Running::new(Clockwork::default(), 1);
    order(&mut host, "arm");
    let outputs = order(&mut host, "arm");
    assert_eq!(outputs.first(), Some(&Output::Disarm { alarm: AlarmId(0) }));
    host.step(Time::EPOCH, Stimulus::Alarm(AlarmId(0))).unwrap();
    assert_eq!(host.endpoint().rung, 0);
    host.step(Time::EPOCH, Stimulus::Alarm(AlarmId(1))).unwrap();
    assert_eq!(host.endpoint().rung, 1);
}

#[test]
fn a_disarmed_alarm_does_not_ring() {
    let mut host = Running::new(Clockwork::default(), 1);
    order(&mut host, "arm");
    assert_eq!(order(&mut host, "disarm"), [Output::Disarm { alarm: AlarmId(0) }]);
    host.step(Time::EPOCH, Stimulus::Alarm(AlarmId(0))).unwrap();
    assert_eq!(host.endpoint().rung, 0);
}

#[test]
fn a_second_start_forgets_alarms_and_uses_no_number_twice() {
    let mut host = Running::new(Clockwork::default(), 1);
    let before = host.accept();
    order(&mut host, "arm");
    host.step(Time::EPOCH, Stimulus::Start).unwrap();
    host.step(Time::EPOCH, Stimulus::Alarm(AlarmId(0))).unwrap();
    assert_eq!(host.endpoint().rung, 0);
    let armed = order(&mut host, "arm");
    assert!(matches!(armed.as_slice(), [Output::Arm { alarm: AlarmId(1), .. }]), "{armed:?}");
    assert_ne!(host.accept(), before);
}

#[test]
fn a_command_that_is_not_understood_changes_nothing_and_says_a_way_out() {
    let mut host = Running::new(Clockwork::default(), 1);
    let error = host.step(Time::EPOCH, Stimulus::Command("explode".into())).unwrap_err();
    assert_eq!(error.to_string(), "no order `explode`; try `arm`");
    assert!(host.check("arm").is_ok());
}

/// Dials and looks names up, on command, and tells what comes of it.
#[derive(Clone, Debug, Default)]
struct Asker {
    heard: Vec<String>,
}

impl Endpoint for Asker {
    type Command = Text;
    type Event = Text;
    type Timer = Bell;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Command(Text(name)) => match name.strip_prefix("dial ") {
                Some(host) => {
                    let conn = cx.dial(Target::new(host, 80), &crate::dns::DNS_TCP);
                    cx.send(conn, &b"early"[..]);
                }
                None => drop(cx.lookup(&name, crate::dns::RecordType::A)),
            },
            Input::Answered { answer: Ok(found), .. } => self.heard.push(format!("{found:?}")),
            Input::Answered { answer: Err(why), .. } => self.heard.push(why.to_string()),
            Input::Lost { why, .. } => self.heard.push(why.to_string()),
            _ => {}
        }
    }

    fn view(&self, _: Time) -> View {
        View::default()
    }

    fn commands(&self) -> &'static [&'static str] {
        &[]
    }
}

#[derive(Clone, Debug)]
struct Text(String);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Text {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Text, CommandError> {
        Ok(Text(text.to_string()))
    }
}

/// A host with a resolver at 192.0.2.53 that has been asked something.
fn asked(text: &str) -> (Running<Asker>, Vec<Output>) {
    let servers = vec!["192.0.2.53:53".parse().unwrap()];
    let mut host = Running::new(Asker::default(), 1).resolving(Resolvers { servers });
    let step = host.step(Time::EPOCH, Stimulus::Command(text.into())).unwrap();
    (host, step.outputs)
}

/// Answers the query that is among the outputs.
fn answer(host: &mut Running<Asker>, outputs: &[Output], line: &str) -> Vec<Output> {
    use crate::dns::{ResponseCode, codec, outstanding::bench};
    let sent = outputs.iter().find_map(|output| match output {
        Output::SendTo { port, to, bytes } => Some((*port, *to, bytes)),
        _ => None,
    });
    let (port, from, bytes) = sent.expect("a query went out");
    let query = codec::read(bytes, &mut crate::wire::Notes::off()).unwrap();
    let mut response = query.response(ResponseCode::NxDomain);
    if !line.is_empty() {
        response.header.code = ResponseCode::NoError;
        response.answers.push(bench::record(line));
    }
    let datagram = Stimulus::Datagram { port, from, bytes: bench::bytes(&response) };
    host.step(Time::EPOCH, datagram).unwrap().outputs
}

#[test]
fn a_dialled_name_is_asked_for_first_and_what_was_sent_early_follows_the_dial() {
    let (mut host, outputs) = asked("dial www.a.test");
    assert!(!outputs.iter().any(|o| matches!(o, Output::Dial { .. } | Output::Send { .. })));
    let outputs = answer(&mut host, &outputs, "www.a.test 60 A 192.0.2.80");
    let dial = outputs.iter().position(|o| match o {
        Output::Dial { to: Target::Address(to), .. } => to.to_string() == "192.0.2.80:80",
        _ => false,
    });
    let send = outputs.iter().position(|o| matches!(o, Output::Send { .. }));
    assert!(dial.is_some() && dial < send, "{outputs:?}");
    assert!(outputs.iter().any(|o| matches!(o, Output::Unbind { .. })), "its port is given up");
}

#[test]
fn a_lookup_is_answered_with_what_was_found_or_with_the_reason() {
    let (mut host, outputs) = asked("www.a.test");
    answer(&mut host, &outputs, "www.a.test 60 A 192.0.2.80");
    let (mut none, outputs) = asked("no.a.test");
    answer(&mut none, &outputs, "");
    assert_eq!(host.endpoint().heard, ["[Address(192.0.2.80)]"]);
    assert_eq!(none.endpoint().heard, ["no such name"]);
    let (bad, outputs) = asked("two..dots");
    assert!(outputs.is_empty());
    assert_eq!(bad.endpoint().heard, ["this is no domain name"]);
}

#[test]
fn a_dial_fails_when_its_name_does_not_resolve() {
    let (mut host, outputs) = asked("dial no.a.test");
    answer(&mut host, &outputs, "");
    assert_eq!(host.endpoint().heard, ["no such name"]);
}

#[test]
fn a_lookup_without_a_resolver_says_so_and_a_dial_is_left_to_the_driver() {
    let mut host = Running::new(Asker::default(), 1);
    host.step(Time::EPOCH, Stimulus::Command("www.a.test".into())).unwrap();
    assert_eq!(host.endpoint().heard, ["there is no name server to ask"]);
    let step = host.step(Time::EPOCH, Stimulus::Command("dial www.a.test".into())).unwrap();
    assert!(matches!(step.outputs[0], Output::Dial { to: Target::Name { .. }, .. }));
}

#[test]
fn the_state_says_that_a_name_is_waited_for() {
    for text in ["dial www.a.test", "www.a.test"] {
        let (mut host, outputs) = asked(text);
        let state = |host: &Running<Asker>| {
            (host.state(Time::EPOCH).into_owned(), host.view(Time::EPOCH).state)
        };
        assert_eq!(state(&host), ("Resolving".to_string(), "Resolving".to_string()), "{text}");
        answer(&mut host, &outputs, "www.a.test 60 A 192.0.2.80");
        let own = host.endpoint().state(Time::EPOCH).into_owned();
        assert_eq!(state(&host), (own.clone(), own), "{text}");
    }
}

#[test]
fn the_tables_of_the_resolver_are_shown_with_the_program_and_a_start_clears_them() {
    let (mut host, outputs) = asked("www.a.test");
    answer(&mut host, &outputs, "www.a.test 60 A 192.0.2.80");
    let cache = |host: &Running<Asker>| {
        let tables = host.view(Time::EPOCH).tables;
        tables.iter().find(|t| t.title == "name cache").map(|t| t.rows.len())
    };
    assert_eq!(cache(&host), Some(1));
    host.step(Time::EPOCH, Stimulus::Start).unwrap();
    assert_eq!(cache(&host), Some(0));
}
