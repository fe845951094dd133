//! Article files: dated plain text, Markdown, HTML and mail, as single files or in folders.
//!
//! Start with [`scan_folder`], which lists the files of a folder, [`scan_mailbox`], which lists the
//! mails of a mailbox, and [`parse_file`], which parses one file into an entry. This module only reads files; storing entries is the job of the store.
//! The content of files is never trusted. A file that cannot be read becomes a [`DocumentError`]
//! with one plain sentence; problems of a readable file become warnings next to the entry.

mod article_file;
mod attachment_label;
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
mod mail_digest;
mod mailbox;
mod markdown;
mod markdown_file;
mod parsed_file;
mod plain_text;
mod render;
mod scanned_file;

pub use article_file::{FileEntry, parse_file, read_article_file};
pub use dates::parse_page_date;
pub use decode::MAX_FILE_BYTES;
pub use error::DocumentError;
pub use folder_scan::{
    FolderScan, MAX_DEPTH, MAX_FILES, ScanWarning, is_article_file, scan_folder,
};
pub use headline::find_headline_end;
pub use mailbox::{MAX_MAILS, MailboxScan, scan_mailbox};
pub use markdown_file::MarkdownFile;
pub use render::{RenderContext, append_article_link, render_article, render_body};
pub use scanned_file::{ArticleFile, FilePart, MailSpan};
