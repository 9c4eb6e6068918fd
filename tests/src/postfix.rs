//! Postfix with two maildirs, on a port of loopback, installed or as `.ci/tools` unpacks it.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{PATIENCE, Program, cache, run};

/// A running Postfix that takes mail for carol and dave of `far.test` and for nobody else there;
/// it and its maildirs go when it is dropped.
#[derive(Debug)]
pub struct Postfix {
    program: Program,
    folder: TempDir,
}

impl Postfix {
    /// Starts it at this address with further lines of its `main.cf`.
    ///
    /// # Panics
    /// When Postfix is missing, when this is not run as root, or when it does not start, with what
    /// it said.
    #[must_use]
    pub fn start(at: SocketAddr, further: &str) -> Postfix {
        let home = home();
        let folder = tempfile::Builder::new().prefix("wirelab-post").tempdir().expect("a folder");
        let root = folder.path();
        lay_out(root);
        let conf = root.join("conf");
        let main = format!("{}{further}\n", main_cf(&home, root));
        fs::write(conf.join("main.cf"), main).expect("the configuration");
        fs::write(conf.join("master.cf"), master_cf(at)).expect("the list of its services");
        let mut command = Command::new(home.join("usr/lib/postfix/sbin/master"));
        command.arg("-d").arg("-c").arg(&conf);
        command.env("MAIL_CONFIG", &conf).env("LD_LIBRARY_PATH", home.join("usr/lib/postfix"));
        let mut program = Program::start(&mut command);
        program.line_with("daemon started");
        Postfix { program, folder }
    }

    /// The first line of its log that contains this and has not been asked for yet.
    ///
    /// # Panics
    /// When none comes, with the whole log.
    pub fn log_with(&mut self, part: &str) -> String {
        self.program.line_with(part)
    }

    /// All that its log has said up to now.
    pub fn log(&mut self) -> String {
        self.program.said().join("\n")
    }

    /// The mails in a user's maildir, once there are so many: in no particular order.
    ///
    /// # Panics
    /// When they do not come, with the log.
    pub fn mails(&mut self, user: &str, count: usize) -> Vec<Vec<u8>> {
        let new = self.folder.path().join("mail").join(user).join("new");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let files = fs::read_dir(&new).into_iter().flatten().flatten();
            let mails: Vec<Vec<u8>> = files.filter_map(|file| fs::read(file.path()).ok()).collect();
            if mails.len() >= count {
                return mails;
            }
            if Instant::now() > deadline {
                panic!(
                    "{} mails of {count} for {user}; Postfix said:\n{}",
                    mails.len(),
                    self.log()
                );
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The folder in which its `usr` is.
fn home() -> PathBuf {
    let unpacked = cache().join("postfix");
    let homes = [PathBuf::from("/"), unpacked];
    let found = homes.into_iter().find(|home| home.join("usr/lib/postfix/sbin/smtpd").is_file());
    found.unwrap_or_else(|| panic!("Postfix is missing: run `.ci/tools test`, which brings it"))
}

/// The folders that Postfix would make at its installation, each with its owner.
fn lay_out(root: &Path) {
    let folder = |name: &str, owner: &str, mode: u32| {
        let path = root.join(name);
        fs::create_dir_all(&path).expect("a folder in a new folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("our own folder");
        let (user, group) = (number("-u", owner), number("-g", GROUP));
        chown(&path, Some(user), Some(group)).expect("to be run as root: Postfix needs it too");
    };
    folder("", "root", 0o755);
    for name in ["conf", "spool", "spool/pid"] {
        folder(name, "root", 0o755);
    }
    folder("mail", "nobody", 0o755);
    folder("data", OWNER, 0o700);
    folder("spool/public", OWNER, 0o710);
    folder("spool/maildrop", OWNER, 0o730);
    for name in QUEUES {
        folder(&format!("spool/{name}"), OWNER, 0o700);
    }
}

/// The number of a user or of its first group.
fn number(which: &str, user: &str) -> u32 {
    let answer = run("id", &[which, user]);
    let text = String::from_utf8_lossy(&answer.stdout);
    text.trim().parse().unwrap_or_else(|_| panic!("no user {user} on this machine: {answer:?}"))
}

fn main_cf(home: &Path, root: &Path) -> String {
    let usr = home.join("usr");
    let (usr, root) = (usr.display(), root.display());
    format!(
        "compatibility_level = 3.6\nqueue_directory = {root}/spool\ndata_directory = {root}/data\n\
         config_directory = {root}/conf\ncommand_directory = {usr}/sbin\n\
         daemon_directory = {usr}/lib/postfix/sbin\nmeta_directory = {usr}/share/postfix\n\
         shlib_directory = {usr}/lib/postfix\nmail_owner = {OWNER}\nsetgid_group = {GROUP}\n\
         import_environment = MAIL_CONFIG LD_LIBRARY_PATH TZ LANG=C\n\
         maillog_file = /dev/stdout\nmaillog_file_prefixes = /dev/stdout\n\
         myhostname = mail.far.test\ninet_interfaces = loopback-only\ninet_protocols = ipv4\n\
         mynetworks = 127.0.0.0/8\nmydestination =\nalias_maps =\n\
         local_header_rewrite_clients =\nvirtual_mailbox_domains = far.test\n\
         virtual_mailbox_base = {root}/mail\n\
         virtual_mailbox_maps = inline:{{carol@far.test=carol/,dave@far.test=dave/}}\n\
         virtual_uid_maps = static:{nobody}\nvirtual_gid_maps = static:{nobody}\n",
        nobody = number("-u", "nobody"),
    )
}

/// The services that take a mail, queue it and put it into a maildir; none of them locked up in the
/// queue's folder, where it would miss its libraries.
fn master_cf(at: SocketAddr) -> String {
    format!(
        "{at} inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
         rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
         defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n\
         virtual unix - n n - - virtual\nerror unix - - n - - error\nanvil unix - - n - 1 anvil\n\
         proxymap unix - - n - - proxymap\npostlog unix-dgram n - n - 1 postlogd\n"
    )
}

/// Postfix wants a user and a group that no other program has; a system has these two from the
/// start, and hardly anything runs as them any more.
const OWNER: &str = "news";
/// See [`OWNER`].
const GROUP: &str = "uucp";

const QUEUES: [&str; 11] = [
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
    "saved", "trace",
];
