//! Bodies that are too large for memory: they are handed on as they arrive.

use super::FetchResponse;

/// A receiver of a body.
pub trait ResponseSink {
    /// Takes the status and the headers of a response of success. Returns whether its body is wanted.
    fn begin(&mut self, head: &FetchResponse) -> bool;

    /// Takes the next part of the body. Returns whether more of it is wanted.
    fn write(&mut self, part: &[u8]) -> bool;
}
