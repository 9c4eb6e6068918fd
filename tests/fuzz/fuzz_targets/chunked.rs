//! A body in chunks, from any bytes, in a request and in a response.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocols::http::Role;

fuzz_target!(|bytes: &[u8]| {
    let coded = |start: &str| {
        let head = format!("{start}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        [head.as_bytes(), bytes].concat()
    };
    fuzz::connection(Role::Server, &[], &coded("POST / HTTP/1.1"));
    fuzz::connection(Role::Client, &["GET"], &coded("HTTP/1.1 200 OK"));
});
