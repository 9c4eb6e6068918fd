//! A mail server that knows the users that a real one was seen to know, with what was seen of
//! their mail.

use std::collections::{BTreeMap, VecDeque};

use protocols::endpoint::{Host, Running};
use protocols::mail::MailServer;
use protocols::mail::server::{Config, User};
use protocols::wire::{Side, Time};
use world::Conversation;

use super::{Since, messages};
use crate::peer::Peer;

/// The server, at the ports of the real one.
pub fn server(peer: &Peer, talks: &[&Conversation], since: Since, now: Time) -> Box<dyn Host> {
    let mut seen = Seen { since, ..Seen::default() };
    for talk in talks {
        match talk.protocol.name {
            "smtp" => seen.submission(talk),
            _ => seen.reading(talk),
        }
    }
    let mut server = MailServer::new(seen.config(peer));
    for (user, drop) in &seen.drops {
        let Some(mailbox) = server.mailboxes_mut().of_user_mut(user) else { continue };
        let sent = match since {
            Since::Beginning => seen.own(drop),
            Since::Now => Vec::new(),
        };
        for (number, size) in drop.sizes.iter().filter(|(number, _)| !sent.contains(number)) {
            let fetched = drop.mails.get(number).cloned();
            mailbox.store(fetched.unwrap_or_else(|| never_fetched(*size)), now);
        }
    }
    let seed = peer.ports.first().map_or(0, |port| u64::from(port.number));
    Box::new(Running::new(server, seed))
}

/// What was seen of a mail server.
#[derive(Default)]
struct Seen {
    since: Since,
    host: Option<String>,
    domains: Vec<String>,
    users: BTreeMap<String, String>,
    /// By user: the maildrop as a session found it, the first or the last.
    drops: BTreeMap<String, Maildrop>,
    /// The Message-IDs of what was handed over.
    sent: Vec<String>,
    /// How many mails were taken for each user so far.
    taken: BTreeMap<String, usize>,
}

/// What a reply of a submission is the reply to.
enum Asked {
    /// A recipient's address.
    Recipient(String),
    /// The mail itself.
    Mail,
    /// Something else.
    Other,
}

/// A maildrop as one session was told of it.
#[derive(Default)]
struct Maildrop {
    sizes: BTreeMap<u32, usize>,
    mails: BTreeMap<u32, Vec<u8>>,
    deleted: Vec<u32>,
    /// How many mails to its user had been taken when the session began.
    taken: usize,
    /// Whether the session ended with QUIT, which is when deletions take effect (RFC 1939
    /// section 6).
    quit: bool,
}

impl Seen {
    fn config(&self, peer: &Peer) -> Config {
        let domain = self.domains.first().map_or("mail.invalid", String::as_str);
        let mut config = Config::new(self.host.as_deref().unwrap_or(&peer.host), domain, &[]);
        config.domains = self.domains.clone();
        let user = |(name, password): (&String, &String)| User {
            name: name.clone(),
            password: password.clone(),
        };
        config.users = self.users.iter().map(user).collect();
        let mut smtp = peer.ports.iter().filter(|port| port.protocol.name == "smtp");
        config.smtp_port = smtp.next().map(|port| port.number);
        config.submission_port = smtp.next().map(|port| port.number);
        let mut pop = peer.ports.iter().filter(|port| port.protocol.name == "pop3");
        config.pop_port = pop.next().map(|port| port.number);
        config
    }

    /// A session in which mail was handed over: whose addresses were accepted, and what the
    /// server calls itself.
    fn submission(&mut self, talk: &Conversation) {
        let mut asked: VecDeque<Asked> = VecDeque::new();
        let mut recipients: Vec<String> = Vec::new();
        let mut greeted = false;
        for (side, bytes) in messages(talk) {
            let text = String::from_utf8_lossy(&bytes);
            match (side, greeted) {
                (Side::Initiator, _) => {
                    let id = message_id(&text);
                    asked.push_back(match (recipient(&text), &id) {
                        (Some(address), _) => Asked::Recipient(address),
                        (None, Some(_)) => Asked::Mail,
                        (None, None) => Asked::Other,
                    });
                    self.sent.extend(id);
                }
                (Side::Responder, false) => {
                    greeted = true;
                    self.host = text.split([' ', '-', '\r']).nth(1).map(str::to_string);
                }
                (Side::Responder, true) => {
                    match asked.pop_front().filter(|_| text.starts_with('2')) {
                        Some(Asked::Recipient(address)) => {
                            self.know(&address);
                            recipients.push(address);
                        }
                        Some(Asked::Mail) => self.took(&mut recipients),
                        Some(Asked::Other) | None => {}
                    }
                }
            }
        }
    }

