//! The few beginnings of words that so many words have that adding their lists up would be felt: `t`, `co`. Their sums
//! are made ahead.

use super::key::Space;
use crate::index::Bits;

/// Characters of the longest beginning that is looked at.
const LONGEST: usize = 4;

/// A sum costs as much as reading so many numbers, whatever it is of.
const BASE: u32 = 30;

/// Sums below this cost are made when they are asked for.
const LEAST: u32 = 2_000;

/// A sum that was made ahead: where its list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heavy {
    pub(super) prefix: Vec<u8>,
    pub(super) at: u64,
    pub(super) len: u32,
    pub(super) count: u32,
}

/// Adds up, as keys come in order.
pub(super) struct Prefixes {
    articles: u32,
    open: Vec<Open>,
    written: Vec<Heavy>,
}

/// A beginning that the last key had.
struct Open {
    prefix: Vec<u8>,
    sum: Sum,
    cost: u32,
    keys: u32,
}

/// The articles of a beginning, some of them more than once while they are few: most never get a bit per article.
enum Sum {
    Few(Vec<u32>),
    Many(Bits),
}

impl Sum {
    fn add(&mut self, list: &[u32], articles: u32) {
        match self {
            Sum::Many(bits) => list.iter().for_each(|article| bits.set(*article)),
            Sum::Few(few) if few.len() + list.len() <= articles as usize / 64 => few.extend_from_slice(list),
            Sum::Few(few) => {
                let mut bits = Bits::none(articles);
                few.iter().chain(list).for_each(|article| bits.set(*article));
                *self = Sum::Many(bits);
            }
        }
    }

    fn into_bits(self, articles: u32) -> Bits {
        match self {
            Sum::Many(bits) => bits,
            Sum::Few(few) => {
                let mut bits = Bits::none(articles);
                for article in few {
                    bits.set(article);
                }
                bits
            }
        }
    }
}

impl Prefixes {
    pub(super) fn new(articles: u32) -> Prefixes {
        Prefixes { articles, open: Vec::new(), written: Vec::new() }
    }

    /// Takes the next key; gives the sums that are ready and worth keeping.
    pub(super) fn term(&mut self, key: &[u8], list: &[u32]) -> Vec<(Vec<u8>, Bits)> {
        let kept = self.open.iter().take_while(|open| key.starts_with(&open.prefix)).count();
        let ready = self.close(kept);
        if !matches!(key.first(), Some(space) if *space == Space::Word as u8 || *space == Space::Title as u8)
        {
            return ready;
        }
        let word = std::str::from_utf8(&key[1..]).unwrap_or_default();
        let ends = word.char_indices().map(|(at, c)| 1 + at + c.len_utf8()).take(LONGEST);
        for end in ends.skip(self.open.len()) {
            self.open.push(Open { prefix: key[..end].to_vec(), sum: Sum::Few(Vec::new()), cost: 0, keys: 0 });
        }
        let dense = self.articles / 256 + BASE;
        let cost =
            u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_add(BASE).min(dense.max(BASE * 2));
        for open in &mut self.open {
            open.sum.add(list, self.articles);
            open.cost = open.cost.saturating_add(cost);
            open.keys += 1;
        }
        ready
    }

    /// There are no more keys.
    pub(super) fn end(&mut self) -> Vec<(Vec<u8>, Bits)> {
        self.close(0)
    }

    /// Notes where a sum is kept.
    pub(super) fn note(&mut self, heavy: Heavy) {
        self.written.push(heavy);
    }

    /// What was noted, as bytes: for each the length of the beginning (u8) and it, offset, length, count.
    pub(super) fn written(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for heavy in &self.written {
            bytes.push(u8::try_from(heavy.prefix.len()).unwrap_or(0));
            bytes.extend_from_slice(&heavy.prefix);
            bytes.extend(heavy.at.to_le_bytes());
            bytes.extend(heavy.len.to_le_bytes());
            bytes.extend(heavy.count.to_le_bytes());
        }
        bytes
    }

    fn close(&mut self, kept: usize) -> Vec<(Vec<u8>, Bits)> {
        let worth = (self.articles / 2).max(LEAST);
        let closed = self.open.drain(kept..).rev();
        let worthy = closed.filter(|open| open.keys > 1 && open.cost > worth);
        worthy.map(|open| (open.prefix, open.sum.into_bits(self.articles))).collect()
    }
}

/// The sums that `bytes` note; `None` if they are no such notes.
pub(super) fn noted(mut bytes: &[u8]) -> Option<Vec<Heavy>> {
    let mut all = Vec::new();
    while let Some((len, rest)) = bytes.split_first() {
        let (prefix, rest) = rest.split_at_checked(usize::from(*len))?;
        let (at, rest) = rest.split_first_chunk()?;
        let (len, rest) = rest.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (at, len, count) =
            (u64::from_le_bytes(*at), u32::from_le_bytes(*len), u32::from_le_bytes(*count));
        all.push(Heavy { prefix: prefix.to_vec(), at, len, count });
        bytes = rest;
    }
    Some(all)
}
