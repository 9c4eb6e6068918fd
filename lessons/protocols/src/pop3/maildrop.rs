//! A maildrop as one session sees it: numbered when it opens, and only marked until it closes.

use bytes::Bytes;

use super::{Command, Reply, rules, rules::policy};
use crate::wire::{Rule, counted};

/// A message as it lies in a maildrop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lying {
    /// Its unique-id.
    pub uid: String,
    /// Its octets: lines that end with CRLF.
    pub octets: Bytes,
}

/// The messages of one session. Numbers and marks are the session's own; the mailbox behind it
/// changes only when [`Maildrop::removals`] are carried out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Maildrop {
    slots: Vec<Slot>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Slot {
    lying: Lying,
    marked: bool,
}

/// What a maildrop answers, and the rule that it acts on.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// The rule.
    pub rule: &'static Rule,
    /// The reply.
    pub reply: Reply,
}

impl Maildrop {
    /// Numbers the messages, in this order, from 1.
    pub fn open(messages: impl IntoIterator<Item = Lying>) -> Maildrop {
        let slots = messages.into_iter().map(|lying| Slot { lying, marked: false });
        Maildrop { slots: slots.collect() }
    }

    /// How many messages are not marked.
    pub fn count(&self) -> usize {
        self.present().count()
    }

    /// The octets of all messages that are not marked.
    pub fn octets(&self) -> usize {
        self.present().map(|(_, lying)| lying.octets.len()).sum()
    }

    /// How many messages are marked as deleted.
    pub fn marked(&self) -> usize {
        self.slots.len() - self.count()
    }

    /// The unique-ids of the messages to remove if the session ends with QUIT.
    pub fn removals(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter(|slot| slot.marked).map(|slot| slot.lying.uid.as_str())
    }

    /// Answers a command of the TRANSACTION state; none for those that are not about messages.
    pub fn answer(&mut self, command: &Command) -> Option<Answer> {
        let answer = match command {
            Command::Stat => {
                Answer::new(&rules::STAT, Reply::ok(format!("{} {}", self.count(), self.octets())))
            }
            Command::List(None) => self.list(),
            Command::List(Some(number)) => self.about(*number, |lying| {
                let text = format!("{number} {}", lying.octets.len());
                Answer::new(&rules::LIST, Reply::ok(text))
            }),
            Command::Uidl(None) => self.unique_ids(),
            Command::Uidl(Some(number)) => self.about(*number, |lying| {
                Answer::new(&rules::UIDL, Reply::ok(format!("{number} {}", lying.uid)))
            }),
            Command::Retr(number) => self.about(*number, |lying| {
                let text = format!("{} octets", lying.octets.len());
                Answer::new(&rules::RETR, Reply::ok(text).with(lying.octets.clone()))
            }),
            Command::Top { number, lines } => self.about(*number, |lying| {
                Answer::new(&rules::TOP, Reply::ok("").with(top(&lying.octets, *lines)))
            }),
            Command::Dele(number) => self.mark(*number),
            Command::Rset => {
                for slot in &mut self.slots {
                    slot.marked = false;
                }
                Answer::new(&rules::RSET, Reply::ok(self.summary()))
            }
            Command::Noop => Answer::new(&rules::NOOP, Reply::ok("")),
            Command::User(_)
            | Command::Pass(_)
            | Command::Apop { .. }
            | Command::Quit
            | Command::Capa => return None,
        };
        Some(answer)
    }

    /// `2 messages (320 octets)`.
    pub fn summary(&self) -> String {
        format!("{} ({} octets)", counted(self.count(), "message"), self.octets())
    }

    fn list(&self) -> Answer {
        let line =
            |(number, lying): (usize, &Lying)| format!("{number} {}\r\n", lying.octets.len());
        let lines: String = self.present().map(line).collect();
        Answer::new(&rules::LIST, Reply::ok(self.summary()).with(lines))
    }

    fn unique_ids(&self) -> Answer {
        let line = |(number, lying): (usize, &Lying)| format!("{number} {}\r\n", lying.uid);
        let lines: String = self.present().map(line).collect();
        Answer::new(&rules::UIDL, Reply::ok("").with(lines))
    }

    fn mark(&mut self, number: u32) -> Answer {
        let marked = self.about(number, |_| {
            Answer::new(&rules::DELE, Reply::ok(format!("message {number} deleted")))
        });
        if marked.reply.is_ok()
            && let Some(slot) = self.slots.get_mut(index(number))
        {
            slot.marked = true;
        }
        marked
    }

    /// Answers about one message, or says that there is none.
    fn about(&self, number: u32, answer: impl FnOnce(&Lying) -> Answer) -> Answer {
        match self.slots.get(index(number)) {
            None => {
                let text = format!("no such message, only {} here", self.slots.len());
                Answer::new(&policy::NO_SUCH_MESSAGE, Reply::err(text))
            }
            Some(slot) if slot.marked => {
                let text = format!("message {number} is already deleted");
                Answer::new(&policy::ALREADY_DELETED, Reply::err(text))
            }
            Some(slot) => answer(&slot.lying),
        }
    }

    fn present(&self) -> impl Iterator<Item = (usize, &Lying)> {
        let numbered = self.slots.iter().enumerate();
        numbered.filter(|(_, slot)| !slot.marked).map(|(at, slot)| (at + 1, &slot.lying))
    }
}

impl Answer {
    fn new(rule: &'static Rule, reply: Reply) -> Answer {
        Answer { rule, reply }
    }
}

/// The header, the empty line behind it, and so many lines more.
fn top(octets: &Bytes, lines: u32) -> Bytes {
    let mut at = 0;
    let mut left: Option<u32> = None;
    for line in octets.split_inclusive(|byte| *byte == b'\n') {
        match left {
            Some(0) => break,
            Some(more) => left = Some(more - 1),
            None if line == b"\r\n" => left = Some(lines),
            None => {}
        }
        at += line.len();
    }
    octets.slice(..at)
}

/// Where a message of this number is; beyond all of them for 0.
fn index(number: u32) -> usize {
    usize::try_from(number).ok().and_then(|n| n.checked_sub(1)).unwrap_or(usize::MAX)
}
