//! The sessions move by their charts: every edge is reached, and nothing leaves them.

use std::collections::BTreeSet;

use protocols::pop3::machine::{CLIENT, SERVER};
use protocols::pop3::{
    ClientEvent, ClientSession, Command, Limits, POP3, Reply, ServerEvent, ServerSession,
};
use protocols::wire::{Chart, Edge};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// The edges that were taken: the chart's name, and the edge's place in it.
type Seen = BTreeSet<(&'static str, usize)>;

/// Follows the moves of one call; they must join, and end where the session says it is.
fn follow(
    chart: &'static Chart,
    moves: &[&'static Edge],
    at: &mut usize,
    end: usize,
    seen: &mut Seen,
) {
    for edge in moves {
        assert_eq!(edge.from, *at, "a jump on the chart `{}`", chart.name);
        *at = edge.to;
        let place = chart.edges.iter().position(|known| core::ptr::eq(known, *edge));
        seen.insert((chart.name, place.expect("an edge of the chart")));
    }
    assert_eq!(*at, end);
}

fn server_walk(random: &mut Pcg32, seen: &mut Seen) {
    let mut session =
        ServerSession::new(Limits { overlong_max: 300, waiting_max: 60, ..Limits::default() });
    let mut at = 0;
    for _ in 0..40 {
        match random.next_u32() % 40 {
            0 => session.close(),
            1 => session.receive_end(),
            2..=12 => session.receive(pick(random, &LINES).as_bytes()),
            13..=16 => {
                let _ = session.greet("ready");
            }
            17..=28 => {
                let replies = [Reply::ok(""), Reply::err(""), Reply::ok("").with("")];
                let _ = session.reply(pick(random, &replies));
            }
            _ => {
                if let Ok(Some(ServerEvent::Command(command))) = session.next_event() {
                    assert_eq!(session.asked(), Some(&command));
                }
            }
        }
        follow(&SERVER, session.moves(), &mut at, session.position("").at, seen);
    }
}

fn client_walk(random: &mut Pcg32, seen: &mut Seen) {
    let mut session = ClientSession::new(Limits::default());
    let mut at = 0;
    for _ in 0..60 {
        match random.next_u32() % 40 {
            0 => session.close(),
            1 => session.receive_end(),
            2 => session.receive(pick(random, &REPLIES).as_bytes()),
            // Mostly only what fits, where something is to be answered: other walks end at once.
            3..=8 if session.waiting() == 0 => {
                let several = session.unanswered().next().map(Command::is_multi_line);
                let fitting = several.map(|several| FITTING[usize::from(several)]);
                session.receive(fitting.unwrap_or_default().as_bytes());
            }
            9 if session.waiting() == 0 && session.unanswered().next().is_some() => {
                session.receive(b"-ERR\r\n");
            }
            10..=27 => {
                let command = pick(random, &commands()).clone();
                let _ = session.send(command);
            }
            _ => {
                if let Ok(Some(ClientEvent::Closed)) = session.next_event() {
                    assert_eq!(session.waiting(), 0);
                }
            }
        }
        follow(&CLIENT, session.moves(), &mut at, session.position("").at, seen);
    }
}

#[test]
fn every_edge_is_reached_and_nothing_leaves_the_charts() {
    let mut random = Pcg32::seed_from_u64(1939);
    let mut seen = Seen::new();
    for _ in 0..8_000 {
        server_walk(&mut random, &mut seen);
    }
    for _ in 0..20_000 {
        client_walk(&mut random, &mut seen);
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
            assert!(POP3.rules.contains(&edge.rule), "{} is not in POP3.rules", edge.rule.id);
        }
        assert!(chart.states.iter().all(|state| state.says.ends_with('.')));
    }
}

#[test]
fn rules_have_ids_of_their_own_sources_and_full_sentences() {
    let mut ids = BTreeSet::new();
    for rule in POP3.rules {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        let of_protocol = ["pop3.", "mime.", "mail."].iter().any(|kind| rule.id.starts_with(kind));
        assert!(of_protocol, "{}", rule.id);
        assert!(rule.source.link().is_some(), "{}", rule.id);
        assert!(rule.says.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
    }
}

fn pick<'a, T>(random: &mut Pcg32, from: &'a [T]) -> &'a T {
    &from[random.next_u32() as usize % from.len()]
}

fn commands() -> Vec<Command> {
    vec![
        Command::User("bob".into()),
        Command::Pass("x".into()),
        Command::Apop { name: "bob".into(), digest: "d".into() },
        Command::Stat,
        Command::List(None),
        Command::List(Some(1)),
        Command::Retr(1),
        Command::Top { number: 1, lines: 0 },
        Command::Uidl(None),
        Command::Dele(1),
        Command::Rset,
        Command::Noop,
        Command::Quit,
        Command::Capa,
    ]
}

const LINES: [&str; 18] = [
    "USER bob\r\n",
    "USER bob\r\nPASS x\r\n",
    "PASS x\r\n",
    "APOP bob d\r\n",
    "STAT\r\n",
    "LIST\r\n",
    "RETR 1\r\n",
    "TOP 1 0\r\n",
    "UIDL\r\n",
    "DELE 1\r\n",
    "RSET\r\n",
    "NOOP\r\n",
    "CAPA\r\n",
    "QUIT\r\n",
    "XXXX\r\n",
    "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n",
    "half a line that goes on and on and on and on and on and on and on and on and on and on",
    "\n",
];

const REPLIES: [&str; 7] = [
    "+OK\r\n",
    "-ERR\r\n",
    "-ERR\r\n",
    "+OK\r\n.\r\n",
    "+OK\r\nPIPELINING\r\n.\r\n",
    "+OK ",
    "nonsense\r\n",
];

/// What grants a command, by whether its reply has several lines.
const FITTING: [&str; 2] = ["+OK\r\n", "+OK\r\nPIPELINING\r\n.\r\n"];
