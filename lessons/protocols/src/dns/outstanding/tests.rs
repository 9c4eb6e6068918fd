//! What is believed and what is not, and what is done when nothing comes.

use core::net::SocketAddr;
use core::time::Duration;

use super::bench::{Bench, bytes, record};
use super::*;
use crate::dns::{RecordType, ResponseCode};

const PATIENCE: Patience = Patience { first: Duration::from_secs(2), rounds: 2 };

fn servers() -> Vec<SocketAddr> {
    vec!["192.0.2.1:53".parse().unwrap(), "192.0.2.2:53".parse().unwrap()]
}

fn asked() -> Asked {
    let question = Question::new("www.a.test".parse().unwrap(), RecordType::A);
    Asked { question, recursion: true, servers: servers(), tcp: false }
}

fn asking() -> (Outstanding, Bench, QueryId) {
    let (mut table, mut bench) = (Outstanding::new(PATIENCE), Bench::new());
    let query = table.ask(asked(), &mut bench).unwrap();
    (table, bench, query)
}

/// Hands over a message as if the server that was asked sent it, to the port it was asked from.
fn hand_over(table: &mut Outstanding, bench: &mut Bench, message: &Message) -> Option<Settled> {
    let (port, from, _) = bench.last().clone();
    table.datagram(port, from, &bytes(message), bench)
}

#[test]
fn the_answer_to_the_query_settles_it_and_gives_up_its_port() {
    let (mut table, mut bench, query) = asking();
    let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
    let settled = hand_over(&mut table, &mut bench, &answer).unwrap();
    assert_eq!(settled.query, query);
    assert_eq!(settled.outcome.unwrap().message, answer);
    assert!(table.is_empty() && bench.ports.is_empty() && bench.alarms.is_empty());
}

#[test]
fn what_does_not_match_the_query_is_not_believed_rfc_5452_section_9_1() {
    type Forge = fn(&mut Message);
    let forgeries: [(&str, Forge); 5] = [
        ("dns.other-id", |m| m.header.id ^= 1),
        ("dns.no-response", |m| m.header.response = false),
        ("dns.other-question", |m| m.questions[0].name = "www.b.test".parse().unwrap()),
        ("dns.other-question", |m| m.questions[0].kind = RecordType::Aaaa),
        ("dns.other-question", |m| m.questions.clear()),
    ];
    for (rule, forge) in forgeries {
        let (mut table, mut bench, _) = asking();
        let mut message = bench.response(&[record("www.a.test 60 A 192.0.2.66")]);
        forge(&mut message);
        assert_eq!(hand_over(&mut table, &mut bench, &message), None, "{rule}");
        assert!(bench.cited.contains(&rule), "{rule}: {:?}", bench.cited);
        let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
        assert!(hand_over(&mut table, &mut bench, &answer).is_some(), "the true one still counts");
    }
}

#[test]
fn an_answer_from_another_address_or_port_is_not_believed() {
    for from in ["192.0.2.1:54", "192.0.2.2:53", "198.51.100.66:53"] {
        let (mut table, mut bench, _) = asking();
        let answer = bytes(&bench.response(&[record("www.a.test 60 A 192.0.2.66")]));
        let port = bench.last().0;
        assert_eq!(table.datagram(port, from.parse().unwrap(), &answer, &mut bench), None);
        assert!(bench.cited.contains(&"dns.other-source"), "{from}");
    }
}

#[test]
fn an_answer_at_another_port_of_ours_finds_no_query() {
    let (mut table, mut bench, _) = asking();
    let (port, from, _) = bench.last().clone();
    let answer = bytes(&bench.response(&[record("www.a.test 60 A 192.0.2.66")]));
    assert!(!table.has_port(port ^ 1));
    assert_eq!(table.datagram(port ^ 1, from, &answer, &mut bench), None);
    assert_eq!(table.len(), 1);
}

