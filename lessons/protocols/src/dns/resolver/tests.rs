//! What clients of a recursive name server see.

use super::*;
use crate::dns::outstanding::bench::{bytes, record};
use crate::dns::{RecordType, ResponseCode, codec};
use crate::endpoint::{Host, Output, Running, Stimulus};
use crate::wire::Notes;

const CLIENT: &str = "10.0.0.2:4321";

/// A resolver that has started, and what it did last.
struct Lab {
    host: Running<Resolver>,
    outputs: Vec<Output>,
}

impl Lab {
    fn new() -> Lab {
        let config = Config::new(["198.51.100.1".parse().unwrap()]);
        let mut lab = Lab { host: Running::new(Resolver::new(config), 1), outputs: Vec::new() };
        lab.step(Stimulus::Start);
        lab
    }

    fn step(&mut self, stimulus: Stimulus) {
        self.outputs = self.host.step(Time::EPOCH, stimulus).unwrap().outputs;
    }

    fn ask(&mut self, query: &Message) {
        let (from, bytes) = (CLIENT.parse().unwrap(), bytes(query));
        self.step(Stimulus::Datagram { port: 53, from, bytes });
    }

    /// The messages sent in the last step: from which port, to whom.
    fn sent(&self) -> Vec<(u16, SocketAddr, Message)> {
        let sent = self.outputs.iter().filter_map(|output| match output {
            Output::SendTo { port, to, bytes } => {
                Some((*port, *to, codec::read(bytes, &mut Notes::off()).unwrap()))
            }
            _ => None,
        });
        sent.collect()
    }

    /// The root answers the query that was sent in the last step.
    fn root_says(&mut self, lines: &[&str]) {
        let (port, from, query) = self.sent().remove(0);
        let mut message = query.response(ResponseCode::NoError);
        message.header.authoritative = true;
        message.answers = lines.iter().map(|line| record(line)).collect();
        self.step(Stimulus::Datagram { port, from, bytes: bytes(&message) });
    }

    /// A client has connected and sent this query.
    fn ask_on_a_connection(&mut self, query: &Message) -> Conn {
        let conn = self.host.accept();
        let peer = CLIENT.parse().unwrap();
        self.step(Stimulus::Opened { conn, peer, port: Some(53) });
        self.step(Stimulus::Data { conn, bytes: codec::frame(&bytes(query)) });
        conn
    }

    /// Whether the last step ended this connection.
    fn ended(&self, conn: Conn) -> bool {
        self.outputs.contains(&Output::Finish { conn })
    }

    fn armed(&self, wanted: &str) -> Option<crate::endpoint::AlarmId> {
        self.outputs.iter().find_map(|output| match output {
            Output::Arm { alarm, name, .. } if *name == wanted => Some(*alarm),
            _ => None,
        })
    }

    fn code(&self) -> ResponseCode {
        self.sent()[0].2.header.code
    }
}

fn query(id: u16) -> Message {
    let mut query = Message::query(id, "www.a.test".parse().unwrap(), RecordType::A);
    query.header.recursion_desired = true;
    query
}

#[test]
fn equal_questions_cost_one_query_and_each_client_is_answered_under_its_own_id() {
    let mut lab = Lab::new();
    lab.ask(&query(1));
    let first = lab.sent();
    assert_eq!(first.len(), 1);
    assert!(!first[0].2.header.recursion_desired, "servers of zones do not recurse");
    let outputs = lab.outputs.clone();
    lab.ask(&query(2));
    lab.ask(&query(2));
    assert!(lab.sent().is_empty(), "already on its way");
    lab.outputs = outputs;
    lab.root_says(&["www.a.test 60 A 192.0.2.80"]);
    let answers = lab.sent();
    let ids: Vec<u16> = answers.iter().map(|(_, _, message)| message.header.id).collect();
    assert_eq!(ids, [1, 2], "a query that came twice is answered once");
    let (port, to, message) = &answers[0];
    assert_eq!((*port, to.to_string().as_str()), (53, CLIENT));
    let header = message.header;
    assert!(header.recursion_available && header.recursion_desired && !header.authoritative);
}

