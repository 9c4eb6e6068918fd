//! Judges answers. The machine finds out what is right: it plays the scene on, lets the protocol's
//! own machines read what somebody might send, and measures.

mod hearing;
mod next;
mod verdict;
mod weigh;

use std::borrow::Cow;

use protocols::wire::{Chunk, Message, Rule, Side};
use world::Conversation;

pub use hearing::Hearing;
use next::Next;
pub use verdict::Verdict;
use weigh::{Weight, stray, weigh};

use crate::lesson::{
    Break, Choice, Claim, Estimate, Kind, Moment, Order, Question, Scene, Sight, Typed,
};
use crate::measure::{Digest, Expr, Facts, Unit, show_in};
use crate::reader::{Place, unescape};
use crate::run::{Run, RunError, Setup, Sighting, set};
use crate::stages::Params;

/// An answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The option of this index.
    Option(usize),
    /// What was typed: a number, with its unit or without, or a message. In a message the line
    /// breaks are CRLF, and `\r` and `\n` may also be written out.
    Text(String),
}

impl Question {
    /// Judges an answer on the scene's stage with these parameters.
    pub fn judge(&self, scene: &Scene, params: &Params, answer: &Answer) -> Verdict {
        self.judge_by(scene, params, answer, None)
    }

    /// The same with the rehearsal of the scene that it may need, where that is at hand.
    fn judge_by(
        &self,
        scene: &Scene,
        params: &Params,
        answer: &Answer,
        rehearsed: Option<&Run>,
    ) -> Verdict {
        let verdict = self.params(scene, params).and_then(|params| {
            Court { scene, params: &params, question: self, rehearsed }.judge(answer)
        });
        verdict.unwrap_or_else(|error| Verdict::Unclear(error.to_string()))
    }

    /// The parameters under which it is judged, where the knobs stand so.
    fn params(&self, scene: &Scene, knobs: &Params) -> Result<Params, RunError> {
        let mut params = knobs.clone();
        self.with.iter().try_for_each(|setting| set(&mut params, &scene.opening, setting))?;
        Ok(params)
    }
}

/// Where a question is judged.
struct Court<'a> {
    scene: &'a Scene,
    params: &'a Params,
    question: &'a Question,
    rehearsed: Option<&'a Run>,
}

