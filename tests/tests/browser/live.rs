//! The live page against a real server: what it shows is what was on the wire.

use tests::axe;
use tests::browser::{Look, Tab};
use tests::lab::Lab;
use tests::nginx::{Nginx, SITE};
use tests::tap::Tap;
use thirtyfour::Key;

/// A real server behind a tap, and a tab that is connected and may reach it.
struct Scene {
    _nginx: Nginx,
    tap: Tap,
    lab: Lab,
    tab: Tab,
}

impl Scene {
    async fn set(look: Look) -> Scene {
        let nginx = Nginx::start();
        let tap = Tap::before(nginx.address());
        let lab = Lab::start(&["--allow", &tap.address().to_string()]);
        let tab = Tab::open(look).await;
        tab.enter(&lab.url("/live")).await;
        tab.until("the relay is connected", &standing("Connected through ws://")).await;
        Scene { _nginx: nginx, tap, lab, tab }
    }

    /// Types the address of the site's page and fetches it.
    async fn fetch(&self) {
        self.type_url(&format!("http://{}/index.html", self.tap.address())).await;
        self.tab.click("button", "Fetch").await;
        self.tab.until("page and objects are here", &says("is here with 2 objects")).await;
    }

    async fn type_url(&self, url: &str) {
        let field = self.tab.role("textbox", "URL").await;
        field.send_keys(Key::Control + "a").await.expect("the field takes keys");
        field.send_keys(url).await.expect("the field takes keys");
    }

    /// The bytes of every message that the ladder has in one direction, as the inspector shows
    /// them.
    async fn shown(&self, to_tab: bool) -> Vec<u8> {
        let direction = if to_tab { "to this tab" } else { "from this tab" };
        let messages = format!(
            "[...document.querySelectorAll('.labels .arrow.message .hit')]
             .filter(arrow => arrow.getAttribute('aria-label').includes('{direction}'))"
        );
        let count = self.tab.value(&format!("{messages}.length")).await.as_u64().unwrap_or(0);
        let mut all = Vec::new();
        for at in 0..count {
            self.tab
                .run(&format!(
                    "{messages}[{at}].dispatchEvent(new MouseEvent('click', {{ bubbles: true }}));"
                ))
                .await;
            let picked = format!("{messages}[{at}].getAttribute('aria-pressed') === 'true'");
            self.tab.until("the arrow is selected", &picked).await;
            let hex = "[...document.querySelectorAll('.hexes i')].map(i => i.textContent).join('')";
            let hex = self.tab.value(hex).await;
            let hex = hex.as_str().expect("text").to_owned();
            let pairs = hex.as_bytes().chunks(2);
            let byte = |pair: &[u8]| {
                let digits = std::str::from_utf8(pair).expect("hexadecimal digits");
                u8::from_str_radix(digits, 16).expect("hexadecimal digits")
            };
            all.extend(pairs.map(byte));
        }
        all
    }
}

fn standing(text: &str) -> String {
    format!("document.querySelector('.standing').textContent.includes('{text}')")
}

fn says(text: &str) -> String {
    format!("document.body.textContent.includes('{text}')")
}

/// How many entries have happened at the moment, and how many there are.
async fn step(tab: &Tab) -> (u64, u64) {
    let range = "(() => { const r = document.querySelector('input[aria-label=Moment]');
                  return [Number(r.value), Number(r.max)]; })()";
    let at = tab.value(range).await;
    (at[0].as_u64().expect("a number"), at[1].as_u64().expect("a number"))
}

#[tokio::test]
async fn the_bytes_on_the_page_are_those_that_nginx_sent_over_one_connection() {
    let scene = Scene::set(Look::DESK).await;
    scene.fetch().await;
    let tapes = scene.tap.tapes();
    assert_eq!(tapes.len(), 1, "one connection for a page with two objects");
    assert_eq!(tapes[0].asked().matches("GET /").count(), 3);
    for file in SITE {
        assert!(tapes[0].answered().contains(file.text), "nginx sent {}", file.name);
    }
    let (moment, known) = step(&scene.tab).await;
    assert_eq!(moment, known, "the page follows the live run");
    scene.tab.press(Key::Escape + "").await;
    scene.tab.press(Key::Left + "").await;
    assert_eq!(step(&scene.tab).await.0, moment - 1, "one step back");
    assert!(scene.tab.text().await.contains("Live, looked back at"));
    scene.tab.press(Key::End + "").await;
    assert_eq!(scene.shown(false).await, tapes[0].sent, "what the client sent");
    assert_eq!(scene.shown(true).await, tapes[0].received, "what nginx answered");
    assert_eq!(scene.tab.complaints().await, Vec::<String>::new());
    scene.tab.close().await;
}

#[tokio::test]
async fn a_fork_goes_on_without_the_real_server_and_leads_back() {
    let scene = Scene::set(Look::DESK).await;
    scene.fetch().await;
    let before = scene.tap.tapes();
    scene.tab.click("button", "Fork here").await;
    scene
        .tab
        .until("it is a simulation", &says("Simulated from here, against our own server"))
        .await;
    let (_, real) = step(&scene.tab).await;
    scene.tab.click("button", "Fetch").await;
    scene.tab.until("our own server answers", &says("is here with 2 objects")).await;
    assert!(step(&scene.tab).await.1 > real, "the simulation has gone on");
    assert_eq!(scene.tap.tapes(), before, "nothing reached the real server");
    let violations = axe::violations(&scene.tab).await;
    assert!(violations.is_empty(), "{violations}");
    scene.tab.click("button", "Back to the live run").await;
    scene.tab.until("it is live again", &says("Live: real bytes, real time")).await;
    scene.tab.close().await;
}

#[tokio::test]
async fn what_the_relay_refuses_and_its_end_are_told_in_sentences() {
    let mut scene = Scene::set(Look::PHONE).await;
    scene.type_url("http://127.0.0.1:1/").await;
    scene.tab.click("button", "Fetch").await;
    scene.tab.until("the refusal is told", &says("127.0.0.1:1/ cannot be had")).await;
    scene.tab.click("tab", "Connect").await;
    scene.type_url("https://a.test/").await;
    scene.tab.click("button", "Fetch").await;
    let alert = "document.getElementById('live-wrong').textContent.length > 10";
    scene.tab.until("a wrong address is told", alert).await;
    scene.lab.stop();
    scene.tab.until("the end of the relay is told", &standing("Not connected any more")).await;
    assert!(scene.tab.has("button", "Reconnect").await);
    scene.tab.close().await;
}
