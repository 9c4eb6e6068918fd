//! Whole connections, from any bytes, read as a server and as a client; and both sides of a
//! conversation, dissected.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::connections(bytes));
