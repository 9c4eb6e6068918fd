//! A lesson's page: four parts around one state.

mod keys;
mod own;
mod palette;

pub use own::take_up;

use std::rc::Rc;

use course::lesson::{Lesson, Panel};
use gloo::events::EventListener;
use world::Shared;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use super::Missing;
use crate::app::Route;
use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::panels::lesson::LessonPanel;
use crate::panels::time::{Branch, OVERLAY_SPEEDS, SPEEDS, Tick, TimeBar, Timeline, Travel};
use crate::panels::{ByPointer, Header, Middle, Right, Waiting, late_styles};
use crate::parts::WithMachines;
use crate::state::clock::Clock;
use crate::state::lab::{Do, Lab, Part, Playing, STEPS_AT_ONCE, Wish};
use crate::state::player::{Pace, use_player, use_playhead, use_strides};
use crate::state::telling::since;
use crate::state::{lessons, store};

/// What the page is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The lesson's id.
    pub id: AttrValue,
}

/// A lesson's page, or the page for lessons that are not there.
#[component]
pub fn LessonPage(props: &Props) -> Html {
    let lesson = use_memo(props.id.clone(), |id| lessons::named(id));
    own::use_mark(&props.id);
    match &*lesson {
        _ if own::is_wanted(&props.id) => html! { <own::Wanted id={props.id.clone()} /> },
        Some(lesson) => html! {
            <WithMachines families={lesson.families()}>
                <Opening lesson={ByPointer(lesson.clone())} />
            </WithMachines>
        },
        None => html! { <Missing /> },
    }
}

/// What is told until the first scene is ready.
#[derive(Properties, PartialEq)]
struct OpeningProps {
    lesson: ByPointer<Lesson>,
}

/// The lesson's first scene: most are ready at once.
#[component]
fn Opening(props: &OpeningProps) -> Html {
    let (lesson, navigator) = (props.lesson.0.clone(), use_navigator());
    let wish = use_memo((), |()| {
        let wish = Wish::opening(lesson.clone(), 0)?;
        let is_ready = wish.advance(STEPS_AT_ONCE);
        Some((Rc::new(wish), is_ready))
    });
    let waited = use_state_eq(|| false);
    let ready = *waited || wish.as_ref().as_ref().is_some_and(|(_, is_ready)| *is_ready);
    let lab = use_memo(ready, |ready| {
        let (wish, _) = wish.as_ref().as_ref().filter(|_| *ready)?;
        let ready = wish.ready()?.ok()?;
        Some(Rc::new(Lab::begun(lesson.clone(), 0, ready, store::progress())))
    });
    match (&*lab, &*wish) {
        (Some(lab), _) => html! { <Bench lab={ByPointer(lab.clone())} /> },
        (None, Some((wish, _))) if !ready => {
            let onready = Callback::from(move |()| waited.set(true));
            let oncancel = Callback::from(move |()| {
                if let Some(navigator) = &navigator {
                    navigator.push(&Route::Home);
                }
            });
            html! {
                <div class="page">
                    <Header />
                    <main id="main" class="skeleton" aria-busy="true"><i></i><i></i><i></i></main>
                    <Waiting wish={ByPointer(wish.clone())} {onready} {oncancel} />
                </div>
            }
        }
        (None, Some(_) | None) => html! { <Missing /> },
    }
}

/// What the bench is told.
#[derive(Properties, PartialEq)]
struct BenchProps {
    /// The lesson as it begins.
    lab: ByPointer<Lab>,
}

/// The state behind the reducer: a shared [`Lab`], so that panels compare it by pointer.
struct Shown(Rc<Lab>);

impl Reducible for Shown {
    type Action = Do;

    fn reduce(self: Rc<Self>, action: Do) -> Rc<Self> {
        Rc::new(Shown(self.0.clone().reduce(action)))
    }
}

