//! A scene that is made ready in slices: the same run as at once, with all that belongs to it.

use std::rc::Rc;

use course::stages::{self, Params};
use course::{Answer, Doing, Hearing, Lesson, Numbers, Run, Staging, lesson};
use world::{Act, HostId, Shared, Trace};

/// The lesson, and the stage's parameters of one of its scenes with some of them set.
fn scene(id: &str, at: usize, with: &[(&str, &str)]) -> (Rc<Lesson>, Params) {
    let lesson = Rc::new(lesson(id).unwrap());
    let opening = &lesson.scene(at).unwrap().opening;
    let mut params = opening.params.clone();
    for (name, value) in with {
        params.set(stages::named(&opening.stage).unwrap().specs, name, value).unwrap();
    }
    (lesson, params)
}

fn entries(trace: Trace<'_>) -> Vec<String> {
    trace.entries.iter().map(|entry| format!("{entry:?}")).collect()
}

#[test]
fn where_making_a_scene_ready_is_cut_into_slices_changes_nothing() {
    let scenes = [
        scene("http-caching", 1, &[]),
        scene("mail-way", 0, &[]),
        scene("dht-join", 0, &[]),
        scene("dht-ring", 4, &[("nodes", "40")]),
        scene("dht-ring", 5, &[("nodes", "80")]),
        scene("dht-ring", 0, &[("start", "joined")]),
        scene("dht-xor", 4, &[("nodes", "30"), ("start", "joined")]),
    ];
    let at = [1, 0, 0, 4, 5, 0, 4];
    for ((lesson, params), at) in scenes.into_iter().zip(at) {
        let found = lesson.scene(at).unwrap();
        let mut whole = Run::open(&found.opening, &params).unwrap();
        let numbers = Numbers::of(found, &params);
        whole.history.run(500);
        for steps in [1, 7, 1_000] {
            let mut staging = Staging::new(Rc::clone(&lesson), at, params.clone(), None);
            while !staging.advance(steps) {}
            let mut ready = staging.finish().unwrap();
            assert_eq!((ready.run.opened(), &ready.refused), (whole.opened(), &None));
            assert_eq!(ready.numbers, numbers, "{} in slices of {steps}", lesson.id);
            ready.run.history.run(500);
            assert_eq!(
                entries(ready.run.history.trace()),
                entries(whole.history.trace()),
                "{} in slices of {steps}",
                lesson.id
            );
        }
    }
}

#[test]
fn the_run_that_a_link_carries_is_made_again_with_its_branch_point_and_its_own_seed() {
    let (lesson, params) = scene("dht-join", 0, &[]);
    let mut opening = lesson.scene(0).unwrap().opening.clone();
    opening.seed = 77;
    let mut run = Run::open(&opening, &params).unwrap();
    run.finish();
    run.history
        .meddle(Act::Command { host: HostId(10), text: "join 10.0.0.1:4000".to_string() })
        .unwrap();
    run.settle();
    let moment = run.history.moment() - 3;
    run.history.seek(moment);
    let shared = Rc::new(Shared {
        lesson: lesson.id.clone(),
        scene: 0,
        stage: opening.stage.clone(),
        params: Default::default(),
        seed: run.history.seed(),
        meddlings: run.history.meddlings().to_vec(),
        moment,
    });
    let mut staging = Staging::new(Rc::clone(&lesson), 0, params, Some(shared));
    let mut doing = Vec::new();
    while !staging.advance(5) {
        let headway = staging.headway();
        assert!((0.0..=1.0).contains(&headway.share), "{headway:?}");
        if doing.last() != Some(&headway.doing) {
            doing.push(headway.doing);
        }
    }
    assert_eq!(doing.first(), Some(&Doing::Hosts));
    assert!(doing.contains(&Doing::Replay), "{doing:?}");
    let ready = staging.finish().unwrap();
    assert_eq!((ready.run.history.moment(), ready.run.history.seed()), (moment, 77));
    assert_eq!(ready.run.opened(), run.opened());
    assert_eq!(entries(ready.run.present()), entries(run.present()));
}

