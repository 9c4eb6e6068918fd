//! One DHT of three makers on loopback: our nodes, libtorrent's and that of bittorrent-dht. What
//! each of them announces, each of the others finds.

use std::net::{SocketAddr, UdpSocket};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use protocols::endpoint::{Output, Running};
use protocols::kademlia::DHT_PORT;
use protocols::kademlia::node::{Config, Node};
use protocols::overlay::Key;
use tests::program::{Program, cache, needed};

use crate::native::Native;

#[test]
fn what_each_of_three_makers_announces_each_of_the_others_finds() {
    let (first, _) = Ours::start(1);
    let bootstrap = first.address().to_string();
    let (second, told) = Ours::start(2);
    second.native.command(&format!("bootstrap {bootstrap}"));
    let hashes = ["ours", "libtorrent", "bittorrent-dht"].map(|maker| Key::hash(maker.as_bytes()));
    let [ours, theirs, javascript] = hashes.map(|hash| hash.to_string());
    let folder = tempfile::tempdir().expect("a folder");
    let start = |name: &str, script: &str, program: &str, announces: &str, port: u16| {
        let path = folder.path().join(name);
        std::fs::write(&path, script).expect("a file in the folder");
        let mut command = Command::new(program);
        let module = cache().join("node_modules/bittorrent-dht/index.js");
        command.env("BITTORRENT_DHT", module).arg(path);
        command.args([bootstrap.as_str(), announces, &port.to_string()]).args([
            &ours,
            &theirs,
            &javascript,
        ]);
        Program::start(&mut command)
    };
    let node = needed(&["node"]);
    let node = node.to_str().expect("a path in UTF-8");
    let mut libtorrent = start("dht.py", LIBTORRENT, "/usr/bin/python3", &theirs, 0);
    let mut javascript_dht = start("dht.mjs", BITTORRENT_DHT, node, &javascript, 7003);
    wait_for(|| told.tells("joined"), "our second node joins");
    let up = libtorrent.line_with("up at ");
    // It announces what it downloads at the port of its own that it listens at.
    let their_port = up.trim_start_matches("up at ").trim().parse::<u16>().expect("a port");
    javascript_dht.line_with("up");
    second.native.command(&format!("announce {ours} 7001"));
    wait_for(|| told.tells("announced"), "our announcement is taken");
    for (hash, port) in [(&theirs, their_port), (&javascript, 7003)] {
        let found = || {
            second.native.command(&format!("peers {hash}"));
            std::thread::sleep(Duration::from_millis(300));
            told.tells(&format!("127.0.0.1:{port}"))
        };
        wait_for(found, &format!("our node finds the peer at port {port}"));
    }
    for (hash, port) in [(&ours, 7001), (&javascript, 7003)] {
        libtorrent.line_with(&format!("found {hash} 127.0.0.1:{port}"));
    }
    for (hash, port) in [(&ours, 7001), (&theirs, their_port)] {
        javascript_dht.line_with(&format!("found {hash} 127.0.0.1:{port}"));
    }
}

#[test]
fn the_packets_of_bep_5_are_answered_over_a_real_socket() {
    let (node, _) = Ours::start(3);
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a socket");
    let ask = |packet: &[u8], wanted: &[u8]| {
        socket.send_to(packet, node.address()).expect("loopback");
        let mut buffer = [0; 1500];
        loop {
            // It pings us in turn, which is a query and not what is waited for.
            let (len, _) = socket.recv_from(&mut buffer).expect("an answer");
            let answer = &buffer[..len];
            if !answer.ends_with(b"1:y1:qe") {
                assert!(answer.starts_with(wanted), "{}", String::from_utf8_lossy(answer));
                return;
            }
        }
    };
    let id = *node.id.as_bytes();
    let own = [&b"d1:rd2:id20:"[..], &id].concat();
    ask(b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", &[&own[..], b"e"].concat());
    ask(
        b"d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y\
          1:qe",
        &[&own[..], b"5:nodes0:e"].concat(),
    );
    ask(
        b"d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa\
          1:y1:qe",
        &[&own[..], b"5:nodes0:5:token8:"].concat(),
    );
    ask(
        b"d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:po\
          rti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
        b"d1:eli203e10:Bad token.e1:t2:aa",
    );
}

/// One of our nodes as a program of its own.
struct Ours {
    native: Native,
    id: Key,
}

/// What a node has told its user.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn tells(&self, part: &str) -> bool {
        let told = self.0.lock().expect("nobody panics with it");
        told.iter().any(|line| line.contains(part))
    }
}

