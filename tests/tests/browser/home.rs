//! What a visitor meets first.

use tests::browser::{Look, Tab};
use tests::lab::Lab;

#[tokio::test]
async fn the_first_page_has_one_heading_and_says_nothing_on_the_console() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    tab.goto(&lab.url("/")).await;
    tab.role("heading", "Wirelab").await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}
