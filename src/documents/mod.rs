//! Article files → entries: dated plain text, Markdown, HTML and mail, one by one or in folders.
//!
//! Reads files and nothing else; what a file says is never trusted. A file that cannot be read is one plain sentence,
//! and what is odd about one that can is a complaint beside the entry.

mod article_file;
mod dated_text;
mod dates;
mod decode;
mod error;
mod file_type;
mod folder_scan;
mod front_matter;
mod headline;
mod html;
mod mail;
mod markdown;
mod parsed_file;
mod plain_text;
mod render;

pub use article_file::{FileEntry, parse_file, read_article_file, render_body};
pub use decode::MAX_FILE_BYTES;
pub use error::DocumentError;
pub use folder_scan::{ArticleFile, FolderScan, MAX_DEPTH, MAX_FILES, ScanWarning, scan_folder};
pub use render::{RenderContext, render_article};
