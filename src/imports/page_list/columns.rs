//! The columns and fields of lists of pages, by their names in the exports of services.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

use crate::{model::PublicationDate, text::instant_from_seconds};

/// A field of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PageField {
    Url,
    Title,
    Author,
    Tags,
    Folder,
    SavedAt,
    /// The state in words, or a switch: read or archived.
    Archived,
    Starred,
}

/// The names of fields in the exports of Pocket, Instapaper, Omnivore, Raindrop, Readwise, Karakeep,
/// Linkwarden, wallabag and others, in small letters and without signs. Of several names of one field, the
/// first that a row has counts.
const NAMES: [(PageField, &[&str]); 8] = [
    (
        PageField::Url,
        &[
            "url",
            "link",
            "href",
            "givenurl",
            "resolvedurl",
            "bookmarkedurl",
            "sourceurl",
            "uri",
            "address",
        ],
    ),
    (PageField::Title, &["title", "name", "resolvedtitle", "giventitle", "subject"]),
    (PageField::Author, &["author", "authors", "publishedby", "creator"]),
    (PageField::Tags, &["tags", "labels", "tag", "documenttags", "keywords"]),
    (PageField::Folder, &["folder", "collection", "list"]),
    (
        PageField::SavedAt,
        &[
            "timeadded",
            "adddate",
            "savedat",
            "saveddate",
            "createdat",
            "created",
            "timestamp",
            "dateadded",
            "added",
            "date",
            "importdate",
        ],
    ),
    (
        PageField::Archived,
        &["status", "state", "archived", "isarchived", "location", "isread", "read", "readstate"],
    ),
    (
        PageField::Starred,
        &["starred", "isstarred", "favorite", "favourite", "isfavorite", "favourited"],
    ),
];

/// Words for a page that was read or put away.
const ARCHIVED_WORDS: [&str; 7] = ["archive", "archived", "read", "true", "1", "yes", "done"];

/// Words for a switch that is on.
const ON_WORDS: [&str; 5] = ["true", "1", "yes", "starred", "favorite"];

/// Returns the field that a column means, and the rank of its name among those of the field.
pub(super) fn field_of(name: &str) -> Option<(PageField, usize)> {
    let key: String =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().find_map(|(field, names)| {
        names.iter().position(|known| *known == key).map(|rank| (*field, rank))
    })
}

/// Returns whether a value says that the page was read or archived.
pub(super) fn is_archived(value: &str) -> bool {
    ARCHIVED_WORDS.contains(&value.trim().to_lowercase().as_str())
}

/// Returns whether a value is a switch that is on.
pub(super) fn is_on(value: &str) -> bool {
    ON_WORDS.contains(&value.trim().to_lowercase().as_str())
}

/// Splits a list of tags: `["a", "b"]`, `a, b`, `a|b` or `a;b`.
pub(super) fn split_tags(value: &str) -> Vec<String> {
    let inner = value.trim().trim_start_matches('[').trim_end_matches(']');
    let separator = ['|', ';'].into_iter().find(|sign| inner.contains(*sign)).unwrap_or(',');
    let tags = inner.split(separator).map(|tag| tag.trim().trim_matches(['"', '\'']).trim());
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Parses a time as services write it: in seconds or milliseconds since 1970, or as in ISO 8601, which may
/// be a day alone.
pub(super) fn parse_saved_at(value: &str) -> Option<PublicationDate> {
    const FIRST_MILLISECONDS: i64 = 100_000_000_000;
    let value = value.trim();
    if let Ok(number) = value.parse::<i64>() {
        let seconds = if number >= FIRST_MILLISECONDS { number / 1000 } else { number };
        let at = instant_from_seconds(seconds).filter(|_| seconds > 0);
        return at.map(PublicationDate::Instant);
    }
    let with_zone = DateTime::parse_from_rfc3339(&value.replacen(' ', "T", 1)).ok();
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let without_zone =
        || formats.iter().find_map(|format| NaiveDateTime::parse_from_str(value, format).ok());
    let at = with_zone.map(|at| at.to_utc()).or_else(|| without_zone().map(|at| at.and_utc()));
    if let Some(at) = at {
        return instant_from_seconds(at.timestamp()).map(PublicationDate::Instant);
    }
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()?;
    let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp();
    instant_from_seconds(midnight).map(|_| PublicationDate::Day(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_services_are_known_by_their_names() {
        for (name, field) in [
            ("URL", PageField::Url),
            ("time_added", PageField::SavedAt),
            ("Saved date", PageField::SavedAt),
            ("Document tags", PageField::Tags),
            ("is_archived", PageField::Archived),
            ("Folder", PageField::Folder),
        ] {
            assert_eq!(field_of(name).map(|(field, _)| field), Some(field), "{name}");
        }
        assert_eq!(field_of("cover"), None);
        assert!(field_of("url").unwrap().1 < field_of("resolved_url").unwrap().1);
    }

    #[test]
    fn values_are_read_as_services_write_them() {
        for text in [
            "1772359200",
            "1772359200000",
            "2026-03-01 10:00:00+00:00",
            "2026-03-01T10:00:00.000Z",
            "2026-03-01 10:00:00",
        ] {
            assert_eq!(
                parse_saved_at(text).unwrap().instant().timestamp(),
                1_772_359_200,
                "{text}"
            );
        }
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(parse_saved_at(" 2026-03-01"), Some(PublicationDate::Day(day)));
        assert_eq!(parse_saved_at("soon"), None);
        assert_eq!(split_tags("[\"a b\", \"c\"]"), ["a b", "c"]);
        assert_eq!(split_tags("a|b"), ["a", "b"]);
        assert!(is_archived("Archive") && !is_archived("unread") && is_on("1") && !is_on("0"));
    }
}
