//! Node IDs that are bound to addresses (BEP 42, "Node ID restriction").

use core::net::Ipv4Addr;

use crc::{CRC_32_ISCSI, Crc};

use crate::overlay::Key;

/// An ID for a node at this address: its first 21 bits and its last byte follow from the address
/// and the number, of which only the last three bits count for the former. All else is taken from
/// `random`.
pub fn secure_id(ip: Ipv4Addr, number: u8, random: Key) -> Key {
    let [first, second, third, ..] = beginning(ip, number);
    let mut bytes = *random.as_bytes();
    bytes[0] = first;
    bytes[1] = second;
    bytes[2] = third & 0xf8 | bytes[2] & 0x07;
    bytes[Key::BYTES - 1] = number;
    Key::new(bytes)
}

/// Whether a node at this address may have this ID. Those of local networks may have any.
pub fn fits(id: Key, ip: Ipv4Addr) -> bool {
    if ip.is_private() || ip.is_loopback() || ip.is_link_local() {
        return true;
    }
    let bytes = id.as_bytes();
    secure_id(ip, bytes[Key::BYTES - 1], id) == id
}

/// The CRC32C that an ID begins with.
fn beginning(ip: Ipv4Addr, number: u8) -> [u8; 4] {
    let masked = ip.to_bits() & MASK | u32::from(number & 0x07) << 29;
    CRC32C.checksum(&masked.to_be_bytes()).to_be_bytes()
}

static CRC32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// Which bits of an address count: fewer of the first bytes, since whoever has one address of a
/// network often has many.
const MASK: u32 = 0x030f_3fff;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_vectors_of_bep_42_fit_and_are_made_again() {
        let vectors = [
            ("124.31.75.21", 1, "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401"),
            ("21.75.31.124", 86, "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256"),
            ("65.23.51.170", 22, "a5d43220bc8f112a3d426c84764f8c2a1150e616"),
            ("84.124.73.14", 65, "1b0321dd1bb1fe518101ceef99462b947a01ff41"),
            ("43.213.53.83", 90, "e56f6cbf5b7c4be0237986d5243b87aa6d51305a"),
        ];
        for (ip, number, id) in vectors {
            let (ip, id): (Ipv4Addr, Key) = (ip.parse().unwrap(), id.parse().unwrap());
            assert!(fits(id, ip), "{ip}");
            assert_eq!(secure_id(ip, number, id), id);
            assert!(!fits(id, Ipv4Addr::new(8, 8, 8, 8)));
            assert!(fits(id, Ipv4Addr::new(192, 168, 1, 2)), "local networks are exempt");
        }
    }
}
