//! What is selected: one thing, everywhere at once.

/// Something that can be clicked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// An arrow of the ladder, by its number: a flight.
    Arrow(u64),
    /// A host, by its index.
    Host(usize),
    /// A link between hosts, by its index.
    Link(usize),
    /// An entry of the run, by its index.
    Entry(usize),
}
