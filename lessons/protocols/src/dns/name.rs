//! Domain names: labels as bytes, compared without regard to the case of ASCII letters.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use bytes::{BufMut, Bytes, BytesMut};

/// A domain name, always absolute: it ends at the root (RFC 1034 section 3.1).
///
/// Two names are equal when their labels are, letters of ASCII compared without case; the case
/// itself is kept (RFC 1035 section 2.3.3). Names are ordered from the root down, so that a name
/// stands right before all that is below it.
#[derive(Clone)]
pub struct Name {
    /// The labels as on the wire, each behind its length, with the root's zero at the end.
    wire: Bytes,
}

impl Name {
    /// The root of the tree, written `.`.
    pub fn root() -> Name {
        Name { wire: Bytes::from_static(&[0]) }
    }

    /// The name with these labels, from the leaf up.
    ///
    /// # Errors
    /// An empty label, one of more than 63 bytes, or more than 255 bytes in all
    /// (RFC 1035 section 2.3.4).
    pub fn from_labels<'a>(labels: impl IntoIterator<Item = &'a [u8]>) -> Result<Name, NameError> {
        let mut wire = BytesMut::new();
        for label in labels {
            put_label(&mut wire, label)?;
        }
        wire.put_u8(0);
        match wire.len() {
            0..=MAX_NAME => Ok(Name { wire: wire.freeze() }),
            long => Err(NameError::NameTooLong(long)),
        }
    }

    /// The name with these labels as on the wire, each behind its length, without the root.
    ///
    /// # Errors
    /// The whole would have more than 255 bytes, or the lengths do not fit the bytes.
    pub(super) fn from_wire(mut labels: Vec<u8>) -> Result<Name, NameError> {
        labels.push(0);
        let mut rest = labels.as_slice();
        while let Some((len @ 1..=63, behind)) = rest.split_first() {
            rest = behind.get(usize::from(*len)..).ok_or(NameError::EmptyLabel)?;
        }
        match (rest, labels.len()) {
            ([0], 0..=MAX_NAME) => Ok(Name { wire: labels.into() }),
            ([0], long) => Err(NameError::NameTooLong(long)),
            _ => Err(NameError::EmptyLabel),
        }
    }

    /// The name that this text gives, and whether it ended with a dot. Text without a last dot
    /// may be meant below an origin (RFC 1035 section 5.1); here it is taken below the root.
    ///
    /// # Errors
    /// An empty label, a label or name that is too long, or a backslash that escapes nothing.
    pub fn parse(text: &str) -> Result<(Name, Ending), NameError> {
        if text == "." {
            return Ok((Name::root(), Ending::Dot));
        }
        let mut wire = BytesMut::new();
        let mut label = Vec::new();
        let mut bytes = text.bytes();
        let mut ending = Ending::Open;
        while let Some(byte) = bytes.next() {
            ending = Ending::Open;
            match byte {
                b'.' => {
                    put_label(&mut wire, &label)?;
                    label.clear();
                    ending = Ending::Dot;
                }
                b'\\' => label.push(escaped(&mut bytes).ok_or(NameError::BadEscape)?),
                other => label.push(other),
            }
        }
        if ending == Ending::Open {
            put_label(&mut wire, &label)?;
        }
        wire.put_u8(0);
        match wire.len() {
            0..=MAX_NAME => Ok((Name { wire: wire.freeze() }, ending)),
            long => Err(NameError::NameTooLong(long)),
        }
    }

    /// The labels from the leaf up, without the root's empty one.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &[u8]> + Clone {
        let labels: Vec<&[u8]> = Labels(&self.wire).collect();
        labels.into_iter()
    }

    /// How many labels it has; the root has none.
    pub fn depth(&self) -> usize {
        Labels(&self.wire).count()
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.wire.len() == 1
    }

    /// The name without its first label; none for the root.
    pub fn parent(&self) -> Option<Name> {
        let first = usize::from(*self.wire.first()?);
        match first {
            0 => None,
            len => Some(Name { wire: self.wire.slice(1 + len..) }),
        }
    }

    /// The name itself, its parent, and so on up to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Name> {
        core::iter::successors(Some(self.clone()), Name::parent)
    }

    /// Whether it is this name or below it (RFC 1034 section 3.1); everything is within the root.
    pub fn is_within(&self, zone: &Name) -> bool {
        self.depth() >= zone.depth()
            && self.labels().rev().zip(zone.labels().rev()).all(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    /// The name with one more label in front of it.
    ///
    /// # Errors
    /// The label is empty or too long, or the whole would be.
    pub fn child(&self, label: &[u8]) -> Result<Name, NameError> {
        Name::from_labels(core::iter::once(label).chain(self.labels()))
    }

    /// This name below another: how a relative name is completed (RFC 1035 section 5.1).
    ///
    /// # Errors
    /// The whole would have more than 255 bytes.
    pub fn below(&self, origin: &Name) -> Result<Name, NameError> {
        Name::from_labels(self.labels().chain(origin.labels()))
    }

    /// Whether the first label is an asterisk alone (RFC 1034 section 4.3.3).
    pub fn is_wildcard(&self) -> bool {
        self.wire.starts_with(b"\x01*")
    }

    /// The bytes that it is on the wire without compression, 1 to 255 of them.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// The text without escapes for host names: none where a label has anything but letters,
    /// digits, hyphens and underscores, which no URL could hold.
    pub fn to_host(&self) -> Option<String> {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        self.labels().all(|label| label.iter().all(plain)).then(|| self.to_string())
    }
}

/// How the text of a name ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// With a dot: the name is absolute.
    Dot,
    /// Without one: whoever wrote it may have left the rest to be understood.
    Open,
}

