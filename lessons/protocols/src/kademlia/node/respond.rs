//! What a node answers to the queries of others.

use core::net::SocketAddrV4;

use bytes::Bytes;

use super::ask::Purpose;
use super::{Event, Node};
use crate::endpoint::Context;
use crate::kademlia::token::Secrets;
use crate::kademlia::{Announce, Ask, Body, Message, Query, Refusal, Response, code, rules};
use crate::overlay::Key;

impl Node {
    /// A query has come: it is answered, and whoever sent it is pinged if the table has a place.
    pub(super) fn queried(
        &mut self,
        from: SocketAddrV4,
        message: &Message,
        query: &Query,
        cx: &mut Context<'_, Self>,
    ) {
        let transaction = message.transaction.clone();
        let response = match &query.ask {
            Ask::Ping => {
                cx.cite(&rules::PING);
                Response::of(self.id())
            }
            Ask::FindNode { target } => {
                cx.cite(&rules::FIND_NODE);
                let nodes = Some(self.table.nearest_good(*target, cx.now()));
                Response { nodes, ..Response::of(self.id()) }
            }
            Ask::GetPeers { info_hash } => {
                cx.cite(&rules::GET_PEERS);
                self.peers_for(*info_hash, from, cx)
            }
            Ask::AnnouncePeer(announce) => match self.announced_by(from, announce, cx) {
                Ok(response) => response,
                Err(refusal) => {
                    return self.refuse(from, transaction, refusal.code as u16, refusal.text, cx);
                }
            },
        };
        self.counters.answered = self.counters.answered.saturating_add(1);
        let mut answer = Message::of(transaction, Body::Response(response));
        answer.your_address = self.config.secure.then_some(from);
        self.send(from, answer, cx);
        let is_wanted = self.table.queried(query.id, from, cx.now());
        if is_wanted && !message.read_only && self.may_probe(from) {
            cx.cite(&rules::GOOD);
            self.ping(from, Some(query.id), Purpose::Verify, cx);
        }
    }

    /// Answers with an error.
    pub(super) fn refuse(
        &mut self,
        to: SocketAddrV4,
        transaction: Bytes,
        code: u16,
        text: String,
        cx: &mut Context<'_, Self>,
    ) {
        if code == code::PROTOCOL {
            cx.cite(&rules::PROTOCOL_ERROR);
        }
        self.counters.refused = self.counters.refused.saturating_add(1);
        let refusal = Refusal { code: code.into(), text };
        self.send(to, Message::of(transaction, Body::Error(refusal)), cx);
    }

    fn peers_for(
        &mut self,
        info_hash: Key,
        from: SocketAddrV4,
        cx: &mut Context<'_, Self>,
    ) -> Response {
        let token = self.secrets(cx).token(*from.ip());
        let random = if self.store.has(info_hash) { cx.random() } else { 0 };
        let peers = self.store.peers(info_hash, cx.now(), random);
        Response {
            id: self.id(),
            nodes: Some(self.table.nearest_good(info_hash, cx.now())),
            values: Some(peers).filter(|peers| !peers.is_empty()),
            token: Some(Bytes::copy_from_slice(&token)),
        }
    }

    fn announced_by(
        &mut self,
        from: SocketAddrV4,
        announce: &Announce,
        cx: &mut Context<'_, Self>,
    ) -> Result<Response, Refusal> {
        let refusal = |code: u16, text: &str| Refusal { code: code.into(), text: text.into() };
        cx.cite(&rules::TOKEN);
        if !self.secrets(cx).accept(*from.ip(), &announce.token) {
            return Err(refusal(code::PROTOCOL, "Bad token."));
        }
        let port = if announce.implied_port { from.port() } else { announce.port };
        let peer = SocketAddrV4::new(*from.ip(), port);
        cx.cite(if announce.implied_port { &rules::IMPLIED_PORT } else { &rules::STORE });
        if self.store.put(announce.info_hash, peer, cx.now()).is_err() {
            return Err(refusal(code::SERVER, "No room for more peers."));
        }
        cx.emit(Event::Stored(announce.info_hash, peer));
        Ok(Response::of(self.id()))
    }

    /// The secrets, changed if it is time.
    fn secrets(&mut self, cx: &mut Context<'_, Self>) -> &Secrets {
        let now = cx.now();
        let is_due = self.secrets.as_ref().is_none_or(|secrets| secrets.are_due(now));
        let (fresh, older) = if is_due { (cx.random(), cx.random()) } else { (0, 0) };
        let secrets = self.secrets.get_or_insert_with(|| Secrets::new(fresh, older, now));
        if is_due {
            cx.cite(&rules::SECRETS);
            secrets.rotate(now, fresh, older);
        }
        secrets
    }
}
