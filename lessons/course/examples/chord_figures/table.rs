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
}

impl Row {
    /// A number and how far it may be from the paper's.
    pub fn new(what: impl Into<String>, measured: f64, paper: f64, tolerance: f64) -> Row {
        Row { what: what.into(), measured, paper, tolerance }
    }

    /// Whether it is near enough.
    pub fn is_near(&self) -> bool {
        (self.measured - self.paper).abs() <= self.tolerance
    }
}

impl Table {
    /// Prints the table; whether every number is near enough.
    pub fn print(&self) -> bool {
        println!("\n{}\n", self.title);
        println!("| {:<34} | {:>8} | {:>7} | {:>9} |  |", "", "measured", "paper", "tolerance");
        println!("|{:-<36}|{:->10}|{:->9}|{:->11}|--|", "", ":", ":", ":");
        for row in &self.rows {
            let Row { what, measured, paper, tolerance } = row;
            let mark = if row.is_near() { " " } else { "!" };
            println!("| {what:<34} | {measured:>8.3} | {paper:>7.3} | {tolerance:>9.3} |{mark} |");
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
