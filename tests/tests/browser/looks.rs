//! Every page in both themes and at both widths: no barrier, no sideways scroll, no complaint.

use tests::axe;
use tests::browser::{Look, Tab};
use tests::lab::{Lab, lessons};

#[tokio::test]
async fn axe_finds_no_violation_on_any_page_in_daylight() {
    no_violation(Look::DESK).await;
}

#[tokio::test]
async fn axe_finds_no_violation_on_any_page_at_night() {
    no_violation(Look::DESK.dark()).await;
}

#[tokio::test]
async fn axe_finds_no_violation_on_a_telephone() {
    no_violation(Look::PHONE).await;
    no_violation(Look::PHONE.dark()).await;
}

#[tokio::test]
async fn no_page_scrolls_sideways_at_360_to_2560_pixels() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::PHONE).await;
    for width in [360, 390, 768, 1024, 1440, 2560] {
        tab.look(Look { width, ..Look::DESK }).await;
        for path in pages() {
            tab.enter(&lab.url(&path)).await;
            let over =
                "document.scrollingElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(tab.value(over).await, 0, "{path} at {width} pixels");
        }
    }
    tab.close().await;
}

#[tokio::test]
async fn the_console_stays_silent_on_every_page() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK).await;
    for path in pages() {
        tab.enter(&lab.url(&path)).await;
        assert_eq!(tab.complaints().await, Vec::<String>::new(), "{path}");
    }
    tab.close().await;
}

#[tokio::test]
async fn nothing_moves_for_those_who_asked_for_stillness() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    for path in pages() {
        tab.enter(&lab.url(&path)).await;
        // An animation that lasts no time is a change of state, not motion.
        let moving = "document.getAnimations().filter(a => a.playState === 'running'
            && a.effect.getComputedTiming().activeDuration > 1).length";
        assert_eq!(tab.value(moving).await, 0, "{path}");
    }
    tab.close().await;
}

async fn no_violation(look: Look) {
    let lab = Lab::start(&[]);
    let tab = Tab::open(look.still()).await;
    for path in pages() {
        tab.enter(&lab.url(&path)).await;
        let violations = axe::violations(&tab).await;
        assert!(violations.is_empty(), "{path}:\n{violations}");
    }
    tab.close().await;
}

/// Every page there is.
pub fn pages() -> Vec<String> {
    let lessons = lessons().into_iter().map(|id| format!("/lesson/{id}"));
    ["/".to_owned(), "/live".to_owned()].into_iter().chain(lessons).collect()
}
