//! The live page against the practice internet: names looked up, mail sent and read, and the run
//! beside its twin.

use tests::axe;
use tests::browser::{Look, Tab};
use tests::lab::Lab;
use thirtyfour::Key;

/// A tab that is connected to a relay with its practice servers, at a task of the live page.
async fn at(task: &str, look: Look) -> (Lab, Tab) {
    allowed(task, look, &[]).await
}

/// The same, with a relay that was started with these arguments.
pub async fn allowed(task: &str, look: Look, arguments: &[&str]) -> (Lab, Tab) {
    let lab = Lab::start(arguments);
    let tab = Tab::open(look).await;
    tab.enter(&lab.url("/live")).await;
    tab.click("button", task).await;
    let connected = "document.querySelector('.standing').textContent.includes('Connected through')";
    tab.until("the relay is connected", connected).await;
    (lab, tab)
}

/// Types this into a field, over what stands there.
pub async fn fill(tab: &Tab, name: &str, text: &str) {
    let field = tab.role("textbox", name).await;
    field.send_keys(Key::Control + "a").await.expect("the field takes keys");
    field.send_keys(text).await.expect("the field takes keys");
}

/// Whether the page says this.
pub fn says(text: &str) -> String {
    format!("document.body.textContent.includes('{text}')")
}

#[tokio::test]
async fn a_name_is_looked_up_at_the_practice_server_forked_and_laid_beside_its_twin() {
    let (_lab, tab) = at("Names", Look::DESK).await;
    fill(&tab, "Name", "intranet.cs.test").await;
    tab.click("button", "Look up").await;
    tab.until("the answer is told", &says("says NOERROR to intranet.cs.test")).await;
    tab.until("the query is on the ladder", &says("A? intranet.cs.test")).await;
    tab.click("button", "Side by side").await;
    tab.until(
        "two messages are matched",
        "document.querySelectorAll('.beside tr[data-differs]').length === 2",
    )
    .await;
    let violations = axe::violations(&tab).await;
    assert!(violations.is_empty(), "{violations}");
    tab.click("button", "Side by side").await;
    tab.click("button", "Fork here").await;
    fill(&tab, "Name", "www.cs.test").await;
    tab.click("button", "Look up").await;
    tab.until("our own server answers", &says("to www.cs.test")).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn mail_is_sent_and_read_by_its_recipient_and_no_password_is_kept() {
    let (_lab, tab) = at("Mail", Look::DESK).await;
    fill(&tab, "Subject", "From a tab").await;
    tab.click("button", "Send").await;
    tab.until("the server has taken it", &says("submitted mail 1")).await;
    fill(&tab, "User", "bob").await;
    tab.role("textbox", "Password").await.send_keys("bob-secret").await.expect("keys");
    tab.click("button", "Open mailbox").await;
    tab.until("the mailbox is open", &says("maildrop 2 messages")).await;
    fill(&tab, "Message", "2").await;
    tab.click("button", "Retrieve").await;
    tab.until("the mail is here", &says("From a tab")).await;
    tab.click("button", "Quit").await;
    tab.until("the mailbox is closed", &says("maildrop closed")).await;
    let kept = "Object.keys(localStorage).map(key => localStorage[key]).join(' ') + location.href";
    let kept = tab.value(kept).await;
    assert!(!kept.as_str().expect("text").contains("bob-secret"), "{kept}");
    tab.click("button", "Side by side").await;
    tab.until(
        "rows are matched",
        "document.querySelectorAll('.beside tr[data-differs]').length > 10",
    )
    .await;
    let violations = axe::violations(&tab).await;
    assert!(violations.is_empty(), "{violations}");
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}
