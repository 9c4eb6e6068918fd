//! A peer that asks a few others one after another: as much as an overlay's upkeep, and no more.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::str::FromStr;
use core::time::Duration;
use std::borrow::Cow;
use std::rc::Rc;

use protocols::endpoint::{CommandError, Context, Endpoint, Input, Timer, View};
use protocols::wire::{Protocol, Rule, Source, Time, Unread, growing};

/// One of many alike.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Whom it asks, in turn.
    contacts: Rc<[u32]>,
    next: usize,
    /// What it has asked and has no answer to.
    pending: Vec<u64>,
    answered: u32,
    missed: u32,
}

impl Peer {
    /// One that knows these others, by their number on the stage.
    pub fn knowing(contacts: Rc<[u32]>) -> Peer {
        Peer { contacts, next: 0, pending: Vec::new(), answered: 0, missed: 0 }
    }

    fn ask(&mut self, cx: &mut Context<'_, Peer>) {
        cx.arm(Bell::Beat, PERIOD);
        let Some(contact) = self.contacts.get(self.next) else { return };
        self.next = (self.next + 1) % self.contacts.len();
        let question = cx.random() >> 1;
        self.pending.push(question);
        cx.cite(&ASK);
        cx.send_to(PORT, SocketAddr::new(address(*contact), PORT), message(question, QUESTION));
        cx.arm(Bell::Late(question), PATIENCE);
    }

    fn heard(&mut self, from: SocketAddr, bytes: &[u8], cx: &mut Context<'_, Peer>) {
        let Some((number, _)) = bytes.split_first_chunk::<8>() else { return };
        let question = u64::from_be_bytes(*number);
        if bytes.len() == QUESTION {
            cx.cite(&ANSWER);
            cx.send_to(PORT, from, message(question, QUESTION + 16));
        } else if let Some(at) = self.pending.iter().position(|asked| *asked == question) {
            self.pending.swap_remove(at);
            self.answered += 1;
            cx.disarm(Bell::Late(question));
        }
    }
}

impl Endpoint for Peer {
    type Command = Nothing;
    type Event = Nothing;
    type Timer = Bell;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => {
                cx.bind(PORT, &SWARM);
                let first = cx.random() % PERIOD.as_nanos() as u64;
                cx.arm(Bell::Beat, Duration::from_nanos(first));
            }
            Input::Timer(Bell::Beat) => self.ask(cx),
            Input::Timer(Bell::Late(question)) => {
                self.pending.retain(|asked| *asked != question);
                self.missed += 1;
            }
            Input::Datagram { from, bytes, .. } => self.heard(from, &bytes, cx),
            Input::Command(_)
            | Input::Opened { .. }
            | Input::Data { .. }
            | Input::Finished { .. }
            | Input::Lost { .. }
            | Input::Answered { .. } => {}
        }
    }

    fn view(&self, now: Time) -> View {
        View { state: self.state(now).into_owned(), ..View::default() }
    }

    fn state(&self, _: Time) -> Cow<'static, str> {
        if self.pending.is_empty() { "Idle" } else { "Asking" }.into()
    }

    fn touch(&self) -> usize {
        let contact = self.contacts.get(self.next).copied().unwrap_or(0);
        contact as usize ^ self.pending.first().map_or(0, |question| *question as usize)
    }

    fn commands(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A peer's alarms.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Bell {
    /// Time to ask the next one.
    Beat,
    /// An answer is late.
    Late(u64),
}

impl Timer for Bell {
    fn name(&self) -> &'static str {
        match self {
            Bell::Beat => "beat",
            Bell::Late(_) => "late",
        }
    }

    fn about(&self) -> u64 {
        match self {
            Bell::Beat => 0,
            Bell::Late(question) => *question,
        }
    }
}

/// It can be asked nothing and tells nothing.
#[derive(Clone, Debug)]
pub struct Nothing;

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }
}

impl FromStr for Nothing {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Nothing, CommandError> {
        Err(CommandError(format!("`{text}` cannot be asked of a peer")))
    }
}

/// The address of a peer by its number.
pub fn address(number: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(u32::from_be_bytes([10, 0, 0, 0]) + number))
}

fn message(number: u64, bytes: usize) -> Vec<u8> {
    let mut message = vec![0; bytes];
    message[..8].copy_from_slice(&number.to_be_bytes());
    message
}

static SWARM: Protocol =
    Protocol { name: "swarm", title: "Swarm", rules: &[], charts: &[], reader: growing::<Unread> };
static ASK: Rule =
    Rule { id: "swarm-ask", source: HERE, says: "A peer asks in turn.", why: "To be heard." };
static ANSWER: Rule =
    Rule { id: "swarm-answer", source: HERE, says: "A peer answers.", why: "It was asked." };
const HERE: Source = Source::new("this example", "");

const PORT: u16 = 4_000;
const PERIOD: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(2);
const QUESTION: usize = 48;
