//! Comparing two versions of an article.

use super::{
    align::{WorkBudget, align_equal},
    counter::{is_counter_change, without_title_counter},
    pair::{BlockMatch, BlockMatches},
    text_diff::{DiffBlock, DiffBlockKind, DiffSpan, DiffSpanKind, TextDiff, VersionText},
    words::diff_words,
};

/// Compares two versions of an article.
///
/// Paragraphs are the same, edited, inserted, deleted or moved. Those that differ only in a counter,
/// such as `12 comments`, are no change.
pub fn diff_texts(old: &VersionText, new: &VersionText) -> TextDiff {
    let mut budget = WorkBudget::default();
    let same = align_equal(&old.blocks, &new.blocks, &mut budget);
    let matches = BlockMatches::find(&old.blocks, &new.blocks, &same);
    TextDiff {
        title: diff_titles(&old.title, &new.title, &mut budget),
        blocks: list_blocks(&old.blocks, &new.blocks, &matches, &mut budget),
    }
}

fn diff_titles(old: &str, new: &str, budget: &mut WorkBudget) -> DiffBlock {
    let kind = if old == new {
        DiffBlockKind::Unchanged
    } else if without_title_counter(old) == without_title_counter(new) {
        DiffBlockKind::Counter
    } else {
        DiffBlockKind::Changed
    };
    if kind == DiffBlockKind::Unchanged {
        return DiffBlock::whole(kind, new);
    }
    DiffBlock { kind, spans: diff_words(old, new, budget) }
}

/// Lists the blocks of both versions: those of the older one stand before what is in their place.
fn list_blocks(
    old: &[String],
    new: &[String],
    matches: &BlockMatches,
    budget: &mut WorkBudget,
) -> Vec<DiffBlock> {
    let mut blocks = Vec::with_capacity(old.len().max(new.len()));
    let anchors = next_anchors(&matches.new, old.len());
    let mut old_at = 0;
    for (new_at, known) in matches.new.iter().enumerate() {
        push_old_blocks(&mut blocks, old, old_at..anchors[new_at], matches);
        let is_anchor = matches!(known, Some(BlockMatch::Same(_) | BlockMatch::Edited(_)));
        old_at = anchors[new_at] + usize::from(is_anchor);
        let text = &new[new_at];
        match known {
            None => blocks.push(DiffBlock::whole(DiffBlockKind::Inserted, text)),
            Some(BlockMatch::Same(_)) => {
                blocks.push(DiffBlock::whole(DiffBlockKind::Unchanged, text));
            }
            Some(BlockMatch::Edited(from)) => push_edited(&mut blocks, &old[*from], text, budget),
            Some(BlockMatch::Moved(from)) => blocks.push(DiffBlock {
                kind: DiffBlockKind::MovedHere,
                spans: diff_words(&old[*from], text, budget),
            }),
        }
    }
    push_old_blocks(&mut blocks, old, old_at..old.len(), matches);
    blocks
}

/// Returns, for each block of the newer version, the next block of the older one that is in the same
/// place in both: that of the block itself, or of the first one after it.
fn next_anchors(matches: &[Option<BlockMatch>], old_len: usize) -> Vec<usize> {
    let mut next = old_len;
    let mut anchors: Vec<usize> = matches
        .iter()
        .rev()
        .map(|known| {
            if let Some(BlockMatch::Same(at) | BlockMatch::Edited(at)) = known {
                next = *at;
            }
            next
        })
        .collect();
    anchors.reverse();
    anchors
}

/// Adds the blocks of the older version that the newer one does not have there.
fn push_old_blocks(
    blocks: &mut Vec<DiffBlock>,
    old: &[String],
    range: std::ops::Range<usize>,
    matches: &BlockMatches,
) {
    for at in range {
        let kind = match matches.old[at] {
            Some(BlockMatch::Moved(_)) => DiffBlockKind::MovedAway,
            _ => DiffBlockKind::Deleted,
        };
        blocks.push(DiffBlock::whole(kind, &old[at]));
    }
}

