//! Dialogues of extensions that we do not offer, as they stand in somebody else's session: AUTH
//! (RFC 4954) and STARTTLS (RFC 3207).

use super::{Owed, Server, ServerEvent};
use crate::mime::shown_base64;
use crate::smtp::{Reply, rules};
use crate::wire::{Rule, Span};

/// What a client said in such a dialogue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Elsewhere {
    /// The command AUTH.
    Auth,
    /// A line that answers a challenge of the server.
    AuthResponse,
    /// The command STARTTLS.
    StartTls,
}

/// Where such a dialogue is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialogue {
    /// A part of an AUTH exchange has no reply; so many responses of the client are expected, as
    /// far as its mechanism is known.
    Auth { expected: u8 },
    /// The server has sent a challenge: the next line is no command.
    Challenged { expected: u8 },
    /// STARTTLS has no reply.
    StartTls,
    /// What follows is TLS, in both directions, to the end.
    Tls,
}

impl Server {
    /// Whether nothing more can be read, since it is encrypted.
    pub(in crate::smtp) fn is_opaque(&self) -> bool {
        self.dialogue == Some(Dialogue::Tls)
    }

    /// Reads a line that belongs to such a dialogue; none where it is a command of SMTP.
    pub(super) fn elsewhere(&mut self, line: &[u8]) -> Option<ServerEvent> {
        if !self.observes {
            return None;
        }
        let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        let what = match self.dialogue {
            Some(Dialogue::Challenged { expected }) => {
                self.note_response(line, 0, "response");
                self.dialogue = Some(Dialogue::Auth { expected: expected.saturating_sub(1) });
                Elsewhere::AuthResponse
            }
            _ if word.eq_ignore_ascii_case(b"AUTH") => {
                self.dialogue = Some(Dialogue::Auth { expected: self.note_auth(line) });
                Elsewhere::Auth
            }
            _ if line.trim_ascii_end().eq_ignore_ascii_case(b"STARTTLS") => {
                let span = Span::new(0, line.len());
                self.note(span, "command", &rules::STARTTLS, || "STARTTLS".into());
                self.dialogue = Some(Dialogue::StartTls);
                Elsewhere::StartTls
            }
            _ => return None,
        };
        let crlf = Span::new(line.len(), line.len() + 2);
        self.note(crlf, "CRLF", &rules::LINES, String::new);
        self.owed = Some(Owed::Elsewhere);
        Some(ServerEvent::Elsewhere(what))
    }

    /// That server's reply to such a line.
    pub(super) fn heard_elsewhere(&mut self, reply: &Reply) {
        self.owed = None;
        self.dialogue = match (self.dialogue, reply.code) {
            (Some(Dialogue::Auth { expected }), CHALLENGE) => {
                Some(Dialogue::Challenged { expected })
            }
            (Some(Dialogue::StartTls), READY) => Some(Dialogue::Tls),
            (Some(_) | None, _) => None,
        };
    }

    /// The code with which such a dialogue most likely goes on, where the replies are not known.
    pub(super) fn likely_elsewhere(&self) -> u16 {
        match self.dialogue {
            Some(Dialogue::Auth { expected: 1.. }) => CHALLENGE,
            Some(Dialogue::StartTls) => READY,
            Some(Dialogue::Auth { .. } | Dialogue::Challenged { .. } | Dialogue::Tls) | None => {
                AUTHENTICATED
            }
        }
    }

    /// Notes `AUTH mechanism initial-response`; how many responses are still to come.
    fn note_auth(&mut self, line: &[u8]) -> u8 {
        let mut at = 0;
        let mut mechanism: &[u8] = &[];
        let mut given = 0;
        for (index, word) in line.split(|byte| *byte == b' ').enumerate() {
            if index > 0 {
                self.note(Span::new(at, at + 1), "SP", &rules::AUTH, String::new);
                at += 1;
            }
            let span = Span::new(at, at + word.len());
            let text = String::from_utf8_lossy(word).into_owned();
            match index {
                0 => self.note(span, "command", &rules::AUTH, || text.to_ascii_uppercase()),
                1 => self.note(span, "mechanism", &rules::AUTH, || text.to_ascii_uppercase()),
                2 => self.note_response(word, at, "initial response"),
                _ => self.note(span, "argument", &rules::AUTH, || text),
            }
            match index {
                1 => mechanism = word,
                2 => given = 1,
                _ => {}
            }
            at = span.end;
        }
        let needed: u8 = if mechanism.eq_ignore_ascii_case(b"LOGIN") { 2 } else { 1 };
        needed - given
    }

    /// Notes what a client answers to a challenge.
    fn note_response(&mut self, text: &[u8], at: usize, name: &'static str) {
        if !text.is_empty() {
            let span = Span::new(at, at + text.len());
            self.note(span, name, &rules::AUTH_EXCHANGE, || shown_base64(text));
        }
    }

    fn note(
        &mut self,
        span: Span,
        name: &'static str,
        rule: &'static Rule,
        value: impl FnOnce() -> String,
    ) {
        self.notes.note(0, span, name, Some(rule), value);
    }
}

/// A challenge (RFC 4954 section 4).
pub(in crate::smtp) const CHALLENGE: u16 = 334;

/// Authentication succeeded (RFC 4954 section 6).
const AUTHENTICATED: u16 = 235;

/// Ready to start TLS (RFC 3207 section 4).
const READY: u16 = 220;
