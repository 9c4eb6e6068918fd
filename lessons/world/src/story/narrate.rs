//! One entry in words: what came in, what was done, and because of which rules.

use core::time::Duration;
use std::borrow::Cow;
use std::rc::Rc;

use protocols::endpoint::{Output, Stimulus, Transport};
use protocols::wire::Rule;

use super::transcript::minutes;
use super::{Arrow, Label, Story};
use crate::entry::{Act, Entry, Fault, Flight, HostId, Load, Network, Power, What};
use crate::trace::Trace;

/// An entry in words.
#[derive(Clone, PartialEq, Debug)]
pub struct Narration {
    /// What happened, without its subject: `receives GET / (HTTP/1.1)`.
    pub what: String,
    /// What was done about it, in order, each with the rules that it follows from.
    pub does: Vec<Line>,
    /// Every rule cited in the entry, in order, each once.
    pub rules: Vec<&'static Rule>,
}

/// One thing done.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// What, without its subject: `sends 200 OK (text/html, 2140 B)`.
    pub says: String,
    /// The rules cited before it, since the line before.
    pub because: Vec<&'static Rule>,
}

impl Story {
    /// An entry in words.
    pub fn narrate(&self, trace: Trace<'_>, entry: &Entry) -> Narration {
        let mut telling = Telling { story: self, trace, entry, sent: entry.flights.iter() };
        let what = telling.what();
        let does = telling.does();
        let mut rules: Vec<&'static Rule> = Vec::new();
        if let What::Step(step) = &entry.what {
            for output in &step.outputs {
                match output {
                    Output::Cite(rule) if !rules.contains(rule) => rules.push(rule),
                    _ => {}
                }
            }
        }
        Narration { what, does, rules }
    }
}

struct Telling<'a> {
    story: &'a Story,
    trace: Trace<'a>,
    entry: &'a Entry,
    sent: core::slice::Iter<'a, Rc<Flight>>,
}

