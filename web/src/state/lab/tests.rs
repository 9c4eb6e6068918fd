//! What is wished for, cancelled and replaced, without a browser.

use std::rc::Rc;

use course::{Answer, Hearing, Progress, Verdict};
use protocols::overlay::Geometry;
use world::Trace;

use crate::draw::overlay::{Hop, Path};

use super::*;

/// A lesson at a scene as the page opens it.
fn lab(id: &str, scene: usize) -> Lab {
    let lesson = Rc::new(course::lesson(id).unwrap());
    let wish = Wish::opening(Rc::clone(&lesson), scene).unwrap();
    while !wish.advance(1_000) {}
    Lab::begun(lesson, scene, wish.ready().unwrap().unwrap(), Progress::default())
}

fn turn(lab: &mut Lab, param: &str, value: &str) {
    lab.act(Do::Turn(param.to_string(), value.to_string()));
}

fn entries(trace: Trace<'_>) -> Vec<String> {
    trace.entries.iter().map(|entry| format!("{entry:?}")).collect()
}

fn nodes(lab: &Lab) -> usize {
    lab.run.borrow().history.plan().hosts.len()
}

/// Works on the wish as the page does, until it is fulfilled.
fn wait(lab: &mut Lab) {
    while let Some(wish) = lab.wish.clone() {
        if wish.advance(500) {
            lab.act(Do::Fulfil);
        }
    }
}

#[test]
fn the_scene_that_is_opened_first_shows_the_picture_that_it_asks_for() {
    for (id, scene, map) in [("dht-churn", 0, true), ("dht-join", 0, false), ("dht-ring", 3, false)]
    {
        assert_eq!(lab(id, scene).map, map, "{id}, scene {scene}");
    }
}

#[test]
fn a_small_stage_is_there_at_once_and_a_large_one_is_wished_for() {
    let mut lab = lab("dht-ring", 5);
    turn(&mut lab, "nodes", "250");
    assert!(lab.wish.is_none() && nodes(&lab) == 250);
    turn(&mut lab, "nodes", "5000");
    assert!(lab.wish.is_some() && nodes(&lab) == 250);
    wait(&mut lab);
    assert_eq!((nodes(&lab), lab.params.number("nodes")), (5_000, 5_000.0));
}

#[test]
fn a_wish_that_is_cancelled_leaves_the_run_the_moment_and_the_knobs_as_they_were() {
    let mut lab = lab("dht-ring", 5);
    for _ in 0..40 {
        lab.act(Do::Travel(Travel::Step));
    }
    lab.act(Do::Travel(Travel::Back));
    let (run, moment, version) = (Rc::clone(&lab.run), lab.moment, lab.version);
    let before = entries(run.borrow().history.trace());
    turn(&mut lab, "nodes", "9000");
    assert_eq!(lab.knobs().number("nodes"), 9_000.0, "the knob stands where it was turned to");
    lab.wish.as_ref().unwrap().advance(3_000);
    lab.act(Do::Cancel);
    assert!(Rc::ptr_eq(&run, &lab.run) && lab.wish.is_none());
    assert_eq!((lab.moment, lab.version), (moment, version));
    assert_eq!((lab.knobs(), lab.params.number("nodes")), (lab.params.clone(), 1_000.0));
    assert_eq!(entries(run.borrow().history.trace()), before);
}

#[test]
fn a_newer_wish_takes_the_place_of_an_older_one_and_knobs_turned_in_a_row_add_up() {
    let mut lab = lab("dht-churn", 4);
    turn(&mut lab, "nodes", "9000");
    let older = lab.wish.clone().unwrap();
    turn(&mut lab, "session", "240 s");
    let newer = lab.wish.clone().unwrap();
    assert!(!Rc::ptr_eq(&older, &newer));
    while !older.advance(1_000) {}
    lab.act(Do::Fulfil);
    assert!(lab.wish.is_some(), "what is replaced is not taken up when it is there");
    assert_eq!(lab.knobs().number("nodes"), 9_000.0);
    turn(&mut lab, "nodes", "500");
    wait(&mut lab);
    let params = &lab.params;
    assert_eq!((params.number("nodes"), params.number("session")), (500.0, 240.0));
}

