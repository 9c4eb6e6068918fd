//! A lesson by the keyboard alone.

use tests::browser::{Look, Tab};
use tests::lab::Lab;
use thirtyfour::Key;

#[tokio::test]
async fn a_lesson_is_found_opened_played_rewound_answered_and_left_by_keys_alone() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    tab.enter(&lab.url("/")).await;
    tab.tab_to("link", "One connection or many").await;
    tab.press(Key::Enter + "").await;
    tab.until("the lesson is there", "location.pathname === '/lesson/http-connections'").await;
    tab.role("heading", "Nine things, one after the other").await;

    tab.tab_to("textbox", "Your prediction").await;
    tab.press("18").await;
    tab.press(Key::Enter + "").await;
    tab.tab_to("button", "Visit the page").await;
    tab.press(Key::Enter + "").await;
    let end = played(&tab).await;
    assert!(end > 18, "only {end} steps were taken");

    tab.run("document.activeElement.blur()").await;
    tab.press(Key::Left + "").await;
    assert_eq!(step(&tab).await, end - 1);
    tab.press(Key::Home + "").await;
    assert_eq!(step(&tab).await, 0);
    tab.press(Key::Right + "").await;
    assert_eq!(step(&tab).await, 1);
    tab.press(Key::End + "").await;
    assert_eq!(step(&tab).await, end);

    tab.press("?").await;
    tab.role("dialog", "Keys").await;
    tab.press(Key::Escape + "").await;
    tab.tab_to("button", "Next scene").await;
    tab.press(Key::Enter + "").await;
    tab.role("heading", "Several at once").await;
    tab.close().await;
}

#[tokio::test]
async fn space_plays_after_a_click_on_a_cue_and_presses_it_after_tab_has_led_there() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    tab.goto(&lab.url("/lesson/http-connections")).await;
    tab.click("button", "Visit the page").await;
    let end = played(&tab).await;
    tab.press(" ").await;
    tab.press(Key::End + "").await;
    assert_eq!(step(&tab).await, end, "the cue was pressed once more");
    tab.press(Key::Home + "").await;
    tab.press(" ").await;
    assert_eq!(played(&tab).await, end, "the same run is played again");
    assert_eq!(tab.value("document.querySelectorAll('.branches button').length").await, 0);

    tab.run("document.querySelector('.question input').focus()").await;
    tab.tab_to("button", "Visit the page").await;
    tab.press(" ").await;
    let more = format!("document.querySelector('[aria-label=Moment]').max > {end}");
    tab.until("the page is visited once more", &more).await;
    tab.close().await;
}

/// Waits for a run that plays by itself, for as long as it goes on; how many entries it had.
async fn played(tab: &Tab) -> u64 {
    let over = "document.querySelector('.transport .play')?.disabled";
    tab.until("the run begins", "document.querySelector('[aria-label=Moment]').value > 0").await;
    let mut at = 0;
    while tab.value(&format!("!!{over}")).await != true {
        let further =
            format!("{over} || document.querySelector('[aria-label=Moment]').value > {at}");
        tab.until("the run goes on or is over", &further).await;
        at = step(tab).await;
    }
    step(tab).await
}

/// How many entries have happened, as the bar of time says it.
async fn step(tab: &Tab) -> u64 {
    let moment = tab.role("slider", "Moment").await;
    let value = moment.value().await.expect("a value").expect("a value");
    value.parse().expect("a number")
}
