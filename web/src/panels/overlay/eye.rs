//! Where one looks, and what hands do to it: the pointer, the wheel, two fingers, the keys.
//!
//! This is not Yew state: a picture is drawn anew at every move of a finger, and nothing else on
//! the page changes by it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use web_sys::{HtmlCanvasElement, PointerEvent, WheelEvent};

use super::live::{self, Mote};
use super::pen::{Inks, Pen};
use super::scene::Scene;
use super::{base, scene};
use crate::browser;
use crate::draw::overlay::{Camera, Dot, Path, Point, turn_of};
use crate::state::lab::Lab;

/// The canvas as it is worked with; copies share it.
#[derive(Clone)]
pub struct Eye(Rc<RefCell<Inner>>);

struct Inner {
    lab: Rc<Lab>,
    scene: Option<Scene>,
    camera: Camera,
    inks: Inks,
    /// The fingers that touch the canvas, by number, and where.
    fingers: BTreeMap<i32, Point>,
    /// Whether they have moved since the first came down.
    dragged: bool,
    canvases: Option<[HtmlCanvasElement; 2]>,
    /// What the canvas below shows, and at how many of its dots for each pixel of the page.
    painted: RefCell<Option<(Scene, f64)>>,
    nanos: f64,
}

impl PartialEq for Eye {
    fn eq(&self, other: &Eye) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eye {
    /// Looks at the whole of it.
    pub fn new(lab: Rc<Lab>) -> Eye {
        Eye(Rc::new(RefCell::new(Inner {
            lab,
            scene: None,
            camera: Camera::whole(1.0, 1.0),
            inks: Inks::default(),
            fingers: BTreeMap::new(),
            dragged: false,
            canvases: None,
            painted: RefCell::default(),
            nanos: 0.0,
        })))
    }

    /// Takes up what is true on the page now, and draws it.
    pub fn show(&self, lab: &Rc<Lab>, scene: Scene, size: (f64, f64)) {
        let mut inner = self.0.borrow_mut();
        inner.lab = lab.clone();
        inner.camera = inner.camera.resized(size.0, size.1);
        let under = inner.scene.as_ref().and_then(|old| old.under);
        inner.scene = Some(Scene { under, ..scene });
        drop(inner);
        self.draw();
    }

    /// Takes up the canvases, the one below first, and the colours.
    pub fn open(&self, canvases: [HtmlCanvasElement; 2], inks: Inks) {
        let mut inner = self.0.borrow_mut();
        inner.canvases = Some(canvases);
        inner.inks = inks;
        inner.painted.take();
    }

    /// What is drawn.
    pub fn scene(&self) -> Option<Scene> {
        let inner = self.0.borrow();
        inner.scene.clone().map(|scene| inner.aimed(scene))
    }

    /// Draws all of it.
    pub fn draw(&self) {
        self.0.borrow().draw_base();
        self.0.borrow().draw_live();
    }

    /// Draws what moves as it is where the playhead is.
    pub fn tick(&self, nanos: f64) {
        self.0.borrow_mut().nanos = nanos;
        self.0.borrow().draw_live();
    }

    /// Looks from elsewhere.
    pub fn look(&self, change: impl FnOnce(Camera) -> Camera) {
        let mut inner = self.0.borrow_mut();
        inner.camera = change(inner.camera);
        drop(inner);
        self.draw();
    }

    /// Looks at the neighbourhood of a node, so that some of its neighbours can be told apart.
    pub fn approach(&self, host: u32) {
        let dot = self.scene().and_then(|scene| scene.crowd.at(host).copied());
        let Some(dot) = dot else { return };
        let count = self.scene().map_or(1, |scene| scene.crowd.dots.len());
        let reach = (NEIGHBOURS / count.max(1) as f64).min(0.5);
        self.look(|camera| camera.near(dot.turn, reach));
    }

    /// Marks a node, or none, as the one under the pointer; says whether it was not before.
    pub fn mark(&self, host: Option<u32>) -> bool {
        let mut inner = self.0.borrow_mut();
        let Some(scene) = &mut inner.scene else { return false };
        if scene.under == host {
            return false;
        }
        scene.under = host;
        drop(inner);
        self.draw();
        true
    }

    /// The node at a place of the picture.
    pub fn node_at(&self, at: Point) -> Option<Dot> {
        let scene = self.scene()?;
        let turn = turn_of(scene.camera.unproject(at));
        let near = *scene.crowd.nearest(turn)?;
        let reach = scene.dot_radius() + REACH_PX;
        let apart = |dot: &Dot| {
            let (x, y) = scene.place(dot);
            (x - at.0).hypot(y - at.1)
        };
        // Where nodes are only strokes, anywhere on the strokes will do.
        let loose = if scene.spacing() < DENSE_PX { 18.0 } else { 0.0 };
        (apart(&near) <= reach + loose).then_some(near)
    }

    /// A finger comes down.
    pub fn down(&self, event: &PointerEvent) {
        let mut inner = self.0.borrow_mut();
        if inner.fingers.is_empty() {
            inner.dragged = false;
        }
        inner.fingers.insert(event.pointer_id(), place(event));
        if let Some([_, canvas]) = &inner.canvases {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
    }

    /// A finger, or the pointer, moves: pushes, pinches, or points.
    pub fn moved(&self, event: &PointerEvent) {
        let to = place(event);
        let mut inner = self.0.borrow_mut();
        let Some(from) = inner.fingers.get(&event.pointer_id()).copied() else {
            drop(inner);
            self.mark(self.node_at(to).map(|dot| dot.host));
            return;
        };
        let other = inner.fingers.iter().find(|(id, _)| **id != event.pointer_id());
        let other = other.map(|(_, at)| *at);
        let by = (to.0 - from.0, to.1 - from.1);
        if !inner.dragged && by.0.hypot(by.1) < STILL_PX {
            return;
        }
        inner.dragged = true;
        inner.fingers.insert(event.pointer_id(), to);
        inner.camera = match other {
            None => inner.camera.pushed(by),
            Some(fixed) => {
                let apart = |at: Point| (at.0 - fixed.0).hypot(at.1 - fixed.1).max(1.0);
                inner.camera.zoomed(apart(to) / apart(from), fixed)
            }
        };
        drop(inner);
        self.draw();
    }

    /// A finger goes up; the node that it has tapped.
    pub fn up(&self, event: &PointerEvent) -> Option<Dot> {
        let mut inner = self.0.borrow_mut();
        let was = inner.fingers.remove(&event.pointer_id()).is_some();
        let tapped = was && !inner.dragged && inner.fingers.is_empty();
        drop(inner);
        tapped.then(|| self.node_at(place(event))).flatten()
    }

    /// The wheel turns: nearer or farther, about the pointer.
    pub fn wheel(&self, event: &WheelEvent) {
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE_PX } else { 1.0 };
        let by = (-event.delta_y() * lines * WHEEL).exp().clamp(0.5, 2.0);
        self.look(|camera| camera.zoomed(by, at));
    }
}

impl Inner {
    /// Draws what lies still, unless it is there as it is: with ten thousand nodes that takes
    /// longer than a frame.
    fn draw_base(&self) {
        let (Some([below, _]), Some(scene)) = (&self.canvases, &self.scene) else { return };
        let scene = self.aimed(scene.clone());
        let dense = browser::window().device_pixel_ratio();
        let same = |(shown, at): &(Scene, f64)| *at == dense && shown.rests_as(&scene);
        if self.painted.borrow().as_ref().is_some_and(same) {
            return;
        }
        if let Some(pen) = Pen::on(below, self.camera.size) {
            base::paint(&pen, &self.inks, &scene);
            self.painted.replace(Some((scene, dense)));
        }
    }

