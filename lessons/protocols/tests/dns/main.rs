//! DNS messages as others see them: properties, a second opinion, and input that is meant to harm.

mod bad_input;
mod common;
mod roundtrip;
mod simple_dns;
