//! What has been measured so far, as three small plots: hops, keys of each node, lookups in time.

use std::rc::Rc;

use protocols::overlay::{Geometry, Role, quantity};
use protocols::wire::counted;
use world::{HostId, Plan};
use yew::prelude::*;

use crate::draw::overlay::{Crowd, Dot, Standing};
use crate::draw::plot::{Bars, DEEP_PX, HEIGHT_PX, LEFT_PX, RIGHT_PX, TOP_PX, WIDTH_PX};
use crate::draw::units::{self, grouped};
use crate::panels::ByPointer;
use crate::state::lab::{Lab, Watch};

/// The three plots.
pub fn plots(lab: &Lab, crowd: &Rc<Crowd>) -> Html {
    let Some(watch) = &lab.watch else { return Html::default() };
    let watch = watch.borrow();
    let plan = lab.run.borrow().history.plan().clone();
    let loads = || html! { <Loads crowd={ByPointer(crowd.clone())} plan={ByPointer(plan)} /> };
    // What there is to see comes first: on a phone the rest is out of sight.
    match (crowd.mean_load() > 0.0, watch.hops.is_empty()) {
        (true, true) => html! { <div class="plots">{ loads() }</div> },
        (false, true) => html! {
            <p class="mute">{ "No lookup has ended yet. When some have, the plots say how many \
                nodes each asked, and when it ended." }</p>
        },
        (is_loaded, false) => html! {
            <div class="plots">
                { hops(lab, &watch, crowd) }
                { over_time(lab, &watch) }
                if is_loaded { { loads() } }
            </div>
        },
    }
}

/// A line across a plot at one value, with what it means.
struct Rule {
    at: f64,
    class: &'static str,
}

/// Something said below a plot, and which line of the plot it is about; none if that is empty.
struct Said {
    of: &'static str,
    text: String,
}

impl Said {
    fn plain(text: &str) -> Said {
        Said { of: "", text: text.to_string() }
    }
}

fn hops(lab: &Lab, watch: &Watch, crowd: &Crowd) -> Html {
    let hops = &watch.hops;
    let counts: Vec<f64> = hops.counts().iter().map(|count| f64::from(*count)).collect();
    let expected = expected(lab, crowd);
    let mean = hops.mean().map(|mean| format!("mean {mean:.2}"));
    let mut says: Vec<Said> = mean.map(|text| Said { of: "mean", text }).into_iter().collect();
    let theory = expected.as_ref().map(|(value, how)| format!("{how} = {value:.2}"));
    says.extend(theory.map(|text| Said { of: "expected", text }));
    let (timeouts, failed) = (watch.timeouts.sum(), watch.failed.len());
    if timeouts > 0 || failed > 0 {
        let timeouts = counted(timeouts, "time-out");
        says.push(Said::plain(&format!("{timeouts}, {failed} failed")));
    }
    let rules = [
        hops.mean().map(|at| Rule { at, class: "mean" }),
        expected.map(|(at, _)| Rule { at, class: "expected" }),
    ];
    let least = counts.len().max(FEWEST_PLACES);
    let padded: Vec<f64> = counts.into_iter().chain([0.0; FEWEST_PLACES]).take(least).collect();
    let title = match hops.len() {
        1 => "Hops of one lookup".to_string(),
        count => format!("Hops of {} lookups", grouped(count as usize)),
    };
    let bars = Bars::of(&padded, 0.0, 1.0);
    plot("hops", &title, ["lookups", "hops"], &bars, &rules, &says)
}

/// How many hops the theory expects, and how it is called.
fn expected(lab: &Lab, crowd: &Crowd) -> Option<(f64, &'static str)> {
    if crowd.geometry != Geometry::Ring || crowd.members < 2 {
        return None;
    }
    let run = lab.run.borrow();
    let has_fingers = |dot: &Dot| {
        let known = run.history.world().pointers(HostId(dot.host));
        known.iter().any(|pointer| pointer.role == Role::Finger)
    };
    // Whoever has just come has no fingers yet.
    let members = crowd.dots.iter().filter(|dot| dot.standing == Standing::Member);
    let nodes = crowd.members as f64;
    Some(match members.take(MOST_ASKED).any(has_fingers) {
        true => (nodes.log2() / 2.0, "\u{bd} log\u{2082} N"),
        false => (nodes / 2.0, "N/2"),
    })
}

/// What the plot of loads is told.
#[derive(Properties, PartialEq)]
struct LoadsProps {
    crowd: ByPointer<Crowd>,
    plan: ByPointer<Plan>,
}

