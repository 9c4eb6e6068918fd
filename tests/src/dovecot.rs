//! Debian's Dovecot with POP3 and one maildrop, on a free port of loopback.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Program, free_address, needed, run};

/// A running Dovecot with a Maildir for alice, whose password is `alice-secret`; both go when it is
/// dropped.
#[derive(Debug)]
pub struct Dovecot {
    pop: SocketAddr,
    _program: Program,
    folder: TempDir,
}

impl Dovecot {
    /// Starts it with these messages, as nobody when the test runs as root.
    ///
    /// # Panics
    /// When Dovecot is missing or does not start, with what it said.
    #[must_use]
    pub fn start(messages: &[Vec<u8>]) -> Dovecot {
        let program = needed(&["dovecot"]);
        let folder = tempfile::Builder::new().prefix("wirelab-dove").tempdir().expect("a folder");
        let root = folder.path();
        for part in [
            "run",
            "state",
            "mail",
            "mail/alice",
            "mail/alice/cur",
            "mail/alice/new",
            "mail/alice/tmp",
        ] {
            fs::create_dir(root.join(part)).expect("a folder in a new folder");
        }
        for (at, message) in messages.iter().enumerate() {
            let file = root.join(format!("mail/alice/cur/{}.M{at:03}.host:2,", 1_700_000_000 + at));
            fs::write(file, message).expect("a mail");
        }
        let pop = free_address();
        let config = root.join("dovecot.conf");
        fs::write(&config, dovecot_configuration(root, pop.port())).expect("the configuration");
        let opened = run("chmod", &["-R", "a+rwX", root.to_str().expect("a path in UTF-8")]);
        assert!(opened.status.success(), "{opened:?}");
        let mut command = Command::new(needed(&["setpriv"]));
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        command.arg("-F").arg("-c").arg(&config);
        let mut program = Program::start(&mut command);
        program.answers_at(pop);
        Dovecot { pop, _program: program, folder }
    }

    /// Where its POP3 listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.pop
    }

    /// How many messages lie in the Maildir.
    #[must_use]
    pub fn left(&self) -> usize {
        let count = |part: &str| {
            let folder = self.folder.path().join("mail/alice").join(part);
            fs::read_dir(folder).map_or(0, Iterator::count)
        };
        count("cur") + count("new")
    }
}

fn dovecot_configuration(root: &Path, port: u16) -> String {
    let root = root.display();
    format!(
        "base_dir = {root}/run\nstate_dir = {root}/state\nlog_path = /dev/stderr\n\
         protocols = pop3\nlisten = 127.0.0.1\nssl = no\ndisable_plaintext_auth = no\n\
         auth_mechanisms = plain apop\n\
         default_login_user = nobody\ndefault_internal_user = nobody\n\
         default_internal_group = nogroup\nmail_location = maildir:{root}/mail/%u\n\
         mail_uid = nobody\nmail_gid = nogroup\nfirst_valid_uid = 1\nmail_save_crlf = yes\n\
         passdb {{\n driver = static\n args = password={{PLAIN}}alice-secret\n}}\n\
         userdb {{\n driver = static\n args = uid=nobody gid=nogroup home={root}/mail/%u\n}}\n\
         service pop3-login {{\n chroot =\n inet_listener pop3 {{\n  port = {port}\n }}\n \
         inet_listener pop3s {{\n  port = 0\n }}\n}}\n\
         service anvil {{\n chroot =\n}}\n\
         service stats {{\n unix_listener stats-writer {{\n  mode = 0666\n }}\n}}\n"
    )
}
