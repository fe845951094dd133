//! The outlines that are open while a list is read, and the name of the folder they make together.

use super::{LEVELS, MAX_DEPTH, MAX_FOLDER_BYTES, OpmlError, escape};

/// The outlines around the place that is read.
#[derive(Default)]
pub(super) struct Folders {
    /// "A / B", of the folders among them.
    path: String,
    open: Vec<Level>,
    depth: usize,
}

struct Level {
    is_folder: bool,
    /// How long the path was before it.
    before: usize,
}

impl Folders {
    /// The folder that an outline here is in.
    pub(super) fn here(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.clone())
    }

    /// Opens a folder; whether its name was short enough to keep all of it. One without a name adds none.
    pub(super) fn enter(&mut self, name: &str, line: u64) -> Result<bool, OpmlError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(OpmlError::TooDeep { line });
        }
        self.open.push(Level { is_folder: true, before: self.path.len() });
        Ok(name.is_empty() || self.append(name))
    }

    /// Opens an outline that is a feed: what is inside it is in the folder around it. Feeds do not count as levels,
    /// for in lists that lack each `</outline>` every feed is inside all feeds above it.
    pub(super) fn enter_feed(&mut self) {
        self.open.push(Level { is_folder: false, before: self.path.len() });
    }

    /// Closes the innermost outline; whether there was one.
    pub(super) fn leave(&mut self) -> bool {
        let Some(level) = self.open.pop() else {
            return false;
        };
        self.depth -= usize::from(level.is_folder);
        self.path.truncate(level.before);
        true
    }

    /// Closes all, and says how many there were.
    pub(super) fn leave_all(&mut self) -> usize {
        let open = self.open.len();
        *self = Folders::default();
        open
    }

    fn append(&mut self, name: &str) -> bool {
        let separator = if self.path.is_empty() { "" } else { LEVELS };
        let room = MAX_FOLDER_BYTES.saturating_sub(self.path.len() + separator.len());
        let kept = escape::cut(name, room).trim_end();
        if !kept.is_empty() {
            self.path.push_str(separator);
            self.path.push_str(kept);
        }
        kept.len() == name.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_add_up_and_are_cut() {
        let mut folders = Folders::default();
        assert_eq!(folders.enter("A", 1), Ok(true));
        folders.enter_feed();
        assert_eq!(folders.enter("", 1), Ok(true));
        assert_eq!(folders.enter("B", 1), Ok(true));
        assert_eq!(folders.here().as_deref(), Some("A / B"));
        assert!(folders.leave() && folders.leave() && folders.leave());
        assert_eq!(folders.enter(&"é".repeat(MAX_FOLDER_BYTES), 1), Ok(false));
        assert!(folders.here().is_some_and(|name| name.len() <= MAX_FOLDER_BYTES));
        assert_eq!(folders.enter("C", 1), Ok(false));
        assert_eq!(folders.leave_all(), 3);
        assert!(!folders.leave());
        assert_eq!(folders.here(), None);
    }
}
