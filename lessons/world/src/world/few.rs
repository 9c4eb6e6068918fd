//! A map for a few things: a row in the order of its keys.

use smallvec::SmallVec;

/// A few things by their keys, up to `N` of them without a heap. Thousands of hosts have a port and
/// an alarm or two each; a tree for each of them would weigh more than what it holds.
#[derive(Clone, Debug)]
pub struct Few<K, V, const N: usize> {
    row: SmallVec<[(K, V); N]>,
}

impl<K: Copy + Ord, V, const N: usize> Few<K, V, N> {
    /// Nothing.
    pub fn new() -> Few<K, V, N> {
        Few { row: SmallVec::new() }
    }

    /// What is under this key.
    pub fn get(&self, key: K) -> Option<&V> {
        let at = self.find(key).ok()?;
        self.row.get(at).map(|(_, value)| value)
    }

    /// Puts a thing under this key, in the place of what was there.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(key) {
            Ok(at) => self.row[at].1 = value,
            Err(at) => self.row.insert(at, (key, value)),
        }
    }

    /// Takes out what is under this key.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let at = self.find(key).ok()?;
        Some(self.row.remove(at).1)
    }

    fn find(&self, key: K) -> Result<usize, usize> {
        self.row.binary_search_by(|(other, _)| other.cmp(&key))
    }
}
