//! What a stub resolver asks, remembers and tells.

use super::*;
use crate::dns::ResponseCode;
use crate::dns::outstanding::bench::{Bench, bytes, record};

const ADDRESS: RecordType = RecordType::A;

fn stub() -> Stub {
    Stub::new(vec!["192.0.2.53:53".parse().unwrap()])
}

fn ask(stub: &mut Stub, bench: &mut Bench, ticket: u32, name: &str) -> Vec<Told> {
    stub.ask(Ticket(ticket), &name.parse().unwrap(), ADDRESS, bench)
}

fn hand_over(stub: &mut Stub, bench: &mut Bench, message: &Message) -> Vec<Told> {
    let (port, from, _) = bench.last().clone();
    stub.datagram(port, from, &bytes(message), bench)
}

fn told(ticket: u32, answer: &[&str]) -> Told {
    let records = answer.iter().map(|line| record(line)).collect();
    Told { ticket: Ticket(ticket), answer: Ok(records) }
}

#[test]
fn a_question_asks_for_recursion_and_the_second_time_is_answered_from_memory() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    assert!(ask(&mut stub, &mut bench, 1, "www.a.test").is_empty());
    assert!(bench.last().2.header.recursion_desired);
    let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
    assert_eq!(
        hand_over(&mut stub, &mut bench, &answer),
        [told(1, &["www.a.test 60 A 192.0.2.80"])]
    );
    bench.now = bench.now + Duration::from_secs(59);
    assert_eq!(
        ask(&mut stub, &mut bench, 2, "WWW.a.test"),
        [told(2, &["www.a.test 1 A 192.0.2.80"])],
        "the time to live has run down"
    );
    assert_eq!(bench.sent.len(), 1);
    bench.now = bench.now + Duration::from_secs(1);
    assert!(ask(&mut stub, &mut bench, 3, "www.a.test").is_empty(), "too old now");
    assert_eq!(bench.sent.len(), 2);
}

#[test]
fn equal_questions_share_one_query() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "www.a.test");
    ask(&mut stub, &mut bench, 2, "www.a.test");
    assert_eq!(bench.sent.len(), 1);
    let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
    let line = ["www.a.test 60 A 192.0.2.80"];
    assert_eq!(hand_over(&mut stub, &mut bench, &answer), [told(1, &line), told(2, &line)]);
}

#[test]
fn a_chain_of_aliases_in_the_answer_is_followed_and_unrelated_records_are_not_kept() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "www.a.test");
    let lines = [
        "www.a.test 60 CNAME web.b.test",
        "bank.test 600 A 192.0.2.66",
        "web.b.test 30 A 192.0.2.80",
    ];
    let answer = bench.response(&lines.map(record));
    assert_eq!(hand_over(&mut stub, &mut bench, &answer), [told(1, &[lines[0], lines[2]])]);
    assert!(ask(&mut stub, &mut bench, 2, "bank.test").is_empty(), "not from the cache");
    assert_eq!(ask(&mut stub, &mut bench, 3, "web.b.test"), [told(3, &[lines[2]])]);
    assert_eq!(ask(&mut stub, &mut bench, 4, "www.a.test"), [told(4, &[lines[0], lines[2]])]);
}

#[test]
fn an_alias_without_its_address_is_asked_for_again() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "www.a.test");
    let answer = bench.response(&[record("www.a.test 60 CNAME web.b.test")]);
    assert!(hand_over(&mut stub, &mut bench, &answer).is_empty());
    assert_eq!(bench.last().2.questions[0].to_string(), "web.b.test A");
    let answer = bench.response(&[record("web.b.test 60 A 192.0.2.80")]);
    let lines = ["www.a.test 60 CNAME web.b.test", "web.b.test 60 A 192.0.2.80"];
    assert_eq!(hand_over(&mut stub, &mut bench, &answer), [told(1, &lines)]);
}

