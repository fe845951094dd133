//! The collector of a subscription list: merges outlines with the same URL and gathers warnings.

use std::collections::HashMap;

use super::{
    MAX_OUTLINES, MAX_TAGS, OpmlDocument, OpmlError, OpmlOutline, RejectedOutline, feed_url,
};
use crate::text::redact_user_info;

/// Maximum number of warnings kept; further ones are only counted.
const MAX_WARNINGS: usize = 1000;

/// Maximum length of a URL in a message, in characters: `data:` URLs may be very long.
const MAX_SHOWN_CHARS: usize = 300;

/// The document under construction.
#[derive(Default)]
pub(super) struct OutlineCollector {
    pub(super) opml: OpmlDocument,
    index_by_url: HashMap<String, usize>,
    outlines_seen: usize,
    suppressed_warnings: usize,
}

impl OutlineCollector {
    /// Counts one outline of any kind.
    ///
    /// # Errors
    /// If there are more than [`MAX_OUTLINES`].
    pub(super) fn count_outline(&mut self, line: u64) -> Result<(), OpmlError> {
        self.outlines_seen += 1;
        if self.outlines_seen > MAX_OUTLINES {
            Err(OpmlError::TooManyOutlines { line })
        } else {
            Ok(())
        }
    }

    /// Adds a feed, or rejects it if its URL is not valid for a feed.
    pub(super) fn add_outline(&mut self, outline: OpmlOutline, line: u64) {
        match feed_url::check_feed_url(&outline.xml_url) {
            Ok(xml_url) => self.insert_or_merge(OpmlOutline { xml_url, ..outline }, line),
            Err(reason) => self.reject(&outline.xml_url, reason, line),
        }
    }

    fn insert_or_merge(&mut self, outline: OpmlOutline, line: u64) {
        if let Some(&index) = self.index_by_url.get(&outline.xml_url) {
            let url = truncate_for_display(&outline.xml_url);
            self.warn(line, &format!("{url} is already in the list; both entries were merged"));
            merge_outlines(&mut self.opml.outlines[index], outline);
        } else {
            self.index_by_url.insert(outline.xml_url.clone(), self.opml.outlines.len());
            self.opml.outlines.push(outline);
        }
    }

    /// Adds an outline that is not imported; `reason` continues a sentence that begins with `url`.
    pub(super) fn reject(&mut self, url: &str, reason: String, line: u64) {
        let url = truncate_for_display(url.trim());
        self.opml.rejected.push(RejectedOutline { line, url, reason });
    }

    /// Adds a warning, or only counts it if there are too many.
    pub(super) fn warn(&mut self, line: u64, message: &str) {
        if self.opml.warnings.len() < MAX_WARNINGS {
            self.opml.warnings.push(format!("line {line}: {message}"));
        } else {
            self.suppressed_warnings += 1;
        }
    }

    /// Returns the document; the last warning states the number of suppressed ones.
    pub(super) fn finish(mut self) -> OpmlDocument {
        match self.suppressed_warnings {
            0 => {}
            1 => self.opml.warnings.push("and 1 more warning".to_owned()),
            count => self.opml.warnings.push(format!("and {count} more warnings")),
        }
        self.opml
    }
}

/// Fills the empty fields of `existing` from `other`, and adds its tags.
fn merge_outlines(existing: &mut OpmlOutline, other: OpmlOutline) {
    existing.title = existing.title.take().or(other.title);
    existing.html_url = existing.html_url.take().or(other.html_url);
    existing.folder = existing.folder.take().or(other.folder);
    add_tags(&mut existing.tags, other.tags.into_iter());
}

/// Adds the tags of `more` that are not empty and not present yet, up to [`MAX_TAGS`].
pub(super) fn add_tags(tags: &mut Vec<String>, more: impl Iterator<Item = String>) {
    for tag in more {
        if tags.len() == MAX_TAGS {
            break;
        }
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
}

/// Truncates a URL or a name to [`MAX_SHOWN_CHARS`] for a message.
pub(super) fn truncate_for_display(text: &str) -> String {
    // Before the text is cut: a password without the host after it is not recognised.
    let text = redact_user_info(text);
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collector_truncates_long_urls_and_many_warnings() {
        let mut collector = OutlineCollector::default();
        collector.reject(&"x".repeat(MAX_SHOWN_CHARS), String::new(), 1);
        collector.reject(&"é".repeat(MAX_SHOWN_CHARS + 1), String::new(), 2);
        let secret = "s".repeat(MAX_SHOWN_CHARS);
        collector.reject(&format!("ftp://ann:{secret}@host/"), String::new(), 4);
        (0..=MAX_WARNINGS).for_each(|_| collector.warn(3, "odd"));
        let opml = collector.finish();
        assert_eq!(opml.rejected[0].url, "x".repeat(MAX_SHOWN_CHARS));
        assert_eq!(opml.rejected[1].url, format!("{}…", "é".repeat(MAX_SHOWN_CHARS)));
        assert_eq!(opml.rejected[2].url, "ftp://host/");
        assert_eq!(opml.warnings.len(), MAX_WARNINGS + 1);
        assert_eq!(opml.warnings[MAX_WARNINGS], "and 1 more warning");
    }

    #[test]
    fn add_tags_stops_at_limit() {
        let mut tags = Vec::new();
        add_tags(&mut tags, (0..MAX_TAGS * 2).map(|at| (at / 2 * 2).to_string()));
        assert_eq!(tags.len(), MAX_TAGS);
        add_tags(&mut tags, ["one more".to_owned()].into_iter());
        assert_eq!(tags.len(), MAX_TAGS);
    }
}
