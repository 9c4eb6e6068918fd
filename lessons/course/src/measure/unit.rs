//! Quantities as people write them: `60 ms`, `1.5 Mbit/s`, `18 RTT`.

use std::borrow::Cow;

/// A unit that a number may carry in a lesson.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit {
    /// The unit as written: `ms`.
    pub name: &'static str,
    /// What kind of quantity it measures.
    pub kind: Kind,
    /// How many base units it is, as numerator and denominator.
    ratio: (u64, u64),
}

/// A kind of quantity. Each has one base unit, in which the lab calculates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A plain number.
    Plain,
    /// A time, in seconds.
    Time,
    /// An amount of data, in bytes.
    Size,
    /// A rate, in bits per second.
    Rate,
    /// A share of a whole: 1 is all of it.
    Share,
}

impl Unit {
    /// The unit of this name, if there is one.
    pub fn named(name: &str) -> Option<Unit> {
        UNITS.iter().copied().find(|unit| unit.name == name)
    }

    /// An amount of this unit in base units.
    pub fn base(self, amount: f64) -> f64 {
        amount * self.ratio.0 as f64 / self.ratio.1 as f64
    }

    /// An amount of base units in this unit.
    pub fn of_base(self, base: f64) -> f64 {
        base * self.ratio.1 as f64 / self.ratio.0 as f64
    }
}

impl Kind {
    /// Writes an amount of base units in the unit that suits its size: `60 ms`, not `0.06 s`.
    pub fn show(self, base: f64) -> String {
        let fits = |unit: &&Unit| unit.kind == self && unit.of_base(base.abs()) >= 1.0;
        let plain = |unit: &&Unit| unit.kind == self && (base != 0.0 || unit.ratio == (1, 1));
        match UNITS.iter().rfind(fits).or_else(|| UNITS.iter().find(plain)) {
            Some(unit) => show_in(base, unit.name),
            None => number(base),
        }
    }
}

/// Writes an amount in a named unit. A word that is no unit is only put behind the number, and
/// stands in the singular behind a one.
pub fn show_in(base: f64, unit: &str) -> String {
    let amount = Unit::named(unit).map_or(base, |known| known.of_base(base));
    match unit {
        "" => number(amount),
        "%" => format!("{}%", number(amount)),
        unit => {
            let one = Unit::named(unit).is_none() && amount == 1.0;
            let unit = if one { singular(unit) } else { Cow::Borrowed(unit) };
            format!("{}\u{a0}{unit}", number(amount))
        }
    }
}

/// The singular of a plural: of queries a query, of cookies a cookie, of messages a message.
fn singular(plural: &str) -> Cow<'_, str> {
    match (plural.strip_suffix("ies"), plural.strip_suffix('s')) {
        (Some(stem), _) if plural != "cookies" => Cow::Owned(format!("{stem}y")),
        (_, Some(one)) => Cow::Borrowed(one),
        (_, None) => Cow::Borrowed(plural),
    }
}

/// Writes a number with at most the digits that a reader can use: four figures, or the whole of
/// an integer.
pub fn number(value: f64) -> String {
    let places = match value.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// The units, each kind from small to large. `RTT` and other words are not units but labels.
pub const UNITS: &[Unit] = &[
    Unit { name: "us", kind: Kind::Time, ratio: (1, 1_000_000) },
    Unit { name: "ms", kind: Kind::Time, ratio: (1, 1000) },
    Unit { name: "s", kind: Kind::Time, ratio: (1, 1) },
    Unit { name: "min", kind: Kind::Time, ratio: (60, 1) },
    Unit { name: "B", kind: Kind::Size, ratio: (1, 1) },
    Unit { name: "kB", kind: Kind::Size, ratio: (1000, 1) },
    Unit { name: "MB", kind: Kind::Size, ratio: (1_000_000, 1) },
    Unit { name: "bit/s", kind: Kind::Rate, ratio: (1, 1) },
    Unit { name: "kbit/s", kind: Kind::Rate, ratio: (1000, 1) },
    Unit { name: "Mbit/s", kind: Kind::Rate, ratio: (1_000_000, 1) },
    Unit { name: "Gbit/s", kind: Kind::Rate, ratio: (1_000_000_000, 1) },
    Unit { name: "%", kind: Kind::Share, ratio: (1, 100) },
];
