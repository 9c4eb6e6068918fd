//! What lessons may know of a run: counts and times, and nothing that is not in its history.

use super::Measure;
use crate::stages::{Params, Value};

/// The facts of one run up to one moment, over which expressions are evaluated.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub(crate) params: &'a Params,
    pub(crate) measure: Option<&'a Measure>,
}

impl<'a> Facts<'a> {
    /// The facts of a stage on which nothing has happened: its parameters alone.
    pub fn of_params(params: &'a Params) -> Facts<'a> {
        Facts { params, measure: None }
    }

    /// The value of a name: a parameter, or one of [`NAMES`].
    pub(crate) fn named(&self, name: &str) -> Option<f64> {
        match self.params.value(name) {
            Some(Value::Number(number)) => Some(*number),
            Some(Value::Word(_)) | None => None,
        }
    }

    /// What a function of texts gives.
    pub(crate) fn seen(&self, _name: &str, _texts: &[&str]) -> Option<f64> {
        None
    }
}

/// The names that expressions may use beside the stage's parameters.
pub const NAMES: &[&str] = &["measured"];
