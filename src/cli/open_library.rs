//! Opening the library that the arguments name, or one in memory where nothing can be written.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use anyhow::Context as _;

use super::{CliArgs, Environment};
use crate::{
    app::{RefreshProgress, RefreshSummary},
    model::{Failure, FailureKind, RefreshScope},
    runtime::{
        FeedSources, RefreshOutput, SAMPLES, parse_samples, refresh_library, store_samples,
        subscribe_path,
    },
    store::{LibraryLocation, ReadConnection, StoreError, WriteConnection},
};

/// An open library, and what the user should know about it.
pub struct OpenLibrary {
    /// Its writing end.
    pub writer: WriteConnection,
    /// Where it is.
    pub location: LibraryLocation,
    /// Why it is only in memory, if it should not be.
    pub warning: Option<Failure>,
}

impl OpenLibrary {
    /// Opens the library the arguments name; paths to read are put into one of their own, in memory.
    pub fn open(args: &CliArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
        let library = if args.paths.is_empty() {
            open_stored(args, environment)?
        } else {
            open_in_memory("paths")?
        };
        library.subscribe_paths(&args.paths)
    }

    /// A library in memory follows the paths; they are read when the reader is up, or by [`OpenLibrary::load_initial_articles`].
    fn subscribe_paths(mut self, paths: &[PathBuf]) -> anyhow::Result<OpenLibrary> {
        for path in paths {
            let path =
                path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
            subscribe_path(&mut self.writer, &path)?;
        }
        Ok(self)
    }

    /// Reads what a list should show and is not stored yet: the samples of a fresh library, the paths of one in memory.
    pub fn load_initial_articles(&mut self) -> anyhow::Result<RefreshSummary> {
        if ReadConnection::open(&self.location)?.is_new_library()? {
            store_samples(&mut self.writer, parse_samples(SAMPLES))?;
        }
        if matches!(&self.location, LibraryLocation::Memory(_)) {
            self.refresh(&FeedSources::offline(), RefreshScope::Due, &mut |_| {})
        } else {
            Ok(RefreshSummary::default())
        }
    }

    /// Refreshes here and now; `tell` hears how it goes.
    #[expect(clippy::disallowed_methods, reason = "time enters the program in the command line")]
    pub fn refresh(
        &mut self,
        sources: &FeedSources,
        scope: RefreshScope,
        tell: &mut dyn FnMut(RefreshProgress),
    ) -> anyhow::Result<RefreshSummary> {
        let store = &mut self.writer;
        let mut failed: Option<StoreError> = None;
        let mut take = |arrived| {
            let stored = match arrived {
                RefreshOutput::FolderBatch(batch) => {
                    store.ingest_batch(&batch, chrono::Utc::now()).map(drop)
                }
                RefreshOutput::FolderHealth(feed, health) => store.set_feed_health(feed, &health),
                RefreshOutput::FeedUpdates(news) => store.ingest_feed_updates(&news).map(drop),
                RefreshOutput::FullText(page) => page.save(store),
                RefreshOutput::Samples(arrivals) => store_samples(store, arrivals),
                RefreshOutput::Progress(event) => {
                    tell(event);
                    Ok(())
                }
            };
            failed = stored.err();
            failed.is_none()
        };
        let summary =
            refresh_library(&self.location, sources, scope, &AtomicBool::new(false), &mut take);
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(summary),
        }
    }
}

/// The library on disk; in memory, with a warning, where the disk refuses one.
fn open_stored(args: &CliArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
    let Some(folder) = args.library.clone().or_else(|| environment.data_folder()) else {
        let sentence = "There is no home folder to keep a library in: nothing will be kept. --library DIR names one.";
        return Ok(OpenLibrary {
            warning: Some(Failure::new(FailureKind::Unsaved, sentence)),
            ..open_in_memory("homeless")?
        });
    };
    let location = LibraryLocation::Folder(folder);
    match WriteConnection::open(&location) {
        Ok(store) => Ok(OpenLibrary { writer: store, location, warning: None }),
        Err(error @ (StoreError::NotALibrary { .. } | StoreError::NewerFormat { .. })) => {
            Err(error.into())
        }
        Err(error) => open_copy_in_memory(&location, error),
    }
}

/// What is stored can be read though nothing can be written; where nothing is stored, the samples can.
fn open_copy_in_memory(
    location: &LibraryLocation,
    error: StoreError,
) -> anyhow::Result<OpenLibrary> {
    let sentence = format!("{}: nothing will be kept this time.", Failure::from(error).summary);
    let warning = Some(Failure::new(FailureKind::Unsaved, sentence));
    match WriteConnection::open_memory_copy(location, "newsreader-copy") {
        Ok((store, location)) => Ok(OpenLibrary { writer: store, location, warning }),
        Err(_) => Ok(OpenLibrary { warning, ..open_in_memory("unkept")? }),
    }
}

fn open_in_memory(name: &str) -> anyhow::Result<OpenLibrary> {
    let location = LibraryLocation::Memory(format!("newsreader-{name}"));
    Ok(OpenLibrary { writer: WriteConnection::open(&location)?, location, warning: None })
}
