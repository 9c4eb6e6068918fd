//! What the machine says of an answer.

use protocols::wire::{Rule, Violation};
use world::compare::Difference;

/// What the machine says of an answer. Nothing in a lesson file marks an answer right or wrong.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// Right: this is what the run does.
    Happens,
    /// Right: the protocol allows it here, and this run does the same by name, in other bytes.
    Alike {
        /// What both are, as the machine reads them.
        title: String,
        /// In what they differ; at least one thing.
        differences: Vec<Difference>,
    },
    /// Right: the protocol allows it here, though this run does something else, or nothing.
    Legal {
        /// What the run does instead.
        instead: String,
    },
    /// Right: the other side reads it and answers as was wanted.
    Answered {
        /// What it is, as the machine read it.
        title: String,
        /// What came back.
        answer: String,
    },
    /// Right: it breaks a rule and is refused, as was wanted.
    Refused(Violation),
    /// Wrong: it breaks a rule.
    Illegal(Violation),
    /// Wrong: it could be so, but the run shows that it is not.
    Differs {
        /// What the run shows.
        shown: String,
        /// The rule by which the run went the other way, where it cited one.
        rule: Option<&'static Rule>,
    },
    /// Wrong, as the run shows, in the words that the lesson's author has for it.
    Denied {
        /// What happens instead, and why, in whole sentences.
        says: String,
        /// The rule that the question names.
        rule: Option<&'static Rule>,
    },
    /// A number, right if it is near enough to what was measured.
    Measured {
        /// What was predicted, with its unit.
        predicted: String,
        /// What was measured, with its unit.
        measured: String,
        /// Whether more was predicted than was measured.
        is_over: bool,
        /// How far off the prediction is, as a share of what was measured.
        off: f64,
        /// How far off it may be and still count.
        within: f64,
        /// The rule by which it took so much, where the question names one.
        rule: Option<&'static Rule>,
    },
    /// Not to be judged: the answer or the lesson cannot be read, as a sentence.
    Unclear(String),
}

impl Verdict {
    /// Whether the answer is right.
    pub fn right(&self) -> bool {
        match self {
            Verdict::Happens
            | Verdict::Alike { .. }
            | Verdict::Legal { .. }
            | Verdict::Answered { .. }
            | Verdict::Refused(_) => true,
            Verdict::Illegal(_)
            | Verdict::Differs { .. }
            | Verdict::Denied { .. }
            | Verdict::Unclear(_) => false,
            Verdict::Measured { off, within, .. } => off <= within,
        }
    }

    /// The verdict as a student reads it, in a sentence or a few.
    pub fn says(&self) -> String {
        match self {
            Verdict::Happens => "Right: that is what happens.".to_string(),
            Verdict::Alike { title, differences } => alike(title, differences),
            Verdict::Legal { instead } if instead.is_empty() => {
                "Right: it would be legal here. In this run nothing more is said.".to_string()
            }
            Verdict::Legal { instead } => {
                format!(
                    "Right: it would be legal here. In this run something else comes: {instead}."
                )
            }
            Verdict::Answered { title, answer } => {
                let answer = answer.trim_end_matches('.');
                format!("Right: it is read as {title}, and the answer is {answer}.")
            }
            Verdict::Refused(violation) => format!("Right: it is refused. {}", broken(violation)),
            Verdict::Illegal(violation) => format!("No. {}", broken(violation)),
            Verdict::Differs { shown, rule } => format!("No: {shown}.{}", because(*rule)),
            Verdict::Denied { says, rule } => format!("No. {says}{}", because(*rule)),
            Verdict::Measured { predicted, measured, rule, .. } => match self.right() {
                true => format!("Right: you said {predicted}, and the run shows {measured}."),
                false => {
                    let why = because(*rule);
                    format!("No: you said {predicted}, and the run shows {measured}.{why}")
                }
            },
            Verdict::Unclear(says) => says.clone(),
        }
    }

    /// The same while the student may try again: a number that was measured is not told yet, only
    /// whether it is larger or smaller.
    pub fn says_at_first(&self) -> String {
        match self {
            Verdict::Measured { predicted, is_over, rule, .. } if !self.right() => {
                let number = if *is_over { "smaller" } else { "larger" };
                let why = because(*rule);
                format!("No: you said {predicted}, and the run shows a {number} number.{why}")
            }
            judged => judged.says(),
        }
    }
}

/// What the same message in other bytes is told as.
fn alike(title: &str, differences: &[Difference]) -> String {
    let told = differences.iter().take(MOST_TOLD).map(|difference| difference.says.as_str());
    let told = told.collect::<Vec<_>>().join(" ");
    let more = match differences.len().saturating_sub(MOST_TOLD) {
        0 => String::new(),
        1 => " One more thing differs.".to_string(),
        more => format!(" {more} more things differ."),
    };
    format!(
        "Right: it would be legal here, and the same comes in this run, {title}, but in other \
         bytes. {told}{more}"
    )
}

/// A broken rule: at which byte, what was found, what would be right, and why it is a rule.
fn broken(violation: &Violation) -> String {
    let (at, why) = (violation.span.start, violation.rule.why);
    quoted(&format!("At byte {at}: {violation} {why}"))
}

/// What machines put between backticks, between quotation marks.
fn quoted(text: &str) -> String {
    let mut marks = ['\u{201c}', '\u{201d}'].into_iter().cycle();
    text.chars().map(|c| if c == '`' { marks.next().unwrap_or(c) } else { c }).collect()
}

/// A rule behind a sentence, if there is one.
fn because(rule: Option<&'static Rule>) -> String {
    rule.map(|rule| format!(" {} ({})", rule.says, rule.source)).unwrap_or_default()
}

/// As many differences as can be read below an answer.
const MOST_TOLD: usize = 3;
