//! Background work gives way while a key is answered, or the first frame is awaited.

use std::{
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::clock::monotonic_now;

/// Longest time for which background work waits for the answer to a key. Keys follow each other after a tenth
/// of a second, so that it has half of that at least, however fast somebody types.
const MAX_PAUSE: Duration = Duration::from_millis(50);

/// Says whether a key is being answered.
///
/// A lower priority is not enough where every processor is busy: a thread that wakes up waits until the
/// running one has had its turn, which takes milliseconds, and a key passes from thread to thread four times.
#[derive(Debug, Default)]
pub struct Foreground {
    /// A key is being answered. Changed with the deadline only.
    is_busy: AtomicBool,
    /// The time at which background work goes on, whether or not the key is answered.
    deadline: Mutex<Option<Instant>>,
    answered: Condvar,
}

impl Foreground {
    /// Notes that a key has arrived.
    pub fn begin(&self) {
        self.begin_until(monotonic_now() + MAX_PAUSE);
    }

    fn begin_until(&self, deadline: Instant) {
        *self.lock_deadline() = Some(deadline);
        self.is_busy.store(true, Ordering::Release);
    }

    /// Notes that all keys are answered.
    pub fn end(&self) {
        if self.is_busy.swap(false, Ordering::AcqRel) {
            *self.lock_deadline() = None;
            self.answered.notify_all();
        }
    }

    /// Waits while a key is being answered. Background work calls this between its steps; without a key it
    /// costs nothing.
    pub fn give_way(&self) {
        if !self.is_busy.load(Ordering::Acquire) {
            return;
        }
        let mut deadline = self.lock_deadline();
        while let Some(at) = *deadline {
            let left = at.saturating_duration_since(monotonic_now());
            if left.is_zero() {
                // Nothing waits for this key again.
                *deadline = None;
                self.is_busy.store(false, Ordering::Release);
                return;
            }
            let waited = self.answered.wait_timeout(deadline, left);
            (deadline, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock_deadline(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::{Foreground, monotonic_now};

    #[test]
    fn background_work_goes_on_once_the_key_is_answered() {
        let foreground = Foreground::default();
        foreground.give_way();
        foreground.begin_until(monotonic_now() + Duration::from_secs(3600));
        let (sender, steps) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                foreground.give_way();
                sender.send("background").unwrap();
            });
            // Nothing of the background comes before the answer, however long that takes.
            (0..1_000).for_each(|_| thread::yield_now());
            sender.send("answer").unwrap();
            foreground.end();
        });
        assert_eq!(steps.try_iter().collect::<Vec<_>>(), ["answer", "background"]);
    }

    #[test]
    fn background_work_goes_on_at_the_deadline() {
        let foreground = Foreground::default();
        foreground.begin_until(monotonic_now());
        foreground.give_way();
        assert_eq!(*foreground.lock_deadline(), None);
    }
}
