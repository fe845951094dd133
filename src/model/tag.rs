//! Tags: words that the user puts on articles.

use serde::{Deserialize, Serialize};

use super::TagId;

/// Maximum length of the name of a tag, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// The characters, besides blanks, that separate or quote tags where they are typed.
const RESERVED_CHARS: [char; 7] = [',', '"', '\'', '`', '“', '”', '„'];

impl TagId {
    /// The tag `hidden`: its articles are left out of lists and counts.
    pub const HIDDEN: TagId = TagId(1);
    /// The tag `later`: articles to be read another time.
    pub const LATER: TagId = TagId(2);
    /// The mark of articles in the trash, which is never shown as a tag.
    pub const REMOVED: TagId = TagId(3);
    /// The tag `queue`: episodes to be heard or seen next. The user's own tags count up from 4.
    pub const QUEUE: TagId = TagId(-1);
    /// The tag `played`: episodes that were heard or seen to the end.
    pub const PLAYED: TagId = TagId(-2);
    /// The mark of articles with a downloaded file, which is never shown as a tag.
    pub const DOWNLOADED: TagId = TagId(-3);
    /// The mark of articles that were edited since the user read them, which is never shown as a tag.
    pub const UNSEEN_EDIT: TagId = TagId(-4);

    /// Returns whether the program gives the tag its meaning, and not the user.
    pub fn is_reserved(self) -> bool {
        self <= TagId::REMOVED
    }

    /// Returns whether the tag is a state of its entries, which has bits of its own.
    pub fn is_state(self) -> bool {
        self == TagId::HIDDEN || self == TagId::REMOVED
    }

    /// Returns whether the tag is a mark that is never shown as one, and that no user can type.
    pub fn is_internal(self) -> bool {
        [TagId::REMOVED, TagId::DOWNLOADED, TagId::UNSEEN_EDIT].contains(&self)
    }
}

/// A tag of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Permanent id.
    pub id: TagId,
    /// The name.
    pub name: TagName,
    /// The colour.
    pub color: TagColor,
}

/// A tag on one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryTag {
    /// The tag.
    pub id: TagId,
    /// The name of the tag.
    pub name: TagName,
    /// The colour of the tag.
    pub color: TagColor,
    /// The time until which the entry has the tag, in seconds since 1970; `None` for good.
    pub until: Option<i64>,
}

impl EntryTag {
    /// Returns the reserved tag with this key as a tag on an entry; `None` for a tag of the user's and
    /// for the internal marks.
    pub fn reserved(key: &str, until: Option<i64>) -> Option<EntryTag> {
        let (id, name, color) = match key {
            "hidden" => (TagId::HIDDEN, TagName::hidden(), 0),
            "later" => (TagId::LATER, TagName::later(), 1),
            "queue" => (TagId::QUEUE, TagName::queue(), 2),
            "played" => (TagId::PLAYED, TagName::played(), 3),
            _ => return None,
        };
        Some(EntryTag { id, name, color: TagColor(color), until })
    }
}

/// The colour of a tag: one of the roles of the themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct TagColor(u8);

impl TagColor {
    /// Number of colours.
    pub const COUNT: u8 = 8;

    /// Returns the colour with this number, counted round after the last.
    pub fn from_number(number: i64) -> TagColor {
        let remainder = number.rem_euclid(i64::from(TagColor::COUNT));
        TagColor(u8::try_from(remainder).expect("a remainder of eight is less than eight"))
    }

    /// Returns the number of the colour, from 0.
    pub fn number(self) -> u8 {
        self.0
    }
}

/// The name of a tag: one word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TagName(String);

impl TagName {
    /// Returns the name of the tag `hidden`.
    pub fn hidden() -> TagName {
        TagName("hidden".to_owned())
    }

    /// Returns the name of the tag `later`.
    pub fn later() -> TagName {
        TagName("later".to_owned())
    }

    /// Returns the name of the tag `queue`.
    pub fn queue() -> TagName {
        TagName("queue".to_owned())
    }

    /// Returns the name of the tag `played`.
    pub fn played() -> TagName {
        TagName("played".to_owned())
    }

    /// Returns the name of the mark of articles with a downloaded file. It is no single word, so that a
    /// tag `downloaded` stays the user's own.
    pub fn downloaded() -> TagName {
        TagName("downloaded file".to_owned())
    }

    /// Returns the name of the mark of articles that were edited since the user read them. It is no
    /// single word either.
    pub fn unseen_edit() -> TagName {
        TagName("unseen edit".to_owned())
    }

    /// Returns the name of the mark of articles in the trash, which no user can type.
    pub fn removed() -> TagName {
        TagName("removed".to_owned())
    }

