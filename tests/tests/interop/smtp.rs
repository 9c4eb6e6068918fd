//! swaks, curl, msmtp and Python's smtplib hand mail to our server; ours sends mail to aiosmtpd and
//! to exim. Every mail has lines that begin with dots, and they come through as they were.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use protocols::endpoint::{Running, Target};
use protocols::mail::MailServer;
use protocols::mail::server::{Config, Network, Route};
use tests::aiosmtpd::Aiosmtpd;
use tests::program::{PATIENCE, Program, free_address, needed, run};

use crate::native::Native;
use crate::{curl, text};

/// Our server of `b.test` with bob's mailbox; what is for elsewhere goes to this address.
fn server(elsewhere: Option<SocketAddr>, pipelining: bool) -> Native {
    let mut config = Config::new("mail.b.test", "b.test", &["bob"]);
    config.networks = vec![Network { address: [127, 0, 0, 0].into(), prefix: 8 }];
    config.extensions.pipelining = pipelining;
    config.pipelines = pipelining;
    let route = elsewhere.map(|to| Route { domain: None, to: Target::Address(to) });
    config.routes = route.into_iter().collect();
    Native::start(Box::new(Running::new(MailServer::new(config), 1)))
}

/// The lines that every mail here has.
const DOTS: &str = ".dot\n..\n.\n...three\nlast";

/// The mail of this number in bob's mailbox, its lines ended by LF.
fn fetched(server: &Native, number: usize) -> String {
    let url = format!("pop3://{}/{number}", server.address(110));
    curl(&["--user", "bob:bob-secret", &url]).replace("\r\n", "\n")
}

#[test]
fn swaks_hands_mail_in_with_commands_in_groups_and_one_by_one() {
    for (pipelining, option) in [(true, &["--pipeline"][..]), (true, &[]), (false, &["--pipeline"])]
    {
        let server = server(None, pipelining);
        let at = server.address(25).to_string();
        let body = format!("Subject: swaks\n\n{DOTS}");
        let mut arguments =
            vec!["--server", &at, "--from", "a@a.test", "--to", "bob@b.test", "--data", &body];
        arguments.extend_from_slice(option);
        let said = text(&run("swaks", &arguments));
        assert!(said.contains("250 2.0.0 Stored as Q1"), "{said}");
        let mail = fetched(&server, 1);
        assert!(mail.starts_with("Return-Path: <a@a.test>\nReceived: from "), "{mail}");
        assert!(mail.contains(&format!("\n\n{DOTS}\n")), "RFC 5321 section 4.5.2: {mail}");
    }
}

