//! Driving a live session: the tab's client, its WebSocket and its timers.
//!
//! What the relay says and what the clock does goes into [`Live`]; what it wants sent goes out.
//! Nobody else touches the socket.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use ::live::{Link, Live};
use gloo::timers::callback::Timeout;
use protocols::wire::Time;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::practice::{Absence, Practice, look, socket_url, why_refused};
use super::socket::{Said, Socket};
use super::task::Task;
use crate::{browser, token};

/// A live session with what drives it; two are equal when they are the same one.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

struct Inner {
    task: Task,
    live: RefCell<Live>,
    socket: RefCell<Option<Socket>>,
    relay: RefCell<Relay>,
    practice: RefCell<Rc<Vec<Practice>>>,
    alarm: RefCell<Option<Timeout>>,
    flush: RefCell<Option<Timeout>>,
    notice: RefCell<Option<Timeout>>,
    heard: RefCell<Callback<()>>,
    clock: Clock,
    tried: Cell<bool>,
    over: Cell<bool>,
}

/// What is known of the relay, before a WebSocket to it is open.
#[derive(Clone, PartialEq, Debug)]
enum Relay {
    Looked,
    Absent(Absence),
    Found,
    Refused(String),
}

/// What is between the student and the server.
#[derive(Clone, PartialEq, Debug)]
pub enum Between {
    /// Nobody knows yet whether there is a relay.
    Looking,
    /// There is none, and what was found instead.
    NoRelay(Absence),
    /// A WebSocket is being opened.
    Connecting,
    /// The relay is there, and says in a sentence what it allows.
    Connected(String),
    /// The relay does not take this page, and why.
    Refused(String),
    /// There was a relay, and why there is none any more.
    Lost(String),
}

/// The wall clock when the session began, and a clock that never goes back since then.
#[derive(Clone, Copy)]
struct Clock {
    began_ns: u64,
    at_ms: f64,
}

impl PartialEq for Session {
    fn eq(&self, other: &Session) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Session {
    /// A session that begins now and is connected to nothing, for a task.
    pub fn begin(task: Task) -> Session {
        let clock = Clock::start();
        let program = task.program(clock.began_ns);
        Session(Rc::new(Inner {
            task,
            live: RefCell::new(Live::new(program, clock.now())),
            socket: RefCell::default(),
            relay: RefCell::new(Relay::Looked),
            practice: RefCell::default(),
            alarm: RefCell::default(),
            flush: RefCell::default(),
            notice: RefCell::default(),
            heard: RefCell::default(),
            clock,
            tried: Cell::new(false),
            over: Cell::new(false),
        }))
    }

    /// What it is for.
    pub fn task(&self) -> Task {
        self.0.task
    }

    /// Connects if nobody has tried yet.
    pub fn connect_once(&self) {
        if !self.0.tried.replace(true) {
            self.connect();
        }
    }

    /// Whom to call, soon and once, whenever anything has changed.
    pub fn listen(&self, heard: Callback<()>) {
        *self.0.heard.borrow_mut() = heard;
    }

    /// The session as it stands; not to be kept.
    pub fn live(&self) -> Ref<'_, Live> {
        self.0.live.borrow()
    }

    /// The practice servers of the relay.
    pub fn practice(&self) -> Rc<Vec<Practice>> {
        self.0.practice.borrow().clone()
    }

    /// What is between the student and the server.
    pub fn between(&self) -> Between {
        let live = self.live();
        let relay = self.0.relay.borrow();
        match (&*relay, live.link()) {
            (_, Link::Up(hello)) => Between::Connected(hello.policy.clone()),
            (Relay::Refused(why), _) => Between::Refused(why.clone()),
            (Relay::Absent(Absence::Refusal(why)), _) => Between::Refused(why.clone()),
            (Relay::Absent(what), _) => Between::NoRelay(what.clone()),
            (Relay::Looked, _) => Between::Looking,
            (Relay::Found, Link::Lost(why)) => Between::Lost(why.clone()),
            (Relay::Found, Link::Down | Link::Opening) => Between::Connecting,
        }
    }

    /// Looks for a relay and connects to it.
    pub fn connect(&self) {
        *self.0.relay.borrow_mut() = Relay::Looked;
        self.changed();
        let session = self.clone();
        spawn_local(async move {
            let found = look().await;
            if session.0.over.get() {
                return;
            }
            match found {
                Ok(practice) => {
                    *session.0.practice.borrow_mut() = Rc::new(practice);
                    *session.0.relay.borrow_mut() = Relay::Found;
                    session.open();
                }
                Err(absence) => *session.0.relay.borrow_mut() = Relay::Absent(absence),
            }
            session.changed();
        });
    }

    /// Gives the client a command.
    ///
    /// # Errors
    /// The client does not understand it, as a sentence.
    pub fn command(&self, text: &str) -> Result<(), String> {
        let done = self.0.live.borrow_mut().command(text, self.now()).map_err(|e| e.to_string());
        self.settle();
        done
    }

    /// Ends the session: closes the WebSocket and stops every timer.
    pub fn end(&self) {
        self.0.over.set(true);
        self.listen(Callback::noop());
        self.0.socket.borrow_mut().take();
        for timer in [&self.0.alarm, &self.0.flush, &self.0.notice] {
            timer.borrow_mut().take();
        }
    }

