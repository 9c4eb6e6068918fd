//! Pictures of any size in bytes, for measuring: valid, tiny to the eye, padded with a comment.

/// A GIF of one pixel that is exactly `size_bytes` long; the same for the same number `n`.
///
/// It is padded with a comment that every viewer passes over. Below [`SMALLEST`] bytes there is
/// no room for a GIF: the bytes are then just its beginning.
pub fn gif_of_size(size_bytes: usize, n: usize) -> Vec<u8> {
    let mut gif = Vec::with_capacity(size_bytes);
    gif.extend_from_slice(HEAD);
    let shade = u8::try_from(n * 37 % 256).unwrap_or(0);
    gif.extend_from_slice(&[shade, 0x5a, 0x8c, 0xff, 0xff, 0xff]);
    comment(&mut gif, size_bytes.saturating_sub(SMALLEST), n);
    gif.extend_from_slice(PIXEL);
    // What no comment can fill: a comment of one byte takes five, and viewers stop at the trailer.
    gif.resize(size_bytes, 0);
    gif
}

/// Appends a comment extension that takes at most `room` bytes.
fn comment(gif: &mut Vec<u8>, room: usize, n: usize) {
    const FRAME: usize = 3;
    let Some(mut left) = room.checked_sub(FRAME).filter(|left| *left >= 2) else { return };
    gif.extend_from_slice(&[0x21, 0xfe]);
    let text = format!("Picture {n} of the gallery. ");
    let mut letters = text.bytes().cycle();
    while left >= 2 {
        let block = (left - 1).min(255);
        gif.push(u8::try_from(block).unwrap_or(u8::MAX));
        gif.extend(letters.by_ref().take(block));
        left -= block + 1;
    }
    gif.push(0);
}

/// Signature, and a screen of one pixel with a table of two colours.
const HEAD: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00";

/// The image: one pixel at the upper left in the first colour, and the trailer.
const PIXEL: &[u8] = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// How long the smallest whole GIF is, in bytes.
const SMALLEST: usize = HEAD.len() + 6 + PIXEL.len();
