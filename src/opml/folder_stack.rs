//! The outlines that are open while a list is read, and the name of the folder they make together.

use super::{FOLDER_SEPARATOR, MAX_DEPTH, MAX_FOLDER_BYTES, OpmlError, escape};

/// The outlines around the place that is read.
#[derive(Default)]
pub(super) struct FolderStack {
    /// "A / B", of the folders among them.
    path: String,
    open_outlines: Vec<OpenOutline>,
    folder_depth: usize,
}

struct OpenOutline {
    is_folder: bool,
    /// How long the path was before it.
    parent_path_len: usize,
}

impl FolderStack {
    /// The folder that an outline here is in.
    pub(super) fn current_path(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.clone())
    }

    /// Opens a folder; whether its name was short enough to keep all of it. One without a name adds none.
    pub(super) fn enter_folder(&mut self, name: &str, line: u64) -> Result<bool, OpmlError> {
        self.folder_depth += 1;
        if self.folder_depth > MAX_DEPTH {
            return Err(OpmlError::TooDeep { line });
        }
        self.open_outlines.push(OpenOutline { is_folder: true, parent_path_len: self.path.len() });
        Ok(name.is_empty() || self.append_name(name))
    }

    /// Opens an outline that is a feed: what is inside it is in the folder around it. Feeds do not count as levels,
    /// for in lists that lack each `</outline>` every feed is inside all feeds above it.
    pub(super) fn enter_feed(&mut self) {
        self.open_outlines.push(OpenOutline { is_folder: false, parent_path_len: self.path.len() });
    }

    /// Closes the innermost outline; whether there was one.
    pub(super) fn leave_outline(&mut self) -> bool {
        let Some(level) = self.open_outlines.pop() else {
            return false;
        };
        self.folder_depth -= usize::from(level.is_folder);
        self.path.truncate(level.parent_path_len);
        true
    }

    /// Closes all, and says how many there were.
    pub(super) fn leave_all(&mut self) -> usize {
        let open = self.open_outlines.len();
        *self = FolderStack::default();
        open
    }

    fn append_name(&mut self, name: &str) -> bool {
        let separator = if self.path.is_empty() { "" } else { FOLDER_SEPARATOR };
        let room = MAX_FOLDER_BYTES.saturating_sub(self.path.len() + separator.len());
        let kept = escape::truncate_bytes(name, room).trim_end();
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
    fn folder_stack_joins_and_truncates_names() {
        let mut folders = FolderStack::default();
        assert_eq!(folders.enter_folder("A", 1), Ok(true));
        folders.enter_feed();
        assert_eq!(folders.enter_folder("", 1), Ok(true));
        assert_eq!(folders.enter_folder("B", 1), Ok(true));
        assert_eq!(folders.current_path().as_deref(), Some("A / B"));
        assert!(folders.leave_outline() && folders.leave_outline() && folders.leave_outline());
        assert_eq!(folders.enter_folder(&"é".repeat(MAX_FOLDER_BYTES), 1), Ok(false));
        assert!(folders.current_path().is_some_and(|name| name.len() <= MAX_FOLDER_BYTES));
        assert_eq!(folders.enter_folder("C", 1), Ok(false));
        assert_eq!(folders.leave_all(), 3);
        assert!(!folders.leave_outline());
        assert_eq!(folders.current_path(), None);
    }
}
