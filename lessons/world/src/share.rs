//! The link that carries a whole run: stage, seed, meddlings and the moment that is looked at.
//!
//! A version byte (an older page must not take what it cannot play for damaged), then the
//! [`Shared`] in postcard's encoding, deflated, in URL-safe base64.

use core::fmt;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::entry::Act;
use crate::history::Meddling;

/// A run and where it is looked at: all that another needs to see the same.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Shared {
    /// The lesson, by id; empty for a free run.
    pub lesson: String,
    /// The scene of the lesson, counted from 0.
    pub scene: u32,
    /// The stage, by name.
    pub stage: String,
    /// What its knobs are set to.
    pub params: BTreeMap<String, String>,
    /// The seed.
    pub seed: u64,
    /// What was done from outside, in order.
    pub meddlings: Vec<Meddling>,
    /// How many entries have happened at the moment that is looked at.
    pub moment: u32,
}

impl Shared {
    /// The text for a link: letters, digits, `-` and `_` only.
    pub fn encode(&self) -> String {
        // Postcard fails only for types that have no fixed form; Shared has one.
        let plain = postcard::to_allocvec(self).unwrap_or_default();
        let power = |meddling: &Meddling| matches!(meddling.act, Act::Power { .. });
        let mut bytes = vec![match self.meddlings.iter().any(power) {
            true => VERSION,
            false => VERSION_WITHOUT_POWER,
        }];
        bytes.extend(miniz_oxide::deflate::compress_to_vec(&plain, DEFLATE_LEVEL));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the text of a link.
    ///
    /// # Errors
    /// Anything that [`Shared::encode`] did not make, with what is wrong with it.
    pub fn decode(text: &str) -> Result<Shared, LinkError> {
        if text.len() > MAX_LINK_BYTES {
            return Err(LinkError::TooLong);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| LinkError::Damaged)?;
        let (version, packed) = bytes.split_first().ok_or(LinkError::Empty)?;
        if !(VERSION_WITHOUT_POWER..=VERSION).contains(version) {
            return Err(LinkError::OtherVersion(*version));
        }
        let plain = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, MAX_RUN_BYTES)
            .map_err(|_| LinkError::Damaged)?;
        postcard::from_bytes(&plain).map_err(|_| LinkError::Damaged)
    }
}

/// Why a link cannot be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// There is nothing in it.
    Empty,
    /// It is longer than any link that this page makes.
    TooLong,
    /// It was made by another version of Wirelab.
    OtherVersion(u8),
    /// Some of it is missing or changed.
    Damaged,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::Empty => write!(f, "This link carries no run."),
            LinkError::TooLong => write!(f, "This link is too long to be one of ours."),
            LinkError::OtherVersion(version) => write!(
                f,
                "This link was made by another version of Wirelab (format {version}, this page \
                 reads {VERSION}). Reload the page to get the newest version."
            ),
            LinkError::Damaged => write!(
                f,
                "Some of this link is missing or changed. Links are easily cut when they are \
                 copied by hand; ask for it again."
            ),
        }
    }
}

impl std::error::Error for LinkError {}

/// The format's version, the first byte of every link.
const VERSION: u8 = 2;

/// The version before hosts could be switched off. Runs in which none is are still written so, and
/// can be read by pages that do not know of it.
const VERSION_WITHOUT_POWER: u8 = 1;

/// The usual middle between size and time.
const DEFLATE_LEVEL: u8 = 8;

/// The longest link that is read. Chat programs cut far earlier; a run of a thousand meddlings
/// is some ten thousand characters.
const MAX_LINK_BYTES: usize = 256 * 1024;

/// The most that a link may unpack to, so that a small link cannot fill the memory.
const MAX_RUN_BYTES: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Fault, FlightId, HostId, Power};

    fn run() -> Shared {
        let command = Act::Command { host: HostId(0), text: "visit http://www.cs.test/".into() };
        let fault = Act::Flight { flight: FlightId(9), fault: Fault::Edit(b"GET /".to_vec()) };
        Shared {
            lesson: "connections".into(),
            scene: 2,
            stage: "web".into(),
            params: BTreeMap::from([("rtt_ms".to_string(), "60".to_string())]),
            seed: 42,
            meddlings: vec![
                Meddling { before: 2, act: command },
                Meddling { before: 9, act: fault },
            ],
            moment: 14,
        }
    }

    const OLD_LINK: &str = "AQFGALn_C2Nvbm5lY3Rpb25zAgN3ZWIBBnJ0dF9tcwI2MCoCAgAAGXZpc2l0IGh0dHA6\
                            Ly93d3cuY3MudGVzdC8JAQkDBUdFVCAvDg";

    #[test]
    fn a_link_carries_a_run_there_and_back() {
        let link = run().encode();
        assert_eq!(Shared::decode(&link), Ok(run()));
        assert!(link.len() < 200, "{} characters", link.len());
        assert!(link.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    }

    #[test]
    fn a_run_with_power_is_of_a_newer_version_and_older_links_can_still_be_read() {
        // Made before hosts could be switched off.
        let old = OLD_LINK;
        assert_eq!((Shared::decode(old), run().encode().as_str()), (Ok(run()), old));
        let mut newer = run();
        let act = Act::Power { host: HostId(1), power: Power::Off };
        newer.meddlings.push(Meddling { before: 14, act });
        let link = newer.encode();
        assert_eq!(URL_SAFE_NO_PAD.decode(&link).unwrap().first(), Some(&2));
        assert_eq!(Shared::decode(&link), Ok(newer));
    }

    #[test]
    fn what_is_not_a_link_says_what_is_wrong() {
        let link = run().encode();
        assert_eq!(Shared::decode(""), Err(LinkError::Empty));
        assert_eq!(Shared::decode("not a link!"), Err(LinkError::Damaged));
        assert_eq!(Shared::decode(&link[..link.len() / 2]), Err(LinkError::Damaged));
        let newer = URL_SAFE_NO_PAD.encode([9, 1, 2]);
        assert_eq!(Shared::decode(&newer), Err(LinkError::OtherVersion(9)));
        assert_eq!(Shared::decode(&"A".repeat(MAX_LINK_BYTES + 1)), Err(LinkError::TooLong));
    }
}
