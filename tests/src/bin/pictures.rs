//! `make pictures`: a photograph of every page, at two widths and in two themes, to be looked at;
//! of a lesson, also with its first cue played.

use tests::browser::{Look, Tab};
use tests::lab::{Lab, lessons, root};

#[tokio::main]
async fn main() {
    let lab = Lab::start(&[]);
    let mut pages =
        vec![("home".to_owned(), "/".to_owned()), ("live".to_owned(), "/live".to_owned())];
    pages.extend(lessons().into_iter().map(|id| (id.clone(), format!("/lesson/{id}"))));
    for (width, look) in [("1440", Look::DESK), ("390", Look::PHONE)] {
        for (theme, look) in [("light", look), ("dark", look.dark())] {
            let tab = Tab::open(look.still()).await;
            for (name, path) in &pages {
                tab.enter(&lab.url(path)).await;
                let file = root().join(format!("tests/pictures/{name}-{width}-{theme}.png"));
                tab.picture(&file).await;
                println!("{}", file.display());
                if path.starts_with("/lesson/") && played(&tab).await {
                    let file = file.with_file_name(format!("{name}-played-{width}-{theme}.png"));
                    tab.picture(&file).await;
                    println!("{}", file.display());
                }
            }
            live(&lab, &tab, &format!("{width}-{theme}")).await;
            tab.close().await;
        }
    }
}

/// Plays the first cue of a lesson to its end; whether there is one.
async fn played(tab: &Tab) -> bool {
    let cue = "document.querySelector('.acts .button.main')";
    if tab.value(&format!("!{cue}")).await == true {
        return false;
    }
    let quick = "const speed = document.querySelector('select.speed');
        const quick = [...speed.options].findIndex(option => option.value === '16');
        if (quick >= 0) {
            speed.selectedIndex = quick;
            speed.dispatchEvent(new Event('change', { bubbles: true }));
        }";
    tab.run(quick).await;
    tab.run(&format!("{cue}.click()")).await;
    let holds = "document.querySelector('.transport .play').title.startsWith('Play')";
    tab.until("the run holds", &format!("{MOMENT} > 0 && {holds}")).await;
    true
}

/// The live page in the middle of looking a name up and of sending and reading mail, and beside
/// the twin.
async fn live(lab: &Lab, tab: &Tab, look: &str) {
    let take = async |name: &str| {
        let file = root().join(format!("tests/pictures/live-{name}-{look}.png"));
        tab.picture(&file).await;
        println!("{}", file.display());
    };
    let says = |text: &str| format!("document.body.textContent.includes('{text}')");
    let connected = "document.querySelector('.standing').textContent.includes('Connected through')";
    tab.enter(&lab.url("/live")).await;
    tab.click("button", "Names").await;
    tab.until("the relay is connected", connected).await;
    take("names-form").await;
    tab.click("button", "Look up").await;
    tab.until("the answer is told", &says("says NOERROR")).await;
    take("names").await;
    tab.click("button", "Side by side").await;
    take("names-beside").await;
    tab.enter(&lab.url("/live")).await;
    tab.click("button", "Mail").await;
    tab.until("the relay is connected", connected).await;
    take("mail-form").await;
    let password = tab.role("textbox", "Password").await;
    password.send_keys("alice-secret").await.expect("the field takes keys");
    tab.click("button", "Send").await;
    tab.until("the server has taken it", &says("submitted mail 1")).await;
    take("mail").await;
    tab.click("button", "Side by side").await;
    take("mail-beside").await;
}

/// How far the run has come.
const MOMENT: &str = "Number(document.querySelector('input[aria-label=Moment]').value)";
