//! Marks of work that might end the program: reading a large file, opening a large article.
//!
//! Panics are caught, but memory that runs out, a stack that overflows and a machine that stops end
//! the process. Work that did so would do so again at every start if it begins by itself. So a file
//! names the work before it begins, and is removed when the work is done. A file that is left behind
//! names work that did not finish: it waits until the user asks for it, or its input has changed.
//!
//! A process holds a lock on its marks. The system releases the lock when the process ends, however
//! it ends, so that the work of an instance that still runs is not taken for a crash. Nothing is
//! flushed to the disk: a mark has to survive the process, not the machine. A mark costs about 0.1 ms;
//! work on less than [`MIN_MARKED_BYTES`] has none.
//!
//! Start with [`WorkMarks::begin`].

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::store::{LibraryLocation, create_private_folder};

/// Size of an input below which its work has no mark, in bytes. The parsers are linear and limited; a
/// text of this size takes a few milliseconds and megabytes.
pub const MIN_MARKED_BYTES: usize = 64 << 10;

/// The name of the folder of marks within the library.
const FOLDER_NAME: &str = "unfinished";

/// Maximum number of marks in the folder; with more, work has none.
const MAX_MARKS: usize = 100;

/// Maximum number of bytes that are read of a mark.
const MAX_MARK_BYTES: u64 = 16 << 10;

/// The start of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkStart {
    /// The work may begin.
    Begun,
    /// The same work did not finish in an earlier run, and is not to begin by itself.
    Withheld,
}

/// The marks of a library.
#[derive(Debug)]
pub struct WorkMarks {
    /// The folder of marks; `None` for a library that cannot be written.
    folder: Option<PathBuf>,
    state: Mutex<MarksState>,
}

#[derive(Debug, Default)]
struct MarksState {
    /// Work that did not finish in an earlier run, by subject; `None` before the first look.
    left: Option<HashMap<String, LeftMark>>,
    /// Work of this process.
    own: HashMap<String, OwnMark>,
    /// The program ends: no further mark is made.
    is_closed: bool,
}

/// Work that did not finish in earlier runs.
#[derive(Debug)]
struct LeftMark {
    version: String,
    paths: Vec<PathBuf>,
    /// The user has asked for the work.
    is_allowed: bool,
}

/// The file of a mark, which is locked as long as it is open.
#[derive(Debug)]
struct OwnMark {
    path: PathBuf,
    file: File,
}

impl WorkMarks {
    /// Creates the marks of a library, without a look at their folder.
    pub fn new(location: &LibraryLocation) -> WorkMarks {
        let folder = match location {
            LibraryLocation::Folder(folder) => Some(folder.join(FOLDER_NAME)),
            LibraryLocation::ReadOnly(_) | LibraryLocation::Memory(_) => None,
        };
        WorkMarks { folder, state: Mutex::default() }
    }

    /// Marks the beginning of the work on `subject`, unless it did not finish in an earlier run and
    /// was not allowed since. With another `version` of its input, it is other work. A mark that
    /// cannot be written is left out.
    pub fn begin(&self, subject: &str, version: &str) -> WorkStart {
        let Some(folder) = &self.folder else { return WorkStart::Begun };
        let mut state = self.lock();
        let left = state.left.get_or_insert_with(|| read_left_marks(folder));
        match left.get(subject) {
            Some(mark) if mark.version != version => remove_left_mark(left, subject),
            Some(mark) if !mark.is_allowed => return WorkStart::Withheld,
            _ => {}
        }
        if !state.is_closed
            && let Ok(mark) = OwnMark::create(folder, subject, version)
        {
            state.own.insert(subject.to_owned(), mark);
        }
        WorkStart::Begun
    }

    /// Allows work that did not finish in an earlier run.
    pub fn allow(&self, subject: &str) {
        let mut state = self.lock();
        if let Some(mark) = state.left.as_mut().and_then(|left| left.get_mut(subject)) {
            mark.is_allowed = true;
        }
    }

    /// Removes the marks of work that is done, those of earlier runs too.
    pub fn finish(&self, subject: &str) {
        let mut state = self.lock();
        state.own.remove(subject);
        if let Some(left) = &mut state.left {
            remove_left_mark(left, subject);
        }
    }

    /// Removes the mark of work that was given up.
    pub fn abandon(&self, subject: &str) {
        self.lock().own.remove(subject);
    }

    /// Removes the marks of this process, and makes no others: the program ends as it should.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.own.clear();
    }

    fn lock(&self) -> MutexGuard<'_, MarksState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OwnMark {
    fn create(folder: &Path, subject: &str, version: &str) -> io::Result<OwnMark> {
        create_private_folder(folder)?;
        let mut mark = create_new_file(folder)?;
        // Another process that looks at the new file may have the lock for a moment. It is empty
        // until it is locked, so that nobody takes it for one that was left behind.
        mark.file.lock()?;
        mark.file.write_all(format!("{version}\n{subject}").as_bytes())?;
        Ok(mark)
    }
}

impl Drop for OwnMark {
    fn drop(&mut self) {
        // A mark that cannot be removed withholds its work once more.
        let _ = fs::remove_file(&self.path);
    }
}

