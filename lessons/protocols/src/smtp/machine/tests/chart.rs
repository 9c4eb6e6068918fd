//! Every edge of both charts is reached.

use super::client::{OFFER, client, ehlo, mail, rcpt};
use super::server;
use crate::smtp::machine::{CLIENT, Client, SERVER, Server, ServerEvent};
use crate::smtp::{Command, Extensions, Limits, Reply};
use crate::wire::Chart;

/// Walks each edge of a chart by what it is called, and reports those that no walk took.
fn untaken(chart: &'static Chart, taken: &[(usize, &'static str)]) -> Vec<String> {
    let edges = chart.edges.iter().filter(|edge| !taken.contains(&(edge.from, edge.on)));
    edges.map(|edge| format!("{} --{}-->", chart.states[edge.from].name, edge.on)).collect()
}

const TO_SERVER_STATES: [&[u8]; 5] = [
    b"",
    b"EHLO a.test\r\n",
    b"EHLO a.test\r\nMAIL FROM:<a@a.test>\r\n",
    b"EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@b.test>\r\n",
    b"EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@b.test>\r\nDATA\r\n",
];

#[test]
fn every_edge_of_the_server_s_chart_is_reached() {
    let mut taken = Vec::new();
    for way in TO_SERVER_STATES {
        for then in [
            "EHLO a.test\r\n",
            "MAIL FROM:<a@a.test>\r\n",
            "RCPT TO:<b@b.test>\r\n",
            "DATA\r\n",
            "RSET\r\n",
            "NOOP\r\n",
            "QUIT\r\n",
            "BREW\r\n",
            "NOOP\n",
            ".\r\n",
            "\u{e9}\r\n.\r\n",
        ] {
            let mut heard = server();
            heard.hear(way);
            heard.hear(then.as_bytes());
            taken.append(&mut heard.moved);
            heard.server.close();
            heard.note_moves();
            taken.append(&mut heard.moved);
        }
        for end in [true, false] {
            let mut heard = server();
            heard.hear(way);
            match end {
                true => heard.server.receive_end(),
                false => heard.say(421),
            }
            heard.hear(b"");
            heard.note_moves();
            taken.append(&mut heard.moved);
        }
        let mut heard = server();
        heard.hear(way);
        heard.server.close();
        heard.note_moves();
        taken.append(&mut heard.moved);
    }
    taken.extend(odd_openings());
    assert_eq!(untaken(&SERVER, &taken), Vec::<String>::new());
}

/// Sessions that are refused, and ends that come while a reply is owed.
fn odd_openings() -> Vec<(usize, &'static str)> {
    let mut taken = Vec::new();
    let mut run = |greeting: Option<u16>, bytes: &[u8], last: &dyn Fn(&mut Server)| {
        let mut server = Server::new(Extensions::all(0), Limits::default());
        if let Some(code) = greeting {
            server.send(&Reply::new(code, "text")).unwrap();
            taken.extend(server.moves().iter().map(|edge| (edge.from, edge.on)));
        }
        server.receive(bytes);
        while let Ok(Some(event)) = server.next_event() {
            taken.extend(server.moves().iter().map(|edge| (edge.from, edge.on)));
            if matches!(event, ServerEvent::Mail(_)) {
                break;
            }
            if server.owes_reply() {
                server.send(&Reply::new(server.likely_reply(), "text")).unwrap();
                taken.extend(server.moves().iter().map(|edge| (edge.from, edge.on)));
            }
        }
        taken.extend(server.moves().iter().map(|edge| (edge.from, edge.on)));
        last(&mut server);
        taken.extend(server.moves().iter().map(|edge| (edge.from, edge.on)));
    };
    let whole = [TO_SERVER_STATES[4], b".\r\n"].concat();
    let flood = b"NOOP\r\n".repeat(20_000);
    let full = [whole.as_slice(), &flood].concat();
    let close: &dyn Fn(&mut Server) = &Server::close;
    let bye: &dyn Fn(&mut Server) = &|server| {
        server.send(&Reply::new(421, "bye")).unwrap();
    };
    let end: &dyn Fn(&mut Server) = &|server| {
        server.receive_end();
        let _ = server.next_event();
    };
    for last in [close, bye, end] {
        run(None, b"", last);
        run(Some(554), b"", last);
        run(Some(220), &whole, last);
    }
    for bytes in [b"MAIL FROM:<>\r\n".as_slice(), b"QUIT\r\n", b"NOOP\n"] {
        run(Some(554), bytes, close);
    }
    run(None, &flood, close);
    run(Some(220), &full, &|server| assert!(server.next_event().is_err()));
    taken
}

/// What brings a client to each state, what it may say there, and what it may hear.
#[test]
fn every_edge_of_the_client_s_chart_is_reached() {
    let ways: Vec<Vec<(Option<Command>, &str)>> = vec![
        vec![],
        vec![(None, "220 b\r\n")],
        vec![(None, "220 b\r\n"), (Some(ehlo()), "")],
        vec![(None, "220 b\r\n"), (Some(ehlo()), OFFER)],
        vec![(None, "220 b\r\n"), (Some(ehlo()), OFFER), (Some(mail()), "")],
        vec![(None, "220 b\r\n"), (Some(ehlo()), OFFER), (Some(mail()), ""), (Some(rcpt()), "")],
        on_the_way(&[]),
        on_the_way(&[(Some(Command::Data), "")]),
        on_the_way(&[(Some(Command::Data), "354 go\r\n")]),
        vec![(None, "554 no\r\n")],
        vec![(None, "220 b\r\n"), (Some(Command::Quit), "")],
        vec![(None, "220 b\r\n"), (Some(Command::Quit), "221 bye\r\n")],
    ];
    let mut taken = Vec::new();
    for way in &ways {
        for reply in
            ["220 a\r\n", "250 a\r\n", "354 a\r\n", "421 a\r\n", "550 a\r\n", "?\r\n", "END"]
        {
            for judged in [false, true] {
                let mut client = client(way);
                if judged {
                    let _ = client.send_mail(b"text\r\n");
                    note(&client, &mut taken);
                }
                match reply {
                    "END" => client.receive_end(),
                    reply => client.receive(reply.as_bytes()),
                }
                while let Ok(Some(_)) = client.next_event() {
                    note(&client, &mut taken);
                }
                note(&client, &mut taken);
            }
        }
        for command in commands() {
            let mut client = client(way);
            let _ = client.send(&command);
            note(&client, &mut taken);
        }
        for judged in [false, true] {
            let mut client = client(way);
            if judged {
                let _ = client.send_mail(b"text\r\n");
            }
            client.close();
            note(&client, &mut taken);
        }
    }
    assert_eq!(untaken(&CLIENT, &taken), Vec::<String>::new());
}

fn note(client: &Client, taken: &mut Vec<(usize, &'static str)>) {
    taken.extend(client.moves().iter().map(|edge| (edge.from, edge.on)));
}

fn commands() -> [Command; 8] {
    let helo = Command::Helo { client: "a.test".into() };
    let noop = Command::Noop { text: String::new() };
    [ehlo(), helo, mail(), rcpt(), Command::Data, Command::Rset, noop, Command::Quit]
}

/// With a sender and a recipient, and then this.
fn on_the_way(then: &[(Option<Command>, &'static str)]) -> Vec<(Option<Command>, &'static str)> {
    let mut way = vec![
        (None, "220 b\r\n"),
        (Some(ehlo()), OFFER),
        (Some(mail()), "250 ok\r\n"),
        (Some(rcpt()), "250 ok\r\n"),
    ];
    way.extend_from_slice(then);
    way
}
