//! The program as it is started and stopped from a shell.

mod common;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use common::{Client, echo, pattern, request};
use relay_wire::{Event, Session};

#[tokio::test]
async fn sigterm_lets_open_streams_finish_and_the_program_ends_well() {
    let (mut relay, mut client) = start(&["--no-practice", "--profile", "local"]).await;
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
    let (mut relay, mut client) = start(&["--no-practice", "--profile", "local"]).await;
    let (listener, target) = common::target().await;
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
    let (mut relay, mut client) = start(&arguments).await;
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

/// Another user of this machine can run any program, but cannot read what this one printed.
#[tokio::test]
async fn each_run_prints_a_token_of_its_own_and_lets_in_whoever_shows_it() {
    let (mut relay, address, token) = printed(&["--no-practice"]);
    let (mut other, _, others) = printed(&["--no-practice"]);
    assert!(token.len() >= relay::MIN_TOKEN, "{token}");
    assert_ne!(token, others);
    for wrong in ["", &others] {
        // With the relay's own Origin, as any program can write it.
        let mut client = Client::handshake(request(address), Session::client(wrong)).await;
        client.flush().await;
        let (code, text) = client.closed().await;
        assert_eq!(code, 4401);
        assert!(text.contains("whole address that the relay printed"), "{text}");
    }
    Client::join(address, &token).await;
    for child in [&mut relay, &mut other] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[tokio::test]
async fn a_token_that_is_given_is_not_printed() {
    let given = "0123456789abcdefghijkl";
    let (mut relay, address, token) = printed(&["--no-practice", "--token", given]);
    assert_eq!(token, "");
    Client::join(address, given).await;
    relay.kill().unwrap();
    relay.wait().unwrap();
}

/// The program on a free port, and a client that has joined it.
async fn start(arguments: &[&str]) -> (Child, Client) {
    let (child, address, token) = printed(arguments);
    (child, Client::join(address, &token).await)
}

/// The program on a free port, where that is, and the token that it printed.
fn printed(arguments: &[&str]) -> (Child, SocketAddr, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_relay"))
        .args(["--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().trim_start_matches("Wirelab is at http://");
    let (address, fragment) = url.split_once('/').unwrap_or_else(|| panic!("{line}"));
    let address = address.parse().unwrap_or_else(|why| panic!("{why}: {line}"));
    (child, address, fragment.trim_start_matches("#token=").to_owned())
}
