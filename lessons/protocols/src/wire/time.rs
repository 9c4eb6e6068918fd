//! The one notion of time that machines have: what their driver tells them.

use core::fmt;
use core::ops::{Add, Sub};
use core::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment, in nanoseconds since the Unix epoch (1970-01-01 00:00:00 UTC).
///
/// A simulated world starts at its stage's own epoch, a live session at the tab's clock. Sixty-four
/// bits last until the year 2554.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct Time(u64);

impl Time {
    /// The Unix epoch itself.
    pub const EPOCH: Time = Time(0);

    /// The moment this many nanoseconds after the Unix epoch.
    pub const fn from_nanos(nanos: u64) -> Time {
        Time(nanos)
    }

    /// The moment this many whole seconds after the Unix epoch; saturates at the end of time.
    pub const fn from_secs(secs: u64) -> Time {
        Time(secs.saturating_mul(NANOS_PER_SEC))
    }

    /// Nanoseconds since the Unix epoch.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down: the precision of HTTP dates.
    pub const fn secs(self) -> u64 {
        self.0 / NANOS_PER_SEC
    }

    /// How long after `earlier` this moment is; zero if it is not after it.
    pub const fn since(self, earlier: Time) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Time {
    type Output = Time;

    /// Saturates at the end of time, so that an absurd time-out never panics.
    fn add(self, after: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(after.as_nanos()).unwrap_or(u64::MAX)))
    }
}

impl Sub<Duration> for Time {
    type Output = Time;

    /// Saturates at the epoch.
    fn sub(self, before: Duration) -> Time {
        Time(self.0.saturating_sub(u64::try_from(before.as_nanos()).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for Time {
    /// As an HTTP date (RFC 9110 section 5.6.7), to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since_epoch = Duration::from_secs(self.secs().min(LAST_HTTP_DATE_SECS));
        write!(f, "{}", httpdate::fmt_http_date(std::time::UNIX_EPOCH + since_epoch))
    }
}

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// The end of the year 9999, the last second that an HTTP date can name with four digits.
const LAST_HTTP_DATE_SECS: u64 = 253_402_300_799;
