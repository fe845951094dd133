//! A sentence about what a command waits for, while nothing else is to be seen.

use std::{thread, time::Duration};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use super::output;

/// Time after which the user is told what a command waits for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sentence that is still to be said, unless it is dismissed before.
pub struct WaitingNotice(Option<Sender<()>>);

impl WaitingNotice {
    /// Leaves the sentence out: there is something else to be seen.
    pub fn dismiss(&mut self) {
        self.0 = None;
    }
}

/// Runs `work`, and says on standard error what it waits for if it takes longer than two seconds.
pub fn with_waiting_notice<T>(sentence: &str, work: impl FnOnce(&mut WaitingNotice) -> T) -> T {
    run(PATIENCE, || output::write_stderr_line(sentence), work)
}

fn run<T>(
    patience: Duration,
    say: impl FnOnce() + Send,
    work: impl FnOnce(&mut WaitingNotice) -> T,
) -> T {
    let (dismiss, dismissed) = bounded(0);
    thread::scope(|scope| {
        let wait = move || {
            if dismissed.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                say();
            }
        };
        // Without a thread, nothing is said.
        let _ = thread::Builder::new().name("job notice".to_owned()).spawn_scoped(scope, wait);
        work(&mut WaitingNotice(Some(dismiss)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_takes_long_is_told_of_and_other_work_is_not() {
        let (said, sentences) = bounded(1);
        run(Duration::ZERO, || said.send(()).unwrap(), |_| sentences.recv().unwrap());
        let mut is_said = false;
        assert_eq!(run(Duration::MAX, || is_said = true, |_| 7), 7);
        run(Duration::MAX, || is_said = true, WaitingNotice::dismiss);
        assert!(!is_said);
    }
}
