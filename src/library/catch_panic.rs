//! Panics as failures: a document that makes the program panic costs that document only.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::{Failure, FailureKind};

/// Runs `work`; a panic in it becomes the error that `error` returns.
pub(super) fn catch_panic_or<T, E>(
    error: impl FnOnce() -> E,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(error()))
}

/// Runs `work`; a panic in it becomes a failure that names `subject`.
pub fn catch_panic<T>(
    subject: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let error = || {
        let sentence =
            format!("{subject} could not be shown: the program has a bug there; please report it");
        Failure::new(FailureKind::File, sentence)
    };
    catch_panic_or(error, work)
}
