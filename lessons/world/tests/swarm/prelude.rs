//! A stage that runs unseen before its history begins.

use core::time::Duration;
use std::rc::Rc;

use world::{Building, Built, History, Plan, Prelude, World};

use crate::entries;
use crate::stage::swarm;

fn plan(prelude: Prelude) -> Rc<Plan> {
    Rc::new(Plan { prelude: Some(prelude), ..Plan::clone(&swarm(50)) })
}

const FIVE_SECONDS: Prelude = Prelude { lasts: Duration::from_secs(5), done: None };

#[test]
fn a_history_begins_where_the_prelude_ends_and_knows_nothing_of_before() {
    let plan = plan(FIVE_SECONDS);
    let mut history = History::new(Rc::clone(&plan), 1);
    assert_eq!((history.len(), history.world().entries()), (0, 0));
    assert_eq!(history.trace().epoch, history.world().now());
    history.run(2_000);
    for (index, entry) in entries(&history).iter().enumerate() {
        assert_eq!(entry.id.0 as usize, index);
        assert!(entry.at.since(plan.epoch) >= FIVE_SECONDS.lasts, "entry {index}");
        assert!(entry.cause.is_none_or(|cause| cause < entry.id), "entry {index}");
    }
    let caused = entries(&history).iter().filter(|entry| entry.cause.is_some()).count();
    assert!(caused > 1_500, "{caused} of 2000 have a cause within the history");
    history.seek(0);
    history.seek(2_000);
    assert_eq!(history.disagreement(), None);
}

#[test]
fn where_a_prelude_is_cut_into_slices_changes_nothing() {
    let plan = plan(FIVE_SECONDS);
    let mut whole = History::new(Rc::clone(&plan), 7);
    let mut building = Building::new(&plan, 7);
    let (mut hosts, mut prelude) = (0.0, 0.0);
    while !building.advance(&mut 7) {
        let last = match building.built() {
            Built::Hosts(_) => &mut hosts,
            Built::Prelude(_) => &mut prelude,
        };
        let (Built::Hosts(share) | Built::Prelude(share)) = building.built();
        assert!((*last..=1.0).contains(&share));
        *last = share;
    }
    assert!(hosts > 0.9 && prelude > 0.95, "{hosts} {prelude}");
    let mut sliced = building.finish();
    whole.run(1_000);
    sliced.run(1_000);
    assert_eq!(entries(&whole), entries(&sliced));
}

#[test]
fn a_prelude_ends_as_soon_as_its_stage_is_ready() {
    fn done(world: &World) -> f64 {
        world.now().since(world.plan().epoch).as_secs_f64() / 2.0
    }
    let ready = Prelude { done: Some(done), ..FIVE_SECONDS };
    let began = History::new(plan(ready), 1).world().now();
    let passed = began.since(swarm(1).epoch);
    assert!((2_000..3_100).contains(&passed.as_millis()), "{passed:?}");
}
