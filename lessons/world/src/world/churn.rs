//! Hosts that come and go by themselves.

use core::time::Duration;

use rand_core::Rng;
use rand_pcg::Pcg32;

use super::{Item, World};
use crate::entry::{Act, Entry, HostId, Power};
use crate::plan::Churn;

impl World {
    /// Draws for every host that may go when it does.
    pub(super) fn begin_churn(&mut self) {
        let Some(Churn { hosts, session, .. }) = self.plan.churn.clone() else { return };
        for host in hosts.start..hosts.end.min(self.host_count()) {
            let stays = exponential(&mut self.random, session);
            self.schedule(self.now + stays, Item::Churn(HostId(host)));
        }
    }

    /// A host goes if it is on and comes if it is off, whoever switched it last.
    pub(super) fn churn(&mut self, host: HostId) -> Option<Entry> {
        let Churn { session, absence, .. } = *self.plan.churn.as_ref()?;
        let (power, mean) = match self.is_on(host) {
            true => (Power::Off, absence),
            false => (Power::On, session),
        };
        let stays = exponential(&mut self.random, mean);
        self.schedule(self.now + stays, Item::Churn(host));
        self.switch(&Act::Power { host, power }, host, power).ok()
    }
}

/// A duration from the exponential distribution with this mean.
///
/// It is von Neumann's way, which only compares numbers: a logarithm may differ in its last bit
/// from machine to machine, and a run must not. Of a run of falling numbers that breaks off after
/// an odd count, the first is what follows the point; each run of an even count before it adds one.
fn exponential(random: &mut Pcg32, mean: Duration) -> Duration {
    let mut whole = 0;
    loop {
        let first = random.next_u64();
        let (mut last, mut count) = (first, 1_u32);
        loop {
            let next = random.next_u64();
            if next >= last {
                break;
            }
            (last, count) = (next, count + 1);
        }
        if !count.is_multiple_of(2) {
            let nanos = u64::try_from(mean.as_nanos()).unwrap_or(u64::MAX);
            let part = (u128::from(nanos) * u128::from(first)) >> u64::BITS;
            return mean.saturating_mul(whole) + Duration::from_nanos(part as u64);
        }
        whole += 1;
    }
}

#[cfg(test)]
mod tests {
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn sessions_have_the_mean_the_spread_and_the_median_of_the_exponential_distribution() {
        let mut random = Pcg32::seed_from_u64(1);
        let draw = |_| exponential(&mut random, Duration::from_secs(100)).as_secs_f64();
        let mut drawn: Vec<f64> = (0..100_000).map(draw).collect();
        let mean = drawn.iter().sum::<f64>() / 1e5;
        let variance = drawn.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 1e5;
        drawn.sort_by(f64::total_cmp);
        // Ln 2 of the mean; the tolerances are four standard errors.
        assert!((mean - 100.0).abs() < 1.3, "{mean}");
        assert!((variance.sqrt() - 100.0).abs() < 2.0, "{variance}");
        assert!((drawn[50_000] - 69.3).abs() < 1.3, "{}", drawn[50_000]);
    }
}