#[test]
fn another_scene_is_entered_when_it_is_ready_and_not_before() {
    let mut lab = lab("dht-ring", 4);
    lab.answers.insert("kept".to_string(), answered());
    lab.act(Do::Scene(5));
    if lab.wish.is_some() {
        assert_eq!((lab.scene, lab.answers.len()), (4, 1));
    }
    wait(&mut lab);
    assert_eq!((lab.scene, lab.answers.len(), nodes(&lab)), (5, 0, 1_000));
}

/// Plays as the page does, until the run is held.
fn play(lab: &mut Lab) {
    while lab.playing != Playing::Hold {
        lab.act(Do::Advance);
    }
}

#[test]
fn where_a_goal_waits_for_an_alarm_the_lab_knows_that_time_must_pass() {
    let mut asked_often = lab("dns-lookup", 5);
    assert_eq!(asked_often.lacks_time(), None, "nothing has been done");
    asked_often.act(Do::Cue("watch".to_string()));
    assert_eq!(asked_often.lacks_time(), None, "it plays");
    play(&mut asked_often);
    let lacks = asked_often.lacks_time().unwrap();
    assert!((20_000_000_000..25_000_000_000).contains(&lacks), "{lacks} ns");
    asked_often.act(Do::Travel(Travel::Play(true)));
    play(&mut asked_often);
    assert_eq!(asked_often.lacks_time(), None, "nothing more is due");

    let mut deferred = lab("mail-way", 2);
    deferred.act(Do::Cue("down".to_string()));
    play(&mut deferred);
    assert!(deferred.next.is_some(), "the queue tries again");
    assert_eq!(deferred.lacks_time(), None, "the next cue has not been used");
    deferred.act(Do::Cue("up".to_string()));
    play(&mut deferred);
    assert!(deferred.lacks_time().is_some(), "now nothing else is left to do");

    let mut lost = lab("dns-trouble", 0);
    lost.act(Do::Cue("lookup".to_string()));
    play(&mut lost);
    lost.act(Do::Break(0));
    play(&mut lost);
    assert!(lost.lacks_time().unwrap() <= 1_000_000_000, "the resolver asks again after a second");
}

#[test]
fn a_future_is_named_after_the_message_that_was_dropped_in_it_whatever_is_looked_at() {
    let mut lab = lab("dns-lookup", 5);
    lab.act(Do::Cue("watch".to_string()));
    let is_query = |arrow: &world::Arrow, lab: &Lab| {
        lab.told.story.borrow().label_as_sent(arrow).title.starts_with("A? ")
    };
    let sent = |lab: &Lab| {
        let story = lab.told.story.borrow();
        let arrow = story.arrows().iter().find(|arrow| is_query(arrow, lab))?;
        Some((arrow.flight.id, story.label_as_sent(arrow).title))
    };
    while sent(&lab).is_none() && lab.more() {
        lab.act(Do::Travel(Travel::Step));
    }
    let ((flight, title), moment) = (sent(&lab).unwrap(), lab.moment);
    for _ in 0..4 {
        lab.act(Do::Travel(Travel::Step));
    }
    lab.act(Do::Travel(Travel::To(moment)));
    lab.act(Do::Meddle(flight, Meddle::Drop));
    let names = |lab: &Lab| {
        let run = lab.run.borrow();
        let branches = run.history.branches();
        branches.map(|branch| lab.branch_name(&branch, run.history.plan())).collect::<Vec<_>>()
    };
    let expected = ["first run".to_string(), format!("you dropped {title}")];
    assert_eq!(names(&lab), expected);
    lab.act(Do::Travel(Travel::Branch(0)));
    assert_eq!(names(&lab), expected);
}

/// The way of the lookup that is followed, as the overlay draws it: who sent something to whom.
fn way(lab: &Lab) -> Path {
    let run = lab.run.borrow();
    let threads = run.threads().unwrap();
    let thread = threads.begun_in(lab.followed().unwrap()).unwrap();
    let entries = threads.entries_of(thread);
    Path::of(&entries, run.history.trace(), Geometry::Ring, 6).unwrap()
}

