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
