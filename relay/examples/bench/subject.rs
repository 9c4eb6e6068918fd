//! The programs that are compared, each in a process of its own, and the target behind them.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::pipe::{TOKEN, Way};

/// Two servers in the process of the benchmark itself.
#[derive(Clone, Copy)]
pub struct Target {
    /// Sends back what it gets.
    pub echo: SocketAddr,
    /// Sends zeroes without end.
    pub source: SocketAddr,
}

impl Target {
    /// Starts both on free ports.
    pub async fn start() -> io::Result<Target> {
        let echo = TcpListener::bind("127.0.0.1:0").await?;
        let source = TcpListener::bind("127.0.0.1:0").await?;
        let target = Target { echo: echo.local_addr()?, source: source.local_addr()? };
        tokio::spawn(async move {
            while let Ok((stream, _)) = echo.accept().await {
                tokio::spawn(send_back(stream));
            }
        });
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = source.accept().await {
                tokio::spawn(async move {
                    let zeroes = vec![0; 64 * 1024];
                    while stream.write_all(&zeroes).await.is_ok() {}
                });
            }
        });
        Ok(target)
    }
}

async fn send_back(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(buffer.get(..count).unwrap_or_default()).await?;
    }
}

/// One program under measurement, in front of each of the two servers.
pub struct Subject {
    /// Its name in the table.
    pub name: &'static str,
    /// How to reach the echo through it.
    pub echo: Way,
    /// How to reach the source through it.
    pub source: Way,
    children: Vec<Child>,
}

/// Which program.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// None at all.
    Direct,
    /// A copy from socket to socket.
    PlainCopy,
    /// Debian's websockify.
    Websockify,
    /// Ours.
    Relay,
}

impl Subject {
    /// Starts one.
    pub async fn start(kind: Kind, target: Target) -> io::Result<Subject> {
        match kind {
            Kind::Direct => Ok(Subject::direct(target)),
            Kind::PlainCopy => Subject::plain_copy(target),
            Kind::Websockify => Subject::websockify(target).await,
            Kind::Relay => Subject::relay(target),
        }
    }

    /// No program at all: what the machine itself can do.
    fn direct(target: Target) -> Subject {
        let (echo, source) = (Way::Tcp(target.echo), Way::Tcp(target.source));
        Subject { name: "direct", echo, source, children: Vec::new() }
    }

    /// A process that copies from one TCP socket to another.
    fn plain_copy(target: Target) -> io::Result<Subject> {
        let own = std::env::current_exe()?;
        let mut children = Vec::new();
        let mut ways = Vec::new();
        for server in [target.echo, target.source] {
            let mut child = Command::new(&own)
                .arg("copy")
                .arg(server.to_string())
                .stdout(Stdio::piped())
                .spawn()?;
            ways.push(Way::Tcp(first_address(&mut child)?));
            children.push(child);
        }
        let [echo, source] = pair(ways)?;
        Ok(Subject { name: "plain TCP copy", echo, source, children })
    }

    /// Debian's websockify, one for each server: it can dial nothing else.
    async fn websockify(target: Target) -> io::Result<Subject> {
        let mut children = Vec::new();
        let mut ways = Vec::new();
        for server in [target.echo, target.source] {
            let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
            let child = Command::new("websockify")
                .args([port.to_string(), server.to_string()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            children.push(child);
            ways.push(Way::WebSocket(port));
            wait_for(port).await?;
        }
        let [echo, source] = pair(ways)?;
        Ok(Subject { name: "websockify", echo, source, children })
    }

    /// Our relay, as `cargo build --release -p relay` leaves it.
    fn relay(target: Target) -> io::Result<Subject> {
        let own = std::env::current_exe()?;
        let binary = own.parent().and_then(|examples| examples.parent()).map(|at| at.join("relay"));
        let mut child = Command::new(binary.ok_or(io::ErrorKind::NotFound)?)
            .args(["--listen", "127.0.0.1:0", "--no-practice", "--profile", "local"])
            .args(["--opens-per-second", "100000", "--max-streams", "1000"])
            .env("WIRELAB_RELAY_TOKEN", TOKEN)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let relay = first_address(&mut child)?;
        let echo = Way::Relay { relay, target: target.echo };
        let source = Way::Relay { relay, target: target.source };
        Ok(Subject { name: "relay", echo, source, children: vec![child] })
    }

    /// Seconds of CPU that its processes have used.
    pub fn cpu_s(&self) -> Option<f64> {
        let ticks: u64 = self.processes().iter().filter_map(|id| ticks_of(*id)).sum();
        (!self.children.is_empty()).then_some(ticks as f64 / TICKS_PER_S)
    }

    /// Memory of its processes, shared pages counted in part.
    pub fn memory_kb(&self) -> Option<f64> {
        let all: u64 = self.processes().iter().filter_map(|id| proportional_kb(*id)).sum();
        (!self.children.is_empty()).then_some(all as f64)
    }

    /// Its processes and theirs: websockify has one for each connection.
    fn processes(&self) -> Vec<u32> {
        let mut found: Vec<u32> = self.children.iter().map(Child::id).collect();
        let mut next = 0;
        while let Some(id) = found.get(next) {
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            let children = children.unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
            next += 1;
        }
        found
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The plain copy: what `Subject::plain_copy` runs as a process.
pub async fn copy(target: SocketAddr) -> io::Result<()> {
    let listener = tokio::net::TcpSocket::new_v4()?;
    listener.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let listener = listener.listen(4096)?;
    println!("http://{}/", listener.local_addr()?);
    loop {
        let (mut near, _) = listener.accept().await?;
        tokio::spawn(async move {
            near.set_nodelay(true)?;
            let mut far = TcpStream::connect(target).await?;
            far.set_nodelay(true)?;
            tokio::io::copy_bidirectional_with_sizes(&mut near, &mut far, 65_536, 65_536).await
        });
    }
}

/// The address in the line that a program prints when it listens.
fn first_address(child: &mut Child) -> io::Result<SocketAddr> {
    let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let address = line.split("http://").nth(1).and_then(|rest| rest.trim().strip_suffix('/'));
    address.and_then(|text| text.parse().ok()).ok_or_else(|| io::Error::other(line))
}

async fn wait_for(address: SocketAddr) -> io::Result<()> {
    for _ in 0..100 {
        if TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(io::ErrorKind::TimedOut.into())
}

fn pair(ways: Vec<Way>) -> io::Result<[Way; 2]> {
    ways.try_into().map_err(|_| io::ErrorKind::InvalidData.into())
}

fn ticks_of(id: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // utime, stime, and those of children that have ended (proc(5), fields 14 to 17).
    fields.get(11..15)?.iter().map(|field| field.parse::<u64>().ok()).sum()
}

fn proportional_kb(id: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// `getconf CLK_TCK` of every Linux.
const TICKS_PER_S: f64 = 100.0;
