//! How many messages a lookup takes, and what is done when some are lost or a server is dead.

use core::time::Duration;

use protocols::dns::codec;
use protocols::endpoint::Output;
use protocols::wire::{Notes, Time};
use world::{Act, Fault, Flight, History, Power, What};

use crate::tree::{RESOLVER, SERVERS, calm, datagrams, done, tell, told};

#[test]
fn a_trace_takes_a_query_and_an_answer_for_each_zone_from_the_root_down() {
    let mut history = calm();
    tell(&mut history, "trace www.cs.test");
    let told = done(&mut history, 0);
    let expected = [
        "referral to test from 10.0.1.1:53",
        "referral to cs.test from 10.0.1.2:53",
        "done www.cs.test A: 10.0.2.80",
    ];
    assert_eq!(told, expected);
    assert_eq!(datagrams(&history).len(), 6);
}

#[test]
fn a_recursive_lookup_takes_two_messages_more_and_from_the_cache_two_in_all() {
    let mut history = calm();
    tell(&mut history, "lookup www.cs.test");
    assert_eq!(done(&mut history, 0), ["answer www.cs.test A: A 10.0.2.80"]);
    assert_eq!(datagrams(&history).len(), 8);
    tell(&mut history, "lookup www.cs.test @10.0.0.53");
    let told = done(&mut history, 0);
    assert!(
        told.last().unwrap().ends_with("says NOERROR to www.cs.test A: A 10.0.2.80"),
        "{told:?}"
    );
    assert_eq!(datagrams(&history).len(), 10, "the second time only to the resolver and back");
    tell(&mut history, "lookup www.cs.test");
    done(&mut history, 0);
    assert_eq!(datagrams(&history).len(), 10, "and nothing at all from the client's own memory");
}

#[test]
fn another_name_of_a_known_zone_goes_straight_to_its_servers() {
    let mut history = calm();
    tell(&mut history, "lookup www.cs.test");
    done(&mut history, 0);
    tell(&mut history, "lookup mail.cs.test");
    assert_eq!(done(&mut history, 0).last().unwrap(), "answer mail.cs.test A: A 10.0.2.25");
    assert_eq!(datagrams(&history).len(), 8 + 4);
}

#[test]
fn what_a_resolver_remembers_grows_old_while_nothing_happens() {
    let mut history = calm();
    tell(&mut history, "lookup www.cs.test");
    done(&mut history, 0);
    let (world, now) = (history.world(), history.world().now());
    let left = |then| {
        let view = world.view_at(RESOLVER, then).unwrap();
        let cache = view.tables.into_iter().find(|table| table.title == "cache").unwrap();
        let row = cache.rows.into_iter().find(|row| row.key == "www.cs.test A");
        row.map(|row| row.cells[3].parse::<u64>().unwrap())
    };
    let first = left(now).unwrap();
    assert_eq!(left(now + Duration::from_secs(100)), Some(first - 100));
    assert_eq!(left(now + Duration::from_secs(601)), None, "RFC 1035 section 3.2.1");
    assert_eq!(left(Time::default()), Some(first), "the past is asked of an earlier world");
}

#[test]
fn a_lost_query_is_sent_again_after_the_wait_from_another_port_under_another_id() {
    let mut history = calm();
    tell(&mut history, "lookup www.cs.test");
    let first = datagrams(&history)[0].clone();
    history.meddle(Act::Flight { flight: first.id, fault: Fault::Drop }).unwrap();
    assert_eq!(done(&mut history, 0), ["answer www.cs.test A: A 10.0.2.80"]);
    let flights = datagrams(&history);
    assert_eq!(flights.len(), 9);
    assert_eq!(flights[1].depart.since(first.depart), Duration::from_secs(2));
    assert_ne!(flights[1].load.payload()[..2], first.load.payload()[..2], "the id");
}

