//! The live page: its four parts around one session.

use std::rc::Rc;

use yew::prelude::*;

use super::desk::{Desk, Do};
use super::keys::{self, use_live_keys};
use super::middle::middle;
use super::right::right;
use super::session::Session;
use super::side::Side;
use super::task::Task;
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::panels::time::{Branch, TimeBar, Timeline, Travel};
use crate::panels::{ByPointer, Header, Item, late_styles};
use crate::state::clock::Clock;
use crate::state::lab::{Part, Playing};
use crate::state::player::{Pace, use_player, use_playhead};

/// The live page.
#[component]
pub fn LivePage() -> Html {
    let state = use_reducer(|| {
        let [web, names, mail, dht] = Task::ALL.map(Session::begin);
        Desk::new(web.clone(), Rc::new([web, names, mail, dht]))
    });
    let clock = use_memo((), |()| Clock::default());
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Do, ()| dispatcher.dispatch(action))
    };
    let desk = Rc::new((*state).clone());
    use_session(&desk, &act);
    let pace = Pace {
        running: desk.playing != Playing::Hold,
        now: desk.now,
        next: desk.next.filter(|_| !(desk.quiet && desk.playing == Playing::UntilQuiet)),
        speed: desk.speed,
        version: desk.version,
    };
    use_player(&clock, pace, act.reform(|()| Do::Advance));
    use_playhead(&clock, pace);
    use_live_keys(&desk, &act);
    use_told(&desk);
    html! {
        <div class="bench live-page" data-part={part_name(desk.part)}>
            { late_styles() }
            <Header crumbs={vec![AttrValue::from("Live")]} live={true} items={items(&desk, &act)} />
            <main id="main">
                <section class="part lesson" aria-label="Connection">
                    <Side desk={ByPointer(desk.clone())} act={act.clone()} />
                </section>
                <section class="part middle" aria-label="Run">
                    { middle(&desk, &act, &clock) }
                </section>
                <section class="part right" aria-label="Inspector">
                    { right(&desk, &act) }
                </section>
                { time(&desk, &act, &clock) }
                { parts(&desk, &act) }
            </main>
        </div>
    }
}

/// Connects the session that is looked at, and ends all of them with the page.
#[hook]
fn use_session(desk: &Rc<Desk>, act: &Callback<Do>) {
    let act = act.clone();
    use_effect_with(desk.session.clone(), move |session| {
        session.listen(act.reform(|()| Do::Heard));
        session.connect_once();
        let session = session.clone();
        move || session.listen(Callback::noop())
    });
    let sessions = desk.sessions.clone();
    use_effect_with((), move |()| {
        browser::title("Live \u{b7} Wirelab");
        move || sessions.iter().for_each(Session::end)
    });
}

/// Tells those who listen where the run is, when it was moved by hand.
#[hook]
fn use_told(desk: &Rc<Desk>) {
    let told = desk.clone();
    use_effect_with((desk.moment, desk.at, desk.playing), move |(moment, _, playing)| {
        let latest = told.told.lines.iter().rfind(|line| line.entry + 1 == *moment);
        if let (Playing::Hold, Some(line)) = (playing, latest) {
            browser::say(&format!("Step {moment}. {} {}", line.host, line.text));
        }
    });
}

fn time(desk: &Rc<Desk>, act: &Callback<Do>, clock: &Clock) -> Html {
    let wall = desk.read(|trace| trace.epoch.nanos()).saturating_add(desk.now);
    let figures = vec![(AttrValue::from("on the wall"), AttrValue::from(of_day(wall)))];
    html! {
        <TimeBar timeline={Timeline::of(&desk.told.ticks, desk.moment)}
            moment={desk.moment} more={desk.more()}
            playing={desk.playing != Playing::Hold} speed={desk.speed} branches={branches(desk)}
            clock={clock.clone()} {figures} ontravel={act.reform(Do::Travel)} />
    }
}

/// The live run is branch 0. Seen from it come its forks; seen from a fork, the fork's branches.
fn branches(desk: &Desk) -> Vec<Branch> {
    let root = |current| Branch { id: 0, at: 0, label: "live run".into(), current };
    let Some(fork) = desk.fork() else {
        let forks = desk.forks.iter().enumerate().map(|(at, fork)| Branch {
            id: at + 1,
            at: fork.from,
            label: format!("fork {}", at + 1).into(),
            current: false,
        });
        let forks: Vec<Branch> = forks.collect();
        return match forks.is_empty() {
            true => forks,
            false => [root(true)].into_iter().chain(forks).collect(),
        };
    };
    let history = fork.history.borrow();
    let current = history.current();
    let own = history.branches().map(|branch| Branch {
        id: branch.id.0 + 1,
        at: (branch.forked_at as usize).max(fork.from),
        label: match branch.parent {
            None => "simulated".into(),
            Some(_) => format!("simulated {}", branch.id.0 + 1).into(),
        },
        current: branch.id == current,
    });
    [root(false)].into_iter().chain(own).collect()
}

/// A time of day in UTC, to the millisecond.
fn of_day(nanos: u64) -> String {
    let ms = nanos / 1_000_000;
    let (s, m, h) = (ms / 1_000 % 60, ms / 60_000 % 60, ms / 3_600_000 % 24);
    format!("{h:02}:{m:02}:{s:02}.{:03} UTC", ms % 1_000)
}

/// What the palette finds here beside the lessons.
fn items(desk: &Rc<Desk>, act: &Callback<Do>) -> Vec<Item> {
    let item = |label: &'static str, hint: &'static str, does: Do| {
        let act = act.clone();
        Item::new(label, hint, move || act.emit(does.clone()))
    };
    let session = desk.session.clone();
    vec![
        item("Play or hold", "Space", keys::toggle(desk)),
        item("One step on", "\u{2192}", Do::Travel(Travel::Step)),
        item("One step back", "\u{2190}", Do::Travel(Travel::Back)),
        item("To the start", "Home", Do::Travel(Travel::Start)),
        item("To the newest step", "End", Do::Travel(Travel::End)),
        match desk.at {
            None => item("Fork here: go on as a simulation", "fork", Do::Fork),
            Some(_) => item("Back to the live run", "fork", Do::Return),
        },
        match desk.beside {
            None => item("Side by side with a simulated twin", "live", Do::Beside(true)),
            Some(_) => item("Back to the ladder", "live", Do::Beside(false)),
        },
        item("Live: fetch pages", "live", Do::Turn(Task::Web)),
        item("Live: look names up", "live", Do::Turn(Task::Names)),
        item("Live: write and read mail", "live", Do::Turn(Task::Mail)),
        item("Live: join a DHT", "live", Do::Turn(Task::Dht)),
        Item::new("Connect to the relay", "live", move || session.connect()),
    ]
}

/// The tabs between the parts, on a phone.
fn parts(desk: &Rc<Desk>, act: &Callback<Do>) -> Html {
    let parts = [
        (Part::Lesson, Icon::Out, "Connect"),
        (Part::Middle, Icon::Ladder, "Run"),
        (Part::Right, Icon::Lens, "Inspect"),
    ];
    html! {
        <div class="parts" role="tablist" aria-label="Parts of the page">
            { for parts.into_iter().map(|(part, picture, label)| html! {
                <button key={label} role="tab" aria-selected={(desk.part == part).to_string()}
                    onclick={act.reform(move |_| Do::Part(part))}>
                    { icon(picture) }<span>{ label }</span></button>
            }) }
        </div>
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Lesson => "lesson",
        Part::Middle => "middle",
        Part::Right => "right",
    }
}
