//! What is done with the node that a lookup has found: it is asked whether it is there, or to
//! store something, or for what it has.

use super::Node;
use super::command::{Event, Why};
use super::lookup::{Job, Purpose};
use super::pending::Need;
use crate::chord::{Body, Contact, Fault, rules};
use crate::endpoint::Context;
use crate::overlay::Key;

impl Node {
    /// Turns to the best of the nodes that should own the key.
    pub(super) fn reach(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let Some(job) = self.job(number) else { return };
        let Some(owner) = job.candidates.first().copied() else {
            return self.fail(number, Why::OwnerSilent, cx);
        };
        let own = owner.id == self.tables.own().id;
        let need = match (&job.purpose, own) {
            (Purpose::Lookup, true) => return self.confirmed(number, owner, cx),
            (Purpose::Put(value), true) => {
                let (key, value) = (job.key, value.clone());
                return match self.keep(key, &value, cx) {
                    Some(_) => self.stored(number, owner, cx),
                    None => self.fail(number, Why::NoRoom, cx),
                };
            }
            (Purpose::Get, true) => {
                let value = self.store.item(job.key).map(|item| item.value.clone());
                return match value {
                    Some(value) => self.valued(number, owner, &value, cx),
                    None => self.missing(number, cx),
                };
            }
            (Purpose::Lookup, false) => {
                cx.cite(&rules::CONFIRM);
                Need::Confirm(number)
            }
            (Purpose::Put(_), false) => {
                cx.cite(&rules::OWNER_STORES);
                Need::Put(number)
            }
            (Purpose::Get, false) => Need::Get(number),
            (Purpose::Join | Purpose::Finger(_) | Purpose::Home, _) => return,
        };
        if !self.ask(owner.into(), need, cx) {
            self.fail(number, Why::Busy, cx);
        }
    }

    /// The node that should own the key does not answer, or will not: the next one is tried.
    pub(super) fn reach_next(&mut self, number: u32, silent: bool, cx: &mut Context<'_, Self>) {
        let Some(job) = self.job_mut(number) else { return };
        job.time_outs += u16::from(silent);
        if !job.candidates.is_empty() {
            job.candidates.remove(0);
        }
        self.reach(number, cx);
    }

    /// What the node that should own the key says.
    pub(super) fn owner_says(
        &mut self,
        number: u32,
        owner: Contact,
        body: Body,
        cx: &mut Context<'_, Self>,
    ) {
        match body {
            Body::Pong => self.confirmed(number, owner, cx),
            Body::Stored { .. } => self.stored(number, owner, cx),
            Body::Value { value, .. } => self.valued(number, owner, &value, cx),
            Body::Missing => self.missing(number, cx),
            Body::Closer { contact } => self.detour(number, contact, cx),
            Body::Failed(Fault::Full) => self.fail(number, Why::NoRoom, cx),
            _ => self.reach_next(number, false, cx),
        }
    }

    fn confirmed(&mut self, number: u32, owner: Contact, cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        Node::measured(&job, cx);
        let Job { key, hops, time_outs, .. } = job;
        cx.emit(Event::Found { key, owner, hops, time_outs });
    }

    fn stored(&mut self, number: u32, owner: Contact, cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        Node::measured(&job, cx);
        cx.emit(Event::Stored { key: job.key, owner });
    }

    fn valued(&mut self, number: u32, owner: Contact, value: &[u8], cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        Node::measured(&job, cx);
        let value = String::from_utf8_lossy(value).into_owned();
        cx.emit(Event::Value { key: job.key, value, owner });
    }

    /// The owner has nothing. One that has just become it may not have been given the key yet: the
    /// nodes after it that should have copies are asked too.
    fn missing(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let replicas = usize::from(self.config.replicas.max(1));
        let Some(job) = self.job_mut(number) else { return };
        job.detours = job.detours.saturating_add(1);
        if usize::from(job.detours) < replicas && job.candidates.len() > 1 {
            cx.cite(&rules::REPLICAS);
            job.candidates.remove(0);
            return self.reach(number, cx);
        }
        let Some(job) = self.end(number, cx) else { return };
        Node::measured(&job, cx);
        cx.emit(Event::Missing { key: job.key });
    }

    /// The node that should own the key says that another does now.
    fn detour(&mut self, number: u32, to: Contact, cx: &mut Context<'_, Self>) {
        let Some(job) = self.job_mut(number) else { return };
        job.detours = job.detours.saturating_add(1);
        if job.detours > MAX_DETOURS || job.candidates.contains(&to) {
            cx.cite(&rules::NOT_NEARER);
            return self.fail(number, Why::NotNearer(to), cx);
        }
        cx.cite(&rules::OWNER_ANSWERS);
        job.candidates.insert(0, to);
        self.reach(number, cx);
    }

    /// The exponent's finger has been found.
    pub(super) fn fixed(&mut self, number: u32, exponent: u8, cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        let Some(contact) = job.candidates.first() else { return };
        cx.cite(&rules::KNOWN_FINGER);
        self.next_finger = self.tables.set_finger(exponent, *contact).unwrap_or(0);
    }

    /// It is known who owns one of the keys that we hold for others.
    pub(super) fn home_found(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        let own = self.tables.own().id;
        let Some(owner) = job.candidates.first().filter(|owner| owner.id != own) else { return };
        let replicas = usize::from(self.config.replicas.max(1));
        let holders = job.candidates.iter().take(replicas);
        let forgets = !holders.into_iter().any(|holder| holder.id == own);
        cx.cite(&rules::BRING_HOME);
        self.give(*owner, vec![job.key], forgets, cx);
    }

    /// The next key after the one that was brought home last that is not our own.
    pub(super) fn next_stray(&self, after: Key) -> Option<Key> {
        let strays = || self.store.items().iter().map(|item| item.key);
        let is_stray = |key: &Key| !self.tables.owns(*key);
        strays().filter(|key| *key > after).find(is_stray).or_else(|| strays().find(is_stray))
    }
}

/// How often a lookup may be sent on from one owner to another: a few nodes may have joined while
/// it was under way.
const MAX_DETOURS: u8 = 4;
