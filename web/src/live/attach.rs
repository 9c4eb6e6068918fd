//! A file from the student's own disk that goes with a mail.

use js_sys::Uint8Array;
use protocols::mime::Attachment;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::draw::unbroken::unbroken;
use crate::draw::units;

/// The row of the form: a file can be chosen, and what was chosen left out again. A file that
/// cannot go is told by a sentence.
pub fn own_file(
    chosen: Option<&Attachment>,
    on: &Callback<Result<Option<Attachment>, String>>,
) -> Html {
    let onchange = {
        let on = on.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                let on = on.clone();
                spawn_local(async move { on.emit(read(&file).await.map(Some)) });
            }
            // So that the same file can be chosen again.
            input.set_value("");
        })
    };
    let onclick = on.reform(|_: MouseEvent| Ok(None));
    html! {
        <>
            <div class="knob-row">
                <label for="post-own">{ "Your file" }</label>
                <input id="post-own" type="file" aria-describedby="post-own-says" {onchange} />
            </div>
            <p id="post-own-says" class="small" role="status">
                if let Some(file) = chosen {
                    { unbroken(&format!("{}, {}, goes with the mail. ", file.name,
                        units::bytes(file.bytes.len()))) }
                    <button class="button small" type="button" {onclick}>{ "Leave it out" }</button>
                } else {
                    { unbroken(&format!("From your disk, at most {}.", units::bytes(MOST_BYTES))) }
                }
            </p>
        </>
    }
}

async fn read(file: &File) -> Result<Attachment, String> {
    let name = file.name();
    if file.size() > MOST_BYTES as f64 {
        return Err(format!(
            "{name} has {}; at most {} go with a mail here.",
            units::bytes(file.size() as usize),
            units::bytes(MOST_BYTES)
        ));
    }
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
        return Err(format!("The browser could not read {name}."));
    };
    let bytes = Uint8Array::new(&buffer).to_vec().into();
    // A browser that does not know says nothing; a mail has to say something (RFC 2046
    // section 4.5.1). What it says beside the type, such as a charset, is left out.
    let said = file.type_();
    let media_type = said.split(';').next().map(str::trim).filter(|said| said.contains('/'));
    let media_type = media_type.unwrap_or("application/octet-stream").to_string();
    Ok(Attachment { name, media_type, bytes })
}

/// Every step of the run keeps what it sent, and the ladder shows each segment: with more, a
/// phone's tab would be slow and its student lost.
const MOST_BYTES: usize = 250_000;