/// The four parts.
#[component]
fn Bench(props: &BenchProps) -> Html {
    let initial = props.lab.0.clone();
    let state = use_reducer(move || Shown(initial));
    let clock = use_memo((), |()| Clock::default());
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Do, ()| dispatcher.dispatch(action))
    };
    let lab = state.0.clone();
    use_opened(&lab, &act);
    use_kept(&lab);
    use_notice(&lab);
    use_time(&lab, &act, &clock);
    keys::use_lesson_keys(&lab, &act);
    let share = {
        let lab = lab.clone();
        Callback::from(move |()| {
            browser::set_hash(&lab.shared().encode());
            browser::copy(browser::address(), own::copied());
        })
    };
    let crumbs = vec![
        AttrValue::from(lessons::part_title(lab.lesson.part)),
        AttrValue::from(lab.lesson.title.clone()),
        AttrValue::from(format!("{} of {}", lab.scene + 1, lab.lesson.scenes.len())),
    ];
    let inspects = [Panel::Message, Panel::State, Panel::Why, Panel::Text];
    let right = inspects.into_iter().any(|panel| lab.has(panel));
    html! {
        <div class={classes!("bench", (!right).then_some("no-right"))}
            data-part={part_name(lab.part)}>
            { late_styles() }
            <Header {crumbs} {share} items={palette::items(&lab, &act)} />
            <main id="main">
                // On a phone the lesson, with its heading, is one of three parts.
                <h1 class="only-heard elsewhere">{ &lab.lesson.title }</h1>
                <section class="part lesson" aria-label="Lesson">
                    <LessonPanel lab={lab.clone()} act={act.clone()} />
                </section>
                <section class="part middle" aria-label="Run">
                    <Middle lab={lab.clone()} act={act.clone()} clock={(*clock).clone()} />
                </section>
                <section class="part right" aria-label="Inspector">
                    <Right lab={lab.clone()} act={act.clone()} clock={(*clock).clone()} />
                </section>
                { time(&lab, &act, &clock) }
                { parts(&lab, &act, right) }
                if let Some(wish) = &lab.wish {
                    <Waiting wish={ByPointer(wish.clone())} onready={act.reform(|()| Do::Fulfil)}
                        oncancel={act.reform(|()| Do::Cancel)} />
                }
            </main>
        </div>
    }
}

/// Moves the playhead: an overlay's run goes on by itself, others from entry to entry.
#[hook]
fn use_time(lab: &Rc<Lab>, act: &Callback<Do>, clock: &Clock) {
    let pace = Pace {
        running: lab.playing != Playing::Hold,
        now: lab.now,
        next: lab.next.filter(|_| {
            !(lab.quiet && (lab.playing == Playing::UntilQuiet || !lab.pending.is_empty()))
        }),
        speed: lab.speed,
        version: lab.version,
    };
    let stepped = Pace { running: pace.running && !lab.is_overlay(), ..pace };
    use_player(clock, stepped, act.reform(|()| Do::Advance));
    use_strides(clock, lab, act.reform(|()| Do::Caught));
    use_playhead(clock, pace);
}

fn time(lab: &Rc<Lab>, act: &Callback<Do>, clock: &Clock) -> Html {
    let run = lab.run.borrow();
    let rtt = lab.params.number("rtt");
    let figures: Vec<(AttrValue, AttrValue)> = match rtt > 0.0 {
        true => vec![("RTT".into(), crate::draw::units::time(rtt * 1e9).into())],
        false => Vec::new(),
    };
    let speeds = if lab.is_overlay() { OVERLAY_SPEEDS } else { SPEEDS };
    let current = run.history.current();
    let branches: Vec<Branch> = run
        .history
        .branches()
        .filter(|branch| branch.parent.is_some())
        .map(|branch| Branch {
            id: branch.id.0,
            at: branch.forked_at as usize,
            label: lab.branch_name(&branch, run.history.plan()).into(),
            current: branch.id == current,
        })
        .collect();
    let root = Branch { id: 0, at: 0, label: "first run".into(), current: current.0 == 0 };
    let branches = match branches.is_empty() {
        true => branches,
        false => std::iter::once(root).chain(branches).collect(),
    };
    html! {
        <TimeBar timeline={timeline(lab, &run)} {speeds} moment={lab.moment} more={lab.more()}
            playing={lab.playing != Playing::Hold} speed={lab.speed} {branches}
                clock={clock.clone()}
            {figures}
            ontravel={act.reform(Do::Travel)} />
    }
}

