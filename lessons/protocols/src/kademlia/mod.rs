//! Kademlia as Mainline BitTorrent speaks it (BEP 5): a distributed table of who has what.

pub mod bencode;
