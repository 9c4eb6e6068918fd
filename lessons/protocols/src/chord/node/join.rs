//! Coming to a ring and leaving it.

use core::net::SocketAddrV4;

use super::command::Event;
use super::lookup::Purpose;
use super::pending::{Need, Peer, draw};
use super::ring::part_of;
use super::{Beginning, Node, NodeTimer, State, Trigger};
use crate::chord::rules;
use crate::endpoint::Context;
use crate::overlay::Key;

impl Node {
    /// Switched on: whatever lived in memory is gone, except in a node that begins settled.
    pub(super) fn start(&mut self, cx: &mut Context<'_, Self>) {
        let returns = core::mem::replace(&mut self.has_started, true);
        self.jobs.clear();
        self.pending.clear();
        self.counters = super::Counters::default();
        self.state = State::Outside;
        self.arm_all(cx);
        if self.begins == Beginning::Settled && !returns {
            self.state = State::Member;
            return;
        }
        self.forget_all();
        let knows_others = self.members().next().is_some();
        match self.begins {
            Beginning::Creates if !returns || !knows_others => self.create(cx),
            Beginning::Creates | Beginning::Outside | Beginning::Settled if knows_others => {
                self.go(Trigger::Join);
                let wait = part_of(self.config.joins_within, cx);
                cx.arm(NodeTimer::Join, wait);
            }
            Beginning::Creates | Beginning::Outside | Beginning::Settled => {}
        }
    }

    /// Makes a ring.
    pub(super) fn create(&mut self, cx: &mut Context<'_, Self>) {
        if self.state != State::Outside {
            return cx.emit(Event::Refused("the node is on a ring already, or on its way"));
        }
        cx.cite(&rules::CREATE);
        self.tables.make_alone();
        self.go(Trigger::Create);
        cx.emit(Event::Created);
    }

    /// Joins the ring of a member, as the user wants it.
    pub(super) fn join_through(&mut self, member: SocketAddrV4, cx: &mut Context<'_, Self>) {
        if self.state != State::Outside {
            return cx.emit(Event::Refused("the node is on a ring already, or on its way"));
        }
        if member == self.tables.own().address {
            return cx.emit(Event::Refused("a node cannot join through itself"));
        }
        self.go(Trigger::Join);
        self.through = Some(member);
        self.look_for_place(member, cx);
    }

    /// Joins through one of the members that are known, by chance.
    pub(super) fn join_again(&mut self, cx: &mut Context<'_, Self>) {
        if self.state != State::Joining {
            return;
        }
        if self.failed_joins > ENOUGH_TRIES && self.is_named_to_others() {
            cx.cite(&rules::START_AGAIN);
            self.tables.make_alone();
            self.go(Trigger::Joined);
            return cx.emit(Event::Created);
        }
        if let Some(member) = self.any_member(cx) {
            self.look_for_place(member, cx);
        }
    }

    /// A ring of one that knows of others asks whether they have a ring that it could join.
    pub(super) fn look_for_others(&mut self, cx: &mut Context<'_, Self>) {
        let is_looking = self.jobs.iter().any(|job| job.purpose == Purpose::Join);
        if let Some(member) = self.any_member(cx).filter(|_| !is_looking) {
            self.look_for_place(member, cx);
        }
    }

    /// One of the members that are known, by chance.
    fn any_member(&self, cx: &mut Context<'_, Self>) -> Option<SocketAddrV4> {
        let members: Vec<SocketAddrV4> = self.members().collect();
        let count = members.len();
        if count == 0 { None } else { members.get(draw(cx) as usize % count).copied() }
    }

    /// Whether others are told to join through this node.
    fn is_named_to_others(&self) -> bool {
        self.config.joins_through.contains(&self.tables.own().address)
    }