impl Ours {
    fn start(seed: u64) -> (Ours, Told) {
        let id = Key::hash(&seed.to_be_bytes());
        let told = Told::default();
        let heard = told.clone();
        let host = Running::new(Node::new(Config::default().into(), id), seed);
        let native = Native::watched(Box::new(host), move |step| {
            let mut lines = heard.0.lock().expect("nobody panics with it");
            lines.extend(step.outputs.iter().filter_map(|output| match output {
                Output::Emit(text) => Some(text.clone()),
                _ => None,
            }));
        });
        (Ours { native, id }, told)
    }

    fn address(&self) -> SocketAddr {
        self.native.address(DHT_PORT)
    }
}

fn wait_for(mut what: impl FnMut() -> bool, name: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !what() {
        assert!(Instant::now() < deadline, "{name}: not within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A session of libtorrent that uses nodes on loopback, announces, and looks for everybody's peers
/// again and again. Arguments: where to join, what to announce, at which port (it has its own),
/// what to look for.
const LIBTORRENT: &str = r#"
import sys, time
import libtorrent as lt

host, port = sys.argv[1].rsplit(":", 1)
mine, wanted = sys.argv[2], sys.argv[4:]
category = lt.alert.category_t
session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": True, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "dht_bootstrap_nodes": "", "allow_multiple_connections_per_ip": True,
    "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
    "dht_prefer_verified_node_ids": False, "dht_enforce_node_id": False,
    "dht_ignore_dark_internet": False,
    # All nodes here share one address; it would take them for a single one that floods it.
    "dht_block_ratelimit": 1000000,
    "alert_mask": category.dht_notification | category.dht_operation_notification,
})
session.add_dht_node((host, int(port)))
hashes = {text: lt.sha1_hash(bytes.fromhex(text)) for text in wanted}
while session.status().dht_nodes == 0:
    time.sleep(0.1)
    session.add_dht_node((host, int(port)))
torrent = lt.add_torrent_params()
torrent.info_hashes = lt.info_hash_t(hashes[mine])
torrent.save_path = "."
torrent = session.add_torrent(torrent)
print("up at", session.listen_port(), flush=True)
round = 0
while True:
    if round % 5 == 0:
        torrent.force_dht_announce()
    for text in wanted:
        session.dht_get_peers(hashes[text])
    for _ in range(10):
        time.sleep(0.1)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.dht_get_peers_reply_alert):
                for ip, at in alert.peers():
                    print("found", alert.info_hash, f"{ip}:{at}", flush=True)
    round += 1
"#;

/// The same with bittorrent-dht.
const BITTORRENT_DHT: &str = r#"
const { default: DHT } = await import(process.env.BITTORRENT_DHT)
const [bootstrap, mine, port, ...wanted] = process.argv.slice(2)
const dht = new DHT({ bootstrap: [bootstrap], host: false })
dht.on('peer', (peer, hash) => {
  console.log('found', hash.toString('hex'), `${peer.host}:${peer.port}`)
})
dht.on('error', error => console.log('error', error.message))
dht.listen(0, '127.0.0.1', () => {
  dht.on('ready', () => {
    console.log('up')
    let round = 0
    const again = () => {
      if (round++ % 5 === 0) dht.announce(mine, Number(port), () => {})
      for (const hash of wanted) dht.lookup(hash, () => {})
    }
    again()
    setInterval(again, 1000)
  })
})
"#;
