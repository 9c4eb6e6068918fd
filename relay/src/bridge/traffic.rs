//! What the client asks for and what its sockets have to say.

use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use relay_wire::{Code, Event, Open, Reset, UdpOpen, UdpOpened};

use super::conn::{Conn, Stage};
use super::session::Bridge;
use super::tcp::{Progress, Tcp};
use super::udp::Udp;
use crate::bell::Bell;
use crate::dial::{Bound, Dialled};
use crate::fault;

impl Bridge {
    pub(super) fn on_event(&mut self, event: Event) {
        match event {
            Event::Hello(hello) => self.on_hello(&hello),
            Event::Open { stream, open } => self.on_open(stream, open),
            Event::UdpOpen { socket, open } => self.on_udp_open(socket, open),
            Event::Data { stream, bytes } => self.on_data(stream, bytes),
            Event::Finished { stream } => {
                if let Some(tcp) = self.tcp(stream) {
                    tcp.finish();
                    self.rung.push(stream);
                }
            }
            Event::Stopped { stream } => {
                if let Some(tcp) = self.tcp(stream) {
                    tcp.discard();
                    self.rung.push(stream);
                }
            }
            Event::Reset { stream, .. } => {
                if let Some(Stage::Tcp(tcp)) = self.conns.remove(&stream).map(|conn| conn.stage) {
                    tcp.abort();
                }
            }
            Event::Closed { stream } => {
                self.conns.remove(&stream);
            }
            Event::Credit { stream: 0 } => self.rung.extend(self.conns.keys()),
            Event::Credit { stream } => self.rung.push(stream),
            Event::Datagram { socket, peer, bytes, .. } => {
                let Some(conn) = self.conns.get_mut(&socket) else { return };
                let Stage::Udp(udp) = &conn.stage else { return };
                conn.active = Instant::now();
                if let Err(reset) = udp.send(peer, &bytes, &self.shared.dialler.policy) {
                    let reset = self.failed(reset);
                    self.refuse(socket, &peer.to_string(), reset);
                }
            }
            // Answers to what a relay never asks.
            Event::Opened { .. }
            | Event::UdpOpened { .. }
            | Event::Pong { .. }
            | Event::GoAway(_) => {}
        }
    }

    fn tcp(&mut self, stream: u32) -> Option<&mut Tcp> {
        match &mut self.conns.get_mut(&stream)?.stage {
            Stage::Tcp(tcp) => Some(tcp),
            Stage::DiallingTcp(_) | Stage::DiallingUdp(_) | Stage::Udp(_) => None,
        }
    }

    fn on_open(&mut self, stream: u32, open: Open) {
        let asked = open.target.to_string();
        if let Some(reset) = self.over_limit(Instant::now()) {
            return self.refuse(stream, &asked, reset);
        }
        let attempt = self.shared.dialler.tcp(open);
        self.hang(stream, Stage::DiallingTcp(attempt), asked);
    }

    fn on_udp_open(&mut self, socket: u32, open: UdpOpen) {
        let asked = match &open.connect {
            Some(target) => format!("udp {target}"),
            None => "udp".to_owned(),
        };
        if let Some(reset) = self.over_limit(Instant::now()) {
            return self.refuse(socket, &asked, reset);
        }
        let attempt = self.shared.dialler.udp(open);
        self.hang(socket, Stage::DiallingUdp(attempt), asked);
    }

    fn hang(&mut self, number: u32, stage: Stage, asked: String) {
        let (bell, waker) = Bell::hang(number, &self.board);
        let active = Instant::now();
        self.conns.insert(number, Box::new(Conn { stage, bell, waker, active, asked }));
        self.rung.push(number);
    }

    fn on_data(&mut self, stream: u32, bytes: Bytes) {
        let Some(conn) = self.conns.get_mut(&stream) else { return };
        let Stage::Tcp(tcp) = &mut conn.stage else { return };
        conn.active = Instant::now();
        match tcp.take(bytes, &mut Context::from_waker(&conn.waker)) {
            Ok(count) => self.session.consumed(stream, count),
            Err(error) => {
                let reset = fault::reset_of(&error, tcp.remote());
                self.drop_conn(stream, reset);
            }
        }
    }

    /// Gives every socket that has rung one turn; true if any byte moved.
    pub(super) fn serve_rung(&mut self) -> bool {
        self.board.collect(&mut self.rung);
        if self.rung.is_empty() {
            return false;
        }
        let mut rung = std::mem::take(&mut self.rung);
        rung.sort_unstable();
        rung.dedup();
        let mut any = false;
        for number in rung.drain(..) {
            match self.serve(number) {
                Ok(Progress::Some) => {
                    any = true;
                    self.rung.push(number);
                }
                Ok(Progress::None) => {}
                Ok(Progress::Starved) => self.starved.push(number),
                Err(reset) => {
                    any = true;
                    self.drop_conn(number, reset);
                }
            }
        }
        any
    }

