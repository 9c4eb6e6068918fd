//! Says in words what an expression counts and where it fails: nothing that students read is code.

use super::expr::{Argument, Node, Operator};
use super::{Expr, Facts, number};

impl Expr {
    /// The expression as a reader of mathematics would write it, with words for what is counted.
    pub fn words(&self) -> String {
        self.node.words(Tight::Loose)
    }

    /// What the facts say about the first part of it that does not hold, as a sentence without its
    /// full stop: "in this run, connections that browser opens: 1; this answer needs 9".
    pub fn account(&self, facts: &Facts<'_>) -> String {
        self.node.failing(facts).account(facts)
    }
}

/// How closely what stands around a part holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    Loose,
    Compared,
    Added,
    Multiplied,
    Alone,
}

impl Node {
    /// The first of several conditions that does not hold, or the last.
    fn failing(&self, facts: &Facts<'_>) -> &Node {
        match self {
            Node::Join(left, Operator::And, right) => {
                let holds = left.value(facts).is_some_and(|value| value != 0.0);
                if holds { right.failing(facts) } else { left.failing(facts) }
            }
            Node::Join(..) | Node::Number(_) | Node::Name(_) | Node::Call(..) | Node::Minus(_) => {
                self
            }
        }
    }

    fn account(&self, facts: &Facts<'_>) -> String {
        let shown = |node: &Node| node.value(facts).map_or_else(|| "nothing yet".into(), number);
        match self {
            Node::Join(left, operator, right) if operator.tightness() == Tight::Compared => {
                let named = || format!("{} ({})", right.words(Tight::Alone), shown(right));
                let limit = right.constant().map_or_else(named, number);
                let needs = operator.wants(&limit);
                let (what, is) = (left.words(Tight::Loose), shown(left));
                format!("in this run, {what}: {is}; this answer needs {needs}")
            }
            Node::Join(..) | Node::Number(_) | Node::Name(_) | Node::Call(..) | Node::Minus(_) => {
                format!("in this run, {}: {}", self.words(Tight::Loose), shown(self))
            }
        }
    }

    fn words(&self, around: Tight) -> String {
        let (words, own) = match self {
            Node::Number(value) => (number(*value), Tight::Alone),
            Node::Name(name) => (named(name), Tight::Alone),
            Node::Call(function, arguments) => call(function.name, arguments),
            Node::Minus(part) => (format!("\u{2212}{}", part.words(Tight::Alone)), Tight::Added),
            Node::Join(left, operator, right) => {
                let own = operator.tightness();
                // What is taken off or divided by is held together by itself.
                let behind = match operator {
                    Operator::Minus => Tight::Multiplied,
                    Operator::Over => Tight::Alone,
                    _ => own,
                };
                let (left, right) = (left.words(own), right.words(behind));
                (format!("{left} {} {right}", operator.sign()), own)
            }
        };
        if own < around { format!("({words})") } else { words }
    }
}

impl Operator {
    fn tightness(self) -> Tight {
        match self {
            Operator::And => Tight::Loose,
            Operator::Below
            | Operator::BelowOrEqual
            | Operator::Equal
            | Operator::Unequal
            | Operator::AboveOrEqual
            | Operator::Above => Tight::Compared,
            Operator::Plus | Operator::Minus => Tight::Added,
            Operator::Times | Operator::Over => Tight::Multiplied,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Operator::And => "and",
            Operator::Below => "<",
            Operator::BelowOrEqual => "\u{2264}",
            Operator::Equal => "=",
            Operator::Unequal => "\u{2260}",
            Operator::AboveOrEqual => "\u{2265}",
            Operator::Above => ">",
            Operator::Plus => "+",
            Operator::Minus => "\u{2212}",
            Operator::Times => "\u{b7}",
            Operator::Over => "/",
        }
    }

    /// What a comparison with this limit asks for.
    fn wants(self, limit: &str) -> String {
        match self {
            Operator::Below => format!("less than {limit}"),
            Operator::BelowOrEqual => format!("{limit} or less"),
            Operator::Unequal => format!("anything but {limit}"),
            Operator::AboveOrEqual => format!("{limit} or more"),
            Operator::Above => format!("more than {limit}"),
            Operator::And
            | Operator::Equal
            | Operator::Plus
            | Operator::Minus
            | Operator::Times
            | Operator::Over => limit.to_string(),
        }
    }
}

