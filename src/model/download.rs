//! The downloaded file of an article.

use super::EntryId;

/// The slots of the names of downloaded files.
pub const DOWNLOAD_NAME_SLOTS: [&str; 5] = ["{feed}", "{title}", "{date}", "{number}", "{ext}"];

/// The file of an episode: one that was downloaded, or whose download has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The article.
    pub entry: EntryId,
    /// The URL of the file.
    pub url: String,
    /// The path of the file below the download folder, with `/` between the parts.
    pub name: String,
    /// The length of the whole file in bytes, if the server states it.
    pub length: Option<u64>,
    /// The entity tag or date by which the server knows whether the file is still the same.
    pub validator: Option<String>,
    /// The file is complete.
    pub is_finished: bool,
}

/// The progress of all downloads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DownloadProgress {
    /// Number of files that are not complete.
    pub files: usize,
    /// The bytes of those being fetched that are here.
    pub received: u64,
    /// The length of those being fetched; 0 if none of them states it.
    pub length: u64,
}

impl DownloadProgress {
    /// Returns the progress in percent, at most 99; `None` if it is not known.
    pub fn percent(self) -> Option<u64> {
        let percent = self.received.saturating_mul(100).checked_div(self.length)?;
        Some(percent.min(99))
    }
}
