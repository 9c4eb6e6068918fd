//! The judge and the player, on one small lesson: what is right is found out, never looked up.

use course::judge::rehearse;
use course::lesson::{Claim, Kind, Lesson, Scene};
use course::{Answer, Progress, Run, SceneProgress, Verdict};
use protocols::wire::Side;

const FILE: &str = r#"---
id: judged
title: Judged
part: 1
order: 1
summary: For tests.
minutes: 1
stage: web
params: rtt=100 ms, site=department
measure: browser get * -> response *
---

## One

```cue
label: Fetch
do: browser get http://www.cs.test/
```

```question
id: next
asks: What may come?
when: browser GET *
option: the page => www.cs.test sends HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi
option: nothing there => www.cs.test sends HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n
option: half of it => www.cs.test sends HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi
option: no status line => www.cs.test sends hi\r\n
option: a request of its own => www.cs.test sends GET / HTTP/1.1\r\n\r\n
option: another request behind it => browser sends GET /staff.html HTTP/1.1\r\nHost: x\r\n\r\n
```

```question
id: write
asks: Ask for something that is not there.
when: browser GET *
type: browser
rule: http.not-found
holds: messages("www.cs.test", "404 *") == 1
```

```question
id: long
asks: How long?
predict: since_syn
unit: ms
within: 5%
```

```break
label: lose it
fault: drop
at: browser GET *
```

```goal
id: late
says: It comes, late.
holds: measured > 1 s
```
"#;

fn scene() -> Scene {
    Lesson::read(FILE).unwrap().scenes.pop().unwrap()
}

fn judge(id: &str, answer: Answer) -> Verdict {
    let scene = scene();
    let question = scene.questions().find(|question| question.id == id).unwrap();
    question.judge(&scene, &scene.opening.params, &answer)
}

fn text(answer: &str) -> Answer {
    Answer::Text(answer.to_string())
}

#[test]
fn what_the_run_does_and_what_it_might_do_are_both_right() {
    assert_eq!(sends(&page()), Verdict::Happens);
    let verdict = judge("next", Answer::Option(1));
    assert_eq!(verdict, Verdict::Legal { instead: "200 OK".into() });
    assert!(verdict.right());
    let behind = judge("next", Answer::Option(5));
    assert!(behind.right(), "RFC 9112 section 9.3.2 allows pipelining: {}", behind.says());
}

/// The page as the server sends it, to the byte.
fn page() -> Vec<u8> {
    let scene = scene();
    let run = rehearse(&scene, &scene.opening.params).unwrap();
    let story = run.story();
    let web = story.conversations().iter().find(|talk| talk.protocol.name == "http").unwrap();
    web.bytes(Side::Responder).to_vec()
}

/// What is said of an option of the first question that has the server send these bytes.
fn sends(bytes: &[u8]) -> Verdict {
    let (before, option) = ("option: half of it => www.cs.test sends ", bytes.escape_ascii());
    let file: String = FILE
        .lines()
        .map(|line| match line.starts_with(before) {
            true => format!("{before}{option}\n"),
            false => format!("{line}\n"),
        })
        .collect();
    let scene = Lesson::read(&file).unwrap().scenes.pop().unwrap();
    let question = scene.questions().find(|question| question.id == "next").unwrap();
    question.judge(&scene, &scene.opening.params, &Answer::Option(2))
}

#[test]
fn what_comes_by_name_but_in_other_bytes_is_right_and_told_by_its_fields() {
    let verdict = judge("next", Answer::Option(0));
    let Verdict::Alike { title, differences } = &verdict else { panic!("{verdict:?}") };
    assert_eq!(title, "200 OK");
    assert!(verdict.right() && differences.len() > 3, "{verdict:?}");
    let says = verdict.says();
    assert!(says.contains("Content-Length is 2 in your answer and 645 in this run."), "{says}");
    assert!(says.contains("Only this run has Date:"), "{says}");
    assert!(says.ends_with(" more things differ."), "not all of them: {says}");
    let other = String::from_utf8(page()).unwrap().replace("Server: Wirelab", "Server: wirelab");
    let verdict = sends(other.as_bytes());
    let says = "Right: it would be legal here, and the same comes in this run, 200 OK, but in \
                other bytes. Server is wirelab in your answer and Wirelab in this run.";
    assert_eq!(verdict.says(), says);
}