    /// Asks a member for the successor of our own identifier.
    fn look_for_place(&mut self, member: SocketAddrV4, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::JOIN);
        let through = Peer { id: None, address: member };
        self.begin_at(Some(through), Purpose::Join, self.tables.own().id, cx);
    }

    /// The successor of our own identifier has been found.
    pub(super) fn joined(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let Some(job) = self.end(number, cx) else { return };
        let own = self.tables.own().id;
        let others = job.candidates.into_iter().filter(|node| node.id != own).collect();
        self.tables.set_successors(others, self.config.successors.into());
        match self.tables.successor() {
            Some(successor) => {
                cx.cite(&rules::JOIN);
                self.failed_joins = 0;
                self.go(Trigger::Joined);
                cx.emit(Event::Joined(successor));
            }
            None => self.not_joined(cx),
        }
    }

    /// Joining has come to nothing: it is tried again, later each time.
    pub(super) fn not_joined(&mut self, cx: &mut Context<'_, Self>) {
        if self.state != State::Joining {
            return;
        }
        cx.cite(&rules::JOIN_AGAIN);
        cx.emit(Event::NotJoined("no member has told the successor; trying again"));
        self.join_later(cx);
    }

    /// Tries to join after a while.
    pub(super) fn join_later(&mut self, cx: &mut Context<'_, Self>) {
        let doubled = 1_u32 << self.failed_joins.min(MOST_DOUBLINGS);
        self.failed_joins = self.failed_joins.saturating_add(1);
        let wait = self.config.time_out * doubled;
        let wait = wait / 2 + part_of(wait, cx);
        cx.arm(NodeTimer::Join, wait);
    }

    /// Gives the keys away, tells the neighbours, and waits for their goodbyes.
    pub(super) fn leave(&mut self, cx: &mut Context<'_, Self>) {
        match self.state {
            State::Outside => {
                return cx.emit(Event::Refused("the node is not a member of a ring"));
            }
            State::Joining => {
                self.drop_lookups(cx);
                cx.disarm(NodeTimer::Join);
                return self.go(Trigger::NotJoined);
            }
            State::Leaving => return,
            State::Member => {}
        }
        cx.cite(&rules::LEAVE);
        self.go(Trigger::Leave);
        let successor = self.tables.successors().first().copied();
        if let Some(successor) = successor {
            let ours = |key: &Key| self.is_ours(*key);
            let keys = self.store.items().iter().map(|item| item.key).filter(ours).collect();
            self.give(successor, keys, false, cx);
            self.ask(successor.into(), Need::Goodbye, cx);
        }
        let before = self.tables.predecessor().filter(|before| Some(*before) != successor);
        if let Some(before) = before {
            self.ask(before.into(), Need::Goodbye, cx);
        }
        self.perhaps_left(cx);
    }

    /// Whether everybody has said goodbye, or never will.
    pub(super) fn perhaps_left(&mut self, cx: &mut Context<'_, Self>) {
        let holds = |need: &Need| match need {
            Need::Goodbye | Need::Transfer(_) => true,
            Need::Step(_)
            | Need::Confirm(_)
            | Need::Put(_)
            | Need::Get(_)
            | Need::Neighbours
            | Need::Predecessor
            | Need::Forward(_) => false,
        };
        if self.state == State::Leaving && !self.pending.iter().any(|p| holds(&p.need)) {
            self.drop_lookups(cx);
            self.forget_all();
            self.go(Trigger::Left);
            cx.emit(Event::Left);
        }
    }

    /// Leaves at once, without keys to give.
    pub(super) fn depart(&mut self, cx: &mut Context<'_, Self>) {
        self.go(Trigger::Leave);
        self.pending.clear();
        self.perhaps_left(cx);
    }

    /// Ends all lookups and requests without a word.
    pub(super) fn drop_lookups(&mut self, cx: &mut Context<'_, Self>) {
        for job in core::mem::take(&mut self.jobs) {
            cx.disarm(NodeTimer::Patience(job.number));
        }
        for pending in core::mem::take(&mut self.pending) {
            cx.disarm(NodeTimer::Request(pending.transaction));
        }
    }

    fn forget_all(&mut self) {
        self.tables.clear();
        self.store.clear();
        self.owned_after = None;
        self.copied.clear();
        self.next_finger = 0;
        self.failed_joins = 0;
    }

    /// The members that it can join through.
    fn members(&self) -> impl Iterator<Item = SocketAddrV4> {
        let own = self.tables.own().address;
        let known = self.config.joins_through.iter().copied().chain(self.through);
        known.filter(move |member| *member != own)
    }
}

/// After how many tries in vain a node that others join through makes a ring itself.
const ENOUGH_TRIES: u8 = 4;

/// How often the wait for the next try to join doubles: up to 16 time-outs, 8 seconds.
const MOST_DOUBLINGS: u8 = 4;
