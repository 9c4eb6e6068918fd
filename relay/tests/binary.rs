//! The program as it is started and stopped from a shell.

mod common;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use common::{Client, echo, pattern};
use relay_wire::Event;

#[tokio::test]
async fn sigterm_lets_open_streams_finish_and_the_program_ends_well() {
    let (mut relay, address) = start(&["--no-practice", "--profile", "local"]);
    let mut client = Client::connect(address).await;
    let stream = client.open(echo().await).await;
    let id = relay.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    while !matches!(client.event().await, Event::GoAway(_)) {}
    let bytes = pattern(100_000, 4);
    assert_eq!(client.exchange(stream, bytes.clone()).await, bytes);
    assert_eq!(client.closed().await.0, 1012);
    let ended = tokio::task::spawn_blocking(move || relay.wait()).await.unwrap();
    assert!(ended.unwrap().success());
}

#[tokio::test]
async fn a_killed_relay_takes_its_connections_with_it() {
    let (mut relay, address) = start(&["--no-practice", "--profile", "local"]);
    let (listener, target) = common::target().await;
    let mut client = Client::connect(address).await;
    client.open(target).await;
    let (mut stream, _) = listener.accept().await.unwrap();
    relay.kill().unwrap();
    let mut rest = Vec::new();
    let heard = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
    assert!(heard.is_err() || rest.is_empty());
    relay.wait().unwrap();
}

#[tokio::test]
async fn the_command_line_decides_what_may_be_dialled() {
    let (listener, named) = common::target().await;
    let other = echo().await;
    let allow = named.to_string();
    let arguments = ["--no-practice", "--allow", &allow];
    let (mut relay, address) = start(&arguments);
    let mut client = Client::connect(address).await;
    client.open(named).await;
    let refused = client.try_open("127.0.0.1", other.port()).await.unwrap_err();
    assert!(refused.text.contains(&format!("--allow {other}")), "{}", refused.text);
    drop(listener);
    relay.kill().unwrap();
    relay.wait().unwrap();
}

#[test]
fn nonsense_and_open_doors_are_refused_with_a_reason() {
    for (arguments, reason) in [
        (&["--listen", "0.0.0.0:0"][..], "--behind-proxy"),
        (&["--allow", "169.254.169.254:80"][..], "which is never allowed"),
        (&["--allow", "localhost"][..], "lacks a port"),
        (&["--token", "short"][..], "at least 22"),
    ] {
        let told = Command::new(env!("CARGO_BIN_EXE_relay")).args(arguments).output().unwrap();
        assert!(!told.status.success(), "{arguments:?}");
        let text = String::from_utf8_lossy(&told.stderr);
        assert!(text.contains(reason), "{arguments:?}: {text}");
    }
}

/// The program on a free port, and where that is.
fn start(arguments: &[&str]) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_relay"))
        .args(["--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("Wirelab is at http://").trim_end_matches('/');
    let address = address.parse().unwrap_or_else(|why| panic!("{why}: {line}"));
    (child, address)
}
