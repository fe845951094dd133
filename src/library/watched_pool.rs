//! A pool of threads that are watched: one that works on a single job for too long is given up, and
//! another takes its place.
//!
//! A thread cannot be ended from outside. One that is given up has no longer a way to its jobs and
//! results, works on for itself, and ends when its job does. This is the last resort for a document
//! that the limits of its parser miss.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender};

use super::{catch_panic::catch_panic_or, clock::monotonic_now};

/// Time after which a thread is given up that works on one job. A document within the limits of its
/// parser takes a small part of it; code that is not optimised takes ten times as long, and the tests
/// share the machine.
pub(super) const MAX_JOB_TIME: Duration =
    Duration::from_secs(if cfg!(debug_assertions) { 200 } else { 20 });

/// Maximum number of threads that are given up, for each counter: each may take a core and memory
/// until the program ends.
const MAX_GIVEN_UP: usize = 2;

/// The work of a pool: how each of its threads does a job.
pub(super) trait PoolWork: Send + Sync + 'static {
    /// A job.
    type Job: Send + 'static;
    /// The facts that are kept of a job, in case it is given up.
    type Key: Send + 'static;
    /// The result of a job.
    type Output: Send + 'static;
    /// The state that each thread has for itself.
    type Session;

    /// Opens the session of a thread, which ends if there is none.
    fn open_session(&self) -> Option<Self::Session>;

    /// Returns what has to be known of `job` if it is given up.
    fn key(&self, job: &Self::Job) -> Self::Key;

    /// Does a job. Waiting for something else belongs into [`JobClock::pause`].
    fn run(&self, session: &Self::Session, job: Self::Job, clock: &dyn JobClock) -> Self::Output;
}

/// The clock of a running job.
pub(super) trait JobClock {
    /// Runs `wait`, whose time does not count; afterwards, the time of the job starts again.
    fn pause(&self, wait: &mut dyn FnMut());
}

/// The ends of the channels that connect a thread with its pool.
pub(super) struct PoolChannels<W: PoolWork> {
    pub(super) jobs: Receiver<W::Job>,
    pub(super) results: Sender<W::Output>,
    /// Disconnected once no thread is left but those that were given up.
    #[expect(dead_code, reason = "it only has to be dropped")]
    pub(super) alive: Sender<()>,
}

/// A job that is being done, and the channels of its thread: who takes them, has the thread's place.
struct RunningJob<W: PoolWork> {
    key: W::Key,
    /// The start of the time that counts; `None` while the job waits.
    since: Option<Instant>,
    channels: PoolChannels<W>,
}

/// The job that one thread does.
struct JobSlot<W: PoolWork>(Mutex<Option<RunningJob<W>>>);

/// The threads of a pool, and the counter of those that were given up.
pub(super) struct WatchedPool<W: PoolWork> {
    work: Arc<W>,
    slots: Vec<Arc<JobSlot<W>>>,
    given_up: &'static AtomicUsize,
}

impl<W: PoolWork> WatchedPool<W> {
    /// Creates a pool without threads. Pools that share a counter give up [`MAX_GIVEN_UP`] threads
    /// together.
    pub(super) fn new(work: W, given_up: &'static AtomicUsize) -> WatchedPool<W> {
        WatchedPool { work: Arc::new(work), slots: Vec::new(), given_up }
    }

    /// Starts a thread, unless the system is out of threads.
    pub(super) fn start_thread(&mut self, channels: PoolChannels<W>) {
        let slot = Arc::new(JobSlot(Mutex::new(None)));
        let (work, own_slot) = (Arc::clone(&self.work), Arc::clone(&slot));
        let body = move || run_thread(&*work, &own_slot, channels);
        if thread::Builder::new().name("job feed".to_owned()).spawn(body).is_ok() {
            self.slots.push(slot);
        }
    }

    /// Gives up the threads whose job has taken more than [`MAX_JOB_TIME`] at `now`, and starts
    /// others in their place; returns the keys of the jobs.
    pub(super) fn give_up_overdue(&mut self, now: Instant) -> Vec<W::Key> {
        let mut keys = Vec::new();
        for slot in std::mem::take(&mut self.slots) {
            match slot.take_overdue(now, self.given_up) {
                Some(RunningJob { key, channels, .. }) => {
                    keys.push(key);
                    self.start_thread(channels);
                }
                None => self.slots.push(slot),
            }
        }
        keys
    }
}

fn run_thread<W: PoolWork>(work: &W, slot: &JobSlot<W>, mut channels: PoolChannels<W>) {
    // Closed before the channels, which tell the pool that the thread has ended.
    let Some(session) = work.open_session() else { return };
    while let Ok(job) = channels.jobs.recv() {
        slot.begin(work.key(&job), channels);
        let output = catch_panic_or(|| (), || Ok(work.run(&session, job, slot)));
        let Some(RunningJob { channels: own_channels, .. }) = slot.lock().take() else { return };
        channels = own_channels;
        if output.is_ok_and(|output| channels.results.send(output).is_err()) {
            break;
        }
    }
    drop(session);
}

impl<W: PoolWork> JobSlot<W> {
    fn begin(&self, key: W::Key, channels: PoolChannels<W>) {
        *self.lock() = Some(RunningJob { key, since: Some(monotonic_now()), channels });
    }

