//! Neighbours: two words side by side that are both common in the segment, and the articles that have them. A phrase of
//! such words is in no need of being looked for in texts, of which there would be many.
//!
//! ```text
//! lists │ for each first word where its lists begin (u64) and its pairs: a varint each for the second word, counted
//! from the one before, the number of articles, the bytes of the list │ where each first word's part begins, and where
//! the last one ends (u64) │ how many words are common (u32)
//! ```
//!
//! Words go by their ranks: the common ones have the first. Pairs of words that are [kept](Pairing) elsewhere are not
//! here.

use std::{io::Write, ops::Range, path::Path};

use super::{
    key::Pairing,
    read::Stream,
    write::{FIRST, unwritable},
};
use crate::index::{
    Bits, IndexError,
    lists::{Sorted, Thing},
    paged::{Paged, PagedWriter},
    postings::{encode, or_into},
    varint,
};

/// Words that are common at the most: what is counted of their pairs has to be in memory.
pub(super) const MOST: usize = 1024;

/// Numbers of articles that are in memory at a time.
const AT_A_TIME: u32 = 3 << 20;

/// Writes the neighbours in the texts of the segment in `folder`, of which `tokens` and `starts` are written. `common`
/// tells of each common word, by its rank, which pairs of it are kept elsewhere.
///
/// `go_on` is asked now and then; if it says no, the answer is `false`, and the file is not whole.
pub(super) fn write(
    folder: &Path,
    common: &[Pairing],
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, IndexError> {
    let texts = Texts::open(folder, common)?;
    let mut counts = vec![Thing::default(); common.len() * common.len()];
    let count = |article, first: usize, second: usize| {
        counts[first * common.len() + second].is_new(article);
    };
    if !common.is_empty() && !texts.each(count, go_on)? {
        return Ok(false);
    }
    let mut out = Out::create(&folder.join("pairs")).map_err(|error| unwritable(folder, &error.into()))?;
    let mut from = 0;
    while from < common.len() {
        let row = |first: usize| &counts[first * common.len()..(first + 1) * common.len()];
        let size = |first: usize| row(first).iter().map(|pair| pair.articles).sum::<u32>();
        let mut all = size(from);
        let more = (from + 1..common.len()).take_while(|first| {
            all = all.saturating_add(size(*first));
            all <= AT_A_TIME
        });
        let to = from + 1 + more.count();
        let Some(lists) = texts.lists(from..to, &counts, go_on)? else { return Ok(false) };
        for first in from..to {
            let lists =
                (0..common.len()).map(|second| lists.of_index((first - from) * common.len() + second));
            out.row(lists, texts.articles()).map_err(|error| unwritable(folder, &error.into()))?;
        }
        from = to;
    }
    out.finish().map(|()| true).map_err(|error| unwritable(folder, &error.into()))
}

/// The texts of a segment that is being written.
struct Texts<'c> {
    tokens: Paged,
    starts: Vec<u64>,
    common: &'c [Pairing],
}

