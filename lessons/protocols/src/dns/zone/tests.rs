//! Zones are read from text and answer as RFC 1034 section 4.3 says.

use super::*;
use crate::dns::ResponseCode;

const EXAMPLE: &str = r#"
$TTL 1h
$ORIGIN example.
@       IN SOA ns1 hostmaster ( 2026010100 ; serial
                7200 900 1w
                300 )
        NS ns1
        NS ns.elsewhere.test.
        MX 10 mail
ns1     A 192.0.2.1
mail    60 IN A 192.0.2.25
        AAAA 2001:db8::25
www     CNAME web
web     A 192.0.2.80
        A 192.0.2.81
out     CNAME www.elsewhere.test.
round   CNAME about
about   CNAME round
*.wild  TXT "any (name); here" two
host.wild A 192.0.2.9
a.b.c   A 192.0.2.10
child   NS ns.child
        NS ns1.other
ns.child A 192.0.2.53
other   NS ns1.other
ns1.other A 192.0.2.54
gone    CNAME nowhere
"#;

fn zone() -> Zone {
    Zone::parse(EXAMPLE, &Name::root()).unwrap_or_else(|error| panic!("{error}"))
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn ask(text: &str, kind: RecordType) -> Answer {
    zone().look_up(&name(text), kind)
}

fn lines(records: &[Record]) -> Vec<String> {
    records.iter().map(Record::to_string).collect()
}

fn fault(text: &str) -> String {
    Zone::parse(text, &Name::root()).unwrap_err().to_string()
}

#[test]
fn a_name_has_its_records_and_a_mail_exchange_its_addresses_beside_it() {
    let answer = ask("WEB.example", RecordType::A);
    let expected = ["WEB.example 3600 IN A 192.0.2.80", "WEB.example 3600 IN A 192.0.2.81"];
    assert_eq!(lines(&answer.answers), expected, "RFC 1035 section 2.3.3");
    assert!(answer.is_authoritative());
    let answer = ask("example", RecordType::Mx);
    let expected = ["mail.example 60 IN A 192.0.2.25", "mail.example 3600 IN AAAA 2001:db8::25"];
    assert_eq!(lines(&answer.additionals), expected, "RFC 1035 section 3.3.9");
}

#[test]
fn an_alias_is_followed_within_the_zone_and_no_further() {
    let answer = ask("www.example", RecordType::A);
    assert_eq!(lines(&answer.answers)[0], "www.example 3600 IN CNAME web.example");
    assert_eq!(answer.answers.len(), 3, "RFC 1034 section 4.3.2 step 3a");
    assert_eq!(ask("www.example", RecordType::Cname).answers.len(), 1);
    let out = ask("out.example", RecordType::A);
    assert_eq!((out.outcome, out.answers.len()), (Outcome::Found, 1));
    assert_eq!(ask("round.example", RecordType::A).answers.len(), 2, "a circle is left");
    let gone = ask("gone.example", RecordType::A);
    assert_eq!(gone.code(), ResponseCode::NxDomain, "RFC 2308 section 2.1");
    assert_eq!((gone.answers.len(), gone.authorities.len()), (1, 1));
}

#[test]
fn no_such_name_and_no_such_type_are_told_apart_and_bear_the_lesser_ttl() {
    let none = ask("nothing.example", RecordType::A);
    let empty = ask("web.example", RecordType::Aaaa);
    assert_eq!(none.outcome, Outcome::NoSuchName, "RFC 2308 section 2.1");
    assert_eq!(empty.outcome, Outcome::NoData, "RFC 2308 section 2.2");
    for answer in [none, empty] {
        assert_eq!(answer.authorities[0].ttl, 300, "RFC 2308 section 3");
    }
    let between = ask("b.c.example", RecordType::A);
    assert_eq!(between.outcome, Outcome::NoData, "a name with something below it exists");
}

#[test]
fn a_wildcard_covers_names_that_do_not_exist_and_no_others() {
    let answer = ask("x.y.wild.example", RecordType::Txt);
    let line = r#"x.y.wild.example 3600 IN TXT "any (name); here" "two""#;
    assert_eq!(lines(&answer.answers), [line], "RFC 1034 section 4.3.3");
    assert_eq!(ask("x.wild.example", RecordType::A).outcome, Outcome::NoData);
    let host = ask("host.wild.example", RecordType::Txt);
    assert_eq!(host.outcome, Outcome::NoData, "it exists, so nothing stands for it");
    assert_eq!(ask("x.host.wild.example", RecordType::A).outcome, Outcome::NoSuchName);
}

#[test]
fn a_part_given_away_is_referred_to_with_the_glue_that_there_is() {
    let answer = ask("www.child.example", RecordType::A);
    assert_eq!(answer.outcome, Outcome::Referral);
    assert!(!answer.is_authoritative() && answer.answers.is_empty());
    assert_eq!(answer.authorities.len(), 2);
    let glue = ["ns.child.example 3600 IN A 192.0.2.53", "ns1.other.example 3600 IN A 192.0.2.54"];
    assert_eq!(lines(&answer.additionals), glue, "RFC 1034 section 4.2.1");
    assert_eq!(ask("child.example", RecordType::Ns).outcome, Outcome::Referral);
    let glue = ask("ns.child.example", RecordType::A);
    assert_eq!(glue.outcome, Outcome::Referral, "glue is not the zone's own");
}

#[test]
fn records_can_be_replaced_and_removed_and_copies_stay_as_they_were() {
    let (mut zone, before) = (zone(), zone());
    let record = |text| read_record(text, &Name::root()).unwrap();
    zone.replace(record("web.example 5 A 192.0.2.99")).unwrap();
    assert_eq!(zone.look_up(&name("web.example"), RecordType::A).answers.len(), 1);
    assert_eq!(before.look_up(&name("web.example"), RecordType::A).answers.len(), 2);
    assert_eq!(zone.remove(&name("web.example"), RecordType::A), Ok(1));
    let gone = zone.look_up(&name("web.example"), RecordType::A);
    assert_eq!(gone.outcome, Outcome::NoSuchName);
    assert_eq!(zone.remove(&name("example"), RecordType::Soa), Err(Unfit::NoSoa));
    let beside = record("www.example 5 A 192.0.2.99");
    assert_eq!(zone.replace(beside), Err(Unfit::NotAlone), "RFC 1034 section 3.6.2");
    let outside = record("www.test 5 A 192.0.2.99");
    assert_eq!(zone.add(outside), Err(Unfit::Outside(name("example"))));
}

#[test]
fn a_zone_written_as_text_reads_back_as_it_was() {
    let text: String = zone().records().map(|record| format!("{record}\n")).collect();
    assert_eq!(Zone::parse(&text, &Name::root()), Ok(zone()));
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_line() {
    let soa = "a. 60 SOA ns.a. h.a. 1 2 3 4 5\na. 60 NS ns.a.\n";
    let faults = [
        ("", "the zone has no SOA record"),
        ("a. 60 SOA ns.a. h.a. 1 2 3 4 5\n", "the zone has no NS record at its top"),
        ("a. 60 SOA ns.a. h.a. 1 2 3 4\n", "line 1: SOA takes two names and five numbers"),
        ("a. NS ns.a.\n", "line 1: the record has no time to live"),
        ("  60 NS ns.a.\n", "line 1: the first record needs an owner"),
        ("a. 60 SOA ( 1 2\n3\n", "line 1: the parenthesis is never closed"),
        ("a. 60 TXT \"open\n", "line 1: the quotation mark is never closed"),
        ("$INCLUDE x\n", "line 1: $INCLUDE is not read"),
        ("$GENERATE 1-2 a A 1\n", "line 1: no directive $GENERATE"),
        ("\n\na..b. 60 A 1.2.3.4\n", "line 3: `a..b.` is no name: a label is empty"),
        ("a. 60 A 1.2.3\n", "line 1: A takes an IPv4 address, not `1.2.3`"),
        ("a. 60 HINFO x y\n", "line 1: `HINFO` is no record type"),
        ("a. 60 TYPE65 \\# 2 abc\n", "line 1: behind `\\#` stand a length"),
        ("a. 60 A \\# 3 010203\n", "line 1: The data of the record ends within ADDRESS"),
    ];
    for (text, says) in faults {
        assert!(fault(text).starts_with(says), "{text}: {}", fault(text));
    }
    let beside = [
        ("b. 60 A 1.2.3.4", "line 3: the owner is not within a"),
        ("x.a. 60 CNAME y.a.\nx.a. 60 A 1.2.3.4", "line 4: a CNAME record stands alone"),
        ("x.a. 60 A 1.2.3.4\nx.a. 61 A 1.2.3.5", "line 4: records of one name and type"),
        ("x.a. 60 CH TXT x", "line 3: the class is CH"),
        ("x.a. 60 AXFR \\# 0", "line 3: AXFR is no type of records"),
        ("x.a. 60 SOA ns.a. h.a. 1 2 3 4 5", "line 3: an SOA record stands at the top"),
    ];
    for (line, says) in beside {
        let text = format!("{soa}{line}\n");
        assert!(fault(&text).starts_with(says), "{text}: {}", fault(&text));
    }
}

#[test]
fn data_of_a_known_type_may_be_written_in_hexadecimal() {
    let record = read_record("a. 60 A \\# 4 c0 000207", &Name::root()).unwrap();
    assert_eq!(record.data, Data::A([192, 0, 2, 7].into()), "RFC 3597 section 5");
}
