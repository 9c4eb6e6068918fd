//! What is measured of each subject.

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::pipe::{Pipe, Tab, Way};
use crate::subject::{Subject, Target};

/// The figures of one subject.
pub struct Figures {
    /// Round trip of 64 bytes.
    pub round_trip: String,
    /// Sending and receiving at once.
    pub echo: Flow,
    /// Receiving only.
    pub download: Flow,
    /// Time for 200 connections to the target, each after the other.
    pub opens_in_turn_ms: f64,
    /// Time for 200 connections asked for at once.
    pub opens_at_once_ms: f64,
    /// Memory for each idle connection (for the relay a session with one stream).
    pub idle_kb: Option<f64>,
    /// Round trip while the same WebSocket carries a download, where one can carry both.
    pub beside_download: String,
}

/// A flow of bytes and its cost.
pub struct Flow {
    /// Millions of bytes a second, one way.
    pub megabytes_per_s: f64,
    /// Seconds of CPU of the subject for 10^9 bytes.
    pub cpu_s_per_gb: Option<f64>,
}

/// Measures one subject.
pub async fn figures(subject: &Subject, target: Target) -> io::Result<Figures> {
    Ok(Figures {
        round_trip: round_trip(subject.echo).await?,
        echo: echo(subject).await?,
        download: download(subject).await?,
        opens_in_turn_ms: opens_in_turn(subject.echo).await?,
        opens_at_once_ms: opens_at_once(subject.echo).await?,
        idle_kb: idle(subject).await?,
        beside_download: beside_download(subject.echo, target).await?,
    })
}

async fn round_trip(way: Way) -> io::Result<String> {
    let mut pipe = way.open().await?;
    let bytes = Bytes::from_static(&[7; 64]);
    let mut buffer = vec![0; 4096];
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS + WARM_UP {
        let start = Instant::now();
        pipe.send(&bytes).await?;
        let mut left = bytes.len();
        while left > 0 {
            left -= pipe.receive(&mut buffer).await?;
        }
        if round >= WARM_UP {
            times.push(start.elapsed());
        }
    }
    times.sort_unstable();
    let at = |share: f64| micros(&times, share);
    Ok(format!("{:.0} / {:.0} / {:.0}", at(0.5), at(0.99), at(0.999)))
}

/// Keeps half a megabyte under way and counts what comes back.
async fn echo(subject: &Subject) -> io::Result<Flow> {
    let mut pipe = subject.echo.open().await?;
    let bytes = Bytes::from(vec![7; 16 * 1024]);
    let mut buffer = vec![0; 64 * 1024];
    let (mut under_way, mut received) = (0, 0);
    let (cpu, start) = (subject.cpu_s(), Instant::now());
    while start.elapsed() < FLOW_TIME {
        while under_way < UNDER_WAY {
            pipe.send(&bytes).await?;
            under_way += bytes.len();
        }
        let count = pipe.receive(&mut buffer).await?;
        under_way -= count;
        received += count;
    }
    Ok(flow(received, start.elapsed(), cpu, subject.cpu_s()))
}

async fn download(subject: &Subject) -> io::Result<Flow> {
    let mut pipe = subject.source.open().await?;
    let mut buffer = vec![0; 64 * 1024];
    let mut received = 0;
    let (cpu, start) = (subject.cpu_s(), Instant::now());
    while start.elapsed() < FLOW_TIME {
        received += pipe.receive(&mut buffer).await?;
    }
    Ok(flow(received, start.elapsed(), cpu, subject.cpu_s()))
}

fn flow(bytes: usize, time: Duration, before: Option<f64>, after: Option<f64>) -> Flow {
    let bytes = bytes as f64;
    let cpu = before.zip(after).map(|(before, after)| after - before);
    Flow {
        megabytes_per_s: bytes / 1e6 / time.as_secs_f64(),
        cpu_s_per_gb: cpu.map(|seconds| seconds / (bytes / 1e9)),
    }
}

async fn opens_in_turn(way: Way) -> io::Result<f64> {
    let start = Instant::now();
    match way {
        Way::Relay { relay, target } => {
            let mut tab = Tab::connect(relay).await?;
            for _ in 0..OPENS {
                tab.open(target).await?;
            }
        }
        Way::Tcp(_) | Way::WebSocket(_) => {
            let mut kept = Vec::new();
            for _ in 0..OPENS {
                kept.push(way.open().await?);
            }
        }
    }
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// As many clients as connections, each with a WebSocket of its own where there is one.
async fn opens_at_once(way: Way) -> io::Result<f64> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..OPENS).map(|_| tokio::spawn(way.open())).collect();
    let mut kept = Vec::new();
    for task in tasks {
        kept.push(task.await.map_err(io::Error::other)??);
    }
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

async fn idle(subject: &Subject) -> io::Result<Option<f64>> {
    // The first connections pay for what is set up once.
    let mut kept: Vec<Pipe> = Vec::new();
    for _ in 0..10 {
        kept.push(subject.echo.open().await?);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = subject.memory_kb();
    for _ in 0..IDLE {
        kept.push(subject.echo.open().await?);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let after = subject.memory_kb();
    Ok(before.zip(after).map(|(before, after)| (after - before) / IDLE as f64))
}

async fn beside_download(way: Way, target: Target) -> io::Result<String> {
    let Way::Relay { relay, .. } = way else { return Ok("-".to_owned()) };
    let mut tab = Tab::connect(relay).await?;
    tab.stream = tab.open(target.echo).await?;
    tab.open(target.source).await?;
    let mut pipe = Pipe::Relay(Box::new(tab));
    let bytes = Bytes::from_static(&[7; 64]);
    let (mut times, begun) = (Vec::new(), Instant::now());
    while begun.elapsed() < FLOW_TIME {
        let start = Instant::now();
        pipe.send(&bytes).await?;
        let mut left = bytes.len();
        while left > 0 {
            left -= pipe.receive(&mut []).await?;
        }
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(format!("{:.2} / {:.2}", micros(&times, 0.5) / 1e3, micros(&times, 0.99) / 1e3))
}

fn micros(sorted: &[Duration], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).map_or(0.0, |t| t.as_secs_f64() * 1e6)
}

const ROUNDS: usize = 20_000;
const WARM_UP: usize = 500;
const OPENS: usize = 200;
const IDLE: usize = 300;
/// Bytes kept under way by the echo: more than the delay of any subject needs.
const UNDER_WAY: usize = 512 * 1024;
const FLOW_TIME: Duration = Duration::from_secs(3);
