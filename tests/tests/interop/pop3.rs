//! fetchmail, mpop, curl and Python's poplib read fifty odd messages from our server; our mail
//! program reads from Dovecot.

#[path = "../../../lessons/protocols/tests/pop3_common/odd.rs"]
mod odd;

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use protocols::endpoint::{Host, Running};
use protocols::mail::MailServer;
use protocols::mail::agent::{self, Agent, Login};
use protocols::mail::server::Config;
use protocols::pop3::codec::{as_lines, stuff};
use protocols::wire::Time;
use tempfile::TempDir;
use tests::dovecot::Dovecot;
use tests::program::{PATIENCE, run};

use crate::native::Native;
use crate::{curl, text};
use odd::odd_messages;

/// What the server counts and sends: each message with its line ends in order (RFC 1939 section
/// 11).
fn expected() -> Vec<Vec<u8>> {
    odd_messages().iter().map(|message| as_lines(message).into_owned()).collect()
}

/// Our mail server with the odd messages for bob.
struct Site {
    _native: Native,
    pop: SocketAddr,
    folder: TempDir,
}

impl Site {
    fn start() -> Site {
        let mut server = MailServer::new(Config::new("mail.b.test", "b.test", &["bob"]));
        let bob = server.mailboxes_mut().of_user_mut("bob").expect("bob has a mailbox");
        for message in odd_messages() {
            bob.store(message, Time::from_secs(1_700_000_000));
        }
        let native = Native::start(Box::new(Running::new(server, 1)));
        let pop = native.address(110);
        let folder = tempfile::Builder::new().prefix("wirelab-pop3").tempdir().expect("a folder");
        Site { _native: native, pop, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path in UTF-8").to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("pop3://bob:bob-secret@{}/{path}", self.pop)
    }

    /// Writes a file that nobody else may read, as mail programs want theirs.
    fn private(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file in our folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
        path
    }

    /// How many messages the server still has.
    fn left(&self) -> usize {
        curl(&[&self.url("")]).lines().filter(|line| !line.is_empty()).count()
    }
}

/// curl changes nothing, but hands on an empty reply, be it a message or a list, as an empty line.
#[test]
fn curl_reads_fifty_odd_messages_byte_by_byte() {
    let site = Site::start();
    let messages = expected();
    assert_eq!(site.left(), messages.len());
    for (at, message) in messages.iter().enumerate() {
        let output = run("curl", &["-sS", "--max-time", "20", &site.url(&(at + 1).to_string())]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let message: &[u8] = if message.is_empty() { b"\r\n" } else { message };
        assert_eq!(output.stdout, message, "message {}", at + 1);
    }
    let uids = curl(&["-X", "UIDL", &site.url("")]);
    assert_eq!(uids.lines().count(), messages.len());
}

/// curl knows APOP and falls back to nothing else when it is told to use it.
#[test]
fn curl_logs_in_by_apop_and_is_refused_with_a_wrong_password() {
    let site = Site::start();
    let apop = curl(&["--login-options", "AUTH=+APOP", &site.url("")]);
    assert_eq!(apop.lines().count(), expected().len());
    let wrong = format!("pop3://bob:wrong@{}/", site.pop);
    let output = run("curl", &["-sS", "--max-time", "20", &wrong]);
    assert_eq!(output.status.code(), Some(67), "curl's number for a login that was denied");
}

/// poplib takes the line ends off each line; what it gives back, joined by CRLF, is the message.
#[test]
fn poplib_reads_fifty_odd_messages_and_removes_at_quit_alone() {
    let site = Site::start();
    let script = site.private("read.py", POPLIB);
    let (host, port) = (site.pop.ip().to_string(), site.pop.port().to_string());
    let into = site.path("poplib");
    fs::create_dir(&into).expect("a folder");
    text(&run("/usr/bin/python3", &[&script, &host, &port, &into]));
    for (at, message) in expected().iter().enumerate() {
        let read = fs::read(format!("{into}/{}", at + 1)).expect("poplib wrote it");
        assert_eq!(read, *message, "message {}", at + 1);
    }
    assert_eq!(site.left(), expected().len() - 1, "one was removed at QUIT");
}

/// Reads all, marks all, breaks off; then marks one and quits. Lines are split at LF by poplib
/// itself, so a bare CR stays in them.
const POPLIB: &str = "\
import poplib, sys
poplib._MAXLINE = 1 << 20
host, port, into = sys.argv[1], int(sys.argv[2]), sys.argv[3]
p = poplib.POP3(host, port, timeout=20)
p.apop('bob', 'bob-secret')
count, size = p.stat()
total = 0
for n in range(1, count + 1):
    _, lines, octets = p.retr(n)
    whole = b''.join(line + b'\\r\\n' for line in lines)
    total += len(whole)
    open(f'{into}/{n}', 'wb').write(whole)
    p.dele(n)
assert total == size, (total, size)
p.rset(); p.noop(); assert 'TOP' in p.capa(); assert len(p.uidl()[1]) == count
for bad in ('RETR 0', 'RETR -1', 'DELE 100000000000000000000', 'LIST x', 'NONSENSE'):
    try:
        p._shortcmd(bad); raise SystemExit(bad + ' was granted')
    except poplib.error_proto:
        pass
for n in range(1, count + 1):
    p.dele(n)
p.close()
p = poplib.POP3(host, port, timeout=20)
p.user('bob'); p.pass_('bob-secret')
assert p.stat()[0] == count, 'RFC 1939 section 6'
p.dele(1)
try:
    p.dele(1); raise SystemExit('a second DELE was granted')
except poplib.error_proto:
    pass
p.quit()
";

/// A file name for each message that a delivery program was handed, in order.
fn delivered(folder: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder of what was delivered");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a delivered message")).collect()
}

