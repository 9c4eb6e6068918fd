//! The digest of APOP (RFC 1939 section 7).

use md5::{Digest, Md5};

/// The timestamp of a greeting, with its angle brackets; none where the server offers no APOP.
pub fn timestamp(greeting: &str) -> Option<&str> {
    let from = greeting.find('<')?;
    let rest = greeting.get(from..)?;
    let stamp = rest.get(..=rest.find('>')?)?;
    let inner = stamp.get(1..stamp.len().saturating_sub(1))?;
    let is_msg_id = inner.contains('@') && inner.bytes().all(|b| b.is_ascii_graphic());
    is_msg_id.then_some(stamp)
}

/// MD5 of a timestamp and the shared secret, as 32 hexadecimal digits in lower case.
pub fn digest(timestamp: &str, secret: &str) -> String {
    let sum = Md5::new().chain_update(timestamp).chain_update(secret).finalize();
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
