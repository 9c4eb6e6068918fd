//! What a server can do beyond the minimum, as EHLO's reply says it.

use super::Reply;

/// The service extensions that a server offers (RFC 5321 section 2.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Extensions {
    /// Commands may be sent in groups without waiting for each reply (RFC 2920).
    pub pipelining: bool,
    /// MAIL may say how large the mail is; the value is the largest that is taken, in octets. Zero
    /// sets no limit (RFC 1870 section 4).
    pub size: Option<u64>,
    /// Mail may have octets above 127 (RFC 6152).
    pub eight_bit: bool,
    /// Replies begin with the codes of RFC 3463 (RFC 2034).
    pub enhanced_codes: bool,
}

impl Extensions {
    /// All that this lab's server can do, with mail up to `size` octets.
    pub const fn all(size: u64) -> Extensions {
        Extensions { pipelining: true, size: Some(size), eight_bit: true, enhanced_codes: true }
    }

    /// The lines of a reply to EHLO: first the server's name, then what it offers.
    pub fn lines(&self, server: &str, client: &str) -> Vec<String> {
        let mut lines = vec![format!("{server} greets {client}")];
        if self.pipelining {
            lines.push("PIPELINING".into());
        }
        match self.size {
            Some(0) => lines.push("SIZE".into()),
            Some(size) => lines.push(format!("SIZE {size}")),
            None => {}
        }
        if self.eight_bit {
            lines.push("8BITMIME".into());
        }
        if self.enhanced_codes {
            lines.push("ENHANCEDSTATUSCODES".into());
        }
        lines.push("HELP".into());
        lines
    }

    /// What a reply to EHLO offers. Keywords are compared without regard to case; those that we
    /// do not know are passed over (RFC 5321 section 4.1.1.1).
    pub fn of(reply: &Reply) -> Extensions {
        let mut offered = Extensions::default();
        for line in reply.lines.iter().skip(1) {
            let mut words = line.split(' ');
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            match keyword.as_str() {
                "PIPELINING" => offered.pipelining = true,
                "SIZE" => {
                    // A value that is no number sets no limit that we could obey.
                    let limit = words.next().and_then(|word| word.parse().ok());
                    offered.size = Some(limit.unwrap_or(0));
                }
                "8BITMIME" => offered.eight_bit = true,
                "ENHANCEDSTATUSCODES" => offered.enhanced_codes = true,
                _ => {}
            }
        }
        offered
    }
}
