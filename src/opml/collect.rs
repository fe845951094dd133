//! What a list amounts to: each address once, with everything said about it.

use std::collections::HashMap;

use super::{MAX_OUTLINES, MAX_TAGS, Opml, OpmlError, Outline, Refused, address};

/// More complaints are only counted.
const MAX_COMPLAINTS: usize = 1000;

/// Refused addresses are shown to this length, in characters; `data:` addresses may be very long.
const SHOWN: usize = 300;

/// Gathers what a list holds.
#[derive(Default)]
pub(super) struct Collector {
    pub(super) opml: Opml,
    places: HashMap<String, usize>,
    met: usize,
    unsaid: usize,
}

impl Collector {
    /// One more entry of the list, of whatever kind.
    pub(super) fn count(&mut self, line: u64) -> Result<(), OpmlError> {
        self.met += 1;
        if self.met > MAX_OUTLINES { Err(OpmlError::TooMany { line }) } else { Ok(()) }
    }

    /// Takes the feed when its address is that of a feed.
    pub(super) fn offer(&mut self, outline: Outline, line: u64) {
        match address::accept(&outline.address) {
            Ok(address) => self.take(Outline { address, ..outline }, line),
            Err(reason) => self.refuse(&outline.address, reason, line),
        }
    }

    fn take(&mut self, outline: Outline, line: u64) {
        if let Some(&place) = self.places.get(&outline.address) {
            self.complain(
                line,
                &format!("{} is in the list already; the two were made one", shown(&outline.address)),
            );
            merge(&mut self.opml.outlines[place], outline);
        } else {
            self.places.insert(outline.address.clone(), self.opml.outlines.len());
            self.opml.outlines.push(outline);
        }
    }

    pub(super) fn refuse(&mut self, address: &str, reason: String, line: u64) {
        self.opml.refused.push(Refused { line, address: shown(address.trim()), reason });
    }

    pub(super) fn complain(&mut self, line: u64, words: &str) {
        if self.opml.complaints.len() < MAX_COMPLAINTS {
            self.opml.complaints.push(format!("line {line}: {words}"));
        } else {
            self.unsaid += 1;
        }
    }

    pub(super) fn finish(mut self) -> Opml {
        if self.unsaid > 0 {
            self.opml.complaints.push(format!("and {} more of this kind", self.unsaid));
        }
        self.opml
    }
}

/// The first wins; what it lacks is filled in.
fn merge(kept: &mut Outline, other: Outline) {
    kept.title = kept.title.take().or(other.title);
    kept.site = kept.site.take().or(other.site);
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
pub(super) fn shown(address: &str) -> String {
    match address.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &address[..end]),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_addresses_and_many_complaints_are_cut() {
        let mut collector = Collector::default();
        collector.refuse(&"x".repeat(SHOWN), String::new(), 1);
        collector.refuse(&"é".repeat(SHOWN + 1), String::new(), 2);
        (0..=MAX_COMPLAINTS).for_each(|_| collector.complain(3, "odd"));
        let opml = collector.finish();
        assert_eq!(opml.refused[0].address, "x".repeat(SHOWN));
        assert_eq!(opml.refused[1].address, format!("{}…", "é".repeat(SHOWN)));
        assert_eq!(opml.complaints.len(), MAX_COMPLAINTS + 1);
        assert_eq!(opml.complaints[MAX_COMPLAINTS], "and 1 more of this kind");
    }

    #[test]
    fn tags_stop_at_their_limit() {
        let mut tags = Vec::new();
        add_tags(&mut tags, (0..MAX_TAGS * 2).map(|at| (at / 2 * 2).to_string()));
        assert_eq!(tags.len(), MAX_TAGS);
        add_tags(&mut tags, ["one more".to_owned()].into_iter());
        assert_eq!(tags.len(), MAX_TAGS);
    }
}