    /// Returns the name that the library has, which was checked before it was stored.
    pub fn from_stored(name: String) -> TagName {
        TagName(name)
    }

    /// Checks a name that the user typed.
    ///
    /// # Errors
    ///
    /// Fails for anything but one word of at most 64 bytes with a letter or a digit, by which `tag:`
    /// finds it, and for the name of the trash.
    pub fn parse(text: &str) -> Result<TagName, TagNameError> {
        let is_separator =
            |c: char| c.is_whitespace() || c.is_control() || RESERVED_CHARS.contains(&c);
        if text.len() > MAX_NAME_BYTES {
            Err(TagNameError::TooLong)
        } else if text.contains(is_separator) {
            Err(TagNameError::NotOneWord)
        } else if text.starts_with(['-', '+']) || !text.contains(char::is_alphanumeric) {
            Err(TagNameError::NoWord)
        } else if TagName(text.to_owned()).is_removed() {
            Err(TagNameError::NameOfTrash)
        } else {
            Ok(TagName(text.to_owned()))
        }
    }

    /// Returns the name as the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is the tag `hidden`.
    pub fn is_hidden(&self) -> bool {
        self.0.eq_ignore_ascii_case("hidden")
    }

    /// Returns whether this is the tag `later`.
    pub fn is_later(&self) -> bool {
        self.0.eq_ignore_ascii_case("later")
    }

    /// Returns whether this is the tag `queue`.
    pub fn is_queue(&self) -> bool {
        self.0.eq_ignore_ascii_case("queue")
    }

    /// Returns whether this is the tag `played`.
    pub fn is_played(&self) -> bool {
        self.0.eq_ignore_ascii_case("played")
    }

    /// Returns whether this is the mark of articles in the trash.
    pub fn is_removed(&self) -> bool {
        self.0.eq_ignore_ascii_case("removed")
    }

    /// Returns whether this is the mark of articles that were edited since the user read them.
    pub fn is_unseen_edit(&self) -> bool {
        self.0 == "unseen edit"
    }

    /// Returns the text by which names are compared: `Urgent` and `urgent` are one tag.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::fmt::Display for TagName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The reason why a text is not the name of a tag; completes “… is not a tag: ”.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagNameError {
    /// It has more than 64 bytes.
    TooLong,
    /// It contains blanks, commas, quotation marks or control characters.
    NotOneWord,
    /// It has no letter or digit, or begins with the sign that takes a tag off.
    NoWord,
    /// It is the word for articles in the trash.
    NameOfTrash,
}

impl std::fmt::Display for TagNameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TagNameError::TooLong => "it is longer than 64 bytes",
            TagNameError::NotOneWord => "a tag is one word without commas or quotation marks",
            TagNameError::NoWord => "a tag has a letter or a digit, and does not begin with + or -",
            TagNameError::NameOfTrash => "this word is that of the trash",
        })
    }
}

impl std::error::Error for TagNameError {}

/// The relation of an entry to a tag: without it, or with it for good or until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagMark {
    /// The entry does not have the tag.
    Off,
    /// The entry has the tag for good.
    On,
    /// The entry has the tag until this time, in seconds since 1970.
    Until(i64),
}

impl TagMark {
    /// Returns whether the entry has the tag.
    pub fn is_on(self) -> bool {
        self != TagMark::Off
    }

    /// Returns the end of the tag; `None` for good or if there is none.
    pub fn until(self) -> Option<i64> {
        match self {
            TagMark::Until(at) => Some(at),
            TagMark::Off | TagMark::On => None,
        }
    }

    /// Returns the mark of an entry that has the tag until a time, or for good.
    pub fn on_until(until: Option<i64>) -> TagMark {
        until.map_or(TagMark::On, TagMark::Until)
    }
}

#[cfg(test)]
mod tests {
    use super::{TagName, TagNameError};

    #[test]
    fn tag_name_is_one_word() {
        for name in ["urgent", "To-Read", "c++", ".net", "東京", "a:b", "2026"] {
            assert_eq!(TagName::parse(name).unwrap().as_str(), name);
        }
        let long = "x".repeat(65);
        for (name, error) in [
            ("", TagNameError::NoWord),
            ("++", TagNameError::NoWord),
            ("-x", TagNameError::NoWord),
            ("two words", TagNameError::NotOneWord),
            ("a,b", TagNameError::NotOneWord),
            ("\"a\"", TagNameError::NotOneWord),
            ("a\u{1b}b", TagNameError::NotOneWord),
            ("Removed", TagNameError::NameOfTrash),
            (&long, TagNameError::TooLong),
        ] {
            assert_eq!(TagName::parse(name), Err(error), "{name}");
        }
        assert_eq!(TagName::parse("ÉTÉ").unwrap().key(), "été");
    }
}
