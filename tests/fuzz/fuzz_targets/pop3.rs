//! Both ends of a POP3 session, from any bytes, whole and byte by byte; and the conversation that
//! the two halves make, dissected.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::pop3::hold(bytes));