fn remove_left_mark(left: &mut HashMap<String, LeftMark>, subject: &str) {
    for path in left.remove(subject).into_iter().flat_map(|mark| mark.paths) {
        let _ = fs::remove_file(path);
    }
}

/// Creates an empty file whose name is a free number. Process ids would not do: in a container, every
/// process may have the same.
fn create_new_file(folder: &Path) -> io::Result<OwnMark> {
    let mut result = Err(io::ErrorKind::AlreadyExists.into());
    for number in 1..=MAX_MARKS {
        let path = folder.join(number.to_string());
        match File::create_new(&path) {
            Ok(file) => return Ok(OwnMark { path, file }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => result = Err(error),
            Err(error) => return Err(error),
        }
    }
    result
}

/// Reads the marks whose processes have ended.
fn read_left_marks(folder: &Path) -> HashMap<String, LeftMark> {
    let mut left: HashMap<String, LeftMark> = HashMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Some((version, subject)) = read_left_mark(&path) else { continue };
        let new_mark = || LeftMark { version: String::new(), paths: Vec::new(), is_allowed: false };
        let mark = left.entry(subject).or_insert_with(new_mark);
        mark.version = version;
        mark.paths.push(path);
    }
    left
}

/// Returns the version and the subject of a mark; `None` if its process still runs, or the file is
/// no mark.
fn read_left_mark(path: &Path) -> Option<(String, String)> {
    let file = File::open(path).ok()?;
    file.try_lock_shared().ok()?;
    let mut text = String::new();
    file.take(MAX_MARK_BYTES).read_to_string(&mut text).ok()?;
    let (version, subject) = text.split_once('\n')?;
    Some((version.to_owned(), subject.to_owned()))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn library() -> (TempDir, LibraryLocation) {
        let folder = TempDir::new().expect("a folder can be made");
        let location = LibraryLocation::Folder(folder.path().to_owned());
        (folder, location)
    }

    fn count_files(library: &TempDir) -> usize {
        fs::read_dir(library.path().join(FOLDER_NAME)).map_or(0, Iterator::count)
    }

    /// Begins work in a run that ends in the middle of it: the file stays and its lock is released.
    fn crash_during(location: &LibraryLocation, subject: &str, version: &str) {
        let marks = WorkMarks::new(location);
        assert_eq!(marks.begin(subject, version), WorkStart::Begun);
        let own = std::mem::take(&mut marks.lock().own);
        for mark in own.into_values() {
            let (path, text) = (mark.path.clone(), fs::read(&mark.path).expect("it is there"));
            drop(mark);
            fs::write(path, text).expect("the folder can be written");
        }
    }

    #[test]
    fn work_that_did_not_finish_is_withheld_until_it_is_allowed() {
        let (folder, location) = library();
        let begin = |marks: &WorkMarks| marks.begin("article 7", "100");
        crash_during(&location, "article 7", "100");
        for _ in 0..2 {
            let marks = WorkMarks::new(&location);
            assert_eq!(begin(&marks), WorkStart::Withheld);
            assert_eq!(marks.begin("article 8", "100"), WorkStart::Begun);
            marks.close();
        }
        let marks = WorkMarks::new(&location);
        assert_eq!(begin(&marks), WorkStart::Withheld);
        marks.allow("article 7");
        assert_eq!(begin(&marks), WorkStart::Begun);
        marks.abandon("article 7");
        assert_eq!(begin(&WorkMarks::new(&location)), WorkStart::Withheld);
        marks.finish("article 7");
        assert_eq!(count_files(&folder), 0);
        assert_eq!(begin(&WorkMarks::new(&location)), WorkStart::Begun);
    }

    #[test]
    fn changed_input_is_other_work() {
        let (folder, location) = library();
        crash_during(&location, "file a\nb.eml", "100 1");
        let marks = WorkMarks::new(&location);
        assert_eq!(marks.begin("file a\nb.eml", "100 1"), WorkStart::Withheld);
        assert_eq!(marks.begin("file a\nb.eml", "100 2"), WorkStart::Begun);
        assert_eq!(count_files(&folder), 1, "the older mark is removed");
        marks.finish("file a\nb.eml");
        assert_eq!(count_files(&folder), 0);
    }

    #[test]
    fn work_of_a_running_instance_is_no_crash() {
        let (folder, location) = library();
        let (first, second) = (WorkMarks::new(&location), WorkMarks::new(&location));
        for marks in [&first, &second] {
            assert_eq!(marks.begin("article 7", "100"), WorkStart::Begun);
        }
        first.close();
        assert_eq!(first.begin("article 7", "100"), WorkStart::Begun);
        second.abandon("article 7");
        assert_eq!(count_files(&folder), 0, "no mark is made once the program ends");
    }

    #[test]
    fn library_that_cannot_be_written_has_no_marks() {
        let marks = WorkMarks::new(&LibraryLocation::Memory("marks".to_owned()));
        assert_eq!(marks.begin("a", ""), WorkStart::Begun);
        marks.finish("a");
        let (folder, location) = library();
        fs::write(folder.path().join(FOLDER_NAME), "no folder").expect("it can be written");
        assert_eq!(WorkMarks::new(&location).begin("a", ""), WorkStart::Begun);
    }
}
