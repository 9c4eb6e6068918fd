//! Names are asked for on every stage that dials by name, and what a link meant before they were,
//! it means still.

use std::collections::BTreeMap;
use std::rc::Rc;

use course::judge::rehearse;
use course::stages::{self, Params, STAGES};
use course::{Run, lesson};
use world::compare::{Comparison, Kind, Run as Side};
use world::{Act, History, HostId, Meddling, Shared, Story, transcript};

/// The first scene of the first lesson, its cue played, with names found in this way.
fn fetched(names: &str) -> Run {
    let scene = lesson("http-messages").unwrap().scenes.remove(0);
    let mut params = scene.opening.params.clone();
    params.set(stages::named("web").unwrap().specs, "names", names).unwrap();
    rehearse(&scene, &params).unwrap()
}

#[test]
fn beside_a_run_in_which_the_name_is_known_the_lookup_is_all_that_differs_and_says_why() {
    let (asked, known) = (fetched("asked"), fetched("known"));
    let stories = [asked.story(), known.story()];
    let found = Comparison::of(
        Side { name: "one run", trace: asked.history.trace(), story: &stories[0] },
        Side { name: "the other", trace: known.history.trace(), story: &stories[1] },
    );
    let (lookup, page) = found.rows.split_at(2);
    for (row, from) in lookup.iter().zip(["browser", "ns"]) {
        let [Some(cell), None] = &row.cells else { panic!("{found}") };
        assert_eq!((cell.protocol, cell.from.as_str()), ("dns", from), "{found}");
        let [difference] = row.differences.as_slice() else { panic!("{found}") };
        assert_eq!(difference.kind, Kind::OnlyHere);
        assert!(difference.rule.unwrap().id.starts_with("dns."), "{:?}", difference.rule);
    }
    assert_eq!(page.len(), 2, "request and response: {found}");
    for row in page {
        assert!(row.cells.iter().all(Option::is_some) && row.differences.is_empty(), "{found}");
    }
}

#[test]
fn a_file_of_names_is_on_a_stage_only_where_names_are_known() {
    let mut either = 0;
    for stage in STAGES {
        let plan = stages::build(stage.name, &Params::default()).unwrap();
        assert!(plan.names.is_empty(), "{}: names are asked for unless set", stage.name);
        if !stage.specs.iter().any(|spec| spec.name == "names") {
            continue;
        }
        either += 1;
        assert!(plan.hosts.iter().any(|host| host.name == "ns"), "{}", stage.name);
        let mut params = Params::default();
        params.set(stage.specs, "names", "known").unwrap();
        let plan = stages::build(stage.name, &params).unwrap();
        let hosts: Vec<&String> = plan.hosts.iter().map(|host| &host.name).collect();
        assert!(hosts.iter().all(|host| plan.names.contains_key(*host)), "{}", stage.name);
        assert!(!hosts.iter().any(|host| *host == "ns"), "{}", stage.name);
    }
    assert_eq!(either, 6, "every stage on which names are not what is taught");
}

#[test]
fn a_link_from_before_names_were_asked_for_opens_to_the_run_that_it_was_made_from() {
    let act = Act::Command { host: HostId(0), text: "get http://www.cs.test/".into() };
    let known = fetched("known");
    let made = Shared {
        lesson: "http-messages".into(),
        stage: "web".into(),
        // All that the stage could be set to then: neither `names` nor `local`.
        params: BTreeMap::from(
            [("rtt", "0.06"), ("site", "department"), ("mode", "persistent"), ("version", "1.1")]
                .map(|(name, value)| (name.to_string(), value.to_string())),
        ),
        seed: 1,
        meddlings: vec![Meddling { before: 2, act }],
        moment: known.history.moment(),
        ..Shared::default()
    };
    let shared = Shared::decode(&made.encode()).unwrap();
    let specs = stages::named(&shared.stage).unwrap().specs;
    let mut params = Params::under_link(specs);
    for (name, value) in &shared.params {
        params.set(specs, name, value).unwrap();
    }
    let plan = Rc::new(stages::build(&shared.stage, &params).unwrap());
    let opened = History::replay(plan, shared.seed, &shared.meddlings, shared.moment).unwrap();
    let told = |history: &History| {
        transcript(&Story::of(history.trace()), history.trace(), history.moment())
    };
    assert_eq!(told(&opened), told(&known.history));
    assert!(told(&opened).contains("receives 200 OK"), "{}", told(&opened));
}
