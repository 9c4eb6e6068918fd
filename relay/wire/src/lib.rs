//! The framing between a tab and the relay, and the state of its streams: sans-IO, for both ends.
