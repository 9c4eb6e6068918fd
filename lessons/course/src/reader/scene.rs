//! Reads scenes: a title, then prose and blocks.

use super::fields::{Fields, Text};
use super::{LessonError, Place, blocks, whole};
use crate::lesson::{Act, Block, Kind, Opening, PANELS, Panel, Scene};
use crate::measure::{Measure, Pattern};
use crate::prose::{Prose, settings};
use crate::stages::{self, Params, Stage};

/// Reads the scenes that begin at the line with this index.
pub(super) fn scenes(
    lines: &[&str],
    first: usize,
    opening: &Opening,
) -> Result<Vec<Scene>, LessonError> {
    let mut starts: Vec<usize> = Vec::new();
    let mut fenced = false;
    for (index, line) in lines.iter().enumerate().skip(first) {
        fenced ^= line.starts_with(FENCE);
        if !fenced && line.starts_with(TITLE) {
            starts.push(index);
        } else if starts.is_empty() && !line.trim().is_empty() {
            let found = "text before the first scene";
            return Err(LessonError::new(Place::line(index + 1), found, "a line `## title`"));
        }
    }
    if starts.is_empty() {
        let at = Place::line(lines.len().max(1));
        return Err(LessonError::new(at, "no scene", "at least one line `## title`"));
    }
    let ends = starts.iter().copied().skip(1).chain([lines.len()]);
    starts.iter().zip(ends).map(|(start, end)| scene(lines, *start, end, opening)).collect()
}

/// Reads the scene on these lines.
fn scene(
    lines: &[&str],
    start: usize,
    end: usize,
    opening: &Opening,
) -> Result<Scene, LessonError> {
    let title = lines.get(start).and_then(|line| line.strip_prefix(TITLE)).unwrap_or_default();
    let mut scene = Scene {
        title: title.trim().to_string(),
        opening: opening.clone(),
        blocks: Vec::new(),
        answer: Vec::new(),
    };
    if scene.title.is_empty() {
        return Err(LessonError::new(Place::line(start + 1), "no title", "`## title`"));
    }
    let mut at = start + 1;
    while at < end {
        let stop = match lines.get(at) {
            Some(line) if line.starts_with(FENCE) => fence(lines, at, end, &mut scene)?,
            _ => prose(lines, at, end, &mut scene)?,
        };
        at = stop;
    }
    check(&scene, Place::line(start + 1))?;
    Ok(scene)
}

/// Reads prose up to the next block that does something; the index of the line after it.
fn prose(
    lines: &[&str],
    start: usize,
    end: usize,
    scene: &mut Scene,
) -> Result<usize, LessonError> {
    let mut at = start;
    let mut example = false;
    while at < end {
        let line = lines.get(at).copied().unwrap_or_default();
        if let Some(word) = line.strip_prefix(FENCE) {
            if !example && !EXAMPLES.contains(&word.trim()) {
                break;
            }
            example = !example;
        }
        at += 1;
    }
    let part = lines.get(start..at).unwrap_or_default();
    if part.iter().any(|line| !line.trim().is_empty()) {
        let prose = Prose::read(part, start + 1)?;
        for number in prose.numbers() {
            blocks::names(&number.expr, number.at, &scene.opening)?;
            let mut params = scene.opening.params.clone();
            set(&mut params, specs(&scene.opening), &number.with, number.at)?;
        }
        scene.blocks.push(Block::Prose(prose));
    }
    Ok(at)
}

/// Reads a fenced block; the index of the line after it.
fn fence(
    lines: &[&str],
    start: usize,
    end: usize,
    scene: &mut Scene,
) -> Result<usize, LessonError> {
    let word = lines.get(start).and_then(|line| line.strip_prefix(FENCE)).unwrap_or_default();
    let word = word.trim();
    if EXAMPLES.contains(&word) {
        return prose(lines, start, end, scene);
    }
    let inside = lines.get(start + 1..end).unwrap_or_default();
    let Some(length) = inside.iter().position(|line| line.starts_with(FENCE)) else {
        let at = Place::line(start + 1);
        return Err(LessonError::new(at, format!("a block `{word}` without an end"), "```"));
    };
    let inside = inside.get(..length).unwrap_or_default();
    let at = Place::line(start + 1);
    match word {
        "scene" => {
            if !scene.blocks.is_empty() {
                let right = "it directly after the scene's title";
                return Err(LessonError::new(at, "a block `scene` after others", right));
            }
            let mut fields = Fields::read("a scene", at, inside)?;
            scene.opening = opening(&mut fields, Some(&scene.opening))?;
            fields.done(OPENING_KEYS)?;
        }
        "answer" => scene.answer.extend(blocks::answer(at, inside)?),
        word => match blocks::block(word, at, inside, scene)? {
            Some(block) => scene.blocks.push(block),
            None => {
                let right = format!("one of {} or, for an example, ```text", WORDS.join(", "));
                let found = format!("a block `{word}`");
                return Err(LessonError::new(at.right(FENCE.len()), found, right));
            }
        },
    }
    Ok(start + 1 + length + 1)
}

