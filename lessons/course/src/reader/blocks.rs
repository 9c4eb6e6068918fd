//! Reads the fenced blocks that do something.

use super::fields::{Fields, Text};
use super::scene::{panel_wrong, set, specs};
use super::{LessonError, Place};
use crate::lesson::*;
use crate::measure::{Expr, NAMES, Pattern};
use crate::order::WAIT;
use crate::prose::{Prose, settings};
use crate::stages::{self, Domain};

/// Reads the block of this word; none where there is no such block.
pub(super) fn block(
    word: &str,
    at: Place,
    lines: &[&str],
    scene: &Scene,
) -> Result<Option<Block>, LessonError> {
    let known: (&'static str, &[&str]) = match word {
        "cue" => ("a cue", &["id", "label", "do", "also", "only"]),
        "knob" => ("a knob", &["param", "label", "range", "step"]),
        "goal" => ("a goal", &["id", "says", "holds"]),
        "question" => ("a question", QUESTION_KEYS),
        "formula" => ("a formula", FORMULA_KEYS),
        "look" => ("a look", &["label", "open", "at", "host"]),
        "break" => ("a break", &["label", "fault", "at"]),
        _ => return Ok(None),
    };
    let mut fields = Fields::read(known.0, at, lines)?;
    let fields_in = &mut fields;
    let block = match word {
        "cue" => Block::Cue(cue(fields_in, scene)?),
        "knob" => Block::Knob(knob(fields_in, scene)?),
        "goal" => Block::Goal(goal(fields_in, scene)?),
        "question" => Block::Question(question(fields_in, scene)?),
        "formula" => Block::Formula(formula(fields_in, scene)?),
        "look" => Block::Look(look(fields_in)?),
        _ => Block::Break(breaking(fields_in)?),
    };
    fields.done(known.1)?;
    Ok(Some(block))
}

fn cue(fields: &mut Fields, scene: &Scene) -> Result<Cue, LessonError> {
    let id = id(fields, "cue", scene.cues().count())?;
    let label = fields.need("label")?.text;
    let lines = fields.any(&["do", "also"]);
    if lines.is_empty() {
        fields.need("do")?;
    }
    let only = only(fields)?;
    Ok(Cue { id, label, orders: orders(&lines)?, only })
}

/// Reads lines `do: HOST COMMAND` and `also: HOST COMMAND`.
pub(super) fn orders(lines: &[(String, Text)]) -> Result<Vec<Order>, LessonError> {
    let order = |(key, text): &(String, Text)| {
        let Some((host, command)) = text.word() else {
            return Err(text.wrong("a host and a command for it"));
        };
        let together = key.starts_with("also");
        if host.text == WAIT {
            amount(&command)?;
        }
        Ok(Order { host: host.text, command: command.text, together })
    };
    lines.iter().map(order).collect()
}

fn knob(fields: &mut Fields, scene: &Scene) -> Result<Knob, LessonError> {
    let param = fields.need("param")?;
    let specs = stages::named(&scene.opening.stage).map_or(&[][..], |stage| stage.specs);
    let Some(spec) = specs.iter().find(|spec| spec.name == param.text) else {
        let known: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
        return Err(param.wrong(format!("one of the parameters {}", known.join(", "))));
    };
    let label = fields.maybe("label")?.map_or_else(|| spec.label.to_string(), |text| text.text);
    let range = match spec.domain {
        Domain::Number { .. } => numbers(fields, spec)?,
        Domain::Word(words) => {
            let given = fields.maybe("range")?;
            Range::Words(match given {
                None => words.iter().map(|word| word.name.to_string()).collect(),
                Some(text) => {
                    let chosen: Vec<_> = text.text.split(',').map(str::trim).collect();
                    for word in &chosen {
                        spec.read(word).map_err(|right| text.wrong(right))?;
                    }
                    chosen.into_iter().map(String::from).collect()
                }
            })
        }
    };
    Ok(Knob { param: param.text, label, range })
}

