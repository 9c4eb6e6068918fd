//! After the first visit the lab needs nobody: not the network, and not its own program's luck.

use tests::axe;
use tests::browser::{Look, Tab};
use tests::lab::{Lab, lessons};

#[tokio::test]
async fn after_the_first_visit_every_page_opens_without_a_network() {
    let mut lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.enter(&lab.url("/")).await;
    // The list is kept last, when everything on it is there.
    let kept = tab.run_async(
        "const done = arguments[arguments.length - 1];
         const look = async () => (await caches.match('/files.json'))
            ? done('kept') : setTimeout(look, 50);
         navigator.serviceWorker.ready.then(look);",
    );
    assert_eq!(kept.await, "kept");
    let pages: Vec<String> = crate::looks::pages().iter().map(|page| lab.url(page)).collect();
    lab.stop();
    for page in pages {
        tab.enter(&page).await;
    }
    assert!(!lessons().is_empty());
    tab.close().await;
}

#[tokio::test]
async fn a_crash_is_told_and_the_run_is_kept() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.enter(&lab.url("/")).await;
    tab.run("window.wirelabPanic('a test made this up')").await;
    let dialog = tab.role("alertdialog", "The lab has stopped").await;
    let says = dialog.text().await.expect("text");
    assert!(says.contains("What the program said"), "{says}");
    assert_eq!(axe::violations(&tab).await, "");
    tab.click("button", "Go on from there").await;
    tab.until("the page is back", "!document.getElementById('crash')").await;
    tab.close().await;
}

#[tokio::test]
async fn a_part_that_does_not_arrive_is_told_and_comes_when_asked_again() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.devtools("Network.enable", serde_json::json!({})).await;
    let blocked = serde_json::json!({ "urls": ["*/http-*.wasm"] });
    tab.devtools("Network.setBlockedURLs", blocked).await;
    tab.enter(&lab.url("/lesson/http-messages")).await;
    let text = tab.text().await;
    assert!(text.contains("This page did not arrive"), "{text}");
    assert_eq!(axe::violations(&tab).await, "");
    tab.devtools("Network.setBlockedURLs", serde_json::json!({ "urls": [] })).await;
    tab.click("button", "Try again").await;
    tab.until("the lesson is there", "!!document.querySelector('.bench .ladder')").await;
    tab.close().await;
}

#[tokio::test]
async fn an_overlay_comes_with_its_machines_or_is_missed_with_them_until_asked_again() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    tab.devtools("Network.enable", serde_json::json!({})).await;
    let blocked = serde_json::json!({ "urls": ["*/tables-*.wasm"] });
    tab.devtools("Network.setBlockedURLs", blocked).await;
    tab.enter(&lab.url("/lesson/dht-ring")).await;
    tab.role("heading", "This page did not arrive").await;
    assert_eq!(axe::violations(&tab).await, "");
    tab.devtools("Network.setBlockedURLs", serde_json::json!({ "urls": [] })).await;
    tab.click("button", "Try again").await;
    tab.until("the lesson is there", "!!document.querySelector('.bench')").await;
    tab.click("button", "Overlay").await;
    tab.until("the overlay is there", "!!document.querySelector('.overlay canvas')").await;
    tab.close().await;
}
