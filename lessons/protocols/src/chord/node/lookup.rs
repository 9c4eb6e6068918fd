//! Lookups: from a key to the node that owns it, one node after another.

use bytes::Bytes;

use super::command::{Event, KeyText, Why};
use super::pending::{Need, Peer};
use super::{Lookups, Node, NodeTimer};
use crate::chord::{Contact, MAX_AVOIDED, Next, rules};
use crate::endpoint::Context;
use crate::overlay::{Key, quantity};
use crate::wire::Time;

/// A lookup under way, and what it is for.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) number: u32,
    pub(super) key: Key,
    pub(super) purpose: Purpose,
    /// The nodes that have been asked and have named the next one, and last the one that is asked
    /// now.
    pub(super) path: Vec<Peer>,
    /// Those that are no help.
    pub(super) avoid: Vec<Key>,
    /// Those that should own the key, once that is known, the best first.
    pub(super) candidates: Vec<Contact>,
    /// How many nodes were asked until it was known.
    pub(super) hops: u16,
    pub(super) time_outs: u16,
    /// How often another node was named instead of a candidate.
    pub(super) detours: u8,
    /// How often a recursive lookup has been started.
    pub(super) starts: u8,
    /// The number under which a recursive lookup is answered.
    pub(super) token: Option<u32>,
    pub(super) begun: Time,
}

/// What a lookup is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// To know.
    Lookup,
    /// To store this under the key.
    Put(Bytes),
    /// To have what is stored under the key.
    Get,
    /// To find our own successor through a member.
    Join,
    /// To fill in the finger of this exponent.
    Finger(u8),
    /// To bring the key home that we hold.
    Home,
}

impl Purpose {
    /// What is to be stored.
    pub(super) fn value(&self) -> Option<Bytes> {
        match self {
            Purpose::Put(value) => Some(value.clone()),
            Purpose::Lookup | Purpose::Get | Purpose::Join | Purpose::Finger(_) | Purpose::Home => {
                None
            }
        }
    }

    /// Whether a user waits for it.
    pub(super) fn is_of_user(&self) -> bool {
        match self {
            Purpose::Lookup | Purpose::Put(_) | Purpose::Get => true,
            Purpose::Join | Purpose::Finger(_) | Purpose::Home => false,
        }
    }
}

impl Node {
    /// Begins a lookup that the user has asked for.
    pub(super) fn user_asks(
        &mut self,
        purpose: Purpose,
        key: &KeyText,
        cx: &mut Context<'_, Self>,
    ) {
        match self.is_on_the_ring() {
            true => self.begin(purpose, key.key(self.config.bits), cx),
            false => cx.emit(Event::Refused("the node is not a member of a ring")),
        }
    }

    /// Looks up a key by chance, as a user would.
    pub(super) fn ask_by_chance(&mut self, cx: &mut Context<'_, Self>) {
        let mut bytes = [0; Key::BYTES];
        for part in bytes.chunks_mut(size_of::<u64>()) {
            let drawn = cx.random().to_be_bytes();
            part.iter_mut().zip(drawn).for_each(|(byte, by_chance)| *byte = by_chance);
        }
        self.begin(Purpose::Lookup, Key::new(bytes).modulo(self.config.bits), cx);
    }

    /// Begins a lookup.
    pub(super) fn begin(&mut self, purpose: Purpose, key: Key, cx: &mut Context<'_, Self>) {
        self.begin_at(None, purpose, key, cx);
    }

    /// Begins a lookup at another node, or with what this one knows itself.
    pub(super) fn begin_at(
        &mut self,
        through: Option<Peer>,
        purpose: Purpose,
        key: Key,
        cx: &mut Context<'_, Self>,
    ) {
        let number = self.next_job;
        self.next_job = number.wrapping_add(1);
        // Others may still have us in their tables: we are not looking for ourselves.
        let avoid = if purpose == Purpose::Join { vec![self.tables.own().id] } else { Vec::new() };
        let job = Job {
            number,
            key,
            purpose,
            path: through.into_iter().collect(),
            avoid,
            candidates: Vec::new(),
            hops: 0,
            time_outs: 0,
            detours: 0,
            starts: 0,
            token: None,
            begun: cx.now(),
        };
        let has_room = self.jobs.len() < MAX_JOBS;
        self.jobs.push(job);
        match has_room {
            true => self.proceed(number, cx),
            false => self.fail(number, Why::Busy, cx),
        }
    }

    pub(super) fn job(&self, number: u32) -> Option<&Job> {
        self.jobs.iter().find(|job| job.number == number)
    }

