//! A long row of things of which few change between two looks: cheap to clone, copied on write.

use std::rc::Rc;

/// A row of things, shared between clones until one of them changes a thing.
///
/// A clone costs a pointer for every [`CHUNK`] things; changing one thing in a clone copies the
/// pointers of its chunk and that thing. So a snapshot of ten thousand hosts weighs what has
/// changed since the last one.
#[derive(Debug)]
pub struct Shelf<T> {
    chunks: Vec<Rc<[Rc<T>]>>,
}

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Shelf<T> {
        Shelf { chunks: self.chunks.clone() }
    }
}

impl<T: Clone> Shelf<T> {
    /// How many things there are.
    pub fn len(&self) -> usize {
        match self.chunks.split_last() {
            Some((last, full)) => full.len() * CHUNK + last.len(),
            None => 0,
        }
    }

    /// The thing at this place.
    pub fn at(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK).map(Rc::as_ref)
    }

    /// The thing at this place, to change.
    pub fn at_mut(&mut self, index: usize) -> Option<&mut T> {
        let chunk = Rc::make_mut(self.chunks.get_mut(index / CHUNK)?);
        chunk.get_mut(index % CHUNK).map(Rc::make_mut)
    }
}

impl<T> FromIterator<T> for Shelf<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Shelf<T> {
        let things: Vec<Rc<T>> = things.into_iter().map(Rc::new).collect();
        Shelf { chunks: things.chunks(CHUNK).map(Rc::from).collect() }
    }
}

/// Things in a chunk: near the square root of the ten thousand hosts of the largest stage, where
/// the pointers copied by a clone and those copied by a change are as many.
const CHUNK: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_a_clone_is_not_seen_in_the_original() {
        let shelf: Shelf<usize> = (0..1_000).collect();
        let mut clone = shelf.clone();
        *clone.at_mut(777).unwrap() = 7;
        assert_eq!((shelf.at(777), clone.at(777), shelf.len()), (Some(&777), Some(&7), 1_000));
        assert_eq!((shelf.at(1_000), clone.at_mut(1_000)), (None, None));
    }

    #[test]
    fn a_change_in_a_clone_copies_one_thing_and_shares_the_rest() {
        let shelf: Shelf<usize> = (0..1_000).collect();
        let mut clone = shelf.clone();
        *clone.at_mut(0).unwrap() += 1;
        let shared =
            (1..1_000).filter(|n| core::ptr::eq(shelf.at(*n).unwrap(), clone.at(*n).unwrap()));
        assert_eq!(shared.count(), 999);
    }
}