#[test]
fn a_name_without_a_pointer_is_told_as_written_in_another_way() {
    let of = |label| of_the_course("dns-lookup", "pointer", label, |_| ());
    assert_eq!(of("As a pointer to byte 12, where the question has the name"), Verdict::Happens);
    let labels = of("Label by label, once more").says();
    let spelt = "says the same in your answer and in this run, but is written in another way.";
    assert!(labels.contains(spelt) && !labels.contains("ID"), "{labels}");
}

#[test]
fn what_breaks_a_rule_is_answered_with_the_rule_and_the_byte() {
    for (option, rule, source) in
        [(3, "http.status-line", "RFC 9112 section 4"), (4, "http.version", "RFC 9112 section 2.3")]
    {
        let verdict = judge("next", Answer::Option(option));
        let Verdict::Illegal(violation) = &verdict else { panic!("{verdict:?}") };
        assert_eq!(violation.rule.id, rule);
        assert_eq!(violation.span.start, 0, "bytes count from the student's own message");
        assert!(verdict.says().contains(source), "{}", verdict.says());
    }
}

#[test]
fn a_question_is_judged_under_its_own_settings_and_after_its_own_break() {
    let measured = |with: &str| {
        let question = format!("asks: How long?\n{with}predict: since_syn\nunit: ms\nwithin: 5%");
        let text = format!("{FILE}\n```question\nid: other\n{question}\n```\n");
        let scene = Lesson::read(&text)?.scenes.pop().unwrap();
        let question = scene.questions().find(|question| question.id == "other").unwrap();
        let answer = Answer::Text("1 ms".to_string());
        match question.judge(&scene, &scene.opening.params, &answer) {
            Verdict::Measured { measured, .. } => Ok(measured.replace('\u{a0}', " ")),
            verdict => panic!("{verdict:?}"),
        }
    };
    let shown =
        |with| measured(with).unwrap_or_else(|error: course::LessonError| error.to_string());
    assert_eq!(shown(""), "200 ms");
    assert_eq!(shown("with: rtt=300 ms\n"), "600 ms");
    assert_eq!(shown("break: lose it\n"), "1200 ms");
    assert!(measured("with: colour=red\n").is_err(), "the stage has no such parameter");
    assert!(measured("break: find it\n").is_err(), "the scene has no such break");
}

/// What is said of an option of a question with these lines, where it is the first.
fn said_of(options: &str) -> String {
    let text = format!("{FILE}\n```question\nid: other\nasks: What?\n{options}\n```\n");
    let scene = match Lesson::read(&text) {
        Ok(mut lesson) => lesson.scenes.pop().unwrap(),
        Err(error) => return error.to_string(),
    };
    let question = scene.questions().find(|question| question.id == "other").unwrap();
    question.judge(&scene, &scene.opening.params, &Answer::Option(0)).says()
}

const OTHER: &str = "option: the other => connections(\"browser\") == 1";

#[test]
fn a_wrong_option_is_refused_by_the_part_of_its_claim_that_fails() {
    let both = r#"messages("www.cs.test", "200 *") == 1 and connections("browser") >= 9"#;
    let says = said_of(&format!("option: nine => {both}\n{OTHER}"));
    assert_eq!(
        says,
        "No: in this run, connections that browser opens: 1; this answer needs 9 or more."
    );
    let says = said_of(&format!("option: no => messages(\"*\", \"* OK\") == 0\n{OTHER}"));
    assert_eq!(
        says,
        "No: in this run, messages \u{201c}OK\u{201d} from all hosts: 1; this answer needs 0."
    );
}

#[test]
fn a_wrong_option_is_refused_in_its_authors_words_and_a_right_one_is_not() {
    let with = |claim: &str| {
        said_of(&format!("option: so => {claim}\nno: One is enough for a page,\n  here.\n{OTHER}"))
    };
    assert_eq!(with("connections(\"browser\") == 9"), "No. One is enough for a page, here.");
    assert_eq!(with("connections(\"browser\") == 1"), "Right: that is what happens.");
}

#[test]
fn a_line_no_stands_behind_an_option_with_an_expression_and_once() {
    let wrong = ["no: Never.\noption: so => rtt == 1", "option: so => rtt == 1\nno: A.\nno: B."];
    for options in wrong {
        let says = said_of(&format!("{options}\n{OTHER}"));
        assert!(says.contains("one `no` behind each `option`"), "{options}: {says}");
    }
    let bytes = "when: browser GET *\noption: so => browser sends GET\nno: Never.";
    assert!(said_of(&format!("{bytes}\n{OTHER}")).contains("one `no` behind each `option`"));
    let number = "predict: rtt\nno: Never.";
    assert!(said_of(number).contains("one `no` behind each `option`"));
}

