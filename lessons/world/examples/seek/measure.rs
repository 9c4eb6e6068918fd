//! What is measured, natively and in a browser alike, by whatever clock there is.
//!
//! Each figure is a line: what it is, a tab, a number.

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::rc::Rc;

use protocols::http::client::{Client, Config};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use protocols::wire::Time;
use world::{
    Act, Conditions, History, HostId, HostPlan, LinkPlan, Node, Plan, Program, Story, transcript,
};

/// Makes a long run, walks through it and tells it, and says how long each took.
pub fn run(clock: &dyn Fn() -> Duration, say: &mut dyn FnMut(String)) -> History {
    let (mut history, took) = timed(clock, long_run);
    let len = history.len();
    say(format!("entries\t{len}"));
    say(format!("steps a second\t{:.0}", f64::from(len) / took.as_secs_f64()));

    let moments = |n| scatter(n, len);
    let seeks = (0..SEEKS).map(|n| timed(clock, || history.seek(moments(n))).1).collect();
    say_times(say, "going to any moment", seeks);
    let backs = (0..SEEKS).map(|n| {
        history.seek(moments(n));
        timed(clock, || history.back()).1
    });
    let backs = backs.collect();
    say_times(say, "one step back", backs);

    let (mut story, took) = timed(clock, || Story::of(history.trace()));
    say(format!("the story of all of it, ms\t{}", ms(took)));
    history.seek(len);
    let more = (0..SEEKS).map_while(|_| {
        history.step().or_else(|| visit(&mut history))?;
        Some(timed(clock, || tell_one_more(&mut story, &history)).1)
    });
    let more = more.collect();
    say_times(say, "the story of one entry more", more);
    let (lines, took) =
        timed(clock, || transcript(&story, history.trace(), history.len()).lines().count());
    say(format!("the transcript, us a line\t{:.1}", took.as_secs_f64() * 1e6 / lines as f64));
    assert!(history.disagreement().is_none(), "a run goes again as it went");
    history
}

fn timed<T>(clock: &dyn Fn() -> Duration, act: impl FnOnce() -> T) -> (T, Duration) {
    let begun = clock();
    let done = act();
    (done, clock().saturating_sub(begun))
}

fn say_times(say: &mut dyn FnMut(String), what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let worst = times.last().copied().unwrap_or_default();
    say(format!("{what}, median ms\t{}", ms(median)));
    say(format!("{what}, worst ms\t{}", ms(worst)));
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

/// Visits a page of pictures until there are entries enough.
fn long_run() -> History {
    let mut history = History::new(stage(), 1);
    history.run(2);
    while history.len() < ENTRIES {
        visit(&mut history);
        while !history.world().is_quiet() && history.step().is_some() {}
    }
    history
}

fn visit(history: &mut History) -> Option<Rc<world::Entry>> {
    let text = "visit http://www.cs.test/".to_string();
    history.meddle(Act::Command { host: HostId(0), text }).ok()
}

fn tell_one_more(story: &mut Story, history: &History) -> usize {
    story.read(history.trace());
    story.entries().last().map_or(0, |last| story.narrate(history.trace(), last).what.len())
}

/// Moments all over a run, in no order.
fn scatter(n: u64, len: u32) -> u32 {
    (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as u32 % len
}

fn stage() -> Rc<Plan> {
    let address = |last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
    let host = |name: &str, last, program| HostPlan {
        name: name.to_string(),
        address: address(last),
        program,
        place: (0, 0),
    };
    let site = Site::page_with_objects(20, 100_000, EPOCH);
    let hosts = vec![
        host("browser", 2, Program::of(Client::new(Config::default()))),
        host("www.cs.test", 80, Program::of(Server::new(server::Config::default(), site))),
    ];
    let conditions = Conditions {
        delay: Duration::from_millis(20),
        bandwidth_bps: Some(50_000_000),
        loss_ppm: 1_000,
        ..Conditions::default()
    };
    let ends = (Node::Host(0), Node::Host(1));
    let links = vec![LinkPlan { name: "link".to_string(), ends, conditions }];
    let names = [("www.cs.test".to_string(), address(80))].into();
    Rc::new(Plan { epoch: EPOCH, hosts, links, names, ..Plan::default() })
}

const ENTRIES: u32 = 100_000;
const SEEKS: u64 = 500;
const EPOCH: Time = Time::from_secs(1_795_251_600);
