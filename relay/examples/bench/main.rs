//! Measures the relay beside a plain TCP copy and websockify, in one run on one machine, and
//! prints the table of README.md: `cargo build --release -p relay`, then
//! `cargo run --release -p relay --example bench`. Under `taskset -c 0` everything shares one CPU.

mod measure;
mod pipe;
mod subject;

use std::io;

use measure::{Figures, figures};
use subject::{Kind, Subject};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if arguments.next().as_deref() == Some("copy") {
        let target = arguments.next().and_then(|text| text.parse().ok());
        return runtime.block_on(subject::copy(target.ok_or(io::ErrorKind::InvalidInput)?));
    }
    runtime.block_on(compare())
}

async fn compare() -> io::Result<()> {
    let target = subject::Target::start().await?;
    let mut columns = Vec::new();
    for kind in [Kind::Direct, Kind::PlainCopy, Kind::Websockify, Kind::Relay] {
        match Subject::start(kind, target).await {
            Ok(subject) => {
                eprintln!("measuring {}", subject.name);
                columns.push((subject.name, figures(&subject, target).await?));
            }
            Err(error) => eprintln!("left out: {error}"),
        }
    }
    print_table(&columns);
    Ok(())
}

/// How a figure stands in a cell.
type Show = fn(&Figures) -> String;

fn print_table(columns: &[(&str, Figures)]) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    println!("| figure | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len()));
    let rows: [(&str, Show); 9] = [
        ("round trip of 64 B: p50 / p99 / p99.9 in us", |f| f.round_trip.clone()),
        ("echo, one stream: MB/s", |f| format!("{:.0}", f.echo.megabytes_per_s)),
        ("echo: CPU s/GB of the program", |f| cpu(f.echo.cpu_s_per_gb)),
        ("download, one stream: MB/s", |f| format!("{:.0}", f.download.megabytes_per_s)),
        ("download: CPU s/GB of the program", |f| cpu(f.download.cpu_s_per_gb)),
        ("200 opens one after another in ms", |f| format!("{:.0}", f.opens_in_turn_ms)),
        ("200 opens at once in ms", |f| format!("{:.0}", f.opens_at_once_ms)),
        ("KB for each of 300 idle connections", |f| kilobytes(f.idle_kb)),
        ("round trip beside a full download: p50 / p99 in ms", |f| f.beside_download.clone()),
    ];
    for (name, show) in rows {
        let cells: Vec<String> = columns.iter().map(|(_, figures)| show(figures)).collect();
        println!("| {name} | {} |", cells.join(" | "));
    }
}

fn cpu(seconds: Option<f64>) -> String {
    seconds.map_or("-".to_owned(), |seconds| format!("{seconds:.2}"))
}

fn kilobytes(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.1}"))
}