impl Telling<'_> {
    fn name(&self, host: HostId) -> &str {
        self.trace.parties.get(host.0 as usize).map_or("somebody", |party| party.name.as_str())
    }

    fn what(&self) -> String {
        match &self.entry.what {
            What::Step(step) => self.stimulus(&step.stimulus),
            What::Network(event) => self.network(event),
            What::Meddling(act) => self.meddling(act),
        }
    }

    fn stimulus(&self, stimulus: &Stimulus) -> String {
        match stimulus {
            Stimulus::Start => "is switched on".to_string(),
            Stimulus::Command(text) => format!("is asked to {}", asked(&shortened(text))),
            Stimulus::Opened { conn, peer, port: None } => {
                format!("has connection {conn} to {peer} open")
            }
            Stimulus::Opened { conn, peer, port: Some(_) } => {
                format!("accepts a connection from {peer} as {conn}")
            }
            Stimulus::Data { conn, bytes } => match self.landed_label() {
                Some(label) => format!("receives {} on {conn}", in_brackets(&label)),
                None => format!("receives {} bytes that had waited on {conn}", bytes.len()),
            },
            Stimulus::Finished { conn } => format!("is told that no more will come on {conn}"),
            Stimulus::Lost { conn, why } => format!("loses connection {conn}: {why}"),
            Stimulus::Datagram { from, bytes, .. } => match self.landed_label() {
                Some(label) => format!("receives {} from {from}", in_brackets(&label)),
                None => format!("receives {} bytes from {from}", bytes.len()),
            },
            Stimulus::Alarm(_) => match self.alarm_name() {
                Some(name) => format!("hears its alarm `{name}`"),
                None => "hears an alarm".to_string(),
            },
        }
    }

    /// The name of the alarm that rings: the entry that set it is the cause.
    fn alarm_name(&self) -> Option<&'static str> {
        let What::Step(step) = &self.entry.what else { return None };
        let Stimulus::Alarm(rings) = step.stimulus else { return None };
        let cause = self.trace.entry(self.entry.cause?)?;
        let What::Step(set) = &cause.what else { return None };
        set.outputs.iter().find_map(|output| match output {
            Output::Arm { alarm, name, .. } if *alarm == rings => Some(*name),
            _ => None,
        })
    }

    fn network(&self, event: &Network) -> String {
        match event {
            Network::SynTaken { .. } => "takes the SYN, since it listens there".to_string(),
            Network::SynRefused { port } => {
                format!("refuses the SYN: nothing listens at port {port}")
            }
            Network::Buffered { .. } => {
                "keeps a segment that came early, until the one before it is here".to_string()
            }
            Network::Discarded { why } => format!("discards what arrived. {why}"),
            Network::HostOff { .. } => match self.landed_label() {
                Some(label) => format!("is off, and {} is lost", label.title),
                None => "is off, and what arrives is lost".to_string(),
            },
            Network::NobodyThere { port } => {
                format!("discards a datagram: nothing is bound to port {port}")
            }
            Network::Retransmitted { lost, attempt } => {
                let label = self.story.arrow(*lost).map(|arrow| self.story.label(arrow));
                let what = label.map_or("a segment".to_string(), |label| label.title);
                format!("has heard nothing of {what} in time (attempt {attempt})")
            }
            Network::Remote { says } => says.clone(),
            Network::Denied { why, .. } => format!("is not let do it. {why}"),
            Network::Resumed => {
                "goes on in the simulation from where the live session stood".to_string()
            }
            Network::WindowOpened { segments, .. } => {
                format!("may have {segments} segments on their way by now")
            }
        }
    }

    fn meddling(&self, act: &Act) -> String {
        match act {
            Act::Command { text, .. } => format!("is asked to {}", asked(text)),
            Act::Flight { flight, fault } => {
                let arrow = self.story.arrow(*flight);
                let sent = arrow.map(|arrow| self.story.label_as_sent(arrow));
                let title = sent.as_ref().map(|label| label.title.clone());
                let what = title.unwrap_or("a message".to_string());
                match fault {
                    Fault::Drop => format!("does not know it, but you drop {what} on its way"),
                    Fault::Delay(by) => {
                        format!("does not know it, but you hold {what} up by {}", short(*by))
                    }
                    Fault::Double => format!("does not know it, but you double {what}"),
                    Fault::Edit(_) => {
                        let change = match sent.zip(arrow.map(|arrow| self.story.label(arrow))) {
                            Some((sent, arrives)) if sent != arrives => {
                                format!("{} into {}", in_brackets(&sent), in_brackets(&arrives))
                            }
                            Some(_) | None => format!("bytes of {what} on its way"),
                        };
                        format!("does not know it, but you change {change}")
                    }
                }
            }
            Act::Power { power: Power::Off, .. } => {
                "is switched off: without a word to anybody, its connections are gone and its \
                 alarms forgotten"
                    .to_string()
            }
            Act::Power { power: Power::On, .. } => "is switched on".to_string(),
            Act::Link { link, conditions } => {
                let name = self.trace.links.get(link.0 as usize).map(|link| link.name.as_str());
                let name = name.unwrap_or("link");
                match conditions.up {
                    true => format!("does not know it, but you change the {name}"),
                    false => format!("does not know it, but you cut the {name}"),
                }
            }
        }
    }

    fn landed_label(&self) -> Option<Label> {
        let arrow = self.story.arrow(self.entry.landed?)?;
        Some(self.story.label(arrow))
    }

    fn does(&mut self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut because: Vec<&'static Rule> = Vec::new();
        if let What::Step(step) = &self.entry.what {
            // The transport's own flights come before what the endpoint does.
            self.transport(&mut lines);
            for output in &step.outputs {
                match output {
                    // One reason may stand for several things at once; it is told once.
                    Output::Cite(rule) if because.contains(rule) => {}
                    Output::Cite(rule) => because.push(rule),
                    other => {
                        for says in self.output(other) {
                            lines.push(Line { says, because: core::mem::take(&mut because) });
                        }
                    }
                }
            }
            if !because.is_empty() {
                match lines.last_mut() {
                    Some(last) => last.because.append(&mut because),
                    None => lines.push(Line { says: String::new(), because }),
                }
            }
        }
        self.rest(&mut lines);
        self.unsent(&mut lines);
        lines
    }

    /// What a host that is switched off had still to send.
    fn unsent(&self, lines: &mut Vec<Line>) {
        let says = match self.story.cut_off(self.entry).count() {
            0 => return,
            1 => "never sends one segment that had not wholly left it".to_string(),
            more => format!("never sends {more} segments that had not wholly left it"),
        };
        lines.push(Line { says, because: Vec::new() });
    }

    /// A bare ACK at the head of the flights of a step.
    fn transport(&mut self, lines: &mut Vec<Line>) {
        let head = self.sent.as_slice().first();
        if head.is_some_and(|flight| matches!(flight.load, Load::Ack { .. }))
            && let Some(says) = self.next_flight()
        {
            lines.push(Line { says, because: Vec::new() });
        }
    }

    /// Flights that no output accounts for: the transport's answers and repetitions.
    fn rest(&mut self, lines: &mut Vec<Line>) {
        while !self.sent.as_slice().is_empty() {
            if let Some(says) = self.next_flight() {
                lines.push(Line { says, because: Vec::new() });
            }
        }
    }

    fn next_flight(&mut self) -> Option<String> {
        let flight = self.sent.next()?;
        if flight.from != self.entry.host {
            // In a recording, what is learnt of a flight of ours by the answer to it.
            return None;
        }
        let arrow: &Arrow = self.story.arrow(flight.id)?;
        let label = self.story.label_as_sent(arrow);
        let fate = match flight.fate {
            crate::entry::Fate::Arrives => String::new(),
            crate::entry::Fate::Lost { why, .. } => format!("; {why}"),
        };
        (!label.continues)
            .then(|| format!("sends {} to {}{fate}", in_brackets(&label), self.name(flight.to)))
    }

    /// What an output says; several lines where several messages went out with it.
    fn output(&mut self, output: &Output) -> Vec<String> {
        match output {
            Output::Listen { transport: Transport::Tcp, port, protocol } => {
                vec![format!("listens at port {port} for {}", protocol.title)]
            }
            Output::Listen { transport: Transport::Udp, port, protocol } => {
                vec![format!("binds port {port} for {}", protocol.title)]
            }
            Output::Unbind { port } => vec![format!("gives port {port} up")],
            Output::Dial { conn, to, .. } => {
                let says = format!("dials {to} as {conn}");
                core::iter::once(says).chain(self.next_flight()).collect()
            }
            Output::Send { bytes, .. } | Output::SendTo { bytes, .. } => self.payload(bytes.len()),
            Output::Join { group } => vec![format!("joins the group {group}")],
            Output::Finish { conn } => {
                let head = self.sent.as_slice().first();
                match head.is_some_and(|flight| matches!(flight.load, Load::Fin { .. })) {
                    true => self.next_flight().into_iter().collect(),
                    false => vec![format!("will send no more on {conn}")],
                }
            }
            Output::Abort { conn } => {
                let says = format!("throws connection {conn} away");
                core::iter::once(says).chain(self.next_flight()).collect()
            }
            Output::Arm { name, after, .. } => {
                vec![format!("sets its alarm `{name}` to ring in {}", short(*after))]
            }
            Output::Disarm { .. } | Output::Pace { .. } => Vec::new(),
            Output::Emit(text) => vec![format!("reports: {text}")],
            // Numbers are for the plots; what they mean is said by the event beside them.
            Output::Measure { .. } | Output::Cite(_) => Vec::new(),
        }
    }

    /// The flights that carry so many bytes of payload.
    fn payload(&mut self, bytes: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut left = bytes;
        while left > 0 {
            let Some(head) = self.sent.as_slice().first() else { break };
            let size = head.load.payload().len();
            if size == 0 {
                break;
            }
            left = left.saturating_sub(size);
            lines.extend(self.next_flight());
        }
        lines
    }
}

