//! What a stage can be set to: named parameters with ranges, as text and as numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lesson::Setting;
use crate::measure::{Expr, Kind, show_in};
use crate::reader::Place;

/// A parameter that a stage has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spec {
    /// Its name in lesson files and links: `rtt`.
    pub name: &'static str,
    /// Its name for people: `Round-trip time`.
    pub label: &'static str,
    /// What it does, as a sentence.
    pub says: &'static str,
    /// What it can be.
    pub domain: Domain,
}

/// What a parameter can be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Domain {
    /// A number of base units.
    Number {
        /// What it measures.
        kind: Kind,
        /// The smallest value.
        least: f64,
        /// The largest value.
        most: f64,
        /// What it is unless it is set.
        default: f64,
    },
    /// One of several words; the first is what it is unless it is set.
    Word(&'static [Word]),
}

/// One of the words that a parameter can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// What it means, as a sentence.
    pub says: &'static str,
}

/// What a parameter is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Value {
    /// A number of base units.
    Number(f64),
    /// A word.
    Word(String),
}

/// The parameters of a stage, each with its value.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Params(BTreeMap<String, Value>);

impl Params {
    /// The parameters of these specs, each at its default.
    pub fn defaults(specs: &[Spec]) -> Params {
        let default = |spec: &Spec| match spec.domain {
            Domain::Number { default, .. } => Value::Number(default),
            Domain::Word(words) => {
                Value::Word(words.first().map(|w| w.name.to_string()).unwrap_or_default())
            }
        };
        Params(specs.iter().map(|spec| (spec.name.to_string(), default(spec))).collect())
    }

    /// The parameters of these specs with some of them set, for tests.
    #[cfg(test)]
    pub(crate) fn with(specs: &[Spec], values: &[(&str, &str)]) -> Params {
        let mut params = Params::defaults(specs);
        for (name, value) in values {
            params.set(specs, name, value).unwrap();
        }
        params
    }

    /// These parameters, with those of `under` where these have none.
    pub fn over(&self, under: &Params) -> Params {
        let mut all = under.0.clone();
        all.extend(self.0.clone());
        Params(all)
    }

    /// Sets a parameter to a value in its text form, such as `60 ms` or `serial`.
    ///
    /// # Errors
    /// What would be right, as a sentence without its full stop; nothing is set then.
    pub fn set(&mut self, specs: &[Spec], name: &str, text: &str) -> Result<(), String> {
        let Some(spec) = specs.iter().find(|spec| spec.name == name) else {
            let known: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
            return Err(format!("one of the parameters {}", known.join(", ")));
        };
        let value = spec.read(text)?;
        self.0.insert(name.to_string(), value);
        Ok(())
    }

    /// What the settings of a link are laid over. A link names every parameter that its stage had
    /// when it was made; one that came later is as the stage was before it.
    pub fn under_link(specs: &[Spec]) -> Params {
        let mut params = Params::defaults(specs);
        for (name, word) in BEFORE_THEY_COULD_BE_SET {
            // A stage without the parameter has nothing to set.
            let _ = params.set(specs, name, word);
        }
        params
    }

    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A parameter that is a number, in base units; 0 where there is none.
    pub fn number(&self, name: &str) -> f64 {
        match self.0.get(name) {
            Some(Value::Number(number)) => *number,
            Some(Value::Word(_)) | None => 0.0,
        }
    }

    /// A parameter that is a word; empty where there is none.
    pub fn word(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Value::Word(word)) => word,
            Some(Value::Number(_)) | None => "",
        }
    }

    /// Whether each of these settings is as the parameters are.
    pub fn are(&self, settings: &[Setting]) -> bool {
        let is = |setting: &Setting| {
            self.0.get(&setting.param).is_some_and(|value| value.text() == setting.value)
        };
        settings.iter().all(is)
    }

    /// Names and values in the order of their names, each value in its text form: what
    /// [`Params::set`] takes back without loss.
    pub fn texts(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, value)| (name.clone(), value.text())).collect()
    }
}

impl Spec {
    /// Reads a value in its text form.
    ///
    /// # Errors
    /// What would be right, as a sentence without its full stop.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        match self.domain {
            Domain::Number { kind, least, most, .. } => {
                let right = || {
                    format!(
                        "{} from {} to {}",
                        self.label.to_lowercase(),
                        { kind.show(least) },
                        kind.show(most)
                    )
                };
                let expr = Expr::read(text, Place::line(1)).map_err(|_| right())?;
                match expr.constant() {
                    Some(number) if (least..=most).contains(&number) => Ok(Value::Number(number)),
                    Some(_) | None => Err(right()),
                }
            }
            Domain::Word(words) => match words.iter().find(|word| word.name == text.trim()) {
                Some(word) => Ok(Value::Word(word.name.to_string())),
                None => {
                    let known: Vec<&str> = words.iter().map(|word| word.name).collect();
                    Err(format!("one of {}", known.join(", ")))
                }
            },
        }
    }

    /// A value as people read it: `60 ms`.
    pub fn show(&self, value: &Value) -> String {
        match (self.domain, value) {
            (Domain::Number { kind, .. }, Value::Number(number)) => kind.show(*number),
            (_, Value::Number(number)) => show_in(*number, ""),
            (_, Value::Word(word)) => word.clone(),
        }
    }
}

impl Value {
    /// The value as text that loses nothing: a number in base units, or the word.
    pub fn text(&self) -> String {
        match self {
            Value::Number(number) => number.to_string(),
            Value::Word(word) => word.clone(),
        }
    }
}

/// What stages did before they had a parameter for it, where that is not its default: hosts had a
/// file of names at first.
const BEFORE_THEY_COULD_BE_SET: &[(&str, &str)] = &[("names", "known")];
