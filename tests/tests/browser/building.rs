//! A stage of ten thousand nodes: how far it is while it is built, cancelled, built again, and
//! walked about in.

use serde_json::json;
use tests::browser::{Look, Tab};
use tests::lab::Lab;
use thirtyfour::Key;

#[tokio::test]
async fn ten_thousand_nodes_say_how_far_they_are_are_cancelled_and_built_and_walked_about_in() {
    let lab = Lab::start(&[]);
    let tab = Tab::open(Look::DESK.still()).await;
    tab.enter(&lab.url("/lesson/dht-ring")).await;
    tab.click("button", "Scene 6: A thousand nodes, and ten thousand").await;
    tab.until("the sixth scene is there", &format!("{KNOB}?.value === '1000'")).await;
    tab.click("button", "Overlay").await;
    tab.until("a thousand nodes are drawn", &nodes("1\u{2009}000 nodes")).await;
    cancelled(&tab).await;
    built(&tab).await;
    walked(&tab).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

/// Turns the knob up and thinks better of it.
async fn cancelled(tab: &Tab) {
    slower(tab, 6).await;
    turn(tab, 10_000).await;
    tab.until("it is said how far it is", "document.querySelector('.waiting progress')").await;
    let frames = tab.run_async(COUNT_FRAMES).await.as_u64().unwrap_or_default();
    assert!(frames >= 2, "the page stood still while the stage was built");
    assert_eq!(tab.value(&format!("{KNOB}.value")).await, "10000");
    tab.press(Key::Escape + "").await;
    tab.until("the bar is gone", "!document.querySelector('.waiting')").await;
    assert_eq!(tab.value(&format!("{KNOB}.value")).await, "1000", "the knob is back");
    let heard = tab.value("document.getElementById('heard').textContent").await;
    assert_eq!(heard, "Cancelled. All is as it was.");
    assert_eq!(tab.value(&nodes("1\u{2009}000 nodes")).await, true);
}

/// Turns it up again and waits.
async fn built(tab: &Tab) {
    turn(tab, 10_000).await;
    tab.until("it is said again", "document.querySelector('.waiting progress')").await;
    slower(tab, 1).await;
    tab.until("ten thousand nodes are drawn", &nodes("10\u{2009}000 nodes")).await;
    assert_eq!(tab.value("!document.querySelector('.waiting')").await, true);
}

/// A lookup among ten thousand nodes, forth and back, and another future.
async fn walked(tab: &Tab) {
    tab.click("button", "Follow one lookup, of song.mp3").await;
    tab.until("the lookup is over", &format!("{MOMENT}.max > 10 && {HOLDS}")).await;
    tab.run("document.activeElement.blur()").await;
    let moment = async || tab.value(&format!("Number({MOMENT}.value)")).await.as_u64();
    let end = moment().await;
    tab.press(Key::Left + "").await;
    tab.until("one step back", &format!("{MOMENT}.value < {}", end.unwrap_or_default())).await;
    let before = moment().await;
    tab.press(Key::Right + "").await;
    tab.until("and on again", &format!("{MOMENT}.value == {}", end.unwrap_or_default())).await;
    assert!(before < end);
    tab.press(Key::Home + "").await;
    tab.until("to the start", &format!("{MOMENT}.value == 0")).await;
    tab.press(Key::End + "").await;
    tab.until("to the newest", &format!("{MOMENT}.value == {MOMENT}.max")).await;
    tab.press(Key::Left + "").await;
    tab.until("back once more", &format!("{MOMENT}.value < {}", end.unwrap_or_default())).await;
    tab.click("button", "Begin another future here").await;
    tab.until("there are two futures", "document.querySelectorAll('.branches button').length == 2")
        .await;
}

/// As if the processor were so many times slower.
async fn slower(tab: &Tab, rate: u32) {
    tab.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await;
}

async fn turn(tab: &Tab, nodes: u32) {
    let script = format!(
        "const knob = {KNOB}; knob.focus(); knob.value = '{nodes}';
         knob.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    tab.run(&script).await;
}

/// Whether the overlay says so many nodes.
fn nodes(text: &str) -> String {
    format!("document.querySelector('.overlay-status')?.innerText.includes('{text}') === true")
}

const KNOB: &str = "document.getElementById('knob-nodes')";

const MOMENT: &str = "document.querySelector('input[aria-label=Moment]')";

/// Whether the run does not play.
const HOLDS: &str = "document.querySelector('.transport .play').title.startsWith('Play')";

/// Frames that are drawn while the bar is there, three at the most.
const COUNT_FRAMES: &str = "
    const done = arguments[arguments.length - 1];
    let frames = 0;
    const next = () => {
        frames += 1;
        const waits = document.querySelector('.waiting');
        if (waits && frames < 3) requestAnimationFrame(next); else done(frames);
    };
    requestAnimationFrame(next);";
