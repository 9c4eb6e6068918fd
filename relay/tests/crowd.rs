//! Many at once, from either family of addresses; and practice servers that are sent in circles or
//! have to do with the slow. Everything is counted, nothing is timed.

mod common;

use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{Client, Lab, echo, eventually, request, run, settings, start};
use protocols::endpoint::{Running, Stimulus};
use protocols::http::proxy::{self, Proxy};
use relay::policy::{Policy, Profile};
use relay::serve::{Ground, Observer, serve};
use relay::{Dialler, Practice, Relay};
use relay_wire::Session;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn two_hundred_join_at_once_and_each_has_a_session_and_a_stream_of_its_own() {
    let mut settings = settings();
    settings.limits.opens_burst = CLASS as u32;
    let lab = start(settings).await;
    let address = echo().await;
    let joining: Vec<_> = (0..CLASS)
        .map(|_| {
            let relay = lab.address;
            tokio::spawn(async move {
                let mut client = Client::connect(relay).await;
                let stream = client.open(address).await;
                (client, stream)
            })
        })
        .collect();
    let mut class = Vec::new();
    for joined in joining {
        class.push(joined.await.expect("every one of them joins"));
    }
    assert_eq!(lab.gauges.sessions.value(), CLASS as u64);
    drop(class);
    let sessions = lab.gauges.sessions.clone();
    eventually("the end of all sessions", || sessions.value() == 0).await;
}

#[tokio::test]
async fn localhost_is_served_over_ipv6_too_where_there_is_ipv6() {
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.is_err() {
        eprintln!("no IPv6 on this machine");
        return;
    }
    let lab = start(settings()).await;
    let twin = SocketAddr::from((Ipv6Addr::LOCALHOST, lab.address.port()));
    let mut client = Client::handshake(request(twin), Session::client("")).await;
    client.flush().await;
    client.event().await;
    // Nor does it talk to itself there.
    for own in [lab.address, twin] {
        let refused = client.try_open(&own.ip().to_string(), own.port()).await.unwrap_err();
        assert!(refused.text.contains("the relay itself"), "{own}: {}", refused.text);
    }
    let head = format!("GET /healthz HTTP/1.1\r\nHost: localhost:{}\r\n", twin.port());
    assert!(asked(twin, &head).await.starts_with("HTTP/1.1 200 "));
}

/// RFC 9110 section 7.6.3: the local profile lets the proxy dial every port from 1024 up, its own
/// among them; its name in Via ends the circle at the second turn.
#[tokio::test]
async fn a_practice_proxy_that_is_sent_to_itself_finds_the_circle_at_once() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let observer: Observer = Box::new(move |step| {
        if let Stimulus::Opened { port: Some(_), .. } = step.stimulus {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let host = Box::new(Running::new(Proxy::new(proxy::Config::default()), 1));
    let dialler = Dialler::new(Policy::new(Profile::Local));
    let serving = serve(host, Ground::anywhere(), dialler, Some(observer)).await.unwrap();
    let proxy = serving.address(3128).unwrap();
    let answer = asked(proxy, &format!("GET http://{proxy}/ HTTP/1.1\r\nHost: {proxy}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert_eq!(opened.load(Ordering::Relaxed), 2, "ours, and one of its own");
}

/// Two proxies, or the relay, are no way round either.
#[tokio::test]
async fn a_practice_proxy_reaches_neither_the_relay_nor_itself_through_the_relay() {
    let (lab, practice) = with_practice().await;
    let proxy = practice.servers().iter().find_map(|s| s.address(3128)).unwrap();
    for to in [lab.address, proxy] {
        let head = format!("GET http://{to}/ HTTP/1.1\r\nHost: {to}\r\n");
        let answer = asked(proxy, &head).await;
        assert!(answer.starts_with("HTTP/1.1 502 "), "{to}: {answer}");
        assert!(answer.contains(".</p>") && !answer.contains(".."), "{answer}");
    }
}

/// What a slow client has not taken is left with the origin, not held by the proxy.
#[tokio::test]
async fn a_practice_proxy_reads_an_answer_no_faster_than_its_client_does() {
    let sent = Arc::new(AtomicUsize::new(0));
    let origin = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = origin.local_addr().unwrap();
    let count = Arc::clone(&sent);
    tokio::spawn(async move {
        let (mut stream, _) = origin.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n").await.unwrap();
        let zeroes = vec![0; 64 * 1024];
        while stream.write_all(&zeroes).await.is_ok() {
            count.fetch_add(zeroes.len(), Ordering::Relaxed);
        }
    });
    let host = Box::new(Running::new(Proxy::new(proxy::Config::default()), 1));
    let dialler = Dialler::new(Policy::new(Profile::Local));
    let serving = serve(host, Ground::anywhere(), dialler, None).await.unwrap();
    let mut client = TcpStream::connect(serving.address(3128).unwrap()).await.unwrap();
    let head = format!("GET http://{address}/ HTTP/1.1\r\nHost: {address}\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    client.read_exact(&mut first).await.unwrap();
    // Until nothing moves any more: then the buffers of the kernel and ours are full.
    let mut before = usize::MAX;
    while before != sent.load(Ordering::Relaxed) {
        before = sent.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert!(before < IN_BUFFERS, "{before} bytes are somewhere");
    }
}

async fn with_practice() -> (Lab, Practice) {
    let mut relay = Relay::bind(settings()).unwrap();
    let practice = Practice::start(&mut relay, Ground::anywhere()).await.unwrap();
    (run(relay), practice)
}

async fn asked(address: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Browsers that follow one teacher's link.
const CLASS: usize = 200;
/// More than the socket buffers of two loopback connections grow to (6 MiB to read and 4 to write
/// each, by Linux's defaults) with a quarter of a mebibyte of ours.
const IN_BUFFERS: usize = 24 << 20;