impl Texts<'_> {
    fn open<'c>(folder: &Path, common: &'c [Pairing]) -> Result<Texts<'c>, IndexError> {
        let starts = Paged::open(&folder.join("starts"))?.read_all()?;
        let starts = starts.as_chunks().0.iter().map(|start| u64::from_le_bytes(*start)).collect();
        Ok(Texts { tokens: Paged::open(&folder.join("tokens"))?, starts, common })
    }

    fn articles(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Calls `take` with the article and the ranks of all pairs that are kept here; `false` if `go_on` said no.
    fn each(
        &self,
        mut take: impl FnMut(u32, usize, usize),
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let mut stream = Stream::new(&self.tokens);
        for (range, article) in self.starts.windows(2).zip(0_u32..) {
            if article.is_multiple_of(4096) && !go_on() {
                return Ok(false);
            }
            let len = usize::try_from(range[1].saturating_sub(range[0])).unwrap_or(0);
            let mut text = stream.read(range[0], len, u64::MAX)?;
            let mut before = None;
            while let Some(token) = varint::take(&mut text) {
                let rank = token.checked_sub(FIRST).map_or(usize::MAX, |rank| rank as usize);
                let word = self.common.get(rank).map(|pairing| (rank, *pairing));
                if let (Some((first, one)), Some((second, other))) = (before, word)
                    && is_kept(one, other)
                {
                    take(article, first, second);
                }
                before = word;
            }
        }
        Ok(true)
    }

    /// The articles of each pair that begins with one of the words `firsts`.
    fn lists(
        &self,
        firsts: Range<usize>,
        counts: &[Thing],
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Sorted>, IndexError> {
        let width = self.common.len();
        let counts = &counts[firsts.start * width..firsts.end * width];
        let mut lists = Sorted::new(counts.iter().map(|pair| pair.articles));
        let mut known = vec![Thing::default(); counts.len()];
        let put = |article, first: usize, second: usize| {
            if firsts.contains(&first) {
                let pair = (first - firsts.start) * width + second;
                if known[pair].is_new(article) {
                    lists.put(pair, article);
                }
            }
        };
        Ok(self.each(put, go_on)?.then_some(lists))
    }
}

/// Whether pairs of such words are kept here.
fn is_kept(first: Pairing, second: Pairing) -> bool {
    first != second || first == Pairing::Never
}

/// The file being written.
struct Out {
    file: PagedWriter,
    /// What is behind the lists: the pairs of each first word.
    rows: Vec<u8>,
    /// Where those of each begin there.
    starts: Vec<u64>,
}

impl Out {
    fn create(path: &Path) -> std::io::Result<Out> {
        Ok(Out { file: PagedWriter::create(path)?, rows: Vec::new(), starts: Vec::new() })
    }

    /// Adds the lists of a first word, one for each second.
    fn row<'l>(&mut self, lists: impl Iterator<Item = &'l [u32]>, articles: u32) -> std::io::Result<()> {
        self.starts.push(self.rows.len() as u64);
        self.rows.extend(self.file.position().to_le_bytes());
        let (mut behind, mut bytes) = (0, Vec::new());
        for (list, second) in lists.zip(0_u32..).filter(|(list, _)| !list.is_empty()) {
            bytes.clear();
            encode(list, articles, &mut bytes);
            self.file.write_all(&bytes)?;
            for number in [(second - behind) as usize, list.len(), bytes.len()] {
                varint::put(u32::try_from(number).unwrap_or(u32::MAX), &mut self.rows);
            }
            behind = second;
        }
        Ok(())
    }

    fn finish(mut self) -> std::io::Result<()> {
        let (lists, words) = (self.file.position(), self.starts.len());
        self.starts.push(self.rows.len() as u64);
        self.file.write_all(&self.rows)?;
        for start in &self.starts {
            self.file.write_all(&(lists + start).to_le_bytes())?;
        }
        self.file.write_all(&u32::try_from(words).unwrap_or(u32::MAX).to_le_bytes())?;
        self.file.finish()
    }
}

/// The neighbours of a segment, being read.
#[derive(Debug)]
pub(super) struct Pairs {
    file: Paged,
    /// Where the part of each first word begins, and where the last one ends.
    starts: Vec<u64>,
}

impl Pairs {
    pub(super) fn open(file: Paged) -> Result<Pairs, IndexError> {
        let mut bytes = Vec::new();
        let end = file.len().checked_sub(4).ok_or_else(|| file.broken())?;
        file.read(end, 4, &mut bytes)?;
        let words = u32::from_le_bytes(bytes.as_slice().try_into().expect("four bytes were read")) as usize;
        let len = Some(words).filter(|words| *words <= MOST).map(|words| (words + 1) * 8);
        let start = len.and_then(|len| Some((end.checked_sub(len as u64)?, len)));
        let (start, len) = start.ok_or_else(|| file.broken())?;
        file.read(start, len, &mut bytes)?;
        let starts = bytes.as_chunks().0.iter().map(|start| u64::from_le_bytes(*start)).collect();
        Ok(Pairs { file, starts })
    }

    /// Bytes on the disk.
    pub(super) fn size(&self) -> u64 {
        self.file.len()
    }

    /// Whether the word of a rank is common.
    pub(super) fn is_common(&self, rank: u32) -> bool {
        rank as usize + 1 < self.starts.len()
    }

