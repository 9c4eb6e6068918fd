//! A name server that has the records that a real one was seen to give.

use std::collections::BTreeMap;

use protocols::dns::codec;
use protocols::dns::server::{Config, Server};
use protocols::dns::{DNS_TCP, Message, Name, Record, RecordType, Zone};
use protocols::endpoint::{Host, Running};
use protocols::wire::{Notes, Side};
use world::Conversation;

use super::messages;

/// The server, at the port of the real one.
pub fn server(port: u16, talks: &[&Conversation]) -> Box<dyn Host> {
    let responses: Vec<Message> = talks.iter().flat_map(|talk| responses(talk)).collect();
    let config = Config { port, ..Config::default() };
    Box::new(Running::new(Server::new(config, zones(&responses)), u64::from(port)))
}

fn responses(talk: &Conversation) -> Vec<Message> {
    let framed = talk.protocol == &DNS_TCP;
    let theirs = messages(talk).into_iter().filter(|(side, _)| *side == Side::Responder);
    theirs
        .filter_map(|(_, bytes)| {
            let start = if framed { LENGTH_LEN } else { 0 };
            codec::read(bytes.get(start..)?, &mut Notes::off()).ok()
        })
        .collect()
}

/// One zone for each SOA record that was seen, and one at the root for what belongs to none of
/// them: of a resolver we know answers, and not whose they are.
fn zones(responses: &[Message]) -> Vec<Zone> {
    let mut zones: BTreeMap<Name, Zone> = BTreeMap::new();
    zones.extend(zone(&Name::root(), None).map(|zone| (Name::root(), zone)));
    for response in responses {
        for record in response.records().filter(|record| record.kind() == RecordType::Soa) {
            let made = zone(&record.name, Some(record));
            zones.extend(made.map(|zone| (record.name.clone(), zone)));
        }
    }
    for response in responses {
        let refers = response.answers.is_empty();
        let told = response.answers.iter().chain(&response.additionals);
        let referral = response.authorities.iter().filter(|_| refers);
        for record in told.chain(referral) {
            let home = record.name.ancestors().find(|above| zones.contains_key(above));
            let home = home.unwrap_or_else(Name::root);
            // A server's own NS records stand at its top; elsewhere they would give names away.
            let is_away = record.kind() == RecordType::Ns && record.name != home && !refers;
            if let Some(zone) = zones.get_mut(&home).filter(|_| !is_away) {
                // What fits into no zone of ours (a name beside its own alias) is left out.
                let _ = zone.add(record.clone());
            }
        }
    }
    zones.into_values().collect()
}

/// A zone with nothing in it but what every zone must have.
fn zone(origin: &Name, soa: Option<&Record>) -> Option<Zone> {
    let soa = soa.map_or_else(|| SOA.to_string(), |record| format!("{record}\n"));
    // Records are printed with absolute names.
    Zone::parse(&format!("{soa}{origin} 60 NS ns.invalid.\n"), &Name::root()).ok()
}

/// Where nothing is known: a zone whose negative answers are forgotten after a minute.
const SOA: &str = ". 60 SOA ns.invalid. nobody.invalid. 1 3600 600 86400 60\n";

/// Over TCP each message stands behind its length in two bytes (RFC 7766 section 8).
const LENGTH_LEN: usize = 2;
