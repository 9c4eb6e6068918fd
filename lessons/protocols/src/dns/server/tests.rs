//! The server on raw bytes: what is answered how, and what gets no answer.

use core::net::SocketAddr;

use bytes::Bytes;

use super::*;
use crate::dns::codec::{self, read, write};
use crate::dns::{Edns, EdnsOption, Message, Name, Opcode, Question, RecordType, ResponseCode};
use crate::endpoint::{Host, Output, Running, Stimulus};
use crate::wire::Notes;

const NOW: Time = Time::from_secs(1_700_000_000);

/// A server with everything that it did.
struct Lab {
    host: Running<Server>,
    conn: Option<Conn>,
    outputs: Vec<Output>,
}

fn zone(text: &str) -> Zone {
    Zone::parse(text, &Name::root()).unwrap_or_else(|error| panic!("{error}"))
}

fn lab() -> Lab {
    lab_of(Config::default())
}

fn lab_of(config: Config) -> Lab {
    let many: String = (1..=60).map(|n| format!("many 60 A 192.0.2.{n}\n")).collect();
    let head = "$ORIGIN example.\n@ 60 SOA ns hostmaster 1 2 3 4 5\n@ 60 NS ns\n";
    let www = "ns 60 A 192.0.2.1\nwww 60 A 192.0.2.80\nsub 60 NS ns.sub\n";
    let sub = "$ORIGIN sub.example.\n@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns\nns 60 A 192.0.2.2\n";
    let zones = [zone(&format!("{head}{www}{many}")), zone(sub)];
    let mut lab =
        Lab { host: Running::new(Server::new(config, zones), 1), conn: None, outputs: Vec::new() };
    lab.step(Stimulus::Start);
    lab
}

fn peer() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 9], 40_000))
}

fn query(name: &str, kind: RecordType) -> Message {
    Message::query(7, name.parse().unwrap(), kind)
}

impl Lab {
    fn step(&mut self, stimulus: Stimulus) {
        self.outputs.extend(self.host.step(NOW, stimulus).unwrap().outputs);
    }

    /// The answer to these bytes in a datagram.
    fn raw(&mut self, bytes: &[u8]) -> Option<Message> {
        self.outputs.clear();
        let bytes = Bytes::copy_from_slice(bytes);
        self.step(Stimulus::Datagram { port: 53, from: peer(), bytes });
        let sent = self.outputs.iter().find_map(|output| match output {
            Output::SendTo { port: 53, to, bytes } if *to == peer() => Some(bytes.clone()),
            _ => None,
        })?;
        Some(read(&sent, &mut Notes::off()).unwrap())
    }

    fn ask(&mut self, message: &Message) -> Message {
        self.raw(&write(message)).unwrap()
    }

    fn code(&mut self, message: &Message) -> ResponseCode {
        self.ask(message).header.code
    }

    fn open(&mut self) -> Conn {
        let conn = self.host.accept();
        self.conn = Some(conn);
        self.step(Stimulus::Opened { conn, peer: peer(), port: Some(53) });
        conn
    }

    fn data(&mut self, bytes: &[u8]) {
        let bytes = Bytes::copy_from_slice(bytes);
        self.step(Stimulus::Data { conn: self.conn.unwrap(), bytes });
    }

    /// All messages that were sent on connections.
    fn streamed(&self) -> Vec<Message> {
        let mut frames = codec::Frames::default();
        for output in &self.outputs {
            if let Output::Send { bytes, .. } = output {
                frames.receive(bytes);
            }
        }
        let messages = core::iter::from_fn(|| frames.next_frame());
        messages.map(|bytes| read(&bytes, &mut Notes::off()).unwrap()).collect()
    }

    fn cited(&self, id: &str) -> bool {
        self.outputs.iter().any(|output| matches!(output, Output::Cite(rule) if rule.id == id))
    }

    fn ring(&mut self, wanted: &str) {
        let alarm = self.outputs.iter().rev().find_map(|output| match output {
            Output::Arm { alarm, name, .. } if *name == wanted => Some(*alarm),
            _ => None,
        });
        self.step(Stimulus::Alarm(alarm.unwrap()));
    }

    fn did(&self, wanted: impl Fn(&Output) -> bool) -> bool {
        self.outputs.iter().any(wanted)
    }
}

#[test]
fn an_answer_repeats_the_question_and_has_authority() {
    let mut lab = lab();
    let mut asked = query("WWW.example", RecordType::A);
    asked.header.recursion_desired = true;
    let answer = lab.ask(&asked);
    assert_eq!(answer.questions[0].name.to_string(), "WWW.example");
    assert!(answer.header.authoritative && answer.header.response);
    assert!(answer.header.recursion_desired && !answer.header.recursion_available);
    assert_eq!((answer.header.id, answer.answers.len()), (7, 1));
    assert_eq!(answer.edns, None, "RFC 6891 section 6.1.1: no OPT unless asked with one");
    assert!(lab.cited("dns.zone-of-the-name") && lab.cited("dns.aa"));
}

