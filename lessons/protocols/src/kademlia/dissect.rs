//! Datagrams read back into messages for the inspector.

use std::collections::VecDeque;

use bytes::Bytes;

use super::bencode::rules::BROKEN;
use super::{Ask, Body, Message, Response, codec, short};
use crate::wire::{
    self, At, Chunk, Datagram, Datagrams, Notes, Side, Span, Turn, Violation, counted,
};

/// Reads datagrams: each chunk is one message, whole.
pub fn dissect(chunks: &[Chunk]) -> Vec<wire::Message> {
    wire::dissect::<Datagrams<Talk>>(chunks)
}

/// What was asked lately, since an answer does not say what it answers.
#[derive(Clone, Default)]
pub(super) struct Talk {
    asked: VecDeque<Asked>,
}

/// A query that may be answered.
#[derive(Clone)]
struct Asked {
    side: Side,
    transaction: Bytes,
    method: &'static str,
}

impl Datagram for Talk {
    fn read(&mut self, chunk: &Chunk, at: At) -> wire::Message {
        let At { chunk: index, start } = at;
        let (side, len) = (chunk.side, chunk.bytes.len());
        let mut notes = Notes::on();
        let (turn, title, detail, fault) = match codec::read(&chunk.bytes, &mut notes) {
            Ok(message) => {
                let title = self.title(&message, side);
                (turn(&message.body), title, detail(&message), None)
            }
            Err(unread) => {
                let violation = unread.violation;
                let (turn, title) = match unread.answer_to {
                    Some(_) => (Turn::Asks, "a query that is not right"),
                    None => (side.turn(), "not KRPC"),
                };
                let detail = format!("against {}", violation.rule.source);
                let span = violation.span.shifted(start);
                (turn, title.to_string(), detail, Some(Violation { span, ..violation }))
            }
        };
        let mut notes = notes.take();
        if notes.is_empty() && len > 0 {
            let (span, name) = (Span::new(0, len), "not read".into());
            let (value, depth, rule) = (String::new(), 0, Some(&BROKEN));
            notes.push(wire::Note { span, name, value, depth, rule });
        }
        let span = Span::new(start, start + len);
        let complete = fault.is_none();
        wire::Message { side, turn, chunk: index, span, title, detail, notes, complete, fault }
    }
}

impl Talk {
    fn title(&mut self, message: &Message, side: Side) -> String {
        match &message.body {
            Body::Query(query) => {
                let method = query.ask.method();
                if self.asked.len() >= MAX_ASKED {
                    self.asked.pop_front();
                }
                let transaction = message.transaction.clone();
                self.asked.push_back(Asked { side, transaction, method });
                query_title(&query.ask)
            }
            Body::Response(response) => {
                let transaction = &message.transaction;
                let answers =
                    |asked: &&Asked| asked.side != side && asked.transaction == *transaction;
                let asked = self.asked.iter().rev().find(answers);
                response_title(response, asked.map(|asked| asked.method))
            }
            Body::Error(refusal) => format!("error {refusal}").chars().take(TITLE_MAX).collect(),
        }
    }
}

fn turn(body: &Body) -> Turn {
    match body {
        Body::Query(_) => Turn::Asks,
        Body::Response(_) | Body::Error(_) => Turn::Answers,
    }
}

/// `find_node(2c…)`, `announce_peer(2c…, port 6881)`.
fn query_title(ask: &Ask) -> String {
    let method = ask.method();
    match ask {
        Ask::Ping => method.to_string(),
        Ask::FindNode { target } => format!("{method}({})", short(*target)),
        Ask::GetPeers { info_hash } => format!("{method}({})", short(*info_hash)),
        Ask::AnnouncePeer(announce) => {
            let port = match announce.implied_port {
                true => "implied port".to_string(),
                false => format!("port {}", announce.port),
            };
            format!("{method}({}, {port})", short(announce.info_hash))
        }
    }
}

/// `8 nodes`, `2 peers, 8 nodes`, or what the query was that is answered.
fn response_title(response: &Response, answers: Option<&'static str>) -> String {
    let peers = response.values.as_ref().map(|values| counted(values.len(), "peer"));
    let nodes = response.nodes.as_ref().map(|nodes| counted(nodes.len(), "node"));
    match (peers, nodes, answers) {
        (Some(peers), Some(nodes), _) => format!("{peers}, {nodes}"),
        (Some(only), None, _) | (None, Some(only), _) => only,
        (None, None, Some("ping")) => "pong".into(),
        (None, None, Some("announce_peer")) => "announced".into(),
        (None, None, Some(_) | None) => "response".into(),
    }
}

/// `from 2c…, transaction aa`.
fn detail(message: &Message) -> String {
    let transaction = super::bencode::shown(&message.transaction);
    let (id, token) = match &message.body {
        Body::Query(query) => (Some(query.id), false),
        Body::Response(response) => (Some(response.id), response.token.is_some()),
        Body::Error(_) => (None, false),
    };
    let mut parts = Vec::new();
    parts.extend(id.map(|id| format!("from {}", short(id))));
    parts.push(format!("transaction {transaction}"));
    if token {
        parts.push("with a token".into());
    }
    parts.join(", ")
}

/// As many queries as can be waiting for their answers between two nodes.
const MAX_ASKED: usize = 64;

/// As much of a text as a title can hold.
const TITLE_MAX: usize = 120;
