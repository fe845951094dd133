//! A question to all segments, being answered: what is found at once, and what texts have yet to tell.

use super::{
    Bits, IndexError, Segment, Weighed,
    condition::{Part, Phrase},
    evaluate::Known,
    phrase::{Matcher, title},
    segment::key::{DAY_ONLY, Space},
};
use crate::{model::EntryId, query::Test};

/// When an entry was published, and its number: what lists are sorted by.
pub type Rank = (i64, EntryId);

/// The ends of neighbouring stretches of time, rising, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    /// For articles of which the instant is known.
    pub instants: Vec<i64>,
    /// For those of which only the day is.
    pub days: Vec<i64>,
}

/// Bytes between two texts that are read with them: one more call would cost as much.
const APART: u64 = 2 * 1024;

/// Texts that are read together at the most.
const TOGETHER: usize = 64;

/// An article that may be a hit: its segment among those that are searched, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    segment: usize,
    article: u32,
}

/// A question being answered.
#[derive(Debug)]
pub struct Search<'i> {
    found: Vec<Found<'i>>,
}

/// What is found in one segment.
#[derive(Debug)]
pub(super) struct Found<'i> {
    segment: &'i Segment,
    known: Known,
    hits: Bits,
    /// Articles that may be hits; their texts tell.
    open: Bits,
}