/// Asks for the exchanges of b.test, and hands over two of them with these addresses beside.
fn exchanges_with(stub: &mut Stub, bench: &mut Bench, beside: &[&str]) {
    let domain = "b.test".parse().unwrap();
    stub.ask(Ticket(1), &domain, RecordType::Mx, bench);
    let answers = ["b.test 3600 MX 10 mx1.b.test", "b.test 3600 MX 20 mx.prov.test"];
    let mut answer = bench.response(&answers.map(record));
    answer.additionals = beside.iter().map(|line| record(line)).collect();
    assert_eq!(hand_over(stub, bench, &answer), [told(1, &answers)]);
}

fn ask_host(stub: &mut Stub, bench: &mut Bench, ticket: u32, host: &str) -> Vec<Told> {
    stub.ask_host(Ticket(ticket), &host.parse().unwrap(), bench)
}

#[test]
fn an_address_beside_an_answer_is_connected_to_without_a_question_rfc_1034_section_3_7() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    exchanges_with(&mut stub, &mut bench, &["mx1.b.test 60 A 192.0.2.25"]);
    assert!(bench.cited.contains(&"dns.beside"));
    bench.now = bench.now + Duration::from_secs(59);
    let beside = ask_host(&mut stub, &mut bench, 2, "MX1.b.test");
    assert_eq!(beside, [told(2, &["mx1.b.test 1 A 192.0.2.25"])]);
    assert_eq!(bench.sent.len(), 1);
    bench.now = bench.now + Duration::from_secs(1);
    assert!(ask_host(&mut stub, &mut bench, 3, "mx1.b.test").is_empty(), "too old now");
    assert_eq!(bench.sent.len(), 2);
}

#[test]
fn an_address_beside_an_answer_is_no_answer_itself_rfc_2181_section_5_4_1() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    exchanges_with(&mut stub, &mut bench, &["mx1.b.test 600 A 192.0.2.25"]);
    assert!(ask(&mut stub, &mut bench, 2, "mx1.b.test").is_empty(), "a question is asked");
    let line = "mx1.b.test 600 A 192.0.2.26";
    let answer = bench.response(&[record(line)]);
    assert_eq!(hand_over(&mut stub, &mut bench, &answer), [told(2, &[line])]);
    assert_eq!(ask_host(&mut stub, &mut bench, 3, "mx1.b.test"), [told(3, &[line])]);
}

#[test]
fn an_address_beside_an_answer_does_not_replace_an_answer_rfc_2181_section_5_4_1() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 9, "mx1.b.test");
    let line = "mx1.b.test 600 A 192.0.2.26";
    let answer = bench.response(&[record(line)]);
    hand_over(&mut stub, &mut bench, &answer);
    exchanges_with(&mut stub, &mut bench, &["mx1.b.test 600 A 192.0.2.25"]);
    assert!(bench.cited.contains(&"dns.trust"));
    assert_eq!(ask_host(&mut stub, &mut bench, 2, "mx1.b.test"), [told(2, &[line])]);
}

#[test]
fn addresses_of_other_zones_and_of_hosts_that_nobody_named_are_not_kept() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    let beside = [
        "mx.prov.test 600 A 192.0.2.66",
        "www.b.test 600 A 192.0.2.66",
        "bank.test 600 A 192.0.2.66",
    ];
    exchanges_with(&mut stub, &mut bench, &beside);
    assert!(!bench.cited.contains(&"dns.beside"));
    for (ticket, host) in (2..).zip(["mx.prov.test", "www.b.test", "bank.test"]) {
        assert!(ask_host(&mut stub, &mut bench, ticket, host).is_empty(), "{host}");
    }
    assert_eq!(bench.sent.len(), 4);
}

#[test]
fn aliases_for_each_other_are_an_error() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "a.test");
    let loop_ = ["a.test 60 CNAME b.test", "b.test 60 CNAME a.test"].map(record);
    let answer = bench.response(&loop_);
    let failed = Told { ticket: Ticket(1), answer: Err(LookupError::ServerFailure) };
    assert_eq!(hand_over(&mut stub, &mut bench, &answer), [failed]);
    assert!(ask(&mut stub, &mut bench, 2, "a.test").len() <= 1, "and ends from memory too");
}