    fn serve(&mut self, number: u32) -> Result<Progress, Reset> {
        let Some(conn) = self.conns.get_mut(&number) else { return Ok(Progress::None) };
        let Conn { stage, bell, waker, active, .. } = &mut **conn;
        bell.heard();
        let mut cx = Context::from_waker(waker);
        match stage {
            Stage::DiallingTcp(attempt) => match attempt.as_mut().poll(&mut cx) {
                Poll::Pending => Ok(Progress::None),
                Poll::Ready(Ok(dialled)) => Ok(self.on_dialled(number, dialled)),
                Poll::Ready(Err(reset)) => Err(self.failed(reset)),
            },
            Stage::DiallingUdp(attempt) => match attempt.as_mut().poll(&mut cx) {
                Poll::Pending => Ok(Progress::None),
                Poll::Ready(Ok(bound)) => Ok(self.on_bound(number, bound)),
                Poll::Ready(Err(reset)) => Err(self.failed(reset)),
            },
            Stage::Tcp(tcp) => {
                let remote = tcp.remote();
                let written = tcp.write(&mut cx).map_err(|e| fault::reset_of(&e, remote))?;
                let read = tcp
                    .read(number, &mut self.session, &mut self.scratch, &mut cx)
                    .map_err(|e| fault::reset_of(&e, remote))?;
                self.reading |= read == Progress::Some;
                if written > 0 || read == Progress::Some {
                    *active = Instant::now();
                }
                self.session.consumed(number, written);
                while let Some(event) = self.session.next_event() {
                    self.on_event(event);
                }
                Ok(read)
            }
            Stage::Udp(udp) => {
                let policy = &self.shared.dialler.policy;
                let (session, scratch) = (&mut self.session, &mut self.scratch);
                udp.receive(number, session, scratch, policy, active, &mut cx)
            }
        }
    }

    fn on_dialled(&mut self, number: u32, dialled: Dialled) -> Progress {
        let Dialled { stream, local, remote, took } = dialled;
        let took_us = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        let Some(conn) = self.conns.get_mut(&number) else { return Progress::None };
        tracing::info!(
            session = self.number,
            stream = number,
            asked = conn.asked,
            pinned = %remote,
            verdict = "open",
            connect_us = took_us,
            "tcp"
        );
        conn.stage = Stage::Tcp(Tcp::new(stream, remote));
        // A stream that was reset meanwhile has no entry in `conns` either.
        let _ = self.session.accept(number, local, remote, took_us);
        Progress::Some
    }

    fn on_bound(&mut self, number: u32, bound: Bound) -> Progress {
        let Bound { socket, local, remote } = bound;
        let Some(conn) = self.conns.get_mut(&number) else { return Progress::None };
        tracing::info!(
            session = self.number,
            stream = number,
            asked = conn.asked,
            bound = %local,
            verdict = "open",
            "udp"
        );
        conn.stage = Stage::Udp(Udp::new(socket, remote));
        let _ = self.session.udp_accept(number, UdpOpened { local, remote });
        Progress::Some
    }

    /// Counts an attempt that came to nothing.
    fn failed(&self, reset: Reset) -> Reset {
        self.shared.brakes.failed(Instant::now());
        reset
    }

    /// Refuses what was asked. What the relay has no room for says nothing about the target, and is
    /// no failed attempt.
    fn refuse(&mut self, number: u32, asked: &str, reset: Reset) {
        self.log_end(number, asked, &reset);
        self.conns.remove(&number);
        self.session.reset(number, reset);
    }

    fn drop_conn(&mut self, number: u32, reset: Reset) {
        if let Some(conn) = self.conns.remove(&number) {
            self.log_end(number, &conn.asked, &reset);
        }
        self.session.reset(number, reset);
    }

    fn log_end(&self, number: u32, asked: &str, reset: &Reset) {
        tracing::info!(
            session = self.number,
            stream = number,
            asked,
            verdict = ?reset.code,
            rule = ?reset.detail,
            errno = reset.errno,
            text = reset.text,
            "ended"
        );
    }

    /// Lets the streams be read again whose last bytes had to wait for the WebSocket.
    pub(super) fn ring_starved(&mut self) {
        self.rung.append(&mut self.starved);
    }

    pub(super) fn reset_idle(&mut self, now: Instant) {
        let limits = &self.shared.limits;
        let mut idle = Vec::new();
        for (number, conn) in &self.conns {
            let silent = now.saturating_duration_since(conn.active);
            let limit = match &conn.stage {
                Stage::Tcp(_) => limits.stream_idle,
                Stage::Udp(_) => limits.socket_idle,
                // These have limits of their own.
                Stage::DiallingTcp(_) | Stage::DiallingUdp(_) => continue,
            };
            if silent > limit {
                idle.push((*number, limit.as_secs()));
            }
        }
        for (number, seconds) in idle {
            let text = format!("Nothing was sent or received for {seconds} seconds.");
            self.drop_conn(number, Reset::new(Code::Idle, text));
        }
    }
}
