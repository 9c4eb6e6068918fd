//! The overlay of a lesson: drawn on a canvas however many nodes there are, told in words, and
//! walked about in by keyboard.

use tests::axe;
use tests::browser::{Look, Tab};
use tests::lab::Lab;
use thirtyfour::Key;

#[tokio::test]
async fn the_page_does_not_grow_with_the_nodes_of_an_overlay() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    let few = elements(&tab, &lab, "Scene 1", "10 nodes").await;
    let many = elements(&tab, &lab, "Scene 6", "1\u{2009}000 nodes").await;
    assert!(many <= few + MORE_FOR_PLOTS, "{few} elements for 10 nodes, {many} for 1000");
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn a_node_is_chosen_and_a_lookup_followed_by_keys_alone_and_told_in_tables() {
    let lab = Lab::start(&[]);
    for look in [Look::DESK.still(), Look::PHONE.dark()] {
        let tab = Tab::open(look).await;
        open(&tab, &lab, "Scene 3", "10 nodes").await;
        tab.tab_to("application", "Ring of 10 nodes").await;
        tab.press(Key::Right + "").await;
        tab.until("the first node is told", &heard("N1. Identifier 1, a member")).await;
        tab.press(Key::Right + "").await;
        tab.until("and the next one", &heard("N8. Identifier 8, a member")).await;
        tab.press(Key::Enter + "").await;
        tab.until("it is selected", "document.querySelector('.chip')?.ariaLabel === 'N8'").await;
        tab.press(Key::Down + "").await;
        tab.until("whom it knows is told", &heard("predecessor of N8. N1.")).await;
        tab.tab_to("button", "Tables").await;
        tab.press(Key::Enter + "").await;
        tab.until("its fingers are listed", &reads(".overlay-tables", "finger +32")).await;
        tab.tab_to("button", "Ask: lookup").await;
        tab.press(Key::Enter + "").await;
        tab.until("the lookup is over", &reads(".overlay-status .way", "is at N")).await;
        tab.until("its hops are listed", &reads(".overlay-tables", "N8 asks: lookup song.mp3"))
            .await;
        let violations = axe::violations(&tab).await;
        assert!(violations.is_empty(), "{violations}");
        let sideways = "document.documentElement.scrollWidth <= window.innerWidth";
        assert_eq!(tab.value(sideways).await, true, "the page does not scroll sideways");
        assert_eq!(tab.complaints().await, Vec::<String>::new());
        tab.close().await;
    }
}

/// How many elements the run's part of the page has with this scene's overlay.
async fn elements(tab: &Tab, lab: &Lab, scene: &str, nodes: &str) -> u64 {
    open(tab, lab, scene, nodes).await;
    let count = tab.value("document.querySelectorAll('.stage *').length").await;
    count.as_u64().expect("a number")
}

/// Opens the overlay of a scene, which has so many nodes.
async fn open(tab: &Tab, lab: &Lab, scene: &str, nodes: &str) {
    tab.enter(&lab.url("/lesson/dht-ring")).await;
    tab.click("button", scene).await;
    if tab.has("tab", "Run").await {
        tab.click("tab", "Run").await;
    }
    tab.click("button", "Overlay").await;
    tab.until("the nodes are counted", &reads(".overlay-status", nodes)).await;
}

/// Whether an element reads so.
fn reads(selector: &str, text: &str) -> String {
    format!("document.querySelector('{selector}')?.innerText.includes('{text}')")
}

/// Whether this has been said to those who do not see the picture.
fn heard(text: &str) -> String {
    format!("document.getElementById('heard').textContent.includes('{text}')")
}

/// Marks and sentences of the plots differ in number from scene to scene.
const MORE_FOR_PLOTS: u64 = 40;
