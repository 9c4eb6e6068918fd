//! Addresses that are refused whoever names them, and ports of services on this very machine that
//! trust whoever can reach them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The range that forbids an address, in words. Call it with a canonical address: one that is
/// IPv4 if it can be.
pub(super) fn always_denied(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => V4.iter().find(|range| range.holds(ip)).map(|range| range.what),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => None,
        IpAddr::V6(ip) => V6.iter().find(|range| range.holds(ip)).map(|range| range.what),
    }
}

/// The service that usually listens on a loopback port and trusts local users.
pub(super) fn local_service(port: u16) -> Option<&'static str> {
    SERVICES.iter().find(|service| service.port == port).map(|service| service.name)
}

/// True for an address that the public internet routes, which is what a name may lead to.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_private() && !ip.is_loopback() && !ip.is_documentation(),
        IpAddr::V6(ip) => ip.octets().first().is_some_and(|first| first >> 5 == 1),
    }
}

struct V4Range {
    base: Ipv4Addr,
    bits: u32,
    what: &'static str,
}

impl V4Range {
    fn holds(&self, ip: Ipv4Addr) -> bool {
        let shift = 32 - self.bits;
        self.base.to_bits() >> shift == ip.to_bits() >> shift
    }
}

struct V6Range {
    base: Ipv6Addr,
    bits: u32,
    what: &'static str,
}

impl V6Range {
    fn holds(&self, ip: Ipv6Addr) -> bool {
        let shift = 128 - self.bits;
        self.base.to_bits() >> shift == ip.to_bits() >> shift
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u32, what: &'static str) -> V4Range {
    V4Range { base: Ipv4Addr::new(a, b, c, d), bits, what }
}

const fn v6(first: [u16; 3], last: [u16; 2], bits: u32, what: &'static str) -> V6Range {
    let base = Ipv6Addr::new(first[0], first[1], first[2], 0, 0, 0, last[0], last[1]);
    V6Range { base, bits, what }
}

/// RFC 6890 and the registries that follow it.
const V4: &[V4Range] = &[
    v4(0, 0, 0, 0, 8, "0.0.0.0/8 (this host)"),
    v4(100, 64, 0, 0, 10, "100.64.0.0/10 (shared by carriers)"),
    v4(169, 254, 0, 0, 16, "169.254.0.0/16 (link-local, cloud metadata)"),
    v4(192, 0, 0, 0, 24, "192.0.0.0/24 (protocol assignments)"),
    v4(198, 18, 0, 0, 15, "198.18.0.0/15 (benchmarks)"),
    v4(224, 0, 0, 0, 4, "224.0.0.0/4 (multicast)"),
    v4(240, 0, 0, 0, 4, "240.0.0.0/4 (reserved, broadcast)"),
];

/// Besides the special ranges, every range that carries an IPv4 address inside: whoever reaches
/// such an address reaches an IPv4 host that nobody has checked.
const V6: &[V6Range] = &[
    v6([0, 0, 0], [0, 0], 96, "::/96 (unspecified, IPv4-compatible)"),
    v6([0x64, 0xff9b, 0], [0, 0], 96, "64:ff9b::/96 (NAT64)"),
    v6([0x64, 0xff9b, 1], [0, 0], 48, "64:ff9b:1::/48 (NAT64)"),
    v6([0x100, 0, 0], [0, 0], 64, "100::/64 (discard)"),
    v6([0x2001, 0, 0], [0, 0], 32, "2001::/32 (Teredo)"),
    v6([0x2002, 0, 0], [0, 0], 16, "2002::/16 (6to4)"),
    v6([0xfd00, 0xec2, 0], [0, 0x254], 128, "fd00:ec2::254 (cloud metadata)"),
    v6([0xfe80, 0, 0], [0, 0], 10, "fe80::/10 (link-local)"),
    v6([0xfec0, 0, 0], [0, 0], 10, "fec0::/10 (site-local)"),
    v6([0xff00, 0, 0], [0, 0], 8, "ff00::/8 (multicast)"),
    // ::ffff:0:0/96 is undressed before it gets here; its translated sister is not IPv4.
    V6Range {
        base: Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0),
        bits: 96,
        what: "::ffff:0:0:0/96 (IPv4-translated)",
    },
];

struct Service {
    port: u16,
    name: &'static str,
}

const fn service(port: u16, name: &'static str) -> Service {
    Service { port, name }
}

/// Services that grant much to whoever reaches them on loopback.
const SERVICES: &[Service] = &[
    service(1433, "SQL Server"),
    service(1521, "Oracle"),
    service(2049, "NFS"),
    service(2375, "Docker"),
    service(2376, "Docker"),
    service(2379, "etcd"),
    service(2380, "etcd"),
    service(3306, "MySQL"),
    service(3389, "a remote desktop"),
    service(4444, "Selenium"),
    service(5432, "PostgreSQL"),
    service(5601, "Kibana"),
    service(5672, "RabbitMQ"),
    service(5900, "a remote desktop"),
    service(5901, "a remote desktop"),
    service(5984, "CouchDB"),
    service(6000, "the X server"),
    service(6379, "Redis"),
    service(6443, "Kubernetes"),
    service(7474, "Neo4j"),
    service(7687, "Neo4j"),
    service(8500, "Consul"),
    service(9042, "Cassandra"),
    service(9092, "Kafka"),
    service(9100, "a printer"),
    service(9200, "Elasticsearch"),
    service(9222, "a browser's debugger"),
    service(9229, "a Node.js debugger"),
    service(9300, "Elasticsearch"),
    service(9515, "a browser's driver"),
    service(10250, "Kubernetes"),
    service(11211, "memcached"),
    service(11434, "Ollama"),
    service(15672, "RabbitMQ"),
    service(27017, "MongoDB"),
];
