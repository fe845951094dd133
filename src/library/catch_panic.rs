//! Panics as failures: a document that makes the program panic costs that document only.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::{Failure, FailureKind};

/// Runs `work`; a panic in it becomes a failure that names `subject`.
pub fn catch_panic<T>(
    subject: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let sentence = format!(
            "{subject} could not be shown: the program has a mistake there; please report it"
        );
        Err(Failure::new(FailureKind::File, sentence))
    })
}