/// How many keys nodes hold. It is drawn anew only when one of them has changed.
#[component]
fn Loads(props: &LoadsProps) -> Html {
    let machines = &props.plan.0.machines;
    let mut loads = props.crowd.0.machine_loads(machines);
    loads.sort_unstable();
    let most = loads.last().copied().unwrap_or(0);
    let each = (most / MOST_BARS + 1).max(1);
    let mut counts = vec![0.0; (most / each + 1) as usize];
    for load in &loads {
        if let Some(count) = counts.get_mut((load / each) as usize) {
            *count += 1.0;
        }
    }
    let mean = loads.iter().copied().map(f64::from).sum::<f64>() / loads.len().max(1) as f64;
    let late = loads.get(loads.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(0);
    let digits = if mean < 1.0 { 2 } else { 1 };
    // Among fewer than a hundred, one in a hundred is none.
    let rest = match loads.len() >= 100 {
        true => format!("99th percentile {late}, most {most}"),
        false => format!("most {most}"),
    };
    let says = [Said { of: "mean", text: format!("mean {mean:.digits$}") }, Said::plain(&rest)];
    let rules = [Some(Rule { at: mean, class: "mean" })];
    let least = counts.len().max(FEWEST_PLACES);
    let padded: Vec<f64> = counts.into_iter().chain([0.0; FEWEST_PLACES]).take(least).collect();
    let bars = Bars::of(&padded, 0.0, f64::from(each));
    let (title, counted) = match machines.is_empty() {
        true => ("Keys held by each node", "nodes"),
        false => ("Keys held by each machine", "machines"),
    };
    plot("loads", title, [counted, "keys"], &bars, &rules, &says)
}

fn over_time(lab: &Lab, watch: &Watch) -> Html {
    let run = lab.run.borrow();
    let epoch = run.history.trace().epoch;
    let ended = watch.measures.until(lab.moment as u32);
    let ends = ended
        .iter()
        .filter(|sample| sample.quantity == quantity::HOPS || sample.quantity == quantity::FAILED);
    let begin = run.history.entry(0).map_or(0.0, |entry| entry.at.since(epoch).as_secs_f64());
    let now = lab.now as f64 / NANOS_PER_S;
    let each = crate::draw::plot::round_up(((now - begin) / f64::from(MOST_BARS)).max(0.001));
    // A run that begins early is shown from zero.
    let from = if begin < now / 4.0 { 0.0 } else { (begin / each).floor() * each };
    let places = ((now - from) / each).floor() as usize + 1;
    let mut counts = vec![0.0; places.max(FEWEST_PLACES)];
    for sample in ends {
        let at = ((sample.at.since(epoch).as_secs_f64() - from) / each) as usize;
        if let Some(count) = counts.get_mut(at) {
            *count += 1.0;
        }
    }
    let total: f64 = counts.iter().sum();
    let says = match total > 0.0 {
        true => {
            let lookups = if total == 1.0 { "lookup has" } else { "lookups have" };
            let in_all = units::time((now - begin) * NANOS_PER_S);
            let each = units::time(each * NANOS_PER_S);
            format!("{total} {lookups} ended in {in_all}; each bar is {each}")
        }
        false => "no lookup has ended".to_string(),
    };
    let (unit, length) = match now {
        now if now >= 3.0 * 3600.0 => ("hours", 3600.0),
        now if now >= 3.0 * 60.0 => ("minutes", 60.0),
        _ => ("seconds", 1.0),
    };
    let bars = Bars::of(&counts, from / length, each / length);
    plot("time", "Lookups as they ended", ["lookups", unit], &bars, &[], &[Said::plain(&says)])
}

/// A plot: what is counted stands above its scale, what of it is measured below the axis.
fn plot(
    key: &'static str,
    title: &str,
    [counted, unit]: [&str; 2],
    bars: &Bars,
    rules: &[Option<Rule>],
    says: &[Said],
) -> Html {
    let words: Vec<&str> = says.iter().map(|said| said.text.as_str()).collect();
    let words = words.join(", ");
    let floor = TOP_PX + DEEP_PX;
    let viewbox = format!("0 0 {WIDTH_PX} {HEIGHT_PX}");
    html! {
        <figure {key} class="plot">
            <figcaption>{ title.to_string() }</figcaption>
            <svg viewBox={viewbox} role="img" aria-label={format!("{title}: {words}.")}>
                <line class="axis" x1={LEFT_PX.to_string()} y1={floor.to_string()}
                    x2={(WIDTH_PX - RIGHT_PX).to_string()} y2={floor.to_string()} />
                <path class="bars" d={outline(bars)} />
                { for rules.iter().flatten().map(|rule| {
                    let x = bars.x(rule.at).min(WIDTH_PX - RIGHT_PX).to_string();
                    html! {
                        <line key={rule.class} class={rule.class} x1={x.clone()} x2={x}
                            y1={(TOP_PX - 6.0).to_string()} y2={floor.to_string()} />
                    }
                }) }
                { for bars.below.iter().enumerate().map(|(at, (x, text))| html! {
                    <text key={at} class="below" x={x.to_string()}
                        y={(floor + 13.0).to_string()}>{ text }</text>
                }) }
                { for bars.beside.iter().enumerate().map(|(at, (y, text))| html! {
                    <text key={at} class="beside" x={(LEFT_PX - 5.0).to_string()}
                        y={(y + 3.5).to_string()}>{ text }</text>
                }) }
                <text class="counted" x="0" y={(TOP_PX - 10.0).to_string()}>
                    { counted.to_string() }</text>
                <text class="unit" x={(WIDTH_PX - RIGHT_PX).to_string()}
                    y={(floor + 24.0).to_string()}>{ unit.to_string() }</text>
            </svg>
            <p>{ for says.iter().enumerate().map(|(at, said)| html! {
                <>
                    if at > 0 { { ", " } }
                    if !said.of.is_empty() { <i class={said.of}></i> }
                    { said.text.clone() }
                </>
            }) }</p>
        </figure>
    }
}

/// All bars as one shape: however many there are, they are one element of the page.
fn outline(bars: &Bars) -> String {
    let shown = bars.bars.iter().filter(|bar| bar.height > 0.0);
    let each = shown.map(|bar| {
        format!(
            "M{:.1} {:.1}h{:.1}v{:.1}h-{:.1}z",
            bar.left, bar.top, bar.width, bar.height, bar.width
        )
    });
    each.collect()
}

/// Plots have at least so many places, so that a first bar does not fill them.
const FEWEST_PLACES: usize = 8;
const MOST_BARS: u32 = 40;
/// So many members are asked whether nodes have fingers here.
const MOST_ASKED: usize = 3;
const NANOS_PER_S: f64 = 1e9;
