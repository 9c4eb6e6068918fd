//! What a name server answers to the bytes of one query.

use super::zones::Zones;
use super::{Config, Event};
use crate::dns::codec::{MAX_MESSAGE, PLAIN_DATAGRAM, read, read_header, write_within};
use crate::dns::zone::Outcome;
use crate::dns::{Class, Edns, Header, Message, Opcode, Question, RecordType, ResponseCode, rules};
use crate::endpoint::Transport;
use crate::wire::{Notes, Rule};

/// What a server does about a query, and why.
pub(super) struct Reply {
    /// The bytes of the response; none where there is none.
    pub(super) bytes: Option<Vec<u8>>,
    /// The rules that led there, in their order.
    pub(super) why: Vec<&'static Rule>,
    pub(super) event: Event,
}

/// Answers the bytes of one message.
pub(super) fn respond(bytes: &[u8], zones: &Zones, config: &Config, transport: Transport) -> Reply {
    let Some(header) = read_header(bytes) else {
        return dropped(&rules::NO_HEADER, "shorter than a header");
    };
    if header.response {
        return dropped(&rules::QR, "a response, not a query");
    }
    if header.opcode != Opcode::Query {
        let found = format!("{} is not served.", header.opcode);
        return bare(header, ResponseCode::NotImp, &rules::NOT_IMPLEMENTED, found);
    }
    let query = match read(bytes, &mut Notes::off()) {
        Ok(query) => query,
        Err(violation) => {
            let mut reply =
                bare(header, ResponseCode::FormErr, &rules::FORMAT_ERROR, violation.found);
            reply.why.insert(0, violation.rule);
            return reply;
        }
    };
    let mut why = Vec::new();
    let mut response = decide(&query, zones, config, &mut why);
    if let (Some(size), Some(_)) = (config.payload_size, &query.edns) {
        response.edns = Some(Edns::new(size));
        why.push(&rules::EDNS_ANSWERED);
    }
    send(&query, &response, why, transport)
}

/// The response to a query that could be read, but for its OPT record.
fn decide(
    query: &Message,
    zones: &Zones,
    config: &Config,
    why: &mut Vec<&'static Rule>,
) -> Message {
    let mut refuse = |code: ResponseCode, rule: &'static Rule| {
        why.push(rule);
        query.response(code)
    };
    match (&query.edns, config.payload_size) {
        (Some(_), None) => return refuse(ResponseCode::FormErr, &rules::EDNS_UNKNOWN),
        (Some(edns), Some(_)) if edns.version > 0 => {
            return refuse(ResponseCode::BadVers, &rules::EDNS_VERSION);
        }
        (Some(_) | None, _) => {}
    }
    let Some(Question { name, kind, class }) = query.question() else {
        return refuse(ResponseCode::FormErr, &rules::ONE_QUESTION);
    };
    if kind.is_meta() && *kind != RecordType::Any {
        return refuse(ResponseCode::Refused, &rules::NO_TRANSFER);
    }
    match zones.nearest(name) {
        Some(zone) if *class == Class::In => {
            why.push(&rules::NEAREST_ZONE);
            let answer = zone.look_up(name, *kind);
            why.extend(&answer.why);
            // A referral has no authority.
            if answer.outcome != Outcome::Referral {
                why.push(&rules::AUTHORITATIVE);
            }
            answer.to_response(query)
        }
        Some(_) | None => refuse(ResponseCode::Refused, &rules::NOT_OURS),
    }
}

/// Writes the response, as long as the transport takes it.
fn send(
    query: &Message,
    response: &Message,
    mut why: Vec<&'static Rule>,
    transport: Transport,
) -> Reply {
    let (limit, rule) = match (transport, &response.edns, &query.edns) {
        (Transport::Tcp, ..) => (MAX_MESSAGE, &rules::TCP_LENGTH),
        (Transport::Udp, Some(ours), Some(theirs)) => {
            let size = theirs.payload_size.min(ours.payload_size);
            (usize::from(size).max(PLAIN_DATAGRAM), &rules::EDNS_SIZE)
        }
        (Transport::Udp, ..) => (PLAIN_DATAGRAM, &rules::DATAGRAM_LIMIT),
    };
    let written = write_within(response, limit);
    if written.truncated {
        why.push(rule);
        why.push(&rules::TRUNCATED);
    }
    let code = response.header.code;
    let event = match query.question() {
        Some(question) => Event::Answered {
            question: question.clone(),
            code,
            records: response.records().count(),
            truncated: written.truncated,
        },
        None => {
            let why = format!("It has {} questions.", query.questions.len());
            Event::Bad { code, why }
        }
    };
    Reply { bytes: Some(written.bytes), why, event }
}

/// A response that is nothing but a header.
fn bare(header: Header, code: ResponseCode, rule: &'static Rule, found: String) -> Reply {
    let response = Message { header: header.response(code), ..Message::default() };
    let bytes = write_within(&response, PLAIN_DATAGRAM).bytes;
    Reply { bytes: Some(bytes), why: vec![rule], event: Event::Bad { code, why: found } }
}

fn dropped(rule: &'static Rule, why: &'static str) -> Reply {
    Reply { bytes: None, why: vec![rule], event: Event::Dropped { why } }
}
