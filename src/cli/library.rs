//! Opening the library that the arguments name, or one in memory where nothing can be written.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use anyhow::Context as _;

use super::{Args, Environment};
use crate::{
    app::{RefreshEvent, RefreshSummary},
    model::{Failure, FailureKind, RefreshScope},
    runtime::{Arrived, SAMPLES, Sources, follow, refresh, sample_arrivals, store_samples},
    store::{Location, Reader, Store, StoreError},
};

/// An open library, and what the user should know about it.
pub struct Library {
    /// Its writing end.
    pub store: Store,
    /// Where it is.
    pub location: Location,
    /// Why it is only in memory, if it should not be.
    pub warning: Option<Failure>,
}

impl Library {
    /// Opens the library the arguments name; paths to read are put into one of their own, in memory.
    pub fn open(args: &Args, environment: &Environment) -> anyhow::Result<Library> {
        let library = if args.paths.is_empty() { stored(args, environment)? } else { in_memory("paths")? };
        library.with_paths(&args.paths)
    }

    /// A library in memory follows the paths; they are read when the reader is up, or by [`Library::fill`].
    fn with_paths(mut self, paths: &[PathBuf]) -> anyhow::Result<Library> {
        for path in paths {
            let path = path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
            follow(&mut self.store, &path)?;
        }
        Ok(self)
    }

    /// Reads what a list should show and is not stored yet: the samples of a fresh library, the paths of one in memory.
    pub fn fill(&mut self) -> anyhow::Result<RefreshSummary> {
        if Reader::open(&self.location)?.is_fresh()? {
            store_samples(&mut self.store, sample_arrivals(SAMPLES))?;
        }
        if matches!(&self.location, Location::Memory(_)) {
            self.refresh(&Sources::offline(), RefreshScope::Due, &mut |_| {})
        } else {
            Ok(RefreshSummary::default())
        }
    }

    /// Refreshes here and now; `tell` hears how it goes.
    #[expect(clippy::disallowed_methods, reason = "time enters the program in the command line")]
    pub fn refresh(
        &mut self,
        sources: &Sources,
        scope: RefreshScope,
        tell: &mut dyn FnMut(RefreshEvent),
    ) -> anyhow::Result<RefreshSummary> {
        let store = &mut self.store;
        let mut failed: Option<StoreError> = None;
        let mut take = |arrived| {
            let stored = match arrived {
                Arrived::Batch(batch) => store.ingest(&batch, chrono::Utc::now()).map(drop),
                Arrived::Health(feed, health) => store.set_health(feed, &health),
                Arrived::Feeds(news) => store.ingest_feeds(&news).map(drop),
                Arrived::InFull(page) => page.keep(store),
                Arrived::Samples(arrivals) => store_samples(store, arrivals),
                Arrived::Event(event) => {
                    tell(event);
                    Ok(())
                }
            };
            failed = stored.err();
            failed.is_none()
        };
        let summary = refresh(&self.location, sources, scope, &AtomicBool::new(false), &mut take);
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(summary),
        }
    }
}

/// The library on disk; in memory, with a warning, where the disk refuses one.
fn stored(args: &Args, environment: &Environment) -> anyhow::Result<Library> {
    let Some(folder) = args.library.clone().or_else(|| environment.data_folder()) else {
        let sentence =
            "There is no home folder to keep a library in: nothing will be kept. --library DIR names one.";
        return Ok(Library {
            warning: Some(Failure::new(FailureKind::Unsaved, sentence)),
            ..in_memory("homeless")?
        });
    };
    let location = Location::Folder(folder);
    match Store::open(&location) {
        Ok(store) => Ok(Library { store, location, warning: None }),
        Err(error @ (StoreError::NotALibrary { .. } | StoreError::Newer { .. })) => Err(error.into()),
        Err(error) => unkept(&location, error),
    }
}

/// What is stored can be read though nothing can be written; where nothing is stored, the samples can.
fn unkept(location: &Location, error: StoreError) -> anyhow::Result<Library> {
    let sentence = format!("{}: nothing will be kept this time.", Failure::from(error).summary);
    let warning = Some(Failure::new(FailureKind::Unsaved, sentence));
    match Store::open_copy(location, "newsreader-copy") {
        Ok((store, location)) => Ok(Library { store, location, warning }),
        Err(_) => Ok(Library { warning, ..in_memory("unkept")? }),
    }
}

fn in_memory(name: &str) -> anyhow::Result<Library> {
    let location = Location::Memory(format!("newsreader-{name}"));
    Ok(Library { store: Store::open(&location)?, location, warning: None })
}
