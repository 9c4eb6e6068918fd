//! What moves: whom the selected node knows, the way of the lookup, and what is in the air.

use protocols::overlay::{Geometry, Role};
use world::{EntryId, Fate, History, Threads};

use super::base;
use super::label::{KEY_OUT_PX, KEY_PX};
use super::pen::{Inks, Pen};
use super::scene::{Aim, Scene};
use crate::draw::overlay::{Curve, Dot, Outcome, Path, Point, Standing, badge, clockwise, point};
use crate::state::telling::since;

/// What is in the air at a moment, as far as it is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mote {
    /// The hosts between which it flies.
    pub ends: (u32, u32),
    /// How much of its way lies behind it.
    pub share: f64,
    /// Whether it belongs to what is followed.
    pub own: bool,
    /// Whether it will be lost.
    pub lost: bool,
    /// How many others fly beside it.
    pub beside: u8,
}

impl Mote {
    /// Whether it is one of the many that look alike.
    fn is_drifting(&self) -> bool {
        !(self.own || self.is_gone())
    }

    /// Whether it is lost already.
    fn is_gone(&self) -> bool {
        self.lost && self.share > LOST_AT
    }

    /// At which share of its way it is seen.
    fn seen_share(&self) -> f64 {
        if self.lost { self.share.min(LOST_AT) } else { self.share }
    }
}

/// Draws it.
pub fn paint(pen: &Pen, inks: &Inks, scene: &Scene, motes: &[Mote]) {
    pen.strength(1.0);
    if let Some(own) = scene.shown().and_then(|host| scene.crowd.at(host)) {
        pointers(pen, inks, scene, own);
    }
    if let Some(path) = &scene.path {
        way(pen, inks, scene, path);
    }
    let own = scene.shown().and_then(|host| scene.crowd.at(host));
    // What is written lies above every line.
    match own {
        Some(own) if scene.crowd.geometry == Geometry::Xor => base::tell(pen, inks, scene, own),
        Some(own) if scene.picked == Some(own.host) => exponents(pen, inks, scene, own),
        Some(_) | None => {}
    }
    drift(pen, inks, scene, motes);
    for mote in motes.iter().filter(|mote| !mote.is_drifting()) {
        fly(pen, inks, scene, mote);
    }
    for host in scene.shown().and_then(|host| scene.machine(host)).into_iter().flatten() {
        if let Some(dot) = scene.crowd.at(host) {
            let (at, radius) = (scene.place(dot), (scene.dot_radius() + 0.5).max(4.0));
            pen.strength(1.0);
            pen.fill_of(&inks.paper);
            pen.disc(at, radius + 1.5);
            pen.fill_of(&inks.accent);
            pen.disc(at, radius);
        }
    }
    for (host, ink) in [(scene.picked, &inks.accent), (scene.under, &inks.ink)] {
        if let Some(dot) = host.and_then(|host| scene.crowd.at(host)) {
            pen.strength(1.0);
            pen.line_of(ink, 2.0, &[]);
            pen.circle(scene.place(dot), scene.dot_radius() + 4.0);
        }
    }
}

/// Whom a node knows, and on a ring the stretch that it is responsible for.
fn pointers(pen: &Pen, inks: &Inks, scene: &Scene, own: &Dot) {
    let strong = scene.picked == Some(own.host);
    pen.strength(if strong { 1.0 } else { 0.55 });
    let members = |aim: &&Aim| aim.role == Role::Predecessor;
    let before = scene.aims.iter().find(members).and_then(|aim| scene.crowd.at(aim.host?));
    if let Some(before) = before.filter(|_| own.standing == Standing::Member) {
        pen.line_of(&inks.key, 5.0, &[]);
        let reach = clockwise(before.turn, own.turn);
        scene.arc(before.turn, reach, 1.0).into_iter().for_each(|arc| pen.line(arc));
        pen.fill_of(&inks.ink);
        pen.disc(scene.place(own), scene.dot_radius());
    }
    let mut drawn: Vec<(u32, Role)> = Vec::new();
    for aim in scene.aims.iter() {
        let Some(dot) = aim.host.and_then(|host| scene.crowd.at(host)) else { continue };
        let known = drawn.contains(&(dot.host, aim.role));
        if dot.host == own.host || known {
            continue;
        }
        drawn.push((dot.host, aim.role));
        let ((x, y), (to_x, to_y)) = (scene.place(own), scene.place(dot));
        if aim.role != Role::Bucket && (to_x - x).hypot(to_y - y) < LEAST_ARROW_PX {
            continue;
        }
        let curve = curve_to(scene, own, dot, aim);
        match aim.role {
            Role::Finger => pen.line_of(&inks.accent, 1.6, &[]),
            Role::Bucket => pen.line_of(&inks.accent, 1.2, &[]),
            Role::Successor => pen.line_of(&inks.successor, 2.0, &[]),
            Role::Predecessor => pen.line_of(&inks.predecessor, 2.0, &[3.0, 5.0]),
        }
        match aim.role {
            Role::Bucket => pen.curve(&curve, 0.0),
            Role::Finger | Role::Successor | Role::Predecessor => {
                pen.curve(&curve.shortened(scene.dot_radius() + 1.5), 7.0);
            }
        }
        if aim.role == Role::Bucket {
            pen.fill_of(&inks.accent);
            pen.disc(scene.place(dot), (scene.dot_radius() + 0.5).max(3.0));
        }
    }
    pen.strength(1.0);
}

