//! The stage on which a simulation stands that is made of a live session: the program, and a
//! server of ours in the place of each real host, as far away as the real one was measured to be.

use core::net::{IpAddr, Ipv4Addr};
use std::collections::BTreeMap;

use bytes::Bytes;
use protocols::endpoint::{AlarmId, Host, Output, Stimulus};
use protocols::wire::Time;
use world::{Conditions, Conversation, HostId, HostPlan, LinkPlan, Node, Plan, Program, Story};

use super::ours::{Since, stand_in};
use super::{ForkError, Live, TAB, TAB_ADDRESS, TAB_HOST, USUAL_ONE_WAY};

/// One of our servers in the place of a real one.
pub struct Stand {
    /// The server, which runs.
    pub host: Box<dyn Host>,
    /// Where it listens.
    pub standing: Vec<Output>,
    /// Its alarms that are set.
    pub alarms: BTreeMap<AlarmId, Time>,
}

impl Live {
    /// A server of ours for everybody who takes part but the program, not started.
    pub(super) fn servers(
        &self,
        story: &Story,
        since: Since,
        now: Time,
    ) -> Result<Vec<Box<dyn Host>>, ForkError> {
        let talks_with = |id| {
            let talks = story.conversations().iter();
            // Nodes that are each other's servers may have spoken first.
            let is_with = |talk: &&Conversation| {
                [Some(talk.initiator), talk.responder].contains(&Some(HostId(id)))
            };
            talks.filter(is_with).collect::<Vec<_>>()
        };
        let peers = self.peers.iter().zip(1..);
        peers.map(|(peer, id)| stand_in(peer, &talks_with(id), since, now)).collect()
    }

    /// The stage of a simulation in which this program and these servers, one for each peer, go on
    /// or begin.
    pub(super) fn plan(
        &self,
        program: Box<dyn Host>,
        now: Time,
        servers: Vec<Box<dyn Host>>,
    ) -> Plan {
        let tab = HostPlan {
            name: TAB.to_string(),
            address: TAB_ADDRESS,
            program: Program::running(program),
            place: (0, 0),
        };
        let mut plan = Plan { epoch: now, hosts: vec![tab], ..Plan::default() };
        let parties = self.recording().parties().iter().enumerate().skip(1);
        for (((index, party), peer), server) in parties.zip(&self.peers).zip(servers) {
            let made_up = IpAddr::V4(Ipv4Addr::new(198, 51, 100, (index % 250) as u8 + 1));
            let address = party.address.unwrap_or(made_up);
            plan.names.insert(peer.host.clone(), address);
            plan.hosts.push(HostPlan {
                name: party.name.clone(),
                address,
                program: Program::running(server),
                place: (1, index as i16),
            });
            plan.links.push(LinkPlan {
                name: format!("path to {}", party.name),
                ends: (Node::Host(TAB_HOST.0), Node::Host(index as u32)),
                conditions: Conditions {
                    delay: peer.one_way.unwrap_or(USUAL_ONE_WAY),
                    ..Conditions::default()
                },
            });
        }
        plan
    }
}

impl Stand {
    /// Switches a server on.
    pub fn started(host: Box<dyn Host>, now: Time) -> Stand {
        let mut stand = Stand { host, standing: Vec::new(), alarms: BTreeMap::new() };
        stand.hear(now, Stimulus::Start);
        stand
    }

    /// Hands the server something from the past; says what it would have sent, on one connection.
    pub fn hear(&mut self, at: Time, stimulus: Stimulus) -> Vec<Bytes> {
        let about = match &stimulus {
            Stimulus::Opened { conn, .. } | Stimulus::Data { conn, .. } => Some(*conn),
            Stimulus::Start
            | Stimulus::Command(_)
            | Stimulus::Finished { .. }
            | Stimulus::Lost { .. }
            | Stimulus::Datagram { .. }
            | Stimulus::Alarm(_) => None,
        };
        let outputs = self.host.step(at, stimulus).map(|s| s.outputs).unwrap_or_default();
        let mut sent = Vec::new();
        for output in outputs {
            match output {
                Output::Send { conn, bytes } if about == Some(conn) => sent.push(bytes),
                Output::Listen { .. } => self.standing.push(output),
                Output::Arm { alarm, after, .. } => {
                    self.alarms.insert(alarm, at + after);
                }
                Output::Disarm { alarm } => {
                    self.alarms.remove(&alarm);
                }
                // A port that a server binds for a question of its own holds nothing up.
                Output::Unbind { .. }
                | Output::Send { .. }
                | Output::Dial { .. }
                | Output::Pace { .. }
                | Output::SendTo { .. }
                | Output::Join { .. }
                | Output::Finish { .. }
                | Output::Abort { .. }
                | Output::Emit(_)
                | Output::Measure { .. }
                | Output::Cite(_) => {}
            }
        }
        sent
    }
}