impl Court<'_> {
    fn judge(&self, answer: &Answer) -> Result<Verdict, RunError> {
        match (&self.question.kind, answer) {
            (Kind::Choice(choices), Answer::Option(index)) => match choices.get(*index) {
                Some(choice) => self.claim(choice),
                None => Ok(Verdict::Unclear("There is no such option.".to_string())),
            },
            (Kind::Typed(typed), Answer::Text(text)) => self.typed(typed, text),
            (Kind::Number(estimate), Answer::Text(text)) => self.number(estimate, text),
            (Kind::Choice(_), Answer::Text(_)) => {
                Ok(Verdict::Unclear("Choose one of the options.".to_string()))
            }
            (Kind::Typed(_) | Kind::Number(_), Answer::Option(_)) => {
                Ok(Verdict::Unclear("Write the answer.".to_string()))
            }
        }
    }

    /// The run in which it is found out what happens: every cue, and what the question has broken.
    fn rehearsed(&self) -> Result<Cow<'_, Run>, RunError> {
        let label = self.question.breaks.as_ref();
        let broken = self.scene.breaks().find(|known| Some(&known.label) == label);
        match (broken, self.rehearsed) {
            (Some(broken), _) => rehearse_broken(self.scene, self.params, broken).map(Cow::Owned),
            (None, Some(run)) => Ok(Cow::Borrowed(run)),
            (None, None) => rehearse(self.scene, self.params).map(Cow::Owned),
        }
    }

    /// Judges what an option claims.
    fn claim(&self, choice: &Choice) -> Result<Verdict, RunError> {
        match (&choice.claim, &self.question.moment) {
            (Claim::Sends { host, bytes }, Moment::Sent(sight)) => self.sends(host, bytes, sight),
            (Claim::Sends { .. }, Moment::Start) => {
                Ok(Verdict::Unclear("Nothing has been sent yet.".to_string()))
            }
            (Claim::Holds(expr), _) => {
                let run = self.rehearsed()?;
                let digest = run.digest();
                let (facts, rule) = (self.facts(&digest), self.rule(&run));
                Ok(match (expr.holds(&facts), &choice.no) {
                    (true, _) => Verdict::Happens,
                    (false, Some(says)) => Verdict::Denied { says: says.clone(), rule },
                    (false, None) => Verdict::Differs { shown: expr.account(&facts), rule },
                })
            }
        }
    }

    /// Judges whether a host may send these bytes at the question's moment.
    fn sends(&self, host: &str, bytes: &[u8], sight: &Sight) -> Result<Verdict, RunError> {
        let mut run = Run::open(&self.scene.opening, self.params)?;
        let orders = orders(self.scene, self.params);
        let rest = run.orders_to(&orders, sight)?;
        let Sighting { conversation, side: asked, .. } = run.sighting(sight)?;
        let side = if host == sight.host { asked } else { asked.other() };
        let story = run.story();
        let Some(talk) = story.conversations().get(conversation) else {
            return Ok(Verdict::Unclear(UNFINISHED.to_string()));
        };
        Ok(match weigh(talk.protocol, talk.chunks(), side, bytes) {
            Weight::Broken(violation) => Verdict::Illegal(violation),
            Weight::Unfinished => Verdict::Unclear(UNFINISHED.to_string()),
            Weight::Legal(messages) => match stray(&talk.messages(), side, &messages) {
                Some(note) => Verdict::Differs {
                    shown: format!(
                        "its {} is {}, which no question asked here has, so whoever asked throws \
                         it away",
                        note.name, note.value
                    ),
                    rule: note.rule,
                },
                None => {
                    let next = Next { conversation, side, said: talk.bytes(side).len() };
                    run.orders(rest)?;
                    run.finish();
                    next.judge(&run, &messages, bytes)
                }
            },
        })
    }

    /// Judges a message that the student has written in the place of the one in the air.
    fn typed(&self, typed: &Typed, text: &str) -> Result<Verdict, RunError> {
        let Moment::Sent(sight) = &self.question.moment else {
            return Ok(Verdict::Unclear("Nothing has been sent yet.".to_string()));
        };
        let bytes = unescape(&text.replace("\r\n", "\n").replace('\n', "\r\n"));
        let mut run = Run::open(&self.scene.opening, self.params)?;
        run.orders_to(&orders(self.scene, self.params), sight)?;
        let Sighting { conversation, side, span, .. } = run.sighting(sight)?;
        let story = run.story();
        let Some(talk) = story.conversations().get(conversation) else {
            return Ok(Verdict::Unclear(UNFINISHED.to_string()));
        };
        let weight = weigh(talk.protocol, before(talk, side, span.start), side, &bytes);
        let said = talk.bytes(side.other()).len();
        let answer = Next { conversation, side: side.other(), said };
        run.replace(sight, &bytes)?;
        run.finish();
        let answer = answer.title(&run).unwrap_or_else(|| "nothing".to_string());
        let digest = run.digest();
        let wanted = typed.holds.iter().all(|expr| expr.holds(&self.facts(&digest)));
        Ok(match (weight, wanted) {
            (Weight::Broken(violation), true) if !typed.holds.is_empty() => {
                Verdict::Refused(violation)
            }
            (Weight::Broken(violation), _) => Verdict::Illegal(violation),
            (Weight::Unfinished, _) => Verdict::Unclear(UNFINISHED.to_string()),
            (Weight::Legal(messages), true) => {
                Verdict::Answered { title: title(&messages), answer }
            }
            (Weight::Legal(messages), false) => Verdict::Differs {
                shown: format!("it is read as {}, and the answer is {answer}", title(&messages)),
                rule: self.rule(&run),
            },
        })
    }

    /// Compares a predicted number with what is measured.
    fn number(&self, estimate: &Estimate, text: &str) -> Result<Verdict, RunError> {
        let unit = estimate.unit.as_str();
        let Some(predicted) = amount(text, unit) else {
            return Ok(Verdict::Unclear(format!("Write a number, such as 12 {unit}.")));
        };
        let run = self.rehearsed()?;
        let digest = run.digest();
        let Some(measured) = estimate.value.value(&self.facts(&digest)) else {
            return Ok(Verdict::Unclear("Nothing was measured in this run.".to_string()));
        };
        let size = measured.abs().max(f64::MIN_POSITIVE);
        Ok(Verdict::Measured {
            predicted: show_in(predicted, unit),
            measured: show_in(measured, unit),
            is_over: predicted > measured,
            off: (predicted - measured).abs() / size,
            within: estimate.within.max(ROUNDING),
            rule: self.rule(&run),
        })
    }

    fn facts<'a>(&'a self, run: &'a Digest) -> Facts<'a> {
        Facts::of(self.scene, self.params, run)
    }

    /// The rule that the question names, out of those of the protocols spoken in this run.
    fn rule(&self, run: &Run) -> Option<&'static Rule> {
        let id = self.question.rule.as_deref()?;
        let story = run.story();
        let dialled = run.present().entries.iter().flat_map(|entry| &entry.dialled);
        let dialled = dialled.map(|dialled| dialled.protocol);
        let spoken = story.conversations().iter().map(|talk| talk.protocol);
        spoken.chain(dialled).flat_map(|protocol| protocol.rules).find(|r| r.id == id).copied()
    }
}

