//! What becomes of a mail in the queue once somebody has, or has not, taken it.

use super::bounce::{Failure, notice};
use super::queue::Outcome;
use super::{Event, MailServer, QueueId, ServerTimer};
use crate::endpoint::Context;
use crate::smtp::policy_rules as rules;
use crate::smtp::{Address, ReversePath};

impl MailServer {
    /// Writes down what became of a mail for these recipients of a domain.
    pub(super) fn settle(
        &mut self,
        id: QueueId,
        domain: &str,
        outcomes: Vec<(Address, Outcome)>,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(mail) = self.queue.mails.get_mut(&id) else { return };
        let mut failures = Vec::new();
        let mut again = false;
        for (address, outcome) in outcomes {
            match outcome {
                Outcome::Sent => mail.recipients.retain(|one| one.address != address),
                Outcome::Again => again = true,
                Outcome::Failed(why) => {
                    cx.cite(&rules::PERMANENT);
                    mail.recipients.retain(|one| one.address != address);
                    failures.push(Failure { address, why });
                }
                Outcome::Deferred(why) => {
                    mail.defer(&address, &why);
                    cx.cite(&rules::TRANSIENT);
                    cx.emit(Event::Deferred { id, to: address, why });
                }
                Outcome::Unreached(why) => {
                    mail.defer(&address, &why);
                    cx.emit(Event::Deferred { id, to: address, why });
                }
            }
        }
        if again {
            cx.cite(&rules::RECIPIENT_LIMIT);
            if let Some(destination) = self.destinations.get_mut(domain) {
                destination.mails.push_front(id);
            }
        }
        self.wait(id, &mut failures, cx);
        self.report(id, &failures, cx);
        if self.queue.mails.get(&id).is_some_and(|mail| mail.recipients.is_empty()) {
            self.queue.mails.remove(&id);
            cx.disarm(ServerTimer::Retry(id));
        }
    }

    /// Sets the time of the next try, or gives up: those who are given up join the failures.
    fn wait(&mut self, id: QueueId, failures: &mut Vec<Failure>, cx: &mut Context<'_, Self>) {
        let Some(mail) = self.queue.mails.get_mut(&id) else { return };
        if mail.retry_at.is_some() || mail.recipients.iter().all(|one| one.underway) {
            return;
        }
        mail.tries += 1;
        let after = self.config.times.retry(mail.tries);
        let at = cx.now() + after;
        if at.since(mail.accepted) <= self.config.times.give_up {
            mail.retry_at = Some(at);
            cx.cite(&rules::RETRY);
            cx.arm(ServerTimer::Retry(id), after);
            return;
        }
        cx.cite(&rules::GIVE_UP);
        for one in mail.recipients.iter().filter(|one| !one.underway) {
            let why = format!("554 5.4.7 Given up. The last try: {}", one.why);
            failures.push(Failure { address: one.address.clone(), why });
        }
        mail.recipients.retain(|one| one.underway);
    }

    /// Tells the sender of those who cannot be reached; drops what has no sender.
    fn report(&mut self, id: QueueId, failures: &[Failure], cx: &mut Context<'_, Self>) {
        let Some(mail) = self.queue.mails.get(&id) else { return };
        let Some(first) = failures.first() else { return };
        for Failure { address, why } in failures {
            cx.emit(Event::Failed { id, to: address.clone(), why: why.clone() });
        }
        let ReversePath::Address(sender) = mail.from.clone() else {
            cx.cite(&rules::DOUBLE_BOUNCE);
            cx.emit(Event::Dropped { id, why: first.why.clone() });
            return;
        };
        cx.cite(&rules::BOUNCE);
        let text = notice(&self.config.host, id, &sender, mail, failures, cx.now());
        match self.take_own(ReversePath::Null, &sender, text.as_bytes(), cx) {
            Some(number) => cx.emit(Event::Returned { id, to: sender, notice: number }),
            None => {
                cx.cite(&rules::DOUBLE_BOUNCE);
                cx.emit(Event::Dropped { id, why: format!("no such sender: {sender}") });
            }
        }
    }
}
