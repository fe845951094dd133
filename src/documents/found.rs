//! What a file says, before what is known of it otherwise is added.

use crate::model::{BodyFormat, PageArticle, Stamp};

/// What a file of some kind says.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) link: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<Stamp>,
    pub(super) tags: Vec<String>,
    pub(super) message_id: Option<String>,
    pub(super) format: BodyFormat,
    pub(super) text: String,
    /// The article in it, if it is a web page with all that stands around one.
    pub(super) article: Option<PageArticle>,
    pub(super) oddities: Vec<Oddity>,
}

/// What is odd about a file that can be read nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Oddity {
    /// It is dated by a day that does not exist.
    NoSuchDay(String),
    /// It is dated in a form that is not known.
    UnknownDate(String),
    /// Its front matter cannot be read; why not.
    BadFront(String),
    /// It has no text beside what it says about itself.
    NoText,
}

impl Found {
    /// A text of which nothing else is known.
    pub(super) fn new(format: BodyFormat, text: impl Into<String>) -> Found {
        Found {
            title: None,
            link: None,
            author: None,
            published: None,
            tags: Vec::new(),
            message_id: None,
            format,
            text: text.into(),
            article: None,
            oddities: Vec::new(),
        }
    }
}

impl Oddity {
    /// One plain sentence about the file called `name`.
    pub(super) fn sentence(&self, name: &str) -> String {
        match self {
            Oddity::NoSuchDay(day) => format!("{name} is dated {day}, and there is no such day"),
            Oddity::UnknownDate(words) => format!("{name} is dated “{words}”, which is not understood"),
            Oddity::BadFront(reason) => format!("what {name} says about itself is not understood: {reason}"),
            Oddity::NoText => format!("{name} has no text"),
        }
    }
}
