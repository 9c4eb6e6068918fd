//! A relay that others can reach is a way into the network around it; it starts only with
//! everything that keeps strangers out.

use std::net::{IpAddr, SocketAddr};

use crate::server::Settings;

/// Why others can reach a relay with these settings, as the end of a sentence; none if only
/// programs on this machine can. A reverse proxy connects from loopback whoever stands behind it,
/// and who gives the relay a name or an origin that is not this machine's wants others to come.
pub(crate) fn opening(settings: &Settings) -> Option<String> {
    if !settings.listen.ip().is_loopback() {
        return Some(format!("at {}", settings.listen));
    }
    if settings.behind_proxy {
        return Some("by way of the proxy (--behind-proxy)".to_owned());
    }
    if let Some(host) = settings.hosts.iter().find(|host| !is_this_machine(host)) {
        return Some(format!("by the name {host} (--host)"));
    }
    let foreign = |origin: &&String| {
        let place = origin.split_once("://").map_or(origin.as_str(), |(_, place)| place);
        !is_this_machine(place)
    };
    let origin = settings.origins.iter().find(foreign)?;
    Some(format!("from pages of {origin} (--origin)"))
}

/// Refuses to let others in unless every protection is there; says what is missing.
pub(crate) fn check(settings: &Settings) -> Result<(), String> {
    let Some(how) = opening(settings) else { return Ok(()) };
    let wanted = [
        (settings.behind_proxy, "--behind-proxy (a reverse proxy with TLS stands in front)"),
        (settings.token.is_some(), "--token (every session has to show it)"),
        (!settings.origins.is_empty(), "--origin (the pages that may open sessions)"),
        (!settings.hosts.is_empty(), "--host (the name by which browsers reach it)"),
        (settings.policy.is_listed(), "--profile listed (no free choice of targets)"),
        (settings.policy.has_rules(), "--allow (the targets of the course)"),
    ];
    let missing: Vec<&str> =
        wanted.iter().filter(|(given, _)| !given).map(|(_, flag)| *flag).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "Other machines can reach this relay {how}. For that it also needs:\n  {}",
        missing.join("\n  ")
    ))
}

/// Whether a `host` or `host:port` is a loopback address, or a name that is one (RFC 6761
/// section 6.3).
fn is_this_machine(place: &str) -> bool {
    if let Ok(address) = place.parse::<SocketAddr>() {
        return address.ip().to_canonical().is_loopback();
    }
    let host = match place.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => place,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    match host.parse::<IpAddr>() {
        Ok(ip) => ip.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_and_names_under_localhost_are_this_machine() {
        for own in [
            "localhost:80",
            "LOCALHOST",
            "lab.localhost:8080",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]",
            "[::1]:80",
            "[::ffff:127.0.0.1]:80",
        ] {
            assert!(is_this_machine(own), "{own}");
        }
        for other in ["", "lab", "localhost.example:80", "notlocalhost", "10.0.0.1:80", "[::2]:80"]
        {
            assert!(!is_this_machine(other), "{other}");
        }
    }
}
