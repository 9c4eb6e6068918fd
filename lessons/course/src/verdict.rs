//! What the machine says of an answer.

use protocols::wire::{Rule, Violation};

/// What the machine says of an answer. Nothing in a lesson file marks an answer right or wrong.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// Right: this is what the run does.
    Happens,
    /// Right: the protocol allows it here, though this run does something else.
    Legal {
        /// What the run does instead.
        instead: String,
    },
    /// Wrong: it breaks a rule.
    Illegal(Violation),
    /// Wrong: it could be so, but the run shows that it is not.
    Differs {
        /// What the run shows.
        shown: String,
        /// The rule by which the run went the other way, where it cited one.
        rule: Option<&'static Rule>,
    },
    /// A number, right if it is near enough to what was measured.
    Measured {
        /// What was predicted, with its unit.
        predicted: String,
        /// What was measured, with its unit.
        measured: String,
        /// How far off the prediction is, as a share of what was measured.
        off: f64,
        /// How far off it may be and still count.
        within: f64,
    },
    /// Not to be judged: the answer or the lesson cannot be read, as a sentence.
    Unclear(String),
}

impl Verdict {
    /// Whether the answer is right.
    pub fn right(&self) -> bool {
        match self {
            Verdict::Happens | Verdict::Legal { .. } => true,
            Verdict::Illegal(_) | Verdict::Differs { .. } | Verdict::Unclear(_) => false,
            Verdict::Measured { off, within, .. } => off <= within,
        }
    }

    /// The verdict as a student reads it, in a sentence or a few.
    pub fn says(&self) -> String {
        match self {
            Verdict::Happens => "Right: that is what happens.".to_string(),
            Verdict::Legal { instead } => {
                format!(
                    "Right: it would be legal here. In this run something else comes: {instead}."
                )
            }
            Verdict::Illegal(violation) => format!(
                "That would break a rule, at byte {}. {violation} {}",
                violation.span.start, violation.rule.why
            ),
            Verdict::Differs { shown, rule: Some(rule) } => {
                format!("Not here: {shown}. {} ({})", rule.says, rule.source)
            }
            Verdict::Differs { shown, rule: None } => format!("Not here: {shown}."),
            Verdict::Measured { predicted, measured, .. } if self.right() => {
                format!("Right: you said {predicted}, and it took {measured}.")
            }
            Verdict::Measured { predicted, measured, .. } => {
                format!("You said {predicted}; measured is {measured}.")
            }
            Verdict::Unclear(says) => says.clone(),
        }
    }
}
