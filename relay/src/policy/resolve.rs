//! Asking for the addresses of a name, once and with a limit on the time.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use relay_wire::{Code, Reset};

/// Addresses that are being looked up.
pub type Pending = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Whoever knows the addresses of names: the system, or in a test a list that lies.
pub trait Resolve: Send + Sync {
    /// Starts to look up a canonical name.
    fn resolve(&self, name: &str) -> Pending;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> Pending {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Looks a name up once; an answer without addresses is no answer.
pub(super) async fn once(
    resolver: &dyn Resolve,
    name: &str,
    limit: Duration,
) -> Result<Vec<IpAddr>, Reset> {
    let unknown = |errno: i32| {
        Reset::new(Code::NameNotFound, format!("No host has the name {name}.")).errno(errno)
    };
    match tokio::time::timeout(limit, resolver.resolve(name)).await {
        Ok(Ok(mut addresses)) => {
            addresses.truncate(MAX_ANSWERS);
            let empty = addresses.is_empty();
            if empty { Err(unknown(0)) } else { Ok(addresses) }
        }
        Ok(Err(error)) => Err(unknown(error.raw_os_error().unwrap_or(0))),
        Err(_) => {
            let seconds = limit.as_secs_f32();
            let text = format!("The name {name} did not resolve within {seconds} seconds.");
            Err(Reset::new(Code::DnsTimeout, text))
        }
    }
}

/// Addresses of one name that are tried; the others are not dialled either.
const MAX_ANSWERS: usize = 8;