#[test]
fn bad_queries_get_the_code_that_fits_rfc_1035_section_4_1_1() {
    type Spoil = fn(&mut Message);
    let cases: [(Spoil, ResponseCode); 5] = [
        (|q| q.header.opcode = crate::dns::Opcode::Status, ResponseCode::NotImp),
        (|q| q.questions.clear(), ResponseCode::FormErr),
        (|q| q.questions[0].class = crate::dns::Class::Ch, ResponseCode::Refused),
        (|q| q.questions[0].kind = RecordType::Axfr, ResponseCode::NotImp),
        (|q| q.header.recursion_desired = false, ResponseCode::Refused),
    ];
    for (spoil, code) in cases {
        let mut lab = Lab::new();
        let mut query = query(1);
        spoil(&mut query);
        lab.ask(&query);
        assert_eq!(lab.code(), code, "{query:?}");
    }
}

#[test]
fn a_response_at_port_53_gets_no_answer_lest_two_servers_talk_for_ever() {
    let mut lab = Lab::new();
    lab.ask(&query(1).response(ResponseCode::NoError));
    assert!(lab.sent().is_empty());
    assert!(lab.outputs.contains(&Output::Cite(&rules::NO_RESPONSE)));
}

#[test]
fn an_answer_that_does_not_fit_is_cut_off_and_marked_rfc_1035_section_4_2_1() {
    // A question of 16 bytes after the header, and 16 bytes for each address: 30 fit into 512.
    for (count, truncated) in [(30, false), (31, true)] {
        let mut lab = Lab::new();
        lab.ask(&query(1));
        let lines: Vec<String> =
            (0..count).map(|n| format!("www.a.test 60 A 192.0.2.{n}")).collect();
        lab.root_says(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let (_, _, answer) = lab.sent().remove(0);
        assert_eq!(answer.header.truncated, truncated, "{count} addresses");
    }
}

#[test]
fn a_truncated_answer_is_asked_for_again_over_tcp() {
    let mut lab = Lab::new();
    lab.ask(&query(1));
    let (port, from, asked) = lab.sent().remove(0);
    let mut cut = asked.response(ResponseCode::NoError);
    cut.header.truncated = true;
    lab.step(Stimulus::Datagram { port, from, bytes: bytes(&cut) });
    assert!(lab.outputs.iter().any(|output| matches!(output, Output::Dial { .. })));
}

#[test]
fn a_search_that_takes_too_long_is_a_server_failure_rfc_1034_section_5_3_1() {
    let mut lab = Lab::new();
    lab.ask(&query(1));
    let alarm = lab.armed("give up").unwrap();
    lab.step(Stimulus::Alarm(alarm));
    assert_eq!(lab.code(), ResponseCode::ServFail);
    let unbound = lab.outputs.iter().any(|output| matches!(output, Output::Unbind { .. }));
    assert!(unbound, "its port is given up");
}

#[test]
fn a_connection_is_not_idle_while_an_answer_is_owed_on_it_rfc_7766_section_6_2_3() {
    let mut lab = Lab::new();
    let conn = lab.ask_on_a_connection(&query(1));
    let asked = lab.outputs.clone();
    let idle = lab.armed("idle").unwrap();
    lab.step(Stimulus::Alarm(idle));
    assert!(!lab.ended(conn));
    let idle = lab.armed("idle").expect("it is looked at again");
    lab.outputs = asked;
    lab.root_says(&["www.a.test 60 A 192.0.2.80"]);
    assert!(lab.outputs.iter().any(|output| matches!(output, Output::Send { .. })));
    assert!(!lab.ended(conn), "the client may ask more");
    lab.step(Stimulus::Alarm(idle));
    assert!(lab.ended(conn));
}

#[test]
fn a_client_that_has_ended_its_side_gets_its_answer_and_then_our_end() {
    let mut lab = Lab::new();
    let conn = lab.ask_on_a_connection(&query(1));
    let asked = lab.outputs.clone();
    lab.step(Stimulus::Finished { conn });
    assert!(!lab.ended(conn));
    lab.outputs = asked;
    lab.root_says(&["www.a.test 60 A 192.0.2.80"]);
    let order: Vec<bool> = lab
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Send { .. } => Some(false),
            Output::Finish { .. } => Some(true),
            _ => None,
        })
        .collect();
    assert_eq!(order, [false, true]);
}
