//! The WebSocket to the relay: its events as values, and how much it is given at a time.

use bytes::Bytes;
use gloo::events::EventListener;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use relay_wire::SUBPROTOCOL;
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

/// What a WebSocket tells.
#[derive(Debug)]
pub enum Said {
    /// The handshake is over.
    Opened,
    /// A binary message has come.
    Message(Bytes),
    /// A text message has come, which the relay's protocol does not have.
    Text,
    /// It is closed, or could never be opened.
    Closed {
        /// The close code (RFC 6455 section 7.4).
        code: u16,
        /// What the relay said about it, often nothing.
        reason: String,
    },
}

/// A WebSocket that is open or being opened; dropping it closes it and silences it.
#[derive(Debug)]
pub struct Socket {
    ws: WebSocket,
    _events: [EventListener; 3],
}

impl Socket {
    /// Begins to open a WebSocket to a relay.
    ///
    /// # Errors
    /// The browser does not take the address, as a sentence.
    pub fn open(url: &str, hear: impl Fn(Said) + Clone + 'static) -> Result<Socket, String> {
        let protocols = Array::of1(&SUBPROTOCOL.into());
        let ws = WebSocket::new_with_str_sequence(url, &protocols)
            .map_err(|_| format!("The browser does not open a WebSocket to {url}."))?;
        ws.set_binary_type(BinaryType::Arraybuffer);
        let listen = |kind: &'static str, said: fn(&Event) -> Option<Said>| {
            let hear = hear.clone();
            EventListener::new(&ws, kind, move |event| {
                if let Some(said) = said(event) {
                    hear(said);
                }
            })
        };
        let events = [
            listen("open", |_| Some(Said::Opened)),
            listen("message", message),
            listen("close", closed),
        ];
        Ok(Socket { ws, _events: events })
    }

    /// Whether it takes another message now.
    pub fn has_room(&self) -> bool {
        self.ws.ready_state() == WebSocket::OPEN && self.ws.buffered_amount() < MOST_BUFFERED
    }

    /// Whether it is open, though it may be full at the moment.
    pub fn is_open(&self) -> bool {
        self.ws.ready_state() == WebSocket::OPEN
    }

    /// Sends a binary message. What cannot be sent is lost with the WebSocket, whose end is told.
    pub fn send(&self, message: &[u8]) {
        let _ = self.ws.send_with_u8_array(message);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.ws.close();
    }
}

fn message(event: &Event) -> Option<Said> {
    let data = event.dyn_ref::<MessageEvent>()?.data();
    Some(match data.dyn_into::<ArrayBuffer>() {
        Ok(buffer) => Said::Message(Uint8Array::new(&buffer).to_vec().into()),
        Err(_) => Said::Text,
    })
}

fn closed(event: &Event) -> Option<Said> {
    let event = event.dyn_ref::<CloseEvent>()?;
    Some(Said::Closed { code: event.code(), reason: event.reason() })
}

/// A relay that reads slowly must not make the tab hold all that it has to say, in bytes.
const MOST_BUFFERED: u32 = 1024 * 1024;
