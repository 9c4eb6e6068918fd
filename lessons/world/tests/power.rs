//! What a host shows of itself while it is switched off.

mod stage;

use protocols::endpoint::View;
use protocols::http::client::{Client, Config};
use protocols::http::server::{self, Server};
use protocols::http::site::Site;
use stage::EPOCH;
use world::{Act, Conditions, History, HostId, Power};

#[test]
fn a_host_that_is_off_shows_what_lies_on_its_disk_and_has_the_same_when_it_is_on_again() {
    let server = Server::new(server::Config::default(), Site::page_with_objects(2, 500, EPOCH));
    let client = Client::new(Config::default());
    let plan = stage::browser_and_server(client, server, Conditions::default());
    let mut history = History::new(plan, 1);
    history.run(2);
    let text = "visit http://www.cs.test/".to_string();
    history.meddle(Act::Command { host: BROWSER, text }).unwrap();
    history.run(4);
    let before = view(&history);
    assert!(connections(&before) > 0 && !before.machines.is_empty());

    history.meddle(Act::Power { host: BROWSER, power: Power::Off }).unwrap();
    let off = view(&history);
    assert_eq!((off.state.as_str(), off.machines.len()), ("Off", 0));
    assert_eq!(connections(&off), 0, "they live in memory");
    let titles = |view: &View| view.tables.iter().map(|table| table.title).collect::<Vec<_>>();
    assert_eq!(titles(&off), titles(&before), "what it keeps is shown, not nothing");

    history.meddle(Act::Power { host: BROWSER, power: Power::On }).unwrap();
    assert_eq!(view(&history).tables, off.tables);
}

fn view(history: &History) -> View {
    history.world().view(BROWSER).unwrap()
}

fn connections(view: &View) -> usize {
    let tables = view.tables.iter().filter(|table| table.title == "connections");
    tables.map(|table| table.rows.len()).sum()
}

const BROWSER: HostId = HostId(0);
