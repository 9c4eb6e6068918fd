//! Mailboxes: where mail lies between its arrival over SMTP and its reader's coming for it.
//!
//! They are what a mail server has on disk: a host that is switched off and on keeps them.

use core::fmt;
use std::collections::BTreeMap;

use bytes::Bytes;

use crate::endpoint::Conn;
use crate::wire::Time;

/// The mail of one user, oldest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Mailbox {
    mails: Vec<StoredMail>,
    /// How many mails have ever been stored.
    stored: u64,
    lock: Option<Conn>,
}

/// One mail as it is stored: exactly the octets that arrived, with what the server put before them.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredMail {
    /// Its name, which no other mail of this mailbox has or will have.
    pub uid: Uid,
    /// The whole message with lines that end in CRLF, dots unstuffed.
    pub octets: Bytes,
    /// When it was stored.
    pub arrived: Time,
    /// Whether it goes when the session ends that marked it (RFC 1939 section 5).
    pub deleted: bool,
}

/// The name of a mail in its mailbox. It never recurs there, not even after the mail is gone (RFC
/// 1939 section 7, UIDL).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Uid(u64);

impl fmt::Display for Uid {
    /// As POP3 shows it: graphic characters of ASCII, at most seventy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "uid-{}", self.0)
    }
}

impl Mailbox {
    /// Stores a mail behind the others.
    pub fn store(&mut self, octets: impl Into<Bytes>, arrived: Time) -> Uid {
        self.stored += 1;
        let uid = Uid(self.stored);
        self.mails.push(StoredMail { uid, octets: octets.into(), arrived, deleted: false });
        uid
    }

    /// The mails, oldest first, those marked as deleted among them.
    pub fn mails(&self) -> &[StoredMail] {
        &self.mails
    }

    /// The mail of this name.
    pub fn mail(&self, uid: Uid) -> Option<&StoredMail> {
        self.mails.iter().find(|mail| mail.uid == uid)
    }

    /// Marks a mail as deleted; whether there is one of this name that was not marked.
    pub fn mark_deleted(&mut self, uid: Uid) -> bool {
        let found = self.mails.iter_mut().find(|mail| mail.uid == uid && !mail.deleted);
        found.map(|mail| mail.deleted = true).is_some()
    }

    /// Takes all marks off; how many there were.
    pub fn unmark_all(&mut self) -> usize {
        let marked = self.mails.iter_mut().filter(|mail| mail.deleted);
        marked.map(|mail| mail.deleted = false).count()
    }

    /// Removes every mail that is marked; how many there were.
    pub fn expunge(&mut self) -> usize {
        let before = self.mails.len();
        self.mails.retain(|mail| !mail.deleted);
        before - self.mails.len()
    }

    /// Takes the mailbox for one session alone (RFC 1939 section 4); whether it was free.
    pub fn lock(&mut self, by: Conn) -> bool {
        let free = self.lock.is_none();
        if free {
            self.lock = Some(by);
        }
        free
    }

    /// Which session has the mailbox for itself.
    pub fn locked_by(&self) -> Option<Conn> {
        self.lock
    }

    /// Lets go of it, if this session has it.
    pub fn unlock(&mut self, by: Conn) {
        if self.lock == Some(by) {
            self.lock = None;
        }
    }
}

/// The mailboxes of a host, by user. A user's name is compared without regard to case, as people
/// expect of addresses (RFC 5321 section 2.4 leaves it to the host).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Mailboxes {
    boxes: BTreeMap<String, Mailbox>,
}

impl Mailboxes {
    /// An empty mailbox for each of these users.
    pub fn of<'a>(users: impl IntoIterator<Item = &'a str>) -> Mailboxes {
        let boxes = users.into_iter().map(|user| (folded(user), Mailbox::default()));
        Mailboxes { boxes: boxes.collect() }
    }

    /// Whether this user has a mailbox here.
    pub fn has(&self, user: &str) -> bool {
        self.boxes.contains_key(&folded(user))
    }

    /// The mailbox of this user.
    pub fn of_user(&self, user: &str) -> Option<&Mailbox> {
        self.boxes.get(&folded(user))
    }

    /// The same, to change it.
    pub fn of_user_mut(&mut self, user: &str) -> Option<&mut Mailbox> {
        self.boxes.get_mut(&folded(user))
    }

    /// Every mailbox with its user, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Mailbox)> {
        self.boxes.iter().map(|(user, mailbox)| (user.as_str(), mailbox))
    }

    /// The host was switched off: sessions are gone, and with them their locks and marks. A mail
    /// that was marked in a session that did not come to its end stays (RFC 1939 section 6).
    pub fn forget_sessions(&mut self) {
        for mailbox in self.boxes.values_mut() {
            mailbox.lock = None;
            mailbox.unmark_all();
        }
    }
}

fn folded(user: &str) -> String {
    user.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_used_again_after_its_mail_is_gone() {
        let mut mailbox = Mailbox::default();
        let first = mailbox.store("one\r\n", Time::EPOCH);
        assert!(mailbox.mark_deleted(first) && !mailbox.mark_deleted(first));
        assert_eq!(mailbox.expunge(), 1);
        let second = mailbox.store("two\r\n", Time::EPOCH);
        assert_ne!(first, second, "RFC 1939 section 7");
        assert_eq!(mailbox.mail(first), None);
    }

    #[test]
    fn a_session_has_the_mailbox_alone_until_it_ends_or_the_host_is_switched_off() {
        let mut boxes = Mailboxes::of(["Bob"]);
        let bob = boxes.of_user_mut("bob").unwrap();
        let uid = bob.store("mail\r\n", Time::EPOCH);
        assert!(bob.lock(Conn(1)) && !bob.lock(Conn(2)));
        bob.unlock(Conn(2));
        assert_eq!(bob.locked_by(), Some(Conn(1)));
        bob.mark_deleted(uid);
        boxes.forget_sessions();
        let bob = boxes.of_user("BOB").unwrap();
        assert_eq!(bob.locked_by(), None);
        assert!(!bob.mail(uid).unwrap().deleted, "RFC 1939 section 6");
    }
}
