//! Opens the library that the arguments name; where it cannot be written, for reading only.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{environment::Environment, global_args::GlobalArgs, output};
use crate::{
    library::{
        FeedSources, SAMPLES, clock::utc_now, parse_samples, refresh_now, store_samples,
        subscribe_path,
    },
    model::{Failure, FailureKind, RefreshProgress, RefreshScope, RefreshSummary, Subscription},
    store::{LibraryLocation, ReadConnection, StoreError, WriteConnection},
};

/// An open library, with a warning for the user.
pub struct OpenLibrary {
    /// The only connection that writes.
    pub writer: WriteConnection,
    /// The location of the library.
    pub location: LibraryLocation,
    /// The reason why nothing can be saved; `None` for a library on disk and for paths to read.
    pub warning: Option<Failure>,
}

impl OpenLibrary {
    /// Opens the library that the arguments name. With paths to read, opens a library in memory
    /// that is subscribed to these paths only.
    pub fn open(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
        let library = if args.paths.is_empty() {
            open_stored(args, environment)?
        } else {
            open_in_memory("paths")?
        };
        library.subscribe_paths(&args.paths)
    }

    /// Opens the library for a command that changes it.
    ///
    /// # Errors
    ///
    /// Returns an error if the library cannot be opened, or if the disk cannot be written.
    pub fn open_writable(
        args: &GlobalArgs,
        environment: &Environment,
    ) -> anyhow::Result<OpenLibrary> {
        let mut library = OpenLibrary::open(args, environment)?;
        if let Some(warning) = library.warning {
            anyhow::bail!("{warning}");
        }
        library.writer.wait_patiently(|| {
            output::write_stderr_line("Waiting for another program that is using the library …");
        })?;
        Ok(library)
    }

    /// Opens the library for a command that prints its content; the warning of a library that
    /// cannot be written goes to standard error.
    pub fn open_readable(
        args: &GlobalArgs,
        environment: &Environment,
    ) -> anyhow::Result<OpenLibrary> {
        let library = OpenLibrary::open(args, environment)?;
        if let Some(warning) = &library.warning {
            output::write_stderr_line(&format!("newsreader: {warning}"));
        }
        Ok(library)
    }

    /// Subscribes to `paths`. They are read when the reader starts, or by
    /// [`OpenLibrary::load_initial_articles`].
    fn subscribe_paths(mut self, paths: &[PathBuf]) -> anyhow::Result<OpenLibrary> {
        for path in paths {
            let absolute =
                path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
            subscribe_path(&mut self.writer, &absolute, &Subscription::default())?;
        }
        Ok(self)
    }

    /// Stores the articles that a list should show and that are not stored yet: the samples of a
    /// new library, and the paths of a library in memory.
    pub fn load_initial_articles(&mut self) -> anyhow::Result<RefreshSummary> {
        // Samples are for a new library. One that cannot be written may be another one's remains.
        if self.warning.is_none() && ReadConnection::open(&self.location)?.is_new_library()? {
            store_samples(&mut self.writer, parse_samples(SAMPLES), utc_now())?;
        }
        if self.warning.is_none() && matches!(&self.location, LibraryLocation::Memory(_)) {
            self.refresh(&FeedSources::offline(), RefreshScope::Due, &mut |_| {})
        } else {
            Ok(RefreshSummary::default())
        }
    }

    /// Refreshes the feeds in `scope` and stores new articles; calls `report` with the progress.
    pub fn refresh(
        &mut self,
        sources: &FeedSources,
        scope: RefreshScope,
        report: &mut dyn FnMut(RefreshProgress),
    ) -> anyhow::Result<RefreshSummary> {
        Ok(refresh_now(&mut self.writer, &self.location, sources, scope, report)?)
    }
}

/// Opens the library on disk; if it cannot be written, for reading only, with a warning.
///
/// # Errors
///
/// Returns an error if there is no library that can be read: an empty one in its place would show
/// sample articles as if they were the user's.
fn open_stored(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
    let Some(folder) = args.library.clone().or_else(|| environment.data_folder()) else {
        anyhow::bail!("there is no home folder for the library; name a folder with --library DIR");
    };
    let location = LibraryLocation::Folder(folder.clone());
    match WriteConnection::open(&location) {
        Ok(writer) => Ok(OpenLibrary { writer, location, warning: None }),
        Err(error) if error.is_write_refused() => open_read_only(folder, error),
        Err(error) => Err(error.into()),
    }
}

/// Opens a library that cannot be written. Of an older format, a copy in memory is migrated.
///
/// # Errors
///
/// Returns `error`, or the reason why the library cannot be read either.
fn open_read_only(folder: PathBuf, error: StoreError) -> anyhow::Result<OpenLibrary> {
    let location = LibraryLocation::ReadOnly(folder);
    let path = location.database_path();
    let (writer, location) = match WriteConnection::open(&location) {
        Ok(writer) => (writer, location),
        Err(StoreError::OlderFormat { .. }) => {
            WriteConnection::open_memory_copy(&location, "newsreader-copy")?
        }
        Err(StoreError::Open { .. }) => return Err(error.into()),
        Err(read_error) => return Err(read_error.into()),
    };
    let reason = Failure::from(StoreError::ReadOnly { path }).summary;
    let sentence = format!("{reason}; articles can be read, but nothing can be changed");
    let warning = Some(Failure::new(FailureKind::Unsaved, sentence));
    Ok(OpenLibrary { writer, location, warning })
}

fn open_in_memory(name: &str) -> anyhow::Result<OpenLibrary> {
    let location = LibraryLocation::Memory(format!("newsreader-{name}"));
    Ok(OpenLibrary { writer: WriteConnection::open(&location)?, location, warning: None })
}
