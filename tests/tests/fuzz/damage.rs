//! Well-formed input, damaged by chance.

use bolero::TypeGenerator;

/// Which sample to take and what to do to it.
#[derive(Clone, Debug, TypeGenerator)]
pub struct Damage {
    sample: u8,
    edits: Vec<Edit>,
    cuts: Vec<u16>,
}

/// One thing that is done to the bytes; places wrap around at the end.
#[derive(Clone, Debug, TypeGenerator)]
enum Edit {
    Replace { at: u16, byte: u8 },
    Insert { at: u16, word: u8 },
    Remove { at: u16, count: u8 },
    Repeat { at: u16, count: u8 },
    End { at: u16 },
}

impl Damage {
    /// One of the samples, damaged; `words` are what is inserted.
    pub fn of(&self, samples: &[impl AsRef<[u8]>], words: &[&str]) -> Vec<u8> {
        let mut bytes = samples[usize::from(self.sample) % samples.len()].as_ref().to_vec();
        for edit in self.edits.iter().take(MAX_EDITS) {
            edit.apply(&mut bytes, words);
        }
        bytes
    }

    /// The same as text; what is no UTF-8 is replaced.
    pub fn text_of(&self, samples: &[&str], words: &[&str]) -> String {
        String::from_utf8_lossy(&self.of(samples, words)).into_owned()
    }

    /// The bytes in pieces, cut by chance.
    pub fn pieces<'a>(&self, bytes: &'a [u8]) -> Vec<&'a [u8]> {
        let mut places: Vec<usize> = self.cuts.iter().map(|cut| place(*cut, bytes)).collect();
        places.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for to in places.into_iter().chain([bytes.len()]) {
            pieces.push(&bytes[from..to]);
            from = to;
        }
        pieces
    }
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>, words: &[&str]) {
        match *self {
            Edit::Replace { at, byte } => {
                let at = place(at, bytes);
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            Edit::Insert { at, word } => {
                let at = place(at, bytes);
                let word = words[usize::from(word) % words.len()];
                bytes.splice(at..at, word.bytes());
            }
            Edit::Remove { at, count } => {
                let at = place(at, bytes);
                let end = bytes.len().min(at + usize::from(count));
                bytes.drain(at..end);
            }
            Edit::Repeat { at, count } => {
                let at = place(at, bytes);
                let end = bytes.len().min(at + usize::from(count));
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            Edit::End { at } => bytes.truncate(place(at, bytes)),
        }
    }
}

fn place(at: u16, bytes: &[u8]) -> usize {
    usize::from(at) % (bytes.len() + 1)
}

/// With more damage than this nothing of the sample is left.
const MAX_EDITS: usize = 6;
