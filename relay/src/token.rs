//! The secret that a program shows in its HELLO in the place of an Origin.

use std::fmt;

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

/// 22 characters of base64 carry 128 bits.
pub const MIN_TOKEN: usize = 22;