/// Reads `range: LEAST .. MOST` and `step: STEP`.
fn numbers(fields: &mut Fields, spec: &stages::Spec) -> Result<Range, LessonError> {
    let text = fields.need("range")?;
    let Some((least, most)) = text.split("..") else {
        return Err(text.wrong("`LEAST .. MOST`, such as 10 ms .. 400 ms"));
    };
    let end = |end: &Text| {
        spec.read(&end.text).map_err(|right| end.wrong(right))?;
        amount(end)
    };
    let (least, most) = (end(&least)?, end(&most)?);
    let step = fields.need("step")?;
    let width = amount(&step)?;
    if width <= 0.0 || least + width > most {
        return Err(step.wrong("a step that fits into the range"));
    }
    Ok(Range::Numbers { least, most, step: width })
}

/// Reads a number with its unit.
fn amount(text: &Text) -> Result<f64, LessonError> {
    let expr = Expr::read(&text.text, text.at)?;
    expr.constant().ok_or_else(|| text.wrong("a number, with its unit where it has one"))
}

fn goal(fields: &mut Fields, scene: &Scene) -> Result<Goal, LessonError> {
    let id = id(fields, "goal", scene.goals().count())?;
    let says = fields.need("says")?.text;
    let holds = exprs(fields, "holds", scene)?;
    if holds.is_empty() {
        fields.need("holds")?;
    }
    Ok(Goal { id, says, holds })
}

fn question(fields: &mut Fields, scene: &Scene) -> Result<Question, LessonError> {
    let id = id(fields, "question", scene.questions().count())?;
    let asks = fields.need("asks")?.text;
    let moment = match fields.maybe("when")? {
        Some(text) => Moment::Sent(sight(&text)?),
        None => Moment::Start,
    };
    let after = match fields.maybe("after")? {
        Some(text) => Some(Prose::read(&[text.text.as_str()], text.at.line)?),
        None => None,
    };
    let kind = match (choices(fields, scene)?, fields.maybe("type")?, fields.maybe("predict")?) {
        (options, None, None) if options.len() >= 2 => Kind::Choice(options),
        (options, Some(host), None) if options.is_empty() => Kind::Typed(Typed {
            host: host.text,
            starts: fields.maybe("starts")?.map(|text| text.text).unwrap_or_default(),
            holds: exprs(fields, "holds", scene)?,
        }),
        (options, None, Some(value)) if options.is_empty() => Kind::Number(Estimate {
            value: expr(&value, scene)?,
            unit: fields.maybe("unit")?.map(|text| text.text).unwrap_or_default(),
            within: match fields.maybe("within")? {
                Some(text) => amount(&text)?,
                None => 0.0,
            },
        }),
        _ => {
            let right = "either two or more `option`, or one `type`, or one `predict`";
            return Err(LessonError::new(fields.start, "a question", right));
        }
    };
    let rule = fields.maybe("rule")?.map(|text| text.text);
    let with = match fields.maybe("with")? {
        Some(text) => set_in(&scene.opening, &text)?,
        None => Vec::new(),
    };
    let breaks = fields.maybe("break")?.map(|text| text.text);
    needs_moment(&kind, &moment, fields.start)?;
    Ok(Question { id, asks, moment, with, breaks, kind, rule, after })
}

/// Reads settings that must be possible on this stage.
fn set_in(opening: &Opening, text: &Text) -> Result<Vec<Setting>, LessonError> {
    let with = settings(&text.text, text.at)?;
    set(&mut opening.params.clone(), specs(opening), &with, text.at)?;
    Ok(with)
}

/// Checks that a question about a message says when that message would be sent.
fn needs_moment(kind: &Kind, moment: &Moment, at: Place) -> Result<(), LessonError> {
    let sends = |choice: &Choice| matches!(choice.claim, Claim::Sends { .. });
    let needed = match kind {
        Kind::Choice(choices) => choices.iter().any(sends),
        Kind::Typed(_) => true,
        Kind::Number(_) => false,
    };
    match moment {
        Moment::Start if needed => {
            let right = "a line `when: HOST TITLE`, the message at which the run waits";
            Err(LessonError::new(at, "a question about a message without `when`", right))
        }
        Moment::Start | Moment::Sent(_) => Ok(()),
    }
}

