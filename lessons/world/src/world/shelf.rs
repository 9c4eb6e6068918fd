//! A long row of things of which few change between two looks: cheap to clone, copied on write.

use std::rc::Rc;

/// A row of things, shared between clones until one of them changes a thing.
///
/// A clone costs a pointer for each thing; changing one thing in a clone copies that thing. So a
/// kept world of ten thousand hosts weighs what has changed since the last one. A row of rows would
/// be cloned sooner, but worlds are kept so far apart that every row has changed in between, and it
/// would be one more place in memory to wait for in each step.
#[derive(Debug)]
pub struct Shelf<T> {
    things: Vec<Rc<T>>,
}

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Shelf<T> {
        Shelf { things: self.things.clone() }
    }
}

impl<T: Clone> Shelf<T> {
    /// How many things there are.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// The thing at this place.
    pub fn at(&self, index: usize) -> Option<&T> {
        self.things.get(index).map(Rc::as_ref)
    }

    /// Reads where the thing at this place begins, and nothing of it.
    pub fn touch(&self, index: usize) -> usize {
        self.things.get(index).map_or(0, Rc::strong_count)
    }

    /// The thing at this place, to change.
    pub fn at_mut(&mut self, index: usize) -> Option<&mut T> {
        self.things.get_mut(index).map(Rc::make_mut)
    }
}

impl<T> From<Vec<Rc<T>>> for Shelf<T> {
    fn from(things: Vec<Rc<T>>) -> Shelf<T> {
        Shelf { things }
    }
}

impl<T> FromIterator<T> for Shelf<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Shelf<T> {
        Shelf { things: things.into_iter().map(Rc::new).collect() }
    }
}

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