/// A label as part of a sentence.
fn in_brackets(label: &Label) -> String {
    match label.detail.as_str() {
        "" => label.title.clone(),
        detail => format!("{} ({detail})", label.title),
    }
}

/// A duration in the unit that suits it: `40 ms`, `1.5 s`, `5 min`, `2 min 7.3 s`.
fn short(duration: Duration) -> String {
    let secs = u128::from(duration.as_secs());
    let rest = duration.as_secs_f64() - (secs / 60 * 60) as f64;
    if secs == 0 {
        return format!("{} ms", trimmed(duration.as_secs_f64() * MILLIS_PER_SEC));
    }
    match (minutes(secs), trimmed(rest)) {
        (minutes, rest) if rest == "0" => minutes.trim_end().to_string(),
        (minutes, rest) => format!("{minutes}{rest} s"),
    }
}

fn trimmed(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

const MILLIS_PER_SEC: f64 = 1_000.0;

/// The beginning of a command that carries more than anybody reads, such as a file.
fn shortened(command: &str) -> Cow<'_, str> {
    match command.char_indices().nth(COMMAND_MAX) {
        Some((end, _)) => format!("{}\u{2026}", command.get(..end).unwrap_or_default()).into(),
        None => command.into(),
    }
}

/// A command after "is asked to": most begin with a verb, and the others are given one.
fn asked(command: &str) -> String {
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    match verb {
        "peers" => format!("find the peers of {rest}"),
        "lookup" => format!("look up {rest}"),
        _ => command.to_string(),
    }
}

/// As much of a command as a line of the transcript tells.
const COMMAND_MAX: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_begin_with_no_verb_are_given_one() {
        let commands = ["peers lecture.ogv", "lookup #54", "put #54 a song", "check"];
        let said = ["find the peers of lecture.ogv", "look up #54", "put #54 a song", "check"];
        assert_eq!(commands.map(asked), said);
    }

    #[test]
    fn durations_have_the_unit_that_suits_them() {
        let shown = |millis| short(Duration::from_millis(millis));
        let millis = [40, 999, 1_000, 1_500, 60_000, 127_300, 300_000, 3_600_000, 432_000_000];
        let expected =
            ["40 ms", "999 ms", "1 s", "1.5 s", "1 min", "2 min 7.3 s", "5 min", "1 h 0 min"];
        assert_eq!(millis.map(shown)[..8], expected);
        assert_eq!(shown(432_000_000), "120 h 0 min");
        assert_eq!(short(Duration::from_micros(80)), "0.08 ms");
    }
}
