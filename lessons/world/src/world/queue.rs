//! What is due when: a queue in the order of time, cheap to clone.

use std::rc::Rc;

use protocols::wire::Time;
use smallvec::SmallVec;

/// Things that are due, the earliest first.
///
/// It is kept as sorted chunks that clones share until one of them changes a chunk: a whole
/// heap would have to be copied for every snapshot of the world.
#[derive(Debug)]
pub struct Queue<T> {
    /// The latest first, so that taking the earliest moves nothing. No chunk is empty.
    chunks: Vec<Chunk<T>>,
}

/// When something is due: at a moment, and of what is due at the same moment, in its turn. A turn
/// is given only once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct When {
    /// The moment.
    pub at: Time,
    /// How many things had been put into the world's queues before.
    pub turn: u64,
}

/// Something that is due at a moment.
#[derive(Clone, Debug)]
pub struct Due<T> {
    /// The moment.
    pub when: When,
    /// What is due.
    pub what: T,
}

/// Neighbours in the queue.
#[derive(Debug)]
struct Chunk<T> {
    /// Nothing here is due after this, and all that the chunk before it holds is. It stands beside
    /// the pointer, so that a search for a chunk reads none of them.
    until: When,
    dues: Rc<Dues<T>>,
}

/// What a chunk holds, without a list of its own that would have to be looked up first.
type Dues<T> = SmallVec<[Due<T>; MOST]>;

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        Queue { chunks: self.chunks.clone() }
    }
}

impl<T> Clone for Chunk<T> {
    fn clone(&self) -> Chunk<T> {
        Chunk { until: self.until, dues: Rc::clone(&self.dues) }
    }
}

impl<T: Clone> Queue<T> {
    /// Nothing is due.
    pub const fn new() -> Queue<T> {
        Queue { chunks: Vec::new() }
    }

    /// Puts something in.
    pub fn push(&mut self, when: When, what: T) {
        // The last chunk that reaches further than this; else the first.
        let index = self.chunks.partition_point(|c| c.until > when).saturating_sub(1);
        let Some(chunk) = self.chunks.get_mut(index) else {
            let mut dues = Dues::new();
            dues.push(Due { when, what });
            self.chunks.push(Chunk { until: when, dues: Rc::new(dues) });
            return;
        };
        chunk.until = chunk.until.max(when);
        let dues = Rc::make_mut(&mut chunk.dues);
        let place = dues.partition_point(|other| other.when > when);
        dues.insert(place, Due { when, what });
        if dues.len() >= MOST {
            let earlier: Dues<T> = dues.drain(MOST / 2..).collect();
            if let Some(until) = earlier.first().map(|due| due.when) {
                self.chunks.insert(index + 1, Chunk { until, dues: Rc::new(earlier) });
            }
        }
    }

    /// When the first thing is due.
    pub fn first(&self) -> Option<When> {
        self.chunks.last()?.dues.last().map(|due| due.when)
    }

    /// Takes what is due first.
    pub fn pop(&mut self) -> Option<Due<T>> {
        let dues = Rc::make_mut(&mut self.chunks.last_mut()?.dues);
        let due = dues.pop();
        if dues.is_empty() {
            self.chunks.pop();
        }
        due
    }

    /// Reads a little of where something that is due at this moment stands, or would.
    pub fn touch(&self, when: When) -> usize {
        let index = self.chunks.partition_point(|c| c.until >= when).saturating_sub(1);
        let dues = self.chunks.get(index).map(|chunk| &chunk.dues);
        let middle = dues.and_then(|dues| dues.get(dues.len() / 2));
        middle.map_or(0, |due| due.when.turn as usize)
    }

    /// Takes out what is due at this moment in this turn.
    pub fn remove(&mut self, when: When) -> Option<Due<T>> {
        let index = self.chunks.partition_point(|c| c.until >= when).checked_sub(1)?;
        let chunk = self.chunks.get_mut(index)?;
        let place = chunk.dues.binary_search_by(|due| when.cmp(&due.when)).ok()?;
        let dues = Rc::make_mut(&mut chunk.dues);
        let due = dues.remove(place);
        if dues.is_empty() {
            self.chunks.remove(index);
        }
        Some(due)
    }

    /// The first thing of which this is true, to change.
    pub fn find_mut(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&mut T> {
        let holds = |chunk: &Chunk<T>| chunk.dues.iter().any(|due| wanted(&due.what));
        let index = self.chunks.iter().rposition(holds)?;
        let dues = Rc::make_mut(&mut self.chunks.get_mut(index)?.dues);
        dues.iter_mut().rev().map(|due| &mut due.what).find(|what| wanted(what))
    }

    /// Takes out the first thing of which this is true.
    pub fn take(&mut self, wanted: impl Fn(&T) -> bool) -> Option<Due<T>> {
        let when = self.iter().find(|due| wanted(&due.what))?.when;
        self.remove(when)
    }

    /// Takes out everything of which this is true.
    pub fn clear_of(&mut self, unwanted: impl Fn(&T) -> bool) {
        for chunk in &mut self.chunks {
            if chunk.dues.iter().any(|due| unwanted(&due.what)) {
                Rc::make_mut(&mut chunk.dues).retain(|due| !unwanted(&due.what));
            }
        }
        self.chunks.retain(|chunk| !chunk.dues.is_empty());
    }

    /// Everything that is due, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &Due<T>> {
        self.chunks.iter().rev().flat_map(|chunk| chunk.dues.iter().rev())
    }
}

/// Things in a chunk at most: few enough to copy after a snapshot, enough that the chunks of a
/// large world are few.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn when(at: u64, turn: u64) -> When {
        When { at: Time::from_nanos(at), turn }
    }

    #[test]
    fn things_come_out_by_time_and_then_in_the_order_of_going_in() {
        let mut queue = Queue::new();
        let mut model: Vec<(u64, u64)> = Vec::new();
        let mut random = 12_345_u64;
        for step in 0..20_000_u64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let earliest = model.iter().min().copied();
            assert_eq!(queue.first(), earliest.map(|(at, turn)| when(at, turn)));
            match random >> 61 {
                0 | 1 => {
                    model.retain(|due| Some(*due) != earliest);
                    let popped = queue.pop().map(|due| (due.when.at.nanos(), due.what));
                    assert_eq!(popped, earliest);
                }
                2 if !model.is_empty() => {
                    let (at, turn) = model.swap_remove((random >> 32) as usize % model.len());
                    assert_eq!(queue.remove(when(at, turn)).map(|due| due.what), Some(turn));
                    assert!(queue.remove(when(at, turn)).is_none());
                }
                _ => {
                    let at = (random >> 40) % 500;
                    queue.push(when(at, step), step);
                    model.push((at, step));
                }
            }
        }
        model.sort_unstable();
        let left: Vec<_> = queue.iter().map(|due| (due.when.at.nanos(), due.what)).collect();
        assert_eq!(left, model);
    }

    #[test]
    fn a_clone_goes_its_own_way() {
        let mut queue = Queue::new();
        (0..1_000).for_each(|n| queue.push(when(n % 97, n), n));
        let before: Vec<_> = queue.iter().map(|due| due.what).collect();
        let mut clone = queue.clone();
        assert_eq!(clone.take(|n| *n == 500).map(|due| due.what), Some(500));
        while clone.pop().is_some() {}
        assert_eq!(queue.iter().map(|due| due.what).collect::<Vec<_>>(), before);
    }
}
