//! What panels are shown of a run: plain values that a simulated and a live run both give.

use protocols::wire::{Note, Rule, Violation};
use yew::AttrValue;

/// One row of the run as text.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Index of the entry that it tells of.
    pub entry: usize,
    /// When, in nanoseconds since the run began.
    pub at: u64,
    /// The host's name.
    pub host: AttrValue,
    /// What happened, as a sentence without the host.
    pub text: AttrValue,
    /// The arrow that it tells of, if any.
    pub arrow: Option<u64>,
    /// The protocol's short name, for its colour.
    pub protocol: &'static str,
}

/// One link of a chain of causes.
#[derive(Clone, PartialEq, Debug)]
pub struct Cause {
    /// Index of the entry.
    pub entry: usize,
    /// When, in nanoseconds since the run began.
    pub at: u64,
    /// The host's name; empty for the student.
    pub host: AttrValue,
    /// What happened.
    pub text: AttrValue,
    /// The rules that were followed.
    pub rules: Vec<&'static Rule>,
}

/// A flight and the message that it carries, opened up.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// The flight's number.
    pub arrow: u64,
    /// The protocol as written, such as `HTTP`.
    pub protocol: AttrValue,
    /// What it is, in a few words.
    pub title: AttrValue,
    /// What else matters at a glance.
    pub detail: AttrValue,
    /// The sender's name.
    pub from: AttrValue,
    /// The receiver's name.
    pub to: AttrValue,
    /// When its first bit left, in nanoseconds since the run began.
    pub leaves: u64,
    /// When its last bit arrives.
    pub arrives: u64,
    /// Why it was lost, if it was.
    pub lost: Option<AttrValue>,
    /// Whether it is on its way at the moment, so that it can be meddled with.
    pub in_flight: bool,
    /// The message's bytes, as far as they were sent.
    pub bytes: Vec<u8>,
    /// Its fields; spans are counted from the message's first byte.
    pub notes: Vec<Note>,
    /// Whether its end has been seen.
    pub complete: bool,
    /// What is wrong with it; its span is counted from the message's first byte.
    pub fault: Option<Violation>,
    /// The bytes of this flight alone: what an edit changes.
    pub payload: Vec<u8>,
    /// Figures of the transport, by name.
    pub facts: Vec<(AttrValue, AttrValue)>,
}