#[test]
fn the_overlay_draws_what_was_sent_so_that_iterative_and_recursive_lookups_differ() {
    let mut lab = lab("dht-ring", 3);
    let names = |lab: &Lab, hosts: &[Option<u32>]| {
        let run = lab.run.borrow();
        let name = |host: &Option<u32>| match host {
            Some(host) => run.history.plan().hosts[*host as usize].name.clone(),
            None => String::new(),
        };
        hosts.iter().map(name).collect::<Vec<_>>().join(" ")
    };
    for (lookup, senders, named_by) in
        [("recursive", "N8 N42 N8", "  N51"), ("iterative", "N8 N8 N8", " N42 N51")]
    {
        turn(&mut lab, "lookup", lookup);
        lab.act(Do::Cue("lookup".to_string()));
        play(&mut lab);
        let hops = way(&lab).hops;
        let all = |which: fn(&Hop) -> Option<u32>| {
            names(&lab, &hops.iter().map(which).collect::<Vec<_>>())
        };
        assert_eq!(all(|hop| Some(hop.host)), "N42 N51 N56");
        assert_eq!((all(|hop| Some(hop.from)).as_str(), lookup), (senders, lookup));
        assert_eq!((all(|hop| hop.named_by).as_str(), lookup), (named_by, lookup));
    }
}

#[test]
fn a_run_that_was_begun_anew_is_taken_back_with_its_branches_and_its_moment() {
    let mut lab = lab("http-messages", 0);
    lab.act(Do::Anew);
    assert!(lab.former.is_none() && !lab.can_undo(), "nothing was done in it");
    let cue = lab.scene().unwrap().cues().next().unwrap().id.clone();
    lab.act(Do::Cue(cue.clone()));
    play(&mut lab);
    let host = world::HostId(0);
    lab.act(Do::Travel(Travel::Back));
    lab.act(Do::Travel(Travel::Fork));
    lab.act(Do::Power(host, world::Power::Off));
    let (run, moment) = (Rc::clone(&lab.run), lab.moment);
    let known = |lab: &Lab| lab.run.borrow().history.branches().count();
    assert_eq!(known(&lab), 2);

    lab.act(Do::Anew);
    assert!((known(&lab), lab.moment) != (2, moment) && lab.former_told);
    lab.act(Do::Anew);
    assert!(lab.former.is_some(), "an untouched run does not take its place");
    lab.act(Do::TakeBack);
    assert!(Rc::ptr_eq(&run, &lab.run));
    assert_eq!((known(&lab), lab.moment), (2, moment));
    assert!(lab.former.is_none(), "the newer one was not touched");

    lab.act(Do::Anew);
    lab.act(Do::Undo);
    assert!(Rc::ptr_eq(&run, &lab.run), "to undo means the same while there is nothing else");

    lab.act(Do::Anew);
    lab.act(Do::Cue(cue));
    play(&mut lab);
    let newer = Rc::clone(&lab.run);
    assert!(!lab.former_told, "the student has gone on");
    lab.act(Do::Undo);
    assert!(Rc::ptr_eq(&newer, &lab.run), "first what was done in the newer one");
    lab.act(Do::Undo);
    assert!(Rc::ptr_eq(&run, &lab.run));
    lab.act(Do::TakeBack);
    assert!(Rc::ptr_eq(&newer, &lab.run), "neither is lost");
}

#[test]
fn the_run_of_a_link_shows_its_goals_as_reached_and_they_count_once_something_is_done_in_it() {
    let mut teacher = lab("http-messages", 0);
    let cue = teacher.scene().unwrap().cues().next().unwrap().id.clone();
    teacher.act(Do::Cue(cue));
    play(&mut teacher);
    let goals = |lab: &Lab| lab.progress.scene(&lab.lesson.id, lab.scene).goals;
    let reached = goals(&teacher);
    assert!(!reached.is_empty() && teacher.linked.is_empty());

    let mut student = lab("http-messages", 1);
    student.act(Do::Open(Box::new(teacher.shared())));
    wait(&mut student);
    assert_eq!((student.scene, student.linked.len()), (0, reached.len()));
    assert!(goals(&student).is_empty(), "the student has done nothing yet");
    student.act(Do::Power(world::HostId(0), world::Power::Off));
    assert_eq!(goals(&student), reached);
    student.act(Do::Scene(1));
    wait(&mut student);
    assert!(student.linked.is_empty(), "no other scene has them");
}

