//! The machine moves by its charts: every edge is reached, and nothing leaves them.
//!
//! Random walks hand both roles whatever bytes and events there are, sensible or not, and each
//! move is followed on the chart; an event without its move would be one outside the chart.

mod http_common;

use std::collections::BTreeSet;

use bytes::Bytes;
use http_common::{request, response};
use protocols::http::machine::{CLIENT, SERVER, Trigger};
use protocols::http::{Connection, Event, Fields, HTTP, Limits, Role};
use protocols::wire::Chart;
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A machine whose moves are followed.
struct Walk {
    machine: Connection,
    client_at: usize,
    server_at: usize,
    broken: bool,
}

/// The edges that were taken: the chart's name, and the edge's place in it.
type Seen = BTreeSet<(&'static str, usize)>;

impl Walk {
    fn new(role: Role) -> Walk {
        let limits = Limits { body_max: 100, ..Limits::default() };
        Walk { machine: Connection::new(role, limits), client_at: 0, server_at: 0, broken: false }
    }

    /// Follows the moves of the last call; they must join, and end where the machine says it is.
    fn follow(&mut self, seen: &mut Seen) {
        for step in self.machine.moves() {
            let (chart, at) = match step.side {
                Role::Client => (&CLIENT, &mut self.client_at),
                Role::Server => (&SERVER, &mut self.server_at),
            };
            assert_eq!(step.edge.from, *at, "a jump on the chart `{}`", chart.name);
            *at = step.edge.to;
            let place = chart.edges.iter().position(|edge| core::ptr::eq(edge, step.edge));
            seen.insert((chart.name, place.expect("an edge of the chart")));
        }
        let (ours, theirs) = (self.machine.our_position(""), self.machine.their_position(""));
        let (client, server) = match self.machine.role() {
            Role::Client => (ours, theirs),
            Role::Server => (theirs, ours),
        };
        assert_eq!((client.at, server.at), (self.client_at, self.server_at));
        assert_eq!((client.chart, server.chart), (&CLIENT, &SERVER));
    }

    fn first_move(&self) -> Option<&'static str> {
        self.machine.moves().first().map(|step| step.edge.on)
    }

    fn step(&mut self, random: &mut Pcg32, seen: &mut Seen) {
        let bytes: &[&str] = match self.machine.role() {
            Role::Server => &REQUESTS,
            Role::Client => &RESPONSES,
        };
        match random.next_u32() % 20 {
            0 => self.machine.receive_end(),
            1..=5 => self.machine.receive(pick(random, bytes).as_bytes()),
            6..=10 => {
                let event = pick(random, &events()).clone();
                let name = trigger(&event);
                if self.machine.send(event).is_ok() {
                    assert_eq!(self.first_move(), Some(name));
                }
            }
            _ => match self.machine.next_event() {
                Ok(None) => assert_eq!(self.first_move(), None),
                Ok(Some(_)) if self.first_move() == Some("protocol switched") => {}
                Ok(Some(event)) => assert_eq!(self.first_move(), Some(trigger(&event))),
                Err(_) => {
                    let first = self.first_move();
                    assert!(first == Some("rule broken") || self.broken && first.is_none());
                    self.broken = true;
                }
            },
        }
        self.follow(seen);
    }
}

#[test]
fn every_edge_is_reached_and_nothing_leaves_the_charts() {
    let mut random = Pcg32::seed_from_u64(9112);
    let mut seen = Seen::new();
    for walk in 0..6_000 {
        let role = if walk % 2 == 0 { Role::Client } else { Role::Server };
        let mut walk = Walk::new(role);
        for _ in 0..40 {
            walk.step(&mut random, &mut seen);
        }
    }
    for chart in [&CLIENT, &SERVER] {
        for (place, edge) in chart.edges.iter().enumerate() {
            let (from, to) = (chart.states[edge.from].name, chart.states[edge.to].name);
            let reached = seen.contains(&(chart.name, place));
            assert!(reached, "{}: {from} --{}--> {to} was never taken", chart.name, edge.on);
        }
    }
}

#[test]
fn the_charts_can_be_drawn_and_their_rules_are_known() {
    for chart in [&CLIENT, &SERVER] {
        let places: BTreeSet<_> = chart.states.iter().map(|state| state.at).collect();
        assert_eq!(places.len(), chart.states.len(), "two states at one place in {}", chart.name);
        let moves: BTreeSet<_> = chart.edges.iter().map(|edge| (edge.from, edge.on)).collect();
        assert_eq!(moves.len(), chart.edges.len(), "{} does not decide", chart.name);
        for edge in chart.edges {
            assert!(edge.from < chart.states.len() && edge.to < chart.states.len());
            assert!(HTTP.rules.contains(&edge.rule), "{} is not in HTTP.rules", edge.rule.id);
        }
        assert!(chart.states.iter().all(|state| state.says.ends_with('.')));
        assert_eq!(reachable(chart), chart.states.len(), "{} falls apart", chart.name);
    }
}

fn reachable(chart: &Chart) -> usize {
    let mut found = BTreeSet::from([0]);
    for _ in chart.states {
        let leaving = chart.edges.iter().filter(|edge| found.contains(&edge.from));
        let next: Vec<usize> = leaving.map(|edge| edge.to).collect();
        found.extend(next);
    }
    found.len()
}

fn pick<'a, T>(random: &mut Pcg32, from: &'a [T]) -> &'a T {
    &from[random.next_u32() as usize % from.len()]
}

/// What an event is called on the charts.
fn trigger(event: &Event) -> &'static str {
    let trigger = match event {
        Event::Request(_) => Trigger::Request,
        Event::Interim(_) => Trigger::Interim,
        Event::Response(_) => Trigger::Response,
        Event::Data(_) => Trigger::Data,
        Event::End { .. } => Trigger::End,
        Event::Closed => Trigger::Close,
    };
    trigger.name()
}

/// What our side may try, sensible or not.
fn events() -> Vec<Event> {
    let body = |name: &str, value: &str| {
        let mut request = request("PUT", "/");
        request.fields.push(name, value);
        Event::Request(request)
    };
    let upgrade = || {
        let mut request = request("GET", "/");
        request.fields.push("Upgrade", "x");
        Event::Request(request)
    };
    let answer = |status, fields| {
        let mut response = response(status);
        response.fields = fields;
        Event::Response(response)
    };
    vec![
        Event::Request(request("GET", "/")),
        Event::Request(request("CONNECT", "/")),
        body("Content-Length", "2"),
        body("Connection", "close"),
        upgrade(),
        Event::Interim(response(100)),
        answer(200, Fields::new()),
        answer(200, Fields::new().with("Connection", "close")),
        answer(204, Fields::new()),
        Event::Data(Bytes::from_static(b"ab")),
        Event::end(),
        Event::end(),
        Event::end(),
        Event::Closed,
    ]
}

/// What a client may say, or a part of it, or nonsense.
const REQUESTS: [&str; 6] = [
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n",
    "ab",
    "\r\n0\r\n\r\n",
];

/// What a server may say, or a part of it, or nonsense.
const RESPONSES: [&str; 8] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "ab",
];
