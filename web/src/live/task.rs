//! What can be done live: four programs of the lessons, each with a session of its own.

use std::sync::Arc;

use bytes::Bytes;
use protocols::dns;
use protocols::endpoint::{Host, Running};
use protocols::http;
use protocols::kademlia;
use protocols::mail::agent;
use protocols::mime::Attachment;

/// What is done live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Task {
    /// Pages are fetched.
    Web,
    /// Names are looked up.
    Names,
    /// Mail is written and read.
    Mail,
    /// A table that many nodes hold together is joined and asked.
    Dht,
}

impl Task {
    /// All of them, in the order of the buttons.
    pub const ALL: [Task; 4] = [Task::Web, Task::Names, Task::Mail, Task::Dht];

    /// The word on its button.
    pub const fn label(self) -> &'static str {
        match self {
            Task::Web => "Web",
            Task::Names => "Names",
            Task::Mail => "Mail",
            Task::Dht => "DHT",
        }
    }

    /// The program that does it, not started. Any seed will do: the run is recorded.
    pub fn program(self, seed: u64) -> Box<dyn Host> {
        match self {
            Task::Web => {
                let config = http::client::Config::default();
                Box::new(Running::new(http::client::Client::new(config), seed))
            }
            Task::Names => {
                let config = dns::client::Config::default();
                Box::new(Running::new(dns::client::Client::new(config), seed))
            }
            Task::Mail => {
                let mut config = agent::Config::new(LAPTOP, "", "");
                config.password = String::new();
                config.files = files();
                config.leave_on_server = true;
                Box::new(Running::new(agent::Agent::new(config), seed))
            }
            Task::Dht => {
                let config = Arc::new(kademlia::node::Config::default());
                Box::new(Running::new(kademlia::Node::nameless(config), seed))
            }
        }
    }
}

/// The files that can go with a mail, by name.
pub const FILES: [&str; 2] = ["timetable.csv", "dot.gif"];

fn files() -> Vec<Attachment> {
    let file = |name: &str, media_type: &str, bytes: &'static [u8]| Attachment {
        name: name.to_string(),
        media_type: media_type.to_string(),
        bytes: Bytes::from_static(bytes),
    };
    vec![file(FILES[0], "text/csv", TIMETABLE.as_bytes()), file(FILES[1], "image/gif", DOT)]
}

/// What the tab calls itself towards mail servers; it has no name that anybody could look up.
const LAPTOP: &str = "tab.invalid";

const TIMETABLE: &str = "day,from,to,what\nMonday,10:15,11:45,Networks\n\
                         Wednesday,14:15,15:45,Networks lab\n";

/// A picture of one dark dot: the smallest that a browser shows.
const DOT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x1f\x2a\x44\x00\x00\x00,\x00\x00\x00\x00\
                     \x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
