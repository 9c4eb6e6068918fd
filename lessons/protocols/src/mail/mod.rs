//! The programs at the ends of mail: a server with its mailboxes, and what they keep.
//!
//! Mail is pushed from server to server over SMTP and pulled from the last one over POP3. The
//! protocols have folders of their own; here are the endpoints that speak several of them, and the
//! [`Mailbox`] in which one puts what the other fetches.

pub mod agent;
mod mailbox;
pub mod server;

pub use mailbox::{Mailbox, Mailboxes, StoredMail, Uid};
pub use server::MailServer;
