//! Keeping keys: at their owner, copied to the nodes after it, and moved when the owner changes.

use super::Node;
use super::command::Event;
use super::lookup::Purpose;
use super::pending::{Moving, Need, Peer};
use crate::chord::codec::HEADER_LEN;
use crate::chord::{Body, Contact, Fault, Item, MAX_DATAGRAM, MAX_ITEMS, rules};
use crate::endpoint::Context;
use crate::overlay::Key;

impl Node {
    /// Whether a key is our own to look after: it lies behind the last predecessor that we knew.
    pub(super) fn is_ours(&self, key: Key) -> bool {
        let own = self.tables.own().id;
        self.owned_after.is_none_or(|after| key.is_after_up_to(after, own))
    }

    /// Somebody wants a value stored here.
    pub(super) fn asked_to_store(
        &mut self,
        key: Key,
        value: &[u8],
        cx: &mut Context<'_, Self>,
    ) -> Body {
        if let Some(contact) = self.better_owner(key) {
            cx.cite(&rules::OWNER_ANSWERS);
            return Body::Closer { contact };
        }
        match self.keep(key, value, cx) {
            Some(version) => Body::Stored { version },
            None => Body::Failed(Fault::Full),
        }
    }

    /// Somebody wants to know what is stored here.
    pub(super) fn asked_for(&mut self, key: Key, cx: &mut Context<'_, Self>) -> Body {
        cx.cite(&rules::OWNER_ANSWERS);
        match (self.store.item(key), self.better_owner(key)) {
            (Some(Item { version, value, .. }), _) => {
                Body::Value { version: *version, value: value.clone() }
            }
            (None, Some(contact)) => Body::Closer { contact },
            (None, None) => Body::Missing,
        }
    }

    /// The predecessor, where it is known and the key is not our own.
    fn better_owner(&self, key: Key) -> Option<Contact> {
        self.tables.predecessor().filter(|_| !self.tables.owns(key))
    }

    /// Stores a value as its owner, and has copies made; its version, or none without room.
    pub(super) fn keep(
        &mut self,
        key: Key,
        value: &[u8],
        cx: &mut Context<'_, Self>,
    ) -> Option<u32> {
        let Some(version) = self.store.put(key, value) else {
            cx.cite(&rules::NO_ROOM);
            return None;
        };
        cx.cite(&rules::OWNER_STORES);
        for holder in self.holders() {
            cx.cite(&rules::REPLICAS);
            self.give(holder, vec![key], false, cx);
        }
        Some(version)
    }

    /// Somebody gives us keys.
    pub(super) fn given(&mut self, items: &[Item], cx: &mut Context<'_, Self>) -> Body {
        cx.cite(&rules::GIVEN);
        for item in items {
            match self.store.take(item) {
                Some(true) if self.is_ours(item.key) => self.copied.clear(),
                Some(_) => {}
                None => {
                    cx.cite(&rules::NO_ROOM);
                    return Body::Failed(Fault::Full);
                }
            }
        }
        Body::Received
    }

    /// Gives a new predecessor the keys that are its own from now on.
    pub(super) fn hand_over(&mut self, to: Contact, cx: &mut Context<'_, Self>) {
        let own = self.tables.own().id;
        let moves = |key: &Key| self.is_ours(*key) && !key.is_after_up_to(to.id, own);
        let keys: Vec<Key> = self.store.items().iter().map(|i| i.key).filter(moves).collect();
        self.range_grows();
        if !keys.is_empty() {
            cx.cite(&rules::HAND_OVER);
            cx.emit(Event::Moved { count: keys.len(), to });
            self.give(to, keys, self.config.replicas <= 1, cx);
        }
    }

    /// The predecessor is another one: what is ours begins elsewhere, and may need copies.
    pub(super) fn range_grows(&mut self) {
        if let Some(before) = self.tables.predecessor() {
            self.owned_after = Some(before.id);
            self.copied.clear();
        }
    }

    /// Sees to it that the nodes after us have copies of our keys.
    pub(super) fn replicate(&mut self, cx: &mut Context<'_, Self>) {
        let holders = self.holders();
        self.copied.retain(|id| holders.iter().any(|holder| holder.id == *id));
        if self.store.len() == 0 {
            return;
        }
        let ours = |key: &Key| self.is_ours(*key);
        let keys: Vec<Key> = self.store.items().iter().map(|i| i.key).filter(ours).collect();
        for holder in holders {
            if !keys.is_empty() && !self.copied.contains(&holder.id) {
                cx.cite(&rules::REPLICAS);
                self.copied.push(holder.id);
                self.give(holder, keys.clone(), false, cx);
            }
        }
    }

    /// The nodes after us that should hold copies.
    fn holders(&self) -> Vec<Contact> {
        let copies = usize::from(self.config.replicas.saturating_sub(1));
        self.tables.successors().iter().take(copies).copied().collect()
    }

    /// Begins to give keys to another node.
    pub(super) fn give(
        &mut self,
        to: Contact,
        keys: Vec<Key>,
        forgets: bool,
        cx: &mut Context<'_, Self>,
    ) {
        if !keys.is_empty() {
            self.give_next(to.into(), Moving { keys, under_way: 0, forgets }, cx);
        }
    }

    /// Some keys have come to another node; the next ones follow.
    pub(super) fn taken(&mut self, to: Peer, mut moving: Moving, cx: &mut Context<'_, Self>) {
        let there: Vec<Key> =
            moving.keys.drain(..moving.under_way.min(moving.keys.len())).collect();
        if moving.forgets {
            for key in there.into_iter().filter(|key| !self.tables.owns(*key)) {
                self.store.remove(key);
            }
        }
        match moving.keys.is_empty() {
            true => self.perhaps_left(cx),
            false => self.give_next(to, moving, cx),
        }
    }

    fn give_next(&mut self, to: Peer, moving: Moving, cx: &mut Context<'_, Self>) {
        self.ask(to, Need::Transfer(Box::new(moving)), cx);
    }

    /// As many of these keys as fit into one datagram, and how many of them that is, those that
    /// are held no longer counted too.
    pub(super) fn items_of(&self, keys: &[Key]) -> (Vec<Item>, usize) {
        let (mut items, mut size) = (Vec::new(), HEADER_LEN + 1);
        for (count, key) in keys.iter().enumerate() {
            let Some(item) = self.store.item(*key) else { continue };
            size += ITEM_LEN + item.value.len();
            if size > MAX_DATAGRAM || items.len() == MAX_ITEMS {
                return (items, count);
            }
            items.push(item.clone());
        }
        (items, keys.len())
    }

    /// Looks up the owner of one of the keys that we hold for others.
    pub(super) fn bring_home(&mut self, cx: &mut Context<'_, Self>) {
        let is_under_way = self.jobs.iter().any(|job| job.purpose == Purpose::Home);
        let Some(key) = self.next_stray(self.brought_home).filter(|_| !is_under_way) else {
            return;
        };
        self.brought_home = key;
        cx.cite(&rules::BRING_HOME);
        self.begin(Purpose::Home, key, cx);
    }
}

/// The bytes of an item beside its value: key, version and length.
const ITEM_LEN: usize = Key::BYTES + 4 + 2;