#[test]
fn a_question_about_one_way_is_judged_so_however_the_knob_stands() {
    let lesson = course::lesson("mail-push-pull").unwrap();
    let specs = course::stages::named("push-pull").unwrap().specs;
    let mut judged = 0;
    let turned = |scene: &&Scene| scene.knobs().any(|knob| knob.param == "way");
    for scene in lesson.scenes.iter().filter(turned) {
        let replies = scene.answer.iter().filter_map(|act| match act {
            course::lesson::Act::Reply { question, text } => Some((question, text)),
            _ => None,
        });
        for (id, reply) in replies {
            let question = scene.questions().find(|question| question.id == *id).unwrap();
            let answer = match &question.kind {
                course::lesson::Kind::Choice(choices) => Answer::Option(
                    choices.iter().position(|choice| choice.label == *reply).unwrap(),
                ),
                _ => text(reply),
            };
            for way in ["mail", "http"] {
                let mut params = scene.opening.params.clone();
                params.set(specs, "way", way).unwrap();
                let verdict = question.judge(scene, &params, &answer);
                assert!(verdict.right(), "{id} with {way}: {}", verdict.says());
                judged += 1;
            }
        }
    }
    assert_eq!(judged, 8);
}

#[test]
fn half_a_message_is_neither_right_nor_wrong() {
    let verdict = judge("next", Answer::Option(2));
    assert!(matches!(verdict, Verdict::Unclear(_)) && !verdict.right(), "{verdict:?}");
    assert!(matches!(judge("next", Answer::Option(9)), Verdict::Unclear(_)));
    assert!(matches!(judge("next", text("the page")), Verdict::Unclear(_)));
}

#[test]
fn a_message_that_the_student_writes_is_read_and_answered_by_the_machines() {
    let right = judge("write", text("GET /nowhere HTTP/1.1\nHost: www.cs.test\n\n"));
    let (title, answer) = ("GET /nowhere".to_string(), "404 Not Found".to_string());
    assert_eq!(right, Verdict::Answered { title, answer });
    let other = judge("write", text("GET / HTTP/1.1\r\nHost: www.cs.test\r\n\r\n"));
    let Verdict::Differs { rule: Some(rule), .. } = &other else { panic!("{other:?}") };
    assert_eq!(rule.id, "http.not-found");
    let broken = judge("write", text("GET /nowhere HTTP/1.1\n\n"));
    let Verdict::Illegal(violation) = &broken else { panic!("{broken:?}") };
    assert_eq!(violation.rule.id, "http.host-required", "RFC 9112 section 3.2");
    let open = judge("write", text("GET /nowhere HTTP/1.1\nHost: www.cs.test\n"));
    assert!(matches!(open, Verdict::Unclear(_)), "the empty line is missing: {open:?}");
}

#[test]
fn a_number_is_compared_with_what_is_measured_whatever_its_unit() {
    for right in ["200", "200 ms", "0.2 s", "0,2 s", "208"] {
        assert!(judge("long", text(right)).right(), "{right}");
    }
    for wrong in ["100", "220", "200 s", "-200"] {
        let verdict = judge("long", text(wrong));
        assert!(matches!(verdict, Verdict::Measured { .. }) && !verdict.right(), "{wrong}");
    }
    for unclear in ["", "soon", "1 / 0", "NaN", "inf"] {
        assert!(matches!(judge("long", text(unclear)), Verdict::Unclear(_)), "{unclear}");
    }
}

#[test]
fn a_break_goes_back_to_the_message_and_leaves_the_other_run_as_it_was() {
    let scene = scene();
    let mut run = Run::open(&scene.opening, &scene.opening.params).unwrap();
    run.orders(&scene.cues().next().unwrap().orders).unwrap();
    run.finish();
    let whole = run.history.len();
    run.break_first(scene.breaks().next().unwrap()).unwrap();
    run.finish();
    assert_eq!(run.history.branches().count(), 2);
    assert!(run.history.branches().any(|branch| branch.len == whole));
    let digest = run.digest();
    assert_eq!(digest.faults.get("drop"), Some(&1));
    assert_eq!(digest.messages.iter().filter(|sent| sent.title == "GET /").count(), 1);
    let params = &scene.opening.params;
    let facts = course::measure::Facts::of(&scene, params, &digest);
    assert!(scene.goals().next().unwrap().reached(&facts), "it was sent again after a second");
}

