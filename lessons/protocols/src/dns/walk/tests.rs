//! What a search believes, whom it asks, and where it stops.

use super::*;
use crate::dns::outstanding::bench::{Bench, bytes, record};
use crate::dns::{Message, ResponseCode};

fn walk() -> Walk {
    Walk::new(vec!["198.51.100.1:53".parse().unwrap()], 53)
}

fn question(name: &str) -> Question {
    Question::new(name.parse().unwrap(), RecordType::A)
}

/// Answers the last query with these lines: answers, authorities, additionals.
fn answer(walk: &mut Walk, bench: &mut Bench, sections: [&[&str]; 3]) {
    let message = response(bench, sections);
    let (port, from, _) = bench.last().clone();
    walk.datagram(port, from, &bytes(&message), bench);
}

fn response(bench: &Bench, sections: [&[&str]; 3]) -> Message {
    let mut message = bench.last().2.response(ResponseCode::NoError);
    let [answers, authorities, additionals] =
        sections.map(|lines| lines.iter().map(|line| record(line)).collect::<Vec<_>>());
    message.header.authoritative = !answers.is_empty();
    (message.answers, message.authorities) = (answers, authorities);
    message.additionals = additionals;
    message
}

/// A search for `www.a.test` whose servers are known: 192.0.2.53 is asked about `a.test`.
fn at_the_leaf() -> (Walk, Bench) {
    let (mut walk, mut bench) = (walk(), Bench::new());
    walk.begin(question("www.a.test"), &mut bench);
    let referral: [&[&str]; 3] =
        [&[], &["a.test 600 NS ns.a.test"], &["ns.a.test 600 A 192.0.2.53"]];
    answer(&mut walk, &mut bench, referral);
    assert_eq!(bench.last().1.to_string(), "192.0.2.53:53");
    walk.take_notices();
    (walk, bench)
}

fn outcome(walk: &mut Walk, wanted: &str) -> Option<String> {
    walk.take_notices().into_iter().find_map(|notice| match notice {
        Notice::Done { question, outcome, .. } if question.to_string() == wanted => {
            Some(outcome.to_string())
        }
        _ => None,
    })
}

/// The owners of everything that is remembered.
fn owners(walk: &Walk, bench: &Bench) -> Vec<String> {
    walk.cache().records(bench.now).map(|(record, _)| record.name.to_string()).collect()
}

#[test]
fn unrelated_records_never_enter_the_cache_rfc_2181_section_5_4_1() {
    // The Kashpureff attack of 1997: an answer brings an address for somebody else's name.
    let liar = ["bank.test 9999 A 203.0.113.66", "www.a.test 60 A 192.0.2.80"];
    let forgeries: [[&[&str]; 3]; 4] = [
        [&liar, &[], &[]],
        [&liar[1..], &[], &liar[..1]],
        [&liar[1..], &["test 9999 NS ns.evil.test"], &["ns.evil.test 9999 A 203.0.113.66"]],
        [&liar[1..], &[". 9999 NS ns.a.test"], &["ns.a.test 9999 A 203.0.113.66"]],
    ];
    for sections in forgeries {
        let (mut walk, mut bench) = at_the_leaf();
        answer(&mut walk, &mut bench, sections);
        let thrown = walk.notices.iter().any(|n| matches!(n, Notice::ThrownAway { .. }));
        assert!(thrown && bench.cited.contains(&"dns.bailiwick"), "{sections:?}");
        assert_eq!(outcome(&mut walk, "www.a.test A").unwrap(), "192.0.2.80");
        let remembered = owners(&walk, &bench);
        assert!(remembered.iter().all(|name| name.ends_with("a.test")), "{remembered:?}");
        let ns: Name = "ns.a.test".parse().unwrap();
        let address = walk.cache().addresses(&ns, bench.now);
        assert_eq!(address, ["192.0.2.53".parse::<core::net::IpAddr>().unwrap()]);
    }
}

