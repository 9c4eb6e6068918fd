//! What stands in replies that list messages: drop listings, scan listings, unique-ids (RFC 1939
//! sections 5 and 7).

/// A drop listing, the reply to STAT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stat {
    /// How many messages are in the maildrop.
    pub messages: u32,
    /// Their size together, in octets.
    pub octets: u64,
}

/// A scan listing, one line of the reply to LIST.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scan {
    /// The message's number in this session.
    pub number: u32,
    /// Its size in octets.
    pub octets: u64,
}

/// One line of the reply to UIDL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UniqueId {
    /// The message's number in this session.
    pub number: u32,
    /// The unique-id: the same in every session.
    pub uid: String,
}

/// Reads the text of a positive reply to STAT.
pub fn parse_stat(text: &str) -> Option<Stat> {
    let mut words = text.split(' ');
    let (messages, octets) = (words.next()?, words.next()?);
    Some(Stat { messages: decimal(messages)?, octets: decimal(octets)? })
}

/// Reads a scan listing: number and size, and what a server may add behind them.
pub fn parse_scan(line: &str) -> Option<Scan> {
    let mut words = line.split(' ');
    let (number, octets) = (words.next()?, words.next()?);
    Some(Scan { number: decimal(number)?, octets: decimal(octets)? })
}

/// Reads a line of a unique-id listing.
pub fn parse_unique_id(line: &str) -> Option<UniqueId> {
    let (number, uid) = line.split_once(' ')?;
    let fits = |b: u8| (0x21..=0x7e).contains(&b);
    let valid = !uid.is_empty() && uid.len() <= UNIQUE_ID_MAX && uid.bytes().all(fits);
    Some(UniqueId { number: decimal(number)?, uid: valid.then(|| uid.to_string())? })
}

/// Reads the content of a positive reply to LIST; lines that are no scan listings are left out.
pub fn parse_scans(content: &[u8]) -> Vec<Scan> {
    lines(content).filter_map(|line| parse_scan(&line)).collect()
}

/// Reads the content of a positive reply to UIDL; lines that are none are left out.
pub fn parse_unique_ids(content: &[u8]) -> Vec<UniqueId> {
    lines(content).filter_map(|line| parse_unique_id(&line)).collect()
}

fn lines(content: &[u8]) -> impl Iterator<Item = String> {
    let line = |line: &[u8]| {
        String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
    };
    content.split(|byte| *byte == b'\n').map(line)
}

fn decimal<N: core::str::FromStr>(digits: &str) -> Option<N> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// RFC 1939 section 7: one to seventy characters.
const UNIQUE_ID_MAX: usize = 70;
