//! Tables of what was measured beside what the paper says.

/// One figure of a paper.
pub struct Table {
    /// What it shows, and of which experiment.
    pub title: String,
    /// Its lines.
    pub rows: Vec<Row>,
}

/// One number.
pub struct Row {
    /// What of.
    pub what: String,
    /// What the machines of the lab gave.
    pub measured: f64,
    /// What the paper says.
    pub paper: f64,
    /// How far apart they may be, either way.
    pub tolerance: f64,
    /// What follows by calculation for nodes at places by chance, where that is known.
    pub follows: Option<Follows>,
}

/// A number that can be worked out.
#[derive(Clone, Copy)]
pub struct Follows {
    /// The number.
    pub number: f64,
    /// How far from it the measured one may be, since only so many lookups are made.
    pub within: f64,
}

impl Row {
    /// A number and how far it may be from the paper's.
    pub fn new(what: impl Into<String>, measured: f64, paper: f64, tolerance: f64) -> Row {
        Row { what: what.into(), measured, paper, tolerance, follows: None }
    }

    /// The same, with what follows for it by calculation.
    pub fn follows(self, number: f64, within: f64) -> Row {
        Row { follows: Some(Follows { number, within }), ..self }
    }

    /// Whether it is near enough to both.
    pub fn is_near(&self) -> bool {
        let is_beside = |number: f64, within: f64| (self.measured - number).abs() <= within;
        let as_it_follows = self.follows.is_none_or(|it| is_beside(it.number, it.within));
        is_beside(self.paper, self.tolerance) && as_it_follows
    }
}

impl Table {
    /// Prints the table; whether every number is near enough.
    pub fn print(&self) -> bool {
        println!("\n{}\n", self.title);
        let heads = ["measured", "paper", "tolerance", "follows"];
        println!(
            "| {:<37} | {:>8} | {:>7} | {:>9} | {:>15} |  |",
            "", heads[0], heads[1], heads[2], heads[3]
        );
        println!("|{:-<39}|{:->10}|{:->9}|{:->11}|{:->17}|--|", "", ":", ":", ":", ":");
        for row in &self.rows {
            let Row { what, measured, paper, tolerance, follows } = row;
            let follows = follows.map_or(String::new(), |Follows { number, within }| {
                format!("{number:.3} +-{within:.3}")
            });
            let mark = if row.is_near() { " " } else { "!" };
            println!(
                "| {what:<37} | {measured:>8.3} | {paper:>7.3} | {tolerance:>9.3} | {follows:>15} \
                 |{mark} |"
            );
        }
        self.rows.iter().all(Row::is_near)
    }
}

/// The mean of some numbers.
pub fn mean(of: &[u64]) -> f64 {
    of.iter().sum::<u64>() as f64 / of.len().max(1) as f64
}

/// The number that this share of all, which are sorted, lie at or below.
pub fn percentile(sorted: &[u64], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len()) - 1;
    sorted[at] as f64
}
