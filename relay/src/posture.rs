//! A relay that others can reach is a way into the network around it; it starts only with
//! everything that keeps strangers out.

use crate::server::Settings;

/// Refuses to listen beyond loopback unless every protection is there; says what is missing.
pub(crate) fn check(settings: &Settings) -> Result<(), String> {
    if settings.listen.ip().is_loopback() {
        return Ok(());
    }
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
        "Other machines can reach this address. To listen there the relay also needs:\n  {}",
        missing.join("\n  ")
    ))
}