#[test]
fn an_alias_out_of_the_zone_is_followed_but_its_target_is_not_believed() {
    let (mut walk, mut bench) = at_the_leaf();
    let lines: &[&str] = &["www.a.test 60 CNAME www.bank.test", "www.bank.test 60 A 203.0.113.66"];
    answer(&mut walk, &mut bench, [lines, &[], &[]]);
    let (_, to, query) = bench.last();
    assert_eq!(query.questions[0].to_string(), "www.bank.test A");
    assert_eq!(to.to_string(), "198.51.100.1:53", "the root is asked, not the liar");
    assert!(!owners(&walk, &bench).contains(&"www.bank.test".to_string()));
}

#[test]
fn a_server_cannot_say_that_a_name_outside_of_its_zone_does_not_exist() {
    let (mut walk, mut bench) = at_the_leaf();
    let mut message = response(&bench, [&["www.a.test 60 CNAME www.bank.test"], &[], &[]]);
    message.header.code = ResponseCode::NxDomain;
    message.authorities = vec![record("test 600 SOA ns.a.test 600")];
    let (port, from, _) = bench.last().clone();
    walk.datagram(port, from, &bytes(&message), &mut bench);
    assert_eq!(bench.last().2.questions[0].to_string(), "www.bank.test A");
    assert_eq!(outcome(&mut walk, "www.a.test A"), None, "still under way");
}

#[test]
fn glue_leads_to_the_servers_but_is_no_answer() {
    let (mut walk, mut bench) = at_the_leaf();
    walk.begin(question("ns.a.test"), &mut bench);
    assert_eq!(bench.last().2.questions[0].to_string(), "ns.a.test A", "it is asked for");
    assert_eq!(outcome(&mut walk, "ns.a.test A"), None);
}

#[test]
fn what_the_zone_says_is_not_replaced_by_glue() {
    let (mut walk, mut bench) = at_the_leaf();
    walk.begin(question("ns.a.test"), &mut bench);
    answer(&mut walk, &mut bench, [&["ns.a.test 600 A 192.0.2.54"], &[], &[]]);
    let origin = crate::dns::cache::Origin {
        from: "198.51.100.1:53".parse().unwrap(),
        trust: Trust::Glue,
        at: bench.now,
    };
    walk.cache.keep(&[record("ns.a.test 600 A 203.0.113.66")], origin, &mut bench);
    assert!(bench.cited.contains(&"dns.trust"));
    let address = walk.cache().addresses(&"ns.a.test".parse().unwrap(), bench.now);
    assert_eq!(address, ["192.0.2.54".parse::<core::net::IpAddr>().unwrap()]);
}

#[test]
fn a_referral_of_no_seconds_holds_for_the_search_that_got_it() {
    let (mut walk, mut bench) = (walk(), Bench::new());
    walk.begin(question("www.a.test"), &mut bench);
    let down: [&[&str]; 3] = [&[], &["a.test 0 NS ns.a.test"], &["ns.a.test 0 A 192.0.2.53"]];
    answer(&mut walk, &mut bench, down);
    assert_eq!(bench.last().1.to_string(), "192.0.2.53:53", "RFC 1035 section 3.2.1");
    // An alias in the same zone needs no second way down.
    answer(&mut walk, &mut bench, [&["www.a.test 0 CNAME web.a.test"], &[], &[]]);
    assert_eq!(bench.last().1.to_string(), "192.0.2.53:53");
    answer(&mut walk, &mut bench, [&["web.a.test 0 A 192.0.2.80"], &[], &[]]);
    assert_eq!(outcome(&mut walk, "www.a.test A").unwrap(), "192.0.2.80");
    assert_eq!(bench.sent.len(), 3);
    // The next search knows nothing of it.
    walk.begin(question("www.a.test"), &mut bench);
    assert_eq!(bench.last().1.to_string(), "198.51.100.1:53");
}

