//! What the relay may connect to. Nothing is allowed that neither the profile nor the operator
//! names, some ranges are refused whoever names them, and a name is resolved once: every answer
//! has to pass, and exactly those answers are dialled.

mod name;
mod ranges;
mod resolve;
mod rule;

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use relay_wire::{Code, Detail, Host, Reset, Target};

pub use resolve::{Pending, Resolve, SystemResolver};
pub use rule::{BadRule, Profile, Rule};

/// The targets of a relay.
#[derive(Clone, Debug)]
pub struct Policy {
    profile: Profile,
    rules: Vec<Rule>,
    own: Vec<SocketAddr>,
}

impl Policy {
    /// A policy with this profile and no further rules.
    pub fn new(profile: Profile) -> Policy {
        Policy { profile, rules: Vec::new(), own: Vec::new() }
    }

    /// Allows one more target.
    pub fn allow(&mut self, rule: Rule) {
        // A server that has one number for both transports is named once.
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    /// Names a socket of the relay itself, which no session may reach.
    pub fn deny_own(&mut self, own: SocketAddr) {
        self.own.push(own);
    }

    /// True if the operator has named any target, so that a target list exists.
    pub fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    /// True if only listed targets are allowed.
    pub fn is_listed(&self) -> bool {
        self.profile == Profile::Listed
    }

    /// One sentence for the page on what may be reached.
    pub fn summary(&self) -> String {
        // Neighbouring ports of a host, such as those of the practice DHT, are named together.
        let runs = self.rules.chunk_by(|rule, next| next.follows(rule));
        let named: Vec<String> = runs.map(rule::in_words).collect();
        match (self.profile, named.is_empty()) {
            (Profile::Local, true) => {
                "Servers on this machine from port 1024 up, except well-known local services."
                    .to_owned()
            }
            (Profile::Local, false) => format!(
                "Servers on this machine from port 1024 up, except well-known local services, \
                 and {}.",
                in_short(&named)
            ),
            (Profile::Listed, true) => "No target at all: the relay has an empty list.".to_owned(),
            (Profile::Listed, false) => format!("Only {}.", in_short(&named)),
        }
    }

    /// Resolves a target once and checks every answer. What comes back may be dialled, in this
    /// order, and nothing else may.
    pub async fn pin(
        &self,
        target: &Target,
        resolver: &dyn Resolve,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, Reset> {
        let (name, addresses) = match &target.host {
            Host::Address(address) => (None, vec![*address]),
            Host::Name(text) => {
                let name = name::parse(text)?;
                if !name::is_localhost(&name) && !self.names(&name, target.port) {
                    let text = format!(
                        "The relay does not look up {name}: start it with --allow {name}:{} \
                         to permit this target.",
                        target.port
                    );
                    return Err(Reset::new(Code::Policy, text).detail(Detail::Name));
                }
                let found = resolve::once(resolver, &name, limit).await?;
                (Some(name), found)
            }
        };
        let mut pinned = Vec::with_capacity(addresses.len());
        for address in addresses {
            let checked = self.check(name.as_deref(), SocketAddr::new(address, target.port))?;
            pinned.push(checked);
        }
        Ok(pinned)
    }

    /// Checks one address and gives back the address to use in its place: an IPv4 address in
    /// IPv6 clothes is undressed first, so that there is one spelling to judge and to dial.
    pub fn check_address(&self, address: SocketAddr) -> Result<SocketAddr, Reset> {
        self.check(None, address)
    }

    /// The address that an unconnected UDP socket binds to unless the client names one: loopback,
    /// or any if the operator allows targets beyond this machine.
    pub fn udp_home(&self, like: Option<IpAddr>) -> SocketAddr {
        let wide = match like {
            Some(peer) => !peer.is_loopback(),
            None => self.rules.iter().any(|rule| !rule.is_loopback()),
        };
        let ip: IpAddr = match (like.is_some_and(|peer| peer.is_ipv6()), wide) {
            (false, false) => Ipv4Addr::LOCALHOST.into(),
            (false, true) => Ipv4Addr::UNSPECIFIED.into(),
            (true, false) => Ipv6Addr::LOCALHOST.into(),
            (true, true) => Ipv6Addr::UNSPECIFIED.into(),
        };
        SocketAddr::new(ip, 0)
    }

    /// Checks an address that a client wants as its own: loopback, and no system port.
    pub fn check_local(&self, local: SocketAddr) -> Result<SocketAddr, Reset> {
        let ip = local.ip().to_canonical();
        if !ip.is_loopback() {
            let text = format!("The relay uses only loopback addresses as its own, not {ip}.");
            return Err(Reset::new(Code::Policy, text).detail(Detail::Range));
        }
        if local.port() != 0 && local.port() < FIRST_PORT {
            let text = format!("Port {} belongs to the system; take 0 for any.", local.port());
            return Err(Reset::new(Code::Policy, text).detail(Detail::Port));
        }
        Ok(SocketAddr::new(ip, local.port()))
    }

    fn check(&self, name: Option<&str>, address: SocketAddr) -> Result<SocketAddr, Reset> {
        let ip = address.ip().to_canonical();
        let address = SocketAddr::new(ip, address.port());
        match (self.judge(name, address), name) {
            (Ok(()), _) => Ok(address),
            (Err(reset), None) => Err(reset),
            (Err(reset), Some(name)) => {
                let text = format!("{name} is {ip}. {}", reset.text);
                Err(Reset { text, ..reset })
            }
        }
    }

    fn judge(&self, name: Option<&str>, address: SocketAddr) -> Result<(), Reset> {
        let ip = address.ip();
        if let Some(range) = ranges::always_denied(ip) {
            let text = format!("{ip} lies in {range}; the relay never connects there.");
            return Err(Reset::new(Code::Policy, text).detail(Detail::Range));
        }
        if address.port() == 0 {
            let text = "Port 0 is no port that a server can have.";
            return Err(Reset::new(Code::Policy, text).detail(Detail::Port));
        }
        if self.own.iter().any(|own| is_own(*own, address)) {
            let text = format!("{address} is the relay itself, which does not talk to itself.");
            return Err(Reset::new(Code::Policy, text).detail(Detail::Port));
        }
        if self.rules.iter().any(|rule| rule.allows(name, address)) {
            return Ok(());
        }
        match self.profile {
            Profile::Local if ip.is_loopback() => self.check_local_port(address),
            Profile::Local | Profile::Listed => {
                let text = format!(
                    "{address} is not on the relay's list: start it with --allow {address} to \
                     permit this target."
                );
                Err(Reset::new(Code::Policy, text).detail(Detail::Range))
            }
        }
    }

    fn check_local_port(&self, address: SocketAddr) -> Result<(), Reset> {
        let port = address.port();
        let why = if port < FIRST_PORT {
            "ports below 1024 belong to the system's own services".to_owned()
        } else if let Some(service) = ranges::local_service(port) {
            format!("port {port} is where {service} usually listens")
        } else {
            return Ok(());
        };
        let text = format!(
            "The relay does not connect to {address}, because {why}; start it with --allow \
             {address} if you mean it."
        );
        Err(Reset::new(Code::Policy, text).detail(Detail::Port))
    }

    fn names(&self, name: &str, port: u16) -> bool {
        self.rules.iter().any(|rule| rule.is_for(name, port))
    }
}

/// A list as a sentence can hold it.
fn in_short(named: &[String]) -> String {
    match named.get(NAMED_MAX..) {
        Some(rest @ [_, _, ..]) => {
            let shown = named.get(..NAMED_MAX).unwrap_or_default();
            format!("{} and {} more", shown.join(", "), rest.len())
        }
        Some(_) | None => named.join(", "),
    }
}

/// True if an address leads to a listening socket of the relay: when the ports agree, any loopback
/// address does if the socket is bound to loopback, and any address of this machine if it is bound
/// to all of them.
fn is_own(own: SocketAddr, address: SocketAddr) -> bool {
    let (own_ip, ip) = (own.ip().to_canonical(), address.ip());
    own.port() == address.port()
        && (own_ip == ip
            || (own_ip.is_loopback() && ip.is_loopback())
            || (own_ip.is_unspecified() && is_here(ip)))
}

/// True if this machine has the address now. The kernel is asked, since addresses come and go: a
/// socket can be bound to an address of this machine only. If it does not say, the answer is yes.
fn is_here(ip: IpAddr) -> bool {
    if ip.is_loopback() {
        return true;
    }
    match UdpSocket::bind((ip, 0)) {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::AddrNotAvailable,
    }
}

/// Ports below this can be bound only by the system's own services.
const FIRST_PORT: u16 = 1024;
/// More targets than these are counted, not named: the practice servers alone are sixteen, at ports
/// of the system's choice.
const NAMED_MAX: usize = 4;
