//! What comes from servers, and the ends of connections.

use bytes::Bytes;

use super::link::{Incoming, Phase};
use super::{Client, ClientTimer};
use crate::endpoint::{Conn, Context};
use crate::http::pieces::Pieces;
use crate::http::policy_rules as rules;
use crate::http::{self, Response};
use crate::wire::Violation;

impl Client {
    pub(super) fn received(&mut self, conn: Conn, bytes: &Bytes, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if link.phase == Phase::Closing {
            return;
        }
        link.http.receive(bytes);
        self.read(conn, cx);
    }

    pub(super) fn finished(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        link.peer_finished = true;
        if link.phase == Phase::Closing {
            self.links.remove(&conn);
            return;
        }
        link.http.receive_end();
        self.read(conn, cx);
        self.settle_unanswered(conn, cx);
        self.close(conn, cx);
    }

    /// Takes everything out of the machine that it has understood.
    fn read(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        loop {
            let Some(link) = self.links.get_mut(&conn) else { return };
            match link.http.next_event() {
                Ok(Some(http::Event::Interim(response))) => {
                    if response.status == 100 {
                        self.send_held(conn, cx);
                    }
                }
                Ok(Some(http::Event::Response(response))) => self.answer_begun(conn, response, cx),
                Ok(Some(http::Event::Data(bytes))) => {
                    if let Some(incoming) = &mut link.incoming {
                        incoming.body.push(bytes);
                    }
                }
                Ok(Some(http::Event::End { .. })) => self.answer_ended(conn, cx),
                Ok(Some(http::Event::Request(_))) => {}
                Ok(Some(http::Event::Closed) | None) => break,
                Err(violation) => {
                    self.bad_answer(conn, &violation, cx);
                    return;
                }
            }
        }
        if let Some(link) = self.links.get(&conn).filter(|link| link.http.must_close()) {
            cx.cite(match link.peer_finished {
                true => &rules::PEER_ENDED,
                false => &rules::CLIENT_CLOSES,
            });
            self.settle_unanswered(conn, cx);
            self.close(conn, cx);
        }
    }

    fn answer_begun(&mut self, conn: Conn, response: Response, cx: &mut Context<'_, Self>) {
        let refused = response.status >= 300;
        let Some(link) = self.links.get_mut(&conn) else { return };
        let (body, received) = (Pieces::default(), cx.now());
        link.incoming = Some(Incoming { response, body, received, seen: 0 });
        if link.held.is_some() {
            match refused {
                // RFC 9110 section 10.1.1: the final answer takes the place of 100.
                true => cx.disarm(ClientTimer::Continue(conn)),
                false => self.send_held(conn, cx),
            }
        }
    }

    fn answer_ended(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        let Some(incoming) = link.incoming.take() else { return };
        link.answers += 1;
        link.announced_close = link.http.must_close();
        let unsent = link.held.take().is_some();
        let Some(id) = link.in_flight.pop_front() else { return };
        match link.in_flight.is_empty() {
            true => cx.disarm(ClientTimer::Answer(conn)),
            false => cx.arm(ClientTimer::Answer(conn), self.config.answer_within),
        }
        if unsent {
            // The content was announced and will not come: the connection cannot go on.
            self.close(conn, cx);
        }
        if let Some(fetch) = self.fetches.remove(&id) {
            let Incoming { response, body, received, seen: _ } = incoming;
            self.answered(fetch, response, body.join(), received, cx);
        }
    }

    /// The server broke a rule: nothing of its answer can be trusted, nor what follows.
    fn bad_answer(&mut self, conn: Conn, bad: &Violation, cx: &mut Context<'_, Self>) {
        cx.cite(bad.rule);
        cx.cite(&rules::BAD_RESPONSE);
        let Some(link) = self.links.get_mut(&conn) else { return };
        link.incoming = None;
        if let Some(fetch) = link.in_flight.pop_front().and_then(|id| self.fetches.remove(&id)) {
            self.fail(fetch, &format!("bad answer: {}", bad.found), cx);
        }
        self.settle_unanswered(conn, cx);
        self.abort(conn, cx);
    }

    /// The answer that is due has not come in time; one that is coming, slowly, may go on.
    pub(super) fn no_answer(&mut self, conn: Conn, cx: &mut Context<'_, Self>) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        if let Some(incoming) = link.incoming.as_mut().filter(|i| i.body.len() > i.seen) {
            incoming.seen = incoming.body.len();
            cx.arm(ClientTimer::Answer(conn), self.config.answer_within);
            return;
        }
        cx.cite(&rules::ANSWER_TIMEOUT);
        link.incoming = None;
        if let Some(fetch) = link.in_flight.pop_front().and_then(|id| self.fetches.remove(&id)) {
            let why = format!("no answer within {} s", self.config.answer_within.as_secs());
            self.fail(fetch, &why, cx);
        }
        self.settle_unanswered(conn, cx);
        self.abort(conn, cx);
    }
}
