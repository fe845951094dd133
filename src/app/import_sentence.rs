//! The sentence about an import: a change of feeds, views and marks at once.

use super::mark_sentences::{describe_marks, uncapitalize};
use crate::{
    model::{Change, TagMark},
    text::{LocalNow, count_noun},
};

/// Describes a change with parts of different kinds, as imports make them; `None` for any other. `copies` of
/// the entries are copies of others.
pub(super) fn describe_import(change: &Change, copies: usize, now: LocalNow) -> Option<String> {
    let (mut subscribed, mut unsubscribed, mut added, mut removed) = (0, 0, 0, 0);
    let (mut articles, mut marks, mut is_other) = (0, Vec::new(), false);
    let mut has_arrivals = false;
    change.for_each(&mut |part| match part {
        Change::Imported { count } => articles = *count,
        Change::Unsubscribed { unsubscribed: false, .. } => subscribed += 1,
        Change::Unsubscribed { unsubscribed: true, .. } => unsubscribed += 1,
        Change::View { before: None, after: Some(_) } => added += 1,
        Change::View { before: Some(_), after: None } => removed += 1,
        // New articles of feeds that stay are in the trash before the import, so that undo moves them there.
        Change::Tagged { tag, after: TagMark::Off, .. } if articles > 0 && tag.is_removed() => {
            has_arrivals = true;
        }
        part if part.marks_entries() => marks.push(part.clone()),
        _ => is_other = true,
    });
    let kinds = usize::from(subscribed + unsubscribed > 0)
        + usize::from(added + removed > 0)
        + usize::from(!marks.is_empty());
    if is_other || articles == 0 && kinds < 2 && added + removed <= 1 {
        return None;
    }
    // Samples are hidden by an import, and shown again when it is undone. One of saved pages subscribes to
    // nothing.
    let is_taken_back = !has_arrivals && (removed > 0 || unsubscribed > subscribed);
    let (feeds, views, verb) = if is_taken_back {
        (unsubscribed, removed, "Took back the import of")
    } else {
        (subscribed, added, "Imported")
    };
    let mut things = Vec::new();
    things.extend((feeds > 0).then(|| count_noun(feeds, "feed")));
    things.extend((views > 0).then(|| count_noun(views, "view")));
    things.extend((articles > 0).then(|| count_noun(articles, "article")));
    let mut sentence = match things.split_last() {
        None => String::new(),
        Some((last, [])) => format!("{verb} {last}"),
        Some((last, others)) => format!("{verb} {} and {last}", others.join(", ")),
    };
    if !marks.is_empty() {
        let marks = describe_marks(&Change::Many(marks), "", copies, now);
        sentence = if sentence.is_empty() {
            marks
        } else {
            format!("{sentence}; {}", uncapitalize(&marks))
        };
    }
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, FixedOffset};

    use super::*;
    use crate::model::{EntryId, FeedId, View};

    #[test]
    fn import_is_described_by_its_parts() {
        let zone = FixedOffset::east_opt(0).unwrap();
        let now = LocalNow { at: DateTime::UNIX_EPOCH, zone: zone.into() };
        let describe = |change: &Change| describe_import(change, 0, now);
        let view = || Change::add_view(View::new("Rust", "rust", &[]));
        let parts = vec![
            Change::set_unsubscribed(FeedId(1), true),
            Change::set_unsubscribed(FeedId(2), false),
            Change::set_unsubscribed(FeedId(3), false),
            view(),
        ];
        let change = Change::Many(parts.clone());
        assert_eq!(describe(&change).as_deref(), Some("Imported 2 feeds and 1 view"));
        let read = Change::set_read(&[EntryId(1), EntryId(2)], true);
        let marked = Change::Many([parts, vec![read.clone()]].concat());
        assert_eq!(
            describe(&marked).as_deref(),
            Some("Imported 2 feeds and 1 view; marked 2 articles read")
        );
        let arrived = [EntryId(7), EntryId(8)];
        let pages =
            vec![Change::Imported { count: 2 }, Change::restore_entries(&arrived), read.clone()];
        assert_eq!(
            describe(&Change::Many(pages)).as_deref(),
            Some("Imported 2 articles; marked 2 articles read")
        );
        let hidden = Change::set_unsubscribed(FeedId(1), true);
        let first_pages =
            vec![Change::Imported { count: 2 }, hidden, Change::restore_entries(&arrived)];
        assert_eq!(describe(&Change::Many(first_pages)).as_deref(), Some("Imported 2 articles"));
        let views = Change::Many(vec![view(), view()]);
        assert_eq!(describe(&views).as_deref(), Some("Imported 2 views"));
        for other in [read, view(), Change::set_unsubscribed(FeedId(2), false)] {
            assert_eq!(describe(&Change::Many(vec![other])), None);
        }
    }
}
