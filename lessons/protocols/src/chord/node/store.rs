//! The keys that a node holds, its own and copies of others'.

use bytes::Bytes;

use crate::chord::Item;
use crate::overlay::Key;

/// Keys and values, sorted by key.
#[derive(Clone, Default, Debug)]
pub(super) struct Store {
    items: Vec<Item>,
}

impl Store {
    /// How many keys are held.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Everything that is held, in the order of the keys.
    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// What is held under a key.
    pub(super) fn item(&self, key: Key) -> Option<&Item> {
        self.items.get(self.place(key).ok()?)
    }

    /// Stores a new value; its version, or none where there is no room.
    pub(super) fn put(&mut self, key: Key, value: &[u8]) -> Option<u32> {
        let version = self.item(key).map_or(0, |item| item.version).saturating_add(1);
        let value = Bytes::copy_from_slice(value);
        self.insert(Item { key, version, value }).then_some(version)
    }

    /// Takes a copy if it is newer than what is held; none where there is no room.
    pub(super) fn take(&mut self, item: &Item) -> Option<bool> {
        if self.item(item.key).is_some_and(|held| held.version >= item.version) {
            return Some(false);
        }
        let value = Bytes::copy_from_slice(&item.value);
        self.insert(Item { value, ..item.clone() }).then_some(true)
    }

    /// Forgets a key.
    pub(super) fn remove(&mut self, key: Key) {
        if let Ok(at) = self.place(key) {
            self.items.remove(at);
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.items = Vec::new();
    }

    fn insert(&mut self, item: Item) -> bool {
        match self.place(item.key) {
            Ok(at) => {
                if let Some(held) = self.items.get_mut(at) {
                    *held = item;
                }
                true
            }
            Err(at) if self.items.len() < MAX_KEYS => {
                self.items.insert(at, item);
                true
            }
            Err(_) => false,
        }
    }

    fn place(&self, key: Key) -> Result<usize, usize> {
        self.items.binary_search_by(|item| item.key.cmp(&key))
    }
}

/// How many keys a node holds at most: with values of the largest size that is 35 MB.
const MAX_KEYS: usize = 65_536;
