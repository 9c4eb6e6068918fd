//! A toy for tests: an echo, and a caller who sends what it is told to and counts what comes back.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr};
use core::str::FromStr;
use core::time::Duration;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{CommandError, Conn, Context, Endpoint, Input, Target, Timer, View};
use protocols::wire::{Chunk, Message, Protocol, Time};

use crate::plan::{Conditions, HostPlan, LinkPlan, Node, Plan, Program};

/// What the toys speak: nothing that could be read.
pub static ECHO: Protocol =
    Protocol { name: "echo", title: "Echo", rules: &[], charts: &[], dissect: unread };

fn unread(_: &[Chunk]) -> Vec<Message> {
    Vec::new()
}

/// Either end.
#[derive(Clone, Debug)]
pub enum Toy {
    /// Sends back whatever comes, and closes when the caller does.
    Echo,
    /// Sends bytes on command; keeps what came back and what became of the connection.
    Caller { conn: Option<Conn>, wanted: Vec<u8>, got: Vec<u8>, fate: &'static str },
}

impl Toy {
    pub fn caller() -> Toy {
        Toy::Caller { conn: None, wanted: Vec::new(), got: Vec::new(), fate: "" }
    }
}

/// `send N`: open a connection and send N bytes, each unlike its neighbours.
#[derive(Clone, Debug)]
pub struct Order(pub usize);

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "send {}", self.0)
    }
}

impl FromStr for Order {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Order, CommandError> {
        let count = text.strip_prefix("send ").and_then(|count| count.parse().ok());
        count.map(Order).ok_or_else(|| CommandError(format!("`{text}` is not `send N`")))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Never;

impl Timer for Never {
    fn name(&self) -> &'static str {
        "never"
    }
}

impl Endpoint for Toy {
    type Command = Order;
    type Event = String;
    type Timer = Never;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match (self, input) {
            (Toy::Echo, Input::Start) => {
                cx.listen(PORT, &ECHO);
                cx.bind(PORT, &ECHO);
            }
            (Toy::Echo, Input::Data { conn, bytes }) => cx.send(conn, bytes),
            (Toy::Echo, Input::Finished { conn }) => cx.finish(conn),
            (Toy::Echo, Input::Datagram { port, from, bytes }) => cx.send_to(port, from, bytes),
            (Toy::Caller { conn, wanted, .. }, Input::Command(Order(count))) => {
                *wanted = (0..count).map(|n| (n % 251) as u8).collect();
                *conn = Some(cx.dial(Target::new("echo.test", PORT), &ECHO));
            }
            (Toy::Caller { wanted, .. }, Input::Opened { conn, .. }) => {
                cx.send(conn, Bytes::from(wanted.clone()));
                cx.finish(conn);
            }
            (Toy::Caller { got, .. }, Input::Data { bytes, .. }) => got.extend_from_slice(&bytes),
            (Toy::Caller { wanted, got, fate, .. }, Input::Finished { .. }) => {
                *fate = if wanted == got { "whole" } else { "damaged" };
                cx.emit(fate.to_string());
            }
            (Toy::Caller { fate, .. }, Input::Lost { .. }) => {
                *fate = "lost";
                cx.emit(fate.to_string());
            }
            _ => {}
        }
    }

    fn view(&self, _: Time) -> View {
        let state = match self {
            Toy::Echo => "Echoing".to_string(),
            Toy::Caller { fate, got, .. } => format!("{fate} {}", got.len()),
        };
        View { state, ..View::default() }
    }

    fn commands(&self) -> &'static [&'static str] {
        &["send N"]
    }
}

/// A caller and an echo, joined by one link.
pub fn stage(conditions: Conditions) -> Rc<Plan> {
    let host = |name: &str, last: u8, endpoint: Toy| HostPlan {
        name: name.to_string(),
        address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)),
        program: Program::of(endpoint),
        place: (i16::from(last), 0),
    };
    let hosts = vec![host("caller", 2, Toy::caller()), host("echo.test", 80, Toy::Echo)];
    let names = hosts.iter().map(|host| (host.name.clone(), host.address)).collect();
    let ends = (Node::Host(0), Node::Host(1));
    let link = LinkPlan { name: "link".to_string(), ends, conditions };
    let epoch = Time::from_secs(1_795_251_600);
    Rc::new(Plan { epoch, hosts, links: vec![link], names, ..Plan::default() })
}

/// Conditions with a delay and a bandwidth.
pub fn conditions(delay_ms: u64, bandwidth_bps: Option<u64>) -> Conditions {
    Conditions { delay: Duration::from_millis(delay_ms), bandwidth_bps, ..Conditions::default() }
}

const PORT: u16 = 7;
