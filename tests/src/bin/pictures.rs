//! `make pictures`: a photograph of every page, at two widths and in two themes, to be looked at.

fn main() {}
