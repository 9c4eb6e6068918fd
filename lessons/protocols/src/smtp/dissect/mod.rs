//! A session's bytes read back into messages, by the same machine and reader that run.
//!
//! A server's machine reads what the initiator sent. What the responder said is read reply by
//! reply and handed to that machine as if it had said it: so commands become commands, and mail
//! data mail data, as the real server took them.

mod stream;

use std::rc::Rc;

use crate::wire::{self, Chunk, Message, Note, Reading, Rule, Side, Span, Speaks, Violation};

use super::codec::{MAIL_DATA, ReplyReader};
use super::machine::{CHALLENGE, Elsewhere};
use super::{Extensions, Limits, Reply, Server, ServerEvent, rules};
use crate::mime::{shown_base64, unstuff};
use crate::wire::Notes;
use stream::{Part, Stream};

/// Reads a session into its messages, in the order in which they begin: each command, each reply
/// and each mail is one.
///
/// Every byte is in exactly one message. Bytes that cannot be read, and all that follow them on
/// their side, are one message with the violation in it.
pub fn dissect(chunks: &[Chunk]) -> Vec<Message> {
    wire::dissect::<Session>(chunks)
}

/// A session as far as it has been read.
#[derive(Clone)]
pub(super) struct Session {
    /// Reads what the initiator says. Shared with the copies that say what is read so far, which
    /// seldom change it.
    server: Rc<Server>,
    asking: Stream,
    answering: Stream,
    replies: ReplyReader,
    /// How far the replies have been read.
    replies_read: usize,
    reply_broken: Option<Violation>,
    asking_broken: Option<Violation>,
    /// Whether every reply was there before what is being read was sent.
    settled: bool,
    /// Whether the last command has a fault.
    faulty: bool,
    /// Whether the responder has accepted what has a fault: then it alone knows its order.
    lenient: bool,
    /// Whether the responder says anything at all, or only half of the session is known.
    two_sided: bool,
}

impl Reading for Session {
    fn begin(speaks: Speaks) -> Session {
        Session {
            server: Rc::new(Server::new(Extensions::all(0), Limits::none()).observing()),
            asking: Stream::new(Side::Initiator),
            answering: Stream::new(Side::Responder),
            replies: ReplyReader::default(),
            replies_read: 0,
            reply_broken: None,
            asking_broken: None,
            settled: false,
            faulty: false,
            lenient: false,
            two_sided: speaks.responder,
        }
    }

    fn take(&mut self, index: usize, chunk: &Chunk) {
        match chunk.side {
            Side::Initiator => {
                self.asking.take(index, &chunk.bytes);
                self.settled =
                    self.two_sided && self.server.waiting() == 0 && !self.server.owes_reply();
                self.server().receive(&chunk.bytes);
                self.read_commands();
                self.settled = false;
            }
            Side::Responder => {
                self.answering.take(index, &chunk.bytes);
                self.read_replies();
            }
        }
        self.leave_opaque();
    }

    fn settled(&mut self) -> Vec<Message> {
        let mut messages = self.asking.settled();
        messages.extend(self.answering.settled());
        messages
    }

    fn finish(mut self) -> Vec<Message> {
        // What was sent ahead of its replies is read as if they were to let it go on.
        while self.server.waiting() > 0 && self.asking_broken.is_none() && self.server.owes_reply()
        {
            let before = self.server.waiting();
            self.assume();
            self.two_sided = false;
            self.read_commands();
            if self.server.waiting() == before {
                break;
            }
        }
        self.unfinished_asking();
        self.unfinished_answering();
        let mut messages = self.asking.messages;
        messages.extend(self.answering.messages);
        messages
    }
}

impl Session {
    fn server(&mut self) -> &mut Server {
        Rc::make_mut(&mut self.server)
    }

    /// Once TLS has begun, whatever comes is shown as that.
    fn leave_opaque(&mut self) {
        if self.server.is_opaque() {
            self.asking.push_opaque();
            self.answering.push_opaque();
            self.replies_read = self.answering.len();
        }
    }

    fn read_commands(&mut self) {
        while self.asking_broken.is_none() {
            if !self.two_sided && self.server.owes_reply() {
                self.assume();
            }
            match self.server().next_event() {
                Ok(Some(event)) => {
                    self.write_down(&event);
                    // What follows was sent in a group, before the reply to this one.
                    self.settled = false;
                }
                Ok(None) => return,
                Err(violation) => self.asking_broken = Some(violation),
            }
        }
    }

    /// A reply that lets the reading go on, where the real one is not known (yet).
    fn assume(&mut self) {
        let code = self.server.likely_reply();
        let _ = self.server().send(&Reply::new(code, "assumed"));
    }

    fn read_replies(&mut self) {
        while self.reply_broken.is_none() && !self.server.is_opaque() {
            let bytes = self.answering.from(self.replies_read);
            let mut notes = Notes::on();
            match self.replies.clone().read(bytes, &Limits::none(), &mut notes) {
                Ok(None) => return,
                Ok(Some(whole)) => {
                    let span = Span::new(0, whole.len).shifted(self.replies_read);
                    self.replies_read = span.end;
                    self.reply(span, &whole.reply, notes.take());
                    self.read_commands();
                }
                Err(mut violation) => {
                    violation.span = violation.span.shifted(self.replies_read);
                    self.reply_broken = Some(violation);
                }
            }
        }
    }

