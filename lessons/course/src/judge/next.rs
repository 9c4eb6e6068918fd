//! What a side says next in a run, and whether an answer is that.

use protocols::wire::{Message, Side};
use world::compare::{Written, in_fields};

use super::{Verdict, title};
use crate::run::Run;

/// What one side of a conversation says after so many bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    /// The conversation, by index in the run's story.
    pub(super) conversation: usize,
    /// The side.
    pub(super) side: Side,
    /// How many bytes it has sent before.
    pub(super) said: usize,
}

impl Next {
    /// What it is, in a few words.
    pub(super) fn title(self, run: &Run) -> Option<String> {
        let story = run.story();
        let messages = story.conversations().get(self.conversation)?.messages();
        messages.iter().find(|message| self.is_in(message)).map(|message| message.title.clone())
    }

    /// Judges messages that might legally come here, in these bytes, by what does come.
    pub(super) fn judge(self, run: &Run, ours: &[Message], bytes: &[u8]) -> Verdict {
        let story = run.story();
        let Some(talk) = story.conversations().get(self.conversation) else {
            return Verdict::Legal { instead: String::new() };
        };
        let (messages, sent) = (talk.messages(), talk.bytes(self.side));
        let mut coming = messages.iter().filter(|message| self.is_in(message));
        let mut differences = Vec::new();
        for own in ours {
            let written = match coming.next() {
                Some(next) if next.title == own.title => {
                    Written { message: next, bytes: next.span.of(&sent) }
                }
                Some(next) => return Verdict::Legal { instead: next.title.clone() },
                None => return Verdict::Legal { instead: String::new() },
            };
            let own = Written { message: own, bytes: own.span.of(bytes) };
            differences.extend(in_fields(&WHOSE.map(str::to_string), own, written));
        }
        match differences.is_empty() {
            true => Verdict::Happens,
            false => Verdict::Alike { title: title(ours), differences },
        }
    }

    fn is_in(self, message: &Message) -> bool {
        message.side == self.side && message.span.start >= self.said
    }
}

/// What the two are called where they differ.
const WHOSE: [&str; 2] = ["your answer", "this run"];