/// Reads lines `option`, each with the line `no` that may stand behind it.
fn choices(fields: &mut Fields, scene: &Scene) -> Result<Vec<Choice>, LessonError> {
    let mut choices: Vec<Choice> = Vec::new();
    for (key, text) in fields.any(&["option", "no"]) {
        match (key.as_str(), choices.last_mut()) {
            ("option", _) => choices.push(choice(&text, scene)?),
            (_, Some(Choice { claim: Claim::Holds(_), no: no @ None, .. })) => {
                *no = Some(text.text);
            }
            (_, Some(_) | None) => {
                let right = "one `no` behind each `option` with an expression; bytes that are \
                             refused are so by a rule, which has words of its own";
                return Err(text.wrong(right));
            }
        }
    }
    Ok(choices)
}

/// Reads `LABEL => HOST sends BYTES` or `LABEL => EXPRESSION`.
fn choice(text: &Text, scene: &Scene) -> Result<Choice, LessonError> {
    let Some((label, claim)) = text.split("=>") else {
        return Err(text.wrong("`LABEL => HOST sends BYTES` or `LABEL => EXPRESSION`"));
    };
    let claim = match claim.split(" sends ") {
        Some((host, bytes)) => Claim::Sends { host: host.text, bytes: unescape(&bytes.text) },
        None => Claim::Holds(expr(&claim, scene)?),
    };
    Ok(Choice { label: label.text, claim, no: None })
}

/// The bytes of text in which `\r`, `\n`, `\\` and `\xNN` are written out, as options, edits and
/// typed answers have them.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    byte_pattern(text).into_iter().map(|byte| byte.unwrap_or(b'?')).collect()
}

/// The same with `\?` for any byte.
fn byte_pattern(text: &str) -> Vec<Option<u8>> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    loop {
        let (byte, after) = match rest {
            [] => return out,
            [b'\\', b'r', after @ ..] => (Some(b'\r'), after),
            [b'\\', b'n', after @ ..] => (Some(b'\n'), after),
            [b'\\', b'?', after @ ..] => (None, after),
            [b'\\', b'x', high, low, after @ ..] if hex(*high, *low).is_some() => {
                (hex(*high, *low), after)
            }
            [b'\\', other, after @ ..] => (Some(*other), after),
            [plain, after @ ..] => (Some(*plain), after),
        };
        out.push(byte);
        rest = after;
    }
}

/// The byte of two hexadecimal digits.
fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

fn formula(fields: &mut Fields, scene: &Scene) -> Result<Formula, LessonError> {
    let unit = fields.maybe("unit")?.map(|text| text.text).unwrap_or_default();
    Ok(Formula {
        name: fields.need("name")?.text,
        says: fields.maybe("says")?.map(|text| text.text),
        is: expr(&fields.need("is")?, scene)?,
        beside: match fields.maybe("beside")? {
            Some(text) => expr(&text, scene)?,
            None => Expr::read("measured", Place::line(fields.start.line))?,
        },
        measures: fields.maybe("measures")?.map(|text| text.text),
        unit,
        only: only(fields)?,
    })
}

/// Reads `only: PARAMETER=VALUE`, the settings with which a block is shown; none for all.
fn only(fields: &mut Fields) -> Result<Vec<Setting>, LessonError> {
    fields.maybe("only")?.map_or(Ok(Vec::new()), |text| settings(&text.text, text.at))
}

fn look(fields: &mut Fields) -> Result<Look, LessonError> {
    let open = fields.need("open")?;
    let seen = fields.maybe("at")?;
    Ok(Look {
        label: fields.need("label")?.text,
        panel: Panel::named(&open.text).ok_or_else(|| panel_wrong(&open))?,
        sight: seen.as_ref().map(sight).transpose()?,
        host: fields.maybe("host")?.map(|text| text.text),
    })
}

fn breaking(fields: &mut Fields) -> Result<Break, LessonError> {
    let fault = fields.need("fault")?;
    Ok(Break {
        label: fields.need("label")?.text,
        fault: read_fault(&fault)?,
        sight: sight(&fields.need("at")?)?,
    })
}

