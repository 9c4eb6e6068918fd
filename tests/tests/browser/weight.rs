//! A first visit must stay small; `make size` writes the same figures as a table.

use tests::lab::Lab;
use tests::weight::{MAX_SENT_BYTES, Weight};

#[tokio::test]
async fn a_first_visit_loads_no_more_than_it_may_fonts_included() {
    let weight = Weight::of(&Lab::start(&[])).await;
    let sent = weight.total().sent_bytes;
    assert!(sent > 50_000, "the browser did not tell: {weight:?}");
    assert!(sent < MAX_SENT_BYTES, "{}", weight.table());
}
