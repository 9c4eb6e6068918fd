//! The name server of the practice internet, and its zones.

use std::fmt::Write as _;

use protocols::dns::server::{Config, Server};
use protocols::dns::zone::ZoneError;
use protocols::dns::{Name, Zone};

/// An authoritative server of two domains, of a part of the reverse tree, and of one name whose
/// answer fits no datagram.
///
/// # Errors
/// A zone's text is wrong; a test reads them all.
pub fn server() -> Result<Server, ZoneError> {
    let texts = [
        ("cs.test", CS.to_owned() + &many()),
        ("mail.test", MAIL.to_owned()),
        ("2.0.192.in-addr.arpa", REVERSE.to_owned()),
    ];
    let zone = |(origin, text): &(&str, String)| {
        // The origins are names.
        let origin = Name::parse(origin).map_or_else(|_| Name::root(), |(name, _)| name);
        Zone::parse(text, &origin)
    };
    let zones = texts.iter().map(zone).collect::<Result<Vec<_>, _>>()?;
    Ok(Server::new(Config::default(), zones))
}

/// `many` has sixty addresses: nearly a thousand bytes, so that a resolver without EDNS has to ask
/// again over TCP (RFC 7766 section 5).
fn many() -> String {
    (1..=ADDRESSES).fold(String::new(), |mut text, last| {
        // Writing into a String never fails.
        let _ = writeln!(text, "many A 198.51.100.{last}");
        text
    })
}

const CS: &str = include_str!("cs.test.zone");
const MAIL: &str = include_str!("mail.test.zone");
const REVERSE: &str = include_str!("reverse.zone");
const ADDRESSES: u8 = 60;