#[test]
fn what_does_not_exist_is_told_apart_and_remembered() {
    let mut history = calm();
    tell(&mut history, "lookup no.cs.test");
    assert_eq!(done(&mut history, 0), ["nothing for no.cs.test A: no such name"]);
    tell(&mut history, "lookup www.cs.test MX");
    let last = done(&mut history, 0).pop().unwrap();
    assert_eq!(last, "nothing for www.cs.test MX: the name has no such record");
    let before = datagrams(&history).len();
    tell(&mut history, "lookup no.cs.test TXT @10.0.0.53");
    assert!(done(&mut history, 0).pop().unwrap().contains("says NXDOMAIN"));
    assert_eq!(datagrams(&history).len(), before + 2, "RFC 2308 section 5: of any type");
}

#[test]
fn an_alias_into_a_zone_without_glue_is_followed_by_a_lookup_within_the_lookup() {
    let mut history = calm();
    tell(&mut history, "lookup alias.cs.test");
    let last = done(&mut history, 0).pop().unwrap();
    assert_eq!(last, "answer alias.cs.test A: CNAME www.far.test, A 10.0.2.81");
    let walked = told(&history, RESOLVER);
    assert!(walked.contains(&"done ns.prov.net A: 10.0.1.5".to_string()), "{walked:?}");
}

#[test]
fn sixty_addresses_fit_a_datagram_with_edns_and_ninety_come_over_tcp_on_both_legs() {
    for (name, count, legs) in [("some", 60, 1), ("many", 90, 2)] {
        let mut history = calm();
        tell(&mut history, &format!("lookup {name}.cs.test"));
        let last = done(&mut history, 0).pop().unwrap();
        assert_eq!(last.matches("A 10.0.3.").count(), count, "{last}");
        assert_eq!(dialled(&history), legs, "{name}: the client speaks no EDNS (RFC 6891)");
    }
}

#[test]
fn a_server_that_answers_formerr_to_edns_is_asked_plainly_from_then_on_rfc_6891_section_7() {
    let mut history = calm();
    tell(&mut history, "lookup www.far.test");
    assert_eq!(done(&mut history, 0), ["answer www.far.test A: A 10.0.2.81"]);
    let old = SERVERS[4];
    let with_edns = |history: &History| {
        let to_it = datagrams(history).into_iter().filter(|flight| flight.to == old);
        let read = |flight: &Flight| codec::read(flight.load.payload(), &mut Notes::off()).unwrap();
        to_it.map(|flight| read(flight).edns.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(
        with_edns(&history),
        [true, false, false],
        "the address of the server, then the name"
    );
    tell(&mut history, "lookup no.far.test");
    assert_eq!(done(&mut history, 0).last().unwrap(), "nothing for no.far.test A: no such name");
    assert_eq!(with_edns(&history), [true, false, false, false]);
}

#[test]
fn lame_and_circular_delegations_end_in_a_stated_error() {
    for name in ["www.lame.test", "www.ring.test"] {
        let mut history = calm();
        tell(&mut history, &format!("lookup {name}"));
        let last = done(&mut history, 0).pop().unwrap();
        assert_eq!(last, format!("nothing for {name} A: the name servers cannot say"));
        let sent = datagrams(&history).len();
        assert!(sent < 30, "{name}: {sent} messages");
    }
}

#[test]
fn a_dead_server_of_two_costs_a_wait_and_no_more() {
    let mut history = calm();
    history.meddle(Act::Power { host: SERVERS[2], power: Power::Off }).unwrap();
    tell(&mut history, "lookup www.cs.test");
    assert_eq!(done(&mut history, 0), ["answer www.cs.test A: A 10.0.2.80"]);
}

/// How many connections have been dialled.
fn dialled(history: &History) -> usize {
    let outputs = history.trace().entries.iter().flat_map(|entry| match &entry.what {
        What::Step(step) => step.outputs.as_slice(),
        What::Network(_) | What::Meddling(_) => &[],
    });
    outputs.filter(|output| matches!(output, Output::Dial { .. })).count()
}
