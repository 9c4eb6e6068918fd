//! The head of a response, from any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocols::http::Role;

fuzz_target!(|bytes: &[u8]| fuzz::head(Role::Client, bytes));