#[test]
fn the_lower_of_two_zones_answers_for_what_was_given_away() {
    let mut lab = lab();
    let answer = lab.ask(&query("ns.sub.example", RecordType::A));
    assert!(answer.header.authoritative, "RFC 1034 section 4.3.2 step 2");
}

#[test]
fn what_is_not_served_is_refused_or_not_implemented() {
    let mut lab = lab();
    assert_eq!(lab.code(&query("www.test", RecordType::A)), ResponseCode::Refused);
    assert_eq!(lab.code(&query("example", RecordType::Axfr)), ResponseCode::Refused);
    let mut chaos = query("example", RecordType::Txt);
    chaos.questions[0].class = crate::dns::Class::Ch;
    assert_eq!(lab.code(&chaos), ResponseCode::Refused);
    for opcode in [Opcode::IQuery, Opcode::Status, Opcode::Other(4), Opcode::Other(5)] {
        let mut other = query("example", RecordType::Soa);
        other.header.opcode = opcode;
        let answer = lab.ask(&other);
        assert_eq!((answer.header.code, answer.header.opcode), (ResponseCode::NotImp, opcode));
    }
}

#[test]
fn two_questions_or_none_are_a_format_error() {
    let mut lab = lab();
    let mut two = query("www.example", RecordType::A);
    two.questions.push(Question::new("ns.example".parse().unwrap(), RecordType::A));
    assert_eq!(lab.code(&two), ResponseCode::FormErr, "RFC 9619 section 4");
    two.questions.clear();
    assert_eq!(lab.code(&two), ResponseCode::FormErr);
}

#[test]
fn what_cannot_be_read_is_answered_with_its_id_and_opcode() {
    let mut lab = lab();
    let mut bytes = write(&query("www.example", RecordType::A));
    bytes.push(0);
    let answer = lab.raw(&bytes).unwrap();
    assert_eq!((answer.header.id, answer.header.code), (7, ResponseCode::FormErr));
    assert!(lab.cited("dns.nothing-after") && lab.cited("dns.format-error"));
}

#[test]
fn responses_and_scraps_get_no_answer() {
    let mut lab = lab();
    let mut answer = query("www.example", RecordType::A);
    answer.header.response = true;
    assert_eq!(lab.raw(&write(&answer)), None, "RFC 1035 section 4.1.1: QR is 1");
    assert!(lab.cited("dns.qr"));
    assert_eq!(lab.raw(b"\x00\x07\x00"), None);
    assert!(lab.cited("dns.no-header"));
    assert_eq!(lab.raw(b""), None);
}

#[test]
fn an_answer_is_cut_at_512_bytes_or_at_the_size_that_both_take() {
    let mut lab = lab();
    let mut asked = query("many.example", RecordType::A);
    let sizes = [(None, 512), (Some(100), 512), (Some(800), 800), (Some(65_535), 1232)];
    for (size, limit) in sizes {
        asked.edns = size.map(Edns::new);
        let answer = lab.ask(&asked);
        let len = write(&answer).len();
        let whole = answer.answers.len() == 60;
        assert_eq!(whole, size == Some(65_535));
        let full = whole || len > limit - 16;
        assert!(len <= limit && full, "{size:?}: {len} B, RFC 6891 section 6.2.3");
        assert_eq!(answer.header.truncated, !whole, "RFC 2181 section 9");
        assert_eq!(answer.edns.is_some(), size.is_some());
    }
}

#[test]
fn a_server_without_edns_answers_an_opt_record_with_formerr_and_without_one() {
    let config = Config { payload_size: None, ..Config::default() };
    let mut lab = lab_of(config);
    let mut asked = query("www.example", RecordType::A);
    assert_eq!(lab.ask(&asked).header.code, ResponseCode::NoError);
    asked.edns = Some(Edns::new(1232));
    let answer = lab.ask(&asked);
    assert_eq!(
        (answer.header.code, answer.edns),
        (ResponseCode::FormErr, None),
        "RFC 6891 section 7"
    );
    assert!(lab.cited("dns.edns-unknown"));
}

#[test]
fn a_version_of_edns_above_0_is_answered_with_badvers() {
    let mut lab = lab();
    let mut asked = query("www.example", RecordType::A);
    let options = vec![EdnsOption { code: 10, bytes: Bytes::from_static(b"cookie!!") }];
    asked.edns = Some(Edns { version: 1, options, ..Edns::new(4096) });
    let answer = lab.ask(&asked);
    assert_eq!(answer.header.code, ResponseCode::BadVers, "RFC 6891 section 6.1.3");
    assert_eq!(answer.edns.map(|edns| edns.version), Some(0));
    assert!(answer.answers.is_empty());
}

