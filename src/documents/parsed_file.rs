//! The result of parsing a file of any type, before file name and modification time are considered.

use crate::model::{BodyFormat, PageArticle, PublicationDate};

/// The content and metadata of a parsed file.
#[derive(Debug)]
pub(super) struct ParsedFile {
    pub(super) title: Option<String>,
    pub(super) link: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<PublicationDate>,
    pub(super) tags: Vec<String>,
    /// The `Message-ID` of a mail.
    pub(super) message_id: Option<String>,
    /// The address at which the reader of a mailing list unsubscribes.
    pub(super) unsubscribe: Option<String>,
    pub(super) format: BodyFormat,
    pub(super) text: String,
    /// The extracted article, if the file is a complete web page.
    pub(super) page_article: Option<PageArticle>,
    pub(super) warnings: Vec<ParseWarning>,
}

/// A problem of a file that can be read in spite of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ParseWarning {
    /// The date is a day that does not exist.
    NonexistentDay(String),
    /// The date is in an unknown format.
    UnknownDateFormat(String),
    /// The front matter is invalid; with the message of the parser.
    InvalidFrontMatter(String),
    /// The file has metadata but no text.
    EmptyBody,
    /// The mail has more parts than are read.
    TooManyParts,
    /// The mail is longer than this number of MiB, which are read.
    LongMail(u64),
}

impl ParsedFile {
    /// Creates a parsed file with a text and no metadata.
    pub(super) fn new(format: BodyFormat, text: impl Into<String>) -> ParsedFile {
        ParsedFile {
            title: None,
            link: None,
            author: None,
            published: None,
            tags: Vec::new(),
            message_id: None,
            unsubscribe: None,
            format,
            text: text.into(),
            page_article: None,
            warnings: Vec::new(),
        }
    }
}

impl ParseWarning {
    /// Describes the problem in one plain sentence about the file `name`.
    pub(super) fn describe(&self, name: &str) -> String {
        match self {
            ParseWarning::NonexistentDay(day) => {
                format!("{name} has the date {day}, which does not exist")
            }
            ParseWarning::UnknownDateFormat(date) => {
                format!("{name} has the date “{date}” in an unknown format")
            }
            ParseWarning::InvalidFrontMatter(reason) => {
                format!("the front matter of {name} is not valid: {reason}")
            }
            ParseWarning::EmptyBody => format!("{name} has no text"),
            ParseWarning::TooManyParts => {
                format!("{name} has too many parts: only the first are shown")
            }
            ParseWarning::LongMail(limit) => {
                format!("{name} is longer than {limit} MB: only its beginning is read")
            }
        }
    }
}
