//! A teacher's file is read, and every mistake in it is named with its place and a way out.

use crate::lesson::*;
use crate::measure::{Expr, Pattern};
use crate::reader::Place;

const FRONT: &str = "---
id: test-lesson
title: A test
part: 1
order: 2
summary: What it is.
minutes: 5
stage: web
params: rtt=80 ms, mode=serial
measure: browser visit * -> page * done
---

";

fn read(scenes: &str) -> Lesson {
    Lesson::read(&format!("{FRONT}{scenes}")).unwrap()
}

/// The error of a file: line and column within the scenes, and the sentence.
fn refused(scenes: &str) -> (usize, usize, String) {
    let error = Lesson::read(&format!("{FRONT}{scenes}")).unwrap_err();
    (error.at.line - FRONT.lines().count(), error.at.column, error.to_string())
}

const EVERY_BLOCK: &str = "## One
Prose with {{measured | ms}}.

```cue
label: Go
do: browser visit http://www.cs.test/
also: browser get http://www.cs.test/x
```
```knob
param: rtt
range: 10 ms .. 400 ms
step: 10 ms
```
```goal
says: It arrives
  in two lines.
holds: events(\"browser\", \"page * done\") >= 1
holds: measured < 1 s
```
```formula
name: n objects
is: (objects + 1) * 2 * rtt
unit: RTT
```
```look
label: Open it
open: message
at: browser GET *
```
```break
label: Lose it
fault: edit Host => Ghost
at: browser GET *
```
```answer
cue: cue-1
turn: rtt=20 ms
break: Lose it
```
";

#[test]
fn every_block_is_read() {
    let lesson = read(EVERY_BLOCK);
    let scene = &lesson.scenes[0];
    assert_eq!((lesson.part, lesson.order, lesson.minutes), (1, 2, 5));
    assert_eq!(scene.opening.params.number("rtt"), 0.08);
    assert_eq!(scene.opening.params.word("mode"), "serial");
    assert_eq!(scene.blocks.len(), 7);
    let cue = scene.cues().next().unwrap();
    assert_eq!((cue.id.as_str(), cue.orders.len()), ("cue-1", 2));
    assert!(!cue.orders[0].together && cue.orders[1].together);
    let knob = scene.knobs().next().unwrap();
    assert_eq!(knob.label, "Round-trip time");
    assert_eq!(knob.range, Range::Numbers { least: 0.01, most: 0.4, step: 0.01 });
    let goal = scene.goals().next().unwrap();
    assert_eq!((goal.says.as_str(), goal.holds.len()), ("It arrives in two lines.", 2));
    let broken = scene.breaks().next().unwrap();
    let from = b"Host".map(Some).to_vec();
    assert_eq!(broken.fault, Fault::Edit { from, to: b"Ghost".to_vec() });
    assert_eq!(broken.sight.title, Pattern::new("GET *"));
    assert_eq!(scene.answer.len(), 3);
}

#[test]
fn a_scene_starts_from_its_own_block_over_the_front_matter() {
    let lesson = read("## One\n```scene\nparams: rtt=1 s\nbefore: browser get /\n```\n## Two\n");
    let [one, two] = &lesson.scenes[..] else { panic!() };
    assert_eq!(one.opening.params.number("rtt"), 1.0);
    assert_eq!(one.opening.before.len(), 1);
    assert_eq!(two.opening.params.number("rtt"), 0.08, "the next scene is not touched");
}

#[test]
fn questions_come_in_three_kinds() {
    let lesson = read(
        "## One
```question
asks: What comes next?
when: browser GET *
option: an answer => www.cs.test sends HTTP/1.1 200 OK\\r\\n\\r\\n
option: five connections => connections(\"browser\") == 5
```
```question
asks: Write it.
when: browser GET *
type: browser
starts: GET /
```
```question
asks: How long?
predict: measured
unit: ms
within: 5%
```
",
    );
    let kinds: Vec<&Kind> = lesson.scenes[0].questions().map(|question| &question.kind).collect();
    let [Kind::Choice(choices), Kind::Typed(typed), Kind::Number(number)] = &kinds[..] else {
        panic!("{kinds:?}")
    };
    let bytes = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    assert_eq!(choices[0].claim, Claim::Sends { host: "www.cs.test".into(), bytes });
    assert_eq!((typed.host.as_str(), typed.starts.as_str()), ("browser", "GET /"));
    assert_eq!((number.unit.as_str(), number.within), ("ms", 0.05));
}