/// What the course's own question says of its option of this label, after a change of its bytes.
fn of_the_course(id: &str, question: &str, label: &str, change: fn(&mut Vec<u8>)) -> Verdict {
    let lesson = course::lesson(id).unwrap();
    let scene = lesson.scenes.iter().find(|s| s.questions().any(|q| q.id == question)).unwrap();
    let mut question = scene.questions().find(|q| q.id == question).unwrap().clone();
    let Kind::Choice(choices) = &mut question.kind else { panic!("{id}: no options") };
    let at = choices.iter().position(|choice| choice.label == label).unwrap();
    let Claim::Sends { bytes, .. } = &mut choices[at].claim else { panic!("{label}: no bytes") };
    change(bytes);
    question.judge(scene, &scene.opening.params, &Answer::Option(at))
}

#[test]
fn an_answer_with_the_id_of_no_query_is_refused() {
    // RFC 1035 section 4.1.1: the ID is copied into the reply.
    let label = "Label by label, once more";
    assert!(of_the_course("dns-lookup", "pointer", label, |_| ()).right());
    let other = of_the_course("dns-lookup", "pointer", label, |bytes| bytes[1] ^= 1);
    let Verdict::Differs { rule: Some(_), .. } = &other else { panic!("{other:?}") };
    assert!(other.says().contains("its ID is 16527"), "{}", other.says());
}

#[test]
fn what_later_cues_have_a_side_say_is_said_instead() {
    let verdict = of_the_course("mail-reading", "again", "RETR 2", |_| ());
    assert_eq!(verdict, Verdict::Legal { instead: "DELE 2".into() });
}

#[test]
fn progress_outlives_the_page() {
    let lesson = Lesson::read(FILE).unwrap();
    let mut progress = Progress::default();
    progress.scene_mut("judged", 0).goals.insert("late".into());
    assert_eq!(progress.done(&lesson), 0);
    progress.scene_mut("judged", 0).answered.extend(["next".into(), "write".into(), "long".into()]);
    let kept = serde_json::to_string(&progress).unwrap();
    let progress: Progress = serde_json::from_str(&kept).unwrap();
    assert_eq!(progress.done(&lesson), 1);
}

#[test]
fn progress_is_the_same_for_a_lesson_and_for_its_entry() {
    let entry = &course::catalogue()[0];
    let (lesson, aims) = (entry.read().unwrap(), entry.scenes[0]);
    let mut progress = SceneProgress::default();
    assert!(!progress.is_begun());
    for goal in lesson.scenes[0].goals() {
        assert!(!progress.reaches(&aims) && !progress.done(&lesson.scenes[0]));
        progress.goals.insert(goal.id.clone());
    }
    let asked = lesson.scenes[0].questions();
    progress.answered.extend(asked.map(|question| question.id.clone()));
    assert!(progress.reaches(&aims) && progress.done(&lesson.scenes[0]) && progress.is_begun());
}

#[test]
fn the_handbook_names_every_function_stage_and_parameter() {
    let handbook = include_str!("../AUTHORING.md");
    for function in course::measure::FUNCTIONS {
        assert!(handbook.contains(&format!("`{}(", function.name)), "{}", function.name);
    }
    for stage in course::stages::STAGES {
        assert!(handbook.contains(&format!("**{}**", stage.name)), "{}", stage.name);
        for spec in stage.specs {
            assert!(handbook.contains(&format!("`{}`", spec.name)), "{}", spec.name);
        }
    }
}

#[test]
fn the_example_in_the_handbook_is_a_lesson() {
    let handbook = include_str!("../AUTHORING.md");
    let from = handbook.find("    ---").unwrap();
    let indented = handbook[from..].lines().take_while(|l| l.is_empty() || l.starts_with("    "));
    let file: String = indented.map(|line| format!("{}\n", line.get(4..).unwrap_or(""))).collect();
    let lesson = Lesson::read(&file).unwrap();
    let scene = &lesson.scenes[0];
    assert!(scene.prose().flat_map(|prose| prose.numbers()).count() > 0);
}
