//! The token of a run: whoever opens the page by the address that the relay printed gets to the
//! relay, and nobody else.

use tests::browser::{Look, Tab};
use tests::lab::Lab;

use crate::practice::says;

#[tokio::test]
async fn a_token_taken_on_the_start_page_leaves_the_address_and_lasts_as_long_as_the_tab() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.enter(&lab.url("/")).await;
    tab.until("the address can be shared", "location.hash === ''").await;
    tab.run("document.querySelector('a[href=\"/live\"]').click()").await;
    tab.until("the relay is connected", &says("Connected through ws://")).await;
    tab.run("location.reload()").await;
    tab.until("it is connected again", &says("Connected through ws://")).await;
    tab.enter(&lab.stranger("/live")).await;
    tab.until("and by the bare address", &says("Connected through ws://")).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn without_the_token_the_page_is_refused_and_says_which_address_to_open() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.enter(&lab.stranger("/live")).await;
    tab.until("the relay refuses", &says("The token is missing or wrong.")).await;
    tab.until("and says what to do", &says("the whole address that the relay printed")).await;
    // The printed address, entered in the same tab: nothing is loaded anew.
    let token = lab.url("");
    let (_, token) = token.split_once('#').expect("the address has the token");
    tab.run(&format!("location.hash = '{token}'")).await;
    tab.until("the token is taken", "location.hash === ''").await;
    tab.click("button", "Try again").await;
    tab.until("the relay is connected", &says("Connected through ws://")).await;
    tab.close().await;
}
