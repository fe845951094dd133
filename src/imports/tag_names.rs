//! Labels of other readers as tags, which are single words.

use std::collections::HashMap;

use crate::model::{ImportReport, NoteKind, NotePlace, TagName};

/// Translates labels, and notes once which of them are different as tags.
#[derive(Debug, Default)]
pub(super) struct TagTranslator {
    known: HashMap<String, Option<TagName>>,
}

impl TagTranslator {
    /// Returns the tags of labels, each once.
    pub(super) fn translate_all<'l>(
        &mut self,
        labels: impl Iterator<Item = &'l str>,
        report: &mut ImportReport,
    ) -> Vec<TagName> {
        let mut tags: Vec<TagName> = Vec::new();
        for label in labels {
            if let Some(tag) = self.translate(label, report)
                && !tags.iter().any(|known| known.key() == tag.key())
            {
                tags.push(tag);
            }
        }
        tags
    }

    fn translate(&mut self, label: &str, report: &mut ImportReport) -> Option<TagName> {
        if let Some(known) = self.known.get(label) {
            return known.clone();
        }
        let (tag, changed) = match TagName::parse(label) {
            Ok(tag) => (Some(tag), None),
            Err(error) => {
                let tag = TagName::parse(&join_words(label)).ok();
                (tag, Some(error))
            }
        };
        match (&tag, changed) {
            (Some(tag), Some(error)) => {
                let reason = format!("here it is the tag {tag}: {error}");
                report.note(NoteKind::Changed, NotePlace::default(), subject(label), reason);
            }
            (None, Some(error)) => {
                let reason = format!("it cannot be a tag: {error}");
                report.note(NoteKind::NotTaken, NotePlace::default(), subject(label), reason);
            }
            (_, None) => {}
        }
        self.known.insert(label.to_owned(), tag.clone());
        tag
    }
}

fn subject(label: &str) -> String {
    format!("label “{label}”")
}

/// Joins the words of a label with hyphens, without the signs that a tag cannot have.
fn join_words(label: &str) -> String {
    let is_separator = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, ',' | '"' | '\'' | '`' | '“' | '”' | '„')
    };
    let words = label.split(is_separator).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    joined.trim_start_matches(['-', '+']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_several_words_become_one_word_and_are_noted_once() {
        let (mut tags, mut report) = (TagTranslator::default(), ImportReport::default());
        let labels = ["urgent", "to read, now", "to read, now", "Urgent", "Removed", "!!"];
        let found = tags.translate_all(labels.into_iter(), &mut report);
        assert_eq!(
            found.iter().map(TagName::as_str).collect::<Vec<_>>(),
            ["urgent", "to-read-now"]
        );
        let kinds: Vec<NoteKind> = report.notes.iter().map(|note| note.kind).collect();
        assert_eq!(kinds, [NoteKind::Changed, NoteKind::NotTaken, NoteKind::NotTaken]);
        tags.translate_all(labels.into_iter(), &mut report);
        assert_eq!(report.notes.len(), 3);
    }
}