fn push_edited(blocks: &mut Vec<DiffBlock>, old: &str, new: &str, budget: &mut WorkBudget) {
    let spans = diff_words(old, new, budget);
    let keeps_word = |span: &DiffSpan| {
        span.kind == DiffSpanKind::Kept && span.text.contains(char::is_alphanumeric)
    };
    if !spans.iter().any(keeps_word) {
        blocks.push(DiffBlock::whole(DiffBlockKind::Deleted, old));
        blocks.push(DiffBlock::whole(DiffBlockKind::Inserted, new));
        return;
    }
    let kind =
        if is_counter_change(old, new) { DiffBlockKind::Counter } else { DiffBlockKind::Changed };
    blocks.push(DiffBlock { kind, spans });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diff::DiffWordCounts;

    fn text(blocks: &[&str]) -> VersionText {
        let blocks = blocks.iter().map(|block| (*block).to_owned()).collect();
        VersionText { title: "Ferry".to_owned(), blocks }
    }

    fn kinds(old: &[&str], new: &[&str]) -> Vec<DiffBlockKind> {
        diff_texts(&text(old), &text(new)).blocks.iter().map(|block| block.kind).collect()
    }

    #[test]
    fn diff_of_moved_block_shows_both_places() {
        use DiffBlockKind::{MovedAway, MovedHere, Unchanged};
        let (one, two, three) =
            ("The ferry ran aground.", "Nobody was hurt at all.", "The harbour master spoke.");
        assert_eq!(
            kinds(&[one, two, three], &[two, three, one]),
            [MovedAway, Unchanged, Unchanged, MovedHere]
        );
    }

    #[test]
    fn diff_counts_words_of_blocks_and_spans() {
        let old = text(&["The ferry left at nine.", "It rained."]);
        let new = text(&["The old ferry left at ten.", "Nobody came aboard."]);
        let counts = diff_texts(&old, &new).count_words();
        assert_eq!((counts.added, counts.removed), (2 + 3, 1 + 2));
    }

    #[test]
    fn diff_of_counters_is_empty() {
        let (old, new) =
            (text(&["A quiet day.", "12 comments"]), text(&["A quiet day.", "15 comments"]));
        let diff = diff_texts(&old, &new);
        assert!(diff.is_empty());
        assert_eq!((diff.old_text(), diff.new_text()), (old, new));
    }

    #[test]
    fn diff_of_hostile_texts_takes_bounded_time() {
        let numbered = |from: usize, count: usize| -> Vec<String> {
            (from..from + count).map(|number| format!("word {number} of the {number}")).collect()
        };
        let mut reversed = numbered(0, 2_000);
        reversed.reverse();
        let versions = [
            numbered(0, 2_000),
            numbered(7, 2_000),
            reversed.clone(),
            vec![numbered(0, 2_000).join(" ")],
            vec![reversed.join(" ")],
            vec!["a ".repeat(10_000)],
            vec!["a b ".repeat(5_000)],
        ];
        for old in &versions {
            for new in &versions {
                let of = |blocks: &Vec<String>| VersionText {
                    title: "t".to_owned(),
                    blocks: blocks.clone(),
                };
                let diff = diff_texts(&of(old), &of(new));
                assert_eq!(diff.is_empty(), old == new);
            }
        }
    }

    fn version() -> impl Strategy<Value = VersionText> {
        let word = prop::sample::select(vec![
            "the",
            "ferry",
            "harbour",
            "12",
            "storm,",
            "“No”",
            "東京の",
            "ประเทศไทย",
            "—",
            "a",
            "comments",
        ]);
        let blanks = prop::sample::select(vec![" ", "  ", "\n", ""]);
        let block = prop::collection::vec((word, blanks), 1..12).prop_map(|words| {
            words.into_iter().flat_map(|(word, blank)| [word, blank]).collect::<String>()
        });
        ("[A-Za-z0-9 ]{0,12}", prop::collection::vec(block, 0..8))
            .prop_map(|(title, blocks)| VersionText { title, blocks })
    }

    proptest! {
        #[test]
        fn diff_has_both_versions(old in version(), new in version()) {
            let diff = diff_texts(&old, &new);
            prop_assert_eq!(diff.old_text(), old);
            prop_assert_eq!(diff.new_text(), new);
        }

        #[test]
        fn diff_of_equal_versions_is_empty(version in version()) {
            let diff = diff_texts(&version, &version);
            prop_assert!(diff.is_empty());
            prop_assert_eq!(diff.count_words(), DiffWordCounts::default());
        }
    }
}
