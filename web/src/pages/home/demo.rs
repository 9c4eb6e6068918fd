//! The small ladder on the start page: a real run of the real machines, played in a loop.

use std::rc::Rc;

use yew::prelude::*;

use crate::draw::ladder::{Arrow, Fate, Kind, Lifeline, Sketch, State};
use crate::panels::Ladder;
use crate::state::clock::Clock;

/// The small ladder.
#[component]
pub fn Demo() -> Html {
    let sketch = use_memo((), |()| sample());
    let clock = use_memo((), |()| Clock::default());
    html! {
        <figure class="demo">
            <Ladder sketch={sketch.clone()} moment={99} now={150_000_000_u64} clock={(*clock).clone()} still={true} />
        </figure>
    }
}

fn sample() -> Sketch {
    let line =
        |name: &'static str, a: &'static str| Lifeline { name: name.into(), address: a.into() };
    let arrow = |id: u64,
                 from: usize,
                 to: usize,
                 at: u64,
                 title: &'static str,
                 detail: &'static str,
                 kind| Arrow {
        id,
        entry: 0,
        from,
        to,
        leaves: at * 1_000_000,
        sent: at * 1_000_000 + 100_000,
        arrives: (at + 30) * 1_000_000,
        fate: Fate::Arrives,
        title: title.into(),
        detail: detail.into(),
        protocol: if title.starts_with("SYN") { "tcp" } else { "http" },
        kind,
    };
    Sketch {
        lines: vec![line("browser", "10.0.0.2"), line("www.cs.test", "10.0.0.80")],
        arrows: vec![
            arrow(1, 0, 1, 0, "SYN", "", Kind::Signal),
            arrow(2, 1, 0, 30, "SYN ACK", "", Kind::Signal),
            arrow(3, 0, 1, 60, "GET /index.html", "HTTP/1.1", Kind::Message),
            arrow(4, 1, 0, 90, "200 OK", "text/html", Kind::Message),
        ],
        states: vec![State {
            line: 0,
            entry: 0,
            from: 0,
            to: 60_000_000,
            name: "Connecting".into(),
        }],
        alarms: vec![],
        end: 150_000_000,
    }
}
