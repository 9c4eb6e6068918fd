//! Whole sessions of SMTP, from any bytes, as a server and as a client hear them; and both sides
//! of a session, dissected.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::smtp::hold(bytes));
