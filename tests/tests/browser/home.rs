//! What a visitor meets first.

use tests::browser::{Look, Tab};
use tests::lab::Lab;

#[tokio::test]
async fn the_start_page_has_one_heading_of_the_first_rank() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.enter(&lab.url("/")).await;
    assert_eq!(tab.value("document.querySelectorAll('h1').length").await, 1);
    tab.close().await;
}

#[tokio::test]
async fn real_text_is_there_before_the_program_is() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    let blocked = serde_json::json!({ "urls": ["*.wasm"] });
    tab.devtools("Network.enable", serde_json::json!({})).await;
    tab.devtools("Network.setBlockedURLs", blocked).await;
    tab.goto(&lab.url("/")).await;
    let text = tab.text().await;
    assert!(text.contains("Wirelab"), "the shell reads {text:?}");
    tab.close().await;
}