/// Fingers and buckets go across the circle, neighbours around its outside.
fn curve_to(scene: &Scene, own: &Dot, dot: &Dot, aim: &Aim) -> Curve {
    let inside = Curve::between(own.turn, dot.turn).map(|at| scene.camera.project(at));
    let out_px = match aim.role {
        Role::Finger | Role::Bucket => return inside,
        Role::Successor => 16.0 + 7.0 * f64::from(aim.rank),
        Role::Predecessor => 22.0,
    };
    let ahead = clockwise(own.turn, dot.turn);
    let ahead = if aim.role == Role::Predecessor { ahead - 1.0 } else { ahead };
    // Halfway round is no neighbourhood any more: a curve outside would leave the picture.
    if ahead.abs() > 0.3 {
        return inside;
    }
    let bulge = 1.0 / (core::f64::consts::PI * ahead).cos();
    let by = point(own.turn + ahead / 2.0, bulge + out_px / scene.camera.radius());
    Curve { by: scene.camera.project(by), ..inside }
}

/// Which powers of two the fingers of a node reach, each node once.
fn exponents(pen: &Pen, inks: &Inks, scene: &Scene, own: &Dot) {
    let mut seen: Vec<u32> = Vec::new();
    for aim in scene.aims.iter().filter(|aim| aim.role == Role::Finger) {
        let Some(dot) = aim.host.and_then(|host| scene.crowd.at(host)) else { continue };
        if dot.host != own.host && !seen.contains(&dot.host) {
            seen.push(dot.host);
            exponent(pen, inks, scene, &curve_to(scene, own, dot, aim), aim.rank);
        }
    }
}

/// Which power of two a finger reaches, near its end.
fn exponent(pen: &Pen, inks: &Inks, scene: &Scene, curve: &Curve, rank: u16) {
    let length = (curve.to.0 - curve.from.0).hypot(curve.to.1 - curve.from.1);
    if length < FINGER_LABEL_PX {
        return;
    }
    let (x, y) = curve.at(0.8);
    pen.fill_of(&inks.accent);
    if scene.crowd.bits <= SMALL_BITS {
        pen.words_on(&format!("+{}", 1_u32 << rank.min(31)), "600 11px", (x, y + 4.0), &inks.paper);
    } else {
        pen.words_on("2", "600 11px", (x - 9.0, y + 4.0), &inks.paper);
        pen.words_on(&rank.to_string(), "600 9px", (x + 3.0, y - 2.0), &inks.paper);
    }
}