/// Why a text or a list of labels is no name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameError {
    /// Two dots in a row, a dot at the start, or no text at all.
    EmptyLabel,
    /// A label of this many bytes, where 63 are allowed.
    LabelTooLong(usize),
    /// This many bytes on the wire, where 255 are allowed.
    NameTooLong(usize),
    /// A backslash with neither three digits up to 255 nor another character behind it.
    BadEscape,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::EmptyLabel => write!(f, "a label is empty"),
            NameError::LabelTooLong(len) => {
                write!(f, "a label has {len} bytes, at most {MAX_LABEL} are allowed")
            }
            NameError::NameTooLong(len) => {
                write!(f, "the name has {len} bytes, at most {MAX_NAME} are allowed")
            }
            NameError::BadEscape => write!(f, "a backslash escapes nothing"),
        }
    }
}

impl std::error::Error for NameError {}

impl FromStr for Name {
    type Err = NameError;

    /// Reads an absolute name, with or without its last dot.
    fn from_str(text: &str) -> Result<Name, NameError> {
        Name::parse(text).map(|(name, _)| name)
    }
}

impl fmt::Display for Name {
    /// Without the last dot, as people write names; the root is `.`. Bytes that would be mistaken
    /// are escaped as in RFC 1035 section 5.1, so that the text reads back as the same name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str(".");
        }
        for (index, label) in Labels(&self.wire).enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            for byte in label {
                match byte {
                    b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
                        write!(f, "\\{}", char::from(*byte))?;
                    }
                    b'!'..=b'~' => write!(f, "{}", char::from(*byte))?,
                    other => write!(f, "\\{other:03}")?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl PartialEq for Name {
    /// Lengths are below 64 and letters above, so the wire form as a whole compares without case.
    fn eq(&self, other: &Name) -> bool {
        self.wire.eq_ignore_ascii_case(&other.wire)
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    /// From the root down, label by label, letters in lower case.
    fn cmp(&self, other: &Name) -> Ordering {
        let mut pairs = (self.labels().rev(), other.labels().rev());
        loop {
            match (pairs.0.next(), pairs.1.next()) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some(a), Some(b)) => {
                    let lower = |label: &[u8]| label.to_ascii_lowercase();
                    match lower(a).cmp(&lower(b)) {
                        Ordering::Equal => {}
                        other => return other,
                    }
                }
            }
        }
    }
}

/// The labels of a name on the wire, which is well formed: only this file makes it.
#[derive(Clone)]
struct Labels<'a>(&'a [u8]);

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (len, rest) = self.0.split_first()?;
        let (label, rest) = rest.split_at_checked(usize::from(*len))?;
        self.0 = rest;
        (!label.is_empty()).then_some(label)
    }
}

fn put_label(wire: &mut BytesMut, label: &[u8]) -> Result<(), NameError> {
    match label.len() {
        0 => Err(NameError::EmptyLabel),
        len @ 1..=MAX_LABEL => {
            // At most 63, so it fits.
            wire.put_u8(len as u8);
            wire.put_slice(label);
            Ok(())
        }
        long => Err(NameError::LabelTooLong(long)),
    }
}

/// What stands behind a backslash: three digits, or a character that means itself.
pub(super) fn escaped(rest: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let first = rest.next()?;
    if !first.is_ascii_digit() {
        return Some(first);
    }
    let digits = [first, rest.next()?, rest.next()?];
    let number = digits.iter().try_fold(0u32, |number, digit| {
        digit.is_ascii_digit().then(|| 10 * number + u32::from(digit - b'0'))
    })?;
    u8::try_from(number).ok()
}

/// The bytes of one label: the length's two upper bits mark a pointer (RFC 1035 section 2.3.4).
pub const MAX_LABEL: usize = 63;

/// The bytes of a whole name on the wire, lengths and root included (RFC 1035 section 2.3.4).
pub const MAX_NAME: usize = 255;