/// The entries on the scrubber. Of an overlay's only what is drawn is looked at: there may be a
/// million.
fn timeline(lab: &Lab, run: &course::Run) -> Timeline {
    if !lab.is_overlay() {
        return Timeline::of(&lab.told.ticks, lab.moment);
    }
    let trace = run.history.trace();
    // What the student did, and not what befell nodes that come and go.
    let done = run.history.meddlings();
    let begun = done.iter().rev().take(MOST_BEGUN).map(|one| one.before as usize);
    let len = trace.entries.len();
    let mut shown: Vec<usize> = (0..len).step_by(Timeline::stride(len)).chain(begun).collect();
    shown.sort_unstable();
    shown.dedup();
    let mark = |at: usize| {
        let entry = trace.entries.get(at)?;
        let protocol = match entry.flights.first().map(|flight| &flight.load) {
            Some(world::Load::Datagram { protocol, .. }) => protocol.name,
            _ => "",
        };
        let student = done.binary_search_by_key(&at, |one| one.before as usize).is_ok();
        Some((at, Tick { at: since(trace, entry.at), protocol, student }))
    };
    Timeline { len, now: lab.now, marks: shown.into_iter().filter_map(mark).collect() }
}

/// The tabs between the parts, on a phone.
fn parts(lab: &Rc<Lab>, act: &Callback<Do>, right: bool) -> Html {
    let parts = [
        (Part::Lesson, Icon::Book, "Lesson"),
        (Part::Middle, Icon::Ladder, "Run"),
        (Part::Right, Icon::Lens, "Inspect"),
    ];
    let shown = parts.into_iter().filter(|(part, _, _)| right || *part != Part::Right);
    html! {
        <div class="parts" role="tablist" aria-label="Parts of the page">
            { for shown.map(|(part, picture, label)| html! {
                <button key={label} role="tab" aria-selected={(lab.part == part).to_string()}
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

/// Opens what the address carries, or else the run that was in hand.
#[hook]
fn use_opened(lab: &Rc<Lab>, act: &Callback<Do>) {
    let (id, act) = (lab.lesson.id.clone(), act.clone());
    use_effect_with((), move |()| {
        let open = {
            let act = act.clone();
            move |hash: &str| match Shared::decode(hash) {
                Ok(shared) => act.emit(Do::Open(Box::new(shared))),
                Err(why) => browser::toast(&why.to_string()),
            }
        };
        match browser::hash().as_str() {
            "" => {
                if let Some(shared) = store::journal(&id) {
                    act.emit(Do::Open(Box::new(shared)));
                }
            }
            hash => open(hash),
        }
        let listener = EventListener::new(&browser::window(), "hashchange", move |_| {
            open(&browser::hash());
        });
        move || drop(listener)
    });
}

/// Keeps the run in hand, in the tab's storage and in the address bar.
#[hook]
fn use_kept(lab: &Rc<Lab>) {
    let (title, held) = (lab.lesson.title.clone(), lab.playing == Playing::Hold);
    use_effect_with(title, |title| browser::title(&format!("{title} · Wirelab")));
    let kept = lab.clone();
    use_effect_with((lab.version, held), move |(version, held)| {
        if *held && *version > 1 {
            let shared = kept.shared();
            store::save_journal(&shared);
            browser::set_hash(&shared.encode());
        }
    });
}

/// Says what went wrong, and to those who listen where the run is.
#[hook]
fn use_notice(lab: &Rc<Lab>) {
    use_effect_with(lab.notice.clone(), |notice| {
        if let Some(notice) = notice {
            browser::toast(notice);
        }
    });
    let told = lab.clone();
    use_effect_with((lab.version, lab.playing), move |(_, playing)| {
        let latest = told.told.lines.iter().rfind(|line| line.entry + 1 == told.moment);
        if let (Playing::Hold, Some(line)) = (playing, latest) {
            browser::say(&format!("Step {}. {} {}", told.moment, line.host, line.text));
        }
    });
}

/// More marks of the student's doing than this run into one another.
const MOST_BEGUN: usize = 120;

/// Space plays and holds.
pub fn toggle(lab: &Lab) -> Do {
    Do::Travel(Travel::Play(lab.playing == Playing::Hold))
}
