//! The peers that a node keeps for others (BEP 5, "announce_peer").

use core::net::SocketAddrV4;

use super::table::seconds;
use crate::overlay::Key;
use crate::wire::Time;

/// Peers by torrent, each until its time is over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Store {
    /// Sorted by infohash, then by address.
    peers: Vec<Stored>,
    torrents: u32,
}

/// A peer that has announced itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stored {
    /// The infohash of its torrent.
    pub info_hash: Key,
    /// Where it takes connections.
    pub peer: SocketAddrV4,
    /// Until when it is kept, in seconds since the Unix epoch.
    pub until_s: u32,
}

/// There is no room for another peer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full;

impl Store {
    /// Keeps a peer for half an hour from now.
    ///
    /// # Errors
    /// There are as many peers as are kept at the most, of this torrent or altogether.
    pub fn put(&mut self, info_hash: Key, peer: SocketAddrV4, now: Time) -> Result<(), Full> {
        let until_s = seconds(now).saturating_add(KEEP_S);
        let stored = Stored { info_hash, peer, until_s };
        match self.place(info_hash, peer) {
            Ok(at) => {
                if let Some(known) = self.peers.get_mut(at) {
                    known.until_s = until_s;
                }
                Ok(())
            }
            Err(_) => {
                self.forget_old(now);
                let of_torrent = self.of(info_hash).count();
                if self.peers.len() >= MAX_PEERS || of_torrent >= MAX_PEERS_OF_TORRENT {
                    return Err(Full);
                }
                let at = self.place(info_hash, peer).unwrap_or_else(|at| at);
                self.peers.insert(at, stored);
                self.torrents += u32::from(of_torrent == 0);
                Ok(())
            }
        }
    }

    /// Peers of a torrent, as many as a datagram should carry; where there are more, which of
    /// them is by chance.
    pub fn peers(&self, info_hash: Key, now: Time, random: u64) -> Vec<SocketAddrV4> {
        let alive = |stored: &&Stored| stored.until_s > seconds(now);
        let all: Vec<SocketAddrV4> =
            self.of(info_hash).filter(alive).map(|stored| stored.peer).collect();
        let turn = usize::try_from(random % all.len().max(1) as u64).unwrap_or(0);
        all.iter().cycle().skip(turn).take(all.len().min(MAX_VALUES)).copied().collect()
    }

    /// Whether there are any peers of a torrent.
    pub fn has(&self, info_hash: Key) -> bool {
        self.of(info_hash).next().is_some()
    }

    /// Drops those whose time is over.
    pub fn forget_old(&mut self, now: Time) {
        let before = self.peers.len();
        self.peers.retain(|stored| stored.until_s > seconds(now));
        if self.peers.len() < before {
            let heads = self.peers.chunk_by(|a, b| a.info_hash == b.info_hash).count();
            self.torrents = u32::try_from(heads).unwrap_or(u32::MAX);
        }
    }

    /// Everything that is kept.
    pub fn all(&self) -> &[Stored] {
        &self.peers
    }

    /// How many torrents have peers here.
    pub fn torrents(&self) -> u32 {
        self.torrents
    }

    fn place(&self, info_hash: Key, peer: SocketAddrV4) -> Result<usize, usize> {
        self.peers
            .binary_search_by_key(&(info_hash, peer), |stored| (stored.info_hash, stored.peer))
    }

    fn of(&self, info_hash: Key) -> impl Iterator<Item = &Stored> {
        let from = self.peers.partition_point(|stored| stored.info_hash < info_hash);
        let rest = self.peers.get(from..).unwrap_or(&[]);
        rest.iter().take_while(move |stored| stored.info_hash == info_hash)
    }
}

/// How long a peer is kept. BEP 5 does not say; announcements are repeated twice within it.
const KEEP_S: u32 = 30 * 60;

/// As many as fit into a datagram that is not cut on the way, beside 8 nodes and a token.
const MAX_VALUES: usize = 100;

/// Of one torrent; nobody needs more to begin with.
const MAX_PEERS_OF_TORRENT: usize = 500;

/// Altogether: 64 kB of memory that strangers may fill.
const MAX_PEERS: usize = 2000;

#[cfg(test)]
mod tests {
    use core::net::Ipv4Addr;
    use core::time::Duration;

    use super::*;

    const START: Time = Time::from_secs(1_000_000);

    fn peer(number: u32) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::from(number), 6881)
    }

    #[test]
    fn a_peer_is_kept_for_half_an_hour_after_its_last_announcement() {
        let (mut store, key) = (Store::default(), Key::hash(b"torrent"));
        let after = |minutes: u64| START + Duration::from_secs(60 * minutes);
        store.put(key, peer(1), START).unwrap();
        store.put(key, peer(1), after(20)).unwrap();
        store.put(key, peer(2), after(20)).unwrap();
        assert_eq!(store.peers(key, after(49), 0), [peer(1), peer(2)]);
        assert!(store.peers(key, after(50), 0).is_empty());
        assert_eq!(store.torrents(), 1);
        store.forget_old(after(50));
        assert_eq!((store.torrents(), store.all().len()), (0, 0));
    }

    #[test]
    fn a_flood_of_announcements_fills_no_more_than_the_bounds() {
        let mut store = Store::default();
        let one = Key::hash(b"one");
        let taken = (0..2000).filter(|n| store.put(one, peer(*n), START).is_ok()).count();
        assert_eq!(taken, MAX_PEERS_OF_TORRENT);
        for number in 0..5000u32 {
            let _ = store.put(Key::hash(&number.to_be_bytes()), peer(number), START);
        }
        assert_eq!(store.all().len(), MAX_PEERS);
        assert!(store.peers(one, START, 1234).len() == MAX_VALUES);
        let later = START + Duration::from_secs(3600);
        assert_eq!(store.put(one, peer(1), later), Ok(()), "the old ones make room");
        store.forget_old(later);
        assert_eq!(store.all().len(), 1);
    }

    #[test]
    fn which_peers_of_many_are_told_is_by_chance() {
        let (mut store, key) = (Store::default(), Key::hash(b"torrent"));
        (0..300).for_each(|number| store.put(key, peer(number), START).unwrap());
        assert_ne!(store.peers(key, START, 0), store.peers(key, START, 77));
    }
}
