//! A first visit must stay small; `make size` writes the same figures as a table.

use tests::lab::Lab;
use tests::weight::{MAX_SENT_BYTES, MOST, Weight};

#[tokio::test]
async fn a_first_visit_loads_no_more_than_it_may_fonts_included() {
    let weight = Weight::of(&Lab::start(&[]), "/").await;
    let sent = weight.total().sent_bytes;
    assert!(sent > 50_000, "the browser did not tell: {weight:?}");
    assert!(sent < MAX_SENT_BYTES, "{}", weight.table());
}

#[tokio::test]
async fn a_lesson_loads_the_machines_of_its_own_protocols_only() {
    let lab = Lab::start(&[]);
    for (path, most) in MOST {
        let weight = Weight::of(&lab, path).await;
        let sent = weight.total().sent_bytes;
        assert!(sent > 500_000, "{path}: the browser did not tell: {weight:?}");
        assert!(sent < *most, "{path}\n{}", weight.table());
    }
}

#[tokio::test]
async fn a_page_of_another_kind_brings_its_own_part_of_the_program_and_no_other() {
    let lab = Lab::start(&[]);
    let [home, lesson, live] = ["/", "/lesson/http-messages", "/live"];
    let bytes = async |path: &str| Weight::of(&lab, path).await.total().sent_bytes;
    let (home, lesson, live) = (bytes(home).await, bytes(lesson).await, bytes(live).await);
    assert!(home + 100_000 < live.min(lesson), "home {home}, lesson {lesson}, live {live}");
}
