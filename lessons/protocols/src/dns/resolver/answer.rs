//! Queries of clients, and the answers to them.

use super::{Client, Event, From, GIVE_UP_AFTER, MAX_SEARCHES, Resolver, ResolverTimer, rules};
use crate::dns::cache::{Recall, Trust, bounded_ttl};
use crate::dns::codec::{self, PLAIN_DATAGRAM};
use crate::dns::walk::Outcome;
use crate::dns::{Class, Edns, Message, Opcode, Question, Record, ResponseCode};
use crate::endpoint::Context;
use crate::wire::Notes;

impl Resolver {
    /// A query has come from a client.
    pub(super) fn query(&mut self, from: From, bytes: &[u8], cx: &mut Context<'_, Self>) {
        let Some(header) = codec::read_header(bytes) else { return };
        if header.response {
            return cx.cite(&rules::NO_RESPONSE);
        }
        let Ok(query) = codec::read(bytes, &mut Notes::off()) else {
            let query = Message { header, ..Message::default() };
            return self.refuse(&Client { query, from }, ResponseCode::FormErr, cx);
        };
        let client = Client { query, from };
        match acceptable(&client.query) {
            Ok(question) => self.take(client, question, cx),
            Err(code) => self.refuse(&client, code, cx),
        }
    }

    /// A question that can be answered.
    fn take(&mut self, client: Client, question: Question, cx: &mut Context<'_, Self>) {
        if !client.query.header.recursion_desired {
            cx.cite(&rules::NO_RECURSION);
            let now = cx.now();
            let recalled =
                self.walk.cache().recall(&question.name, question.kind, now, Trust::Answer);
            return match recalled.map(<Outcome as core::convert::From<Recall>>::from) {
                Some(outcome) => self.reply(&client, &[], &outcome, cx),
                None => self.refuse(&client, ResponseCode::Refused, cx),
            };
        }
        cx.cite(&rules::RECURSION);
        if let Some(job) = self.walk.find(&question) {
            cx.cite(&rules::COALESCE);
            return self.join(job, client, cx);
        }
        if self.walk.len() >= MAX_SEARCHES {
            cx.cite(&rules::GIVE_UP);
            return self.refuse(&client, ResponseCode::ServFail, cx);
        }
        let job = self.walk.begin(question, cx);
        self.join(job, client, cx);
    }

    fn join(&mut self, job: crate::dns::walk::JobId, client: Client, cx: &mut Context<'_, Self>) {
        let clients = self.clients.entry(job).or_default();
        if clients.is_empty() {
            cx.arm(ResolverTimer::GiveUp(job), GIVE_UP_AFTER);
        }
        let same = |other: &Client| {
            other.from == client.from && other.query.header.id == client.query.header.id
        };
        // A client that sends its query again, or a datagram that came twice, gets one answer.
        if !clients.iter().any(same) {
            clients.push(client);
        }
    }

    /// Answers with what was found.
    pub(super) fn reply(
        &mut self,
        client: &Client,
        aliases: &[Record],
        outcome: &Outcome,
        cx: &mut Context<'_, Self>,
    ) {
        let code = match outcome {
            Outcome::Records(_) | Outcome::NoSuchRecord(_) => ResponseCode::NoError,
            Outcome::NoSuchName(_) => ResponseCode::NxDomain,
            Outcome::Failed => ResponseCode::ServFail,
        };
        let mut message = client.query.response(code);
        match outcome {
            Outcome::Records(records) => {
                message.answers = aliases.iter().chain(records).cloned().collect();
            }
            Outcome::NoSuchName(soa) | Outcome::NoSuchRecord(soa) => {
                message.answers = aliases.to_vec();
                message.authorities = soa.iter().cloned().collect();
            }
            Outcome::Failed => {}
        }
        for record in message.answers.iter_mut().chain(&mut message.authorities) {
            record.ttl = bounded_ttl(record.ttl);
        }
        self.send(client, message, cx);
    }

    fn refuse(&mut self, client: &Client, code: ResponseCode, cx: &mut Context<'_, Self>) {
        self.send(client, client.query.response(code), cx);
    }

    fn send(&mut self, client: &Client, mut message: Message, cx: &mut Context<'_, Self>) {
        message.header.recursion_available = true;
        let theirs = client.query.edns.as_ref().map(|edns| usize::from(edns.payload_size));
        message.edns = theirs.map(|_| Edns::new(PAYLOAD_SIZE));
        self.answered += 1;
        cx.emit(Event::Answered(message.clone()));
        match client.from {
            From::Datagram(to) => {
                let most = theirs.map_or(PLAIN_DATAGRAM, |size| {
                    size.clamp(PLAIN_DATAGRAM, usize::from(PAYLOAD_SIZE))
                });
                let written = codec::write_within(&message, most);
                if written.truncated {
                    cx.cite(&rules::FIT);
                }
                cx.send_to(self.config.port, to, written.bytes);
            }
            From::Stream(conn) => cx.send(conn, codec::frame(&codec::write(&message))),
        }
    }
}

/// The question of a query that can be answered; otherwise the code to answer with.
fn acceptable(query: &Message) -> Result<Question, ResponseCode> {
    match query.header.opcode {
        Opcode::Query => {}
        Opcode::IQuery | Opcode::Status | Opcode::Other(_) => return Err(ResponseCode::NotImp),
    }
    if query.edns.as_ref().is_some_and(|edns| edns.version != 0) {
        return Err(ResponseCode::BadVers);
    }
    let question = query.question().ok_or(ResponseCode::FormErr)?;
    match question.class {
        Class::In if question.kind.is_meta() => Err(ResponseCode::NotImp),
        Class::In => Ok(question.clone()),
        Class::Ch | Class::Any | Class::Other(_) => Err(ResponseCode::Refused),
    }
}

/// With the headers of IPv6 and UDP it fits into 1280 bytes, which every path must carry.
const PAYLOAD_SIZE: u16 = 1232;
