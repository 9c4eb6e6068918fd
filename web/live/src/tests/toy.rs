//! A toy that speaks datagrams: one end asks and asks again until it is answered, the other echoes.

use core::fmt;
use core::net::SocketAddr;
use core::str::FromStr;
use core::time::Duration;

use bytes::Bytes;
use protocols::endpoint::{
    CommandError, Context, Endpoint, Host, Input, Running, Timer as Alarm, View,
};
use protocols::wire::{Protocol, Time, Unread, growing};

/// What the toy speaks: one that the lab has no server for.
pub static CHATTER: Protocol = Protocol {
    name: "chatter",
    title: "Chatter",
    rules: &[],
    charts: &[],
    reader: growing::<Unread>,
};

/// The end that asks.
pub fn asker() -> Box<dyn Host> {
    Box::new(Running::new(Toy::Asker { waiting: None, next_port: 4_000 }, 1))
}

/// The end that echoes, at port 7.
pub fn echo() -> Box<dyn Host> {
    Box::new(Running::new(Toy::Echo, 2))
}

#[derive(Clone, Debug)]
enum Toy {
    Echo,
    Asker { waiting: Option<Ask>, next_port: u16 },
}

/// `ask ADDRESS TEXT`, each from a port of its own; `join ADDRESS`; `serve`.
#[derive(Clone, Debug)]
enum Order {
    Ask(Ask),
    Join(SocketAddr),
    Serve,
}

#[derive(Clone, Debug)]
struct Ask {
    to: SocketAddr,
    text: String,
}

#[derive(Clone, Debug)]
struct Heard(String);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Again;

impl Endpoint for Toy {
    type Command = Order;
    type Event = Heard;
    type Timer = Again;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match (self, input) {
            (Toy::Echo, Input::Start) => cx.bind(7, &CHATTER),
            (Toy::Echo, Input::Datagram { port, from, bytes }) => cx.send_to(port, from, bytes),
            (Toy::Asker { waiting, next_port }, Input::Command(Order::Ask(ask))) => {
                *next_port += 1;
                cx.bind(*next_port, &CHATTER);
                cx.send_to(*next_port, ask.to, Bytes::from(ask.text.clone()));
                cx.arm(Again, Duration::from_secs(1));
                *waiting = Some(ask);
            }
            (Toy::Asker { .. }, Input::Command(Order::Join(group))) => cx.join(group.ip()),
            (Toy::Asker { .. }, Input::Command(Order::Serve)) => cx.listen(7, &CHATTER),
            (Toy::Asker { waiting: Some(ask), next_port }, Input::Timer(Again)) => {
                cx.send_to(*next_port, ask.to, Bytes::from(ask.text.clone()));
                cx.arm(Again, Duration::from_secs(1));
            }
            (Toy::Asker { waiting, .. }, Input::Datagram { bytes, .. }) => {
                *waiting = None;
                cx.disarm(Again);
                cx.emit(Heard(format!("heard {}", String::from_utf8_lossy(&bytes))));
            }
            _ => {}
        }
    }

    fn view(&self, _: Time) -> View {
        let state = match self {
            Toy::Asker { waiting: Some(_), .. } => "Waiting",
            Toy::Asker { waiting: None, .. } | Toy::Echo => "Idle",
        };
        View { state: state.to_string(), ..View::default() }
    }

    fn commands(&self) -> &'static [&'static str] {
        &["ask ADDRESS TEXT", "join ADDRESS", "serve"]
    }
}

impl Alarm for Again {
    fn name(&self) -> &'static str {
        "again"
    }
}

impl FromStr for Order {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Order, CommandError> {
        let wrong = || CommandError(format!("`{text}` is not `ask ADDRESS TEXT`"));
        if text == "serve" {
            return Ok(Order::Serve);
        }
        let (verb, rest) = text.split_once(' ').ok_or_else(wrong)?;
        let (to, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let to = to.parse().map_err(|_| wrong())?;
        match verb {
            "ask" => Ok(Order::Ask(Ask { to, text: text.to_string() })),
            "join" => Ok(Order::Join(to)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Ask(ask) => write!(f, "ask {} {}", ask.to, ask.text),
            Order::Join(group) => write!(f, "join {group}"),
            Order::Serve => write!(f, "serve"),
        }
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
