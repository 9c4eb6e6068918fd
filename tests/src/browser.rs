//! Chromium without a window, driven as a student would drive it: by role and accessible name.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use crate::program::{PATIENCE, Program, needed};

/// A browser with one tab and an empty profile.
#[derive(Debug)]
pub struct Tab {
    driver: WebDriver,
    _chromedriver: Program,
    _profile: TempDir,
}

impl Tab {
    /// Starts a browser that looks at nothing yet, in the given manner.
    ///
    /// # Panics
    /// When Chromium or its driver is missing or does not start.
    pub async fn open(look: Look) -> Self {
        let profile = tempfile::Builder::new().prefix("wirelab-tab").tempdir().expect("a folder");
        let (chromedriver, port) = driven();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities(&profile));
        let driver = driver.await.expect("Chromium starts");
        let tab = Self { _chromedriver: chromedriver, driver, _profile: profile };
        tab.look(look).await;
        tab
    }

    /// Ends the browser.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn close(self) {
        self.driver.clone().quit().await.expect("Chromium ends");
    }

    /// Goes to an address and waits until it has loaded.
    ///
    /// # Panics
    /// When it cannot be reached.
    pub async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|why| panic!("{url}: {why}"));
    }

    /// Goes to an address of the lab and waits until the page says that it can be used.
    ///
    /// # Panics
    /// When it does not say so within [`PATIENCE`].
    pub async fn enter(&self, url: &str) {
        self.goto(url).await;
        self.until("the page can be used", INTERACTIVE).await;
    }

    /// Changes size, theme and motion of what is shown, as the operating system would.
    pub async fn look(&self, look: Look) {
        let size = json!({ "width": look.width, "height": look.height,
                           "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let theme = if look.dark { "dark" } else { "light" };
        let motion = if look.still { "reduce" } else { "no-preference" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The element of this role whose accessible name is, or else alone contains, `name`.
    ///
    /// # Panics
    /// When there is none within [`PATIENCE`]; the message lists the names of that role.
    pub async fn role(&self, role: &str, name: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.all(role).await;
            if let Some(id) = chosen(&found, name) {
                return self.element(id).await;
            }
            let names: Vec<&str> = found.iter().map(|named| named.name.as_str()).collect();
            assert!(Instant::now() < deadline, "no {role} {name:?} among {names:?}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Whether an element of this role and name is there at this moment.
    pub async fn has(&self, role: &str, name: &str) -> bool {
        chosen(&self.all(role).await, name).is_some()
    }

    /// The accessible names of all elements of this role, in the order of the page.
    pub async fn names(&self, role: &str) -> Vec<String> {
        self.all(role).await.into_iter().map(|named| named.name).collect()
    }

    /// Clicks the element of this role and name.
    ///
    /// # Panics
    /// When it is not there or something covers it.
    pub async fn click(&self, role: &str, name: &str) {
        let element = self.role(role, name).await;
        element.click().await.unwrap_or_else(|why| panic!("click on {role} {name:?}: {why}"));
    }

    /// Presses keys, wherever the focus is.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let pressed = self.driver.action_chain().send_keys(keys).perform().await;
        pressed.expect("keys reach the page");
    }

    /// Presses Tab until the focus is on an element of this role whose name contains `name`, as
    /// somebody without a mouse does. The focus must be seen wherever it stops.
    ///
    /// # Panics
    /// When it does not get there within [`MAX_TABS`] steps, or is not to be seen on the way; the
    /// message lists its stops.
    pub async fn tab_to(&self, role: &str, name: &str) {
        let mut stops = Vec::new();
        for _ in 0..MAX_TABS {
            let focus = self.focus().await;
            if focus.role == role && focus.name.contains(name) {
                return;
            }
            stops.push(format!("{} {:?}", focus.role, focus.name));
            self.press(Key::Tab + "").await;
            let seen = self.value(FOCUS_SEEN).await;
            assert_eq!(seen, true, "the focus is not to be seen after {}", stops.join(", "));
        }
        panic!("Tab does not reach {role} {name:?}; it stops at {}", stops.join(", "));
    }

    /// What has the focus: its role and its accessible name.
    ///
    /// # Panics
    /// When the browser does not say.
    pub async fn focus(&self) -> Named {
        let asked = json!({ "expression": "document.activeElement" });
        let element = self.devtools("Runtime.evaluate", asked).await;
        let asked = json!({ "objectId": element["result"]["objectId"], "fetchRelatives": false });
        let told = self.devtools("Accessibility.getPartialAXTree", asked).await;
        let node = &told["nodes"][0];
        let role = node["role"]["value"].as_str().unwrap_or_default();
        named(node, role).expect("the focus is on an element")
    }

    /// The value of an expression in the page.
    ///
    /// # Panics
    /// When it throws.
    pub async fn value(&self, expression: &str) -> Value {
        let returned = self.driver.execute(format!("return ({expression});"), vec![]).await;
        returned.unwrap_or_else(|why| panic!("{expression}: {why}")).json().clone()
    }

    /// Runs statements in the page.
    ///
    /// # Panics
    /// When they throw.
    pub async fn run(&self, statements: &str) {
        let done = self.driver.execute(statements, vec![]).await;
        done.unwrap_or_else(|why| panic!("{why}"));
    }

    /// Runs statements that call their last argument with the result.
    ///
    /// # Panics
    /// When they throw or take too long.
    pub async fn run_async(&self, statements: &str) -> Value {
        let done = self.driver.execute_async(statements, vec![]).await;
        done.unwrap_or_else(|why| panic!("{why}")).json().clone()
    }

    /// Waits until an expression is true in the page.
    ///
    /// # Panics
    /// When it is not within [`PATIENCE`]; `what` and the text of the page tell where it stood.
    pub async fn until(&self, what: &str, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.value(&format!("!!({expression})")).await != Value::Bool(true) {
            if Instant::now() > deadline {
                panic!("not reached: {what}. The page reads:\n{}", self.text().await);
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// All the text that can be seen.
    pub async fn text(&self) -> String {
        let text = self.value("document.body ? document.body.innerText : ''").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// What the page said on the console since this was last asked, from warnings upwards.
    ///
    /// # Panics
    /// When the browser does not tell.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.expect("the console's log");
        let grave = entries.into_iter().filter(|entry| entry.level != "INFO");
        grave.map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
    }

    /// Writes a picture of what is shown, as a PNG file.
    ///
    /// # Panics
    /// When it cannot be taken or written.
    pub async fn picture(&self, path: &Path) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder for the pictures");
        }
        let image = self.driver.screenshot_as_png().await.expect("a picture");
        std::fs::write(path, image).expect("a file for the picture");
    }

    /// Sends a command of the DevTools protocol.
    ///
    /// # Panics
    /// When the browser refuses it.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let sent = self.driver.cdp().send_raw(method, parameters).await;
        sent.unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    async fn all(&self, role: &str) -> Vec<Named> {
        let document = self.devtools("Runtime.evaluate", json!({ "expression": "document" })).await;
        let asked = json!({ "objectId": document["result"]["objectId"], "role": role });
        let found = self.devtools("Accessibility.queryAXTree", asked).await;
        let nodes = found["nodes"].as_array().into_iter().flatten();
        nodes.filter(|node| node["ignored"] != true).filter_map(|node| named(node, role)).collect()
    }

    async fn element(&self, id: i64) -> WebElement {
        let node = self.devtools("DOM.resolveNode", json!({ "backendNodeId": id })).await;
        let mark = json!({
            "objectId": node["object"]["objectId"],
            "functionDeclaration": format!("function() {{ this.dataset.found = '{id}'; }}"),
        });
        self.devtools("Runtime.callFunctionOn", mark).await;
        let found = self.driver.find(By::Css(format!("[data-found='{id}']"))).await;
        found.expect("the element that was just marked")
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        // The programs end with their guard. To ask the browser politely here would block the very
        // runtime that has to carry the question, and a failed test would hang.
        let _ = self.driver.clone().leak();
    }
}

/// An element as assistive technology knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its role, such as `button`.
    pub role: String,
    /// Its accessible name.
    pub name: String,
    id: i64,
}

/// How the page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// CSS pixels across.
    pub width: u32,
    /// CSS pixels down.
    pub height: u32,
    /// Whether the system prefers dark colours.
    pub dark: bool,
    /// Whether the system asks for as little motion as possible.
    pub still: bool,
}

impl Look {
    /// A laptop in daylight.
    pub const DESK: Self = Self { width: 1440, height: 900, dark: false, still: false };
    /// A telephone in daylight.
    pub const PHONE: Self = Self { width: 390, height: 844, dark: false, still: false };

    /// The same at night.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The same for somebody whom motion makes ill.
    #[must_use]
    pub const fn still(self) -> Self {
        Self { still: true, ..self }
    }
}

/// A driver of Chromium and its port. It chooses a port that is free in IPv6 and gives up where a
/// connection of another test holds the same in IPv4: then another one is started.
fn driven() -> (Program, String) {
    for _ in 0..STARTS {
        let mut chromedriver =
            Program::start(Command::new(needed(&["chromedriver"])).arg("--port=0"));
        let line = chromedriver.line_with_one_of(&["started successfully on port", TAKEN]);
        if !line.contains(TAKEN) {
            return (chromedriver, line.chars().filter(char::is_ascii_digit).collect());
        }
    }
    panic!("chromedriver has found no free port {STARTS} times")
}

fn capabilities(profile: &TempDir) -> ChromeCapabilities {
    let mut wanted = DesiredCapabilities::chrome();
    let browser = needed(&["chromium", "chromium-browser", "google-chrome"]);
    wanted.set_binary(&browser.to_string_lossy()).expect("a path");
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a log level");
    let folder = format!("--user-data-dir={}", profile.path().display());
    for argument in ARGUMENTS.into_iter().chain([folder.as_str()]) {
        wanted.add_arg(argument).expect("an argument");
    }
    wanted
}

fn named(node: &Value, role: &str) -> Option<Named> {
    let name = node["name"]["value"].as_str().unwrap_or_default().to_owned();
    Some(Named { role: role.to_owned(), name, id: node["backendDOMNodeId"].as_i64()? })
}

fn chosen(found: &[Named], name: &str) -> Option<i64> {
    let exact = found.iter().find(|named| named.name == name);
    let mut near = found.iter().filter(|named| named.name.contains(name));
    let alone = near.next().filter(|_| near.next().is_none());
    exact.or(alone).map(|named| named.id)
}

/// The mark that the page sets once it answers to a student.
pub const INTERACTIVE: &str = "performance.getEntriesByName('wirelab-interactive').length > 0";

/// Whether somebody would see where the focus is.
const FOCUS_SEEN: &str = "(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return true;
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return (ring || style.boxShadow !== 'none') && box.width > 0 && box.height > 0;
})()";

/// Twice as many stops as the fullest page has.
const MAX_TABS: usize = 200;

/// What chromedriver says last when its port is taken after all.
const TAKEN: &str = "port not available";

/// How often chromedriver is started: its port being taken is rare, and twice in a row hardly is.
const STARTS: usize = 3;

/// How long to wait before looking again.
const GLANCE: Duration = Duration::from_millis(25);

/// A tests' Chromium may run as root in a container, and talks to nobody but the lab.
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--window-size=1440,900",
];