    /// The clock.
    fn now(&self) -> Time {
        self.0.clock.now()
    }

    fn open(&self) {
        self.0.live.borrow_mut().opening(&token::kept());
        let session = Rc::downgrade(&self.0);
        let opened = Socket::open(&socket_url(), move |said| {
            if let Some(inner) = session.upgrade() {
                Session(inner).hear(said);
            }
        });
        match opened {
            Ok(socket) => *self.0.socket.borrow_mut() = Some(socket),
            Err(why) => {
                self.0.live.borrow_mut().disconnected(&why, self.now());
                *self.0.relay.borrow_mut() = Relay::Refused(why);
            }
        }
    }

    fn hear(&self, said: Said) {
        if self.0.over.get() {
            return;
        }
        match said {
            Said::Opened => {}
            Said::Message(bytes) => {
                let outcome = self.0.live.borrow_mut().receive(bytes, self.now());
                if outcome.is_err() {
                    self.0.socket.borrow_mut().take();
                }
            }
            Said::Text => {
                let why = "The relay sent a text message, which its protocol does not have.";
                self.0.live.borrow_mut().disconnected(why, self.now());
                self.0.socket.borrow_mut().take();
            }
            Said::Closed { code, reason } => self.closed(code, reason),
        }
        self.settle();
    }

    /// The WebSocket is closed; a GOAWAY before it has said why already.
    fn closed(&self, code: u16, reason: String) {
        self.0.socket.borrow_mut().take();
        let was = self.live().link().clone();
        let (refused, why) = match (was, reason.is_empty()) {
            (Link::Lost(why), _) => (false, why),
            (Link::Up(_), true) => (false, broken(code)),
            (Link::Up(_), false) => (false, reason),
            (Link::Opening | Link::Down, true) => (true, broken(code)),
            (Link::Opening | Link::Down, false) => {
                *self.0.relay.borrow_mut() = Relay::Refused(reason.clone());
                (false, reason)
            }
        };
        self.0.live.borrow_mut().disconnected(&why, self.now());
        if refused {
            let session = self.clone();
            spawn_local(async move {
                let why = why_refused().await;
                *session.0.relay.borrow_mut() = Relay::Refused(why);
                session.changed();
            });
        }
    }

    /// After anything has gone in: sends what is to be sent, and sets the next alarm.
    fn settle(&self) {
        self.send_all();
        self.set_alarm();
        self.changed();
    }

    fn send_all(&self) {
        let socket = self.0.socket.borrow();
        let Some(socket) = socket.as_ref().filter(|socket| socket.is_open()) else { return };
        while socket.has_room() {
            let message = self.0.live.borrow_mut().next_message();
            match message {
                Some(message) => socket.send(&message),
                None => return,
            }
        }
        let again = self.later(FULL_MS, Session::send_all);
        *self.0.flush.borrow_mut() = Some(again);
    }

    fn set_alarm(&self) {
        let due = self.live().next_alarm();
        let timer = due.map(|due| {
            let wait_ms = due.since(self.now()).as_millis().min(LONGEST_WAIT_MS);
            let wait_ms = u32::try_from(wait_ms).unwrap_or(u32::MAX);
            self.later(wait_ms.saturating_add(1), |session| {
                session.0.live.borrow_mut().wake(session.now());
                session.settle();
            })
        });
        *self.0.alarm.borrow_mut() = timer;
    }

    /// Tells of changes; many at once are told once.
    fn changed(&self) {
        if self.0.notice.borrow().is_none() && !self.0.over.get() {
            let soon = self.later(NOTICE_MS, |session| {
                session.0.notice.borrow_mut().take();
                let heard = session.0.heard.borrow().clone();
                heard.emit(());
            });
            *self.0.notice.borrow_mut() = Some(soon);
        }
    }

    fn later(&self, ms: u32, act: impl FnOnce(&Session) + 'static) -> Timeout {
        let session = Rc::downgrade(&self.0);
        Timeout::new(ms, move || {
            if let Some(inner) = session.upgrade().filter(|inner| !inner.over.get()) {
                act(&Session(inner));
            }
        })
    }
}

impl Clock {
    fn start() -> Clock {
        Clock { began_ns: (js_sys::Date::now() * NANOS_PER_MS) as u64, at_ms: browser::clock_ms() }
    }

    fn now(self) -> Time {
        let passed = (browser::clock_ms() - self.at_ms).max(0.0) * NANOS_PER_MS;
        Time::from_nanos(self.began_ns.saturating_add(passed as u64))
    }
}

/// A close code in words (RFC 6455 section 7.4.1 and relay/PROTOCOL.md).
fn broken(code: u16) -> String {
    match code {
        1000 | 1001 => "The relay has closed the session.".to_string(),
        1006 => "The connection to the relay broke.".to_string(),
        code => format!("The relay has closed the session with code {code}."),
    }
}

const NANOS_PER_MS: f64 = 1e6;
/// How soon to look again whether a full WebSocket has room.
const FULL_MS: u32 = 20;
/// Changes within one frame are shown together.
const NOTICE_MS: u32 = 16;
/// A browser's timer holds no more than 2^31 milliseconds; it is set again after that.
const LONGEST_WAIT_MS: u128 = 1_000_000_000;