    /// Adds the articles in which two common words stand side by side, by their ranks.
    pub(super) fn add(&self, first: u32, second: u32, bits: &mut Bits) -> Result<(), IndexError> {
        let first = first as usize;
        let (Some(start), Some(end)) = (self.starts.get(first), self.starts.get(first + 1)) else {
            return Ok(());
        };
        let len = end.checked_sub(*start).and_then(|len| usize::try_from(len).ok());
        let mut row = Vec::new();
        self.file.read(*start, len.ok_or_else(|| self.file.broken())?, &mut row)?;
        let (list, count, len) = found(&row, second).ok_or_else(|| self.file.broken())?;
        let mut bytes = Vec::new();
        self.file.read(list, len, &mut bytes)?;
        or_into(&mut bytes.as_slice(), count, bits).ok_or_else(|| self.file.broken())
    }
}

/// Where the list of a second word is in a first word's part, how many articles are in it and how many bytes it has,
/// none if it is not there; `None` if the part is broken.
fn found(row: &[u8], second: u32) -> Option<(u64, u32, usize)> {
    let (at, mut row) = row.split_first_chunk()?;
    let (mut at, mut word) = (u64::from_le_bytes(*at), 0_u32);
    while !row.is_empty() {
        word = word.checked_add(varint::take(&mut row)?)?;
        let (count, len) = (varint::take(&mut row)?, varint::take(&mut row)?);
        if word >= second {
            return Some(if word == second { (at, count, len as usize) } else { (at, 0, 0) });
        }
        at = at.checked_add(u64::from(len))?;
    }
    Some((at, 0, 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes texts, and what is beside them in them; `None` stands where no pair crosses.
    fn written(texts: &[Vec<Option<u32>>], common: &[Pairing]) -> (tempfile::TempDir, Pairs) {
        let folder = tempfile::tempdir().unwrap();
        let mut tokens = PagedWriter::create(&folder.path().join("tokens")).unwrap();
        let mut starts = PagedWriter::create(&folder.path().join("starts")).unwrap();
        for text in texts {
            starts.write_all(&tokens.position().to_le_bytes()).unwrap();
            let mut bytes = Vec::new();
            for rank in text {
                varint::put(rank.map_or(0, |rank| rank + FIRST), &mut bytes);
            }
            tokens.write_all(&bytes).unwrap();
        }
        starts.write_all(&tokens.position().to_le_bytes()).unwrap();
        tokens.finish().unwrap();
        starts.finish().unwrap();
        assert!(write(folder.path(), common, &mut || true).unwrap());
        let pairs = Pairs::open(Paged::open(&folder.path().join("pairs")).unwrap()).unwrap();
        (folder, pairs)
    }

    proptest! {
        #[test]
        fn neighbours_are_where_they_stand_side_by_side(
            texts in prop::collection::vec(prop::collection::vec(prop::option::of(0_u32..9), 0..30), 1..70),
        ) {
            let common = [Pairing::Never, Pairing::Frequent, Pairing::Frequent, Pairing::Alone, Pairing::Never];
            let (_folder, pairs) = written(&texts, &common);
            let articles = u32::try_from(texts.len()).unwrap();
            for first in 0..6 {
                prop_assert_eq!(pairs.is_common(first), first < 5);
                for second in 0..6 {
                    let mut bits = Bits::none(articles);
                    pairs.add(first, second, &mut bits).unwrap();
                    let both = common.get(first as usize).zip(common.get(second as usize));
                    let kept = both.is_some_and(|(one, other)| is_kept(*one, *other));
                    let stand = |text: &Vec<Option<u32>>| text.windows(2).any(|pair| pair == [Some(first), Some(second)]);
                    let expected: Vec<bool> = texts.iter().map(|text| kept && stand(text)).collect();
                    prop_assert_eq!((0..articles).map(|article| bits.get(article)).collect::<Vec<_>>(), expected);
                }
            }
        }

        #[test]
        fn any_bytes_are_a_row_or_not(row in prop::collection::vec(any::<u8>(), 0..60), second in 0_u32..9) {
            let _ = found(&row, second);
        }
    }

    #[test]
    fn who_is_told_to_stop_stops() {
        let (folder, _) = written(&[vec![Some(0), Some(0)]], &[Pairing::Never]);
        assert!(!write(folder.path(), &[Pairing::Never], &mut || false).unwrap());
    }

    #[test]
    fn what_is_common_nowhere_has_no_neighbours() {
        let (_folder, pairs) = written(&[vec![Some(0), Some(1)]], &[]);
        assert!(!pairs.is_common(0));
        pairs.add(0, 1, &mut Bits::none(1)).unwrap();
    }
}
