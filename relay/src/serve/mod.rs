//! Endpoints as real programs: the same machines that run in the simulated network, with sockets of
//! the operating system under them.
//!
//! One task runs one endpoint. It turns what happens on its sockets into stimuli, hands them over
//! one after the other, and does what the step's outputs say, in their order.

mod driver;
mod link;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocols::endpoint::{Host, Step, Transport};
use protocols::wire::Time;
use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::dial::Dialler;
use driver::Driver;

/// Where an endpoint's ports are on this machine: an endpoint listens on port 80, which only the
/// system may, so its ports are moved up by a fixed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The address to listen on.
    pub ip: IpAddr,
    /// Added to each port of the endpoint. A port that is taken is replaced by any free one.
    pub raise: u16,
    /// False for any free port in the first place, as tests want it.
    pub fixed: bool,
    /// Whether a datagram that answers nobody goes only where connections may go. Nodes of a DHT
    /// send to whatever address strangers tell them.
    pub confined: bool,
}

impl Ground {
    /// Loopback, with ports that stay the same from run to run if they are free.
    pub fn practice() -> Ground {
        Ground { raise: PRACTICE_RAISE, fixed: true, ..Ground::anywhere() }
    }

    /// Loopback with any free ports.
    pub fn anywhere() -> Ground {
        Ground { ip: Ipv4Addr::LOCALHOST.into(), raise: 0, fixed: false, confined: false }
    }

    /// Where to try. A protocol that speaks over both transports has one number for the two, so
    /// the one that was bound first leads (`beside`).
    fn candidates(self, port: u16, beside: Option<u16>) -> impl Iterator<Item = SocketAddr> {
        let wanted = port.checked_add(self.raise).filter(|_| self.fixed);
        let ports = beside.into_iter().chain(wanted).chain([0; TRIES]);
        ports.map(move |port| SocketAddr::new(self.ip, port))
    }

    fn tcp(self, port: u16, beside: Option<u16>) -> io::Result<TcpListener> {
        let mut last = None;
        for address in self.candidates(port, beside) {
            match listen(address) {
                Ok(listener) => return Ok(listener),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()))
    }

    /// A socket whose port is free for connections too, unless they have it already: a name server
    /// is asked over UDP first and, where its answer is cut short, over TCP at the same port.
    fn udp(self, port: u16, beside: Option<u16>) -> io::Result<UdpSocket> {
        let mut last = None;
        for address in self.candidates(port, beside) {
            let socket = std::net::UdpSocket::bind(address).and_then(nonblocking);
            let free = socket.and_then(|socket| match beside {
                Some(_) => Ok(socket),
                None => listen(socket.local_addr()?).map(|_| socket),
            });
            match free {
                Ok(socket) => return Ok(socket),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()))
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn nonblocking(socket: std::net::UdpSocket) -> io::Result<UdpSocket> {
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket)
}

/// Someone who looks on: called with every step, in order.
pub type Observer = Box<dyn FnMut(&Step) + Send>;

/// An endpoint that runs.
#[derive(Debug)]
pub struct Serving {
    commands: mpsc::Sender<String>,
    listening: Vec<Listening>,
    task: JoinHandle<()>,
}

/// A port that an endpoint listens on, and where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Which kind of port it is.
    pub transport: Transport,
    /// The port as the endpoint named it.
    pub port: u16,
    /// The name of the protocol spoken there.
    pub protocol: &'static str,
    /// Where it really is.
    pub address: SocketAddr,
}

impl Serving {
    /// What it listens on since its first step.
    pub fn listening(&self) -> &[Listening] {
        &self.listening
    }

    /// Where the endpoint's port of this number really is.
    pub fn address(&self, port: u16) -> Option<SocketAddr> {
        self.listening.iter().find(|at| at.port == port).map(|at| at.address)
    }

    /// Gives the endpoint a command, in the words that its kind understands; it is ignored if it
    /// does not understand them.
    pub async fn command(&self, text: &str) {
        // Fails only if the endpoint has been stopped.
        let _ = self.commands.send(text.to_owned()).await;
    }

    /// The same in a while, if it still runs then.
    pub fn command_after(&self, wait: Duration, text: String) {
        let commands = self.commands.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            // Fails only if the endpoint has been stopped.
            let _ = commands.send(text).await;
        });
    }

    /// Stops it and closes its sockets.
    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts an endpoint and returns when its first step is done, so that it listens already.
pub async fn serve(
    host: Box<dyn Host + Send>,
    ground: Ground,
    dialler: Dialler,
    observer: Option<Observer>,
) -> io::Result<Serving> {
    let (commands, orders) = mpsc::channel(MAX_COMMANDS);
    let (ready, started) = oneshot::channel();
    let driver = Driver::new(host, ground, dialler, observer, orders);
    let task = tokio::spawn(driver.run(ready));
    let listening = started.await.map_err(io::Error::other)??;
    Ok(Serving { commands, listening, task })
}

/// The clock of this machine as endpoints see it.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Time::from_nanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// Well above the ports of the relay and of most other programs, below the ephemeral ones.
const PRACTICE_RAISE: u16 = 18_000;
/// How many of the ports that the system deals out are looked at: of those that are free for one
/// transport, nearly all are free for the other.
const TRIES: usize = 8;
/// A class that arrives at once.
const BACKLOG: u32 = 1024;
/// Commands that may wait for the endpoint's attention.
const MAX_COMMANDS: usize = 16;
