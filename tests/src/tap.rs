//! A tap: it stands between a client and a server and keeps the bytes of both directions, so that a
//! test can compare what a page shows with what was really on the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// What passed on one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taped {
    /// From the client to the server.
    pub sent: Vec<u8>,
    /// From the server to the client.
    pub received: Vec<u8>,
}

impl Taped {
    /// What the client said, as text, for messages whose bodies are text.
    #[must_use]
    pub fn asked(&self) -> String {
        String::from_utf8_lossy(&self.sent).into_owned()
    }

    /// What the server said, as text, for messages whose bodies are text.
    #[must_use]
    pub fn answered(&self) -> String {
        String::from_utf8_lossy(&self.received).into_owned()
    }
}

/// A listening tap in front of one server. It ends when it is dropped.
#[derive(Debug)]
pub struct Tap {
    address: SocketAddr,
    server: Arc<OnceLock<SocketAddr>>,
    tapes: Tapes,
    ended: Arc<AtomicBool>,
}

impl Tap {
    /// Listens on a free port of loopback and forwards each connection to `server`.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn before(server: SocketAddr) -> Self {
        let tap = Self::open();
        tap.lead_to(server);
        tap
    }

    /// Listens on a free port of loopback; connections close until it leads to a server.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let tap = Self {
            address,
            server: Arc::default(),
            tapes: Tapes::default(),
            ended: Arc::default(),
        };
        let (server, all, over) =
            (Arc::clone(&tap.server), Arc::clone(&tap.tapes), Arc::clone(&tap.ended));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let Some(server) = server.get() else { continue };
                let number = {
                    let mut all = locked(&all);
                    all.push(Taped::default());
                    all.len() - 1
                };
                splice(&client, *server, &all, number);
            }
        });
        tap
    }

    /// Says where connections lead; only the first time counts.
    pub fn lead_to(&self, server: SocketAddr) {
        let _ = self.server.set(server);
    }

    /// Where a client finds the tap.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has passed so far, one item for each connection, in the order they were opened.
    #[must_use]
    pub fn tapes(&self) -> Vec<Taped> {
        locked(&self.tapes).clone()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that waits in accept, so that it sees the flag.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

type Tapes = Arc<Mutex<Vec<Taped>>>;

fn splice(client: &TcpStream, server: SocketAddr, tapes: &Tapes, number: usize) {
    let Ok(server) = TcpStream::connect(server) else {
        // The client sees the connection close, as it would without a tap.
        return;
    };
    let Ok((client_in, server_in)) = client.try_clone().and_then(|c| Ok((c, server.try_clone()?)))
    else {
        return;
    };
    let Ok(client_out) = client.try_clone() else { return };
    copy(client_in, server, Arc::clone(tapes), move |tapes| &mut tapes[number].sent);
    copy(server_in, client_out, Arc::clone(tapes), move |tapes| &mut tapes[number].received);
}

fn copy(
    mut from: TcpStream,
    mut to: TcpStream,
    tapes: Tapes,
    tape: impl Fn(&mut Vec<Taped>) -> &mut Vec<u8> + Send + 'static,
) {
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            tape(&mut locked(&tapes)).extend(&buffer[..length]);
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

fn locked(tapes: &Tapes) -> MutexGuard<'_, Vec<Taped>> {
    tapes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_keeps_both_directions_and_the_half_close() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap();
        let answering = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = String::new();
            stream.read_to_string(&mut question).unwrap();
            stream.write_all(question.to_uppercase().as_bytes()).unwrap();
        });
        let tap = Tap::before(server);
        let mut client = TcpStream::connect(tap.address()).unwrap();
        client.write_all(b"ping").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answering.join().unwrap();
        assert_eq!(answer, "PING");
        let whole = Taped { sent: b"ping".to_vec(), received: b"PING".to_vec() };
        assert_eq!(tap.tapes(), [whole]);
    }
}