#[test]
fn queries_on_a_stream_are_answered_in_full_however_they_are_cut() {
    let mut lab = lab();
    lab.open();
    let queries: Vec<u8> = ["many.example", "www.example", "nothing.example"]
        .iter()
        .flat_map(|name| frame(&write(&query(name, RecordType::A))))
        .collect();
    lab.data(&queries);
    assert!(lab.cited("dns.pipelining"), "RFC 7766 section 6.2.1.1");
    for byte in &queries {
        lab.data(&[*byte]);
    }
    let answers = lab.streamed();
    assert_eq!(answers.len(), 6);
    assert_eq!(answers[..3], answers[3..]);
    assert_eq!(answers[0].answers.len(), 60);
    assert!(!answers[0].header.truncated);
    assert_eq!(answers[2].header.code, ResponseCode::NxDomain);
}

#[test]
fn part_of_a_message_does_not_keep_a_connection_open() {
    let mut lab = lab();
    let conn = lab.open();
    let armed = |lab: &Lab| lab.outputs.iter().filter(|o| matches!(o, Output::Arm { .. })).count();
    lab.data(&[0]);
    assert_eq!(armed(&lab), 1, "RFC 7766 section 6.2.3");
    lab.ring("idle");
    assert!(lab.did(|output| *output == Output::Finish { conn }));
    lab.data(&frame(&write(&query("www.example", RecordType::A))));
    assert!(lab.streamed().is_empty(), "we have said that we send no more");
    lab.ring("linger");
    assert!(lab.did(|output| *output == Output::Abort { conn }));
    assert_eq!(lab.host.endpoint().links.len(), 0);
}

#[test]
fn the_server_closes_when_its_client_has_and_takes_no_more_connections_than_it_holds() {
    let mut lab = lab();
    let conn = lab.open();
    lab.step(Stimulus::Finished { conn });
    assert!(lab.did(|output| *output == Output::Finish { conn }), "RFC 7766 section 6.2.4");
    for _ in 0..Config::default().max_connections {
        lab.open();
    }
    let conn = lab.open();
    assert!(lab.did(|output| *output == Output::Abort { conn }));
    assert!(lab.cited("dns.too-many-streams"));
}

#[test]
fn the_keeper_changes_a_record_and_the_serial_number_goes_on() {
    let mut lab = lab();
    let serial = |lab: &mut Lab| match &lab.ask(&query("example", RecordType::Soa)).answers[0].data
    {
        crate::dns::Data::Soa(soa) => soa.serial,
        other => panic!("{other}"),
    };
    let before = serial(&mut lab);
    lab.step(Stimulus::Command("set www.example 5 A 192.0.2.99".into()));
    let answer = lab.ask(&query("www.example", RecordType::A));
    assert_eq!(answer.answers[0].to_string(), "www.example 5 IN A 192.0.2.99");
    assert_eq!(serial(&mut lab), before + 1, "RFC 1034 section 4.3.5");
    lab.step(Stimulus::Command("move www.example 192.0.2.98".into()));
    let answer = lab.ask(&query("www.example", RecordType::A));
    assert_eq!(answer.answers[0].to_string(), "www.example 5 IN A 192.0.2.98");
    lab.step(Stimulus::Command("move www.example 2001:db8::98".into()));
    let told = "not changed: move www.example 2001:db8::98: there is no such record";
    assert!(lab.did(|output| *output == Output::Emit(told.into())));
    lab.step(Stimulus::Command("remove www.example A".into()));
    assert_eq!(lab.code(&query("www.example", RecordType::A)), ResponseCode::NxDomain);
    lab.step(Stimulus::Command("add www.test 5 A 192.0.2.99".into()));
    let told = Output::Emit(
        "not changed: add www.test 5 IN A 192.0.2.99: www.test is in none of the zones".into(),
    );
    assert!(lab.did(|output| *output == told));
}

#[test]
fn a_server_that_is_switched_on_again_has_its_zones_and_no_connections() {
    let mut lab = lab();
    lab.open();
    lab.step(Stimulus::Command("set www.example 5 A 192.0.2.99".into()));
    lab.step(Stimulus::Start);
    assert!(lab.host.endpoint().links.is_empty());
    let answer = lab.ask(&query("www.example", RecordType::A));
    assert_eq!(answer.answers[0].ttl, 5);
}

#[test]
fn commands_parse_back_from_their_own_text_and_others_are_explained() {
    for text in [
        "set a.b 60 IN A 192.0.2.7",
        "add a.b 0 IN TXT \"x; \\\"y\"",
        "remove . ANY",
        "move a.b 192.0.2.7",
    ] {
        assert_eq!(text.parse::<Command>().unwrap().to_string(), text);
    }
    for text in ["set", "set a.b A 192.0.2.7", "remove a.b", "move a.b x", "restart"] {
        assert!(text.parse::<Command>().is_err(), "{text}");
    }
}

#[test]
fn the_view_has_every_record_and_counts_what_was_done() {
    let mut lab = lab();
    lab.ask(&query("many.example", RecordType::A));
    let view = lab.host.view(NOW);
    let rows =
        |title: &str| view.tables.iter().find(|table| table.title == title).unwrap().rows.clone();
    assert_eq!(rows("zones").len(), 68);
    assert_eq!(rows("counters")[0].cells, ["messages in datagrams", "1"]);
    assert_eq!(rows("counters")[2].cells, ["answers truncated", "1"]);
}
