//! What happens to bytes, ends and errors between the page and a target.

mod common;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use common::{Client, echo, eventually, pattern, refused_port, settings, start, target};
use relay_wire::{Code, Event, Reset, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UdpSocket;

#[tokio::test]
async fn what_is_sent_comes_back_and_opened_names_both_ends() {
    let lab = start(settings()).await;
    let address = echo().await;
    let mut client = Client::connect(lab.address).await;
    let host = address.ip().to_string();
    let (stream, opened) = client.try_open(&host, address.port()).await.unwrap();
    assert_eq!(opened.remote, address);
    assert!(opened.local.ip().is_loopback() && opened.local.port() != 0);
    let bytes = pattern(3_000_000, 1);
    assert_eq!(client.exchange(stream, bytes.clone()).await, bytes);
}

#[tokio::test]
async fn a_target_that_hears_the_end_of_the_request_can_still_answer() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        stream.read_to_end(&mut request).await.unwrap();
        stream.write_all(format!("{} bytes", request.len()).as_bytes()).await.unwrap();
    });
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    assert_eq!(client.exchange(stream, pattern(70_000, 2)).await, b"70000 bytes");
    server.await.unwrap();
}

#[tokio::test]
async fn a_target_that_ends_first_can_still_be_sent_to() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"bye").await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        rest
    });
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    assert_eq!(client.read_to_end(stream).await, b"bye");
    let bytes = pattern(100_000, 3);
    client.session.send(stream, bytes.clone()).unwrap();
    client.session.finish(stream).unwrap();
    while client.event().await != (Event::Closed { stream }) {}
    assert_eq!(server.await.unwrap(), bytes);
}

#[tokio::test]
async fn stop_lets_the_target_go_on_and_discards_what_it_sends() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // Far more than the window and the kernel's buffers: it must not get stuck.
        stream.write_all(&vec![1; 20_000_000]).await.unwrap();
        let mut heard = [0; 5];
        stream.read_exact(&mut heard).await.unwrap();
        heard
    });
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    client.session.stop(stream).unwrap();
    client.session.send(stream, Bytes::from_static(b"enough")).unwrap();
    client.flush().await;
    assert_eq!(&server.await.unwrap(), b"enoug");
}

#[tokio::test]
async fn a_port_without_a_server_is_refused_with_its_errno() {
    let lab = start(settings()).await;
    let address = refused_port().await;
    let mut client = Client::connect(lab.address).await;
    let reset = client.try_open("127.0.0.1", address.port()).await.unwrap_err();
    assert_eq!((reset.code, reset.errno), (Code::Refused, 111));
    assert_eq!(reset.text, format!("{address} is there, but nothing listens on this port."));
}

#[tokio::test]
async fn a_target_that_resets_is_told_apart_from_one_that_ends() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.set_zero_linger().unwrap();
    });
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    client.session.send(stream, Bytes::from_static(b"x")).unwrap();
    let reset = client.reset_of(stream).await;
    assert_eq!((reset.code, reset.errno), (Code::PeerReset, 104));
}

#[tokio::test]
async fn a_reset_of_the_client_reaches_the_target_as_a_rst() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap_err().kind()
    });
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    client.session.reset(stream, Reset::new(Code::Cancelled, ""));
    client.flush().await;
    assert_eq!(server.await.unwrap(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_vanished_client_closes_its_targets_with_a_fin() {
    let lab = start(settings()).await;
    let (listener, address) = target().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap_err().kind()
    });
    let mut client = Client::connect(lab.address).await;
    client.open(address).await;
    drop(client);
    assert_eq!(server.await.unwrap(), io::ErrorKind::UnexpectedEof);
    let sessions = lab.gauges.sessions;
    eventually("the end of the session", || sessions.value() == 0).await;
}

