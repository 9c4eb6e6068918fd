//! Which crate may use which.

use std::process::Command;

use serde_json::Value;
use tests::lab::root;

/// That one crate of ours uses another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    pub from: String,
    pub to: String,
}

/// Every use of one of our crates by another, tests left out, as cargo reads the manifests.
pub fn edges() -> Vec<Edge> {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo reads the manifests");
    assert!(told.status.success(), "cargo: {}", String::from_utf8_lossy(&told.stderr));
    let workspace: Value = serde_json::from_slice(&told.stdout).expect("cargo writes JSON");
    let packages = workspace["packages"].as_array().expect("a list of packages");
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: Vec<String> = packages.iter().map(name).collect();
    let mut edges = Vec::new();
    for package in packages {
        for used in package["dependencies"].as_array().into_iter().flatten() {
            if ours.contains(&name(used)) && used["kind"] != "dev" {
                edges.push(Edge { from: name(package), to: name(used) });
            }
        }
    }
    assert!(!edges.is_empty(), "no crate uses another");
    edges
}

/// The uses that no arrow of the architecture allows.
pub fn against_the_arrows(edges: &[Edge]) -> Vec<String> {
    let forbidden = edges.iter().filter(|edge| {
        !ARROWS.iter().any(|(from, to)| edge.from == *from && to.contains(&edge.to.as_str()))
    });
    forbidden.map(|edge| format!("{} may not use {}", edge.from, edge.to)).collect()
}

/// `protocols <- world <- course <- web`, and `protocols <- relay`; the framing of the relay is
/// shared by both ends of the WebSocket; and the tests may use everything.
const ARROWS: [(&str, &[&str]); 6] = [
    ("world", &["protocols"]),
    ("course", &["protocols", "world"]),
    ("relay", &["protocols", "relay-wire"]),
    ("live", &["protocols", "world", "relay-wire"]),
    ("web", &["protocols", "world", "course", "live", "relay-wire"]),
    ("tests", &["protocols", "world", "course", "relay-wire", "relay"]),
];