/// Reads what a scene starts from, over what the lesson starts from.
pub(super) fn opening(
    fields: &mut Fields,
    under: Option<&Opening>,
) -> Result<Opening, LessonError> {
    let mut opening = match (fields.maybe("stage")?, under) {
        (Some(name), _) => plain_opening(&name)?,
        (None, Some(under)) => under.clone(),
        (None, None) => plain_opening(&fields.need("stage")?)?,
    };
    if let Some(text) = fields.maybe("params")? {
        let settings = settings(&text.text, text.at)?;
        let specs = specs(&opening);
        set(&mut opening.params, specs, &settings, text.at)?;
    }
    if let Some(seed) = fields.maybe("seed")? {
        opening.seed = u64::from(whole(&seed)?);
    }
    let before = fields.any(&["before", "also-before"]);
    if !before.is_empty() {
        opening.before = blocks::orders(&before)?;
    }
    if let Some(shows) = fields.maybe("shows")? {
        opening.shows = panels(&shows)?;
    }
    if let Some(measure) = fields.maybe("measure")? {
        opening.measure = Some(read_measure(&measure)?);
    }
    Ok(opening)
}

fn plain_opening(name: &Text) -> Result<Opening, LessonError> {
    let Some(stage) = stages::named(&name.text) else {
        let known: Vec<&str> = stages::STAGES.iter().map(|stage| stage.name).collect();
        return Err(name.wrong(format!("one of the stages {}", known.join(", "))));
    };
    Ok(Opening {
        stage: stage.name.to_string(),
        params: Params::defaults(stage.specs),
        seed: FIRST_SEED,
        before: Vec::new(),
        shows: vec![Panel::Ladder],
        measure: None,
    })
}

/// The parameters of the stage that an opening names; openings are made with a known one.
pub(super) fn specs(opening: &Opening) -> &'static [stages::Spec] {
    stages::named(&opening.stage).map_or(&[], |stage: &'static Stage| stage.specs)
}

/// Sets parameters, with an error at the place where the settings begin.
pub(super) fn set(
    params: &mut Params,
    specs: &[stages::Spec],
    settings: &[crate::lesson::Setting],
    at: Place,
) -> Result<(), LessonError> {
    for setting in settings {
        params.set(specs, &setting.param, &setting.value).map_err(|right| {
            LessonError::new(at, format!("`{}={}`", setting.param, setting.value), right)
        })?;
    }
    Ok(())
}

fn panels(text: &Text) -> Result<Vec<Panel>, LessonError> {
    let names = text.text.split(',').map(str::trim);
    names.map(|name| Panel::named(name).ok_or_else(|| panel_wrong(text))).collect()
}

/// The error about a panel's name.
pub(super) fn panel_wrong(text: &Text) -> LessonError {
    let known: Vec<&str> = PANELS.iter().map(|(name, _)| *name).collect();
    text.wrong(format!("panels out of {}", known.join(", ")))
}

/// Reads `HOST: COMMAND -> EVENT`.
fn read_measure(text: &Text) -> Result<Measure, LessonError> {
    let right = "`HOST COMMAND -> EVENT`, such as browser visit * -> page * done";
    let parts = text.word().and_then(|(host, rest)| Some((host, rest.split("->")?)));
    let Some((host, (from, to))) = parts else { return Err(text.wrong(right)) };
    let (from, to) = (Pattern::new(from.text), Pattern::new(to.text));
    Ok(Measure { host: host.text, from, to })
}

/// Checks what only the whole scene can tell: that ids are unique, and that what is named exists.
fn check(scene: &Scene, at: Place) -> Result<(), LessonError> {
    let kinds: [(&str, Vec<&String>); 3] = [
        ("cue", scene.cues().map(|cue| &cue.id).collect()),
        ("goal", scene.goals().map(|goal| &goal.id).collect()),
        ("question", scene.questions().map(|question| &question.id).collect()),
    ];
    for (kind, ids) in &kinds {
        for (index, id) in ids.iter().enumerate() {
            if ids.iter().skip(index + 1).any(|other| other == id) {
                let found = format!("two blocks `{kind}` with the id `{id}`");
                return Err(LessonError::new(at, found, "an `id` of its own for each"));
            }
        }
    }
    for act in &scene.answer {
        let known = match act {
            Act::Cue(id) => scene.cues().any(|cue| cue.id == *id),
            Act::Break(label) => scene.breaks().any(|fault| fault.label == *label),
            Act::Turn(setting) => scene.knobs().any(|knob| knob.param == setting.param),
            Act::Reply { question, text } => scene.questions().any(|known| {
                known.id == *question
                    && match &known.kind {
                        Kind::Choice(choices) => choices.iter().any(|c| c.label == *text),
                        Kind::Typed(_) | Kind::Number(_) => true,
                    }
            }),
            Act::Order(_) => true,
        };
        if !known {
            let right = "a cue, knob, break, question or option of this scene";
            return Err(LessonError::new(at, format!("the answer `{act:?}`"), right));
        }
    }
    for label in scene.questions().filter_map(|question| question.breaks.as_ref()) {
        if !scene.breaks().any(|known| known.label == *label) {
            let found = format!("a question that is judged after the break `{label}`");
            return Err(LessonError::new(at, found, "the label of a break of this scene"));
        }
    }
    Ok(())
}

const FENCE: &str = "```";
const TITLE: &str = "## ";

/// Fences with these words are prose.
const EXAMPLES: &[&str] = &["", "text", "http"];

/// The blocks that do something.
const WORDS: &[&str] =
    &["scene", "cue", "knob", "goal", "question", "formula", "look", "break", "answer"];

const OPENING_KEYS: &[&str] =
    &["stage", "params", "seed", "before", "also-before", "shows", "measure"];

/// The seed of a scene that names none.
const FIRST_SEED: u64 = 1;
