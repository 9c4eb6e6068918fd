//! The small ladder on the start page: a real run of the real machines, played in a loop.

use course::Run;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::browser;
use crate::panels::Ladder;
use crate::state::clock::Clock;
use crate::state::lessons;
use crate::state::player::{Pace, use_player, use_playhead};
use crate::state::telling::{Telling, since};

/// A finished run, told.
struct Film {
    told: Telling,
    /// When each entry happened, in nanoseconds since the run began.
    times: Vec<u64>,
    opened: usize,
}

/// The small ladder.
#[component]
pub fn Demo() -> Html {
    let film = use_memo((), |()| film());
    let clock = use_memo((), |()| Clock::default());
    let still = use_memo((), |()| browser::less_motion());
    let moment = use_state_eq(|| 0_usize);
    let Some(film) = film.as_ref().as_ref() else {
        return html! { <figure class="demo"></figure> };
    };
    let last = film.times.len();
    let at = if *still { last } else { (*moment).max(film.opened) };
    let time = |at: usize| film.times.get(at).copied();
    let now = at.checked_sub(1).and_then(time).unwrap_or(0);
    let running = !*still && at < last;
    let pace = Pace { running, now, next: time(at), speed: SPEED, version: at as u64 };
    let advance = {
        let moment = moment.clone();
        Callback::from(move |()| moment.set(at + 1))
    };
    use_demo(&clock, pace, advance);
    {
        let moment = moment.clone();
        use_effect_with((at == last) && !*still, move |over| {
            let again = over.then(|| Timeout::new(PAUSE_MS, move || moment.set(0)));
            move || drop(again)
        });
    }
    html! {
        <figure class="demo">
            <Ladder sketch={film.told.sketch.clone()} moment={at} {now} clock={(*clock).clone()}
                still={true} />
            <figcaption>
                <span>{ "A browser fetches a page: the real machines, running in this tab." }</span>
            </figcaption>
        </figure>
    }
}

#[hook]
fn use_demo(clock: &Clock, pace: Pace, advance: Callback<()>) {
    use_player(clock, pace, advance);
    use_playhead(clock, pace);
}

/// Plays the first scene of the first lesson that has something to press, to its end.
fn film() -> Option<Film> {
    let all = lessons::all();
    let scenes = all.iter().flat_map(|lesson| &lesson.scenes);
    let scene = scenes.into_iter().find(|scene| scene.cues().count() > 0)?;
    let mut run = Run::open(&scene.opening, &scene.opening.params).ok()?;
    let opened = run.opened() as usize;
    for cue in scene.cues() {
        run.orders(&cue.orders).ok()?;
    }
    run.settle();
    let mut told = Telling::default();
    let trace = run.history.trace();
    told.read(trace);
    let times = trace.entries.iter().map(|entry| since(trace, entry.at)).collect();
    Some(Film { told, times, opened })
}

/// A little faster than in a lesson.
const SPEED: f64 = 1.3;
/// How long the finished picture stands.
const PAUSE_MS: u32 = 4_000;