#[tokio::test]
async fn a_host_that_does_not_answer_times_out_under_its_own_code() {
    let mut settings = settings();
    settings.limits.connect_time = Duration::from_millis(150);
    // A full backlog on Linux drops further SYNs, so the connection attempt hangs.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut fillers = Vec::new();
    for _ in 0..4 {
        let filler = tokio::net::TcpStream::connect(address);
        fillers.push(tokio::time::timeout(Duration::from_millis(50), filler).await);
    }
    let lab = start(settings).await;
    let mut client = Client::connect(lab.address).await;
    let reset = client.try_open("127.0.0.1", address.port()).await.unwrap_err();
    assert_eq!((reset.code, reset.errno), (Code::ConnectTimeout, 110));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echo_at_full_speed_is_equal_byte_for_byte_on_1_10_and_50_streams() {
    let mut settings = settings();
    settings.limits.streams = 64;
    settings.limits.opens_burst = 100;
    let lab = start(settings).await;
    let address = echo().await;
    for count in [1, 10, 50] {
        let mut client = Client::connect(lab.address).await;
        let len = 12_000_000 / count;
        let mut expected = std::collections::BTreeMap::new();
        for seed in 0..count {
            expected.insert(client.open(address).await, pattern(len, seed));
        }
        for (stream, bytes) in &expected {
            client.session.send(*stream, bytes.clone()).unwrap();
            client.session.finish(*stream).unwrap();
        }
        while !expected.is_empty() {
            match client.event().await {
                Event::Data { stream, bytes } => {
                    let rest = expected.get_mut(&stream).unwrap();
                    assert_eq!(bytes, rest.split_to(bytes.len()), "stream {stream} of {count}");
                    client.session.consumed(stream, bytes.len());
                }
                Event::Finished { stream } => {
                    assert!(expected.remove(&stream).unwrap().is_empty(), "bytes are missing");
                }
                Event::Closed { .. } | Event::Credit { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
    let held = lab.gauges.held_bytes;
    eventually("empty buffers", || held.value() == 0).await;
}

#[tokio::test]
async fn datagrams_go_out_and_come_back_with_their_addresses() {
    let lab = start(settings()).await;
    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((count, peer)) = server.recv_from(&mut buffer).await {
            server.send_to(&buffer[..count], peer).await.unwrap();
        }
    });
    let mut client = Client::connect(lab.address).await;
    let socket = udp_open(&mut client, None).await.unwrap();
    for size in [0, 1, 1400] {
        client.session.send_to(socket, address, pattern(size, size)).unwrap();
        let Event::Datagram { peer, bytes, dropped, .. } = client.event().await else {
            panic!("a datagram")
        };
        assert_eq!((peer, bytes, dropped), (address, pattern(size, size), 0));
    }
}

#[tokio::test]
async fn datagrams_that_the_client_is_too_slow_for_are_dropped_and_counted() {
    let lab = start(settings()).await;
    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    let mut client = Client::connect(lab.address).await;
    let socket = udp_open(&mut client, None).await.unwrap();
    client.session.send_to(socket, address, Bytes::from_static(b"hello")).unwrap();
    client.flush().await;
    let mut buffer = [0; 16];
    let (_, peer) = server.recv_from(&mut buffer).await.unwrap();
    // 160 MB without the client reading: the WebSocket fills up, then the queue of the socket.
    for number in 0..4000u32 {
        let mut bytes = vec![0; 40_000];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        server.send_to(&bytes, peer).await.unwrap();
        if number % 8 == 0 {
            tokio::task::yield_now().await;
        }
    }
    let held = lab.gauges.held_bytes.value();
    assert!(held <= relay_wire::MAX_QUEUED_DATAGRAM_BYTES as u64, "{held} bytes wait");
    let mut dropped_in_all = 0u32;
    let mut last = 0;
    let limit = Duration::from_millis(300);
    while let Ok(event) = tokio::time::timeout(limit, client.event()).await {
        if let Event::Datagram { bytes, dropped, .. } = event {
            dropped_in_all += u32::from(dropped);
            let number = u32::from_be_bytes(bytes[..4].try_into().unwrap());
            assert!(number >= last, "datagrams stay in order");
            last = number;
        }
    }
    assert!(dropped_in_all > 0, "losses have to be told");
}

#[tokio::test]
async fn a_connected_socket_learns_that_nothing_listens() {
    let lab = start(settings()).await;
    let address = {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.local_addr().unwrap()
    };
    let mut client = Client::connect(lab.address).await;
    let socket = udp_open(&mut client, Some(address)).await.unwrap();
    client.session.send_to(socket, address, Bytes::from_static(b"anyone?")).unwrap();
    let reset = client.reset_of(socket).await;
    assert_eq!((reset.code, reset.errno), (Code::Refused, 111));
}

#[tokio::test]
async fn every_destination_of_a_datagram_is_checked() {
    let lab = start(settings()).await;
    let mut client = Client::connect(lab.address).await;
    for forbidden in ["239.255.255.250:1900", "169.254.169.254:80", "10.0.0.1:53"] {
        let socket = udp_open(&mut client, None).await.unwrap();
        let peer: SocketAddr = forbidden.parse().unwrap();
        client.session.send_to(socket, peer, Bytes::from_static(b"x")).unwrap();
        assert_eq!(client.reset_of(socket).await.code, Code::Policy, "{forbidden}");
    }
}

#[tokio::test]
async fn ping_is_answered_while_a_stream_is_busy() {
    let lab = start(settings()).await;
    let address = echo().await;
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(address).await;
    client.session.send(stream, pattern(1_000_000, 9)).unwrap();
    client.session.ping(*b"12345678");
    client.flush().await;
    loop {
        match client.event().await {
            Event::Pong { payload } => break assert_eq!(&payload, b"12345678"),
            Event::Data { .. } | Event::Credit { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn udp_open(client: &mut Client, connect: Option<SocketAddr>) -> Result<u32, Reset> {
    let wanted = client.session.udp_open(None, connect.map(Target::from)).unwrap();
    loop {
        match client.event().await {
            Event::UdpOpened { socket, opened } if socket == wanted => {
                assert!(opened.local.ip().is_loopback());
                return Ok(socket);
            }
            Event::Reset { stream, reset } if stream == wanted => return Err(reset),
            _ => {}
        }
    }
}
