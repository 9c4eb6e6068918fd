//! Which chunk a byte of a stream came in.

use std::rc::Rc;

/// Where each chunk of one side begins in its stream. Copies share it until one of them changes.
#[derive(Clone, Default)]
pub(crate) struct Starts {
    /// In the order of the stream.
    starts: Rc<Vec<Start>>,
}

/// Where a chunk begins.
#[derive(Clone)]
struct Start {
    at: usize,
    chunk: usize,
}

impl Starts {
    /// The stream goes on at this byte with the chunk of this index in the conversation.
    pub(crate) fn push(&mut self, at: usize, chunk: usize) {
        Rc::make_mut(&mut self.starts).push(Start { at, chunk });
    }

    /// The index of the chunk that a byte came in.
    pub(crate) fn chunk(&self, byte: usize) -> usize {
        let after = self.after(byte);
        self.starts.get(after.saturating_sub(1)).map_or(0, |start| start.chunk)
    }

    /// Nobody will ask of bytes before this one any more.
    pub(crate) fn forget_before(&mut self, byte: usize) {
        let after = self.after(byte);
        if after > 1 {
            Rc::make_mut(&mut self.starts).drain(..after - 1);
        }
    }

    /// How many chunks begin at a byte or before it.
    fn after(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| start.at <= byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_in_the_last_chunk_that_begins_before_it_also_when_earlier_ones_are_forgotten() {
        let mut starts = Starts::default();
        for (at, chunk) in [(0, 2), (10, 5), (10, 6), (25, 7)] {
            starts.push(at, chunk);
        }
        assert_eq!([0, 9, 10, 24, 25, 99].map(|byte| starts.chunk(byte)), [2, 2, 6, 6, 7, 7]);
        starts.forget_before(24);
        assert_eq!(starts.starts.len(), 2);
        assert_eq!([10, 24, 25].map(|byte| starts.chunk(byte)), [6, 6, 7]);
    }
}
