//! What was written and is not handed over yet.

use core::fmt;

use crate::mime::Draft;

/// The outbox: on disk, oldest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outbox {
    mails: Vec<Outgoing>,
    written: u32,
}

/// The number of a mail among all that this agent wrote.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MailId(pub u32);

/// A mail in the outbox.
#[derive(Clone, PartialEq, Debug)]
pub struct Outgoing {
    /// Its number.
    pub id: MailId,
    /// What is to be sent; how it is encoded is decided when the server's abilities are known.
    pub draft: Draft,
    /// The number from which its Message-ID and boundary are made, the same at each try.
    pub random: u64,
    /// The recipients whose server has not taken it yet.
    pub recipients: Vec<String>,
    /// Where it is.
    pub standing: Standing,
    /// How often it was tried.
    pub tries: u32,
}

/// Where a mail in the outbox is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It waits for its turn.
    Waiting,
    /// It is being handed over.
    Sending,
    /// It failed for now, and is tried again later.
    Later(String),
    /// It was refused for good.
    Refused(String),
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mail {}", self.0)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standing::Waiting => f.write_str("waiting"),
            Standing::Sending => f.write_str("sending"),
            Standing::Later(why) => write!(f, "later: {why}"),
            Standing::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

impl Outbox {
    /// The mails, oldest first.
    pub fn mails(&self) -> &[Outgoing] {
        &self.mails
    }

    /// Puts a mail behind the others.
    pub(super) fn put(&mut self, draft: Draft, recipients: Vec<String>, random: u64) -> MailId {
        self.written += 1;
        let id = MailId(self.written);
        let standing = Standing::Waiting;
        self.mails.push(Outgoing { id, draft, random, recipients, standing, tries: 0 });
        id
    }

    pub(super) fn mail_mut(&mut self, id: MailId) -> Option<&mut Outgoing> {
        self.mails.iter_mut().find(|mail| mail.id == id)
    }

    /// The next that waits for its turn.
    pub(super) fn waiting(&self) -> Option<MailId> {
        self.mails.iter().find(|mail| mail.standing == Standing::Waiting).map(|mail| mail.id)
    }

    /// The server has promised to keep it.
    pub(super) fn remove(&mut self, id: MailId) {
        self.mails.retain(|mail| mail.id != id);
    }

    /// What failed for now waits for its turn again.
    pub(super) fn try_all_again(&mut self) {
        for mail in &mut self.mails {
            if matches!(mail.standing, Standing::Later(_)) {
                mail.standing = Standing::Waiting;
            }
        }
    }

    /// Connections are gone: nothing is being handed over.
    pub(super) fn forget_sessions(&mut self) {
        for mail in &mut self.mails {
            if matches!(mail.standing, Standing::Sending | Standing::Later(_)) {
                mail.standing = Standing::Waiting;
            }
        }
    }
}
