//! Tokens: proof that whoever announces receives at the address that it announces (BEP 5,
//! "Overview").

use core::net::Ipv4Addr;

use sha1::{Digest, Sha1};

use super::table::seconds;
use crate::wire::Time;

/// The two secrets from which tokens are made, the older of which is still good for checking.
///
/// They change when they are used after their time, so that a node without visitors needs no
/// alarm for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Secrets {
    current: u64,
    previous: u64,
    since_s: u32,
}

impl Secrets {
    /// Secrets that begin now. Both have to be by chance.
    pub fn new(current: u64, previous: u64, now: Time) -> Secrets {
        Secrets { current, previous, since_s: seconds(now) }
    }

    /// Whether the secrets have to change before they are used.
    pub fn are_due(&self, now: Time) -> bool {
        self.age_s(now) >= ROTATE_S
    }

    /// Changes the secrets if they are due. Both numbers have to be by chance; the second is used
    /// only if the present secret is too old even for checking.
    pub fn rotate(&mut self, now: Time, fresh: u64, older: u64) {
        let age_s = self.age_s(now);
        if age_s < ROTATE_S {
            return;
        }
        self.previous = if age_s < 2 * ROTATE_S { self.current } else { older };
        self.current = fresh;
        self.since_s = match age_s < 2 * ROTATE_S {
            true => self.since_s.saturating_add(ROTATE_S),
            false => seconds(now),
        };
    }

    /// The token for somebody at this address.
    pub fn token(&self, ip: Ipv4Addr) -> [u8; TOKEN_BYTES] {
        token(ip, self.current)
    }

    /// Whether somebody at this address was given this token lately.
    pub fn accept(&self, ip: Ipv4Addr, shown: &[u8]) -> bool {
        [self.current, self.previous].iter().any(|secret| shown == token(ip, *secret))
    }

    /// The first bytes of the SHA-1 of the present secret: enough to see that it has changed.
    pub fn fingerprint(&self) -> String {
        let hash: [u8; 20] = Sha1::digest(self.current.to_be_bytes()).into();
        hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// How long the present secret has been in use, in seconds.
    pub fn age_s(&self, now: Time) -> u32 {
        seconds(now).saturating_sub(self.since_s)
    }
}

fn token(ip: Ipv4Addr, secret: u64) -> [u8; TOKEN_BYTES] {
    let mut hash = Sha1::new();
    hash.update(ip.octets());
    hash.update(secret.to_be_bytes());
    let hash: [u8; 20] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    [a, b, c, d, e, f, g, h]
}

/// How long a secret is used: "a secret that changes every five minutes".
const ROTATE_S: u32 = 5 * 60;

/// Bytes of a token: 2^64 are too many to guess, and "a short binary string" is asked for.
pub const TOKEN_BYTES: usize = 8;

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    const START: Time = Time::from_secs(1_000_000);
    const IP: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

    /// Whether a token that was given at the start is good after so many seconds, when the node
    /// has been asked for tokens each minute in between.
    fn is_good_after(seconds: u64) -> bool {
        let mut secrets = Secrets::new(1, 2, START);
        let token = secrets.token(IP);
        for minute in 0..=seconds / 60 {
            let now = START + Duration::from_secs((minute * 60).min(seconds));
            secrets.rotate(now, 100 + minute, 200 + minute);
        }
        secrets.rotate(START + Duration::from_secs(seconds), 300, 301);
        secrets.accept(IP, &token)
    }

    #[test]
    fn a_token_is_good_for_at_least_5_and_less_than_10_minutes() {
        assert!(is_good_after(0) && is_good_after(299) && is_good_after(300));
        assert!(is_good_after(599), "BEP 5: tokens up to ten minutes old are accepted");
        assert!(!is_good_after(600) && !is_good_after(100_000));
    }

    #[test]
    fn a_token_is_for_one_address_and_no_other_bytes_do() {
        let secrets = Secrets::new(1, 2, START);
        let token = secrets.token(IP);
        assert!(!secrets.accept(Ipv4Addr::new(192, 0, 2, 2), &token));
        assert!(!secrets.accept(IP, &token[..7]) && !secrets.accept(IP, b""));
        assert!(!secrets.accept(IP, b"aoeusnth"), "the token of BEP 5's example");
    }

    #[test]
    fn a_node_that_nobody_asked_for_long_takes_no_old_token() {
        let mut secrets = Secrets::new(1, 2, START);
        let token = secrets.token(IP);
        secrets.rotate(START + Duration::from_secs(3600), 3, 4);
        assert!(!secrets.accept(IP, &token));
        assert!(!secrets.are_due(START + Duration::from_secs(3600)));
    }
}
