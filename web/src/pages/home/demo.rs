//! The small ladder on the start page: a recorded run of the real machines, played in a loop.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::browser;
use crate::pages::film::Film;
use crate::panels::Ladder;
use crate::state::clock::Clock;
use crate::state::player::{Pace, use_player, use_playhead};

/// The small ladder.
#[component]
pub fn Demo() -> Html {
    let film = use_memo((), |()| Film::of_the_first_lesson());
    let clock = use_memo((), |()| Clock::default());
    let still = use_memo((), |()| browser::less_motion());
    let moment = use_state_eq(|| 0_usize);
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
            <Ladder sketch={film.sketch.clone()} moment={at} {now} clock={(*clock).clone()}
                still={true} />
            <figcaption>
                <span>
                    { "A browser fetches a page: recorded from the machines that the lessons run." }
                </span>
            </figcaption>
        </figure>
    }
}

#[hook]
fn use_demo(clock: &Clock, pace: Pace, advance: Callback<()>) {
    use_player(clock, pace, advance);
    use_playhead(clock, pace);
}

/// A little faster than in a lesson.
const SPEED: f64 = 1.3;
/// How long the finished picture stands.
const PAUSE_MS: u32 = 4_000;
