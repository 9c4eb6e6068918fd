//! A list that grows at its end and is cheap to copy: copies share all but the part that changes.
//!
//! The page's state is a value that is copied at every step; a run of a hundred thousand entries
//! must not be copied with it.

use std::rc::Rc;

/// A list in shared parts of the same length.
#[derive(Clone, PartialEq, Debug)]
pub struct Tape<T> {
    /// Every part is full but the last.
    parts: Vec<Rc<Vec<T>>>,
}

impl<T> Default for Tape<T> {
    fn default() -> Tape<T> {
        Tape { parts: Vec::new() }
    }
}

impl<T> Tape<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        let last = self.parts.last().map_or(0, |part| part.len());
        self.parts.len().saturating_sub(1) * PART + last
    }

    /// The item at an index.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.parts.get(at / PART)?.get(at % PART)
    }

    /// The items in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    /// The items from an index to before another, each with its index.
    pub fn range(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = (usize, &T)> {
        (from..to.min(self.len())).filter_map(|at| Some((at, self.get(at)?)))
    }

    /// The first index at which the test fails, if the items that pass it come first.
    pub fn partition_point(&self, passes: impl Fn(&T) -> bool) -> usize {
        let part = self.parts.partition_point(|part| part.last().is_some_and(&passes));
        match self.parts.get(part) {
            Some(items) => part * PART + items.partition_point(&passes),
            None => self.len(),
        }
    }
}

impl<T: Clone> Tape<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        match self.parts.last_mut() {
            Some(part) if part.len() < PART => Rc::make_mut(part).push(item),
            Some(_) | None => self.parts.push(Rc::new(vec![item])),
        }
    }

    /// The item at an index, to be changed.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        Rc::make_mut(self.parts.get_mut(at / PART)?).get_mut(at % PART)
    }

    /// Keeps the first so many items.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        self.parts.truncate(len.div_ceil(PART));
        if let Some(part) = self.parts.last_mut().filter(|_| !len.is_multiple_of(PART)) {
            Rc::make_mut(part).truncate(len % PART);
        }
    }
}

/// So many items are copied at most when one is changed.
const PART: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn tape(len: usize) -> Tape<usize> {
        let mut tape = Tape::default();
        (0..len).for_each(|item| tape.push(item));
        tape
    }

    #[test]
    fn it_holds_what_a_vector_would() {
        for len in [0, 1, PART - 1, PART, PART + 1, 3 * PART, 1000] {
            let tape = tape(len);
            assert_eq!(tape.len(), len);
            assert!(tape.iter().copied().eq(0..len));
            for cut in [0, 1, PART, PART + 7, len] {
                let mut short = tape.clone();
                short.truncate(cut);
                assert!(short.iter().copied().eq(0..cut.min(len)), "{len} cut to {cut}");
                assert_eq!(tape.partition_point(|item| *item < cut), cut.min(len));
            }
        }
    }

    #[test]
    fn a_copy_shares_all_but_the_part_that_changes() {
        let old = tape(10 * PART + 3);
        let mut new = old.clone();
        new.push(7);
        *new.get_mut(PART).expect("it is there") = 9;
        let shared = old.parts.iter().zip(&new.parts).filter(|(a, b)| Rc::ptr_eq(a, b)).count();
        assert_eq!((shared, old.parts.len()), (9, 11));
        assert_eq!(old.get(PART), Some(&PART));
    }
}
