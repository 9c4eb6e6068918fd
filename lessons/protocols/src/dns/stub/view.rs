//! What a stub resolver shows of itself.

use super::Stub;
use crate::endpoint::Table;
use crate::wire::Time;

impl Stub {
    /// What it waits for and what it remembers, the times running down.
    pub fn tables(&self, now: Time) -> Vec<Table> {
        vec![self.outstanding.table("name queries", now), self.cache.table("name cache", now)]
    }
}
