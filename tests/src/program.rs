//! Other people's programs, started for a test and stopped with it.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// A program that runs until this is dropped, and whose lines can be waited for.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Program {
    /// Starts it. What it writes to standard output and to standard error is read as lines.
    ///
    /// # Panics
    /// When it cannot be started; the message names the program.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own, so that stopping it also stops what it started.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|why| panic!("{name} could not be started: {why}"));
        let (sender, lines) = mpsc::channel();
        forward(child.stdout.take().expect("standard output was asked for"), sender.clone());
        forward(child.stderr.take().expect("standard error was asked for"), sender);
        Self { name, child, lines, said: Vec::new() }
    }

    /// The first line it has not yet been asked for that contains `part`.
    ///
    /// # Panics
    /// When no such line came within [`PATIENCE`], with all that it did say.
    pub fn line_with(&mut self, part: &str) -> String {
        self.line_with_one_of(&[part])
    }

    /// The first line it has not yet been asked for that contains one of these.
    ///
    /// # Panics
    /// When no such line came within [`PATIENCE`], with all that it did say.
    pub fn line_with_one_of(&mut self, parts: &[&str]) -> String {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(deadline - Instant::now().min(deadline)) {
            self.said.push(line.clone());
            if parts.iter().any(|part| line.contains(part)) {
                return line;
            }
        }
        panic!("{} never said {parts:?}; it said:\n{}", self.name, self.said.join("\n"));
    }

    /// Waits until it accepts connections at `address`.
    ///
    /// # Panics
    /// When it does not within [`PATIENCE`], with all that it said.
    pub fn answers_at(&mut self, address: SocketAddr) {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                self.said.push(format!("(it ended: {status})"));
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.said.extend(self.lines.try_iter());
        panic!("{} does not answer at {address}; it said:\n{}", self.name, self.said.join("\n"));
    }

    /// All that it has said up to now.
    pub fn said(&mut self) -> &[String] {
        self.said.extend(self.lines.try_iter());
        &self.said
    }

    /// The number of the process, to look at its memory.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop and waits, as long as [`PATIENCE`]; then ends it.
    pub fn stop(&mut self) {
        let group = format!("-{}", self.child.id());
        let asked = Command::new("kill").args(["-TERM", "--", &group]).status();
        let deadline = Instant::now() + PATIENCE;
        while asked.is_ok() && Instant::now() < deadline {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.stop();
        }
    }
}

/// The first of these programs that is on the PATH.
///
/// # Panics
/// When none is, saying how to get it: a test without its program has not passed.
#[must_use]
pub fn needed(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> =
        std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).collect();
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found.into_iter().find(|candidate| candidate.is_file()).unwrap_or_else(|| {
        panic!("{} is missing: run `.ci/tools test`, which installs it", names.join(" or "))
    })
}

/// The folder into which `.ci/tools` fetches what no package installs; the same as in `.ci/env`.
#[must_use]
pub fn cache() -> PathBuf {
    std::env::var_os("WIRELAB_CACHE").map(PathBuf::from).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let caches = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        caches.unwrap_or_else(|| home.join(".cache")).join("wirelab")
    })
}

/// Runs a program to its end, at most [`PATIENCE`] long, and returns what it wrote.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn run(program: &str, arguments: &[&str]) -> Output {
    let path = needed(&[program]);
    Command::new("timeout")
        .arg(PATIENCE.as_secs().to_string())
        .arg(path)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|why| panic!("{program} could not be started: {why}"))
}

/// An address on loopback that nobody listens on at this moment.
///
/// # Panics
/// When the machine has no free port left.
#[must_use]
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    listener.local_addr().expect("a bound listener has an address")
}

fn forward(from: impl Read + Send + 'static, to: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            // The pipe must go on being read when nobody asks any more, or the program would block.
            let _ = to.send(line);
        }
    });
}

/// How long anything that is started may take before the test says that it hangs: long enough for a
/// machine whose two cores both compile.
pub const PATIENCE: Duration = Duration::from_secs(30);
