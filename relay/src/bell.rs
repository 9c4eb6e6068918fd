//! Which of a session's sockets are ready, without looking at all of them: each has a waker of its
//! own that writes its number down and then wakes the one task of the session.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};

use futures_util::task::AtomicWaker;

/// The list of numbers that have rung.
#[derive(Default)]
pub(crate) struct Board {
    rung: Mutex<Vec<u32>>,
    task: AtomicWaker,
}

impl Board {
    /// Takes this task as the one to wake.
    pub(crate) fn register(&self, cx: &Context<'_>) {
        self.task.register(cx.waker());
    }

    /// Moves the numbers that have rung to the end of `into`.
    pub(crate) fn collect(&self, into: &mut Vec<u32>) {
        into.append(&mut self.rung.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The bell of one socket.
pub(crate) struct Bell {
    number: u32,
    ringing: AtomicBool,
    board: Arc<Board>,
}

impl Bell {
    /// A bell for this number and the waker that rings it.
    pub(crate) fn hang(number: u32, board: &Arc<Board>) -> (Arc<Bell>, Waker) {
        let ringing = AtomicBool::new(false);
        let bell = Arc::new(Bell { number, ringing, board: Arc::clone(board) });
        let waker = Waker::from(Arc::clone(&bell));
        (bell, waker)
    }

    /// Lets the bell ring again; call it before polling the socket, so that no ring is lost.
    pub(crate) fn heard(&self) {
        self.ringing.store(false, Ordering::Release);
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.ringing.swap(true, Ordering::AcqRel) {
            let mut rung = self.board.rung.lock().unwrap_or_else(PoisonError::into_inner);
            rung.push(self.number);
            drop(rung);
            self.board.task.wake();
        }
    }
}
