//! Keeping the ring whole: stabilise, notify, fix fingers, check the predecessor.

use core::net::SocketAddr;
use core::time::Duration;

use super::command::Event;
use super::lookup::Purpose;
use super::pending::{Need, draw};
use super::{Node, NodeTimer, Routing, Trigger};
use crate::chord::{Body, Contact, rules};
use crate::endpoint::Context;

impl Node {
    /// Arms all periodic alarms, each at a moment of its first period drawn by chance.
    pub(super) fn arm_all(&mut self, cx: &mut Context<'_, Self>) {
        for timer in PERIODIC {
            if let Some(period) = self.period(timer) {
                let wait = part_of(period, cx);
                cx.arm(timer, wait);
            }
        }
    }

    /// Arms a periodic alarm again, after half a period to one and a half.
    pub(super) fn arm_periodic(&mut self, timer: NodeTimer, cx: &mut Context<'_, Self>) {
        if let Some(period) = self.period(timer) {
            let wait = period / 2 + part_of(period, cx);
            cx.arm(timer, wait);
        }
    }

    fn period(&self, timer: NodeTimer) -> Option<Duration> {
        let config = &self.config;
        match timer {
            NodeTimer::Stabilise => config.stabilise_every,
            NodeTimer::FixFingers if config.routing == Routing::Fingers => config.fix_fingers_every,
            NodeTimer::CheckPredecessor => config.check_predecessor_every,
            NodeTimer::BringHome if config.replicas > 1 => config.bring_home_every,
            NodeTimer::Ask => config.asks_every,
            NodeTimer::FixFingers
            | NodeTimer::BringHome
            | NodeTimer::Join
            | NodeTimer::Request(_)
            | NodeTimer::Patience(_) => None,
        }
    }

    /// Asks the successor for its predecessor. A node that is alone is its own successor, and has
    /// its predecessor's name already.
    pub(super) fn stabilise(&mut self, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::STABILISE);
        if self.tables.is_alone() {
            match self.tables.predecessor() {
                Some(before) => {
                    self.tables.set_successors(vec![before], self.config.successors.into());
                    cx.emit(Event::SuccessorIs(before));
                    self.notify(cx);
                    self.replicate(cx);
                }
                None => self.look_for_others(cx),
            }
            return;
        }
        let Some(successor) = self.tables.successor() else { return };
        if !self.waits_for(&Need::Neighbours) {
            self.ask(successor.into(), Need::Neighbours, cx);
        }
    }

    /// The successor has said whom it knows.
    pub(super) fn stabilised(
        &mut self,
        successor: Contact,
        predecessor: Option<Contact>,
        mut list: Vec<Contact>,
        cx: &mut Context<'_, Self>,
    ) {
        let (own, before) = (self.tables.own(), self.tables.successor());
        list.insert(0, successor);
        match predecessor {
            Some(other) if other.id == own.id && other.address != own.address => {
                // Two nodes at one place: neither could be told from the other.
                cx.emit(Event::Refused("another node has this identifier"));
                return self.depart(cx);
            }
            Some(between) if between.id.is_between(own.id, successor.id) => list.insert(0, between),
            Some(_) | None => {}
        }
        cx.cite(&rules::SUCCESSOR_LIST);
        self.tables.set_successors(list, self.config.successors.into());
        if let Some(now) = self.tables.successor().filter(|now| Some(*now) != before) {
            cx.emit(Event::SuccessorIs(now));
        }
        self.notify(cx);
        self.replicate(cx);
    }

    /// Tells the successor that we are here.
    fn notify(&mut self, cx: &mut Context<'_, Self>) {
        let Some(successor) = self.tables.successors().first().copied() else { return };
        cx.cite(&rules::NOTIFY);
        let transaction = draw(cx);
        self.send(SocketAddr::V4(successor.address), transaction, Body::Notify, cx);
    }

    /// Somebody says that it is there, and may be our predecessor.
    pub(super) fn notified(&mut self, by: Option<Contact>, cx: &mut Context<'_, Self>) {
        let Some(by) = by else { return };
        if self.tables.offer_predecessor(by) {
            cx.cite(&rules::NOTIFY);
            cx.emit(Event::PredecessorIs(by));
            self.hand_over(by, cx);
        }
    }

    /// Looks the next finger up anew.
    pub(super) fn fix_fingers(&mut self, cx: &mut Context<'_, Self>) {
        let is_fixing = |job: &super::Job| matches!(job.purpose, Purpose::Finger(_));
        if self.jobs.iter().any(is_fixing) {
            return;
        }
        let next = self.tables.next_finger(self.next_finger).or(self.tables.next_finger(0));
        if let Some(exponent) = next {
            cx.cite(&rules::FIX_FINGERS);
            self.begin(Purpose::Finger(exponent), self.tables.start(exponent), cx);
        }
    }

    /// Asks whether the predecessor is there.
    pub(super) fn check_predecessor(&mut self, cx: &mut Context<'_, Self>) {
        let Some(before) = self.tables.predecessor() else { return };
        if !self.waits_for(&Need::Predecessor) {
            cx.cite(&rules::CHECK_PREDECESSOR);
            self.ask(before.into(), Need::Predecessor, cx);
        }
    }

    /// Somebody who leaves tells us who is around it.
    pub(super) fn bid_farewell(
        &mut self,
        who: crate::overlay::Key,
        predecessor: Option<Contact>,
        successors: Vec<Contact>,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(&rules::LEAVE);
        let before = self.tables.successor();
        let was_before_us = self.tables.predecessor().is_some_and(|node| node.id == who);
        let was_next = before.is_some_and(|node| node.id == who);
        self.copied.retain(|id| *id != who);
        if was_next {
            self.tables.set_successors(successors, self.config.successors.into());
        }
        self.tables.forget(who);
        if was_before_us {
            self.tables.set_predecessor(predecessor.filter(|node| node.id != who));
            if let Some(now) = self.tables.predecessor() {
                cx.emit(Event::PredecessorIs(now));
            }
            self.range_grows();
        }
        self.successor_changed(before, cx);
    }

    /// Sees who the successor is after some nodes were struck out.
    pub(super) fn successor_changed(
        &mut self,
        before: Option<Contact>,
        cx: &mut Context<'_, Self>,
    ) {
        let now = self.tables.successor();
        match now {
            Some(now) if Some(now) != before => {
                cx.cite(&rules::SUCCESSOR_LIST);
                cx.emit(Event::SuccessorIs(now));
            }
            Some(_) => {}
            None if !self.config.joins_through.is_empty() => {
                cx.cite(&rules::LOST_SUCCESSORS);
                cx.emit(Event::CutOff);
                self.go(Trigger::Lost);
                // It may be the only one left whose address is known.
                self.through = self.tables.predecessor().map(|node| node.address);
                self.tables.clear();
                self.drop_lookups(cx);
                self.join_later(cx);
            }
            None if self.tables.predecessor().is_none() => {
                cx.cite(&rules::CREATE);
                self.tables.make_alone();
                self.owned_after = None;
            }
            None if before.is_some() => cx.emit(Event::CutOff),
            None => {}
        }
    }
}

/// A part of a period, drawn by chance, from nothing to nearly all of it.
pub(super) fn part_of(period: Duration, cx: &mut Context<'_, Node>) -> Duration {
    let nanos = (period.as_nanos() * u128::from(draw(cx))) >> u32::BITS;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

const PERIODIC: [NodeTimer; 5] = [
    NodeTimer::Stabilise,
    NodeTimer::FixFingers,
    NodeTimer::CheckPredecessor,
    NodeTimer::BringHome,
    NodeTimer::Ask,
];
