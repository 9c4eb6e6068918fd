//! How much of a mail's structure is read: every limit with its reason.

/// How much of a mail's structure is read before the rest is taken as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How deep parts may be in parts.
    pub depth_max: usize,
    /// How many parts a mail may have, all levels together.
    pub parts_max: usize,
    /// How many header fields, and lines that should be one, are told apart in all of a mail.
    pub fields_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth_max: DEPTH_MAX, parts_max: PARTS_MAX, fields_max: FIELDS_MAX }
    }
}

/// Mail that was forwarded ten times is rare; a mail that nests without end must end.
const DEPTH_MAX: usize = 16;

/// More than any person attaches; a mail of nothing but delimiters must end.
const PARTS_MAX: usize = 1_000;

/// Ten for each of a thousand parts. A field of three bytes costs its reader a hundred.
const FIELDS_MAX: usize = 10_000;
