//! The bar of time: to start, back, play, step, fork; speed; the scrubber; the clock.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::ladder::colour;
use crate::draw::icon::{Icon, icon};
use crate::draw::units;
use crate::state::clock::{Clock, use_paint};
use crate::tape::Tape;

/// One entry on the scrubber.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tick {
    /// When, in nanoseconds since the run began.
    pub at: u64,
    /// The protocol's short name, for the colour.
    pub protocol: &'static str,
    /// Whether the student did it.
    pub student: bool,
}

/// The entries of a run as the scrubber shows them: how many there are, and a mark for each, or for
/// as many as can be told apart.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Timeline {
    /// How many entries there are.
    pub len: usize,
    /// When the moment is, in nanoseconds since the run began.
    pub now: u64,
    /// Some of the entries, each with its index, in order.
    pub marks: Vec<(usize, Tick)>,
}

impl Timeline {
    /// The timeline of a run of which every entry has its tick.
    pub fn of(ticks: &Tape<Tick>, moment: usize) -> Timeline {
        let len = ticks.len();
        let stride = Timeline::stride(len);
        let shown = ticks.iter().enumerate().filter(|(at, tick)| at % stride == 0 || tick.student);
        let marks = shown.take(MOST_TICKS * 2).map(|(at, tick)| (at, *tick)).collect();
        let now = moment.checked_sub(1).and_then(|at| ticks.get(at)).map_or(0, |tick| tick.at);
        Timeline { len, now, marks }
    }

    /// How many entries lie between two marks of so many entries.
    pub fn stride(len: usize) -> usize {
        len.div_ceil(MOST_TICKS).max(1)
    }
}

/// Another future of the run.
#[derive(Clone, PartialEq, Debug)]
pub struct Branch {
    /// Its number, to go there.
    pub id: usize,
    /// How many entries it shares with this one.
    pub at: usize,
    /// What was done there, in a few words.
    pub label: AttrValue,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// What is asked of time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Travel {
    /// To before the first entry.
    Start,
    /// One entry back.
    Back,
    /// One entry on.
    Step,
    /// To the newest entry.
    End,
    /// To after this many entries.
    To(usize),
    /// Run, or hold.
    Play(bool),
    /// Run this many times faster than usual.
    Speed(f64),
    /// Begin another future here.
    Fork,
    /// Go over to another future.
    Branch(usize),
}

/// What the bar is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The entries so far.
    pub timeline: Timeline,
    /// How many of them have happened at the moment.
    pub moment: usize,
    /// Whether a step on is possible.
    pub more: bool,
    /// Whether the run is playing.
    pub playing: bool,
    /// How many times faster than usual.
    pub speed: f64,
    /// The speeds to choose from, each with its name.
    #[prop_or(SPEEDS)]
    pub speeds: &'static [(f64, &'static str)],
    /// The other futures.
    #[prop_or_default]
    pub branches: Vec<Branch>,
    /// The playhead.
    pub clock: Clock,
    /// The link's figures, by name.
    #[prop_or_default]
    pub figures: Vec<(AttrValue, AttrValue)>,
    /// Called with what is asked.
    pub ontravel: Callback<Travel>,
    /// Whether a fork makes sense here.
    #[prop_or(true)]
    pub forks: bool,
}

/// The bar of time.
#[component]
pub fn TimeBar(props: &Props) -> Html {
    let node = use_node_ref();
    use_paint(&props.clock, node.clone(), |node, nanos| {
        if let Some(clock) = node.cast::<web_sys::Element>() {
            clock.set_text_content(Some(&units::time(nanos)));
        }
    });
    let travel = |to: Travel| props.ontravel.reform(move |_: MouseEvent| to);
    let at_start = props.moment == 0;
    let (play, title) = match props.playing {
        true => (Icon::Pause, "Hold (Space)"),
        false => (Icon::Play, "Play (Space)"),
    };
    html! {
        <section class="time" aria-label="Time">
            <div class="transport" role="group" aria-label="Move in time">
                { button(Icon::Start, "To the start (Home)", at_start, travel(Travel::Start)) }
                { button(Icon::Back, "One step back (\u{2190})", at_start, travel(Travel::Back)) }
                <button class="play" {title} aria-label={title}
                    disabled={!props.more && !props.playing}
                    onclick={travel(Travel::Play(!props.playing))}>{ icon(play) }</button>
                { button(Icon::Step, "One step on (\u{2192})", !props.more, travel(Travel::Step)) }
                if props.forks {
                    { button(Icon::Fork, "Begin another future here", at_start,
                        travel(Travel::Fork)) }
                }
                { speed(props) }
            </div>
            { scrubber(props) }
            <div class="figures">
                <span>{ "clock " }<b ref={node}></b></span>
                <span>{ "step " }
                    <b>{ format!("{} / {}", props.moment, props.timeline.len) }</b></span>
                { for props.figures.iter().map(|(name, value)| html! {
                    <span key={name.to_string()}
                        class="figure">{ name }{ " " }<b>{ value }</b></span>
                }) }
            </div>
        </section>
    }
}

