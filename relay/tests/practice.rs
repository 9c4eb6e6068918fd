//! The practice internet: names and mail, over real sockets.

mod common;

use std::net::SocketAddr;
use std::time::Duration;

use common::settings;
use protocols::dns::codec::{self, frame};
use protocols::dns::{Message, Name, RecordType, ResponseCode};
use protocols::wire::Notes;
use relay::policy::{Policy, Profile};
use relay::serve::Ground;
use relay::{Practice, Relay};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpStream, UdpSocket};

/// The practice internet on free ports.
async fn start() -> (Practice, Relay) {
    let mut settings = settings();
    settings.policy = Policy::new(Profile::Listed);
    let mut relay = Relay::bind(settings).unwrap();
    let practice = Practice::start(&mut relay, Ground::anywhere()).await.unwrap();
    (practice, relay)
}

/// Where a port of this number and protocol really is.
fn address(practice: &Practice, protocol: &str, port: u16) -> SocketAddr {
    let listening = practice.servers().iter().flat_map(|server| server.listening());
    let mut found = listening.filter(|at| (at.protocol, at.port) == (protocol, port));
    found.next().unwrap_or_else(|| panic!("no {protocol} at port {port}")).address
}

fn query(name: &str, kind: RecordType) -> Vec<u8> {
    let (name, _) = Name::parse(name).unwrap();
    codec::write(&Message::query(7, name, kind))
}

async fn ask(server: SocketAddr, name: &str, kind: RecordType) -> Message {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(&query(name, kind), server).await.unwrap();
    let mut buffer = [0; 4_096];
    let received = tokio::time::timeout(LIMIT, socket.recv_from(&mut buffer)).await;
    let (count, from) = received.expect("an answer in time").unwrap();
    assert_eq!(from, server);
    codec::read(&buffer[..count], &mut Notes::off()).unwrap()
}

#[tokio::test]
async fn the_name_server_answers_for_its_zones_and_refuses_what_is_not_its_own() {
    let (practice, _relay) = start().await;
    let server = address(&practice, "dns", 53);
    let cases = [
        ("www.cs.test", RecordType::A, ResponseCode::NoError, 1),
        ("intranet.cs.test", RecordType::A, ResponseCode::NoError, 3),
        ("library.cs.test", RecordType::Aaaa, ResponseCode::NoError, 1),
        ("mail.test", RecordType::Mx, ResponseCode::NoError, 2),
        ("any.hosts.cs.test", RecordType::A, ResponseCode::NoError, 1),
        ("17.2.0.192.in-addr.arpa", RecordType::Ptr, ResponseCode::NoError, 1),
        ("nobody.cs.test", RecordType::A, ResponseCode::NxDomain, 0),
        ("www.example.com", RecordType::A, ResponseCode::Refused, 0),
    ];
    for (name, kind, code, answers) in cases {
        let told = ask(server, name, kind).await;
        assert_eq!((told.header.code, told.answers.len()), (code, answers), "{name}");
    }
}

#[tokio::test]
async fn sixty_addresses_fit_no_datagram_and_come_over_tcp_at_the_same_number() {
    let (practice, _relay) = start().await;
    let server = address(&practice, "dns", 53);
    let told = ask(server, "many.cs.test", RecordType::A).await;
    assert!(told.header.truncated);
    let over_tcp = address(&practice, "dns-tcp", 53);
    let mut stream = TcpStream::connect(over_tcp).await.unwrap();
    stream.write_all(&frame(&query("many.cs.test", RecordType::A))).await.unwrap();
    let length = stream.read_u16().await.unwrap();
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await.unwrap();
    let told = codec::read(&answer, &mut Notes::off()).unwrap();
    assert_eq!((told.header.truncated, told.answers.len()), (false, 60));
}

/// Says lines and reads a reply to each, the greeting first; the codes.
async fn dialogue(server: SocketAddr, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(server).await.unwrap());
    let mut codes = Vec::new();
    for line in core::iter::once(None).chain(lines.iter().map(Some)) {
        if let Some(line) = line {
            stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        }
        loop {
            let mut reply = String::new();
            let read = tokio::time::timeout(LIMIT, stream.read_line(&mut reply)).await;
            assert!(read.expect("a reply in time").unwrap() > 0, "after {line:?}: closed");
            if reply.as_bytes().get(3) != Some(&b'-') {
                codes.push(reply.get(..3).unwrap_or_default().to_owned());
                break;
            }
        }
    }
    codes
}

#[tokio::test]
async fn the_mail_server_takes_mail_for_both_domains_and_passes_none_on_to_strangers() {
    let (practice, _relay) = start().await;
    let server = address(&practice, "smtp", 12_525);
    let lines = [
        "EHLO laptop.test",
        "MAIL FROM:<me@laptop.test>",
        "RCPT TO:<alice@cs.test>",
        "RCPT TO:<bob@mail.test>",
        "RCPT TO:<somebody@example.com>",
        "RCPT TO:<nobody@cs.test>",
        "DATA",
        "Subject: hello\r\n\r\nhello\r\n.",
        "QUIT",
    ];
    let codes = dialogue(server, &lines).await;
    let [greeting, ehlo, mail, alice, bob, stranger, nobody, data, end, quit] = &codes[..] else {
        panic!("{codes:?}")
    };
    assert_eq!([greeting, ehlo, mail, alice, bob], ["220", "250", "250", "250", "250"]);
    assert!(stranger.starts_with('5') && nobody.starts_with('5'), "{codes:?}");
    assert_eq!([data, end, quit], ["354", "250", "221"]);
}

#[tokio::test]
async fn the_mailboxes_are_read_over_pop3_and_hold_mail_from_the_start() {
    let (practice, _relay) = start().await;
    let server = address(&practice, "pop3", 11_110);
    let lines = ["USER alice", "PASS wrong", "USER alice", "PASS alice-secret", "STAT", "QUIT"];
    let codes = dialogue(server, &lines).await;
    assert_eq!(codes, ["+OK", "+OK", "-ER", "+OK", "+OK", "+OK", "+OK"]);
}

#[tokio::test]
async fn every_practice_server_is_listed_once_for_each_transport() {
    let (_practice, relay) = start().await;
    let listed = relay.practice();
    let all: Vec<(&str, &str)> =
        listed.iter().map(|server| (server.protocol.as_str(), server.transport.as_str())).collect();
    for wanted in [("http", "tcp"), ("http-proxy", "tcp"), ("dns", "udp"), ("dns", "tcp")] {
        assert_eq!(all.iter().filter(|one| **one == wanted).count(), 1, "{all:?}");
    }
    assert!(all.contains(&("smtp", "tcp")) && all.contains(&("pop3", "tcp")), "{all:?}");
}

/// Everything is on this machine.
const LIMIT: Duration = Duration::from_secs(5);