/// The lookup that is followed, hop by hop.
fn way(pen: &Pen, inks: &Inks, scene: &Scene, path: &Path) {
    let crowd = &scene.crowd;
    if let Some(target) = path.target {
        sought(pen, inks, scene, target.turn(crowd.bits));
    }
    names(pen, inks, scene, path);
    let mut lines: Vec<Curve> = Vec::new();
    for hop in &path.hops {
        let Some(curve) = across(scene, hop.from, hop.host) else { continue };
        lines.push(curve);
        let silent = hop.outcome == Outcome::Silent;
        pen.strength(0.16);
        pen.line_of(&inks.way, 8.0, &[]);
        pen.curve(&curve, 0.0);
        pen.strength(if silent { 0.7 } else { 1.0 });
        pen.line_of(&inks.way, 2.6, if silent { &[2.0, 6.0] } else { &[] });
        pen.curve(&curve.shortened(scene.dot_radius() + 2.0), 9.0);
    }
    pen.strength(1.0);
    if let Some(asker) = crowd.at(path.asker) {
        pen.fill_of(&inks.way);
        pen.disc(scene.place(asker), scene.dot_radius() + 2.5);
        pen.fill_of(&inks.paper);
        pen.disc(scene.place(asker), (scene.dot_radius() - 1.0).max(1.5));
    }
    let mut badges: Vec<Point> = Vec::new();
    for (hop, number) in path.hops.iter().zip(path.numbers(crowd)) {
        let Some(dot) = crowd.at(hop.host) else { continue };
        pen.fill_of(&inks.way);
        pen.disc(scene.place(dot), scene.dot_radius() + 0.5);
        if dot.standing == Standing::Off {
            // Hollow, as all that are off.
            pen.fill_of(&inks.paper);
            pen.disc(scene.place(dot), (scene.dot_radius() - 1.5).max(1.0));
            pen.fill_of(&inks.way);
        }
        let text = match (hop.outcome, number) {
            (Outcome::Silent, _) => "\u{d7}".to_string(),
            (Outcome::Asked | Outcome::Answered(_) | Outcome::Took(_), number) => match number {
                Some(number) => number.to_string(),
                None => continue,
            },
        };
        let (node, inward) = (scene.place(dot), point(dot.turn, -1.0));
        let at = badge(node, inward, BADGE_IN_PX, BADGE_PX, &lines, &badges);
        let Some(at) = at.filter(|at| scene.camera.sees(*at)) else { continue };
        pen.fill_of(&inks.way);
        badges.push(at);
        pen.disc(at, BADGE_PX);
        pen.fill_of(&inks.on_way);
        pen.words_around(&text, "600 11px", (at.0, at.1 + 4.0));
    }
}

/// Who named whom: nothing is sent there, so that these lines are thin, and have no head.
fn names(pen: &Pen, inks: &Inks, scene: &Scene, path: &Path) {
    pen.strength(0.9);
    pen.line_of(&inks.way, 1.2, &[1.5, 4.5]);
    for hop in &path.hops {
        if let Some(curve) = hop.named_by.and_then(|by| across(scene, by, hop.host)) {
            pen.curve(&curve.shortened(scene.dot_radius() + 2.0), 0.0);
        }
    }
    pen.strength(1.0);
}

/// From one node to another, within the circle.
fn across(scene: &Scene, from: u32, to: u32) -> Option<Curve> {
    let (from, to) = (scene.crowd.at(from)?, scene.crowd.at(to)?);
    Some(Curve::between(from.turn, to.turn).map(|at| scene.camera.project(at)))
}

/// The identifier that is looked for, and the way from it to the node that is responsible.
fn sought(pen: &Pen, inks: &Inks, scene: &Scene, turn: f64) {
    let radius = scene.camera.radius();
    let out = 1.0 + KEY_OUT_PX / radius;
    if let Some(owner) = scene.owner() {
        pen.line_of(&inks.way, 2.0, &[1.0, 4.0]);
        let reach = clockwise(turn, owner.turn);
        scene.arc(turn, reach, out).into_iter().for_each(|arc| pen.line(arc));
    }
    let at = scene.camera.project(point(turn, out));
    pen.fill_of(&inks.paper);
    pen.diamond(at, KEY_PX);
    pen.fill_of(&inks.way);
    pen.diamond(at, KEY_PX - 2.0);
}

/// The way of something through the picture, and where on it it is; none while out of sight.
fn flying(scene: &Scene, mote: &Mote) -> Option<(Curve, Point)> {
    let (from, to) = (scene.crowd.at(mote.ends.0)?, scene.crowd.at(mote.ends.1)?);
    let curve = Curve::between(from.turn, to.turn).map(|at| scene.camera.project(at));
    let (dx, dy) = curve.heading(1.0);
    let off = f64::from(mote.beside) * BESIDE_PX;
    let curve = curve.map(|(x, y)| (x - dy * off, y + dx * off));
    let at = curve.at(mote.seen_share());
    scene.camera.sees(at).then_some((curve, at))
}

