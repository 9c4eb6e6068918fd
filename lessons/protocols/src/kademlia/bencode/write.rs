//! Writes bencode in the one way that BEP 3 allows.

use super::{Entry, Item, Value};

/// Bytes of bencode as they grow. Whoever writes a dictionary with it writes the keys in the order
/// of their bytes; [`write`] sees to that itself.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Nothing written yet, with room for this many bytes.
    pub fn with_capacity(capacity: usize) -> Writer {
        Writer { bytes: Vec::with_capacity(capacity) }
    }

    /// A list or a dictionary begins: `l` or `d` up to the `e` of [`Writer::end`].
    pub fn begin_list(&mut self) {
        self.bytes.push(b'l');
    }

    /// A dictionary begins.
    pub fn begin_dictionary(&mut self) {
        self.bytes.push(b'd');
    }

    /// The innermost list or dictionary ends.
    pub fn end(&mut self) {
        self.bytes.push(b'e');
    }

    /// A whole number.
    pub fn integer(&mut self, number: i64) {
        self.bytes.push(b'i');
        self.digits(number.is_negative(), number.unsigned_abs());
        self.bytes.push(b'e');
    }

    /// A string, or a key.
    pub fn string(&mut self, content: &[u8]) {
        self.string_header(content.len());
        self.bytes.extend_from_slice(content);
    }

    /// A string of this many bytes, whose content follows through [`Writer::raw`].
    pub fn string_header(&mut self, len: usize) {
        self.digits(false, len as u64);
        self.bytes.push(b':');
    }

    /// Bytes of a string that was announced.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// What has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn digits(&mut self, negative: bool, mut number: u64) {
        if negative {
            self.bytes.push(b'-');
        }
        // Nearly all of them: the lengths of keys.
        if number < 10 {
            self.bytes.push(b'0' + number as u8);
            return;
        }
        let start = self.bytes.len();
        loop {
            self.bytes.push(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                break;
            }
        }
        if let Some(digits) = self.bytes.get_mut(start..) {
            digits.reverse();
        }
    }

    fn item(&mut self, item: &Item<'_>) {
        match &item.value {
            Value::Integer(number) => self.integer(*number),
            Value::String(bytes) => self.string(bytes),
            Value::List(items) => {
                self.begin_list();
                items.iter().for_each(|item| self.item(item));
                self.end();
            }
            Value::Dictionary(entries) => {
                let mut sorted: Vec<&Entry<'_>> = entries.iter().collect();
                // Stable, so that of two with one key the first stays.
                sorted.sort_by_key(|entry| entry.key);
                sorted.dedup_by_key(|entry| entry.key);
                self.begin_dictionary();
                for entry in sorted {
                    self.string(entry.key);
                    self.item(&entry.item);
                }
                self.end();
            }
        }
    }
}

/// Writes a value: keys in order, each once.
pub fn write(item: &Item<'_>) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.item(item);
    writer.into_bytes()
}
