//! Marks of articles, as an archive keeps them.

use super::ArticleKey;

/// The beginning of the names of tags that all users of an archive share.
pub const TEAM_TAG_PREFIX: &str = "team:";

/// Maximum number of bytes of the name of a tag that an archive stores.
const MAX_TAG_BYTES: usize = 300;

/// A mark of an article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArchivedMark {
    /// The article is read.
    Read,
    /// The article is starred.
    Starred,
    /// The article has a tag of this name.
    Tag(String),
}

impl ArchivedMark {
    /// Returns the name under which archives and libraries store the mark.
    pub fn stored_name(&self) -> String {
        match self {
            ArchivedMark::Read => "read".to_owned(),
            ArchivedMark::Starred => "starred".to_owned(),
            ArchivedMark::Tag(name) => format!("tag:{name}"),
        }
    }

    /// Parses a stored name; `None` for one of a newer version, or of a tag that is too long.
    pub fn from_stored_name(name: &str) -> Option<ArchivedMark> {
        match name {
            "read" => Some(ArchivedMark::Read),
            "starred" => Some(ArchivedMark::Starred),
            _ => {
                let tag = name.strip_prefix("tag:").filter(|tag| !tag.trim().is_empty())?;
                (tag.len() <= MAX_TAG_BYTES).then(|| ArchivedMark::Tag(tag.to_owned()))
            }
        }
    }

    /// Returns whether all users share the mark.
    pub fn is_shared(&self) -> bool {
        matches!(self, ArchivedMark::Tag(name) if name.starts_with(TEAM_TAG_PREFIX))
    }
}

/// A mark that an article is to have or to lack. It is a state and never a switch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkChange {
    /// The article.
    pub article: ArticleKey,
    /// The mark.
    pub mark: ArchivedMark,
    /// True if the article is to have the mark, false if it is to lack it.
    pub wanted: bool,
}

/// The answer to changes of marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarkExchange {
    /// Marks that have changed since the cursor, one's own included.
    pub changes: Vec<MarkChange>,
    /// The cursor behind the last of them.
    pub cursor: i64,
    /// There are more.
    pub has_more: bool,
    /// Number of the changes that were sent for articles that the archive does not have. They were left out.
    pub unknown_articles: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_is_read_again_as_it_was_stored() {
        let tag = |name: &str| ArchivedMark::Tag(name.to_owned());
        for mark in [ArchivedMark::Read, ArchivedMark::Starred, tag("team:Bridges"), tag("a:b")] {
            assert_eq!(ArchivedMark::from_stored_name(&mark.stored_name()), Some(mark));
        }
        let longest = format!("tag:{}", "x".repeat(MAX_TAG_BYTES));
        assert!(ArchivedMark::from_stored_name(&longest).is_some());
        for name in ["", "later", "tag:", "tag: ", &format!("{longest}x")] {
            assert_eq!(ArchivedMark::from_stored_name(name), None, "{name}");
        }
        assert!(tag("team:Bridges").is_shared());
        assert!(!tag("Bridges").is_shared());
    }
}