    /// Takes the job if it is overdue and another thread may be given up.
    fn take_overdue(&self, now: Instant, given_up: &AtomicUsize) -> Option<RunningJob<W>> {
        let mut job = self.lock();
        let since = job.as_ref()?.since?;
        let is_overdue = now.saturating_duration_since(since) > MAX_JOB_TIME;
        let allowed = |count: usize| (count < MAX_GIVEN_UP).then_some(count + 1);
        if !is_overdue
            || given_up.fetch_update(Ordering::Relaxed, Ordering::Relaxed, allowed).is_err()
        {
            return None;
        }
        job.take()
    }

    fn set_since(&self, since: Option<Instant>) {
        if let Some(job) = self.lock().as_mut() {
            job.since = since;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<RunningJob<W>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: PoolWork> JobClock for JobSlot<W> {
    fn pause(&self, wait: &mut dyn FnMut()) {
        self.set_since(None);
        wait();
        self.set_since(Some(monotonic_now()));
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{bounded, unbounded};

    use super::*;

    /// Says that a job has begun, and waits at a gate: in a job below ten, or in a pause.
    struct GatedWork {
        begun: Sender<u32>,
        gate: Receiver<()>,
    }

    impl PoolWork for GatedWork {
        type Job = u32;
        type Key = u32;
        type Output = u32;
        type Session = ();

        fn open_session(&self) -> Option<()> {
            Some(())
        }

        fn key(&self, job: &u32) -> u32 {
            *job
        }

        fn run(&self, (): &(), job: u32, clock: &dyn JobClock) -> u32 {
            let mut wait = || {
                self.begun.send(job).unwrap();
                self.gate.recv().unwrap();
            };
            match job {
                0..10 => wait(),
                10..20 => clock.pause(&mut wait),
                _ => {}
            }
            assert_ne!(job, 99, "a job that panics");
            job
        }
    }

    struct GatedPool {
        pool: WatchedPool<GatedWork>,
        jobs: Sender<u32>,
        results: Receiver<u32>,
        begun: Receiver<u32>,
        gate: Sender<()>,
        alive: Receiver<()>,
    }

    /// Starts a pool of `threads` threads.
    fn start(threads: usize, given_up: &'static AtomicUsize) -> GatedPool {
        let ((begun_sender, begun), (gate, gate_receiver)) = (unbounded(), unbounded());
        let ((jobs, job_receiver), (result_sender, results)) = (unbounded(), unbounded());
        let (alive_sender, alive) = bounded(0);
        let work = GatedWork { begun: begun_sender, gate: gate_receiver };
        let mut pool = WatchedPool::new(work, given_up);
        for _ in 0..threads {
            pool.start_thread(PoolChannels {
                jobs: job_receiver.clone(),
                results: result_sender.clone(),
                alive: alive_sender.clone(),
            });
        }
        GatedPool { pool, jobs, results, begun, gate, alive }
    }

    fn overdue() -> Instant {
        monotonic_now() + MAX_JOB_TIME + Duration::from_secs(1)
    }

    #[test]
    fn watched_pool_gives_up_at_most_two_threads_and_goes_on() {
        static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);
        let GatedPool { mut pool, jobs, results, begun, gate, alive } = start(1, &GIVEN_UP);
        for stuck in [1, 2] {
            jobs.send(stuck).unwrap();
            assert_eq!(begun.recv(), Ok(stuck));
            assert!(pool.give_up_overdue(monotonic_now()).is_empty());
            assert_eq!(pool.give_up_overdue(overdue()), [stuck]);
            jobs.send(20 + stuck).unwrap();
            assert_eq!(results.recv(), Ok(20 + stuck));
        }
        jobs.send(3).unwrap();
        assert_eq!(begun.recv(), Ok(3));
        assert!(pool.give_up_overdue(overdue()).is_empty());
        for _ in 0..3 {
            gate.send(()).unwrap();
        }
        // The threads that were given up send nothing.
        assert_eq!(results.recv(), Ok(3));
        drop(jobs);
        assert!(alive.recv().is_err());
        assert!(results.try_recv().is_err());
    }

    #[test]
    fn watched_pool_ends_while_given_up_thread_works() {
        static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);
        let GatedPool { mut pool, jobs, results, begun, gate, alive } = start(1, &GIVEN_UP);
        jobs.send(1).unwrap();
        assert_eq!(begun.recv(), Ok(1));
        assert_eq!(pool.give_up_overdue(overdue()), [1]);
        drop(jobs);
        assert!(alive.recv().is_err());
        assert!(results.recv().is_err());
        drop(gate);
    }

    #[test]
    fn watched_pool_counts_no_pause_and_survives_panics() {
        static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);
        let GatedPool { mut pool, jobs, results, begun, gate, .. } = start(1, &GIVEN_UP);
        jobs.send(10).unwrap();
        assert_eq!(begun.recv(), Ok(10));
        assert!(pool.give_up_overdue(overdue()).is_empty());
        gate.send(()).unwrap();
        assert_eq!(results.recv(), Ok(10));
        jobs.send(99).unwrap();
        jobs.send(20).unwrap();
        assert_eq!(results.recv(), Ok(20));
    }
}