/// A name: most parameters are called in words already.
fn named(name: &str) -> String {
    match name {
        "rtt" => "RTT".to_string(),
        "local" => "local RTT".to_string(),
        "hits" => "hit rate".to_string(),
        "access" => "access bandwidth".to_string(),
        "measured" => "the measured time".to_string(),
        "since_syn" => "the time from the first SYN on".to_string(),
        name => name.to_string(),
    }
}

/// A function with what it is asked about, and how tightly these words hold together.
fn call(name: &str, arguments: &[Argument]) -> (String, Tight) {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for argument in arguments {
        match argument {
            Argument::Text(text) => texts.push(text.as_str()),
            Argument::Value(node) => numbers.push(node.words(Tight::Loose)),
        }
    }
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    match (name, &numbers[..]) {
        ("ceil", [a]) => (format!("\u{2308}{a}\u{2309}"), Tight::Alone),
        ("floor", [a]) => (format!("\u{230a}{a}\u{230b}"), Tight::Alone),
        ("min", [a, b]) => (format!("the smaller of {a} and {b}"), Tight::Added),
        ("max", [a, b]) => (format!("the larger of {a} and {b}"), Tight::Added),
        (name, numbers) => (counted(name, &texts, numbers), Tight::Added),
    }
}

/// What a function counts or finds.
fn counted(name: &str, texts: &[&str], numbers: &[&str]) -> String {
    match (name, texts, numbers) {
        ("connections", [host], _) => format!("connections that {} opens", who(host)),
        ("events", [host, what], _) => format!("reports{} of {}", quoted(what), who(host)),
        ("commands", [host, what], _) => format!("commands{} to {}", quoted(what), who(host)),
        ("messages", [host, what], _) => format!("messages{} from {}", quoted(what), who(host)),
        ("fields", [host, what], _) => format!("fields{} from {}", quoted(what), who(host)),
        ("bytes", [host], _) => format!("bytes from {}", who(host)),
        ("datagram_bytes", [host], _) => format!("bytes in datagrams from {}", who(host)),
        ("carried", [link], _) => format!("bytes over the link {link}"),
        ("mean", [host, ..], _) => format!("the mean time at {}", who(host)),
        ("rules", [id], _) => format!("uses of the rule {id}"),
        ("violations", [host], _) => format!("messages from {} that break a rule", who(host)),
        ("faults", _, _) => "faults that you made".to_string(),
        ("turned", [param], _) => format!("turns of the knob {param}"),
        ("answered", [id], _) => format!("right answers to the question {id}"),
        ("samples", [quantity], _) => format!("measurements of {}", measured(quantity)),
        ("average", [quantity], _) => format!("the average of {}", measured(quantity)),
        ("percentile", [quantity], _) => {
            format!("what all but the largest {} do not exceed", measured(quantity))
        }
        ("latest", [host, quantity], _) => format!("{} at {host}", measured(quantity)),
        ("owner", [key], _) => format!("the node of key {}", self::key(key)),
        ("owns", [host, key], _) => format!("places of key {} at {host}", self::key(key)),
        ("holds", [host], _) => format!("keys at {}", who(host)),
        ("load", _, _) => "keys of a full machine".to_string(),
        ("members", _, _) => "members of the overlay".to_string(),
        ("pointer", [host, role], _) => format!("the {role} of {host}"),
        ("knows", [host, role], [rank]) => format!("nodes in {role} {rank} of {host}"),
        ("astray", [role], _) => format!("nodes with a wrong {role}"),
        // The parser lets no other function through.
        (_, _, _) => "what is counted".to_string(),
    }
}

fn who(host: &str) -> &str {
    if host == "*" { "all hosts" } else { host }
}

/// A pattern between quotation marks, without the stars at its ends; nothing where it fits all.
fn quoted(pattern: &str) -> String {
    match pattern.trim_matches(['*', ' ']) {
        "" => String::new(),
        text => format!(" \u{201c}{}\u{201d}", text.replace('*', "\u{2026}")),
    }
}

/// What nodes measure, by the name of the quantity.
fn measured(quantity: &str) -> &str {
    match quantity {
        "hops" => "nodes asked",
        "timeouts" => "time-outs",
        "failed" => "failed lookups",
        "latency_us" => "waiting",
        other => other,
    }
}

fn key(text: &str) -> &str {
    text.trim_start_matches('#')
}
