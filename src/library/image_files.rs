//! The files of images, which are fetched once and then kept in a cache folder of limited size.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::feed_source::FeedSources;
use crate::{
    model::{Failure, FailureKind},
    net::{FetchLimits, FetchRequest},
    store::{create_private_folder, make_private},
    text::{UrlTrust, stable_digest, url},
};

/// Maximum size of the cache folder, in bytes.
const MAX_CACHE_BYTES: u64 = 100 << 20;

/// Time limit for fetching one image.
const IMAGE_TIMEOUT: Duration = Duration::from_secs(20);

/// The source of image files: the cache folder, and the network for files that are not in it.
pub struct ImageFiles {
    /// The means to fetch images.
    pub sources: FeedSources,
    /// The cache folder; `None` for a library in memory or one that cannot be written.
    pub cache_folder: Option<PathBuf>,
    /// Maximum size of a file, in bytes.
    pub max_bytes: u64,
}

impl ImageFiles {
    /// Loads the file at `url` from the cache, or fetches and caches it.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be fetched or is larger than `max_bytes`.
    pub fn load_image_bytes(&self, url: &str, trust: UrlTrust) -> Result<Vec<u8>, Failure> {
        let Some(folder) = &self.cache_folder else {
            return self.fetch_image_bytes(url, trust);
        };
        let cached_file = folder.join(format!("{:016x}", stable_digest(&[url.as_bytes()])));
        if let Ok(bytes) = fs::read(&cached_file) {
            return Ok(bytes);
        }
        let bytes = self.fetch_image_bytes(url, trust)?;
        write_cached_file(folder, &cached_file, &bytes);
        Ok(bytes)
    }

    fn fetch_image_bytes(&self, url: &str, trust: UrlTrust) -> Result<Vec<u8>, Failure> {
        let request = FetchRequest::new(url, trust);
        let limits = FetchLimits {
            max_body_bytes: self.max_bytes,
            total_timeout: IMAGE_TIMEOUT,
            ..FetchLimits::default()
        };
        let response = self
            .sources
            .http
            .fetch(&request, &limits)
            .map_err(|error| image_failure(url, &error.problem.to_string()))?;
        if !(200..300).contains(&response.status) {
            return Err(image_failure(url, &format!("the server answered {}", response.status)));
        }
        if response.truncated {
            return Err(image_failure(url, "it is too large"));
        }
        Ok(response.body.clone())
    }
}

/// Returns the failure to show an image, with a sentence that names its host.
pub fn image_failure(url: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Feed, format!("No picture from {}: {reason}", url::host(url)))
}

/// Writes a file to the cache. If that fails, the image is fetched again the next time.
fn write_cached_file(folder: &Path, file: &Path, bytes: &[u8]) {
    let partial_file = file.with_extension("part");
    let created = create_private_folder(folder).inspect(|()| make_private(folder));
    let written = created.and_then(|()| fs::write(&partial_file, bytes));
    if written.and_then(|()| fs::rename(&partial_file, file)).is_ok() {
        prune_cache(folder, MAX_CACHE_BYTES);
    }
}

/// A file in the cache; sorted by age, oldest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct CachedFile {
    modified: SystemTime,
    bytes: u64,
    path: PathBuf,
}

/// Deletes the oldest files until the rest takes at most `max_bytes`.
fn prune_cache(folder: &Path, max_bytes: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let to_cached_file = |entry: fs::DirEntry| -> Option<CachedFile> {
        let metadata = entry.metadata().ok()?;
        let modified = metadata.modified().ok()?;
        Some(CachedFile { modified, bytes: metadata.len(), path: entry.path() })
    };
    let mut files: Vec<CachedFile> = entries.flatten().filter_map(to_cached_file).collect();
    files.sort();
    let mut total: u64 = files.iter().map(|file| file.bytes).sum();
    for file in files {
        if total <= max_bytes {
            return;
        }
        if fs::remove_file(file.path).is_ok() {
            total -= file.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prune_cache_deletes_oldest_files_first() {
        let folder = tempfile::tempdir().unwrap();
        for (index, name) in ["a", "b", "c"].iter().enumerate() {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_len(10).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(index as u64)).unwrap();
        }
        prune_cache(folder.path(), 20);
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["b", "c"]);
    }
}
