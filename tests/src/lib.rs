//! What the slow suites share: programs that are started and always stopped, a tap on a wire,
//! nginx, name servers and mail servers of others, the relay with the built page, and a Chromium
//! that is driven by role and name.

pub mod aiosmtpd;
pub mod authority;
pub mod axe;
pub mod browser;
pub mod dovecot;
pub mod lab;
pub mod network;
pub mod nginx;
pub mod postfix;
pub mod program;
pub mod tap;
pub mod weight;