    fn know(&mut self, address: &str) {
        let Some((user, domain)) = address.rsplit_once('@') else { return };
        if !self.domains.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
            self.domains.push(domain.to_string());
        }
        self.users.entry(user.to_string()).or_default();
    }

    /// A mail was taken for these.
    fn took(&mut self, recipients: &mut Vec<String>) {
        for address in recipients.drain(..) {
            let user = address.rsplit_once('@').map_or("", |(user, _)| user);
            *self.taken.entry(user.to_string()).or_default() += 1;
        }
    }

    /// Which mails of a maildrop the session itself had sent, and so were not there when it began:
    /// those that were fetched say so themselves, and of the others it was the last ones.
    fn own(&self, drop: &Maildrop) -> Vec<u32> {
        let fetched = drop.mails.iter().filter(|(_, octets)| self.has_sent(octets));
        let mut own: Vec<u32> = fetched.map(|(number, _)| *number).collect();
        let others = drop.sizes.keys().rev().filter(|number| !drop.mails.contains_key(number));
        own.extend(others.take(drop.taken.saturating_sub(own.len())));
        own
    }

    /// A session in which mail was read. The first one of a user tells what was there when the
    /// recording began.
    fn reading(&mut self, talk: &Conversation) {
        let mut asked: VecDeque<String> = VecDeque::new();
        let (mut greeted, mut user, mut drop) = (false, String::new(), Maildrop::default());
        for (side, bytes) in messages(talk) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match (side, greeted) {
                (Side::Initiator, _) => {
                    let line = text.trim_end().to_string();
                    let argument = line.split_once(' ').map(|(_, rest)| rest.to_string());
                    match (verb(&line).as_str(), argument) {
                        ("USER", Some(name)) => user = name,
                        ("PASS", Some(password)) => {
                            self.users.insert(user.clone(), password);
                        }
                        _ => {}
                    }
                    asked.push_back(line);
                }
                (Side::Responder, false) => greeted = true,
                (Side::Responder, true) => {
                    let command = asked.pop_front().unwrap_or_default();
                    if text.starts_with("+OK") {
                        drop.learn(&command, &bytes, &text);
                    }
                }
            }
        }
        if drop.sizes.is_empty() {
            return;
        }
        drop.taken = self.taken.get(&user).copied().unwrap_or(0);
        match self.since {
            Since::Beginning => {
                self.drops.entry(user).or_insert(drop);
            }
            Since::Now => {
                drop.update();
                self.drops.insert(user, drop);
            }
        }
    }

    fn has_sent(&self, octets: &[u8]) -> bool {
        let id = message_id(&String::from_utf8_lossy(octets));
        id.is_some_and(|id| self.sent.contains(&id))
    }
}

impl Maildrop {
    /// Leaves what the session has left.
    fn update(&mut self) {
        if self.quit {
            self.sizes.retain(|number, _| !self.deleted.contains(number));
        }
    }

    /// Takes in the reply to a command.
    fn learn(&mut self, command: &str, bytes: &[u8], text: &str) {
        let number = command.split(' ').nth(1).and_then(|word| word.parse().ok());
        let first_line = text.split("\r\n").next().unwrap_or_default();
        match (verb(command).as_str(), number) {
            ("STAT", _) => {
                let counts: Vec<usize> =
                    first_line.split(' ').filter_map(|word| word.parse().ok()).collect();
                if let [count, octets] = counts[..] {
                    let numbers = 1..=u32::try_from(count.min(MAX_MAILS)).unwrap_or(0);
                    for number in numbers {
                        self.sizes.entry(number).or_insert(octets / count.max(1));
                    }
                }
            }
            ("LIST", None) => {
                let lines = text.split("\r\n").skip(1);
                let scan = |line: &str| -> Option<(u32, usize)> {
                    let (number, size) = line.split_once(' ')?;
                    Some((number.parse().ok()?, size.parse().ok()?))
                };
                self.sizes.extend(lines.filter_map(scan).take(MAX_MAILS));
            }
            ("RETR", Some(number)) => {
                let octets = unstuffed(bytes.get(first_line.len() + 2..).unwrap_or_default());
                self.sizes.insert(number, octets.len());
                self.mails.insert(number, octets);
            }
            ("DELE", Some(number)) => self.deleted.push(number),
            ("RSET", _) => self.deleted.clear(),
            ("QUIT", _) => self.quit = true,
            _ => {}
        }
    }
}

/// The mail in a multi-line reply: without the dots that stand before dots, and without the last
/// line (RFC 1939 section 3).
fn unstuffed(body: &[u8]) -> Vec<u8> {
    let mut mail = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        match line {
            b".\r\n" => break,
            [b'.', rest @ ..] => mail.extend_from_slice(rest),
            line => mail.extend_from_slice(line),
        }
    }
    mail
}

/// A mail of about this size in the place of one that nobody has fetched.
fn never_fetched(size: usize) -> Vec<u8> {
    let mut mail = NEVER_FETCHED.as_bytes().to_vec();
    let size = size.min(MAX_MADE_UP);
    while mail.len() + 2 < size {
        let rest = (size - mail.len() - 2).min(LINE);
        mail.extend(core::iter::repeat_n(b'x', rest));
        mail.extend_from_slice(b"\r\n");
    }
    mail
}

/// The address of a RCPT command.
fn recipient(line: &str) -> Option<String> {
    let rest = line.get(..8).filter(|verb| verb.eq_ignore_ascii_case("RCPT TO:"))?;
    let (_, address) = line.get(rest.len()..)?.split_once('<')?;
    address.split_once('>').map(|(address, _)| address.to_string())
}

/// The Message-ID of a mail, if it has one in its header (RFC 5322 section 3.6.4).
fn message_id(mail: &str) -> Option<String> {
    let header = mail.lines().take_while(|line| !line.is_empty());
    header.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("Message-ID").then(|| value.trim().to_string())
    })
}

fn verb(line: &str) -> String {
    line.split(' ').next().unwrap_or_default().to_ascii_uppercase()
}

const NEVER_FETCHED: &str = "Subject: not fetched in the live session\r\n\r\n";

/// As wide as mail is written.
const LINE: usize = 70;

/// A maildrop of more is not made up.
const MAX_MAILS: usize = 1_000;

/// A made-up mail need not be as long as a film.
const MAX_MADE_UP: usize = 1 << 20;
