//! A body in chunks, from any bytes, in a request and in a response.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::chunked(bytes));
