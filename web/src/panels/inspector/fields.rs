//! The fields of a message, each a button that lights its bytes.

use protocols::wire::Note;
use yew::prelude::*;

use crate::panels::hex::COLOURS;

/// The same notes, but that a field's name and content say nothing for themselves where the field
/// that they make up is called so and says so: three rows would say one thing.
pub fn without_echoes(notes: &[Note]) -> Vec<Note> {
    let mut told: Vec<Note> = notes.to_vec();
    let spoken: Vec<(usize, &Note)> =
        notes.iter().enumerate().filter(|(_, note)| !note.value.is_empty()).collect();
    for pair in spoken.windows(2) {
        let [(first, name), (second, content)] = pair else { continue };
        let before = notes.get(..*first).unwrap_or_default();
        let whole = before.iter().rfind(|note| note.depth < name.depth);
        let echoes = name.depth == content.depth
            && whole.is_some_and(|whole| name.value == *whole.name && content.value == whole.value);
        for at in [first, second].into_iter().filter(|_| echoes) {
            if let Some(note) = told.get_mut(*at) {
                note.value.clear();
            }
        }
    }
    told
}

/// The list of fields; those whose bytes speak for themselves are left to the table of bytes.
pub fn fields(
    notes: &[Note],
    lit: Option<usize>,
    picked: Option<usize>,
    onlight: &Callback<Option<usize>>,
    onpick: &Callback<Option<usize>>,
) -> Html {
    let shown = notes.iter().enumerate().filter(|(_, note)| !note.value.is_empty());
    html! {
        <ul class="fields" onmouseleave={onlight.reform(|_| None)}>
            { for shown.map(|(index, note)| {
                let light = onlight.reform(move |_: MouseEvent| Some(index));
                let pick = onpick.reform(move |_: MouseEvent| Some(index));
                let style = format!("--fc:var(--f{});--deep:{}", index % COLOURS, note.depth);
                html! {
                    <li key={index}>
                        <button class={(lit == Some(index)).then_some("lit")} {style}
                            aria-pressed={(picked == Some(index)).to_string()}
                            onmouseenter={light} onclick={pick}>
                            <span>{ note.name.to_string() }</span><b>{ &note.value }</b>
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocols::wire::Span;

    #[test]
    fn a_header_field_is_one_row_unless_its_parts_say_more() {
        let note = |depth, name: &'static str, value: &str| Note {
            span: Span::new(0, 1),
            name: name.into(),
            value: value.into(),
            depth,
            rule: None,
        };
        let notes = [
            note(0, "Subject", "Lunch"),
            note(1, "field-name", "Subject"),
            note(1, "colon", ""),
            note(1, "field-body", "Lunch"),
            note(0, "Content-Type", "text/plain"),
            note(1, "field-name", "Content-Type"),
            note(1, "field-body", "text/plain; charset=utf-8"),
        ];
        let told = without_echoes(&notes);
        let says: Vec<bool> = told.iter().map(|note| !note.value.is_empty()).collect();
        assert_eq!(says, [true, false, false, false, true, true, true]);
    }
}
