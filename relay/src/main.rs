//! The command line of the relay.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use relay::policy::{Policy, Profile, Rule};
use relay::serve::Ground;
use relay::{Practice, Relay, Settings, Token};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

/// Serves Wirelab and bridges it to TCP and UDP, safely by default.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The directory of the built app.
    #[arg(long, default_value = "dist")]
    app: PathBuf,
    /// What may be dialled besides the practice servers and --allow.
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
    /// A target to allow, as host:port; may be given more than once.
    #[arg(long, value_name = "HOST:PORT")]
    allow: Vec<Rule>,
    /// A further name (with port) by which the relay may be addressed.
    #[arg(long, value_name = "NAME:PORT")]
    host: Vec<String>,
    /// A further origin whose pages may open sessions.
    #[arg(long, value_name = "SCHEME://HOST:PORT")]
    origin: Vec<String>,
    /// The secret that every session has to show; a new one for each run unless it is given.
    #[arg(long, env = "WIRELAB_RELAY_TOKEN", hide_env_values = true, value_parser = Token::new)]
    token: Option<Token>,
    /// Do not run the practice servers.
    #[arg(long)]
    no_practice: bool,
    /// A reverse proxy with TLS stands in front of the relay.
    #[arg(long)]
    behind_proxy: bool,
    /// Streams that one session may have open at once.
    #[arg(long, value_name = "N")]
    max_streams: Option<u16>,
    /// Streams and sockets that may be opened in a second, over all sessions.
    #[arg(long, value_name = "N")]
    opens_per_second: Option<u32>,
    /// Attempts to open something that may fail in a minute, over all sessions.
    #[arg(long, value_name = "N")]
    failed_opens_per_minute: Option<u32>,
    /// Sessions at once.
    #[arg(long, value_name = "N")]
    max_sessions: Option<usize>,
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    raise_descriptors();
    match start(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Takes as many file descriptors as the system lets us: every session and every stream is one,
/// and many systems grant only 1024 unless asked.
fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, wanted) {
        tracing::warn!(%error, "the limit of file descriptors stays as it is");
    }
}

#[tokio::main]
async fn start(arguments: Arguments) -> io::Result<()> {
    let listen = arguments.listen;
    let practice_wanted = !arguments.no_practice;
    let mut settings = settings(arguments);
    let fragment = fragment(&mut settings)?;
    let mut relay = Relay::bind(settings)
        .map_err(|error| io::Error::new(error.kind(), format!("{listen}: {error}")))?;
    let _practice = match practice_wanted {
        true => Some(Practice::start(&mut relay, Ground::practice()).await?),
        false => None,
    };
    println!("Wirelab is at http://{}/{fragment}", relay.local_addr());
    let stopper = relay.stopper();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut running = tokio::spawn(relay.run());
    tokio::select! {
        _ = &mut running => return Ok(()),
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("stopping: open streams may finish");
    stopper.stop();
    tokio::select! {
        _ = running => {}
        // Whoever asks twice does not want to wait.
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}

/// What the address of the page ends in: the token of this run, made here. One that the operator
/// has given is not shown, and a relay that others can reach needs one that is given.
fn fragment(settings: &mut Settings) -> io::Result<String> {
    if settings.token.is_some() || settings.is_open_to_others() {
        return Ok(String::new());
    }
    let token = Token::random()?;
    let fragment = format!("#{}", token.fragment());
    settings.token = Some(token);
    Ok(fragment)
}

fn settings(arguments: Arguments) -> Settings {
    let mut settings = Settings::new(arguments.listen);
    let mut policy = Policy::new(arguments.profile);
    arguments.allow.into_iter().for_each(|rule| policy.allow(rule));
    settings.policy = policy;
    settings.app = arguments.app;
    settings.hosts = arguments.host;
    settings.origins = arguments.origin;
    settings.token = arguments.token;
    settings.behind_proxy = arguments.behind_proxy;
    let limits = &mut settings.limits;
    limits.streams = arguments.max_streams.unwrap_or(limits.streams);
    if let Some(opens) = arguments.opens_per_second {
        limits.opens_per_second = opens;
        limits.opens_burst = limits.opens_burst.max(opens);
    }
    let failed = arguments.failed_opens_per_minute;
    limits.failed_opens_per_minute = failed.unwrap_or(limits.failed_opens_per_minute);
    limits.sessions = arguments.max_sessions.unwrap_or(limits.sessions);
    settings
}
