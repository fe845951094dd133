//! The room on a disk.

use std::path::Path;

/// Returns the bytes that the user may still write into a folder; `None` if the system does not say.
#[cfg(unix)]
pub(super) fn available_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Returns `None`: only Unix is asked.
#[cfg(not(unix))]
pub(super) fn available_bytes(_: &Path) -> Option<u64> {
    None
}