#[test]
fn mistakes_are_named_with_their_place_and_a_way_out() {
    let cases: &[(&str, usize, usize, &str)] = &[
        ("## One\n```goals\n```\n", 2, 4, "a block `goals`"),
        ("## One\n```cue\nlabel: Go\n```\n", 2, 1, "a cue without `do`"),
        ("## One\n```cue\nlabel: Go\ndo: browser\n```\n", 4, 5, "a host and a command"),
        ("## One\n```cue\ntitle: Go\nlabel: a\ndo: a b\n```\n", 3, 1, "the key `title`"),
        ("## One\n```knob\nparam: rrt\n```\n", 3, 8, "one of the parameters rtt"),
        ("## One\n```goal\nsays: x\nholds: 1 +\n```\n", 4, 11, "the end of the line"),
        ("## One\n```goal\nsays: x\nholds: rrt > 1\n```\n", 4, 8, "the name `rrt`"),
        ("## One\n```goal\nsays: x\nholds: count(1)\n```\n", 4, 8, "one of the functions"),
        ("## One\n```cue\nlabel: Go\n", 2, 1, "without an end"),
        ("## One\n```goal\nsays: x\nsays: y\nholds: 1\n```\n", 4, 7, "second time"),
        ("## One\n```scene\nparams: rtt=9 s\n```\n", 3, 9, "from 0\u{a0}s to 2\u{a0}s"),
        ("## One\n```scene\nshows: leader\n```\n", 3, 8, "panels out of ladder"),
        ("## One\nText <br> text\n", 2, 6, "HTML"),
        ("Text\n## One\n", 1, 1, "before the first scene"),
        ("", 0, 1, "no scene"),
        ("## One\n```question\nasks: x\noption: a => 1\n```\n", 2, 1, "two or more `option`"),
        ("## One\n```answer\ncue: nine\n```\n", 1, 1, "a cue, knob"),
        (
            "## One\n```cue\nid: a\nlabel: x\ndo: a b\n```\n\
             ```cue\nid: a\nlabel: y\ndo: a b\n```\n",
            1,
            1,
            "two blocks `cue`",
        ),
        ("## One\n```question\nasks: x\ntype: browser\n```\n", 2, 1, "without `when`"),
    ];
    for (file, line, column, says) in cases {
        let (at_line, at_column, sentence) = refused(file);
        assert!(sentence.contains(says), "{file}\n{sentence}");
        assert_eq!((at_line, at_column), (*line, *column), "{file}\n{sentence}");
    }
}

#[test]
fn front_matter_must_be_there_and_whole() {
    let refused = |text: &str| Lesson::read(text).unwrap_err().to_string();
    assert!(refused("").contains("an empty file"));
    assert!(refused("# Hello\n").contains("found `# Hello`"));
    assert!(refused("---\nid: x\n").contains("a second line `---`"));
    let no_stage = FRONT.replace("stage: web", "stage: moon") + "## One\n";
    assert!(refused(&no_stage).contains("line 8, column 8: found `moon`"));
    assert!(refused(&FRONT.replace("part: 1", "part: one")).contains("a whole number"));
}

#[test]
fn measured_needs_a_measure() {
    let front = FRONT.replace("measure: browser visit * -> page * done\n", "");
    let file = format!("{front}## One\n```goal\nsays: x\nholds: measured < 1 s\n```\n");
    let error = Lesson::read(&file).unwrap_err();
    assert!(error.to_string().contains("`measured` without a measure"), "{error}");
}

#[test]
fn an_expression_nested_too_deep_is_refused_and_not_a_crash() {
    let deep = "(".repeat(10_000);
    assert!(Expr::read(&deep, Place::line(1)).is_err());
    let minus = "-".repeat(10_000);
    assert!(Expr::read(&minus, Place::line(1)).is_err());
}

#[test]
fn a_host_is_switched_off_and_on_by_a_cue_and_broken_while_a_message_is_on_its_way() {
    let text = "## One
```cue
label: Crash it
do: www.cs.test switch off
also: www.cs.test switch on
```
```cue
label: Fetch it
do: browser get http://www.cs.test/
```
```break
label: Lose the server
fault: switch off www.cs.test
at: browser GET *
```
";
    let lesson = read(text);
    let scene = &lesson.scenes[0];
    let suggestion = scene.breaks().next().unwrap();
    assert_eq!(suggestion.fault, Fault::SwitchOff { host: "www.cs.test".into() });
    let mut run = crate::Run::open(&scene.opening, &scene.opening.params).unwrap();
    let server = run.host("www.cs.test").unwrap();
    let cues: Vec<_> = scene.cues().collect();
    run.orders(&cues[0].orders).unwrap();
    assert!(run.history.world().is_on(server));
    assert_eq!(run.digest().faults.get("off"), Some(&1));
    run.orders(&cues[1].orders).unwrap();
    run.break_first(suggestion).unwrap();
    assert!(!run.history.world().is_on(server));
    run.finish();
    let told = &run.digest().events;
    assert!(told.iter().any(|said| said.text.starts_with("failed")), "{told:?}");
    let (line, _, says) = refused("## One\n```break\nlabel: x\nfault: switch\nat: browser *\n```");
    assert!(line == 4 && says.contains("switch off HOST"), "{line} {says}");
}

#[test]
fn an_edit_may_name_bytes_that_are_no_text_and_pass_over_some() {
    let text = r"## One
```cue
label: Go
do: browser get http://www.cs.test/
```
```break
label: Forge
fault: edit \?\?\x81\x80\r => \x12\xfF\\x\n
at: browser GET *
```
";
    let fault = read(text).scenes[0].breaks().next().unwrap().fault.clone();
    let from = vec![None, None, Some(0x81), Some(0x80), Some(b'\r')];
    assert_eq!(fault, Fault::Edit { from, to: vec![0x12, 0xff, b'\\', b'x', b'\n'] });
}
