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
