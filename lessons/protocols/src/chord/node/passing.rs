//! Recursive lookups: those that begin here, and those that pass through.

use core::net::{SocketAddr, SocketAddrV4};

use super::command::Why;
use super::lookup::MAX_HOPS;
use super::pending::{Need, Passed, draw};
use super::{Node, NodeTimer};
use crate::chord::{Body, Contact, Fault, Next, rules};
use crate::endpoint::Context;

impl Node {
    /// Sends a lookup of our own on its way.
    pub(super) fn pass_first(&mut self, number: u32, first: Contact, cx: &mut Context<'_, Self>) {
        let token = draw(cx);
        let (asker, patience) = (self.tables.own().address, self.config.time_out * PATIENCE);
        let Some(job) = self.job_mut(number) else { return };
        job.token = Some(token);
        job.starts = job.starts.saturating_add(1);
        let passed = Passed { key: job.key, asker, token, hops: 1, avoid: job.avoid.clone() };
        cx.cite(&rules::RECURSIVE);
        cx.arm(NodeTimer::Patience(number), patience);
        self.pass_to(first, passed, cx);
    }

    /// Takes somebody's lookup on.
    pub(super) fn take_on(&mut self, passed: Passed, cx: &mut Context<'_, Self>) {
        let Passed { asker, token, hops, .. } = passed;
        match self.tables.next(passed.key, &passed.avoid) {
            Next::Own => self.tell(asker, token, hops, self.own_and_successors(), cx),
            Next::Successor(list) => {
                cx.cite(&rules::FIND_SUCCESSOR);
                self.tell(asker, token, hops, list, cx);
            }
            Next::Closer(next) if usize::from(hops) < MAX_HOPS => {
                self.pass_to(next, Passed { hops: hops + 1, ..passed }, cx);
            }
            Next::Closer(_) => {
                cx.cite(&rules::GIVE_UP);
                self.give_up(&passed, cx);
            }
            Next::Nobody => self.give_up(&passed, cx),
        }
    }

    /// The node that was to take a lookup on does not, or is dead: another one is found.
    pub(super) fn not_taken(
        &mut self,
        by: Option<crate::overlay::Key>,
        mut passed: Passed,
        silent: bool,
        cx: &mut Context<'_, Self>,
    ) {
        cx.cite(&rules::NEXT_BEST);
        passed.avoid.extend(by);
        let is_ours = |job: &&mut super::Job| job.token == Some(passed.token);
        if let Some(job) = self.jobs.iter_mut().find(is_ours) {
            job.time_outs += u16::from(silent);
            job.avoid.extend(by);
            let number = job.number;
            return self.proceed(number, cx);
        }
        // It has not been sent to that node after all.
        passed.hops = passed.hops.saturating_sub(1);
        self.take_on(passed, cx);
    }

    /// Nothing has come back from a lookup of our own: it starts again.
    pub(super) fn nothing_came(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let most = self.config.retries.saturating_add(1);
        let Some(job) = self.job_mut(number) else { return };
        job.time_outs += 1;
        match job.starts < most {
            true => self.proceed(number, cx),
            false => self.fail(number, Why::Silence, cx),
        }
    }

    fn pass_to(&mut self, next: Contact, passed: Passed, cx: &mut Context<'_, Self>) {
        cx.cite(&rules::CLOSEST_PRECEDING);
        let refused = passed.clone();
        if !self.ask(next.into(), Need::Forward(Box::new(passed)), cx) {
            self.give_up(&refused, cx);
        }
    }

    fn tell(
        &self,
        asker: SocketAddrV4,
        token: u32,
        hops: u16,
        contacts: Vec<Contact>,
        cx: &mut Context<'_, Self>,
    ) {
        self.send(SocketAddr::V4(asker), token, Body::Successor { hops, contacts }, cx);
    }

    /// Tells the asker that its lookup ends here without an answer.
    fn give_up(&mut self, passed: &Passed, cx: &mut Context<'_, Self>) {
        let ours = self.jobs.iter().find(|job| job.token == Some(passed.token));
        match ours.map(|job| job.number) {
            Some(number) => self.fail(number, Why::NobodyKnown, cx),
            None => {
                let fault = Body::Failed(Fault::NobodyNearer);
                self.send(SocketAddr::V4(passed.asker), passed.token, fault, cx);
            }
        }
    }
}

/// For how many time-outs a recursive lookup is waited for: every node on the way may have to wait
/// for one that is dead.
const PATIENCE: u32 = 16;
