//! Content while it comes in.

use bytes::Bytes;

/// Content in the pieces in which it came. A copy shares them: worlds are kept by the hundred
/// while pages arrive, and none of them may pay for the bytes again.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Bytes>,
    len: usize,
}

impl Pieces {
    /// Adds what came next.
    pub(super) fn push(&mut self, piece: Bytes) {
        self.len += piece.len();
        self.pieces.push(piece);
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Forgets all of it.
    pub(super) fn clear(&mut self) {
        *self = Pieces::default();
    }

    /// All of it in one run; a single piece is not copied.
    pub(super) fn join(mut self) -> Bytes {
        match self.pieces.len() {
            1 => self.pieces.pop().unwrap_or_default(),
            _ => self.pieces.concat().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_in_the_order_of_coming_and_one_piece_is_not_copied() {
        let mut content = Pieces::default();
        let first = Bytes::from_static(b"first");
        content.push(first.clone());
        assert_eq!(content.clone().join().as_ptr(), first.as_ptr());
        content.push(Bytes::from_static(b", second"));
        assert_eq!(content.len(), 13);
        assert_eq!(content.clone().join(), &b"first, second"[..]);
        content.clear();
        assert_eq!(content.join(), Bytes::new());
    }
}