    fn draw_live(&self) {
        let (Some([_, above]), Some(scene)) = (&self.canvases, &self.scene) else { return };
        let Some(pen) = Pen::on(above, self.camera.size) else { return };
        let motes = self.motes();
        live::paint(&pen, &self.inks, &self.aimed(scene.clone()), &motes);
    }

    fn motes(&self) -> Vec<Mote> {
        let Ok(run) = self.lab.run.try_borrow() else { return Vec::new() };
        let threads = run.threads();
        live::motes(&run.history, threads.as_deref(), self.lab.followed(), self.nanos)
    }

    /// The scene from where one looks now, with the pointers of the node that is shown, and the way
    /// of the lookup as far as the playhead has come.
    fn aimed(&self, scene: Scene) -> Scene {
        let aims = match (scene.picked, scene.under) {
            // What is selected is in the scene already.
            (Some(_), _) | (None, None) => scene.aims.clone(),
            (None, Some(host)) => {
                let run = self.lab.run.try_borrow();
                run.map_or_else(
                    |_| scene.aims.clone(),
                    |run| Rc::new(scene::aims(&run.history, &scene.addresses, host)),
                )
            }
        };
        let until = self.nanos as u64;
        let path = scene.path.as_ref().map(|path| {
            let sent = path.hops.iter().filter(|hop| hop.asked <= until).cloned();
            Rc::new(Path { hops: sent.collect(), ..Path::clone(path) })
        });
        Scene { camera: self.camera, aims, path, ..scene }
    }
}

fn place(event: &PointerEvent) -> Point {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// A node is hit within so much of its edge.
const REACH_PX: f64 = 9.0;
/// Closer nodes are strokes.
const DENSE_PX: f64 = 6.0;
/// A finger that moves less is held still.
const STILL_PX: f64 = 4.0;
/// How strongly the wheel works.
const WHEEL: f64 = 0.0016;
const LINE_PX: f64 = 16.0;
/// So many neighbours to either side are worth seeing.
const NEIGHBOURS: f64 = 9.0;
