//! One direction of a session: its bytes, where its chunks begin, and its messages.

use std::rc::Rc;

use crate::smtp::rules;
use crate::wire::{Message, Note, Side, Span, Starts, Violation};

/// What one side says.
#[derive(Clone)]
pub(super) struct Stream {
    side: Side,
    /// What has been said but for what is settled. Shared with the copies that say what is read so
    /// far: they are gone before it grows, so a mail that is under way is never copied.
    bytes: Rc<Vec<u8>>,
    /// Where these bytes begin.
    from: usize,
    chunks: Starts,
    /// Where the last message ends.
    read: usize,
    pub(super) messages: Vec<Message>,
}

/// A message but for its side and chunk.
pub(super) struct Part {
    pub(super) span: Span,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) notes: Vec<Note>,
    pub(super) complete: bool,
    pub(super) fault: Option<Violation>,
}

impl Stream {
    pub(super) fn new(side: Side) -> Stream {
        Stream {
            side,
            bytes: Rc::default(),
            from: 0,
            chunks: Starts::default(),
            read: 0,
            messages: Vec::new(),
        }
    }

    /// Takes one chunk.
    pub(super) fn take(&mut self, chunk: usize, bytes: &[u8]) {
        let at = self.len();
        self.chunks.push(at, chunk);
        Rc::make_mut(&mut self.bytes).extend_from_slice(bytes);
    }

    pub(super) fn len(&self) -> usize {
        self.from + self.bytes.len()
    }

    /// Where the last message ends.
    pub(super) fn read(&self) -> usize {
        self.read
    }

    /// Hands over the messages that are complete, and forgets their bytes and where their chunks
    /// began.
    pub(super) fn settled(&mut self) -> Vec<Message> {
        self.chunks.forget_before(self.read);
        let done = self.read.saturating_sub(self.from).min(self.bytes.len());
        if done > 0 {
            Rc::make_mut(&mut self.bytes).drain(..done);
        }
        self.from = self.from.max(self.read);
        core::mem::take(&mut self.messages)
    }

    /// All bytes from an offset on, which is in nothing settled.
    pub(super) fn from(&self, at: usize) -> &[u8] {
        self.bytes.get(at.saturating_sub(self.from)..).unwrap_or_default()
    }

    /// These bytes, none of which is settled.
    pub(super) fn of(&self, span: Span) -> &[u8] {
        let (start, end) = (span.start.max(self.from), span.end.max(self.from));
        Span::new(start - self.from, end - self.from).of(&self.bytes)
    }

    /// These bytes for a title.
    pub(super) fn text(&self, span: Span) -> String {
        let text = String::from_utf8_lossy(self.of(span));
        text.trim_end().chars().take(TITLE_MAX).filter(|c| !c.is_control()).collect()
    }

    /// All that has not been read is encrypted: a message of its own.
    pub(super) fn push_opaque(&mut self) {
        let span = Span::new(self.read, self.len());
        if span.is_empty() {
            return;
        }
        let (name, rule) = ("encrypted".into(), Some(&rules::STARTTLS));
        let whole = Span::new(0, span.len());
        let notes = vec![Note { span: whole, name, value: String::new(), depth: 0, rule }];
        let (title, detail) = ("TLS".into(), format!("{} B", span.len()));
        self.push(Part { span, title, detail, notes, complete: true, fault: None });
    }

    pub(super) fn push(&mut self, part: Part) {
        let Part { span, title, detail, notes, complete, fault } = part;
        self.read = span.end;
        self.messages.push(Message {
            side: self.side,
            turn: self.side.turn(),
            chunk: self.chunks.chunk(span.start),
            span,
            title: title.chars().take(TITLE_MAX).collect(),
            detail,
            notes,
            complete,
            fault,
        });
    }
}

/// As much of a line as a title can hold.
const TITLE_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use bytes::Bytes;

    use super::super::Session;
    use crate::wire::{Chunk, Reading, Side, Speaks};

    #[test]
    fn of_a_long_session_only_what_is_not_settled_is_kept_and_copied() {
        let mut session = Session::begin(Speaks { initiator: true, responder: true });
        let said = |side, text: &str| Chunk { side, bytes: Bytes::from(text.to_string()) };
        let mut messages = 0;
        let mut hear = |session: &mut Session, index: usize, chunk: Chunk| {
            session.take(index, &chunk);
            messages += session.settled().len();
        };
        hear(&mut session, 0, said(Side::Responder, "220 mx ready\r\n"));
        for turn in 0..1_000 {
            hear(&mut session, 1 + 2 * turn, said(Side::Initiator, "NOOP\r\n"));
            hear(&mut session, 2 + 2 * turn, said(Side::Responder, "250 OK\r\n"));
        }
        hear(&mut session, 2_001, said(Side::Initiator, "NOO"));
        assert_eq!(messages, 2_001);
        assert_eq!((session.asking.bytes.as_slice(), session.asking.len()), (&b"NOO"[..], 6_003));
        assert_eq!((session.answering.bytes.len(), session.answering.len()), (0, 8_014));
        let rest = session.finish();
        assert_eq!(
            rest.iter().map(|m| (m.chunk, m.span.start)).collect::<Vec<_>>(),
            [(2_001, 6_000)]
        );
    }

    /// What is told so far is told by a copy; the mail itself must not be in it.
    #[test]
    fn a_mail_that_grows_is_never_copied() {
        let mut session = Session::begin(Speaks { initiator: true, responder: true });
        let said = |side, text: &str| Chunk { side, bytes: Bytes::from(text.to_string()) };
        let begin = [
            said(Side::Responder, "220 mx ready\r\n"),
            said(Side::Initiator, "EHLO a.test\r\n"),
            said(Side::Responder, "250-mx\r\n250 PIPELINING\r\n"),
            said(Side::Initiator, "MAIL FROM:<>\r\nRCPT TO:<b@b.test>\r\nDATA\r\n"),
            said(Side::Responder, "250 OK\r\n250 OK\r\n354 go\r\n"),
        ];
        for (index, chunk) in begin.iter().enumerate() {
            session.take(index, chunk);
        }
        session.settled();
        let places =
            |session: &Session| (Rc::as_ptr(&session.server), Rc::as_ptr(&session.asking.bytes));
        let (at, mut copies) = (places(&session), 0);
        for index in 0..1_000 {
            session.take(5 + index, &said(Side::Initiator, &"line\r\n".repeat(100)));
            assert!(session.settled().is_empty());
            assert_eq!(session.clone().finish().len(), 1);
            copies += usize::from(places(&session) != at);
        }
        assert_eq!(copies, 0, "600 000 bytes in 1000 pieces");
        session.take(1_005, &said(Side::Initiator, ".\r\n"));
        assert_eq!(session.settled()[0].span.len(), 600_003);
    }
}
