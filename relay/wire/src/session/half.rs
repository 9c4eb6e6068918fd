//! The two halves of a stream, each with an offset reached and an offset allowed.

use bytes::Bytes;

use super::backlog::Backlog;

/// A TCP stream as one end of the session sees it.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    /// True until OPENED.
    pub(super) opening: bool,
    /// True while the stream waits for its turn to send.
    pub(super) queued: bool,
    pub(super) incoming: Incoming,
    pub(super) outgoing: Outgoing,
}

impl Stream {
    pub(super) fn new(incoming: Incoming, outgoing: Outgoing) -> Stream {
        Stream { opening: true, queued: false, incoming, outgoing }
    }

    /// True when both halves have ended and everything received has been consumed.
    pub(super) fn is_done(&self) -> bool {
        self.outgoing.fin_sent && self.incoming.ended && self.incoming.unconsumed() == 0
    }
}

/// What arrives: `consumed <= received <= granted`.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) received: u64,
    pub(super) consumed: u64,
    pub(super) granted: u64,
    window: u64,
    /// What the window may grow to.
    most: u64,
    /// FIN has arrived.
    pub(super) ended: bool,
    /// STOP was sent: whatever still arrives is discarded.
    pub(super) stopped: bool,
}

impl Incoming {
    pub(super) fn new(granted: u32, window: u32) -> Incoming {
        Incoming {
            received: 0,
            consumed: 0,
            granted: u64::from(granted),
            window: u64::from(window),
            most: u64::from(window),
            ended: false,
            stopped: false,
        }
    }

    /// Lets the window grow: a stream of which whole windows are consumed earns larger ones, so
    /// that a slow or busy path does not hold it to 256 KiB a round trip.
    pub(super) fn growing(self, most: u32) -> Incoming {
        Incoming { most: self.window.max(u64::from(most)), ..self }
    }

    pub(super) fn unconsumed(&self) -> u64 {
        self.received - self.consumed
    }

    /// Counts bytes as consumed. True if half the window is used up, so that more was granted and
    /// the peer has to be told: granting each byte at once would double the frames.
    pub(super) fn consume(&mut self, count: u64) -> bool {
        self.consumed += count;
        let wanted = self.consumed + self.window;
        if wanted.saturating_sub(self.granted) < self.window.div_ceil(2) || self.window == 0 {
            return false;
        }
        self.window = (self.window * 2).min(self.most);
        self.granted = self.consumed + self.window;
        true
    }
}

/// What leaves: `sent <= limit`.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) sent: u64,
    pub(super) limit: u64,
    /// Bytes in the backlog (of the session: in all backlogs).
    pub(super) waiting: u64,
    backlog: Backlog,
    pub(super) fin_wanted: bool,
    pub(super) fin_sent: bool,
}

impl Outgoing {
    pub(super) fn new(limit: u64) -> Outgoing {
        Outgoing {
            sent: 0,
            limit,
            waiting: 0,
            backlog: Backlog::default(),
            fin_wanted: false,
            fin_sent: false,
        }
    }

    pub(super) fn push(&mut self, bytes: Bytes) {
        self.waiting += bytes.len() as u64;
        self.backlog.push(bytes);
    }

    /// Takes out this many of the bytes that wait, which leave now.
    pub(super) fn pop(&mut self, count: usize) -> Bytes {
        self.waiting -= count as u64;
        self.sent += count as u64;
        self.backlog.pop(count)
    }

    /// Forgets what waits; returns how much it was.
    pub(super) fn discard(&mut self) -> u64 {
        self.backlog = Backlog::default();
        std::mem::take(&mut self.waiting)
    }

    /// Bytes that credit allows now.
    pub(super) fn credit(&self) -> u64 {
        self.limit.saturating_sub(self.sent)
    }

    /// Bytes that credit allows beyond those that wait already.
    pub(super) fn room(&self) -> u64 {
        self.credit().saturating_sub(self.waiting)
    }

    /// Takes over a CREDIT frame: offsets are absolute, so an old or repeated one changes nothing.
    /// True if this end may send more than before.
    pub(super) fn allow(&mut self, limit: u64) -> bool {
        let raised = limit > self.limit;
        self.limit = self.limit.max(limit);
        raised
    }
}
