//! Python's aiosmtpd, which keeps every mail it is handed, on a free port of loopback.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Program, free_address};

/// A running aiosmtpd and the Maildir it fills; both go when it is dropped.
#[derive(Debug)]
pub struct Aiosmtpd {
    address: SocketAddr,
    folder: TempDir,
    _program: Program,
}

impl Aiosmtpd {
    /// Starts it.
    ///
    /// # Panics
    /// When it is missing or does not start, with what it said.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let address = free_address();
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-m", "aiosmtpd", "-n", "-l", &address.to_string(), "-c"]);
        command.arg("aiosmtpd.handlers.Mailbox").arg(folder.path().join("Maildir"));
        let mut program = Program::start(&mut command);
        program.answers_at(address);
        Self { address, folder, _program: program }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder with a file for each mail that has arrived.
    #[must_use]
    pub fn arrived(&self) -> PathBuf {
        self.folder.path().join("Maildir/new")
    }
}
