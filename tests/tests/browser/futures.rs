//! A host switched off and on by the keyboard.

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
