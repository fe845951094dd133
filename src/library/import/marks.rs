//! The marks of imported articles that become a change of the journal, and their limits.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};

use crate::model::{
    Change, Entry, EntryId, ImportReport, ImportedMarks, NoteKind, NotePlace, Tag, TagMark, TagName,
};

/// Maximum number of tags that an import may add to a library. A library has 1,000 at most.
const MAX_LIBRARY_TAGS: usize = 990;

/// Maximum number of tags that an article may have after an import; the library allows 64.
const MAX_ARTICLE_TAGS: usize = 60;

/// The marks that are applied at the end of an import.
pub(super) struct MarkCollector {
    read: Vec<EntryId>,
    starred: Vec<EntryId>,
    removed: Vec<EntryId>,
    tagged: BTreeMap<TagName, Vec<EntryId>>,
    /// New articles of feeds that stay subscribed when the import is undone.
    pub(super) arrived: Vec<EntryId>,
    /// The keys of the tags that the library has, or gets.
    known_tags: HashSet<String>,
    refused_tags: HashSet<String>,
}

impl MarkCollector {
    /// Creates a collector for a library that has `tags`.
    pub(super) fn new(tags: &[Tag]) -> MarkCollector {
        MarkCollector {
            read: Vec::new(),
            starred: Vec::new(),
            removed: Vec::new(),
            tagged: BTreeMap::new(),
            arrived: Vec::new(),
            known_tags: tags.iter().map(|tag| tag.name.key()).collect(),
            refused_tags: HashSet::new(),
        }
    }

    /// Returns marks without the tags for which the library or the article has no room.
    pub(super) fn admit(
        &mut self,
        mut marks: ImportedMarks,
        report: &mut ImportReport,
    ) -> ImportedMarks {
        marks.tags.retain(|tag| self.admit_tag(tag, report));
        for tag in marks.tags.drain(marks.tags.len().min(MAX_ARTICLE_TAGS)..) {
            let reason = format!("an article gets at most {MAX_ARTICLE_TAGS} tags");
            report.note(NoteKind::NotTaken, NotePlace::default(), format!("tag {tag}"), reason);
        }
        marks
    }

    fn admit_tag(&mut self, tag: &TagName, report: &mut ImportReport) -> bool {
        let key = tag.key();
        if self.known_tags.contains(&key) {
            return true;
        }
        if self.known_tags.len() < MAX_LIBRARY_TAGS {
            return self.known_tags.insert(key);
        }
        if self.refused_tags.insert(key) {
            let reason = format!("the library has {MAX_LIBRARY_TAGS} tags already");
            report.note(NoteKind::NotTaken, NotePlace::default(), format!("tag {tag}"), reason);
        }
        false
    }

    /// Adds the marks of a new article.
    pub(super) fn add(&mut self, id: EntryId, marks: &ImportedMarks) {
        self.read.extend(marks.is_read.then_some(id));
        self.starred.extend(marks.is_starred.then_some(id));
        for tag in &marks.tags {
            self.tagged.entry(tag.clone()).or_default().push(id);
        }
    }

    /// Adds the marks of an article of the library that it does not have. A star or a tag keeps it from
    /// being removed.
    pub(super) fn add_to_known(&mut self, entry: &Entry, marks: &ImportedMarks) {
        let id = entry.id;
        let is_kept = entry.state.starred || !entry.tags.is_empty();
        self.read.extend((marks.is_read && !entry.state.read).then_some(id));
        self.starred.extend((marks.is_starred && !entry.state.starred).then_some(id));
        let is_removed = marks.is_removed && !is_kept && !entry.state.removed;
        self.removed.extend(is_removed.then_some(id));
        let room = MAX_ARTICLE_TAGS.saturating_sub(entry.tags.len());
        for tag in marks.tags.iter().filter(|tag| !entry.has_tag(tag)).take(room) {
            self.tagged.entry(tag.clone()).or_default().push(id);
        }
    }

    /// Returns the number of articles that get marks.
    pub(super) fn changed_entry_count(&self) -> u64 {
        let lists = [&self.read, &self.starred, &self.removed].into_iter();
        let ids: BTreeSet<EntryId> = lists.chain(self.tagged.values()).flatten().copied().collect();
        ids.len() as u64
    }

    /// Returns the marks as changes; those without an article are left out.
    pub(super) fn into_changes(self, now: DateTime<Utc>) -> Vec<Change> {
        let mut changes = vec![
            Change::restore_entries(&self.arrived),
            Change::set_read(&self.read, true),
            Change::set_starred(&self.starred, true),
            Change::remove_entries(&self.removed, now),
        ];
        let tagged = self.tagged.into_iter();
        changes.extend(tagged.map(|(tag, ids)| Change::set_tag(&ids, tag, TagMark::On)));
        changes.retain(|change| !change.entry_ids().is_empty());
        changes
    }
}
