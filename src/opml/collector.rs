//! What a list amounts to: each address once, with everything said about it.

use std::collections::HashMap;

use super::{
    MAX_OUTLINES, MAX_TAGS, OpmlDocument, OpmlError, OpmlOutline, RejectedOutline, feed_url,
};

/// More complaints are only counted.
const MAX_WARNINGS: usize = 1000;

/// Refused addresses are shown to this length, in characters; `data:` addresses may be very long.
const MAX_SHOWN_CHARS: usize = 300;

/// Gathers what a list holds.
#[derive(Default)]
pub(super) struct OutlineCollector {
    pub(super) opml: OpmlDocument,
    index_by_url: HashMap<String, usize>,
    outlines_seen: usize,
    suppressed_warnings: usize,
}

impl OutlineCollector {
    /// One more entry of the list, of whatever kind.
    pub(super) fn count_outline(&mut self, line: u64) -> Result<(), OpmlError> {
        self.outlines_seen += 1;
        if self.outlines_seen > MAX_OUTLINES {
            Err(OpmlError::TooManyOutlines { line })
        } else {
            Ok(())
        }
    }

    /// Takes the feed when its address is that of a feed.
    pub(super) fn add_outline(&mut self, outline: OpmlOutline, line: u64) {
        match feed_url::check_feed_url(&outline.xml_url) {
            Ok(address) => self.insert_or_merge(OpmlOutline { xml_url: address, ..outline }, line),
            Err(reason) => self.reject(&outline.xml_url, reason, line),
        }
    }

    fn insert_or_merge(&mut self, outline: OpmlOutline, line: u64) {
        if let Some(&place) = self.index_by_url.get(&outline.xml_url) {
            self.warn(
                line,
                &format!(
                    "{} is in the list already; the two were made one",
                    truncate_for_display(&outline.xml_url)
                ),
            );
            merge_outlines(&mut self.opml.outlines[place], outline);
        } else {
            self.index_by_url.insert(outline.xml_url.clone(), self.opml.outlines.len());
            self.opml.outlines.push(outline);
        }
    }

    pub(super) fn reject(&mut self, address: &str, reason: String, line: u64) {
        self.opml.rejected.push(RejectedOutline {
            line,
            url: truncate_for_display(address.trim()),
            reason,
        });
    }

    pub(super) fn warn(&mut self, line: u64, words: &str) {
        if self.opml.warnings.len() < MAX_WARNINGS {
            self.opml.warnings.push(format!("line {line}: {words}"));
        } else {
            self.suppressed_warnings += 1;
        }
    }

    pub(super) fn finish(mut self) -> OpmlDocument {
        if self.suppressed_warnings > 0 {
            self.opml.warnings.push(format!("and {} more of this kind", self.suppressed_warnings));
        }
        self.opml
    }
}

/// The first wins; what it lacks is filled in.
fn merge_outlines(kept: &mut OpmlOutline, other: OpmlOutline) {
    kept.title = kept.title.take().or(other.title);
    kept.html_url = kept.html_url.take().or(other.html_url);
    kept.folder = kept.folder.take().or(other.folder);
    add_tags(&mut kept.tags, other.tags.into_iter());
}

/// Adds those of `more` that are not there yet, until there are as many as a feed may have.
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

/// `address` at a length that can be shown.
pub(super) fn truncate_for_display(address: &str) -> String {
    match address.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &address[..end]),
        None => address.to_owned(),
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
        (0..=MAX_WARNINGS).for_each(|_| collector.warn(3, "odd"));
        let opml = collector.finish();
        assert_eq!(opml.rejected[0].url, "x".repeat(MAX_SHOWN_CHARS));
        assert_eq!(opml.rejected[1].url, format!("{}…", "é".repeat(MAX_SHOWN_CHARS)));
        assert_eq!(opml.warnings.len(), MAX_WARNINGS + 1);
        assert_eq!(opml.warnings[MAX_WARNINGS], "and 1 more of this kind");
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