#[test]
fn a_break_that_is_pressed_before_its_cue_says_what_to_do_first() {
    let mut lab = lab("http-messages", 3);
    lab.act(Do::Break(0));
    let said = lab.notice.as_deref().unwrap_or_default().to_string();
    assert_eq!(said, "Play the scene first: it has not been sent.");
}

fn answered() -> Answered {
    Answered::after(None, Answer::Text(String::new()), Verdict::Unclear(String::new()))
}

/// Answers a question, and says what stands below it and whether the question is over then.
fn answer(lab: &mut Lab, id: &str, answer: Answer) -> (String, bool) {
    let (lesson, params) = (Rc::clone(&lab.lesson), lab.params.clone());
    let hearing = Hearing::new(lesson, lab.scene, params, id.to_string(), answer.clone());
    lab.judged(id.to_string(), answer, hearing.finish().unwrap());
    let answered = &lab.answers[id];
    (answered.says().replace('\u{a0}', " "), answered.is_over)
}

fn text(answer: &str) -> Answer {
    Answer::Text(answer.to_string())
}

fn tried(lab: &Lab) -> bool {
    lab.progress.scene(&lab.lesson.id, lab.scene).is_begun()
}

#[test]
fn an_empty_answer_is_no_try_and_tells_nothing() {
    let mut lab = lab("dns-lookup", 0);
    for unclear in ["", "soon", " "] {
        let (says, is_over) = answer(&mut lab, "queries", text(unclear));
        assert_eq!(says, "Write a number, such as 12 queries.");
        assert!(!is_over && !tried(&lab), "{unclear}");
    }
    assert!(answer(&mut lab, "queries", text("3")).1);
    assert!(answer(&mut lab, "queries", text("")).1, "what has been told stays");
}

#[test]
fn a_wrong_number_is_called_too_small_or_large_first_and_the_measured_one_told_second() {
    let mut lab = lab("dns-lookup", 0);
    let (says, is_over) = answer(&mut lab, "queries", text("2"));
    assert!(
        says.starts_with("No: you said 2 queries, and the run shows a larger number."),
        "{says}"
    );
    assert!(!is_over && tried(&lab), "{says}");
    assert!(!answer(&mut lab, "queries", text("2")).1, "the same answer is no second try");
    assert!(!answer(&mut lab, "queries", text("")).1, "nor is none");
    let (says, is_over) = answer(&mut lab, "queries", text("7"));
    assert!(says.starts_with("No: you said 7 queries, and the run shows 3 queries."), "{says}");
    assert!(is_over);
}

#[test]
fn a_wrong_option_is_refused_at_once_and_leaves_a_second_try() {
    let mut lab = lab("mail-smtp", 1);
    let (says, is_over) = answer(&mut lab, "dave", Answer::Option(3));
    assert!(says.starts_with("No. ") && says.contains("Bob was accepted") && !is_over, "{says}");
    let (says, is_over) = answer(&mut lab, "dave", Answer::Option(2));
    assert!(says.starts_with("Right") && is_over, "{says}");
    assert!(answer(&mut lab, "dave", Answer::Option(0)).1, "what has been told stays");
}

#[test]
fn the_run_waits_on_while_an_answer_cannot_be_judged() {
    let mut lab = lab("mail-smtp", 4);
    lab.act(Do::Cue("send".to_string()));
    play(&mut lab);
    assert_eq!(lab.asked.as_deref(), Some("write"));
    let (says, _) = answer(&mut lab, "write", text("DATA"));
    assert!(says.starts_with("The message is not finished"), "{says}");
    assert_eq!(lab.asked.as_deref(), Some("write"));
    answer(&mut lab, "write", text("NOOP\n"));
    assert_eq!(lab.asked, None);
}
