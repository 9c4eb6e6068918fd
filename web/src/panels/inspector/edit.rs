//! The editor for a flight on its way: its bytes as text or as hexadecimal.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// What the editor is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The flight's bytes as they are.
    pub payload: Vec<u8>,
    /// Called with the bytes that are to arrive instead.
    pub ondeliver: Callback<Vec<u8>>,
    /// Called when nothing is to be changed.
    pub close: Callback<()>,
}

/// The two ways to write bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Text,
    Hex,
}

/// The editor.
#[component]
pub fn Edit(props: &Props) -> Html {
    let way = use_state_eq(|| if is_text(&props.payload) { Way::Text } else { Way::Hex });
    let draft = use_state_eq(|| written(&props.payload, *way));
    let bytes = read(&draft, *way);
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            draft.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let turn = |to: Way, label: &'static str| {
        let (way, draft, bytes) = (way.clone(), draft.clone(), bytes.clone());
        let pressed = *way == to;
        let possible = bytes.as_ref().is_ok_and(|bytes| to == Way::Hex || is_text(bytes));
        html! {
            <button aria-pressed={pressed.to_string()} disabled={!possible && !pressed}
                onclick={move |_| {
                    if let Ok(bytes) = &bytes {
                        draft.set(written(bytes, to));
                        way.set(to);
                    }
                }}>{ label }</button>
        }
    };
    let deliver = {
        let (bytes, ondeliver, close) =
            (bytes.clone(), props.ondeliver.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            if let Ok(bytes) = &bytes {
                ondeliver.emit(bytes.clone());
                close.emit(());
            }
        })
    };
    let says = match &bytes {
        Ok(bytes) if *bytes == props.payload => "Nothing is changed yet.".to_string(),
        Ok(bytes) => format!("{} bytes instead of {}", bytes.len(), props.payload.len()),
        Err(wrong) => wrong.clone(),
    };
    html! {
        <div class="edit">
            <div class="seg small" role="group" aria-label="Write as">
                { turn(Way::Text, "Text") }{ turn(Way::Hex, "Hex") }
            </div>
            <textarea rows="9" spellcheck="false" aria-label="The bytes that arrive"
                aria-describedby="edit-says" value={draft.to_string()} {oninput} />
            <p id="edit-says" class="mute" role="status">{ says }</p>
            <p class="row">
                <button class="button main small" onclick={deliver} disabled={bytes.is_err()}>
                    { "Let this arrive" }</button>
                <button class="button small"
                    onclick={props.close.reform(|_| ())}>{ "Leave it" }</button>
            </p>
        </div>
    }
}

/// Whether bytes survive being written as text: ASCII, and line ends of CR LF only.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let plain = text.chars().all(|c| !c.is_control() || c == '\r' || c == '\n' || c == '\t');
    plain && text.replace("\r\n", "").find(['\r', '\n']).is_none()
}

fn written(bytes: &[u8], way: Way) -> String {
    match way {
        Way::Text => String::from_utf8_lossy(bytes).replace("\r\n", "\n"),
        Way::Hex => {
            let rows = bytes.chunks(16).map(|row| {
                row.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
            });
            rows.collect::<Vec<_>>().join("\n")
        }
    }
}

/// The bytes that a draft means, or what is wrong with it.
fn read(draft: &str, way: Way) -> Result<Vec<u8>, String> {
    match way {
        Way::Text => Ok(draft.replace('\n', "\r\n").into_bytes()),
        Way::Hex => {
            let digits: Vec<char> = draft.chars().filter(|c| !c.is_whitespace()).collect();
            if let Some(wrong) = digits.iter().find(|c| !c.is_ascii_hexdigit()) {
                return Err(format!("\u{201c}{wrong}\u{201d} is no hexadecimal digit."));
            }
            if digits.len() % 2 == 1 {
                return Err("One digit is missing: a byte has two.".to_string());
            }
            let value = |digit: &char| digit.to_digit(16).unwrap_or_default() as u8;
            let pairs = digits.as_chunks::<2>().0;
            Ok(pairs.iter().map(|[high, low]| value(high) * 16 + value(low)).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_to_the_same_bytes() {
        let texts: [&[u8]; 3] = [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"", b"one line"];
        for bytes in texts {
            assert!(is_text(bytes));
            assert_eq!(read(&written(bytes, Way::Text), Way::Text).as_deref(), Ok(bytes));
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&written(&all, Way::Hex), Way::Hex), Ok(all.clone()));
        assert!(!is_text(&all) && !is_text(b"a\nb") && !is_text(b"a\rb"));
    }

    #[test]
    fn a_wrong_draft_says_what_is_wrong() {
        assert!(read("4g", Way::Hex).unwrap_err().contains('g'));
        assert!(read("474", Way::Hex).unwrap_err().contains("missing"));
    }
}
