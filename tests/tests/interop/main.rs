//! Programs that others wrote, against ours, on loopback.

mod dht;
mod dns;
mod dnspython;
mod internet;
mod methods;
mod native;
mod nginx;
mod pop3;
mod postfix;
mod proxy;
mod resolver;
mod server;
mod smtp;
mod walk;

use std::process::Output;

use tests::program::run;

/// What curl printed.
///
/// # Panics
/// When curl fails; the message has what it said.
fn curl(arguments: &[&str]) -> String {
    let output = run("curl", &[&["-sS", "--noproxy", "", "--max-time", "20"], arguments].concat());
    text(&output)
}

/// What a program printed, which must have succeeded.
fn text(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}
