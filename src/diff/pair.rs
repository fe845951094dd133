//! The blocks of the older version that became blocks of the newer one: edited, or moved.

use std::collections::{HashMap, HashSet};

use super::overlap::shared_of_shorter;
use crate::text::split_word_units;

/// Minimum share of the words of the shorter block that both versions of a block have. Measured for
/// stories: pairs below 0.4 have nothing to do with each other. With a stricter one, edited paragraphs
/// are shown as deleted and inserted.
const MIN_EDITED_SHARE: f32 = 0.4;

/// Minimum share of common words of a block that was moved and edited.
const MIN_MOVED_SHARE: f32 = 0.8;

/// Minimum number of words of a block that is recognised at another place.
const MIN_MOVED_WORDS: usize = 3;

/// Minimum number of words of a block that is recognised at another place in another wording.
const MIN_MOVED_EDITED_WORDS: usize = 8;

/// Maximum number of blocks that are compared each with each: between two that are the same, and of
/// all that may have moved. Of more, each is compared with its next [`LOOKAHEAD`].
const MAX_COMPARED_BLOCKS: usize = 32;

/// Number of blocks with which one of a long list is compared.
const LOOKAHEAD: usize = 8;

/// Maximum number of words of a block that are compared.
const MAX_COMPARED_WORDS: usize = 400;

/// The relation of a block to one of the other version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockMatch {
    /// The same text at the same place.
    Same(usize),
    /// An edited text at the same place.
    Edited(usize),
    /// A text that is at another place.
    Moved(usize),
}

/// The blocks of both versions with what they are in the other one; `None` for deleted and inserted
/// ones.
pub(super) struct BlockMatches {
    pub(super) old: Vec<Option<BlockMatch>>,
    pub(super) new: Vec<Option<BlockMatch>>,
}

impl BlockMatches {
    /// Matches blocks, of which `same` are the same in both versions, in order.
    pub(super) fn find(old: &[String], new: &[String], same: &[(usize, usize)]) -> BlockMatches {
        let mut matches = BlockMatches { old: vec![None; old.len()], new: vec![None; new.len()] };
        for pair in same {
            matches.join(*pair, BlockMatch::Same);
        }
        matches.find_moved(old, new);
        let mut words =
            WordSets { old: word_sets(old, &matches.old), new: word_sets(new, &matches.new) };
        let (mut old_at, mut new_at) = (0, 0);
        for (old_end, new_end) in same.iter().copied().chain([(old.len(), new.len())]) {
            let olds = unmatched(&matches.old, old_at..old_end);
            let news = unmatched(&matches.new, new_at..new_end);
            for pair in pair_in_order(&olds, &news, &words) {
                matches.join(pair, BlockMatch::Edited);
            }
            (old_at, new_at) = (old_end + 1, new_end + 1);
        }
        matches.find_moved_and_edited(&mut words);
        matches
    }

    fn join(&mut self, (old, new): (usize, usize), relation: fn(usize) -> BlockMatch) {
        self.old[old] = Some(relation(new));
        self.new[new] = Some(relation(old));
    }

    /// Matches blocks with the same text at different places.
    fn find_moved(&mut self, old: &[String], new: &[String]) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in unmatched(&self.old, 0..old.len()).into_iter().rev() {
            places.entry(&old[at]).or_default().push(at);
        }
        for at in unmatched(&self.new, 0..new.len()) {
            let is_told_apart = || split_word_units(&new[at]).len() >= MIN_MOVED_WORDS;
            let Some(from) = places.get_mut(new[at].as_str()) else { continue };
            if is_told_apart()
                && let Some(from) = from.pop()
            {
                self.join((from, at), BlockMatch::Moved);
            }
        }
    }

    fn find_moved_and_edited(&mut self, words: &mut WordSets) {
        let is_long = |set: &HashSet<String>| set.len() >= MIN_MOVED_EDITED_WORDS;
        let mut olds = unmatched(&self.old, 0..self.old.len());
        let mut news = unmatched(&self.new, 0..self.new.len());
        olds.retain(|at| is_long(&words.old[*at]));
        news.retain(|at| is_long(&words.new[*at]));
        olds.truncate(MAX_COMPARED_BLOCKS);
        news.truncate(MAX_COMPARED_BLOCKS);
        for old in olds {
            let best = news
                .iter()
                .map(|new| (words.share(old, *new), *new))
                .max_by(|one, other| one.0.total_cmp(&other.0));
            if let Some((share, new)) = best
                && share >= MIN_MOVED_SHARE
            {
                self.join((old, new), BlockMatch::Moved);
                news.retain(|at| *at != new);
            }
        }
    }
}

/// The words of the blocks that have no match by their text.
struct WordSets {
    old: Vec<HashSet<String>>,
    new: Vec<HashSet<String>>,
}

impl WordSets {
    fn share(&self, old: usize, new: usize) -> f32 {
        shared_of_shorter(&self.old[old], &self.new[new])
    }
}

fn word_sets(blocks: &[String], matches: &[Option<BlockMatch>]) -> Vec<HashSet<String>> {
    let words = |block: &String| {
        let units = split_word_units(block).into_iter();
        let words = units.filter(|unit| unit.contains(char::is_alphanumeric));
        words.take(MAX_COMPARED_WORDS).map(str::to_lowercase).collect()
    };
    let blocks = blocks.iter().zip(matches);
    blocks
        .map(|(block, known)| if known.is_none() { words(block) } else { HashSet::new() })
        .collect()
}

fn unmatched(matches: &[Option<BlockMatch>], range: std::ops::Range<usize>) -> Vec<usize> {
    range.filter(|at| matches[*at].is_none()).collect()
}

/// Pairs blocks that are edited versions of each other, in order.
fn pair_in_order(olds: &[usize], news: &[usize], words: &WordSets) -> Vec<(usize, usize)> {
    if olds.len() <= MAX_COMPARED_BLOCKS && news.len() <= MAX_COMPARED_BLOCKS {
        return pair_best(olds, news, words);
    }
    let (mut pairs, mut next) = (Vec::new(), 0);
    for old in olds {
        let window = news.iter().enumerate().skip(next).take(LOOKAHEAD);
        let found = window
            .map(|(at, new)| (at, *new))
            .find(|(_, new)| words.share(*old, *new) >= MIN_EDITED_SHARE);
        if let Some((at, new)) = found {
            pairs.push((*old, new));
            next = at + 1;
        }
    }
    pairs
}

/// Pairs blocks so that the sum of their likenesses is the highest possible.
fn pair_best(olds: &[usize], news: &[usize], words: &WordSets) -> Vec<(usize, usize)> {
    // `best[i][j]`: the highest sum of `olds[i..]` and `news[j..]`.
    let mut best = vec![vec![0.0_f32; news.len() + 1]; olds.len() + 1];
    let mut shares = vec![vec![0.0_f32; news.len()]; olds.len()];
    for (i, old) in olds.iter().enumerate().rev() {
        for (j, new) in news.iter().enumerate().rev() {
            let share = words.share(*old, *new);
            shares[i][j] = if share >= MIN_EDITED_SHARE { share } else { 0.0 };
            let paired = if shares[i][j] > 0.0 { shares[i][j] + best[i + 1][j + 1] } else { 0.0 };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < olds.len() && j < news.len() {
        let paired = shares[i][j] + best[i + 1][j + 1];
        if shares[i][j] > 0.0 && paired >= best[i + 1][j].max(best[i][j + 1]) {
            pairs.push((olds[i], news[j]));
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
