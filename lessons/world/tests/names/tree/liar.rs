//! A name server that lies: it guesses at the ids of queries, answers what nobody asked, and adds
//! records to its true answers that it has no business with.

use core::fmt;
use core::net::{Ipv4Addr, SocketAddr};
use core::str::FromStr;

use protocols::dns::{DNS, Data, Message, Name, Record, ResponseCode, Zone, codec};
use protocols::endpoint::{CommandError, Context, Endpoint, Input, Timer, View};
use protocols::wire::{Notes, Time};

/// The address that all its lies lead to.
pub const LIE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 66);

/// The server of a zone of its own, about which it says the truth.
#[derive(Clone, Debug)]
pub struct Liar {
    zone: Zone,
}

/// It takes no commands, tells nothing and waits for nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Never {}

impl Liar {
    pub fn new(zone: Zone) -> Liar {
        Liar { zone }
    }

    fn answer(&self, query: &Message, from: SocketAddr, cx: &mut Context<'_, Liar>) {
        let Some(question) = query.question() else { return };
        let mut send = |to, message: &Message| cx.send_to(53, to, codec::write(message));
        for guess in [1, 2, 0x8000] {
            let mut forged = lie(query, &question.name.to_string());
            forged.header.id ^= guess;
            send(from, &forged);
        }
        let mut other = lie(query, "www.cs.test");
        other.questions[0].name = name("www.cs.test");
        // The right id for another question, and an answer where only questions are taken.
        if question.name != other.questions[0].name {
            send(from, &other);
        }
        send(SocketAddr::new(from.ip(), 53), &other);
        let mut truth = self.zone.look_up(&question.name, question.kind).to_response(query);
        for host in ["www.cs.test", "mail.cs.test", "www.far.test"] {
            truth.answers.push(address(host));
        }
        for zone in ["cs.test", "test", "."] {
            truth.authorities.push(Record::new(name(zone), TTL, Data::Ns(name("ns.evil.test"))));
        }
        for host in ["ns1.cs.test", "ns.nic.test", "a.root", "ns.prov.net"] {
            truth.additionals.push(address(host));
        }
        send(from, &truth);
    }
}

/// A response that claims authority for an address of this host.
fn lie(query: &Message, host: &str) -> Message {
    let mut forged = query.response(ResponseCode::NoError);
    forged.header.authoritative = true;
    forged.answers.push(address(host));
    forged
}

fn address(host: &str) -> Record {
    Record::new(name(host), TTL, Data::A(LIE))
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

impl Endpoint for Liar {
    type Command = Never;
    type Event = Never;
    type Timer = Never;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => cx.bind(53, &DNS),
            Input::Datagram { from, bytes, .. } => {
                if let Ok(query) = codec::read(&bytes, &mut Notes::off()) {
                    self.answer(&query, from, cx);
                }
            }
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

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl FromStr for Never {
    type Err = CommandError;

    fn from_str(_: &str) -> Result<Never, CommandError> {
        Err(CommandError("It takes no commands.".to_string()))
    }
}

impl Timer for Never {
    fn name(&self) -> &'static str {
        match *self {}
    }
}

/// As long as it may be kept: a lie that was believed is still there at the end.
const TTL: u32 = 86_400;
