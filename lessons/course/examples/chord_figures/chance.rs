//! What path lengths follow by calculation where nodes lie by chance, as hashes do.
//!
//! The paper's "half of log2 N" counts the ones among the first log2 N bits of a distance (SIGCOMM
//! 2001 section 6.3). That is exact for nodes at equal distances. For nodes by chance it is a
//! little too much: a finger is the first node behind its start, and lies beyond it by a whole
//! mean distance of neighbours, so that a step goes further than the bit that it is for; while
//! there may be no node at all for the last bits. This module works out both. It is printed and
//! checked beside what the simulated nodes have measured, never in its place.

/// The shares of lookups that ask 0, 1, 2 and more nodes in a ring of so many nodes, a power of
/// two.
///
/// Whom a node asks depends only on the stretch from itself to the last place before the key where
/// a node may be. Let that have length y, in mean distances of neighbours, and let p(y) be the
/// shares. The longest finger that starts within it, at z before its end, finds a node with the
/// chance 1 - exp(-z), and the search goes on from there; without one the stretch is known to end
/// where that finger starts. So p(y) = exp(-z) p(y - z) + g(z), where g(z) is the mean of p over
/// where that first node may be, with one more node asked.
pub fn shares(nodes: usize) -> Vec<f64> {
    let (last, fades) = (nodes * STEPS, (-WIDTH).exp());
    let (whole, tilted) = (1.0 - fades, (1.0 - fades * (1.0 + WIDTH)) / WIDTH);
    // g at each step; as far as half of the way is enough, for the longest finger halves it.
    let mut found = vec![[0.0; MOST]; last / 2 + 1];
    let nobody: Shares = core::array::from_fn(|n| if n == 0 { 1.0 } else { 0.0 });
    let (mut before, mut at_start, mut sum) = (nobody, nobody, [0.0; MOST]);
    for step in 1..=last {
        let behind = step - step.next_power_of_two() / 2;
        let empty = (-WIDTH * behind as f64).exp();
        let here: Shares = core::array::from_fn(|n| match (step, n) {
            // Within the first step there is hardly ever more than one node.
            (1, 0) => fades,
            (1, 1) => 1.0 - fades,
            (1, _) => 0.0,
            _ => empty * at_start[n] + found[behind][n],
        });
        for n in 0..MOST {
            sum[n] += (before[n] + here[n]) / 2.0;
        }
        if step <= last / 2 {
            for n in 1..MOST {
                let (near, far) = (here[n - 1], before[n - 1]);
                found[step][n] = fades * found[step - 1][n] + near * whole + (far - near) * tilted;
            }
        }
        if step.is_power_of_two() {
            at_start = here;
        }
        before = here;
    }
    // One key in N is the asker's own, which it knows without asking.
    let own = 1.0 / nodes as f64;
    (0..MOST).map(|n| sum[n] / last as f64 + own * (nobody[n] - before[n])).collect()
}

/// The mean of such shares.
pub fn mean(shares: &[f64]) -> f64 {
    shares.iter().zip(0_u32..).map(|(share, asked)| share * f64::from(asked)).sum()
}

type Shares = [f64; MOST];

/// No ring of 2^14 nodes has longer paths.
const MOST: usize = 24;

/// How many steps a mean distance of neighbours is divided into.
const STEPS: usize = 16;

const WIDTH: f64 = 1.0 / STEPS as f64;
