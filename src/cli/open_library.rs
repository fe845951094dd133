//! Opens the library that the arguments name; where it cannot be written, for reading only.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;

use super::{environment::Environment, global_args::GlobalArgs, output, rule_file::RuleFile};
use crate::{
    library::{
        FeedSources, SAMPLES, clock::utc_now, parse_samples, refresh_now, store_samples,
        subscribe_path,
    },
    model::{
        Failure, FailureKind, FeedId, RefreshProgress, RefreshScope, RefreshSummary, Subscription,
    },
    store::{LibraryLocation, ReadConnection, StoreError, WriteConnection},
    text::stable_digest,
};

/// An open library, with a warning for the user.
pub struct OpenLibrary {
    /// The only connection that writes.
    pub writer: WriteConnection,
    /// The location of the library.
    pub location: LibraryLocation,
    /// The reason why nothing can be saved, or why nothing is kept; `None` if all is.
    pub warning: Option<Failure>,
    /// The feeds of the paths that the arguments name.
    path_feeds: Vec<FeedId>,
}

impl OpenLibrary {
    /// Opens the library that the arguments name. With paths to read, opens the library of these
    /// paths, which is subscribed to them.
    pub fn open(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<OpenLibrary> {
        if args.paths.is_empty() {
            return open_stored(args, environment);
        }
        let paths = canonical_paths(&args.paths)?;
        let library = if args.library.is_some() {
            open_stored(args, environment)?
        } else {
            open_for_paths(&paths, environment)?
        };
        library.subscribe_paths(&paths)
    }

    /// Returns true if the library can be changed, even if the changes are not kept.
    pub fn can_write(&self) -> bool {
        self.warning.is_none() || !self.path_feeds.is_empty()
    }

    fn new(
        writer: WriteConnection,
        location: LibraryLocation,
        warning: Option<Failure>,
    ) -> OpenLibrary {
        OpenLibrary { writer, location, warning, path_feeds: Vec::new() }
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
        if let Some(warning) = library.warning.as_ref().filter(|_| !library.can_write()) {
            anyhow::bail!("{warning}");
        }
        library.attach_rule_file(args, environment);
        library.writer.wait_patiently(|| {
            output::write_stderr_line("Waiting for another program that is using the library…");
        })?;
        Ok(library)
    }

    /// Lets changes of the library reach the file of rules. The library of paths has none.
    pub fn attach_rule_file(&mut self, args: &GlobalArgs, environment: &Environment) {
        let file = args.paths.is_empty().then(|| RuleFile::find(args, environment)).flatten();
        if let Some(file) = file {
            self.writer.set_rule_file(Arc::new(file));
        }
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

    /// Subscribes to `paths`, which are canonical. They are read when the reader starts, or by
    /// [`OpenLibrary::load_initial_articles`].
    fn subscribe_paths(mut self, paths: &[PathBuf]) -> anyhow::Result<OpenLibrary> {
        for path in paths {
            let outcome = subscribe_path(&mut self.writer, path, &Subscription::default())?;
            self.path_feeds.push(outcome.feed);
        }
        Ok(self)
    }

    /// Brings the library up to date for a list: takes off the tags whose time is over, and stores the
    /// samples of a new library and the articles of the paths that the arguments name.
    pub fn load_initial_articles(&mut self) -> anyhow::Result<RefreshSummary> {
        if self.can_write() {
            match self.writer.expire_tags(utc_now()) {
                // Another program holds the lock, and takes them off itself.
                Err(StoreError::Unsaved { .. }) => {}
                expired => drop(expired?),
            }
        }
        // Samples are for a new library. One that cannot be written may be another one's remains.
        if self.can_write() && ReadConnection::open(&self.location)?.is_new_library()? {
            store_samples(&mut self.writer, parse_samples(SAMPLES), utc_now())?;
        }
        let mut total = RefreshSummary::default();
        for feed in self.path_feeds.clone() {
            let summary =
                self.refresh(&FeedSources::offline(), RefreshScope::One(feed), &mut |_| {})?;
            total.failures.extend(summary.failures);
            total.warnings.extend(summary.warnings);
        }
        Ok(total)
    }

    /// Refreshes the feeds in `scope` and stores new articles; calls `report` with the progress. Drops
    /// the articles whose time in the trash is over.
    pub fn refresh(
        &mut self,
        sources: &FeedSources,
        scope: RefreshScope,
        report: &mut dyn FnMut(RefreshProgress),
    ) -> anyhow::Result<RefreshSummary> {
        let summary = refresh_now(&mut self.writer, &self.location, sources, scope, report)?;
        while self.writer.drop_expired_entries(utc_now())? > 0 {}
        Ok(summary)
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
        Ok(writer) => Ok(OpenLibrary::new(writer, location, None)),
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
    Ok(OpenLibrary::new(writer, location, Some(Failure::new(FailureKind::Unsaved, sentence))))
}

/// Opens the library in which stars, read marks and reading positions of `paths` are kept; if it
/// cannot be opened, one in memory, with a warning.
fn open_for_paths(paths: &[PathBuf], environment: &Environment) -> anyhow::Result<OpenLibrary> {
    let reason = match environment.opened_folders_root() {
        Some(root) => {
            let location = LibraryLocation::Folder(root.join(folder_name(paths)));
            match WriteConnection::open(&location) {
                Ok(writer) => return Ok(OpenLibrary::new(writer, location, None)),
                Err(error) => Failure::from(error).summary,
            }
        }
        None => "There is no home folder".to_owned(),
    };
    let location = LibraryLocation::Memory("newsreader-paths".to_owned());
    let sentence = format!("Stars and read marks are not kept: {reason}");
    let warning = Failure::new(FailureKind::Unsaved, sentence);
    Ok(OpenLibrary::new(WriteConnection::open(&location)?, location, Some(warning)))
}

/// Returns the name of the folder of the library of `paths`: a digest of them.
fn folder_name(paths: &[PathBuf]) -> String {
    let mut paths: Vec<&[u8]> =
        paths.iter().map(|path| path.as_os_str().as_encoded_bytes()).collect();
    paths.sort_unstable();
    paths.dedup();
    format!("{:016x}", stable_digest(&paths))
}

fn canonical_paths(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let canonical = |path: &PathBuf| {
        path.canonicalize().with_context(|| format!("cannot read {}", path.display()))
    };
    paths.iter().map(canonical).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_name_depends_on_the_set_of_paths() {
        let name =
            |paths: &[&str]| folder_name(&paths.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(name(&["/a", "/b"]), name(&["/b", "/a", "/b"]));
        assert_ne!(name(&["/a", "/b"]), name(&["/a/b"]));
        // The name is stored: another one would lose the stars of every folder.
        assert_eq!(name(&["/home/anna/archive"]), "2b8e965cc3534075");
    }
}
