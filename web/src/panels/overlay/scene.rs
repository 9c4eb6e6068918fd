//! What the canvas shows: the nodes, where one looks from, what is selected, what is followed.

use core::ops::Range;
use std::net::IpAddr;
use std::rc::Rc;

use protocols::overlay::{Geometry, Key, Role};
use world::{History, HostId, Plan};

use crate::draw::overlay::{Camera, Crowd, Dot, Path, Point, point};

/// Everything that is drawn but for what moves.
#[derive(Clone)]
pub struct Scene {
    /// The nodes.
    pub crowd: Rc<Crowd>,
    /// What the stage is made of: the names of hosts.
    pub plan: Rc<Plan>,
    /// Whose each address is.
    pub addresses: Rc<Addresses>,
    /// Where one looks from.
    pub camera: Camera,
    /// The host that is selected.
    pub picked: Option<u32>,
    /// The host under the pointer, or where the keys have walked to.
    pub under: Option<u32>,
    /// Whom the node knows that is selected, or else the one under the pointer.
    pub aims: Rc<Vec<Aim>>,
    /// The lookup that is followed.
    pub path: Option<Rc<Path>>,
}

/// The hosts of a stage by their addresses.
#[derive(Debug)]
pub struct Addresses(Vec<(IpAddr, u32)>);

impl Addresses {
    /// Those of a plan.
    pub fn of(plan: &Plan) -> Addresses {
        let each = plan.hosts.iter().zip(0..).map(|(host, at)| (host.address, at));
        let mut all: Vec<_> = each.collect();
        all.sort_unstable();
        Addresses(all)
    }

    fn host(&self, address: IpAddr) -> Option<u32> {
        let at = self.0.binary_search_by_key(&address, |(known, _)| *known).ok()?;
        self.0.get(at).map(|(_, host)| *host)
    }
}

/// Another node that a node knows.
#[derive(Clone, PartialEq, Debug)]
pub struct Aim {
    /// Its host, if it is one of the stage.
    pub host: Option<u32>,
    /// As what it is known.
    pub role: Role,
    /// Which of several.
    pub rank: u16,
}

impl Scene {
    /// Whether what lies still looks the same as in another scene.
    pub fn rests_as(&self, other: &Scene) -> bool {
        let within = self.crowd.geometry == Geometry::Xor;
        Rc::ptr_eq(&self.crowd, &other.crowd)
            && Rc::ptr_eq(&self.plan, &other.plan)
            && self.camera == other.camera
            && (self.picked, self.under) == (other.picked, other.under)
            && (!within || self.aims == other.aims)
            && self.met().eq(other.met())
            && self.target() == other.target()
    }

    /// Whether arrows go around the outside from the node that is shown.
    pub fn has_neighbours(&self) -> bool {
        self.aims.iter().any(|aim| matches!(aim.role, Role::Successor | Role::Predecessor))
    }

    /// The key that the followed lookup looks for.
    pub fn target(&self) -> Option<Key> {
        self.path.as_ref()?.target
    }

    /// The node that this key belongs to, where keys belong to one node.
    pub fn owner(&self) -> Option<&Dot> {
        self.target().filter(|_| self.crowd.geometry == Geometry::Ring)?;
        self.crowd.owner(self.target()?)
    }

    /// The hosts that the lookup has met, the asker first.
    pub fn met(&self) -> impl Iterator<Item = u32> {
        let path = self.path.iter();
        path.flat_map(|path| [path.asker].into_iter().chain(path.hops.iter().map(|hop| hop.host)))
    }

    /// The host whose pointers are shown.
    pub fn shown(&self) -> Option<u32> {
        self.picked.or(self.under)
    }

    /// The nodes of the machine that a host is one of, where machines are several nodes.
    pub fn machine(&self, host: u32) -> Option<Range<u32>> {
        self.plan.machines.iter().find(|machine| machine.contains(&host)).cloned()
    }

    /// The name of a host.
    pub fn name(&self, host: u32) -> &str {
        self.plan.hosts.get(host as usize).map_or("", |host| host.name.as_str())
    }

    /// Where a node is in the picture.
    pub fn place(&self, dot: &Dot) -> Point {
        self.camera.project(point(dot.turn, 1.0))
    }

    /// How long the circle is, in pixels.
    pub fn around(&self) -> f64 {
        core::f64::consts::TAU * self.camera.radius()
    }

    /// How many pixels of the circle each node has on the average.
    pub fn spacing(&self) -> f64 {
        self.around() / self.crowd.dots.len().max(1) as f64
    }

    /// Whether there are more nodes than pixels on a ring: then strokes say how many stand there.
    pub fn is_skyline(&self) -> bool {
        self.crowd.geometry == Geometry::Ring && self.spacing() < TICK_PX
    }

    /// How large nodes are drawn.
    pub fn dot_radius(&self) -> f64 {
        (self.spacing() * 0.28).clamp(2.2, 6.5)
    }

    /// The points of an arc of the circle, as far as they can be in sight.
    pub fn arc(&self, from: f64, reach: f64, radius: f64) -> Vec<Vec<Point>> {
        let (seen, wide) = self.camera.arc();
        let off = (from - seen).rem_euclid(1.0);
        let parts = match wide >= 1.0 {
            true => vec![(from, reach)],
            false => [off, off - 1.0]
                .into_iter()
                .map(|off| (off.max(0.0), (off + reach).min(wide)))
                .filter(|(begin, end)| begin < end)
                .map(|(begin, end)| (seen + begin, end - begin))
                .collect(),
        };
        let drawn = |(from, reach): (f64, f64)| {
            let length = reach * core::f64::consts::TAU * self.camera.radius();
            let steps = (length / ARC_STEP_PX).ceil().clamp(2.0, 400.0) as u32;
            let at = |step: u32| from + reach * f64::from(step) / f64::from(steps);
            (0..=steps).map(|step| self.camera.project(point(at(step), radius))).collect()
        };
        parts.into_iter().map(drawn).collect()
    }
}

/// Whom a host knows in the overlay, by host.
pub fn aims(history: &History, addresses: &Addresses, host: u32) -> Vec<Aim> {
    let mut pointers = history.world().pointers(HostId(host));
    pointers.sort_by_key(|pointer| (pointer.role, pointer.rank));
    let found = pointers.into_iter().map(|pointer| Aim {
        host: addresses.host(pointer.to.ip()),
        role: pointer.role,
        rank: pointer.rank,
    });
    found.collect()
}

/// An arc is drawn in straight pieces of this length.
const ARC_STEP_PX: f64 = 5.0;
/// With less of the circle for each node, a stroke for each runs into the next.
const TICK_PX: f64 = 1.1;
