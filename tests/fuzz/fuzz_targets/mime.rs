//! A mail, from any bytes: its notes tile it, its parts lie within it, and what decodes is never
//! longer than what it was decoded from.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::mime::hold(bytes));
