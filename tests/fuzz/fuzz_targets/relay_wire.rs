//! The framing between tab and relay: one frame, a session, and a typed host, from any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    fuzz::relay::frame(bytes);
    fuzz::relay::session(bytes);
    fuzz::relay::host(&String::from_utf8_lossy(bytes));
});
