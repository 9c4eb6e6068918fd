//! A host switched off and on by the keyboard, and two futures of a run side by side.

use tests::axe;
use tests::browser::{Look, Tab};
use tests::lab::Lab;
use thirtyfour::Key;

#[tokio::test]
async fn a_host_is_switched_off_and_on_by_keys_and_says_so() {
    let lab = Lab::start(&[]);
    let tab = in_the_middle_of_a_mail(&lab, Look::DESK.still()).await;
    tab.tab_to("button", "mx1.b.test").await;
    tab.press(Key::Enter + "").await;
    tab.tab_to("button", "Switch off").await;
    tab.press(Key::Enter + "").await;
    tab.until("it is off", "document.querySelector('.chip').innerText.includes('switched off')")
        .await;
    tab.until("the State tab says so", &says("It is switched off. Its connections are gone."))
        .await;
    tab.tab_to("button", "Switch on").await;
    tab.press(Key::Enter + "").await;
    tab.until("it is on", "document.querySelector('.chip').innerText.includes('is on')").await;
    tab.until("the State tab shows it", &says("It is Idle.")).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn the_future_that_was_left_is_laid_beside_the_one_that_came_instead() {
    for look in [Look::DESK, Look::DESK.dark(), Look::PHONE] {
        let lab = Lab::start(&[]);
        let tab = in_the_middle_of_a_mail(&lab, look.still()).await;
        assert!(!tab.has("button", "Side by side").await, "there is one future only");
        tab.click("button", "mx1.b.test 10.0.2.25").await;
        tab.click("button", "Switch off").await;
        tab.run("document.activeElement.blur()").await;
        for _ in 0..STEPS_ON {
            tab.press(Key::Right + "").await;
        }
        tab.click("button", "Side by side").await;
        tab.until("they part", "!!document.querySelector('.beside .parting')").await;
        let parting = tab.value("document.querySelector('.parting').innerText").await;
        let parting = parting.as_str().unwrap_or_default();
        assert!(parting.contains("On the left, mx1.b.test is switched off"), "{parting}");
        let (same, differing) = (rows("false"), rows("true"));
        assert_eq!(tab.value(&same).await, 0, "the common past is folded away");
        let alone = tab.value(&differing).await;
        assert!(alone.as_u64() > Some(10), "{alone} rows are of the future that was left");
        tab.click("button", "messages are common to both").await;
        tab.until("the past is unfolded", &format!("{same} > 10")).await;
        assert_eq!(tab.value(&differing).await, alone);
        let violations = axe::violations(&tab).await;
        assert!(violations.is_empty(), "{violations}");
        let below = "document.scrollingElement.scrollHeight - innerHeight";
        assert_eq!(tab.value(below).await, 0, "the page is as high as the window");
        tab.click("button", "Side by side").await;
        tab.until("the ladder is back", "!!document.querySelector('.stage .ladder')").await;
        assert_eq!(tab.complaints().await, Vec::<String>::new());
        tab.close().await;
    }
}

#[tokio::test]
async fn a_segment_without_a_message_is_dropped_and_every_message_after_it_comes_later() {
    let lab = Lab::start(&[]);
    let tab = in_the_middle_of_a_mail(&lab, Look::DESK.still()).await;
    // Back to where mx1.b.test has just answered.
    for _ in 0..STEPS_TO_THE_ANSWER {
        tab.press(Key::Right + "").await;
    }
    tab.click("button", "SYN ACK , from mx1.b.test to mail.a.test").await;
    tab.click("button", "Drop").await;
    tab.run("document.activeElement.blur()").await;
    tab.press(" ").await;
    tab.until("it is sent again", &format!("{HOLDS} && {}", says("sent again"))).await;
    tab.click("button", "Side by side").await;
    tab.until("they part", "!!document.querySelector('.beside .parting')").await;
    let told = tab.value("document.querySelector('.beside').innerText").await;
    let told = told.as_str().unwrap_or_default();
    assert!(told.starts_with("Every message is the same in both."), "{told}");
    assert!(told.contains("you drop SYN ACK on its way"), "{told}");
    let after = tab.value(&rows("false")).await;
    let later = told.matches("1.00 s later").count() as u64;
    assert_eq!(after.as_u64(), Some(later), "{told}");
    assert!(later > 10, "{told}");
    tab.close().await;
}

/// How many rows of the table differ, or do not.
fn rows(differ: &str) -> String {
    format!("document.querySelectorAll('.beside tr[data-differs={differ}]').length")
}

/// A tab in which Alice's mail has been sent, looked back at from before it reaches mx1.b.test.
async fn in_the_middle_of_a_mail(lab: &Lab, look: Look) -> Tab {
    let tab = Tab::open(look).await;
    tab.enter(&lab.url("/lesson/mail-way")).await;
    tab.run(
        "const speed = document.querySelector('select.speed');
         speed.selectedIndex = speed.options.length - 1;
         speed.dispatchEvent(new Event('change', { bubbles: true }));",
    )
    .await;
    tab.click("button", "Alice writes").await;
    tab.until("the mail is stored", &format!("{STEPS} > 20 && {HOLDS}")).await;
    tab.run("document.activeElement.blur()").await;
    for _ in 0..STEPS_BACK {
        tab.press(Key::Left + "").await;
    }
    tab
}

fn says(text: &str) -> String {
    format!("document.body.textContent.includes('{text}')")
}

/// How many entries there are.
const STEPS: &str = "Number(document.querySelector('input[aria-label=Moment]').max)";

/// Whether the run does not play.
const HOLDS: &str = "document.querySelector('.transport .play').title.startsWith('Play')";

/// So many steps before the end of the mail's way, mail.a.test has not reached mx1.b.test yet.
const STEPS_BACK: u32 = 16;

/// So many steps later it has answered.
const STEPS_TO_THE_ANSWER: u32 = 2;

/// So many steps after it went off, the first SYN to it has been sent once more.
const STEPS_ON: u32 = 8;