impl<'i> Found<'i> {
    pub(super) fn new(segment: &'i Segment, known: Known, dead: &Bits) -> Found<'i> {
        let articles = segment.articles();
        let mut hits = known.sure(articles);
        hits.and_not(dead);
        let mut open = match &known {
            Known::Exact(_) => Bits::none(articles),
            known => known.possible(articles),
        };
        open.and_not(&hits);
        open.and_not(dead);
        Found { segment, known, hits, open }
    }

    /// Whether each of `articles`, the newest first, is a hit.
    fn look(
        &self,
        articles: &[Open],
        outside: &mut dyn FnMut(EntryId, &Test) -> bool,
        hits: &mut Vec<bool>,
    ) -> Result<(), IndexError> {
        let starts = self.segment.all_starts()?;
        let place = |open: &Open| starts[open.article as usize]..starts[open.article as usize + 1];
        let is_near =
            |newer: &Open, older: &Open| place(newer).start.saturating_sub(place(older).end) <= APART;
        let mut texts = Vec::new();
        // What lies close together is read at once, but not without end.
        for span in articles.chunks(TOGETHER).flat_map(|articles| articles.chunk_by(is_near)) {
            let base = place(&span[span.len() - 1]).start;
            self.segment.texts(base, place(&span[0]).end, &mut texts)?;
            for open in span {
                let at = |start: u64| usize::try_from(start.saturating_sub(base)).unwrap_or(usize::MAX);
                let place = place(open);
                let text = texts.get(at(place.start)..at(place.end)).unwrap_or_default();
                let id = self.segment.id(open.article);
                hits.push(self.known.holds(open.article, text, &mut |test| outside(id, test)));
            }
        }
        Ok(())
    }

    fn rank(&self, article: u32) -> Rank {
        (self.segment.published(article), self.segment.id(article))
    }
}

impl<'i> Search<'i> {
    pub(super) fn new(found: Vec<Found<'i>>) -> Search<'i> {
        Search { found }
    }

    /// Whether texts have nothing more to tell.
    pub fn is_settled(&self) -> bool {
        self.found.iter().all(|found| found.open.is_empty())
    }

    /// Looks at so many texts, the newest of each segment first. `outside` tells whether a test holds of an entry, where
    /// the index does not.
    pub fn settle(
        &mut self,
        texts: usize,
        outside: &mut dyn FnMut(EntryId, &Test) -> bool,
    ) -> Result<(), IndexError> {
        let open = self.open(texts);
        let hits = self.look(&open, outside)?;
        self.decide(&open, &hits);
        Ok(())
    }

    /// So many articles that only their texts can decide, the newest of each segment first.
    pub fn open(&self, most: usize) -> Vec<Open> {
        let of_segment = |(found, segment): (&Found<'i>, usize)| -> Vec<Open> {
            found.open.highest_first().take(most).map(|article| Open { segment, article }).collect()
        };
        self.found.iter().zip(0..).flat_map(of_segment).take(most).collect()
    }

    /// Whether each of some articles that [`Search::open`] gave, in its order, is a hit. This changes nothing: several
    /// may look at the same time.
    pub fn look(
        &self,
        open: &[Open],
        outside: &mut dyn FnMut(EntryId, &Test) -> bool,
    ) -> Result<Vec<bool>, IndexError> {
        let mut hits = Vec::with_capacity(open.len());
        for of_segment in open.chunk_by(|one, other| one.segment == other.segment) {
            self.found[of_segment[0].segment].look(of_segment, outside, &mut hits)?;
        }
        Ok(hits)
    }

    /// Notes which of these articles are hits.
    pub fn decide(&mut self, open: &[Open], hits: &[bool]) {
        for (Open { segment, article }, hit) in open.iter().zip(hits) {
            self.found[*segment].hits.put(*article, *hit);
            self.found[*segment].open.put(*article, false);
        }
    }

    /// How many there are, of those that are known.
    pub fn count(&self) -> usize {
        self.found.iter().map(|found| found.hits.count() as usize).sum()
    }

    /// When the oldest and the newest of those that are known were published, in seconds since 1970.
    pub fn reach(&self) -> Option<(i64, i64)> {
        let reaches = self.found.iter().filter_map(|found| {
            let (oldest, newest) = (found.hits.lowest()?, found.hits.highest_below(u32::MAX)?);
            Some((found.segment.published(oldest), found.segment.published(newest)))
        });
        reaches.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// How many there are between neighbouring bounds, of those that are known.
    pub fn histogram(&self, bounds: &Bounds) -> Result<Vec<u32>, IndexError> {
        let mut counts = vec![0; bounds.instants.len().saturating_sub(1)];
        for found in &self.found {
            let mut of_days = Bits::none(found.segment.articles());
            found.segment.add_word(Space::Fact, DAY_ONLY, &mut of_days)?;
            of_days.and(&found.hits);
            let mut exact = found.hits.clone();
            exact.and_not(&of_days);
            for (hits, bounds) in [(exact, &bounds.instants), (of_days, &bounds.days)] {
                let places: Vec<u32> = bounds.iter().map(|bound| found.segment.first_since(*bound)).collect();
                for (count, range) in counts.iter_mut().zip(places.windows(2)) {
                    *count += hits.count_in(range[0]..range[1]);
                }
            }
        }
        Ok(counts)
    }

    /// What the newest hits have to do with `phrases`, `most` of them at the most.
    pub fn weigh(&self, phrases: &[Phrase], most: usize) -> Result<Vec<Weighed>, IndexError> {
        let mut newest: Vec<(Rank, usize, u32)> = Vec::new();
        for (found, index) in self.found.iter().zip(0..) {
            let hits = found.hits.highest_first().take(most);
            newest.extend(hits.map(|article| (found.rank(article), index, article)));
        }
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.truncate(most);
        let mut matchers = Vec::new();
        for found in &self.found {
            let of_segment = phrases.iter().map(|phrase| Matcher::new(found.segment, Part::Anywhere, phrase));
            matchers.push(of_segment.collect::<Result<Vec<_>, _>>()?);
        }
        let mut text = Vec::new();
        let weighed = newest.into_iter().map(|(rank, index, article)| {
            let segment = self.found[index].segment;
            let starts = segment.starts(article..article + 1)?;
            text.clear();
            segment.texts(starts[0], starts[1], &mut text)?;
            let count = |text: &[u8]| -> Vec<u32> {
                matchers[index]
                    .iter()
                    .map(|matcher| matcher.as_ref().map_or(0, |it| it.count_in(text)))
                    .collect()
            };
            let in_title = count(title(&text)).iter().filter(|count| **count > 0).count();
            let words = text.iter().filter(|byte| **byte < 0x80).count();
            Ok(Weighed {
                rank,
                in_title: u32::try_from(in_title).unwrap_or(u32::MAX),
                counts: count(&text),
                words: u32::try_from(words).unwrap_or(u32::MAX),
            })
        });
        weighed.collect()
    }

    /// The hits together with `others`, which are sorted, the newest first. While texts have yet to tell, those that are
    /// newer than the first open one: what comes later only follows them.
    pub fn ids(&self, others: &[Rank]) -> Vec<EntryId> {
        let open =
            self.found.iter().filter_map(|found| Some(found.rank(found.open.highest_below(u32::MAX)?)));
        let open = open.max();
        let mut heads: Vec<Head<'_>> =
            self.found.iter().map(Head::of).chain([Head::Others(others)]).collect();
        let mut ids = Vec::with_capacity(self.count() + others.len());
        loop {
            let ranks: Vec<Option<Rank>> = heads.iter().map(Head::newest).collect();
            let newest = (0..heads.len()).max_by_key(|head| ranks[*head]);
            let Some(newest) = newest.filter(|newest| ranks[*newest].is_some()) else { break };
            let behind = (0..heads.len()).filter(|head| *head != newest).filter_map(|head| ranks[head]).max();
            let before = ids.len();
            heads[newest].take_newer(behind.max(open), &mut ids);
            if ids.len() == before {
                break;
            }
        }
        ids
    }
}

/// A list, the newest first, from which the newest are taken.
enum Head<'a> {
    /// The hits of a segment that are before an article.
    Segment(&'a Found<'a>, u32),
    Others(&'a [Rank]),
}

impl<'a> Head<'a> {
    fn of(found: &'a Found<'a>) -> Head<'a> {
        Head::Segment(found, found.segment.articles())
    }

    fn newest(&self) -> Option<Rank> {
        match self {
            Head::Segment(found, end) => found.hits.highest_below(*end).map(|article| found.rank(article)),
            Head::Others(others) => others.first().copied(),
        }
    }

    /// Takes what is newer than `limit`.
    fn take_newer(&mut self, limit: Option<Rank>, ids: &mut Vec<EntryId>) {
        match self {
            Head::Segment(found, end) => {
                let start = found.segment.first_behind(limit);
                ids.extend(found.hits.highest_first_in(start..*end).map(|article| found.segment.id(article)));
                *end = start;
            }
            Head::Others(others) => {
                let newer = others.partition_point(|rank| Some(*rank) > limit);
                ids.extend(others[..newer].iter().map(|(_, id)| *id));
                *others = &others[newer..];
            }
        }
    }
}