/// Reads `drop`, `double`, `delay TIME`, `edit FROM => TO` or `switch off HOST`.
fn read_fault(text: &Text) -> Result<Fault, LessonError> {
    match (text.text.as_str(), text.word()) {
        ("drop", _) => Ok(Fault::Drop),
        ("double", _) => Ok(Fault::Double),
        (_, Some((word, time))) if word.text == "delay" => Ok(Fault::Delay(amount(&time)?)),
        (_, Some((word, edit))) if word.text == "edit" => match edit.split("=>") {
            Some((from, to)) if !from.text.is_empty() => {
                Ok(Fault::Edit { from: byte_pattern(&from.text), to: unescape(&to.text) })
            }
            _ => Err(edit.wrong("`FROM => TO`")),
        },
        (words, _) => match words.strip_prefix("switch off ").map(str::trim) {
            Some(host) if !host.is_empty() => Ok(Fault::SwitchOff { host: host.to_string() }),
            Some(_) | None => Err(text
                .wrong("`drop`, `double`, `delay TIME`, `edit FROM => TO` or `switch off HOST`")),
        },
    }
}

/// Reads `HOST TITLE`.
fn sight(text: &Text) -> Result<Sight, LessonError> {
    let Some((host, title)) = text.word() else {
        return Err(text.wrong("a host and the title of a message, such as browser GET *"));
    };
    Ok(Sight { host: host.text, title: Pattern::new(title.text) })
}

/// Reads the model answer.
pub(super) fn answer(at: Place, lines: &[&str]) -> Result<Vec<Act>, LessonError> {
    let mut fields = Fields::read("an answer", at, lines)?;
    let keys = &["cue", "do", "also", "turn", "break", "reply"];
    let mut acts = Vec::new();
    for (key, text) in fields.any(keys) {
        acts.push(match key.as_str() {
            "cue" => Act::Cue(text.text),
            "break" => Act::Break(text.text),
            "turn" => match settings(&text.text, text.at)?.into_iter().next() {
                Some(setting) => Act::Turn(setting),
                None => return Err(text.wrong("`parameter=value`")),
            },
            "reply" => match text.split("=>") {
                Some((id, reply)) => Act::Reply { question: id.text, text: reply.text },
                None => return Err(text.wrong("`QUESTION => ANSWER`")),
            },
            _ => match orders(&[(key, text.clone())])?.into_iter().next() {
                Some(order) => Act::Order(order),
                None => return Err(text.wrong("a host and a command for it")),
            },
        });
    }
    fields.done(keys)?;
    Ok(acts)
}

/// The id of a block, or its kind and number where it has none.
fn id(fields: &mut Fields, kind: &str, before: usize) -> Result<String, LessonError> {
    let given = fields.maybe("id")?.map(|text| text.text);
    Ok(given.unwrap_or_else(|| format!("{kind}-{}", before + 1)))
}

fn exprs(fields: &mut Fields, key: &str, scene: &Scene) -> Result<Vec<Expr>, LessonError> {
    fields.all(key).iter().map(|text| expr(text, scene)).collect()
}

fn expr(text: &Text, scene: &Scene) -> Result<Expr, LessonError> {
    let expr = Expr::read(&text.text, text.at)?;
    names(&expr, text.at, &scene.opening)?;
    Ok(expr)
}

/// Checks that an expression uses only names that have a value on this stage.
pub(super) fn names(expr: &Expr, at: Place, opening: &Opening) -> Result<(), LessonError> {
    let specs = stages::named(&opening.stage).map_or(&[][..], |stage| stage.specs);
    let known: Vec<&str> =
        specs.iter().map(|spec| spec.name).chain(NAMES.iter().copied()).collect();
    for name in expr.names() {
        if !known.contains(&name) {
            let right = format!("one of {}", known.join(", "));
            return Err(LessonError::new(at, format!("the name `{name}`"), right));
        }
        if NAMES.contains(&name) && opening.measure.is_none() {
            let right = "a line `measure:` in the front matter or in the block `scene`";
            return Err(LessonError::new(at, format!("`{name}` without a measure"), right));
        }
    }
    Ok(())
}

const QUESTION_KEYS: &[&str] = &[
    "id", "asks", "when", "with", "break", "after", "rule", "option", "no", "type", "starts",
    "holds", "predict", "unit", "within",
];

const FORMULA_KEYS: &[&str] = &["name", "says", "is", "beside", "measures", "unit", "only"];
