//! The response-time formulas of the textbooks, measured on the machines that the lessons run.
//!
//! A page of one base document and n objects costs, with RTT the round trip, q the bytes of a
//! request, r of a response and B the bandwidth:
//!
//! - in series, a connection each: (n + 1) 2 RTT + (all bytes) / B
//! - in parallel, P at a time, on links that are never the bottleneck: 2 RTT + ceil(n / P) 2 RTT
//! - persistent: RTT + (n + 1) RTT + (all bytes) / B
//! - pipelined: 3 RTT + (q + r of the base) / B + the longest of the n ways in which requests and
//!   answers can follow each other on the two directions of one link
//!
//! Every comparison is exact, to the nanosecond.

mod stage;

use core::time::Duration;
use std::rc::Rc;

use protocols::endpoint::{Output, Stimulus};
use protocols::http::client::{Client, Config, Mode};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use protocols::wire::Side;
use stage::EPOCH;
use world::{Act, Conditions, Entry, History, HostId, Plan, Story, What};

/// One point of the grid.
#[derive(Clone, Copy, Debug)]
struct Point {
    rtt: Duration,
    bandwidth_bps: Option<u64>,
    objects: usize,
    size_bytes: usize,
}

/// What a visit took, and the bytes of its requests and answers in order.
#[derive(Debug)]
struct Visit {
    took: Duration,
    requests: Vec<usize>,
    responses: Vec<usize>,
}

#[test]
fn in_series_each_object_costs_two_round_trips_and_its_transmission() {
    for point in grid() {
        let visit = visit(Mode::Serial, point);
        let trips = 2 * (point.objects as u32 + 1);
        assert_eq!(visit.took, trips * point.rtt + visit.all_sent(point), "{point:?}");
    }
}

#[test]
fn a_persistent_connection_costs_one_handshake_and_a_round_trip_for_each_object() {
    for point in grid() {
        let visit = visit(Mode::Persistent(1), point);
        let trips = point.objects as u32 + 2;
        assert_eq!(visit.took, trips * point.rtt + visit.all_sent(point), "{point:?}");
    }
}

#[test]
fn pipelined_requests_cost_one_round_trip_for_all_objects_together() {
    for point in grid() {
        let visit = visit(Mode::Pipelined, point);
        let trips = if point.objects == 0 { 2 } else { 3 };
        let base = sending(visit.requests[0] + visit.responses[0], point);
        let rest = longest_way(&visit.requests[1..], &visit.responses[1..]);
        assert_eq!(visit.took, trips * point.rtt + base + sending(rest, point), "{point:?}");
    }
}

#[test]
fn parallel_connections_fetch_as_many_objects_at_a_time_on_links_that_hold_nothing_up() {
    for point in grid().into_iter().filter(|point| point.bandwidth_bps.is_none()) {
        for connections in [1, 2, 3, 5, 8] {
            let visit = visit(Mode::Parallel(connections), point);
            let rounds = 1 + point.objects.div_ceil(connections) as u32;
            assert_eq!(visit.took, 2 * rounds * point.rtt, "{connections} at a time, {point:?}");
        }
    }
}

#[test]
fn eight_tiny_objects_take_18_6_10_and_3_round_trips() {
    let rtt = Duration::from_millis(100);
    let point = Point { rtt, bandwidth_bps: None, objects: 8, size_bytes: 100 };
    let trips = |mode| visit(mode, point).took.as_nanos() / rtt.as_nanos();
    assert_eq!(trips(Mode::Serial), 18);
    assert_eq!(trips(Mode::Parallel(5)), 6);
    assert_eq!(trips(Mode::Persistent(1)), 10);
    assert_eq!(trips(Mode::Pipelined), 3);
}

fn grid() -> Vec<Point> {
    let mut points = Vec::new();
    for rtt_ms in [0, 10, 250] {
        for bandwidth_bps in [None, Some(64_000), Some(1_000_000), Some(100_000_000)] {
            for objects in [0, 1, 8] {
                for size_bytes in [50, 1_460, 20_000] {
                    let rtt = Duration::from_millis(rtt_ms);
                    points.push(Point { rtt, bandwidth_bps, objects, size_bytes });
                }
            }
        }
    }
    points
}

fn visit(mode: Mode, point: Point) -> Visit {
    let mut history = History::new(stage(mode, point), 1);
    history.run(2);
    let text = "visit http://www.cs.test/".to_string();
    let asked = history.meddle(Act::Command { host: BROWSER, text }).unwrap().at;
    let done = loop {
        let entry = history.step().unwrap_or_else(|| panic!("the page never came: {point:?}"));
        if says_done(&entry) {
            break entry.at;
        }
    };
    let story = Story::of(history.trace());
    let sizes = |side: Side| {
        let talks = story.conversations().iter().map(|talk| talk.messages());
        let messages = talks.flat_map(|messages| messages.to_vec());
        messages.filter(|m| m.side == side).map(|m| m.span.len()).collect::<Vec<_>>()
    };
    let (requests, responses) = (sizes(Side::Initiator), sizes(Side::Responder));
    assert_eq!((requests.len(), responses.len()), (point.objects + 1, point.objects + 1));
    let content: usize = responses.iter().skip(1).sum();
    assert!(content >= point.objects * point.size_bytes, "{point:?}");
    Visit { took: done.since(asked), requests, responses }
}

impl Visit {
    /// How long every byte of every message takes to send, one after another.
    fn all_sent(&self, point: Point) -> Duration {
        sending(self.requests.iter().chain(&self.responses).sum(), point)
    }
}

fn sending(bytes: usize, point: Point) -> Duration {
    point.bandwidth_bps.map_or(Duration::ZERO, |bps| {
        let nanos = bytes as u64 * 8 * 1_000_000_000;
        assert_eq!(nanos % bps, 0, "the grid has bandwidths that come out even");
        Duration::from_nanos(nanos / bps)
    })
}

/// Bytes on the longest way through a flow shop of two machines, the link there and the link
/// back: every request up to the k-th, then every answer from the k-th.
fn longest_way(requests: &[usize], responses: &[usize]) -> usize {
    let upto = |k: usize| requests[..=k].iter().sum::<usize>();
    let from = |k: usize| responses[k..].iter().sum::<usize>();
    (0..requests.len()).map(|k| upto(k) + from(k)).max().unwrap_or(0)
}

fn says_done(entry: &Rc<Entry>) -> bool {
    let What::Step(step) = &entry.what else { return false };
    assert!(!matches!(step.stimulus, Stimulus::Lost { .. }), "no connection is lost here");
    step.outputs.iter().any(|output| match output {
        Output::Emit(text) => text.starts_with("page ") && text.contains(" done "),
        _ => false,
    })
}

fn stage(mode: Mode, point: Point) -> Rc<Plan> {
    let site = Site::page_with_objects(point.objects, point.size_bytes, EPOCH);
    // The slowest links of the grid need more patience than people have.
    let client = Config { mode, answer_within: PATIENCE, ..Config::default() };
    let server = server::Config { linger: PATIENCE, ..server::Config::default() };
    let conditions = Conditions {
        delay: point.rtt / 2,
        bandwidth_bps: point.bandwidth_bps,
        ..Conditions::default()
    };
    stage::browser_and_server(Client::new(client), Server::new(server, site), conditions)
}

const BROWSER: HostId = HostId(0);

const PATIENCE: Duration = Duration::from_secs(3_600);
