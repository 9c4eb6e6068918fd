//! Authoritative name servers that others wrote, on loopback.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use crate::program::{Program, needed};

/// Whose server it is.
#[derive(Clone, Copy, Debug)]
pub enum Software {
    /// Knot DNS.
    Knot,
    /// NSD.
    Nsd,
}

impl Software {
    /// Starts a server with these zones, each a name and its master file, and waits until it
    /// answers. What it writes goes into the folder.
    ///
    /// # Panics
    /// When it is missing or does not start, with what it said.
    #[must_use]
    pub fn start(self, folder: &Path, listen: SocketAddr, zones: &[(&str, &str)]) -> Program {
        match self {
            Software::Knot => knot(folder, listen, zones),
            Software::Nsd => nsd(folder, listen, zones),
        }
    }
}

fn knot(folder: &Path, listen: SocketAddr, zones: &[(&str, &str)]) -> Program {
    let place = folder.display();
    let mut config = format!(
        "server:\n  rundir: {place}\n  listen: {}@{}\ndatabase:\n  storage: {place}/db\n\
         log:\n  - target: stderr\n    any: warning\nzone:\n",
        listen.ip(),
        listen.port()
    );
    for (zone, file) in written(folder, zones) {
        writeln!(config, "  - domain: {zone}\n    file: {file}").expect("a string");
    }
    let mut command = Command::new(needed(&["knotd"]));
    started(command.arg("-c"), folder, &config, listen)
}

fn nsd(folder: &Path, listen: SocketAddr, zones: &[(&str, &str)]) -> Program {
    let place = folder.display();
    // Without a user to change to, a folder to be locked up in, or a control channel.
    let mut config = format!(
        "server:\n  ip-address: {}@{}\n  username: \"\"\n  chroot: \"\"\n  database: \"\"\n  \
         pidfile: {place}/pid\n  xfrdfile: {place}/xfrd\n  xfrdir: {place}\n  \
         zonelistfile: {place}/zones\nremote-control:\n  control-enable: no\n",
        listen.ip(),
        listen.port()
    );
    for (zone, file) in written(folder, zones) {
        writeln!(config, "zone:\n  name: {zone}\n  zonefile: {file}").expect("a string");
    }
    let mut command = Command::new(needed(&["nsd"]));
    started(command.args(["-d", "-c"]), folder, &config, listen)
}

/// Writes the zones into files of the folder; each zone with the path of its file.
fn written<'a>(folder: &Path, zones: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    std::fs::create_dir_all(folder).expect("a folder in the folder");
    let written = zones.iter().zip(0..).map(|((zone, text), number)| {
        let file = folder.join(format!("zone{number}"));
        std::fs::write(&file, text).expect("a file in the folder");
        (*zone, file.display().to_string())
    });
    written.collect()
}

/// Starts a server with this configuration as its last argument.
fn started(command: &mut Command, folder: &Path, config: &str, listen: SocketAddr) -> Program {
    let path = folder.join("config");
    std::fs::write(&path, config).expect("a file in the folder");
    let mut program = Program::start(command.arg(path));
    program.answers_at(listen);
    program
}
