//! The driver that runs endpoints with real sockets, with an endpoint that does a little of
//! everything, and then with our HTTP and name servers.

mod common;

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Client, echo, raw, settings, target};
use protocols::dns::server::{Config, Server};
use protocols::endpoint::{
    CommandError, Conn, Context, Endpoint, Input, Loss, Running, Stimulus, Target, Timer, View,
};
use protocols::http::HTTP;
use protocols::wire::Time;
use relay::policy::{Policy, Profile};
use relay::serve::{Ground, Observer, Serving, serve};
use relay::{Dialler, Practice, Relay};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

/// Sends back in upper case what it gets, over TCP and UDP; ends when its peer ends; breaks off
/// whoever sends `!`; says `tick` after a moment of silence; dials and greets on command.
#[derive(Clone, Debug, Default)]
struct Shouter;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Silence(Conn);

impl Timer for Silence {
    fn name(&self) -> &'static str {
        "silence"
    }
}

#[derive(Clone, Debug)]
struct Greet(String);

impl fmt::Display for Greet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Greet {
    type Err = CommandError;

    fn from_str(text: &str) -> Result<Greet, CommandError> {
        match text.contains(':') {
            true => Ok(Greet(text.to_owned())),
            false => Err(CommandError("a host and a port".to_owned())),
        }
    }
}

impl Endpoint for Shouter {
    type Command = Greet;
    type Event = Greet;
    type Timer = Silence;

    fn handle(&mut self, input: Input<Self>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Start => {
                cx.listen(7, &HTTP);
                cx.bind(7, &HTTP);
            }
            Input::Command(Greet(to)) => {
                let (host, port) = to.rsplit_once(':').unwrap_or((&to, "7"));
                let conn = cx.dial(Target::new(host, port.parse().unwrap_or(7)), &HTTP);
                cx.send(conn, &b"hello"[..]);
            }
            Input::Opened { conn, .. } => cx.arm(Silence(conn), Duration::from_millis(50)),
            Input::Data { conn, bytes } if bytes.contains(&b'!') => cx.abort(conn),
            Input::Data { conn, bytes } => {
                cx.disarm(Silence(conn));
                cx.send(conn, bytes.to_ascii_uppercase());
            }
            Input::Finished { conn } => cx.finish(conn),
            Input::Datagram { port, from, bytes } => {
                cx.send_to(port, from, bytes.to_ascii_uppercase());
            }
            Input::Timer(Silence(conn)) => cx.send(conn, &b"tick"[..]),
            Input::Lost { .. } | Input::Answered { .. } => {}
        }
    }

    fn view(&self, _: Time) -> View {
        View::default()
    }

    fn commands(&self) -> &'static [&'static str] {
        &["HOST:PORT"]
    }
}

#[tokio::test]
async fn a_connection_is_answered_and_ends_each_way_on_its_own() {
    let (shouter, _) = start(Policy::new(Profile::Listed)).await;
    let mut stream = TcpStream::connect(shouter.address(7).unwrap()).await.unwrap();
    let bytes = vec![b'a'; 2_000_000];
    let (mut read, mut write) = stream.split();
    let send = async {
        write.write_all(&bytes).await.unwrap();
        write.shutdown().await.unwrap();
    };
    let mut answer = Vec::new();
    let (_, heard) = tokio::join!(send, read.read_to_end(&mut answer));
    heard.unwrap();
    assert_eq!(answer, bytes.to_ascii_uppercase());
}

#[tokio::test]
async fn alarms_ring_once_and_disarmed_ones_not_at_all() {
    let (shouter, _) = start(Policy::new(Profile::Listed)).await;
    let address = shouter.address(7).unwrap();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut buffer = [0; 16];
    let heard = tokio::time::timeout(Duration::from_secs(5), silent.read(&mut buffer)).await;
    assert_eq!(heard.unwrap().unwrap(), 4);
    let mut talker = TcpStream::connect(address).await.unwrap();
    talker.write_all(b"x").await.unwrap();
    assert_eq!(talker.read(&mut buffer).await.unwrap(), 1);
    for stream in [&mut silent, &mut talker] {
        let more = tokio::time::timeout(Duration::from_millis(150), stream.read(&mut buffer));
        assert!(more.await.is_err(), "nothing more is said");
    }
}

#[tokio::test]
async fn an_abort_is_a_reset_and_not_an_end() {
    let (shouter, _) = start(Policy::new(Profile::Listed)).await;
    let mut stream = TcpStream::connect(shouter.address(7).unwrap()).await.unwrap();
    stream.write_all(b"!").await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn datagrams_are_answered_from_the_bound_port() {
    let (shouter, _) = start(Policy::new(Profile::Listed)).await;
    let udp = shouter.listening().iter().map(|at| at.address).nth(1).unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mut buffer = [0; 64];
    for text in ["one", "two"] {
        socket.send_to(text.as_bytes(), udp).await.unwrap();
        let (count, from) = socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!((&buffer[..count], from), (text.to_uppercase().as_bytes(), udp));
    }
}

#[tokio::test]
async fn the_first_datagram_from_a_new_port_is_sent() {
    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let client = protocols::dns::client::Client::new(Default::default());
    let host = Box::new(Running::new(client, 1));
    let dialler = Dialler::new(Policy::new(Profile::Local));
    let client = serve(host, Ground::anywhere(), dialler, None).await.unwrap();
    // Each query has a port of its own, bound in the step that sends it.
    let mut buffer = [0; 64];
    for _ in 0..20 {
        client.command(&format!("lookup www.a.test @{}", server.local_addr().unwrap())).await;
        let heard = tokio::time::timeout(Duration::from_secs(1), server.recv_from(&mut buffer));
        heard.await.expect("it does not take the client's second attempt").unwrap();
    }
}

#[tokio::test]
async fn a_dialled_connection_carries_what_was_sent_before_it_stood() {
    let (listener, address) = target().await;
    let mut policy = Policy::new(Profile::Listed);
    policy.allow(address.into());
    let (shouter, _) = start(policy).await;
    shouter.command(&address.to_string()).await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut heard = [0; 5];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"hello");
}

