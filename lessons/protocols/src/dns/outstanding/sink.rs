//! What a machine that asks name servers wants done, appended to its owner's outputs in order.

use core::net::SocketAddr;
use core::time::Duration;

use bytes::Bytes;

use crate::dns::{DNS, DNS_TCP};
use crate::endpoint::{Conn, Context, Endpoint, Target};
use crate::wire::{Rule, Time};

/// Where [`Outstanding`](super::Outstanding) puts what it wants done. An endpoint's context is
/// one, the system resolver that runs beside an endpoint has one of its own.
pub trait Sink {
    /// The driver's clock.
    fn now(&self) -> Time;

    /// The next number by chance.
    fn random(&mut self) -> u64;

    /// Takes datagrams at a UDP port.
    fn bind(&mut self, port: u16);

    /// Takes no more datagrams there.
    fn unbind(&mut self, port: u16);

    /// Sends a datagram from a bound port.
    fn send_to(&mut self, port: u16, to: SocketAddr, bytes: Bytes);

    /// Opens a TCP connection.
    fn dial(&mut self, to: SocketAddr) -> Conn;

    /// Sends bytes on a connection.
    fn send(&mut self, conn: Conn, bytes: Bytes);

    /// Sends no more on a connection.
    fn finish(&mut self, conn: Conn);

    /// Throws a connection away.
    fn abort(&mut self, conn: Conn);

    /// Rings the alarm of a query after a while.
    fn arm(&mut self, query: QueryId, after: Duration);

    /// Does not ring the alarm of a query.
    fn disarm(&mut self, query: QueryId);

    /// Says why what follows is done.
    fn cite(&mut self, rule: &'static Rule);
}

/// The number of a query that waits for its answer; never used twice by one machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QueryId(pub u32);

impl<E: Endpoint> Sink for Context<'_, E>
where
    E::Timer: From<QueryId>,
{
    fn now(&self) -> Time {
        Context::now(self)
    }

    fn random(&mut self) -> u64 {
        Context::random(self)
    }

    fn bind(&mut self, port: u16) {
        Context::bind(self, port, &DNS);
    }

    fn unbind(&mut self, port: u16) {
        Context::unbind(self, port);
    }

    fn send_to(&mut self, port: u16, to: SocketAddr, bytes: Bytes) {
        Context::send_to(self, port, to, bytes);
    }

    fn dial(&mut self, to: SocketAddr) -> Conn {
        Context::dial(self, Target::Address(to), &DNS_TCP)
    }

    fn send(&mut self, conn: Conn, bytes: Bytes) {
        Context::send(self, conn, bytes);
    }

    fn finish(&mut self, conn: Conn) {
        Context::finish(self, conn);
    }

    fn abort(&mut self, conn: Conn) {
        Context::abort(self, conn);
    }

    fn arm(&mut self, query: QueryId, after: Duration) {
        Context::arm(self, query.into(), after);
    }

    fn disarm(&mut self, query: QueryId) {
        Context::disarm(self, query.into());
    }

    fn cite(&mut self, rule: &'static Rule) {
        Context::cite(self, rule);
    }
}
