//! Messages on a stream: each behind its length (RFC 7766 section 8).

use bytes::{Buf, Bytes, BytesMut};

use super::MAX_MESSAGE;

/// The bytes of a stream that have come, and the messages in them.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    waiting: BytesMut,
}

impl Frames {
    /// Takes bytes, cut anywhere.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// The next whole message without its length; none until all of it has come.
    pub fn next_frame(&mut self) -> Option<Bytes> {
        let len = match self.waiting.get(..LENGTH_LEN)? {
            [high, low] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => return None,
        };
        if self.waiting.len() < LENGTH_LEN + len {
            return None;
        }
        self.waiting.advance(LENGTH_LEN);
        Some(self.waiting.split_to(len).freeze())
    }

    /// How many bytes wait for the rest of their message.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// A message as it stands on a stream, behind its length. One of more than 65535 bytes cannot
/// be: its length is then that of its first 65535, and the rest is left out.
pub fn frame(message: &[u8]) -> Bytes {
    let message = message.get(..MAX_MESSAGE).unwrap_or(message);
    let mut framed = Vec::with_capacity(LENGTH_LEN + message.len());
    // It has just been made to fit.
    framed.extend_from_slice(&(message.len() as u16).to_be_bytes());
    framed.extend_from_slice(message);
    framed.into()
}

/// The bytes of the length.
pub(crate) const LENGTH_LEN: usize = 2;