#[test]
fn silence_is_met_with_the_next_server_and_then_with_twice_the_wait() {
    let (mut table, mut bench, query) = asking();
    let mut waits = vec![(bench.last().1, bench.alarms[&query])];
    let settled = loop {
        let settled = table.overdue(query, &mut bench);
        if let Some(settled) = settled {
            break settled;
        }
        waits.push((bench.last().1, bench.alarms[&query]));
    };
    let [first, second] = [servers()[0], servers()[1]];
    let secs = Duration::from_secs;
    assert_eq!(waits, [(first, secs(2)), (second, secs(2)), (first, secs(4)), (second, secs(4))]);
    assert_eq!(settled.outcome, Err(Unanswered::TimedOut));
    assert!(bench.ports.is_empty() && bench.alarms.is_empty());
}

#[test]
fn each_try_has_an_id_and_a_port_of_its_own() {
    let (mut table, mut bench, query) = asking();
    while table.overdue(query, &mut bench).is_none() {}
    let mut seen: Vec<(u16, u16)> = bench.sent.iter().map(|(p, _, m)| (*p, m.header.id)).collect();
    seen.sort_unstable();
    seen.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(seen.len(), bench.sent.len());
}

#[test]
fn a_server_that_cannot_say_is_not_asked_again() {
    let (mut table, mut bench, query) = asking();
    let refusal = bench.last().2.response(ResponseCode::Refused);
    assert_eq!(hand_over(&mut table, &mut bench, &refusal), None);
    assert_eq!(bench.last().1, servers()[1]);
    assert_eq!(table.overdue(query, &mut bench), None);
    assert_eq!(bench.last().1, servers()[1], "the second again");
    let failure = bench.last().2.response(ResponseCode::ServFail);
    let settled = hand_over(&mut table, &mut bench, &failure).unwrap();
    assert_eq!(settled.outcome, Err(Unanswered::Failed));
}

#[test]
fn bytes_that_cannot_be_read_send_us_to_the_next_server() {
    let (mut table, mut bench, _) = asking();
    let (port, from, _) = bench.last().clone();
    let mut answer = bytes(&bench.response(&[record("www.a.test 60 A 192.0.2.80")])).to_vec();
    answer.truncate(answer.len() - 1);
    assert_eq!(table.datagram(port, from, &answer, &mut bench), None);
    assert!(bench.cited.contains(&"dns.unreadable-answer"));
    assert_eq!(bench.last().1, servers()[1]);
}

#[test]
fn a_truncated_answer_is_asked_for_again_over_tcp_rfc_7766_section_5() {
    let (mut table, mut bench, query) = asking();
    let mut cut = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
    cut.header.truncated = true;
    assert_eq!(hand_over(&mut table, &mut bench, &cut), None);
    let (conn, to) = bench.dialled[0];
    assert_eq!(to, servers()[0]);
    assert!(bench.ports.is_empty());
    table.opened(conn, &mut bench);
    let mut frames = Frames::default();
    frames.receive(&bench.streamed[0].1);
    let sent = codec::read(&frames.next_frame().unwrap(), &mut crate::wire::Notes::off()).unwrap();
    let mut whole = sent.response(ResponseCode::NoError);
    whole.answers = (0..60).map(|n| record(&format!("www.a.test 60 A 192.0.2.{n}"))).collect();
    let framed = codec::frame(&bytes(&whole));
    let (head, tail) = framed.split_at(700);
    assert_eq!(table.data(conn, head, &mut bench), None);
    let settled = table.data(conn, tail, &mut bench).unwrap();
    assert_eq!((settled.query, settled.outcome.unwrap().message), (query, whole));
    assert_eq!(bench.closed, [conn]);
    assert!(table.has_conn(conn), "until the server has closed as well");
    assert_eq!(table.lost(conn, &mut bench), None);
    assert!(!table.has_conn(conn));
}

