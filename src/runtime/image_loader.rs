//! The thread that fetches pictures and makes them small, and the files it keeps them in.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use crossbeam_channel::{Receiver, Sender};

use super::{
    FeedSources,
    terminal::{self, kitty_transmission},
    workers::catch_panic,
};
use crate::{
    app::{ImageKey, Message},
    model::{Failure, FailureKind},
    net::{FetchLimits, FetchRequest},
    picture::{
        DecodedImage, ImageDecodeError, ImagePayload, ImageProtocol, MAX_FILE_BYTES, RenderedImage,
    },
    text::{stable_digest, url},
};

/// Bytes of pictures on the disk at the most.
const MAX_CACHE_BYTES: u64 = 100 << 20;

/// Time for a picture.
const IMAGE_TIMEOUT: Duration = Duration::from_secs(20);

/// A picture that is asked for, and whether the user gave the address of its host.
pub(super) type ImageRequest = (ImageKey, bool);

/// Who makes pictures ready to be drawn.
pub(super) struct ImageLoader {
    pub(super) sources: FeedSources,
    /// Where files are kept.
    pub(super) cache_folder: Option<PathBuf>,
    /// How the terminal shows pictures.
    pub(super) protocol: ImageProtocol,
}

impl ImageLoader {
    /// Runs until nobody can ask any more. What was asked last is in view, and comes first.
    pub(super) fn run(&self, asks: &Receiver<ImageRequest>, messages: &Sender<Message>) {
        while let Ok(first) = asks.recv() {
            let mut waiting = vec![first];
            while let Some((key, given)) = waiting.pop() {
                let picture = catch_panic(&key.url, || self.load_image(&key, given));
                if messages.send(Message::ImageLoaded(key, picture)).is_err() {
                    return;
                }
                waiting.extend(asks.try_iter());
            }
        }
    }

    /// A picture as cells show it, and what the terminal is to be sent for it.
    fn load_image(
        &self,
        key: &ImageKey,
        given: bool,
    ) -> Result<(Arc<RenderedImage>, ImagePayload), Failure> {
        let ImageKey { url, columns, rows } = key;
        let failed = |error: ImageDecodeError| image_failure(url, &error.to_string());
        let bytes = load_image_bytes(&self.sources, self.cache_folder.as_deref(), url, given)?;
        let picture = DecodedImage::decode(&bytes).map_err(failed)?;
        let paint = match self.protocol {
            ImageProtocol::Kitty => None,
            ImageProtocol::Rows(paint) => Some(paint),
            ImageProtocol::HalfBlocks => {
                let blocks = picture.to_half_blocks(*columns, *rows);
                return Ok((Arc::new(RenderedImage::HalfBlocks(blocks)), ImagePayload::None));
            }
        };
        let size = [columns.to_le_bytes(), rows.to_le_bytes()].concat();
        // 24 bits of the digest: two pictures in view that share a number are as good as impossible.
        let id = u32::try_from(stable_digest(&[url.as_bytes(), &size]) >> 40).unwrap_or(1);
        if let Some(paint) = paint {
            let strips = picture.to_rows(id, (*columns, *rows), terminal::cell_pixels(), paint);
            let (columns, rows) = strips.cell_size();
            return Ok((
                Arc::new(RenderedImage::Rows(id, columns, rows)),
                ImagePayload::Rows(Arc::new(strips)),
            ));
        }
        let (placed, png) = picture.to_kitty(id, *columns, *rows).map_err(failed)?;
        Ok((
            Arc::new(RenderedImage::Kitty(placed)),
            ImagePayload::KittyTransmission(kitty_transmission(placed, &png).into()),
        ))
    }
}

fn image_failure(url: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Feed, format!("No picture from {}: {reason}", url::host(url)))
}

/// The file at `url`, from the disk if it was fetched before.
fn load_image_bytes(
    sources: &FeedSources,
    folder: Option<&Path>,
    url: &str,
    given: bool,
) -> Result<Vec<u8>, Failure> {
    let kept =
        folder.map(|folder| folder.join(format!("{:016x}", stable_digest(&[url.as_bytes()]))));
    if let Some(bytes) = kept.as_ref().and_then(|file| fs::read(file).ok()) {
        return Ok(bytes);
    }
    let request = FetchRequest { user_supplied: given, ..FetchRequest::user_supplied(url) };
    let limits = FetchLimits {
        max_body_bytes: MAX_FILE_BYTES,
        total_timeout: IMAGE_TIMEOUT,
        ..FetchLimits::default()
    };
    let response = sources
        .http
        .fetch(&request, &limits)
        .map_err(|error| image_failure(url, &error.problem.to_string()))?;
    if !(200..300).contains(&response.status) {
        return Err(image_failure(url, &format!("the server answered {}", response.status)));
    }
    if response.truncated {
        return Err(image_failure(url, "it is too large"));
    }
    if let (Some(folder), Some(file)) = (folder, kept) {
        write_cached_file(folder, &file, &response.body);
    }
    Ok(response.body.clone())
}

/// Keeps a file; a disk that refuses costs a fetch the next time, and no more.
fn write_cached_file(folder: &Path, file: &Path, bytes: &[u8]) {
    let beside = file.with_extension("part");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&beside, bytes));
    if written.and_then(|()| fs::rename(&beside, file)).is_ok() {
        prune_cache(folder, MAX_CACHE_BYTES);
    }
}

/// Deletes the oldest files until the rest takes no more than `most` bytes.
fn prune_cache(folder: &Path, most: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let fact = |entry: fs::DirEntry| -> Option<(SystemTime, u64, PathBuf)> {
        let facts = entry.metadata().ok()?;
        Some((facts.modified().ok()?, facts.len(), entry.path()))
    };
    let mut files: Vec<_> = entries.flatten().filter_map(fact).collect();
    files.sort();
    let mut taken: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, bytes, file) in files {
        if taken <= most {
            return;
        }
        if fs::remove_file(file).is_ok() {
            taken -= bytes;
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
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["b", "c"]);
    }
}
