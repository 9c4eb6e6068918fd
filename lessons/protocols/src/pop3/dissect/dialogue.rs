//! Dialogues of extensions that we do not offer, as they stand in recorded conversations: AUTH
//! (RFC 5034) and STLS (RFC 2595).

use crate::mime::shown_base64;
use crate::pop3::rules::elsewhere as rules;
use crate::wire::Note;

/// Where such a dialogue is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialogue {
    /// A part of an AUTH exchange has no reply; so many responses of the client are expected, as
    /// far as its mechanism is known.
    Auth { expected: u8 },
    /// The server has sent a challenge: the next line is no command.
    Challenged { expected: u8 },
    /// STLS has no reply.
    StartTls,
    /// What follows is TLS, in both directions, to the end.
    Tls,
}

impl Dialogue {
    /// What the command with these notes begins; names its arguments. None where it is another.
    pub(super) fn begun_by(notes: &mut [Note]) -> Option<Dialogue> {
        let keyword = notes.iter().find(|note| note.name == "keyword")?.value.clone();
        let (begun, rule) = match keyword.as_str() {
            "AUTH" => (Dialogue::Auth { expected: 1 }, &rules::AUTH),
            "STLS" => (Dialogue::StartTls, &rules::STLS),
            _ => return None,
        };
        let (mut responses, mut given) = (1, 0);
        let words = notes.iter_mut().filter(|note| matches!(&*note.name, "keyword" | "argument"));
        for (index, note) in words.enumerate() {
            note.rule = Some(rule);
            match index {
                1 => {
                    note.name = "mechanism".into();
                    responses = if note.value.eq_ignore_ascii_case("LOGIN") { 2 } else { 1 };
                }
                2 => {
                    (note.name, note.rule) =
                        ("initial response".into(), Some(&rules::AUTH_EXCHANGE));
                    note.value = shown_base64(note.value.as_bytes());
                    given = 1;
                }
                _ => {}
            }
        }
        match begun {
            Dialogue::Auth { .. } => Some(Dialogue::Auth { expected: responses - given }),
            Dialogue::Challenged { .. } | Dialogue::StartTls | Dialogue::Tls => Some(begun),
        }
    }
}
