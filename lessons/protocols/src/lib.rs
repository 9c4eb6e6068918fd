//! The application protocols that Wirelab teaches, as machines that know no clock and no socket.
//!
//! [`wire`] holds bytes that remember what they said, [`endpoint`] the one trait that every
//! client, server and peer implements, and each protocol has a folder of its own.

pub mod chord;
pub mod dns;
pub mod endpoint;
pub mod http;
pub mod kademlia;
pub mod mail;
pub mod mime;
pub mod overlay;
pub mod pop3;
pub mod smtp;
pub mod wire;
