//! The functions of the language of lessons.

/// A function by its name in lesson files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What has to be known to evaluate it.
    pub asks: Asks,
    /// How many texts it takes.
    pub texts: usize,
    /// How many numbers it takes after them.
    pub numbers: usize,
    /// What it gives, as a sentence for authors.
    pub says: &'static str,
}

/// What has to be known to evaluate a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asks {
    /// Its arguments alone.
    Nothing,
    /// What has happened, and what the student has done.
    Past,
    /// How hosts and links stand now: of ten thousand of them that is much to find out.
    Present,
}

/// The functions of the language.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "ceil",
        asks: Asks::Nothing,
        texts: 0,
        numbers: 1,
        says: "The next whole number above.",
    },
    Function {
        name: "floor",
        asks: Asks::Nothing,
        texts: 0,
        numbers: 1,
        says: "The next whole number below.",
    },
    Function {
        name: "min",
        asks: Asks::Nothing,
        texts: 0,
        numbers: 2,
        says: "The smaller of two numbers.",
    },
    Function {
        name: "max",
        asks: Asks::Nothing,
        texts: 0,
        numbers: 2,
        says: "The larger of two numbers.",
    },
    Function {
        name: "connections",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How many connections a host has opened itself.",
    },
    Function {
        name: "events",
        asks: Asks::Past,
        texts: 2,
        numbers: 0,
        says: "How many events of a host fit a pattern.",
    },
    Function {
        name: "commands",
        asks: Asks::Past,
        texts: 2,
        numbers: 0,
        says: "How many commands given to a host fit a pattern.",
    },
    Function {
        name: "messages",
        asks: Asks::Past,
        texts: 2,
        numbers: 0,
        says: "How many messages sent by a host have a title that fits a pattern.",
    },
    Function {
        name: "fields",
        asks: Asks::Past,
        texts: 2,
        numbers: 0,
        says: "How many fields `Name: value` in messages sent by a host fit a pattern.",
    },
    Function {
        name: "bytes",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How many bytes a host has sent on its connections.",
    },
    Function {
        name: "datagram_bytes",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How many bytes a host has sent in datagrams.",
    },
    Function {
        name: "carried",
        asks: Asks::Present,
        texts: 1,
        numbers: 0,
        says: "How many bytes a link has carried, both ways together.",
    },
    Function {
        name: "mean",
        asks: Asks::Past,
        texts: 3,
        numbers: 0,
        says: "The mean time at a host from commands that fit a pattern to events that fit one.",
    },
    Function {
        name: "rules",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How often hosts have cited the rule of this id.",
    },
    Function {
        name: "violations",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How many messages sent by a host break a rule.",
    },
    Function {
        name: "faults",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How many faults of this kind the student has made; `*` for any kind.",
    },
    Function {
        name: "turned",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "1 if the student has turned the knob of this parameter, otherwise 0.",
    },
    Function {
        name: "answered",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "1 if the question of this id has been answered rightly, otherwise 0.",
    },
    Function {
        name: "samples",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "How often nodes of an overlay have measured this quantity.",
    },
    Function {
        name: "average",
        asks: Asks::Past,
        texts: 1,
        numbers: 0,
        says: "The mean of what they have measured of it.",
    },
    Function {
        name: "percentile",
        asks: Asks::Past,
        texts: 1,
        numbers: 1,
        says: "What such a share of the measured values of it does not exceed.",
    },
    Function {
        name: "latest",
        asks: Asks::Present,
        texts: 2,
        numbers: 0,
        says: "What a host has measured last of this quantity.",
    },
    Function {
        name: "owner",
        asks: Asks::Present,
        texts: 1,
        numbers: 0,
        says: "The identifier of the node that a key belongs to, in a small space.",
    },
    Function {
        name: "owns",
        asks: Asks::Present,
        texts: 2,
        numbers: 0,
        says: "1 if the node that a key belongs to is at this host, otherwise 0.",
    },
    Function {
        name: "holds",
        asks: Asks::Present,
        texts: 1,
        numbers: 0,
        says: "How many keys a host holds; `*` for all members together.",
    },
    Function {
        name: "load",
        asks: Asks::Present,
        texts: 0,
        numbers: 1,
        says: "How many keys such a share of the machines of an overlay hold at most, each.",
    },
    Function {
        name: "members",
        asks: Asks::Present,
        texts: 1,
        numbers: 0,
        says: "How many hosts whose names fit a pattern are members of the overlay.",
    },
    Function {
        name: "pointer",
        asks: Asks::Present,
        texts: 2,
        numbers: 1,
        says: "The identifier of the node that a host knows in this role and rank.",
    },
    Function {
        name: "knows",
        asks: Asks::Present,
        texts: 2,
        numbers: 1,
        says: "How many nodes a host knows in this role and rank.",
    },
    Function {
        name: "astray",
        asks: Asks::Present,
        texts: 1,
        numbers: 0,
        says: "How many members know another node in this role than the ring would have it.",
    },
];