/// The messages of others, all in one stroke: one for each would be most of a frame's work.
fn drift(pen: &Pen, inks: &Inks, scene: &Scene, motes: &[Mote]) {
    let drifting = motes.iter().filter(|mote| mote.is_drifting());
    let seen: Vec<(Point, Point)> = drifting
        .filter_map(|mote| {
            let (curve, at) = flying(scene, mote)?;
            Some((curve.at(mote.seen_share() - OTHERS_TAIL), at))
        })
        .collect();
    pen.strength(0.35);
    pen.line_of(&inks.mute, 2.0, &[]);
    pen.dashes(seen.iter().copied());
    pen.strength(0.7);
    pen.fill_of(&inks.mute);
    pen.discs(seen.iter().map(|(_, at)| *at), OTHERS_PX);
}

/// One message, with a tail along its way.
fn fly(pen: &Pen, inks: &Inks, scene: &Scene, mote: &Mote) {
    let Some((curve, at)) = flying(scene, mote) else { return };
    let fading = if mote.is_gone() { 0.25 } else { 1.0 };
    let (ink, tail, radius) = match mote.own {
        true => (&inks.way, TAIL, OWN_PX),
        false => (&inks.mute, OTHERS_TAIL, OTHERS_PX),
    };
    let behind = |by: f64| curve.at(mote.seen_share() - by);
    pen.strength(fading * 0.35);
    pen.line_of(ink, 2.0, &[]);
    pen.line([behind(tail), behind(tail / 2.0), at]);
    pen.strength(fading);
    pen.fill_of(ink);
    pen.disc(at, radius);
}

/// What is in the air at a time, in nanoseconds since the run began: all of what is followed, and a
/// sample of the rest.
pub fn motes(
    history: &History,
    threads: Option<&Threads>,
    followed: Option<EntryId>,
    now: f64,
) -> Vec<Mote> {
    let trace = history.trace();
    let happened = trace.entries.get(..history.moment() as usize).unwrap_or(trace.entries);
    let mut motes = Vec::new();
    let mut others = 0;
    for entry in happened.iter().rev().take(MOST_LOOKED_AT) {
        if since(trace, entry.at) as f64 + LONGEST_FLIGHT_NANOS < now {
            break;
        }
        let thread = threads.and_then(|threads| threads.of(entry.id));
        let own = thread.is_some_and(|thread| Some(thread.root) == followed);
        for flight in &entry.flights {
            let (from, to) =
                (since(trace, flight.depart) as f64, since(trace, flight.arrive) as f64);
            let flying = from <= now && now < to;
            if !flying || !own && others >= MOST_OTHERS {
                continue;
            }
            others += usize::from(!own);
            let ends = (flight.from.0, flight.to.0);
            let share = (now - from) / (to - from).max(1.0);
            let together = |other: &&Mote| {
                own && other.own && other.ends == ends && (other.share - share).abs() < TOGETHER
            };
            let beside = motes.iter().filter(together).count() as u8;
            motes.push(Mote { ends, share, own, lost: flight.fate != Fate::Arrives, beside });
        }
    }
    // What is followed is drawn last, above the rest.
    motes.sort_by_key(|mote| mote.own);
    motes
}

/// So many messages of others are drawn at the most.
pub const MOST_OTHERS: usize = 160;
/// So many of the latest entries are looked through for them.
const MOST_LOOKED_AT: usize = 3000;
/// Nothing is in the air for longer, on any stage with an overlay.
const LONGEST_FLIGHT_NANOS: f64 = 2e9;
/// A lost message is seen no further than this share of its way.
const LOST_AT: f64 = 0.62;
/// So much of its way the tail of a message is long: of what is followed, and of others.
const TAIL: f64 = 0.12;
const OTHERS_TAIL: f64 = TAIL / 3.0;
/// Messages of what is followed that fly together are drawn so far beside each other.
const BESIDE_PX: f64 = 10.0;
/// So near to each other, as shares of their way.
const TOGETHER: f64 = 0.03;
/// How large they are.
const OWN_PX: f64 = 4.5;
const OTHERS_PX: f64 = 2.2;
const BADGE_PX: f64 = 9.0;
/// Numbers stand so far from their nodes, inside the circle.
const BADGE_IN_PX: f64 = 22.0;
/// Nearer nodes cannot be told apart, and an arrow to them would only be a blot.
const LEAST_ARROW_PX: f64 = 14.0;
/// Shorter fingers have no room for what they reach.
const FINGER_LABEL_PX: f64 = 90.0;
/// In so small a space fingers are written as numbers, not as powers.
const SMALL_BITS: u8 = 10;
