//! Tags in words.

use chrono::DateTime;

use crate::{model::EntryTag, text::LocalNow};

/// Returns the name of a tag, with the end of its time: `urgent`, `hidden until Fri`.
pub fn tag_label(tag: &EntryTag, now: LocalNow) -> String {
    match tag.until.and_then(|until| DateTime::from_timestamp(until, 0)) {
        Some(until) => format!("{} until {}", tag.name, now.format_until(until)),
        None => tag.name.to_string(),
    }
}