/// A program that keeps what it is handed, one file for each.
fn delivery(site: &Site, folder: &str) -> String {
    fs::create_dir(folder).expect("a folder");
    let script = format!("#!/bin/sh\nn=$(ls {folder} | wc -l)\ncat > {folder}/$(printf %05d $n)\n");
    let path = site.private("deliver", &script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("our own file");
    path
}

/// A message as a program hands it on that wants the line ends of this system, without a last one.
fn local(message: &[u8]) -> Vec<u8> {
    let mut local = Vec::with_capacity(message.len());
    for byte in message {
        if *byte == b'\n' && local.last() == Some(&b'\r') {
            local.pop();
        }
        local.push(*byte);
    }
    local
}

/// mpop changes line ends into those of this system and adds a Received field in front, which its
/// manual lets one leave out.
#[test]
fn mpop_fetches_fifty_odd_messages_and_leaves_none() {
    let site = Site::start();
    let folder = site.path("mpop");
    let deliver = delivery(&site, &folder);
    let config = format!(
        "account default\nhost {}\nport {}\nuser bob\npassword bob-secret\ntls off\nauth apop\n\
         keep off\nreceived_header off\nuidls_file {}\ndelivery mda {deliver}\n",
        site.pop.ip(),
        site.pop.port(),
        site.path("uidls"),
    );
    let config = site.private("mpop.rc", &config);
    let arguments = ["-C", config.as_str(), "-q"];
    text(&run("mpop", &arguments));
    let messages = expected();
    let read = delivered(&folder);
    assert_eq!(read.len(), messages.len());
    for (at, (read, message)) in read.iter().zip(&messages).enumerate() {
        assert_eq!(*read, local(message), "message {}", at + 1);
    }
    assert_eq!(site.left(), 0, "all were removed at QUIT");
}

/// fetchmail rewrites headers, by its manual: it adds Received and more, so the bodies are
/// compared. Lines that do not fit into its buffer it
/// cuts, and leaves NUL there; a dot behind the cut it takes for one that was
/// stuffed. Those are compared without all three.
#[test]
fn fetchmail_fetches_fifty_odd_messages_and_leaves_none() {
    let site = Site::start();
    let folder = site.path("fetchmail");
    let deliver = delivery(&site, &folder);
    let config = format!(
        "poll {} protocol pop3 service {} uidl timeout 20\n user \"bob\" password \"bob-secret\" \
         fetchall nokeep norewrite nostripcr sslproto '' mda \"{deliver}\"\n",
        site.pop.ip(),
        site.pop.port(),
    );
    let config = site.private("fm.rc", &config);
    let (lock, ids) = (site.path("fm.pid"), site.path("fm.ids"));
    let arguments = ["-f", config.as_str(), "--pidfile", &lock, "-i", &ids, "--nosyslog"];
    text(&run("fetchmail", &arguments));
    let read = delivered(&folder);
    let messages = expected();
    assert_eq!(read.len(), messages.len());
    for (at, (read, message)) in read.iter().zip(&messages).enumerate() {
        let long = message.split(|byte| *byte == b'\n').any(|line| line.len() > FETCHMAIL_LINE);
        let plain = |message: &[u8]| {
            let mut plain = body(message);
            plain.retain(|byte| !long || !matches!(byte, b'\n' | b'.' | 0));
            plain
        };
        let (read, message) = (plain(read), plain(message));
        let differs = read.iter().zip(&message).position(|(a, b)| a != b);
        let lengths = (read.len(), message.len());
        assert!(differs.is_none() && lengths.0 == lengths.1, "{}: {differs:?} {lengths:?}", at + 1);
    }
    assert_eq!(site.left(), 0, "all were removed at QUIT");
}

/// The longest line that fetchmail hands on in one piece.
const FETCHMAIL_LINE: usize = 8_190;

/// What stands behind the first empty line, with the line ends of this system.
fn body(message: &[u8]) -> Vec<u8> {
    let message = local(message);
    let at = message.windows(2).position(|two| two == b"\n\n");
    at.map_or_else(Vec::new, |at| message[at + 2..].to_vec())
}

/// An agent that reads at this address.
fn reader(pop: SocketAddr, login: Login) -> Agent {
    let mut config = agent::Config::new("laptop.a.test", &IpAddr::to_string(&pop.ip()), "alice");
    config.pop_port = pop.port();
    config.login = login;
    Agent::new(config)
}

/// Dovecot sends what lies in a Maildir with CRLF at each line end.
#[test]
fn our_mail_program_reads_everything_from_dovecot_and_removes_it_at_quit() {
    for login in [Login::Plain, Login::Apop] {
        // A maildir has no empty message, and Dovecot shows NUL as another character.
        let ours = |message: &&Vec<u8>| !message.is_empty() && !message.contains(&0);
        let all = expected();
        let messages: Vec<Vec<u8>> = all.iter().filter(ours).cloned().collect();
        let dovecot = Dovecot::start(&messages);
        let (seen, look) = std::sync::mpsc::channel();
        let host: Box<dyn Host + Send> =
            Box::new(Running::new(reader(dovecot.address(), login), 7));
        let native = Native::watched(host, move |step| drop(seen.send(step.clone())));
        native.command("check");
        let deadline = Instant::now() + PATIENCE;
        let mut told = Vec::new();
        let mut heard: Vec<u8> = Vec::new();
        while !told.iter().any(|text: &String| text.starts_with("maildrop closed")) {
            assert!(Instant::now() < deadline, "{told:?}");
            let Ok(step) = look.recv_timeout(Duration::from_secs(1)) else { continue };
            if let protocols::endpoint::Stimulus::Data { bytes, .. } = &step.stimulus {
                heard.extend_from_slice(bytes);
            }
            for output in step.outputs {
                if let protocols::endpoint::Output::Emit(text) = output {
                    told.push(text);
                }
            }
        }
        let count = messages.len();
        assert_eq!(told.last(), Some(&format!("maildrop closed, {count} new, {count} removed")));
        for (at, message) in messages.iter().enumerate() {
            let fetched = format!("fetched {}, {} octets, from", at + 1, message.len());
            assert!(told.iter().any(|text| text.starts_with(&fetched)), "{fetched}: {told:?}");
            let sent = [b"\r\n".as_slice(), &stuff(message), b".\r\n"].concat();
            let there = heard.windows(sent.len()).any(|window| window == sent);
            assert!(there, "message {} was not sent as it lies", at + 1);
        }
        sleep(Duration::from_millis(200));
        assert_eq!(dovecot.left(), 0, "{login}: all were removed");
    }
}
