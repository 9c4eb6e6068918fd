//! What comes in: requests, which are answered, and answers, which are taken where they are
//! waited for.

use core::net::SocketAddr;

use super::command::{Event, Why};
use super::pending::{Need, Passed, Pending};
use super::{Node, State};
use crate::chord::{Body, Contact, Fault, Message, Next, rules};
use crate::endpoint::Context;
use crate::overlay::Key;

impl Node {
    /// Answers a request.
    pub(super) fn serve(&mut self, from: SocketAddr, message: Message, cx: &mut Context<'_, Self>) {
        let Message { transaction, sender, body } = message;
        if !self.is_on_the_ring() {
            cx.cite(&rules::NOT_A_MEMBER);
            if body != Body::Notify {
                self.send(from, transaction, Body::Failed(Fault::NotAMember), cx);
            }
            return;
        }
        self.counters.served = self.counters.served.saturating_add(1);
        let answer = match body {
            Body::Ping => Body::Pong,
            Body::FindSuccessor { key, avoid } => self.next_step(key, &avoid, cx),
            Body::Forward { key, asker, token, hops } => {
                cx.cite(&rules::RECURSIVE);
                self.send(from, transaction, Body::Taken, cx);
                let passed = Passed { key, asker, token, hops, avoid: Vec::new() };
                return self.take_on(passed, cx);
            }
            Body::GetPredecessor => {
                cx.cite(&rules::STABILISE);
                let successors = match self.tables.is_alone() {
                    true => vec![self.tables.own()],
                    false => self.tables.successors().to_vec(),
                };
                Body::Neighbours { predecessor: self.tables.predecessor(), successors }
            }
            Body::Notify => return self.notified(Contact::sender(sender, from), cx),
            Body::Put { key, value } => self.asked_to_store(key, &value, cx),
            Body::Get { key } => self.asked_for(key, cx),
            Body::Transfer { items } => self.given(&items, cx),
            Body::Leave { predecessor, successors } => {
                self.bid_farewell(sender, predecessor, successors, cx);
                Body::Goodbye
            }
            // Answers go to `hear`.
            Body::Pong
            | Body::Successor { .. }
            | Body::Closer { .. }
            | Body::Neighbours { .. }
            | Body::Taken
            | Body::Stored { .. }
            | Body::Value { .. }
            | Body::Missing
            | Body::Received
            | Body::Goodbye
            | Body::Failed(_) => return,
        };
        self.send(from, transaction, answer, cx);
    }

    /// One step of somebody's iterative lookup.
    fn next_step(&self, key: Key, avoid: &[Key], cx: &mut Context<'_, Self>) -> Body {
        match self.tables.next(key, avoid) {
            Next::Own => {
                cx.cite(&rules::CONSISTENT_HASHING);
                Body::Successor { hops: 0, contacts: self.own_and_successors() }
            }
            Next::Successor(contacts) => {
                cx.cite(&rules::FIND_SUCCESSOR);
                Body::Successor { hops: 0, contacts }
            }
            Next::Closer(contact) => {
                cx.cite(&rules::CLOSEST_PRECEDING);
                Body::Closer { contact }
            }
            Next::Nobody => Body::Failed(Fault::NobodyNearer),
        }
    }

    /// Takes an answer, if it is waited for.
    pub(super) fn hear(&mut self, from: SocketAddr, message: Message, cx: &mut Context<'_, Self>) {
        let sender = Contact::sender(message.sender, from);
        let pending = self.answered(message.transaction, from, &message.body, cx);
        let (Some(pending), Some(sender)) = (pending, sender) else {
            return self.hear_from_afar(sender, message, cx);
        };
        if pending.to.id.is_some_and(|id| id != message.sender) {
            cx.cite(&rules::OTHER_NODE);
            return self.gone(pending, false, cx);
        }
        if let Body::Failed(Fault::NotAMember) = message.body {
            return self.gone(pending, false, cx);
        }
        self.heard(pending, sender, message.body, cx);
    }

    fn heard(&mut self, pending: Pending, sender: Contact, body: Body, cx: &mut Context<'_, Self>) {
        match (pending.need, body) {
            (Need::Step(number), Body::Successor { contacts, .. }) => {
                self.resolved(number, sender, contacts, cx);
            }
            (Need::Step(number), Body::Closer { contact }) => {
                self.named(number, sender, contact, cx);
            }
            (Need::Step(number), _) => self.step_back(number, false, cx),
            (Need::Confirm(number) | Need::Put(number) | Need::Get(number), body) => {
                self.owner_says(number, sender, body, cx);
            }
            (Need::Neighbours, Body::Neighbours { predecessor, successors }) => {
                self.stabilised(sender, predecessor, successors, cx);
            }
            (Need::Transfer(moving), Body::Received) => self.taken(pending.to, *moving, cx),
            (Need::Goodbye, _) => self.perhaps_left(cx),
            (Need::Forward(_), Body::Taken) => {}
            (Need::Forward(passed), _) => {
                self.not_taken(Some(sender.id), *passed, false, cx);
            }
            (Need::Neighbours | Need::Predecessor | Need::Transfer(_), _) => {
                self.perhaps_left(cx);
            }
        }
    }

    /// An answer that is to none of our requests: the end of a recursive lookup, or nothing.
    fn hear_from_afar(
        &mut self,
        sender: Option<Contact>,
        message: Message,
        cx: &mut Context<'_, Self>,
    ) {
        let is_it = |job: &&super::Job| job.token == Some(message.transaction);
        let number = self.jobs.iter().find(is_it).map(|job| job.number);
        match (number, sender, message.body) {
            (Some(number), Some(by), Body::Successor { hops, contacts }) => {
                let Some(job) = self.job_mut(number) else { return };
                let first = contacts.first().map_or(by.id, |first| first.id);
                if first != by.id && !job.key.is_after_up_to(by.id, first) {
                    cx.cite(&rules::NOT_NEARER);
                    return self.fail(number, Why::NotNearer(by), cx);
                }
                self.found(number, contacts, hops, cx);
            }
            (Some(number), Some(_), Body::Failed(_)) => self.fail(number, Why::NobodyKnown, cx),
            _ => {
                self.counters.unsolicited = self.counters.unsolicited.saturating_add(1);
                cx.cite(&rules::UNSOLICITED);
            }
        }
    }

    /// The node that was asked is dead (silent), or somebody else is at its address.
    pub(super) fn gone(&mut self, pending: Pending, silent: bool, cx: &mut Context<'_, Self>) {
        let Pending { to, need, .. } = pending;
        if let Some(id) = to.id {
            self.strike(Contact { id, address: to.address }, cx);
        }
        match need {
            Need::Step(number) => self.step_back(number, silent, cx),
            Need::Confirm(number) | Need::Put(number) | Need::Get(number) => {
                self.reach_next(number, silent, cx);
            }
            Need::Forward(passed) => self.not_taken(to.id, *passed, silent, cx),
            Need::Neighbours | Need::Predecessor => {}
            Need::Transfer(_) | Need::Goodbye => self.perhaps_left(cx),
        }
    }

    /// Strikes a node from the tables, and sees what is left.
    pub(super) fn strike(&mut self, node: Contact, cx: &mut Context<'_, Self>) {
        let before = self.tables.successor();
        self.copied.retain(|id| *id != node.id);
        if !self.tables.forget(node.id) {
            return;
        }
        cx.emit(Event::Dead(node));
        if self.state == State::Member {
            self.successor_changed(before, cx);
        }
    }
}
