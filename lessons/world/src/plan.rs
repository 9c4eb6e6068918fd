//! What a stage is: hosts, routers, links and names, before anything has happened.

use core::fmt;
use core::net::IpAddr;
use core::ops::Range;
use core::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

use protocols::endpoint::{Endpoint, Host, Resolvers, Running};
use protocols::wire::Time;

use crate::world::World;

/// A stage: everything that a world starts from but the seed.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// When the world begins.
    pub epoch: Time,
    /// The hosts; a [`HostId`](crate::HostId) is an index into them.
    pub hosts: Vec<HostPlan>,
    /// The routers between them.
    pub routers: Vec<RouterPlan>,
    /// The links; a [`LinkId`](crate::LinkId) is an index into them.
    pub links: Vec<LinkPlan>,
    /// Host names and their addresses, as a hosts file would list them. Only hosts that have no
    /// resolver look here; a fork of a live run has nothing else.
    pub names: BTreeMap<String, IpAddr>,
    /// How streams behave.
    pub tcp: Tcp,
    /// How many routers a multicast datagram may cross (its time to live, RFC 1112 section 6.1);
    /// none for any number.
    pub multicast_radius: Option<u8>,
    /// What happens before the history begins; nothing if it begins when the hosts are switched on.
    pub prelude: Option<Prelude>,
    /// Hosts that come and go by themselves.
    pub churn: Option<Churn>,
    /// Where one machine is several nodes of an overlay, the nodes of each, as indices into
    /// [`Plan::hosts`]: they run as hosts of their own. Empty where each host is a machine.
    pub machines: Vec<Range<u32>>,
}

/// What happens before anybody looks: hosts find each other, and it becomes quiet. None of it is
/// recorded. The history begins when it is over, and every run of the same seed begins alike.
#[derive(Clone, Copy, Debug)]
pub struct Prelude {
    /// How long it lasts at the most, in the time of the world.
    pub lasts: Duration,
    /// How much of what it is for is done, from 0 to 1; it is over at 1. Asked about once in a
    /// second of the world's time. None if it takes all of its time.
    pub done: Option<fn(&World) -> f64>,
}

/// Hosts that are switched off without a word and on again after a while, from the beginning of
/// the history on. How long is left to chance, independently of what was before: times are
/// distributed exponentially, as measured sessions of peers roughly are, and models of churn are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Churn {
    /// Which hosts, as indices into [`Plan::hosts`].
    pub hosts: Range<u32>,
    /// How long a host stays on, on average.
    pub session: Duration,
    /// How long it stays off, on average.
    pub absence: Duration,
}

/// One host of a stage.
#[derive(Clone, Debug)]
pub struct HostPlan {
    /// Its name as shown, unique on the stage.
    pub name: String,
    /// Its address.
    pub address: IpAddr,
    /// Makes what runs there.
    pub program: Program,
    /// Where it stands on the map, in units of the stage's choice.
    pub place: (i16, i16),
}

/// How to make what runs at a host, given the host's seed.
#[derive(Clone)]
pub struct Program(Rc<dyn Fn(u64) -> Box<dyn Host>>);

impl Program {
    /// A program that starts as a copy of this endpoint.
    pub fn of<E: Endpoint>(endpoint: E) -> Program {
        Program::making(move || endpoint.clone())
    }

    /// A program that makes its endpoint only when its host is made: where that is much work for
    /// many hosts, it can be done in slices ([`Building`](crate::Building)).
    pub fn making<E: Endpoint>(make: impl Fn() -> E + 'static) -> Program {
        Program(Rc::new(move |seed| Box::new(Running::new(make(), seed))))
    }

    /// The same on a host that asks these servers for the names that it dials or looks up.
    pub fn resolving<E: Endpoint>(endpoint: E, resolvers: Resolvers) -> Program {
        Program(Rc::new(move |seed| {
            Box::new(Running::new(endpoint.clone(), seed).resolving(resolvers.clone()))
        }))
    }

    /// A program that goes on from a host that already runs; the seed is not used.
    pub fn running(host: Box<dyn Host>) -> Program {
        Program(Rc::new(move |_| host.duplicate()))
    }

    /// The host that runs it.
    pub(crate) fn start(&self, seed: u64) -> Box<dyn Host> {
        (self.0)(seed)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Program")
    }
}

/// A router: forwards, and runs no program that is shown.
#[derive(Clone, Debug)]
pub struct RouterPlan {
    /// Its name as shown.
    pub name: String,
    /// Where it stands on the map.
    pub place: (i16, i16),
}

/// One end of a link: a host or a router, by index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Node {
    /// Index into [`Plan::hosts`].
    Host(u32),
    /// Index into [`Plan::routers`].
    Router(u32),
}

/// A link, the same in both directions.
#[derive(Clone, Debug)]
pub struct LinkPlan {
    /// What it is called on the page, such as `access link`.
    pub name: String,
    /// The two nodes that it joins.
    pub ends: (Node, Node),
    /// How it treats what is sent over it.
    pub conditions: Conditions,
}

/// How a link treats what is sent over it; a fault may change it during a run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
pub struct Conditions {
    /// Propagation delay, one way.
    pub delay: Duration,
    /// Bits a second; nothing for a link so fast that sending takes no time.
    pub bandwidth_bps: Option<u64>,
    /// The most that is added to the delay by chance, so that datagrams overtake each other.
    pub jitter: Duration,
    /// How many of a million flights are lost by chance.
    pub loss_ppm: u32,
    /// How many of a million datagrams arrive twice by chance.
    pub double_ppm: u32,
    /// Bytes that every flight has beside its payload (headers below the application); the
    /// textbook formulas take none.
    pub overhead_bytes: u32,
    /// Whether the link carries anything at all.
    pub up: bool,
}

impl Default for Conditions {
    /// A perfect link: no delay, no loss, no end of bandwidth.
    fn default() -> Conditions {
        Conditions {
            delay: Duration::ZERO,
            bandwidth_bps: None,
            jitter: Duration::ZERO,
            loss_ppm: 0,
            double_ppm: 0,
            overhead_bytes: 0,
            up: true,
        }
    }
}

impl Conditions {
    /// How long it takes to put this many bytes of payload on the link.
    pub fn transmission(&self, payload_bytes: usize) -> Duration {
        let Some(bps) = self.bandwidth_bps else { return Duration::ZERO };
        let bits = (payload_bytes as u128 + u128::from(self.overhead_bytes)) * 8;
        let nanos = (bits * NANOS_PER_SEC).div_ceil(u128::from(bps.max(1)));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// How the streams of a world behave.
#[derive(Clone, PartialEq, Debug)]
pub struct Tcp {
    /// Bytes of payload that one segment carries at most.
    pub mss_bytes: usize,
    /// How long a segment may be unanswered before it is sent again, at least; more where round
    /// trips are longer (RFC 6298), and twice as long each time.
    pub retransmit_after: Duration,
    /// How often a segment is sent again before the connection is given up.
    pub max_retransmissions: u8,
    /// Segments that may be on their way at the start, doubling with each round trip until one is
    /// missed, and growing by one from then on (RFC 5681 section 3.1); nothing for streams whose
    /// window is never what holds them back.
    pub slow_start: Option<u32>,
}

impl Default for Tcp {
    /// The segment of an Ethernet path, the initial time-out of RFC 6298 and six retries.
    fn default() -> Tcp {
        Tcp {
            mss_bytes: 1460,
            retransmit_after: Duration::from_secs(1),
            max_retransmissions: 6,
            slow_start: None,
        }
    }
}

const NANOS_PER_SEC: u128 = 1_000_000_000;