#[test]
fn an_endless_chain_of_aliases_is_given_up() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    let mut told = ask(&mut stub, &mut bench, 1, "n0.test");
    let mut steps = 0;
    while told.is_empty() {
        let line = format!("n{steps}.test 60 CNAME n{}.test", steps + 1);
        let answer = bench.response(&[record(&line)]);
        told = hand_over(&mut stub, &mut bench, &answer);
        steps += 1;
        assert!(steps < 100);
    }
    assert_eq!(told[0].answer, Err(LookupError::ServerFailure));
    assert_eq!(steps, MAX_ALIASES + 1);
}

#[test]
fn nothing_is_remembered_as_long_as_the_soa_record_says_rfc_2308_section_5() {
    let cases = [
        (ResponseCode::NxDomain, LookupError::NoSuchName),
        (ResponseCode::NoError, LookupError::NoSuchRecord),
    ];
    for (code, error) in cases {
        let (mut stub, mut bench) = (stub(), Bench::new());
        ask(&mut stub, &mut bench, 1, "no.a.test");
        let mut answer = bench.response(&[]);
        answer.header.code = code;
        answer.authorities = vec![record("a.test 3600 SOA ns.a.test 30")];
        let told = |ticket| [Told { ticket: Ticket(ticket), answer: Err(error) }];
        assert_eq!(hand_over(&mut stub, &mut bench, &answer), told(1));
        bench.now = bench.now + Duration::from_secs(29);
        assert_eq!(ask(&mut stub, &mut bench, 2, "no.a.test"), told(2));
        let other =
            stub.ask(Ticket(3), &"no.a.test".parse().unwrap(), RecordType::Aaaa, &mut bench);
        let whole_name = code == ResponseCode::NxDomain;
        assert_eq!(!other.is_empty(), whole_name, "NXDOMAIN is of the name, NODATA of the type");
        bench.now = bench.now + Duration::from_secs(1);
        assert!(ask(&mut stub, &mut bench, 4, "no.a.test").is_empty());
    }
}

#[test]
fn nothing_without_an_soa_record_is_not_remembered() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "no.a.test");
    let mut answer = bench.response(&[]);
    answer.header.code = ResponseCode::NxDomain;
    assert_eq!(hand_over(&mut stub, &mut bench, &answer).len(), 1);
    assert!(ask(&mut stub, &mut bench, 2, "no.a.test").is_empty());
}

#[test]
fn a_record_that_may_not_be_kept_is_still_the_answer() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "www.a.test");
    let line = "www.a.test 0 A 192.0.2.80";
    let answer = bench.response(&[record(line)]);
    assert_eq!(hand_over(&mut stub, &mut bench, &answer), [told(1, &[line])]);
    assert!(ask(&mut stub, &mut bench, 2, "www.a.test").is_empty());
}

#[test]
fn the_tables_show_what_is_waited_for_and_what_is_remembered() {
    let (mut stub, mut bench) = (stub(), Bench::new());
    ask(&mut stub, &mut bench, 1, "www.a.test");
    bench.now = bench.now + Duration::from_millis(500);
    let tables = stub.tables(bench.now);
    assert_eq!(tables[0].rows[0].cells[0], "www.a.test A");
    assert_eq!(tables[0].rows[0].cells.last().unwrap(), "1.5");
    let answer = bench.response(&[record("www.a.test 60 A 192.0.2.80")]);
    hand_over(&mut stub, &mut bench, &answer);
    let tables = stub.tables(bench.now + Duration::from_secs(10));
    assert!(tables[0].rows.is_empty());
    let cells = &tables[1].rows[0].cells;
    assert_eq!(cells[..4], ["www.a.test", "A", "192.0.2.80", "50"].map(String::from));
}
