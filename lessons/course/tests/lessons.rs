//! Plays every lesson: what its file promises, the machines keep.

use course::lesson::{Act, Claim, Kind, Range, Scene};
use course::measure::{Expr, FUNCTIONS};
use course::{Answer, Lesson, Numbers, Run, Sitting, Tally, catalogue, judge, stages};
use world::Story;

/// Every scene of the course, with what to call it when something is wrong.
fn scenes() -> Vec<(String, Scene)> {
    let lessons = catalogue().iter().map(|entry| entry.read().unwrap());
    let named = |lesson: Lesson| {
        let scenes = lesson.scenes.into_iter().enumerate();
        scenes
            .map(|(at, scene)| (format!("{} {}: {}", lesson.id, at + 1, scene.title), scene))
            .collect::<Vec<_>>()
    };
    lessons.flat_map(named).collect()
}

#[test]
fn each_goal_is_out_of_reach_before_the_model_answer_and_reached_after_it() {
    let mut wrong = Vec::new();
    for (name, scene) in scenes() {
        let mut sitting = Sitting::new(&scene).unwrap_or_else(|error| panic!("{name}: {error}"));
        for goal in scene.goals().filter(|goal| sitting.reached(goal)) {
            wrong.push(format!("{name}: `{}` is reached before anything is done", goal.id));
        }
        for act in &scene.answer {
            match sitting.act(act) {
                Ok(Some(verdict)) if !verdict.right() => {
                    wrong.push(format!("{name}: {act:?} is judged wrong: {}", verdict.says()));
                }
                Ok(_) => {}
                Err(error) => wrong.push(format!("{name}: {act:?}: {error}")),
            }
        }
        sitting.finish();
        for goal in scene.goals().filter(|goal| !sitting.reached(goal)) {
            let digest = sitting.run().digest();
            let facts = sitting.facts(&digest);
            let accounts: Vec<_> = goal.holds.iter().map(|expr| expr.account(&facts)).collect();
            wrong.push(format!("{name}: `{}` is not reached: {accounts:?}", goal.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page surveys hosts and links only where a scene asks for it: it must then know no less.
#[test]
fn goals_and_formulas_come_to_the_same_when_only_what_they_ask_for_is_surveyed() {
    let mut surveyed = [0, 0];
    for (name, scene) in scenes() {
        let mut sitting = Sitting::new(&scene).unwrap();
        for act in &scene.answer {
            sitting.act(act).unwrap_or_else(|error| panic!("{name}: {act:?}: {error}"));
        }
        sitting.finish();
        let run = sitting.run();
        let mut tally = Tally::new(run.opened());
        run.count(&Story::of(run.counted(run.threads().as_deref())), &mut tally);
        if scene.surveys() {
            run.survey(&mut tally);
        }
        surveyed[usize::from(scene.surveys())] += 1;
        let (all, asked) = (run.digest(), tally.digest());
        let of =
            |expr: &Expr| (expr.value(&sitting.facts(&all)), expr.value(&sitting.facts(asked)));
        let goals = scene.goals().flat_map(|goal| &goal.holds);
        let formulas = scene.formulas().flat_map(|formula| [&formula.is, &formula.beside]);
        for expr in goals.chain(formulas) {
            let (whole, part) = of(expr);
            assert_eq!(whole, part, "{name}: {}", expr.text());
        }
    }
    assert!(surveyed.iter().all(|scenes| *scenes > 0), "{surveyed:?} scenes without and with");
}

#[test]
fn a_break_finds_its_message_also_when_everything_is_over() {
    let mut wrong = Vec::new();
    let has_break = |scene: &Scene| scene.answer.iter().any(|act| matches!(act, Act::Break(_)));
    for (name, scene) in scenes().into_iter().filter(|(_, scene)| has_break(scene)) {
        let mut sitting = Sitting::new(&scene).unwrap();
        for act in &scene.answer {
            sitting.act(act).unwrap_or_else(|error| panic!("{name}: {act:?}: {error}"));
            sitting.finish();
        }
        let unreached = scene.goals().filter(|goal| !sitting.reached(goal));
        wrong.extend(unreached.map(|goal| format!("{name}: `{}` is not reached", goal.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_number_in_the_prose_can_be_computed() {
    for (name, scene) in scenes() {
        let numbers = Numbers::of(&scene, &scene.opening.params);
        for number in scene.prose().flat_map(|prose| prose.numbers()) {
            let expr = number.expr.text();
            assert!(numbers.value(number).is_some(), "{name}: no value for `{expr}`");
        }
    }
}

#[test]
fn every_stage_and_scene_comes_to_rest() {
    for (name, scene) in scenes() {
        let mut run = Run::open(&scene.opening, &scene.opening.params).unwrap();
        for cue in scene.cues().filter(|cue| scene.opening.params.are(&cue.only)) {
            run.orders(&cue.orders).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        run.finish();
        // Nodes of an overlay have alarms without end: there, what was begun is over.
        let is_overlay = run.threads().is_some();
        let rests = run.history.world().next_at().is_none() || is_overlay && run.is_quiet();
        assert!(rests, "{name} does not come to rest");
        assert_eq!(run.history.disagreement(), None, "{name} is not decided by its beginning");
    }
}

#[test]
fn every_question_accepts_its_right_answer_and_refuses_a_wrong_one_with_a_reason() {
    let mut wrong = Vec::new();
    for (name, scene) in scenes() {
        let params = &scene.opening.params;
        for question in scene.questions() {
            let judge = |answer: &Answer| question.judge(&scene, params, answer);
            let model = scene.answer.iter().find_map(|act| match act {
                Act::Reply { question: id, text } if *id == question.id => Some(text),
                _ => None,
            });
            let Some(_) = model else {
                wrong.push(format!("{name}: `{}` has no model answer", question.id));
                continue;
            };
            let refusals: Vec<String> = match &question.kind {
                Kind::Choice(choices) => (0..choices.len())
                    .map(|at| judge(&Answer::Option(at)))
                    .filter(|verdict| !verdict.right())
                    .map(|verdict| verdict.says())
                    .collect(),
                Kind::Number(_) => {
                    let verdict = judge(&Answer::Text("123456".into()));
                    if verdict.right() { vec![] } else { vec![verdict.says()] }
                }
                Kind::Typed(_) => ["GET / HTTP/1.1\nHost: www.cs.test\n\n", "GET\n\n"]
                    .map(|text| judge(&Answer::Text(text.into())))
                    .iter()
                    .filter(|verdict| !verdict.right())
                    .map(|verdict| verdict.says())
                    .collect(),
            };
            if refusals.is_empty() {
                wrong.push(format!("{name}: every answer to `{}` is right", question.id));
            }
            if let Kind::Choice(choices) = &question.kind
                && choices.iter().all(|choice| matches!(choice.claim, Claim::Holds(_)))
                && refusals.len() + 1 != choices.len()
            {
                wrong.push(format!("{name}: not one answer to `{}` happens", question.id));
            }
            for says in refusals {
                println!("{name} / {}: {says}", question.id);
                if let Some(code) = code_in(&says) {
                    wrong.push(format!("{name}: `{}` shows {code}: {says}", question.id));
                }
                if !SOURCES.iter().any(|source| says.contains(source)) {
                    wrong.push(format!("{name}: `{}` refuses without a rule: {says}", question.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_refusal_is_in_words_and_those_of_an_option_are_its_authors() {
    let mut wrong = Vec::new();
    for (name, scene) in scenes() {
        let params = &scene.opening.params;
        for question in scene.questions() {
            let Kind::Choice(choices) = &question.kind else { continue };
            let mut bare = question.clone();
            if let Kind::Choice(choices) = &mut bare.kind {
                choices.iter_mut().for_each(|choice| choice.no = None);
            }
            for (at, choice) in choices.iter().enumerate() {
                let verdict = question.judge(&scene, params, &Answer::Option(at));
                let of_it = format!("{name}: `{}`, `{}`", question.id, choice.label);
                if verdict.right() {
                    continue;
                }
                if matches!(choice.claim, Claim::Holds(_)) && choice.no.is_none() {
                    wrong.push(format!("{of_it} has no `no`"));
                }
                // The machine's own words, for lessons of others.
                let plain = bare.judge(&scene, params, &Answer::Option(at));
                for says in [verdict.says(), plain.says()] {
                    if let Some(code) = code_in(&says) {
                        wrong.push(format!("{of_it} is refused with {code}: {says}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What of a text is no prose but the language of lessons.
fn code_in(says: &str) -> Option<String> {
    let calls = FUNCTIONS.iter().map(|function| format!("{}(", function.name));
    let marks = ["`", "*", "==", ">=", "comes to"].map(String::from).into_iter();
    calls.chain(marks).find(|code| says.contains(code))
}

#[test]
fn a_formula_gives_nothing_before_there_is_something_to_compare_it_with() {
    let (mut waiting, mut wrong) = (0, Vec::new());
    for (name, scene) in scenes() {
        let mut sitting = Sitting::new(&scene).unwrap();
        let opened = sitting.run().digest();
        for formula in scene.formulas() {
            let (is, beside) = formula.values(&sitting.facts(&opened));
            if beside.is_some() || is.is_some() {
                wrong.push(format!("{name}: `{}` gives {is:?}, {beside:?}", formula.name));
            }
            waiting += 1;
            let words = [formula.is.words(), formula.measures()];
            wrong.extend(
                words.iter().filter_map(|words| Some((words, code_in(words)?))).map(
                    |(words, code)| format!("{name}: `{}` shows {code}: {words}", formula.name),
                ),
            );
        }
        for act in &scene.answer {
            sitting.act(act).unwrap_or_else(|error| panic!("{name}: {act:?}: {error}"));
        }
        sitting.finish();
        let played = sitting.run().digest();
        let facts = sitting.facts(&played);
        for formula in scene.formulas().filter(|formula| facts.params.are(&formula.only)) {
            let values = formula.values(&facts);
            if values != (formula.is.value(&facts), formula.beside.value(&facts))
                || values.0.is_none()
                || values.1.is_none()
            {
                wrong.push(format!("{name}: `{}` gives {values:?} in the end", formula.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(waiting > 10, "{waiting} formulas in the course");
}

/// What rules are cited from: requests for comments, the proposals of BitTorrent, Chord's papers.
const SOURCES: [&str; 3] = ["RFC ", "BEP ", "Chord "];

/// Crowds are played at this size here: ten thousand nodes take a machine that is not optimised
/// seconds to make, and differ in nothing else.
const MOST_NODES: f64 = 1000.0;

/// Every setting in which each knob of a scene stands at one of its ends.
fn corners(scene: &Scene) -> Vec<Vec<(String, String)>> {
    let mut corners = vec![Vec::new()];
    for knob in scene.knobs() {
        let ends = match &knob.range {
            Range::Numbers { least, most, .. } if knob.param == "nodes" => {
                vec![least.to_string(), most.min(MOST_NODES).to_string()]
            }
            Range::Numbers { least, most, .. } => vec![least.to_string(), most.to_string()],
            Range::Words(words) => words.clone(),
        };
        let further = |corner: &Vec<(String, String)>| {
            let set = |end: &String| [&corner[..], &[(knob.param.clone(), end.clone())]].concat();
            ends.iter().map(set).collect::<Vec<_>>()
        };
        corners = corners.iter().flat_map(further).collect();
    }
    corners
}

#[test]
fn no_knob_can_be_turned_so_far_that_a_cue_fails() {
    for (name, scene) in scenes() {
        let specs = stages::named(&scene.opening.stage).unwrap().specs;
        for corner in corners(&scene) {
            let mut params = scene.opening.params.clone();
            for (param, value) in &corner {
                params.set(specs, param, value).unwrap();
            }
            let run = judge::rehearse(&scene, &params).unwrap();
            let failed =
                run.digest().events.into_iter().find(|e| e.text.starts_with("failed http"));
            assert_eq!(failed, None, "{name} with {corner:?}");
        }
    }
}
