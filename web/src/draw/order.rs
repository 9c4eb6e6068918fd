//! Putting things in order, in one way for all drawings of a ladder. The start page shows a ladder,
//! and each further kind of sorting would be four kilobytes that every first visit loads.

/// The places of things in the order of their keys, those of equal keys as they stood.
pub fn in_order(keys: impl IntoIterator<Item = f32>) -> Vec<usize> {
    let packed = keys.into_iter().zip(0..).map(|(key, at)| rank(key) << PLACE_BITS | at);
    let mut order: Vec<u64> = packed.collect();
    order.sort_unstable();
    order.into_iter().map(|packed| (packed & !(u64::MAX << PLACE_BITS)) as usize).collect()
}

/// These numbers in ascending order.
pub fn ascending(numbers: &[f32]) -> Vec<f32> {
    let order = in_order(numbers.iter().copied()).into_iter();
    order.filter_map(|at| numbers.get(at).copied()).collect()
}

/// A number of 32 bits for each float, in the order of [`f32::total_cmp`].
fn rank(key: f32) -> u64 {
    let bits = key.to_bits();
    u64::from(if key.is_sign_negative() { !bits } else { bits | 1 << 31 })
}

/// Nothing that is drawn has more members than a number of 32 bits can count.
const PLACE_BITS: u32 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_keys_and_equal_keys_stay_as_they_stood() {
        let keys = [3.5, -1.0, 0.0, 3.5, -2.5, f32::INFINITY, f32::NEG_INFINITY];
        assert_eq!(in_order(keys), [6, 4, 1, 2, 0, 3, 5]);
        let mut sorted = keys;
        sorted.sort_by(f32::total_cmp);
        assert_eq!(ascending(&keys), sorted);
    }
}
