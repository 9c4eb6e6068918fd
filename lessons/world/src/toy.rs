//! A toy for tests: an echo, and a caller who sends what it is told to and counts what comes back.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::str::FromStr;
use core::time::Duration;
use std::rc::Rc;

use bytes::Bytes;
use protocols::endpoint::{CommandError, Conn, Context, Endpoint, Input, Target, Timer, View};
use protocols::wire::{Protocol, Time, Unread, growing};

use crate::plan::{Conditions, HostPlan, LinkPlan, Node, Plan, Program};

/// What the toys speak: nothing that could be read.
pub static ECHO: Protocol =
    Protocol { name: "echo", title: "Echo", rules: &[], charts: &[], reader: growing::<Unread> };

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

/// What a caller can be told to do.
#[derive(Clone, Debug)]
pub enum Order {
    /// `send N`: open a connection and send N bytes, each unlike its neighbours.
    Send(usize),
    /// `shout N`: send N datagrams of one byte each, which is its number.
    Shout(u8),
    /// `call N`: the same to everybody who has joined the group.
    Call(u8),
    /// `let go`: throw the connection away.
    LetGo,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Send(count) => write!(f, "send {count}"),
            Order::Shout(count) => write!(f, "shout {count}"),
            Order::Call(count) => write!(f, "call {count}"),
            Order::LetGo => write!(f, "let go"),
        }
    }
}

impl FromStr for Order {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Order, CommandError> {
        let wrong = || CommandError(format!("`{text}` is not `send N`"));
        if text == "let go" {
            return Ok(Order::LetGo);
        }
        let (verb, count) = text.split_once(' ').ok_or_else(wrong)?;
        match (verb, count.parse::<usize>(), count.parse::<u8>()) {
            ("send", Ok(count), _) => Ok(Order::Send(count)),
            ("shout", _, Ok(count)) => Ok(Order::Shout(count)),
            ("call", _, Ok(count)) => Ok(Order::Call(count)),
            _ => Err(wrong()),
        }
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
                cx.join(GROUP);
            }
            (Toy::Echo, Input::Data { conn, bytes }) => cx.send(conn, bytes),
            (Toy::Echo, Input::Finished { conn }) => cx.finish(conn),
            (Toy::Echo, Input::Datagram { port, from, bytes }) => cx.send_to(port, from, bytes),
            (Toy::Caller { .. }, Input::Start) => cx.bind(PORT, &ECHO),
            (Toy::Caller { conn, wanted, .. }, Input::Command(Order::Send(count))) => {
                *wanted = (0..count).map(|n| (n % 251) as u8).collect();
                *conn = Some(cx.dial(Target::new("echo.test", PORT), &ECHO));
            }
            (Toy::Caller { .. }, Input::Command(Order::Shout(count))) => {
                let to = SocketAddr::new(ECHO_ADDRESS, PORT);
                (0..count).for_each(|n| cx.send_to(PORT, to, vec![n]));
            }
            (Toy::Caller { .. }, Input::Command(Order::Call(count))) => {
                let to = SocketAddr::new(GROUP, PORT);
                (0..count).for_each(|n| cx.send_to(PORT, to, vec![n]));
            }
            (Toy::Caller { conn, .. }, Input::Command(Order::LetGo)) => {
                conn.take().into_iter().for_each(|conn| cx.abort(conn));
            }
            (Toy::Caller { got, .. }, Input::Datagram { bytes, .. }) => {
                got.extend_from_slice(&bytes);
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
        &["send N", "shout N", "call N", "let go"]
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

/// Where the echo is.
const ECHO_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 80));

/// The group that every echo joins.
const GROUP: IpAddr = IpAddr::V4(Ipv4Addr::new(239, 0, 0, 7));

const PORT: u16 = 7;
