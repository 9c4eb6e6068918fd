//! The secret that a client shows in its HELLO. An Origin alone is no proof: any program can write
//! one.

use std::{fmt, io};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use subtle::ConstantTimeEq;

/// A token; it never appears in a log.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a token of at least [`MIN_TOKEN`] characters.
    pub fn new(text: &str) -> Result<Token, String> {
        if text.len() < MIN_TOKEN {
            return Err(format!("a token has at least {MIN_TOKEN} characters"));
        }
        Ok(Token(text.to_owned()))
    }

    /// A token that nobody can guess: [`TOKEN_BYTES`] random bytes in base64 as URLs have it.
    /// Fails if the operating system has none.
    pub fn random() -> io::Result<Token> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Token(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The part after `#` of the page's address that carries this token. Browsers send that part
    /// to nobody, so it stands in no log of a server.
    pub fn fragment(&self) -> String {
        format!("token={}", self.0)
    }

    /// Compares in a time that tells nothing about where the two differ.
    pub(crate) fn matches(&self, shown: &str) -> bool {
        self.0.as_bytes().ct_eq(shown.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// 128 bits: no number of guesses comes near.
const TOKEN_BYTES: usize = 16;
/// 22 characters of base64 carry 128 bits.
pub const MIN_TOKEN: usize = 22;
