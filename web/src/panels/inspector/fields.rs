//! The fields of a message, each a button that lights its bytes.

use protocols::wire::Note;
use yew::prelude::*;

use crate::panels::hex::COLOURS;

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
