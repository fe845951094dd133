//! Opening the library that the arguments name, or one in memory where nothing can be written.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{environment::Environment, global_args::GlobalArgs};
use crate::{
    library::{
        FeedSources, SAMPLES, clock::utc_now, parse_samples, refresh_now, store_samples,
        subscribe_path,
    },
    model::{Failure, FailureKind, RefreshProgress, RefreshScope, RefreshSummary},
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
    pub fn open(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
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
            store_samples(&mut self.writer, parse_samples(SAMPLES), utc_now())?;
        }
        if matches!(&self.location, LibraryLocation::Memory(_)) {
            self.refresh(&FeedSources::offline(), RefreshScope::Due, &mut |_| {})
        } else {
            Ok(RefreshSummary::default())
        }
    }

    /// Refreshes the library and stores what is new; `report` is told of progress.
    pub fn refresh(
        &mut self,
        sources: &FeedSources,
        scope: RefreshScope,
        report: &mut dyn FnMut(RefreshProgress),
    ) -> anyhow::Result<RefreshSummary> {
        Ok(refresh_now(&mut self.writer, &self.location, sources, scope, report)?)
    }
}

/// The library on disk; in memory, with a warning, where the disk refuses one.
fn open_stored(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
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
