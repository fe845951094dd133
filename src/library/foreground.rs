//! Background work gives way while a key is answered, or the first frame is awaited.

use std::{
    cell::Cell,
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

/// Longest time for which a thread of the background runs without a pause.
const MAX_STRETCH: Duration = Duration::from_millis(1);

/// Duration of a pause, in which every thread that waits for the processor gets it.
const PAUSE: Duration = Duration::from_micros(50);

thread_local! {
    /// The end of the last pause of this thread.
    static LAST_PAUSE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Says whether a key is being answered.
///
/// A lower priority is not enough where every processor is busy: a thread that wakes up waits until the
/// running one has had its turn, which takes milliseconds, and a key passes from thread to thread four times.
/// On Linux 6.18, the thread that reads the keys waited for up to 48 ms for the processor of the index thread,
/// which had niceness 15 and knew of no key yet. So threads of the background pause now and then, whether or not
/// there is a key.
#[derive(Debug, Default)]
pub struct Foreground {
    /// Keys are read: in the reader, but not in commands.
    is_watched: AtomicBool,
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
        self.is_watched.store(true, Ordering::Relaxed);
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

    /// Waits while a key is being answered, and pauses after a stretch of work. Background work calls this between
    /// its steps, each of which takes less than a millisecond if it can.
    pub fn give_way(&self) {
        if !self.is_watched.load(Ordering::Relaxed) {
            return;
        }
        self.pause_after_stretch();
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

    /// Lets other threads have the processor if this one has run for long.
    fn pause_after_stretch(&self) {
        let now = monotonic_now();
        let last = LAST_PAUSE.get().unwrap_or(now);
        let is_long = is_long_stretch(last, now);
        if is_long {
            drop(self.answered.wait_timeout(self.lock_deadline(), PAUSE));
        }
        LAST_PAUSE.set(Some(if is_long { monotonic_now() } else { last }));
    }

    fn lock_deadline(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether a thread that paused last at `last` has run for long.
fn is_long_stretch(last: Instant, now: Instant) -> bool {
    now.saturating_duration_since(last) >= MAX_STRETCH
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::{Foreground, LAST_PAUSE, MAX_STRETCH, is_long_stretch, monotonic_now};

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
    fn thread_of_the_background_pauses_after_a_stretch() {
        let now = monotonic_now();
        assert!(!is_long_stretch(now, now) && !is_long_stretch(now + MAX_STRETCH, now));
        assert!(is_long_stretch(now, now + MAX_STRETCH));
        let foreground = Foreground::default();
        foreground.give_way();
        assert_eq!(LAST_PAUSE.get(), None, "nobody presses a key");
        foreground.begin();
        foreground.end();
        foreground.give_way();
        let began = LAST_PAUSE.get().unwrap();
        LAST_PAUSE.set(began.checked_sub(MAX_STRETCH));
        foreground.give_way();
        assert!(LAST_PAUSE.get().unwrap() >= began);
    }

    #[test]
    fn background_work_goes_on_at_the_deadline() {
        let foreground = Foreground::default();
        foreground.begin_until(monotonic_now());
        foreground.give_way();
        assert_eq!(*foreground.lock_deadline(), None);
    }
}