/// Plays a scene to its end: its opening, and every cue in order.
///
/// # Errors
/// A stage, host or command that the lesson names wrongly.
pub fn rehearse(scene: &Scene, params: &Params) -> Result<Run, RunError> {
    Setup::new(&scene.opening, params, scene.opening.seed)?.rehearsing(scene, params).finish()
}

/// The same with a message broken: the first of its kind that is in the air after the last cue,
/// or since the opening.
fn rehearse_broken(scene: &Scene, params: &Params, broken: &Break) -> Result<Run, RunError> {
    let mut run = Run::open(&scene.opening, params)?;
    run.orders(&orders(scene, params))?;
    run.break_first(broken)?;
    run.finish();
    Ok(run)
}

/// The commands of every cue in order, of those that are offered with these parameters.
pub(crate) fn orders(scene: &Scene, params: &Params) -> Vec<Order> {
    scene.cues().filter(|cue| params.are(&cue.only)).flat_map(|cue| cue.orders.clone()).collect()
}

/// What was said before the chunk in which this byte of a side is.
fn before(talk: &Conversation, side: Side, offset: usize) -> &[Chunk] {
    let chunks = talk.chunks();
    let this = chunks
        .iter()
        .enumerate()
        .position(|(index, chunk)| chunk.side == side && talk.span_of(index).contains(offset));
    this.and_then(|at| chunks.get(..at)).unwrap_or(chunks)
}

/// What messages are, by the first of them.
fn title(messages: &[Message]) -> String {
    messages.first().map(|message| message.title.clone()).unwrap_or_default()
}

/// A number as the student writes it, in base units; without a unit it is in the question's.
fn amount(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim().replace(',', ".");
    let plain = text.parse::<f64>().ok().filter(|number| number.is_finite());
    match (plain, Unit::named(unit)) {
        (Some(number), Some(unit)) => Some(unit.base(number)),
        (Some(number), None) => Some(number),
        (None, known) => {
            let bare = text.strip_suffix(unit).unwrap_or(&text).trim();
            match (known, bare.parse::<f64>()) {
                (None, Ok(number)) => Some(number),
                _ => Expr::read(&text, Place::line(1)).ok()?.constant(),
            }
        }
    }
}

const UNFINISHED: &str = "The message is not finished: its end is missing. A line ends with \
                          Return, the head of a request with an empty line, and content is as \
                          long as the head says.";

/// A prediction this close, relative to the measured number, is always right: it is what remains
/// of rounding.
const ROUNDING: f64 = 1e-6;