#[test]
fn swaks_is_refused_what_our_server_does_not_pass_on() {
    let mut config = Config::new("mail.b.test", "b.test", &["bob"]);
    config.networks = Vec::new();
    let server = Native::start(Box::new(Running::new(MailServer::new(config), 1)));
    let at = server.address(25).to_string();
    let output = run("swaks", &["--server", &at, "--from", "a@a.test", "--to", "c@c.test"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("550 5.7.1 Relay denied"), "{said}");
    assert!(!output.status.success());
}

#[test]
fn curl_hands_mail_in() {
    let server = server(None, true);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mail.txt");
    fs::write(&file, format!("Subject: curl\r\n\r\n{}\r\n", DOTS.replace('\n', "\r\n")))
        .expect("a file in a new folder");
    let url = format!("smtp://{}/a.test", server.address(25));
    let file = file.to_str().expect("a path in UTF-8");
    curl(&["--url", &url, "--mail-from", "a@a.test", "--mail-rcpt", "bob@b.test", "-T", file]);
    let mail = fetched(&server, 1);
    assert!(mail.ends_with(&format!("Subject: curl\n\n{DOTS}\n")), "{mail}");
}

#[test]
fn msmtp_hands_mail_in() {
    let server = server(None, true);
    let at = server.address(25);
    let script = format!(
        "printf 'Subject: msmtp\\n\\n%s\\n' \"$1\" | msmtp -C /dev/null --host=127.0.0.1 \
         --port={} --tls=off --auth=off --from=a@a.test bob@b.test",
        at.port()
    );
    assert!(needed(&["msmtp"]).is_file());
    text(&run("sh", &["-c", &script, "sh", DOTS]));
    let mail = fetched(&server, 1);
    assert!(mail.ends_with(&format!("\n\n{DOTS}\n")), "{mail}");
}

#[test]
fn smtplib_hands_several_mails_in_over_one_connection() {
    let server = server(None, true);
    let at = server.address(587);
    let script = format!(
        "import smtplib, sys\n\
         s = smtplib.SMTP('127.0.0.1', {}, 'a.test')\n\
         for n in range(3):\n  \
           s.sendmail('bob@b.test', ['bob@b.test'], 'Subject: %d\\n\\n' % n + sys.argv[1])\n\
         assert s.docmd('vrfy', 'bob')[0] == 252\n\
         assert s.docmd('mail', 'from:<x@b.test>')[0] == 550\n\
         assert s.docmd('data')[0] == 503\n\
         s.quit()\n",
        at.port()
    );
    text(&run("/usr/bin/python3", &["-c", &script, DOTS]));
    for number in 1..=3 {
        let mail = fetched(&server, number);
        assert!(mail.ends_with(&format!("Subject: {}\n\n{DOTS}\n", number - 1)), "{mail}");
    }
}

#[test]
fn what_ends_a_mail_for_others_ends_the_session_here() {
    let server = server(None, true);
    let script = format!(
        "import socket, sys\n\
         s = socket.create_connection(('127.0.0.1', {}))\n\
         f = s.makefile('rb')\n\
         f.readline()\n\
         s.sendall(b'HELO a.test\\r\\nMAIL FROM:<a@a.test>\\r\\nRCPT TO:<bob@b.test>\\r\\n\
         DATA\\r\\n')\n\
         for n in range(4): f.readline()\n\
         s.sendall(b'one\\n.\\r\\nMAIL FROM:<x@b.test>\\r\\nRCPT TO:<bob@b.test>\\r\\n\
         DATA\\r\\ntwo\\r\\n.\\r\\n')\n\
         print(f.read().decode())\n",
        server.address(25).port()
    );
    let said = text(&run("/usr/bin/python3", &["-c", &script]));
    assert_eq!(said.lines().filter(|line| line.starts_with("554 ")).count(), 1, "{said}");
    assert!(!said.contains("250 "), "{said}");
    let listed = format!("pop3://{}/", server.address(110));
    let listed = curl(&["--user", "bob:bob-secret", &listed]);
    assert_eq!(listed.trim(), "", "the mailbox is empty");
}

#[test]
fn our_client_sends_to_aiosmtpd() {
    let aiosmtpd = Aiosmtpd::start();
    passes_through_us(aiosmtpd.address(), &aiosmtpd.arrived());
}

#[test]
fn our_client_sends_to_exim() {
    let exim = needed(&["exim4", "exim"]);
    let folder = tempfile::Builder::new().prefix("wirelab-exim").tempdir().expect("a folder");
    let root = folder.path();
    for part in ["spool", "mail", "log"] {
        fs::create_dir(root.join(part)).expect("a folder in a new folder");
        open_to_all(&root.join(part));
    }
    open_to_all(root);
    let at = free_address();
    let file = root.join("exim.conf");
    fs::write(&file, configuration(root, at)).expect("the configuration");
    let mut command = as_nobody(&exim);
    command.arg("-C").arg(&file).arg("-bdf");
    let mut program = Program::start(&mut command);
    program.answers_at(at);
    passes_through_us(at, &root.join("mail"));
}

/// A mail handed to our server with both kinds of group arrives, whole, in a file of this folder.
fn passes_through_us(at: SocketAddr, folder: &Path) {
    let mut seen = 0;
    for pipelining in [true, false] {
        let server = server(Some(at), pipelining);
        let ours = server.address(25).to_string();
        let body = format!("Subject: on its way\n\n{DOTS}");
        for to in ["c@far.test", "d@far.test"] {
            let arguments = ["--server", &ours, "--from", "a@a.test", "--to", to, "--data", &body];
            text(&run("swaks", &arguments));
            seen += 1;
            let arrived = arrived(folder, seen);
            assert_eq!(arrived.matches("by mail.b.test with ESMTP id Q").count(), seen);
            assert_eq!(arrived.matches(&format!("\n\n{DOTS}\n")).count(), seen, "{arrived}");
        }
    }
}

/// All that has arrived in a folder, once there are so many mails.
fn arrived(folder: &Path, mails: usize) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
        let all = texts.collect::<Vec<_>>().concat().replace("\r\n", "\n");
        if all.matches("Subject: on its way").count() >= mails && all.ends_with('\n') {
            return all;
        }
        assert!(Instant::now() < deadline, "{mails} mails never arrived; there is:\n{all}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn configuration(root: &Path, at: SocketAddr) -> String {
    let (root, port) = (root.display(), at.port());
    format!(
        "exim_user = nobody\nexim_group = nogroup\nprimary_hostname = far.test\n\
         keep_environment =\nlocal_interfaces = <; 127.0.0.1\ndaemon_smtp_ports = {port}\n\
         spool_directory = {root}/spool\nlog_file_path = {root}/log/%slog\n\
         pid_file_path = {root}/pid\ntls_advertise_hosts =\nhost_lookup =\nrfc1413_hosts =\n\
         acl_smtp_rcpt = ok\nacl_smtp_data = ok\ndeliver_drop_privilege = true\n\
         begin acl\nok:\n  accept\nbegin routers\nr:\n  driver = accept\n  transport = t\n\
         begin transports\nt:\n  driver = appendfile\n  file = {root}/mail/inbox\n  \
         user = nobody\n  group = nogroup\n"
    )
}

fn as_nobody(program: &Path) -> Command {
    let asked = Command::new("id").arg("-u").output();
    if asked.is_ok_and(|answer| answer.stdout.trim_ascii() != b"0") {
        return Command::new(program);
    }
    let mut command = Command::new(needed(&["setpriv"]));
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
    command
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("our own folder");
}
