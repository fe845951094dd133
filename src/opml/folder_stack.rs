//! The stack of open outlines and the folder path that they form.

use super::{FOLDER_SEPARATOR, MAX_DEPTH, MAX_FOLDER_BYTES, OpmlError, escape};

/// The outlines that are open at the current position.
#[derive(Default)]
pub(super) struct FolderStack {
    /// Names of the open folders, joined: "A / B".
    path: String,
    open_outlines: Vec<OpenOutline>,
    /// Number of folders among the open outlines.
    folder_depth: usize,
}

struct OpenOutline {
    is_folder: bool,
    /// Length of the path outside the outline.
    parent_path_len: usize,
}

impl FolderStack {
    /// Returns the path of the innermost folder; `None` outside all folders.
    pub(super) fn current_path(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.clone())
    }

    /// Opens a folder; a folder without a name does not change the path. Returns false if the name
    /// was shortened.
    ///
    /// # Errors
    /// If the folder is nested deeper than [`MAX_DEPTH`].
    pub(super) fn enter_folder(&mut self, name: &str, line: u64) -> Result<bool, OpmlError> {
        self.folder_depth += 1;
        if self.folder_depth > MAX_DEPTH {
            return Err(OpmlError::TooDeep { line });
        }
        self.open_outlines.push(OpenOutline { is_folder: true, parent_path_len: self.path.len() });
        Ok(name.is_empty() || self.append_name(name))
    }

    /// Opens an outline that is a feed; outlines inside it belong to the folder around it.
    ///
    /// Feeds do not count towards [`MAX_DEPTH`]: in a list without any `</outline>`, every feed is
    /// inside all feeds above it.
    pub(super) fn enter_feed(&mut self) {
        self.open_outlines.push(OpenOutline { is_folder: false, parent_path_len: self.path.len() });
    }

    /// Closes the innermost outline; returns false if none is open.
    pub(super) fn leave_outline(&mut self) -> bool {
        let Some(outline) = self.open_outlines.pop() else {
            return false;
        };
        self.folder_depth -= usize::from(outline.is_folder);
        self.path.truncate(outline.parent_path_len);
        true
    }

    /// Closes all outlines and returns their number.
    pub(super) fn leave_all(&mut self) -> usize {
        let count = self.open_outlines.len();
        *self = FolderStack::default();
        count
    }

    /// Appends a name to the path; returns false if it was shortened.
    fn append_name(&mut self, name: &str) -> bool {
        let separator = if self.path.is_empty() { "" } else { FOLDER_SEPARATOR };
        let max_bytes = MAX_FOLDER_BYTES.saturating_sub(self.path.len() + separator.len());
        let truncated = escape::truncate_bytes(name, max_bytes).trim_end();
        if !truncated.is_empty() {
            self.path.push_str(separator);
            self.path.push_str(truncated);
        }
        truncated.len() == name.len()
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