    pub(super) fn job_mut(&mut self, number: u32) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.number == number)
    }

    /// Asks the last node of the path, or looks into our own tables where there is none.
    pub(super) fn proceed(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let Some(job) = self.job(number) else { return };
        if let Some(next) = job.path.last() {
            return self.step(number, *next, cx);
        }
        if job.purpose == Purpose::Join {
            return self.fail(number, Why::NobodyKnown, cx);
        }
        let recursive = self.config.lookups == Lookups::Recursive && job.purpose.is_of_user();
        match self.tables.next(job.key, &job.avoid) {
            Next::Own => self.found(number, self.own_and_successors(), 0, cx),
            Next::Successor(list) => {
                cx.cite(&rules::FIND_SUCCESSOR);
                self.found(number, list, 0, cx);
            }
            Next::Closer(first) if recursive => self.pass_first(number, first, cx),
            Next::Closer(first) => self.go_on(number, first, cx),
            Next::Nobody => self.fail(number, Why::NobodyKnown, cx),
        }
    }

    /// This node and those after it: the answer where it owns the key itself.
    pub(super) fn own_and_successors(&self) -> Vec<Contact> {
        core::iter::once(self.tables.own())
            .chain(self.tables.successors().iter().copied())
            .collect()
    }

    /// Asks the next node on the way.
    fn go_on(&mut self, number: u32, next: Contact, cx: &mut Context<'_, Self>) {
        let Some(job) = self.job_mut(number) else { return };
        if job.path.len() >= MAX_HOPS {
            return self.fail(number, Why::TooMany, cx);
        }
        job.path.push(next.into());
        cx.cite(&rules::CLOSEST_PRECEDING);
        self.step(number, next.into(), cx);
    }

    fn step(&mut self, number: u32, next: Peer, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::ITERATIVE);
        if !self.ask(next, Need::Step(number), cx) {
            self.fail(number, Why::Busy, cx);
        }
    }

    /// The node that was asked names one that is nearer.
    pub(super) fn named(
        &mut self,
        number: u32,
        by: Contact,
        closer: Contact,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(job) = self.job(number) else { return };
        if !closer.id.is_between(by.id, job.key) || job.avoid.contains(&closer.id) {
            cx.cite(&rules::NOT_NEARER);
            return self.fail(number, Why::NotNearer(by), cx);
        }
        self.go_on(number, closer, cx);
    }

    /// The node that was asked names the successor of the key.
    pub(super) fn resolved(
        &mut self,
        number: u32,
        by: Contact,
        contacts: Vec<Contact>,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(job) = self.job(number) else { return };
        let first = contacts.first().map_or(by.id, |first| first.id);
        if first != by.id && !job.key.is_after_up_to(by.id, first) {
            cx.cite(&rules::NOT_NEARER);
            return self.fail(number, Why::NotNearer(by), cx);
        }
        let hops = job.path.len() as u16;
        self.found(number, contacts, hops, cx);
    }

    /// The node that is asked now is no help: it is dead, no member, or knows nobody. The one
    /// before it is asked again.
    pub(super) fn step_back(&mut self, number: u32, silent: bool, cx: &mut Context<'_, Self>) {
        let Some(job) = self.job_mut(number) else { return };
        job.time_outs += u16::from(silent);
        if let Some(Peer { id: Some(id), .. }) = job.path.pop() {
            job.avoid.push(id);
        }
        if job.avoid.len() > MAX_AVOIDED {
            cx.cite(&rules::GIVE_UP);
            return self.fail(number, Why::TooMany, cx);
        }
        cx.cite(&rules::NEXT_BEST);
        self.proceed(number, cx);
    }

    /// It is known who should own the key.
    pub(super) fn found(
        &mut self,
        number: u32,
        contacts: Vec<Contact>,
        hops: u16,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(job) = self.job_mut(number) else { return };
        (job.candidates, job.hops, job.token) = (contacts, hops, None);
        match job.purpose {
            Purpose::Join => self.joined(number, cx),
            Purpose::Finger(exponent) => self.fixed(number, exponent, cx),
            Purpose::Home => self.home_found(number, cx),
            Purpose::Lookup | Purpose::Put(_) | Purpose::Get => self.reach(number, cx),
        }
    }

    /// A lookup has come to nothing.
    pub(super) fn fail(&mut self, number: u32, why: Why, cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        match job.purpose {
            Purpose::Lookup | Purpose::Put(_) | Purpose::Get => {
                cx.measure(quantity::FAILED, 1);
                cx.measure(quantity::TIMEOUTS, job.time_outs.into());
                cx.emit(Event::Failed { key: job.key, why });
            }
            Purpose::Join => self.not_joined(cx),
            Purpose::Finger(exponent) => self.next_finger = exponent.saturating_add(1),
            Purpose::Home => {}
        }
    }

    /// Strikes a lookup out.
    pub(super) fn end(&mut self, number: u32, cx: &mut Context<'_, Self>) -> Option<Job> {
        let at = self.jobs.iter().position(|job| job.number == number)?;
        let job = self.jobs.swap_remove(at);
        if job.starts > 0 {
            cx.disarm(NodeTimer::Patience(number));
        }
        if self.jobs.is_empty() {
            self.jobs = Vec::new();
        }
        Some(job)
    }

    /// Writes down how a lookup went.
    pub(super) fn measured(job: &Job, cx: &mut Context<'_, Self>) {
        cx.measure(quantity::HOPS, job.hops.into());
        cx.measure(quantity::TIMEOUTS, job.time_outs.into());
        let took = cx.now().since(job.begun).as_micros();
        cx.measure(quantity::LATENCY_US, u64::try_from(took).unwrap_or(u64::MAX));
    }
}

/// How many lookups go on at once at a node: its user's, and its own for fingers and keys.
const MAX_JOBS: usize = 64;

/// How many nodes a lookup asks at most: half of the largest ring that is used without fingers.
pub(super) const MAX_HOPS: usize = 1_024;
