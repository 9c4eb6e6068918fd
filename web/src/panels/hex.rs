//! Bytes as a table: offset, hexadecimal, text; each byte in the colour of its field.

use protocols::wire::Note;
use yew::prelude::*;

/// What the table is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The bytes.
    pub bytes: std::rc::Rc<Vec<u8>>,
    /// Their fields; those of depth 0 give the colours.
    pub notes: std::rc::Rc<Vec<Note>>,
    /// The field that is lit, by its index.
    pub lit: Option<usize>,
    /// A run of bytes that broke a rule.
    #[prop_or_default]
    pub wrong: Option<(usize, usize)>,
    /// Called with the field of the byte that is pointed at or clicked.
    pub onlight: Callback<Option<usize>>,
    /// Called with the field of the byte that is clicked.
    pub onpick: Callback<Option<usize>>,
}

/// The table of bytes.
#[component]
pub fn Hex(props: &Props) -> Html {
    let more = use_state_eq(|| false);
    let count = props.bytes.len();
    let limit = if *more { count } else { count.min(FIRST_BYTES) };
    let owners = use_memo((props.notes.clone(), count), |(notes, count)| owners(notes, *count));
    let rows = (0..limit).step_by(ROW_BYTES);
    let onmore = {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| more.set(true))
    };
    html! {
        <div class="hex" onmouseleave={props.onlight.reform(|_| None)}>
            <div class="rows" role="img"
                aria-label={format!("{count} bytes; the fields above say the same")}>
                { for rows.map(|start| row(props, &owners, start, limit)) }
            </div>
            if limit < count {
                <button class="button small" onclick={onmore}>
                    { format!("Show the other {}", crate::draw::units::bytes(count - limit)) }
                </button>
            }
        </div>
    }
}

fn row(props: &Props, owners: &[Option<usize>], start: usize, limit: usize) -> Html {
    let end = (start + ROW_BYTES).min(limit);
    // A field is lit with all that it consists of.
    let lit = props.lit.and_then(|lit| props.notes.get(lit));
    let lit = lit.map(|note| (note.span.start, note.span.end));
    let cells = |text: bool| -> Html {
        (start..end)
            .map(|at| {
                let byte = props.bytes.get(at).copied().unwrap_or_default();
                let owner = owners.get(at).copied().flatten();
                let words = if text { printable(byte) } else { format!("{byte:02x}") };
                let wrong = props.wrong.is_some_and(|(from, to)| from <= at && at < to);
                let class = classes!(
                    lit.is_some_and(|(from, to)| from <= at && at < to).then_some("lit"),
                    wrong.then_some("wrong")
                );
                let style = owner.map(|owner| format!("--fc:var(--f{})", owner % COLOURS));
                let light = props.onlight.reform(move |_: MouseEvent| owner);
                let pick = props.onpick.reform(move |_: MouseEvent| owner);
                html! { <i key={at} {class} {style} onmouseenter={light}
                onclick={pick}>{ words }</i> }
            })
            .collect()
    };
    html! {
        <div key={start} class="row">
            <span class="off">{ format!("{start:04x}") }</span>
            <span class="hexes">{ cells(false) }</span>
            <span class="chars">{ cells(true) }</span>
        </div>
    }
}

/// For each byte the index of its field: of the deepest that has something to say.
pub fn owners(notes: &[Note], count: usize) -> Vec<Option<usize>> {
    let mut owners = vec![None; count];
    for depth in 0..=DEEPEST {
        for (index, note) in notes.iter().enumerate() {
            if note.depth == depth && !note.value.is_empty() {
                let cells = owners.get_mut(note.span.start..note.span.end.min(count));
                cells.into_iter().flatten().for_each(|owner| *owner = Some(index));
            }
        }
    }
    owners
}

fn printable(byte: u8) -> String {
    match byte {
        b' '..=b'~' => char::from(byte).to_string(),
        _ => "\u{b7}".to_string(),
    }
}

/// How many colours fields take in turn.
pub const COLOURS: usize = 6;
/// Notes nested deeper than this are shown in the colour of what holds them.
const DEEPEST: u8 = 7;
const ROW_BYTES: usize = 8;
/// A long message is shown up to here at first.
const FIRST_BYTES: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use protocols::wire::Span;

    #[test]
    fn a_byte_belongs_to_the_deepest_field_that_says_something() {
        let note = |start, end, depth, value: &str| Note {
            span: Span::new(start, end),
            name: "x".into(),
            value: value.into(),
            depth,
            rule: None,
        };
        let notes = [note(0, 6, 0, "whole"), note(2, 4, 1, "part"), note(4, 6, 1, "")];
        let owned = owners(&notes, 8);
        let expected = [Some(0), Some(0), Some(1), Some(1), Some(0), Some(0), None, None];
        assert_eq!(owned, expected);
    }
}