    fn reply(&mut self, span: Span, reply: &Reply, mut notes: Vec<Note>) {
        if reply.code == CHALLENGE {
            for note in notes.iter_mut().filter(|note| note.name == "text") {
                note.rule = Some(&rules::AUTH_EXCHANGE);
                note.value = shown_base64(note.value.as_bytes());
            }
        }
        let first = reply.lines.first().map(String::as_str).unwrap_or_default();
        let title = format!("{} {first}", reply.code);
        let detail = match reply.lines.len() {
            1 => String::new(),
            lines => format!("{lines} lines"),
        };
        self.answering.push(Part { span, title, detail, notes, complete: true, fault: None });
        self.lenient |= self.faulty && reply.is_positive();
        // A reply to nothing moves nothing.
        let _ = self.server().send(reply);
    }

    fn write_down(&mut self, event: &ServerEvent) {
        let span = Span::new(self.server.message_start(), self.server.consumed());
        let notes = self.server().take_notes();
        let fault = match event {
            ServerEvent::Faulty(violation) => Some(violation.clone()),
            // Out of order is only what was said when the client could know where it was.
            ServerEvent::Command(_) => {
                let (settled, lenient) = (self.settled, self.lenient);
                self.server().take_misplaced().filter(|_| settled && !lenient)
            }
            ServerEvent::Mail(_) | ServerEvent::Elsewhere(_) => None,
            ServerEvent::Closed => return,
        };
        let is_mail = notes.iter().any(|note| note.name == "end of mail data");
        self.faulty = fault.is_some();
        let mut notes = filled(notes, span.len(), "not read", &rules::BROKEN);
        if is_mail {
            notes = opened(notes, self.asking.of(span));
        }
        let (title, detail) = match (event, is_mail) {
            (ServerEvent::Command(command), _) => (command.to_string(), String::new()),
            (ServerEvent::Elsewhere(Elsewhere::AuthResponse), _) => {
                ("AUTH response".into(), self.asking.text(span))
            }
            (_, true) => (mail_title(&notes), format!("{} B", span.len())),
            (_, false) => (self.asking.text(span), String::new()),
        };
        let detail = match &fault {
            Some(fault) => format!("against {}", fault.rule.source),
            None => detail,
        };
        self.asking.push(Part { span, title, detail, notes, complete: true, fault });
    }

    fn unfinished_asking(&mut self) {
        let read = self.asking.read();
        let span = Span::new(read, self.asking.len());
        if span.is_empty() {
            return;
        }
        let fault = self.asking_broken.take();
        let (title, name, rule): (String, &'static str, &'static Rule) = match &fault {
            Some(_) => ("not SMTP".into(), "not read", &rules::BROKEN),
            None if self.server.is_reading_mail() => {
                ("beginning of a mail".into(), "incomplete", &rules::CONTENT)
            }
            None if self.server.is_opaque() => ("TLS".into(), "encrypted", &rules::STARTTLS),
            None if self.server.must_close() => {
                ("bytes after the end".into(), "not read", &rules::QUIT)
            }
            None => ("beginning of a command".into(), "incomplete", &rules::LINES),
        };
        let notes = filled(Vec::new(), span.len(), name, rule);
        let detail = detail_of(fault.as_ref(), span);
        self.asking.push(Part { span, title, detail, notes, complete: false, fault });
    }

    fn unfinished_answering(&mut self) {
        let span = Span::new(self.replies_read, self.answering.len());
        if span.is_empty() {
            return;
        }
        let fault = self.reply_broken.take();
        let (title, name, rule): (&str, &'static str, &'static Rule) = match &fault {
            Some(_) => ("not SMTP", "not read", &rules::BROKEN),
            None => ("beginning of a reply", "incomplete", &rules::LINES),
        };
        let notes = filled(Vec::new(), span.len(), name, rule);
        let detail = detail_of(fault.as_ref(), span);
        let title = title.to_string();
        self.answering.push(Part { span, title, detail, notes, complete: false, fault });
    }
}

fn detail_of(fault: Option<&Violation>, span: Span) -> String {
    match fault {
        Some(fault) => format!("against {}", fault.rule.source),
        None => format!("{} B so far", span.len()),
    }
}

/// The notes of a mail, with what its lines are nested in the note of them, where it was sent.
fn opened(notes: Vec<Note>, sent: &[u8]) -> Vec<Note> {
    let mut all = Notes::on();
    for Note { span, name, value, depth, rule } in notes {
        let is_data = name == MAIL_DATA;
        all.note(depth, span, name, rule, || value);
        if is_data {
            unstuff(span.of(sent)).note_mail(span.start, 1, &rules::TRANSPARENCY, &mut all);
        }
    }
    all.take()
}

/// `mail: SUBJECT`, from the notes of its header.
fn mail_title(notes: &[Note]) -> String {
    let own = notes.iter().filter(|note| note.depth == 1);
    let subject = own.into_iter().find(|note| note.name.eq_ignore_ascii_case("Subject"));
    let text = subject.map(|note| note.value.as_str()).unwrap_or_default();
    match text.is_empty() {
        true => "mail".into(),
        false => format!("mail: {}", text.chars().take(TITLE_MAX).collect::<String>()),
    }
}

/// The notes with one more for the bytes that they do not reach.
fn filled(mut notes: Vec<Note>, len: usize, name: &'static str, rule: &'static Rule) -> Vec<Note> {
    let read = notes.iter().map(|note| note.span.end).max().unwrap_or(0);
    if read < len {
        let (span, value) = (Span::new(read, len), String::new());
        notes.push(Note { span, name: name.into(), value, depth: 0, rule: Some(rule) });
    }
    notes
}

/// As much of a subject as a title can hold.
const TITLE_MAX: usize = 60;
