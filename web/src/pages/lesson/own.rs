//! A teacher's own lesson in the address. Nobody else has its file, so that its links carry a mark:
//! who opens one elsewhere is asked for the file first.

use course::Lesson;
use yew::prelude::*;

use crate::browser;
use crate::draw::icon::{Icon, icon};
use crate::panels::{Header, choose};
use crate::state::{lessons, store};

/// Marks the address of a lesson that was opened from a file, and no other.
#[hook]
pub fn use_mark(id: &AttrValue) {
    use_effect_with(id.clone(), |id| {
        if lessons::is_own(id) && !is_marked() {
            browser::set_search(MARK);
        }
    });
}

/// Whether the address is one of a lesson that is kept in a file.
pub fn is_marked() -> bool {
    browser::window().location().search().is_ok_and(|search| search == MARK)
}

/// Whether the address is one of a lesson of this id that is kept in a file, and this browser has
/// not been given the file.
pub fn is_wanted(id: &str) -> bool {
    is_marked() && !lessons::is_own(id)
}

/// What is said once the link to a moment of a lesson is on the clipboard.
pub fn copied() -> &'static str {
    match is_marked() {
        true => {
            "The link to this very moment is on the clipboard. This lesson comes from your file: \
             send the file along, for others must open it first."
        }
        false => "The link to this very moment is on the clipboard.",
    }
}

/// Reads a lesson file, keeps it and goes to the lesson: to the run of the link, if one waits for
/// this lesson.
///
/// # Errors
/// What is wrong with the file and where, or that the link is to another lesson.
pub fn take_up(text: &str) -> Result<(), String> {
    let id = Lesson::read(text).map_err(|why| why.to_string())?.id;
    let location = browser::window().location();
    let path = location.pathname().unwrap_or_default();
    let wanted = path.strip_prefix(FOLDER).filter(|id| is_wanted(id));
    if let Some(other) = wanted.filter(|wanted| *wanted != id) {
        return Err(format!("This is the lesson {id}. The link is to the lesson {other}."));
    }
    store::save_lesson_file(text);
    // A new page, so that nothing of an earlier version of the lesson is left.
    let _ = match wanted {
        Some(_) => location.reload(),
        None => location.set_href(&format!("{FOLDER}{id}{MARK}")),
    };
    Ok(())
}

/// What is told to who has to open the file first.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The lesson's id.
    pub id: AttrValue,
}

/// The page for links to lessons that others keep in a file.
#[component]
pub fn Wanted(props: &Props) -> Html {
    use_effect_with((), |()| {
        browser::title("A lesson in a file \u{b7} Wirelab");
        browser::interactive();
    });
    let also_ours = course::lesson(&props.id).is_some();
    html! {
        <div class="page">
            <Header crumbs={vec![AttrValue::from("A lesson in a file")]} />
            <main id="main" class="plain">
                <p class="kicker">{ "The file comes first" }</p>
                <h1>{ "This link is to a lesson that its teacher keeps in a file" }</h1>
                <p>
                    { "The lesson " }<code>{ &props.id }</code>
                    { ", as it is meant here, does not come with the lab. Open its file in this \
                       browser; then the run of the link goes on." }
                </p>
                <p><button class="button main" onclick={|_: MouseEvent| choose()}>
                    { icon(Icon::Book) }{ "Open the lesson file" }</button></p>
                if also_ours {
                    <p><a href={format!("{FOLDER}{}", props.id)}>
                        { "To the lab's own lesson of this name" }</a></p>
                }
            </main>
        </div>
    }
}

/// The mark.
const MARK: &str = "?file";
/// Where lessons are.
const FOLDER: &str = "/lesson/";
