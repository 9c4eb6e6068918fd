//! Figures with their units, as people write them.

/// A time in nanoseconds, in the unit that suits.
pub fn time(nanos: f64) -> String {
    let minutes = (nanos / 60e9).floor();
    if minutes >= 60.0 {
        format!("{:.0} h {:.0} min", (minutes / 60.0).floor(), minutes % 60.0)
    } else if minutes >= 1.0 {
        // Cut off, not rounded: there is no sixtieth second.
        match (nanos / 1e8).floor() - minutes * 600.0 {
            0.0 => format!("{minutes:.0} min"),
            tenths => format!("{minutes:.0} min {:.1} s", tenths / 10.0),
        }
    } else if nanos >= 10e9 {
        format!("{:.1} s", nanos / 1e9)
    } else if nanos >= 1e9 {
        format!("{:.2} s", nanos / 1e9)
    } else if nanos >= 1e6 || nanos == 0.0 {
        format!("{:.1} ms", nanos / 1e6)
    } else {
        format!("{:.0} \u{b5}s", nanos / 1e3)
    }
}

/// A number of bytes.
pub fn bytes(count: usize) -> String {
    if count < 10_000 {
        format!("{} B", grouped(count))
    } else if count < 10_000_000 {
        format!("{:.1} kB", count as f64 / 1e3)
    } else {
        format!("{:.1} MB", count as f64 / 1e6)
    }
}

/// A number with thin spaces between its thousands.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_suits() {
        assert_eq!(time(0.0), "0.0 ms");
        assert_eq!(time(212.44e6), "212.4 ms");
        assert_eq!(time(40e3), "40 \u{b5}s");
        assert_eq!(time(1.5e9), "1.50 s");
        assert_eq!(time(59.9e9), "59.9 s");
        assert_eq!(time(127.3e9), "2 min 7.3 s");
        assert_eq!(time(179.99e9), "2 min 59.9 s");
        assert_eq!(time(300e9), "5 min");
        assert_eq!(time(2.0 * 86_400e9), "48 h 0 min");
    }

    #[test]
    fn bytes_are_grouped() {
        assert_eq!(bytes(2140), "2\u{2009}140 B");
        assert_eq!(bytes(40), "40 B");
        assert_eq!(bytes(1_234_567), "1234.6 kB");
    }
}
