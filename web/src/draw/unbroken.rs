//! Text whose figures stay together at the end of a line: a number and its unit, an option of a
//! command.

use yew::prelude::*;

/// A text in which a line never ends within a figure or an option.
pub fn unbroken(text: &str) -> Html {
    let piece = |(piece, is_whole): (String, bool)| match is_whole {
        true => html! { <span class="whole">{ piece }</span> },
        false => html! { { piece } },
    };
    pieces(text).into_iter().map(piece).collect()
}

/// The pieces of a text, each with whether it stays on one line.
fn pieces(text: &str) -> Vec<(String, bool)> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut words = text.split_inclusive(' ').peekable();
    while let Some(word) = words.next() {
        let mut word = word.to_string();
        let is_number = word.trim_end().ends_with(|last: char| last.is_ascii_digit());
        if let Some(unit) = words.next_if(|next| is_number && is_unit(next)) {
            word += unit;
        }
        let is_whole = word.trim_end().contains([' ', '\u{2009}']) || word.contains("--");
        match pieces.last_mut().filter(|(_, was_whole)| !is_whole && !was_whole) {
            Some((before, _)) => before.push_str(&word),
            None => pieces.push((word, is_whole)),
        }
    }
    pieces
}

fn is_unit(word: &str) -> bool {
    UNITS.contains(&word.trim_end_matches(|last: char| !last.is_alphanumeric()))
}

const UNITS: &[&str] = &["B", "kB", "MB", "\u{b5}s", "ms", "s", "min", "h", "RTT"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_their_units_and_options_are_not_cut_after_their_dashes() {
        let said = "rfc.txt has 8\u{2009}760 B, sent in 5 segments: start it with --allow a.test:1";
        let whole: Vec<String> =
            pieces(said).into_iter().filter(|piece| piece.1).map(|piece| piece.0).collect();
        assert_eq!(whole, ["8\u{2009}760 B, ", "--allow "]);
        let all: String = pieces(said).into_iter().map(|piece| piece.0).collect();
        assert_eq!(all, said);
        assert_eq!(pieces("took 117 B").last(), Some(&("117 B".to_string(), true)));
    }
}
