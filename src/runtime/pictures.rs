//! The thread that fetches pictures and makes them small, and the files it keeps them in.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use crossbeam_channel::{Receiver, Sender};

use super::{
    Sources,
    terminal::{self, transmission},
    workers::guarded,
};
use crate::{
    app::{Message, PictureKey},
    model::{Failure, FailureKind},
    net::{Limits, Request},
    picture::{Drawing, MAX_BYTES, Material, Picture, PictureError, Way},
    refresh::digest,
    text::address,
};

/// Bytes of pictures on the disk at the most.
const MAX_KEPT: u64 = 100 << 20;

/// Time for a picture.
const TIME: Duration = Duration::from_secs(20);

/// A picture that is asked for, and whether the user gave the address of its host.
pub(super) type PictureAsk = (PictureKey, bool);

/// Who makes pictures ready to be drawn.
pub(super) struct Artist {
    pub(super) sources: Sources,
    /// Where files are kept.
    pub(super) folder: Option<PathBuf>,
    /// How the terminal shows pictures.
    pub(super) way: Way,
}

impl Artist {
    /// Runs until nobody can ask any more. What was asked last is in view, and comes first.
    pub(super) fn run(&self, asks: &Receiver<PictureAsk>, messages: &Sender<Message>) {
        while let Ok(first) = asks.recv() {
            let mut waiting = vec![first];
            while let Some((key, given)) = waiting.pop() {
                let picture = guarded(&key.url, || self.draw(&key, given));
                if messages.send(Message::Picture(key, picture)).is_err() {
                    return;
                }
                waiting.extend(asks.try_iter());
            }
        }
    }

    /// A picture as cells show it, and what the terminal is to be sent for it.
    fn draw(&self, key: &PictureKey, given: bool) -> Result<(Arc<Drawing>, Material), Failure> {
        let PictureKey { url, columns, rows } = key;
        let failed = |error: PictureError| failed(url, &error.to_string());
        let bytes = bytes(&self.sources, self.folder.as_deref(), url, given)?;
        let picture = Picture::read(&bytes).map_err(failed)?;
        let paint = match self.way {
            Way::Kept => None,
            Way::Painted(paint) => Some(paint),
            Way::Blocks => {
                let blocks = picture.blocks(*columns, *rows);
                return Ok((Arc::new(Drawing::Blocks(blocks)), Material::None));
            }
        };
        let size = [columns.to_le_bytes(), rows.to_le_bytes()].concat();
        // 24 bits of the digest: two pictures in view that share a number are as good as impossible.
        let id = u32::try_from(digest(&[url.as_bytes(), &size]) >> 40).unwrap_or(1);
        if let Some(paint) = paint {
            let strips = picture.strips(id, (*columns, *rows), terminal::cell_size(), paint);
            let (columns, rows) = strips.cells();
            return Ok((Arc::new(Drawing::Strips(id, columns, rows)), Material::Strips(Arc::new(strips))));
        }
        let (placed, png) = picture.placed(id, *columns, *rows).map_err(failed)?;
        Ok((Arc::new(Drawing::Placed(placed)), Material::Bytes(transmission(placed, &png).into())))
    }
}

fn failed(url: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Feed, format!("No picture from {}: {reason}", address::host(url)))
}

/// The file at `url`, from the disk if it was fetched before.
fn bytes(sources: &Sources, folder: Option<&Path>, url: &str, given: bool) -> Result<Vec<u8>, Failure> {
    let kept = folder.map(|folder| folder.join(format!("{:016x}", digest(&[url.as_bytes()]))));
    if let Some(bytes) = kept.as_ref().and_then(|file| fs::read(file).ok()) {
        return Ok(bytes);
    }
    let request = Request { given, ..Request::given(url) };
    let limits = Limits { bytes: MAX_BYTES, total: TIME, ..Limits::default() };
    let response =
        sources.fetch.fetch(&request, &limits).map_err(|error| failed(url, &error.problem.to_string()))?;
    if !(200..300).contains(&response.status) {
        return Err(failed(url, &format!("the server answered {}", response.status)));
    }
    if response.truncated {
        return Err(failed(url, "it is too large"));
    }
    if let (Some(folder), Some(file)) = (folder, kept) {
        keep(folder, &file, &response.body);
    }
    Ok(response.body.clone())
}

/// Keeps a file; a disk that refuses costs a fetch the next time, and no more.
fn keep(folder: &Path, file: &Path, bytes: &[u8]) {
    let beside = file.with_extension("part");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&beside, bytes));
    if written.and_then(|()| fs::rename(&beside, file)).is_ok() {
        prune(folder, MAX_KEPT);
    }
}

/// Deletes the oldest files until the rest takes no more than `most` bytes.
fn prune(folder: &Path, most: u64) {
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
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().unwrap();
        for (index, name) in ["a", "b", "c"].iter().enumerate() {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_len(10).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(index as u64)).unwrap();
        }
        prune(folder.path(), 20);
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["b", "c"]);
    }
}