#[test]
fn a_link_whose_run_cannot_be_made_again_leaves_the_scene_as_it_begins_and_says_why() {
    let (lesson, params) = scene("http-messages", 0, &[]);
    let shared = |meddlings, moment| {
        let opening = &lesson.scene(0).unwrap().opening;
        Rc::new(Shared {
            lesson: lesson.id.clone(),
            scene: 0,
            stage: opening.stage.clone(),
            params: Default::default(),
            seed: opening.seed,
            meddlings,
            moment,
        })
    };
    let act = Act::Command { host: HostId(0), text: "dance".to_string() };
    let dance = world::Meddling { before: 0, act };
    for carried in [shared(vec![dance], 1), shared(Vec::new(), 900_000)] {
        let staging = Staging::new(Rc::clone(&lesson), 0, params.clone(), Some(carried));
        let ready = staging.finish().unwrap();
        assert!(ready.refused.is_some());
        assert_eq!(ready.run.history.moment(), ready.run.opened());
    }
}

#[test]
fn giving_up_a_scene_half_way_leaves_a_run_that_goes_on_as_if_nobody_had_begun_another() {
    let (lesson, params) = scene("dht-ring", 5, &[("nodes", "250")]);
    let opening = &lesson.scene(5).unwrap().opening;
    let mut run = Run::open(opening, &params).unwrap();
    let mut alone = Run::open(opening, &params).unwrap();
    run.history.run(200);
    let mut staging = Staging::new(Rc::clone(&lesson), 5, run_of(&lesson, "500"), None);
    assert!(!staging.advance(700));
    drop(staging);
    run.history.run(200);
    alone.history.run(400);
    assert_eq!(entries(run.history.trace()), entries(alone.history.trace()));
}

/// The parameters of the sixth scene with another number of nodes.
fn run_of(lesson: &Rc<Lesson>, nodes: &str) -> Params {
    let opening = &lesson.scene(5).unwrap().opening;
    let mut params = opening.params.clone();
    params.set(stages::named(&opening.stage).unwrap().specs, "nodes", nodes).unwrap();
    params
}

#[test]
fn making_a_ring_ready_goes_through_its_hosts_its_prelude_and_its_rehearsals_in_order() {
    let (lesson, params) = scene("dht-ring", 4, &[("nodes", "60"), ("start", "joined")]);
    let mut staging = Staging::new(lesson, 4, params, None);
    let mut last = (Doing::Hosts, 0.0);
    let mut seen = vec![Doing::Hosts];
    while !staging.advance(40) {
        let headway = staging.headway();
        let share = headway.share;
        match headway.doing == last.0 {
            true if headway.doing != Doing::Prelude => assert!(share >= last.1, "{headway:?}"),
            // A ring may be torn for a while when somebody comes between two neighbours.
            true => {}
            false => seen.push(headway.doing),
        }
        last = (headway.doing, share);
    }
    assert!(seen.starts_with(&[Doing::Hosts, Doing::Prelude]), "{seen:?}");
    assert_eq!(seen.last(), Some(&Doing::Rehearsal));
}

#[test]
fn an_answer_judged_in_slices_gets_the_verdict_that_it_gets_at_once() {
    let asked = [
        ("dht-ring", 5, "mean", Answer::Text("5".to_string())),
        ("dht-ring", 5, "mean", Answer::Text("a lot".to_string())),
        ("dht-churn", 0, "", Answer::Option(0)),
        ("http-messages", 0, "", Answer::Option(0)),
        ("http-messages", 0, "", Answer::Option(99)),
    ];
    for (id, at, question, answer) in asked {
        let few: &[_] = if id == "dht-ring" { &[("nodes", "100")] } else { &[] };
        let (lesson, params) = scene(id, at, few);
        let found = lesson.scene(at).unwrap();
        let asked = found.questions().find(|asked| asked.id == question);
        let asked = asked.or_else(|| found.questions().next()).unwrap();
        let whole = asked.judge(found, &params, &answer);
        let (scenes, name) = (Rc::clone(&lesson), asked.id.clone());
        let mut hearing = Hearing::new(scenes, at, params, name, answer.clone());
        while !hearing.advance(13) {
            assert!(hearing.headway().is_some());
        }
        assert_eq!(hearing.finish(), Some(whole), "{id}: {answer:?}");
    }
}
