//! Debian's nginx with a small site, on a free port of loopback.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Program, free_address, needed};

/// A running nginx and the folder it serves; both go when it is dropped.
#[derive(Debug)]
pub struct Nginx {
    address: SocketAddr,
    folder: TempDir,
    _program: Program,
}

impl Nginx {
    /// Starts it with [`SITE`], as nobody when the test runs as root.
    ///
    /// # Panics
    /// When nginx is missing or does not start, with what it said.
    #[must_use]
    pub fn start() -> Self {
        let program = needed(&["nginx"]);
        let folder = tempfile::Builder::new().prefix("wirelab-nginx").tempdir().expect("a folder");
        let address = free_address();
        let root = folder.path();
        for part in ["site", "state"] {
            fs::create_dir(root.join(part)).expect("a folder in a new folder");
            open_to_all(&root.join(part));
        }
        open_to_all(root);
        for file in SITE {
            fs::write(root.join("site").join(file.name), file.text).expect("a file of the site");
        }
        let config = root.join("nginx.conf");
        fs::write(&config, configuration(root, address)).expect("the configuration");
        let mut command = as_nobody(&program);
        command.arg("-e").arg("stderr").arg("-c").arg(&config);
        let mut program = Program::start(&mut command);
        program.answers_at(address);
        Self { address, folder, _program: program }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder whose files it serves.
    #[must_use]
    pub fn site(&self) -> std::path::PathBuf {
        self.folder.path().join("site")
    }
}

/// One file of the site.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Its name, which is also its path.
    pub name: &'static str,
    /// What is in it.
    pub text: &'static str,
}

fn as_nobody(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new(needed(&["setpriv"]));
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("our own folder");
}

fn configuration(root: &Path, address: SocketAddr) -> String {
    let root = root.display();
    let mut text = format!(
        "daemon off;\nmaster_process off;\nerror_log stderr;\npid {root}/state/pid;\nevents {{}}\n\
         http {{\n access_log off;\n types {{ text/html html; text/css css; image/svg+xml svg; }}\n"
    );
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        let _ = writeln!(text, " {kind}_temp_path {root}/state/{kind};");
    }
    let _ = writeln!(
        text,
        " server {{\n  listen {address};\n  root {root}/site;\n  \
         location /moved {{ return 301 /index.html; }}\n }}\n}}"
    );
    text
}

/// A page with two objects, as in the first exercise of every book on the subject.
pub const SITE: [Page; 3] = [
    Page {
        name: "index.html",
        text: "<!doctype html>\n<html lang=\"en\">\n<title>A page with two objects</title>\n\
               <link rel=\"stylesheet\" href=\"/style.css\">\n\
               <img src=\"/mark.svg\" alt=\"A disc\">\n<p>Served by nginx.</p>\n</html>\n",
    },
    Page { name: "style.css", text: "p { color: #345; }\n" },
    Page {
        name: "mark.svg",
        text: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">\
               <circle cx=\"4\" cy=\"4\" r=\"4\"/></svg>\n",
    },
];