fn button(which: Icon, title: &'static str, disabled: bool, onclick: Callback<MouseEvent>) -> Html {
    html! { <button {title} aria-label={title} {disabled} {onclick}>{ icon(which) }</button> }
}

fn speed(props: &Props) -> Html {
    let onchange = props.ontravel.reform(|event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        Travel::Speed(value.parse().unwrap_or(1.0))
    });
    html! {
        <select class="speed" aria-label="Speed" {onchange}>
            { for props.speeds.iter().map(|(speed, label)| html! {
                <option key={*label} value={speed.to_string()} selected={*speed == props.speed}>
                    { *label }</option>
            }) }
        </select>
    }
}

fn scrubber(props: &Props) -> Html {
    let count = props.timeline.len;
    let share = |at: usize| 100.0 * at as f64 / count.max(1) as f64;
    let oninput = props.ontravel.reform(|event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value();
        Travel::To(value.parse().unwrap_or(0))
    });
    let said =
        format!("step {} of {count}, {}", props.moment, units::time(props.timeline.now as f64));
    html! {
        <div class="scrub">
            <div class="branches">{ branches(props) }</div>
            <div class="track" aria-hidden="true">
                { marks(&props.timeline, props.moment) }
                <i class="knob" style={format!("left:{:.3}%", share(props.moment))}></i>
            </div>
            <input type="range" min="0" max={count.to_string()} value={props.moment.to_string()}
                aria-label="Moment" aria-valuetext={said} {oninput} />
        </div>
    }
}

/// A button for each future, where it parted from another. Each stands in a row after those that
/// parted before it, which is as wide as the bar is up to there, but wider if they need it, and
/// narrower if the button would stick out at the end: so none covers another, however close to each
/// other they parted, and none is cut off.
fn branches(props: &Props) -> Html {
    let mut sorted: Vec<&Branch> = props.branches.iter().collect();
    sorted.sort_by_key(|branch| (branch.at, branch.id));
    let count = props.timeline.len.max(1) as f64;
    sorted.into_iter().fold(Html::default(), |before, branch| {
        let id = branch.id;
        let share = 100.0 * branch.at as f64 / count;
        html! {
            <>
                <div class="before" style={format!("flex-basis:{share:.2}cqi")}>{ before }</div>
                <button aria-pressed={branch.current.to_string()} title={&branch.label}
                    onclick={props.ontravel.reform(move |_| Travel::Branch(id))}>
                    { icon(Icon::Fork) }<span>{ &branch.label }</span></button>
            </>
        }
    })
}

/// Marks that look alike.
struct Marks {
    protocol: &'static str,
    student: bool,
    ahead: bool,
    /// All of them, as one shape.
    shape: String,
}

/// The marks of entries, those that look alike as one shape: all of them move whenever the run
/// grows, and hundreds of elements took longer than a frame to be put in their places.
fn marks(timeline: &Timeline, moment: usize) -> Html {
    let mut kinds: Vec<Marks> = Vec::new();
    for (at, Tick { protocol, student, .. }) in &timeline.marks {
        let (ahead, protocol) = (*at >= moment, if *student { "" } else { *protocol });
        let is_it =
            |kind: &Marks| (kind.student, kind.ahead, kind.protocol) == (*student, ahead, protocol);
        let place = kinds.iter().position(is_it).unwrap_or_else(|| {
            kinds.push(Marks { protocol, student: *student, ahead, shape: String::new() });
            kinds.len() - 1
        });
        let (top, bottom) = if *student { (4, 20) } else { (7, 17) };
        kinds[place].shape += &format!("M{} {top}V{bottom}", at + 1);
    }
    // What the student did lies above the rest.
    kinds.sort_by_key(|kind| kind.student);
    html! {
        <svg viewBox={format!("0 0 {} 24", timeline.len.max(1))} preserveAspectRatio="none">
            { for kinds.into_iter().enumerate().map(|(at, kind)| html! {
                <path key={at} d={kind.shape} style={colour(kind.protocol)}
                    class={classes!(kind.ahead.then_some("ahead"),
                        kind.student.then_some("student"))} />
            }) }
        </svg>
    }
}

/// How fast a run can be played.
pub const SPEEDS: &[(f64, &str)] = &[
    (0.25, "\u{bc}\u{d7}"),
    (0.5, "\u{bd}\u{d7}"),
    (1.0, "1\u{d7}"),
    (2.0, "2\u{d7}"),
    (4.0, "4\u{d7}"),
    (16.0, "16\u{d7}"),
];
/// How fast an overlay can be played: simulated time in a second. The usual speed is 40 ms/s.
pub const OVERLAY_SPEEDS: &[(f64, &str)] = &[
    (0.25, "10 ms/s"),
    (1.0, "40 ms/s"),
    (2.5, "100 ms/s"),
    (12.5, "500 ms/s"),
    (50.0, "2 s/s"),
    (250.0, "10 s/s"),
    (1500.0, "1 min/s"),
    (90_000.0, "1 h/s"),
];
/// More marks than this run into one another.
const MOST_TICKS: usize = 240;