#[tokio::test]
async fn dialling_obeys_the_policy_and_tells_the_endpoint_why_not() {
    let (shouter, steps) = start(Policy::new(Profile::Local)).await;
    let nobody = common::refused_port().await;
    for to in ["10.0.0.1:80".to_owned(), nobody.to_string()] {
        shouter.command(&to).await;
    }
    let lost = || {
        let steps = steps.lock().unwrap();
        let of = |step: &Stimulus| match step {
            Stimulus::Lost { why, .. } => Some(why.clone()),
            _ => None,
        };
        steps.iter().filter_map(of).collect::<Vec<Loss>>()
    };
    common::eventually("two losses", || lost().len() == 2).await;
    assert!(lost().contains(&Loss::Refused));
    let denied = "10.0.0.1:80 is not on the relay's list: start it with --allow 10.0.0.1:80 to \
                  permit this target.";
    assert!(lost().contains(&Loss::Denied(denied.to_owned())), "{:?}", lost());
}

#[tokio::test]
async fn the_practice_server_speaks_http_and_can_be_reached_through_a_session() {
    let mut settings = settings();
    settings.policy = Policy::new(Profile::Listed);
    let mut relay = Relay::bind(settings).unwrap();
    let practice = Practice::start(&mut relay, Ground::anywhere()).await.unwrap();
    let http = practice.servers().first().and_then(|server| server.address(80)).unwrap();
    let lab = common::run(relay);
    let request = format!("GET / HTTP/1.1\r\nHost: {http}\r\nConnection: close\r\n\r\n");
    let direct = raw(http, &request).await;
    assert!(direct.starts_with("HTTP/1.1 200 OK\r\n") && direct.ends_with("</html>\n"), "{direct}");
    let mut client = Client::connect(lab.address).await;
    let stream = client.open(http).await;
    let bridged = client.exchange(stream, request.into()).await;
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).map(str::to_owned);
    assert_eq!(body(&String::from_utf8(bridged).unwrap()), body(&direct));
    let other = client.try_open("127.0.0.1", echo().await.port()).await;
    assert!(other.is_err(), "the practice servers are allowed and nothing else");
}

#[tokio::test]
async fn the_practice_proxy_reaches_the_practice_server_and_nothing_that_is_not_listed() {
    let mut settings = settings();
    settings.policy = Policy::new(Profile::Listed);
    let mut relay = Relay::bind(settings).unwrap();
    let practice = Practice::start(&mut relay, Ground::anywhere()).await.unwrap();
    let http = practice.servers().first().and_then(|server| server.address(80)).unwrap();
    let proxy = practice.servers().iter().find_map(|server| server.address(3128)).unwrap();
    let through = async |origin| {
        let head = format!("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\n");
        raw(proxy, &format!("{head}Connection: close\r\n\r\n")).await
    };
    let answer = through(http).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Via: "), "{answer}");
    let answer = through(echo().await).await;
    assert!(answer.starts_with("HTTP/1.1 5") || answer.starts_with("HTTP/1.1 403"), "{answer}");
}

/// RFC 7766 section 5: who is told over UDP that the answer is cut short asks over TCP at the same
/// port.
#[tokio::test]
async fn a_name_server_moves_as_a_whole_when_its_port_is_taken_for_tcp_alone() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let server = Server::new(Config { port: 1, ..Config::default() }, []);
    let ground = Ground { raise: port - 1, fixed: true, ..Ground::anywhere() };
    let dialler = Dialler::new(Policy::new(Profile::Local));
    let serving = serve(Box::new(Running::new(server, 1)), ground, dialler, None).await.unwrap();
    let addresses: Vec<_> = serving.listening().iter().map(|at| at.address).collect();
    assert_eq!(addresses.len(), 2);
    assert_eq!(addresses[0], addresses[1]);
    assert_ne!(addresses[0].port(), port);
}

/// A running shouter and everything that happens to it.
async fn start(policy: Policy) -> (Serving, Arc<Mutex<Vec<Stimulus>>>) {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    let observer: Observer = Box::new(move |step| seen.lock().unwrap().push(step.stimulus.clone()));
    let host = Box::new(Running::new(Shouter, 1));
    let serving = serve(host, Ground::anywhere(), Dialler::new(policy), Some(observer)).await;
    (serving.unwrap(), steps)
}
