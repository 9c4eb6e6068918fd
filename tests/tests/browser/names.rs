//! A lesson on datagrams: a question that waits for one is asked when it was sent, and a button
//! that opens one finds it.

use tests::browser::{Look, Tab};
use tests::lab::Lab;

#[tokio::test]
async fn a_question_waits_for_a_datagram_and_a_button_opens_the_answer_to_it() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    tab.enter(&lab.url("/lesson/dns-lookup")).await;
    tab.click("button", "Next scene").await;
    tab.until("the scene is there", &says("What a question is made of")).await;
    tab.click("button", "Ask the department's server").await;
    tab.until("the run holds at the question", &says("the question is waiting")).await;
    tab.click("button", "Label by label, once more").await;
    tab.until("the machine has judged", &says("Compression is allowed, not required.")).await;
    tab.run("document.activeElement.blur()").await;
    tab.press(" ").await;
    tab.until("the goal is reached", "document.querySelectorAll('.goals .done').length === 1")
        .await;
    tab.click("button", "Open the answer").await;
    let opened = "document.querySelector('.message h2').textContent.startsWith('www.cs.test A')";
    tab.until("the answer is opened", opened).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn the_button_for_the_resolvers_memory_opens_the_resolvers_memory() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    tab.enter(&lab.url("/lesson/dns-lookup")).await;
    for scene in ["What a question is made of", "Let somebody else walk", "Nobody is asked twice"] {
        tab.click("button", "Next scene").await;
        tab.until(scene, &says(scene)).await;
    }
    tab.click("button", "Look into the resolver's memory").await;
    let table = "[...document.querySelectorAll('.memory')].find(
        table => table.getAttribute('aria-label') === 'cache')";
    tab.until("the cache is there", &format!("{table}?.innerText.includes('10.0.2.80')")).await;
    assert_eq!(tab.value(&format!("{table}.innerText.includes('authoritative')")).await, true);
    tab.close().await;
}

fn says(text: &str) -> String {
    format!("document.body.textContent.includes({text:?})")
}
