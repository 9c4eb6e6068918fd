//! What comes in for outstanding queries, and whether it is believed.

use core::net::SocketAddr;

use bytes::Bytes;

use super::{Outstanding, PLAIN_ROUND, QueryId, Reply, Settled, Sink, Via, let_go};
use crate::dns::asking_rules as rules;
use crate::dns::codec;
use crate::dns::{Message, Question, ResponseCode};
use crate::endpoint::Conn;
use crate::wire::Notes;

impl Outstanding {
    /// A datagram has come at one of its ports. What matches no query is thrown away.
    pub fn datagram(
        &mut self,
        port: u16,
        from: SocketAddr,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) -> Option<Settled> {
        let at_port = |via: &Via| matches!(via, Via::Udp { port: own } if *own == port);
        let (id, query) = self.queries.iter().find(|(_, query)| at_port(&query.via))?;
        let id = *id;
        if query.asked.servers.get(query.server) != Some(&from) {
            out.cite(&rules::OTHER_SOURCE);
            return None;
        }
        self.heard(id, from, bytes, out)
    }

    /// A connection of its own is open: the query goes out on it.
    pub fn opened(&mut self, conn: Conn, out: &mut dyn Sink) {
        let Some(id) = self.by_conn(conn) else { return };
        let Some(message) = self.message(id, out) else { return };
        out.send(conn, codec::frame(&codec::write(&message)));
    }

    /// Bytes have come on a connection of its own.
    pub fn data(&mut self, conn: Conn, bytes: &[u8], out: &mut dyn Sink) -> Option<Settled> {
        let id = self.by_conn(conn)?;
        let query = self.queries.get_mut(&id)?;
        let from = query.asked.servers.get(query.server).copied()?;
        let Via::Tcp { read, .. } = &mut query.via else { return None };
        read.receive(bytes);
        while let Some(message) = self.next_frame(conn) {
            let settled = self.heard(id, from, &message, out);
            if settled.is_some() {
                return settled;
            }
        }
        None
    }

    /// A connection of its own is gone, or the server will send no more on it.
    pub fn lost(&mut self, conn: Conn, out: &mut dyn Sink) -> Option<Settled> {
        if let Some(at) = self.closing.iter().position(|closing| *closing == conn) {
            self.closing.remove(at);
            return None;
        }
        let id = self.by_conn(conn)?;
        out.cite(&rules::RETRY);
        self.next_server(id, out)
    }

    /// The next whole message on a connection that a query waits on.
    fn next_frame(&mut self, conn: Conn) -> Option<Bytes> {
        let id = self.by_conn(conn)?;
        match &mut self.queries.get_mut(&id)?.via {
            Via::Tcp { read, .. } => read.next_frame(),
            Via::Udp { .. } => None,
        }
    }

    /// A message has come from the server that was asked, at the port that it was asked from.
    fn heard(
        &mut self,
        id: QueryId,
        from: SocketAddr,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) -> Option<Settled> {
        let query = self.queries.get(&id)?;
        let header = codec::read_header(bytes)?;
        if header.id != query.id {
            out.cite(&rules::OTHER_ID);
            return None;
        }
        if !header.response {
            out.cite(&rules::NO_RESPONSE);
            return None;
        }
        let read = codec::read(bytes, &mut Notes::off());
        let Ok(message) = read else {
            out.cite(&rules::UNREADABLE);
            return self.refused(id, out);
        };
        if !is_about(&message, &query.asked.question) {
            out.cite(&rules::OTHER_QUESTION);
            return None;
        }
        match message.header.code {
            _ if message.header.truncated && matches!(query.via, Via::Udp { .. }) => {
                out.disarm(id);
                let_go(&query.via, out);
                self.dial(id, out);
                None
            }
            ResponseCode::NoError | ResponseCode::NxDomain => self.answered(id, from, message, out),
            code if query.offers_edns && is_about_edns(code, &message) => {
                self.ask_plainly(id, from, out);
                None
            }
            ResponseCode::FormErr
            | ResponseCode::ServFail
            | ResponseCode::NotImp
            | ResponseCode::Refused
            | ResponseCode::BadVers
            | ResponseCode::Other(_) => {
                out.cite(&rules::NEXT_SERVER);
                self.refused(id, out)
            }
        }
    }

    /// The answer has come.
    fn answered(
        &mut self,
        id: QueryId,
        from: SocketAddr,
        message: Message,
        out: &mut dyn Sink,
    ) -> Option<Settled> {
        let over = self.queries.remove(&id)?;
        out.disarm(id);
        if over.round >= PLAIN_ROUND && self.payload_size.is_some() {
            self.plain.remember(from, out.now());
        }
        match over.via {
            Via::Udp { port } => out.unbind(port),
            Via::Tcp { conn, .. } => {
                out.finish(conn);
                self.closing.push(conn);
            }
        }
        let (question, reply) = (over.asked.question, Reply { from, message });
        Some(Settled { query: id, question, outcome: Ok(reply) })
    }

    /// The server does not speak EDNS: it is asked again without, and so from now on.
    fn ask_plainly(&mut self, id: QueryId, server: SocketAddr, out: &mut dyn Sink) {
        let Some(query) = self.queries.get(&id) else { return };
        out.cite(&rules::EDNS_FALLBACK);
        self.plain.remember(server, out.now());
        out.disarm(id);
        let_go(&query.via, out);
        match query.via {
            Via::Udp { .. } => self.send(id, out),
            Via::Tcp { .. } => self.dial(id, out),
        }
    }

    /// The server that is being asked cannot say: it is not asked again.
    fn refused(&mut self, id: QueryId, out: &mut dyn Sink) -> Option<Settled> {
        let query = self.queries.get_mut(&id)?;
        query.refused.push(query.server);
        self.next_server(id, out)
    }
}

/// Whether a server says with this code that it does not understand EDNS: with an OPT record of its
/// own it would say that the question is at fault (RFC 6891 section 7).
fn is_about_edns(code: ResponseCode, message: &Message) -> bool {
    match code {
        ResponseCode::BadVers => true,
        ResponseCode::FormErr | ResponseCode::NotImp => message.edns.is_none(),
        ResponseCode::NoError
        | ResponseCode::NxDomain
        | ResponseCode::ServFail
        | ResponseCode::Refused
        | ResponseCode::Other(_) => false,
    }
}

/// Whether a response is about this question. One that only says what is wrong may leave the
/// question out, for its sender may not have read so far.
fn is_about(message: &Message, question: &Question) -> bool {
    match message.questions.as_slice() {
        [] => !matches!(message.header.code, ResponseCode::NoError | ResponseCode::NxDomain),
        [only] => only == question,
        _ => false,
    }
}
