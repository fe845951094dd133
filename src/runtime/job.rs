//! Starting threads whose panics are reported to the event loop as messages.
//!
//! The names of the threads begin with "job ": the panic hook of the terminal ignores their panics,
//! which are caught here.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    thread::{self, JoinHandle},
};

use crossbeam_channel::Sender;

use crate::{
    app::Message,
    model::{Failure, FailureKind},
};

/// Starts a worker: a thread that serves requests until the program ends. A panic in it is reported
/// with [`Message::WorkerDied`].
///
/// The thread ends with the result of `work`, or the default after a panic.
pub(super) fn spawn_worker<T: Default + Send + 'static>(
    name: &'static str,
    messages: Sender<Message>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    #[cfg(test)]
    let work = kill_switch::killable(name, work);
    let body = move || {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            let _ = messages.send(Message::WorkerDied(name));
            T::default()
        })
    };
    thread::Builder::new().name(format!("job {name}")).spawn(body)
}

/// A job that runs once, on a thread of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    /// The name of the thread.
    pub(super) name: &'static str,
    /// The rest of the sentence "The reader failed while …".
    pub(super) activity: &'static str,
}

/// Starts a job whose outcome is a message. A panic in it, or a machine that is out of threads, is
/// reported as a failed operation.
pub(super) fn spawn_job(
    job: Job,
    messages: &Sender<Message>,
    work: impl FnOnce() -> Option<Message> + Send + 'static,
) {
    let replies = messages.clone();
    let body = move || {
        let outcome = catch_unwind(AssertUnwindSafe(work));
        let outcome = outcome.unwrap_or_else(|_| Some(panic_message(job)));
        if let Some(message) = outcome {
            // Sending fails if the event loop has ended; then nothing needs the outcome.
            let _ = replies.send(message);
        }
    };
    if let Err(error) = thread::Builder::new().name(format!("job {}", job.name)).spawn(body) {
        let sentence = format!("Cannot start {}: {error}", job.activity);
        let failure = Failure::new(FailureKind::Desktop, sentence);
        let _ = messages.send(Message::OperationFailed(failure));
    }
}

fn panic_message(job: Job) -> Message {
    let sentence = format!("The reader failed while {}; please report it", job.activity);
    Message::OperationFailed(Failure::new(FailureKind::Desktop, sentence))
}

/// Makes workers panic in unit tests.
#[cfg(test)]
pub(super) mod kill_switch {
    use std::cell::Cell;

    thread_local! {
        /// The name of the worker that panics as soon as it runs, if this thread starts it.
        static VICTIM: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// Runs `start`, which starts workers; the worker `name` among them panics at once.
    pub(in crate::runtime) fn kill_worker<T>(name: &'static str, start: impl FnOnce() -> T) -> T {
        VICTIM.set(Some(name));
        let started = start();
        VICTIM.set(None);
        started
    }

    /// Makes the work of the victim panic.
    pub(super) fn killable<T>(name: &str, work: impl FnOnce() -> T) -> impl FnOnce() -> T {
        let is_victim = VICTIM.get() == Some(name);
        move || {
            assert!(!is_victim, "killed by a test");
            work()
        }
    }
}
