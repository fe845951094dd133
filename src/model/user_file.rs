//! Files that the user names: how they are written, and how their paths are completed.

/// The treatment of a file that exists where one is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingFile {
    /// It is kept, and nothing is written.
    Keep,
    /// It is replaced.
    Replace,
}

/// The completion of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathCompletion {
    /// The path, as far as all candidates agree; that of a folder ends with a slash.
    pub path: String,
    /// The names that the last part of the path may stand for, in order.
    pub candidates: Vec<String>,
}