#[test]
fn a_connection_that_fails_counts_as_no_answer() {
    let (mut table, mut bench, _) = asking();
    let mut cut = bench.response(&[]);
    cut.header.truncated = true;
    hand_over(&mut table, &mut bench, &cut);
    let conn = bench.dialled[0].0;
    assert_eq!(table.lost(conn, &mut bench), None);
    assert_eq!(bench.last().1, servers()[1]);
}

/// A query with EDNS that has just been sent.
fn asking_with_edns(rounds: u32) -> (Outstanding, Bench, QueryId) {
    let patience = Patience { rounds, ..PATIENCE };
    let (mut table, mut bench) = (Outstanding::new(patience).with_edns(1232), Bench::new());
    let query = table.ask(Asked { servers: vec![servers()[0]], ..asked() }, &mut bench).unwrap();
    assert_eq!(bench.last().2.edns, Some(Edns::new(1232)));
    (table, bench, query)
}

/// Whether the next query to the first server has an OPT record.
fn next_offers(table: &mut Outstanding, bench: &mut Bench) -> bool {
    table.ask(asked(), bench).unwrap();
    bench.last().2.edns.is_some()
}

#[test]
fn a_server_that_knows_no_edns_is_asked_plainly_and_remembered_rfc_6891_section_7() {
    for code in [ResponseCode::FormErr, ResponseCode::NotImp, ResponseCode::BadVers] {
        let (mut table, mut bench, _) = asking_with_edns(1);
        let mut refusal = bench.last().2.response(code);
        // The code BADVERS has more than four bits: some of them are in an OPT record.
        refusal.edns = (code == ResponseCode::BadVers).then(|| Edns::new(512));
        assert_eq!(hand_over(&mut table, &mut bench, &refusal), None);
        assert_eq!((bench.last().1, &bench.last().2.edns), (servers()[0], &None), "{code}");
        assert!(bench.cited.contains(&"dns.edns-fallback"));
        let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
        assert!(hand_over(&mut table, &mut bench, &answer).is_some());
        assert!(!next_offers(&mut table, &mut bench));
        bench.now = bench.now + Duration::from_secs(15 * 60);
        assert!(next_offers(&mut table, &mut bench), "it may have been mended");
    }
}

#[test]
fn a_server_that_finds_fault_with_the_question_itself_is_not_asked_again() {
    let (mut table, mut bench, _) = asking_with_edns(2);
    let mut refusal = bench.last().2.response(ResponseCode::FormErr);
    refusal.edns = Some(Edns::new(1232));
    let settled = hand_over(&mut table, &mut bench, &refusal).unwrap();
    assert_eq!(settled.outcome, Err(Unanswered::Failed), "RFC 6891 section 7");
    assert!(next_offers(&mut table, &mut bench));
}

#[test]
fn a_plain_query_that_is_refused_with_formerr_is_not_sent_again() {
    let (mut table, mut bench, _) = asking_with_edns(1);
    let refusal = bench.last().2.response(ResponseCode::FormErr);
    assert_eq!(hand_over(&mut table, &mut bench, &refusal), None);
    let again = bench.last().2.response(ResponseCode::FormErr);
    let settled = hand_over(&mut table, &mut bench, &again).unwrap();
    assert_eq!(settled.outcome, Err(Unanswered::Failed));
}

#[test]
fn a_server_silent_to_edns_twice_is_asked_plainly_and_remembered_if_it_answers_then() {
    let (mut table, mut bench, query) = asking_with_edns(3);
    let mut offered = vec![true];
    for _ in 0..2 {
        assert_eq!(table.overdue(query, &mut bench), None);
        offered.push(bench.last().2.edns.is_some());
    }
    assert_eq!(offered, [true, true, false]);
    let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
    assert!(hand_over(&mut table, &mut bench, &answer).is_some());
    assert!(!next_offers(&mut table, &mut bench));
    let (mut table, mut bench, query) = asking_with_edns(3);
    while table.overdue(query, &mut bench).is_none() {}
    assert!(next_offers(&mut table, &mut bench), "one that is off has said nothing about EDNS");
}
