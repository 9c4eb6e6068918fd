//! A network of a test's own: a loopback that nobody else is on, so that it can have port 53.

use std::env;
use std::process::Command;

use crate::program::needed;

/// Runs the body of the test of this name (`module::function`) in a network namespace, with
/// loopback and nothing else in it. The test runs itself again in there, as a process of its own;
/// what that says is in the message if it fails.
///
/// # Panics
/// When the body does, when there can be no namespace, or when it takes longer than
/// [`PATIENCE_SECONDS`].
pub fn alone(test: &str, body: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        return body();
    }
    let this = env::current_exe().expect("the path of this very program");
    let mut command = Command::new(needed(&["timeout"]));
    command.args(["--kill-after=5", PATIENCE_SECONDS]).arg(needed(&["unshare"]));
    // A user namespace, so that whoever runs the tests may make the network one.
    command.args(["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"]);
    command.args(["sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""]).arg(this);
    command.args(["--exact", "--nocapture", test]).env(INSIDE, "yes");
    assert!(needed(&["ip"]).is_file());
    let output = command.output().expect("timeout, which is there");
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    let passed = output.status.success() && said[0].contains("test result: ok. 1 passed;");
    assert!(passed, "{test} in a network of its own, {}:\n{}", output.status, said.join("\n"));
}

/// How long a test may take in there before it is ended, with all that it started.
pub const PATIENCE_SECONDS: &str = "120";

/// Set in there.
const INSIDE: &str = "WIRELAB_NETWORK_OF_ITS_OWN";
