//! How wide a text will be, near enough to place it without asking the browser.

/// The two faces that pictures are lettered in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Face {
    /// The proportional face, regular.
    Sans,
    /// The proportional face, semi-bold.
    Bold,
}

/// The width of a text in pixels, never less than what the shipped face needs.
///
/// The advances are those of IBM Plex Sans in thousandths of the size, by kind of letter, each
/// rounded up: a label that fits by this measure fits on the page.
pub fn width(text: &str, size_px: f32, face: Face) -> f32 {
    let thousandths: u32 = text.chars().map(advance).sum();
    let wider = match face {
        Face::Sans => 1.0,
        Face::Bold => 1.06,
    };
    thousandths as f32 * size_px / 1000.0 * wider
}

/// The text cut to a width with an ellipsis, or none where not even three letters fit.
pub fn shortened(text: &str, size_px: f32, face: Face, room_px: f32) -> Option<String> {
    if width(text, size_px, face) <= room_px {
        return Some(text.to_string());
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        kept.push('…');
        let fits = width(&kept, size_px, face) <= room_px;
        kept.pop();
        if !fits {
            kept.pop();
            break;
        }
    }
    let kept = kept.trim_end();
    (kept.chars().count() >= FEWEST_LETTERS).then(|| format!("{kept}…"))
}

fn advance(letter: char) -> u32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 300,
        ' ' => 260,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 400,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '→' | '←' => 950,
        'A'..='Z' | '0'..='9' | '+' | '=' | '×' | '&' => 680,
        'a'..='z' | '_' | '·' | '#' | '?' | '*' | '"' | '$' => 600,
        _ => 1000,
    }
}

/// Fewer letters before an ellipsis say nothing.
const FEWEST_LETTERS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_text_fits_and_ends_in_an_ellipsis() {
        let text = "GET /a/very/long/path/to/somewhere.html";
        for room in [40.0, 80.0, 120.0] {
            let cut = shortened(text, 12.5, Face::Bold, room).expect("three letters fit");
            assert!(width(&cut, 12.5, Face::Bold) <= room, "{cut} in {room}");
            assert!(cut.ends_with('…'));
        }
        assert_eq!(shortened(text, 12.5, Face::Bold, 20.0), None);
    }

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(shortened("SYN", 12.5, Face::Sans, 60.0).as_deref(), Some("SYN"));
    }
}
