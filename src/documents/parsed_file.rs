//! What a file says, before what is known of it otherwise is added.

use crate::model::{BodyFormat, PageArticle, PublicationDate};

/// What a file of some kind says.
#[derive(Debug)]
pub(super) struct ParsedFile {
    pub(super) title: Option<String>,
    pub(super) link: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<PublicationDate>,
    pub(super) tags: Vec<String>,
    pub(super) message_id: Option<String>,
    pub(super) format: BodyFormat,
    pub(super) text: String,
    /// The article in it, if it is a web page with all that stands around one.
    pub(super) page_article: Option<PageArticle>,
    pub(super) warnings: Vec<ParseWarning>,
}

/// What is odd about a file that can be read nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ParseWarning {
    /// It is dated by a day that does not exist.
    NonexistentDay(String),
    /// It is dated in a form that is not known.
    UnknownDateFormat(String),
    /// Its front matter cannot be read; why not.
    InvalidFrontMatter(String),
    /// It has no text beside what it says about itself.
    EmptyBody,
}

impl ParsedFile {
    /// A text of which nothing else is known.
    pub(super) fn new(format: BodyFormat, text: impl Into<String>) -> ParsedFile {
        ParsedFile {
            title: None,
            link: None,
            author: None,
            published: None,
            tags: Vec::new(),
            message_id: None,
            format,
            text: text.into(),
            page_article: None,
            warnings: Vec::new(),
        }
    }
}

impl ParseWarning {
    /// One plain sentence about the file called `name`.
    pub(super) fn describe(&self, name: &str) -> String {
        match self {
            ParseWarning::NonexistentDay(day) => {
                format!("{name} is dated {day}, and there is no such day")
            }
            ParseWarning::UnknownDateFormat(words) => {
                format!("{name} is dated “{words}”, which is not understood")
            }
            ParseWarning::InvalidFrontMatter(reason) => {
                format!("what {name} says about itself is not understood: {reason}")
            }
            ParseWarning::EmptyBody => format!("{name} has no text"),
        }
    }
}
