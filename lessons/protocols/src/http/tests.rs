//! The machine plays whole exchanges from both ends.

use super::*;

fn request(method: &str, target: &str) -> Request {
    Request {
        method: method.into(),
        target: target.into(),
        version: Version::Http11,
        fields: Fields::new().with("Host", "www.cs.test"),
    }
}

fn response(status: u16) -> Response {
    Response { version: Version::Http11, status, reason: "OK".into(), fields: Fields::new() }
}

fn events(of: &mut Connection) -> Vec<Event> {
    core::iter::from_fn(|| of.next_event().unwrap()).collect()
}

#[test]
fn two_exchanges_pass_over_one_connection() {
    let mut client = Connection::new(Role::Client, Limits::default());
    let mut server = Connection::new(Role::Server, Limits::default());
    for target in ["/a", "/b"] {
        let asked = client.send_whole(Event::Request(request("GET", target)), b"").unwrap();
        server.receive(&asked);
        let heard = events(&mut server);
        assert_eq!(heard, [Event::Request(request("GET", target)), Event::end()]);
        let answer = server.send_whole(Event::Response(response(200)), b"hello").unwrap();
        assert_eq!(server.our_state(), State::Idle);
        client.receive(&answer);
        let heard = events(&mut client);
        assert!(matches!(heard.first(), Some(Event::Response(_))));
        assert_eq!(heard.get(1..), Some([Event::Data("hello".into()), Event::end()].as_slice()));
        assert!(client.is_idle());
    }
}

#[test]
fn pipelined_requests_are_read_one_at_a_time_and_answered_in_order() {
    let mut client = Connection::new(Role::Client, Limits::default());
    let mut server = Connection::new(Role::Server, Limits::default());
    let mut asked = Vec::new();
    for method in ["HEAD", "GET"] {
        asked.extend(client.send_whole(Event::Request(request(method, "/")), b"").unwrap());
    }
    assert_eq!(client.unanswered(), 2);
    server.receive(&asked);
    let mut answers = Vec::new();
    for method in ["HEAD", "GET"] {
        assert_eq!(events(&mut server), [Event::Request(request(method, "/")), Event::end()]);
        answers.extend(server.send_whole(Event::Response(response(200)), b"hello").unwrap());
    }
    client.receive(&answers);
    let heard = events(&mut client);
    assert_eq!(heard.len(), 5, "{heard:?}");
    assert_eq!(client.our_state(), State::Idle);
    server.receive_end();
    client.receive_end();
    assert_eq!(events(&mut server), [Event::Closed]);
    assert_eq!(events(&mut client), [Event::Closed]);
    assert!(client.must_close() && server.must_close());
}

/// However a message is made and however it is cut, each of its bytes is looked at once in search
/// of line ends, and the events are as many as the pieces and the chunks, not their product.
#[test]
fn reading_takes_work_in_proportion_to_what_is_read() {
    let huge = usize::MAX;
    let limits =
        Limits { head_max: huge, fields_max: huge, start_line_max: huge, ..Limits::default() };
    let lines = "A:b\r\n".repeat(MANY / 5);
    let folds = format!("A:b\r\n{}", " c\r\n".repeat(MANY / 4));
    let head = |fields: &str| format!("HTTP/1.1 204 No\r\n{fields}\r\n");
    let coded = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (name, message, events) in [
        ("short lines", head(&lines), 2),
        ("folded lines", head(&folds), 2),
        ("a long line", head(&format!("A:{}\r\n", "b".repeat(MANY))), 2),
        ("tiny chunks", format!("{coded}{}0\r\n\r\n", "1\r\nx\r\n".repeat(100_000)), 100_002),
    ] {
        for cut in [1, 7, 1000, message.len()] {
            let mut machine = Connection::new(Role::Client, limits.clone());
            let get = Request {
                method: "GET".into(),
                target: "/".into(),
                version: Version::Http11,
                fields: Fields::new().with("Host", "a"),
            };
            machine.send_whole(Event::Request(get), b"").unwrap();
            codec::LOOKED_AT.set(0);
            let mut seen = 0;
            for piece in message.as_bytes().chunks(cut) {
                machine.receive(piece);
                while machine.next_event().unwrap_or_else(|bad| panic!("{name}: {bad}")).is_some() {
                    seen += 1;
                }
            }
            assert_eq!(seen, events, "{name} in pieces of {cut}");
            let looked = codec::LOOKED_AT.get();
            assert!(looked <= message.len(), "{name} in pieces of {cut}: {looked}");
        }
    }
}

/// A mebibyte.
const MANY: usize = 1 << 20;
