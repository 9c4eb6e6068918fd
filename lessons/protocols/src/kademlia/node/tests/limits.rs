//! What a node keeps at most, and what it tells when that is less than was wanted.

use super::*;

/// A node of the network that `bench` knows.
fn contact(number: u8) -> Contact {
    Contact { id: id(number.into()), address: SocketAddrV4::new([10, 0, 0, number].into(), DHT) }
}

/// A node that knows three others.
fn settled() -> Bench {
    let mut all: Vec<Contact> = (1..=3).map(contact).collect();
    all.sort_by_key(|contact| contact.id);
    Bench::of(Node::settled(Arc::new(Config::default()), OWN, &all, START))
}

#[test]
fn of_the_peers_in_all_answers_two_hundred_are_kept() {
    let mut bench = settled();
    bench.command("peers film");
    let asked = bench.sent();
    assert_eq!(asked.len(), 3);
    let mut told = Vec::new();
    // One short of the limit, then as many again as the limit, then more.
    for (who, ((to, query), peers)) in (0u8..).zip(asked.into_iter().zip([199, 200, 50])) {
        let values = (0..peers).map(|n| SocketAddrV4::new([10, 1, who, n].into(), 6881));
        let id = (1..=3).map(contact).find(|other| to == other.address.into()).unwrap().id;
        let answer = Response { values: Some(values.collect()), ..Response::of(id) };
        bench.hears(&to.to_string(), &Message::of(query.transaction, Body::Response(answer)));
        told.extend(bench.told().into_iter().map(str::to_string));
    }
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!(told.matches(":6881").count(), 200);
}

#[test]
fn an_announcement_beyond_those_it_repeats_is_made_once_and_says_so() {
    // It knows nobody, so each search is over at once.
    let mut bench = Bench::new();
    for number in 0..100 {
        bench.command(&format!("announce film-{number} 6881"));
        assert_eq!(bench.told().len(), 1, "{number}: {:?}", bench.told());
    }
    bench.command("announce one-more 6881");
    let told = bench.told();
    assert!(told[0].ends_with("only once: it repeats 100 others already"), "{told:?}");
    assert!(told[1].ends_with("at 0 nodes"), "{told:?}");
    bench.command("announce film-7 6882");
    assert_eq!(bench.told().len(), 1, "a new port takes the place of the old one");
}

/// BEP 5 leaves open what an error to the first query means; it is no way in, as silence is none.
#[test]
fn a_node_that_is_refused_at_the_door_says_that_it_has_not_joined_and_tries_again() {
    let door: SocketAddrV4 = "10.0.0.9:6881".parse().unwrap();
    let node = Node::new(Arc::new(Config::default()), OWN);
    let mut bench = Bench::of(node.joining(door, Duration::from_secs(1)));
    bench.command(&format!("bootstrap {door}"));
    let transaction = bench.sent()[0].1.transaction.clone();
    let refusal = Refusal { code: 202, text: "full".into() };
    bench.hears(&door.to_string(), &Message::of(transaction, Body::Error(refusal)));
    let expected =
        ["refused by 10.0.0.9:6881: 202 Server Error: full", "not joined, nobody let it in"];
    assert_eq!(bench.told(), expected);
    let again = |output: &Output| matches!(output, Output::Arm { name: "join", .. });
    assert!(bench.outputs.iter().any(again), "{:?}", bench.outputs);
}
