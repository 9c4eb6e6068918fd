//! What is due when: a queue in the order of time, cheap to clone.

use std::rc::Rc;

use protocols::wire::Time;

/// Things that are due, the earliest first; at the same moment, in the order of being put in.
///
/// It is kept as sorted chunks that clones share until one of them changes a chunk: a whole
/// heap would have to be copied for every snapshot of the world.
#[derive(Debug)]
pub struct Queue<T> {
    /// The latest first, so that taking the earliest moves nothing. No chunk is empty.
    chunks: Vec<Rc<Vec<Due<T>>>>,
}

/// Something that is due at a moment.
#[derive(Clone, Debug)]
pub struct Due<T> {
    /// The moment.
    pub at: Time,
    /// What is due.
    pub what: T,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        Queue { chunks: self.chunks.clone() }
    }
}

impl<T: Clone> Queue<T> {
    /// Nothing is due.
    pub const fn new() -> Queue<T> {
        Queue { chunks: Vec::new() }
    }

    /// Puts something in.
    pub fn push(&mut self, at: Time, what: T) {
        let due = Due { at, what };
        // The last chunk whose first (latest) thing is due after this one; else the first chunk.
        let after = self.chunks.partition_point(|c| c.first().is_some_and(|d| d.at > at));
        let index = after.saturating_sub(1);
        let Some(chunk) = self.chunks.get_mut(index) else {
            self.chunks.push(Rc::new(vec![due]));
            return;
        };
        let chunk = Rc::make_mut(chunk);
        let place = chunk.partition_point(|other| other.at > at);
        chunk.insert(place, due);
        if chunk.len() > MOST {
            let earlier = chunk.split_off(MOST / 2);
            self.chunks.insert(index + 1, Rc::new(earlier));
        }
    }

    /// Takes what is due first.
    pub fn pop(&mut self) -> Option<Due<T>> {
        let chunk = Rc::make_mut(self.chunks.last_mut()?);
        let due = chunk.pop();
        if chunk.is_empty() {
            self.chunks.pop();
        }
        due
    }

    /// The first thing of which this is true, to change.
    pub fn find_mut(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&mut T> {
        let holds = |chunk: &Rc<Vec<Due<T>>>| chunk.iter().any(|due| wanted(&due.what));
        let index = self.chunks.iter().rposition(holds)?;
        let chunk = Rc::make_mut(self.chunks.get_mut(index)?);
        chunk.iter_mut().rev().map(|due| &mut due.what).find(|what| wanted(what))
    }

    /// Takes out the first thing of which this is true.
    pub fn take(&mut self, wanted: impl Fn(&T) -> bool) -> Option<Due<T>> {
        for index in (0..self.chunks.len()).rev() {
            let chunk = self.chunks.get_mut(index)?;
            let Some(place) = chunk.iter().rposition(|due| wanted(&due.what)) else { continue };
            let chunk = Rc::make_mut(chunk);
            let due = chunk.remove(place);
            if chunk.is_empty() {
                self.chunks.remove(index);
            }
            return Some(due);
        }
        None
    }

    /// Takes out everything of which this is true.
    pub fn clear_of(&mut self, unwanted: impl Fn(&T) -> bool) {
        for chunk in &mut self.chunks {
            if chunk.iter().any(|due| unwanted(&due.what)) {
                Rc::make_mut(chunk).retain(|due| !unwanted(&due.what));
            }
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
    }

    /// Everything that is due, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &Due<T>> {
        self.chunks.iter().rev().flat_map(|chunk| chunk.iter().rev())
    }
}

/// Things in a chunk at most: few enough to copy after a snapshot, enough that the chunks of a
/// large world are few.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_out_by_time_and_then_in_the_order_of_going_in() {
        let mut queue = Queue::new();
        let mut model: Vec<(u64, u64)> = Vec::new();
        let mut random = 12_345_u64;
        for step in 0..20_000_u64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if random >> 62 == 0 {
                let earliest = model.iter().min().copied();
                model.retain(|due| Some(*due) != earliest);
                assert_eq!(queue.pop().map(|due| (due.at.nanos(), due.what)), earliest);
            } else {
                let at = (random >> 40) % 500;
                queue.push(Time::from_nanos(at), step);
                model.push((at, step));
            }
        }
        model.sort_unstable();
        let left: Vec<_> = queue.iter().map(|due| (due.at.nanos(), due.what)).collect();
        assert_eq!(left, model);
    }

    #[test]
    fn a_clone_goes_its_own_way() {
        let mut queue = Queue::new();
        (0..1_000).for_each(|n| queue.push(Time::from_nanos(n % 97), n));
        let before: Vec<_> = queue.iter().map(|due| due.what).collect();
        let mut clone = queue.clone();
        assert_eq!(clone.take(|n| *n == 500).map(|due| due.what), Some(500));
        while clone.pop().is_some() {}
        assert_eq!(queue.iter().map(|due| due.what).collect::<Vec<_>>(), before);
    }
}