#[test]
fn a_time_to_live_beyond_a_week_is_cut_to_a_week_rfc_2181_section_8() {
    for (ttl, kept) in [(604_800, 604_800), (604_801, 604_800), (2_147_483_647_u32, 604_800_u32)] {
        let (mut walk, mut bench) = at_the_leaf();
        answer(&mut walk, &mut bench, [&[&format!("www.a.test {ttl} A 192.0.2.80")], &[], &[]]);
        assert_eq!(bench.cited.contains(&"dns.ttl-limit"), ttl != kept, "{ttl}");
        for (age, there) in [(kept - 1, true), (kept, false)] {
            let at = bench.now + Duration::from_secs(u64::from(age));
            let recalled = walk.cache().recall(
                &"www.a.test".parse().unwrap(),
                RecordType::A,
                at,
                Trust::Answer,
            );
            assert_eq!(recalled.is_some(), there, "{ttl} after {age} s");
        }
    }
}

#[test]
fn a_referral_upwards_or_sideways_is_lame() {
    for zone in [".", "test", "b.test"] {
        let (mut walk, mut bench) = at_the_leaf();
        let line = format!("{zone} 600 NS ns.a.test");
        answer(&mut walk, &mut bench, [&[], &[&line], &[]]);
        assert!(bench.cited.contains(&"dns.lame"), "{zone}");
        assert_eq!(outcome(&mut walk, "www.a.test A").unwrap(), "failed");
    }
}

#[test]
fn a_failure_is_the_answer_for_a_few_seconds_rfc_2308_section_7_1() {
    let (mut walk, mut bench) = at_the_leaf();
    answer(&mut walk, &mut bench, [&[], &[". 600 NS ns.a.test"], &[]]);
    assert_eq!(outcome(&mut walk, "www.a.test A").unwrap(), "failed");
    let sent = bench.sent.len();
    for (wait, asked) in [(0, false), (4, false), (1, true)] {
        bench.now = bench.now + Duration::from_secs(wait);
        walk.begin(question("www.a.test"), &mut bench);
        assert_eq!(bench.sent.len() > sent, asked, "{wait} s later");
        let over = outcome(&mut walk, "www.a.test A");
        assert_eq!(over.is_none(), asked);
    }
    assert!(bench.cited.contains(&"dns.failure-cached"));
}

#[test]
fn a_referral_to_a_hundred_servers_without_addresses_costs_a_handful_of_queries() {
    // The NXNS attack (2020): each name of a server costs the victim's servers a query.
    let (mut walk, mut bench) = (walk(), Bench::new());
    walk.begin(question("www.evil.test"), &mut bench);
    let lines: Vec<String> =
        (0..100).map(|n| format!("evil.test 600 NS ns{n}.victim.test")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    answer(&mut walk, &mut bench, [&[], &lines, &[]]);
    while !walk.is_empty() {
        let mut message = response(&bench, [&[], &[], &[]]);
        message.header.code = ResponseCode::NxDomain;
        let (port, from, _) = bench.last().clone();
        walk.datagram(port, from, &bytes(&message), &mut bench);
    }
    assert_eq!(bench.sent.len(), 1 + servers::MAX_LOOKUPS);
    assert_eq!(outcome(&mut walk, "www.evil.test A").unwrap(), "failed");
}

#[test]
fn an_endless_way_down_is_given_up_after_so_many_queries() {
    let (mut walk, mut bench) = (walk(), Bench::new());
    let deep = ["x"; 120].join(".");
    walk.begin(question(&deep), &mut bench);
    for depth in 1..200 {
        let Some(labels) = 120usize.checked_sub(depth) else { break };
        if walk.is_empty() {
            break;
        }
        let zone = deep.splitn(labels + 1, '.').last().unwrap().to_string();
        let ns = format!("{zone} 600 NS ns.{zone}");
        let glue = format!("ns.{zone} 600 A 192.0.2.53");
        answer(&mut walk, &mut bench, [&[], &[&ns], &[&glue]]);
    }
    assert_eq!(bench.sent.len(), MAX_QUERIES as usize);
    assert!(bench.cited.contains(&"dns.work-limit"));
}
