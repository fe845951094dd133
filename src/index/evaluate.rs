//! A condition over one segment: what surely holds, what may, and how to tell.

use super::{
    Bits, IndexError, Segment,
    build::kept,
    condition::{Condition, Part, Phrase},
    phrase::Matcher,
    segment::key::{self, Pairing, Space, frequent_words},
};
use crate::{model::EntryId, query::Test};

/// What the states of a segment's articles are.
#[derive(Debug, Clone, Default)]
pub(super) struct States {
    pub(super) read: Bits,
    pub(super) starred: Bits,
}

/// What is known of a condition.
#[derive(Debug)]
pub(super) enum Known {
    /// Everything.
    Exact(Bits),
    All(Vec<Known>),
    Any(Vec<Known>),
    Not(Box<Known>),
    /// It holds of the first, may hold of the second, and of no others.
    Bounds(Bits, Bits, Check),
}

/// How to tell where it is not known.
#[derive(Debug)]
pub(super) enum Check {
    /// The text tells.
    Text(Box<Matcher>),
    /// Only the article itself does.
    Outside(Box<Test>),
}

impl Known {
    /// The articles of which it surely holds.
    pub(super) fn sure(&self, articles: u32) -> Bits {
        match self {
            Known::Exact(bits) | Known::Bounds(bits, ..) => bits.clone(),
            Known::All(all) => all_of(all.iter().map(|known| known.sure(articles)), articles),
            Known::Any(any) => any_of(any.iter().map(|known| known.sure(articles)), articles),
            Known::Not(known) => inverted(known.possible(articles)),
        }
    }

    /// The articles of which it may hold.
    pub(super) fn possible(&self, articles: u32) -> Bits {
        match self {
            Known::Exact(bits) | Known::Bounds(_, bits, _) => bits.clone(),
            Known::All(all) => all_of(all.iter().map(|known| known.possible(articles)), articles),
            Known::Any(any) => any_of(any.iter().map(|known| known.possible(articles)), articles),
            Known::Not(known) => inverted(known.sure(articles)),
        }
    }

    /// Whether it holds of an article with this text; `outside` tells what only the article itself does.
    pub(super) fn holds(&self, article: u32, text: &[u8], outside: &mut dyn FnMut(&Test) -> bool) -> bool {
        match self {
            Known::Exact(bits) => bits.get(article),
            Known::All(all) => all.iter().all(|known| known.holds(article, text, outside)),
            Known::Any(any) => any.iter().any(|known| known.holds(article, text, outside)),
            Known::Not(known) => !known.holds(article, text, outside),
            Known::Bounds(sure, _, _) if sure.get(article) => true,
            Known::Bounds(_, possible, _) if !possible.get(article) => false,
            Known::Bounds(.., Check::Text(matcher)) => matcher.is_in(text),
            Known::Bounds(.., Check::Outside(asked)) => outside(asked),
        }
    }

    /// Whether it takes more than the index to tell: such are asked last.
    fn asks_outside(&self) -> bool {
        match self {
            Known::Exact(_) => false,
            Known::All(all) | Known::Any(all) => all.iter().any(Known::asks_outside),
            Known::Not(known) => known.asks_outside(),
            Known::Bounds(.., check) => matches!(check, Check::Outside(_)),
        }
    }
}

fn all_of(mut parts: impl Iterator<Item = Bits>, articles: u32) -> Bits {
    let first = parts.next().unwrap_or_else(|| Bits::all(articles));
    parts.fold(first, |mut all, part| {
        all.and(&part);
        all
    })
}

fn any_of(parts: impl Iterator<Item = Bits>, articles: u32) -> Bits {
    parts.fold(Bits::none(articles), |mut any, part| {
        any.or(&part);
        any
    })
}

fn inverted(mut bits: Bits) -> Bits {
    bits.invert();
    bits
}

/// What `segment` knows of `condition`; `place` tells which of its articles an entry is.
pub(super) fn evaluate(
    condition: &Condition,
    segment: &Segment,
    states: &States,
    place: &dyn Fn(&EntryId) -> Option<u32>,
) -> Result<Known, IndexError> {
    Evaluation { segment, states, place, articles: segment.articles() }.known(condition)
}

struct Evaluation<'a> {
    segment: &'a Segment,
    states: &'a States,
    place: &'a dyn Fn(&EntryId) -> Option<u32>,
    articles: u32,
}

impl Evaluation<'_> {
    fn known(&self, condition: &Condition) -> Result<Known, IndexError> {
        Ok(match condition {
            Condition::All(all) => self.together(all, Known::All, Bits::and, Bits::all)?,
            Condition::Any(any) => self.together(any, Known::Any, Bits::or, Bits::none)?,
            Condition::Not(condition) => match self.known(condition)? {
                Known::Exact(bits) => Known::Exact(inverted(bits)),
                known => Known::Not(Box::new(known)),
            },
            Condition::Phrase(part, phrase) => self.phrase(*part, &kept_words(phrase))?,
            Condition::Outside(test) => {
                let check = Check::Outside(Box::new(test.clone()));
                Known::Bounds(Bits::none(self.articles), Bits::all(self.articles), check)
            }
            simple => Known::Exact(self.simple(simple)?),
        })
    }

    /// Joins what is known exactly into one, and leaves the rest to be decided.
    fn together(
        &self,
        conditions: &[Condition],
        wrap: fn(Vec<Known>) -> Known,
        join: fn(&mut Bits, &Bits),
        start: fn(u32) -> Bits,
    ) -> Result<Known, IndexError> {
        let mut exact: Option<Bits> = None;
        let mut rest = Vec::new();
        for condition in conditions {
            match (self.known(condition)?, &mut exact) {
                (Known::Exact(bits), Some(exact)) => join(exact, &bits),
                (Known::Exact(bits), none) => *none = Some(bits),
                (known, _) => rest.push(known),
            }
        }
        let exact = exact.unwrap_or_else(|| start(self.articles));
        if rest.is_empty() {
            return Ok(Known::Exact(exact));
        }
        rest.insert(0, Known::Exact(exact));
        rest.sort_by_key(Known::asks_outside);
        Ok(wrap(rest))
    }

    fn simple(&self, condition: &Condition) -> Result<Bits, IndexError> {
        let mut bits = Bits::none(self.articles);
        match condition {
            Condition::Feeds(feeds) => {
                for feed in feeds {
                    self.fact(&key::of_feed(*feed), &mut bits)?;
                }
            }
            Condition::Noted(fact) => self.fact(fact, &mut bits)?,
            Condition::Arrived(since) => {
                return Ok(self.where_column(&self.segment.arrivals()?, |at| i64::from(*at) >= *since));
            }
            Condition::Entries(ids) => {
                ids.iter().filter_map(self.place).for_each(|article| bits.put(article, true));
            }
            Condition::Read => bits.or(&self.states.read),
            Condition::Starred => bits.or(&self.states.starred),
            Condition::Published(instants, days) => return self.published(instants, days),
            Condition::Words(range) => {
                return Ok(self.where_column(&self.segment.word_counts()?, |count| range.contains(count)));
            }
            _ => {}
        }
        Ok(bits)
    }

    fn fact(&self, fact: &str, bits: &mut Bits) -> Result<(), IndexError> {
        self.segment.add_word(Space::Fact, fact, bits)
    }

    fn where_column<T>(&self, column: &[T], holds: impl Fn(&T) -> bool) -> Bits {
        let mut bits = Bits::none(self.articles);
        column
            .iter()
            .zip(0..)
            .filter(|(value, _)| holds(value))
            .for_each(|(_, article)| bits.put(article, true));
        bits
    }

    fn published(
        &self,
        instants: &std::ops::Range<i64>,
        days: &std::ops::Range<i64>,
    ) -> Result<Bits, IndexError> {
        let range = |range: &std::ops::Range<i64>| {
            let (start, end) = (self.segment.first_since(range.start), self.segment.first_since(range.end));
            Bits::of_range(self.articles, start..end)
        };
        let mut day_only = Bits::none(self.articles);
        self.fact(key::DAY_ONLY, &mut day_only)?;
        let mut published = range(instants);
        published.and_not(&day_only);
        day_only.and(&range(days));
        published.or(&day_only);
        Ok(published)
    }

    fn phrase(&self, part: Part, phrase: &Phrase) -> Result<Known, IndexError> {
        let mut possible = self.words(space(part), phrase)?;
        if let [_] = phrase.words.as_slice() {
            return if part == Part::Body {
                self.in_body(possible, phrase)
            } else {
                Ok(Known::Exact(possible))
            };
        }
        let mut sure = Bits::none(self.articles);
        let last = phrase.words.len() - 2;
        for (index, pair) in phrase.words.windows(2).enumerate() {
            let open = phrase.open && index == last;
            let Some((bits, whole)) = self.pair(&pair[0], &pair[1], open)? else { continue };
            if phrase.words.len() == 2 && part == Part::Anywhere {
                if whole {
                    return Ok(Known::Exact(bits));
                }
                // Where the pair is not kept, the second word is a rare one.
                let mut rare = self.rare(&pair[1])?;
                rare.and(&possible);
                possible = rare;
                possible.or(&bits);
                sure = bits;
            } else if whole {
                possible.and(&bits);
            }
        }
        self.checked(sure, possible, part, phrase)
    }

    fn checked(&self, sure: Bits, possible: Bits, part: Part, phrase: &Phrase) -> Result<Known, IndexError> {
        Ok(match Matcher::new(self.segment, part, phrase)? {
            Some(matcher) => Known::Bounds(sure, possible, Check::Text(Box::new(matcher))),
            None => Known::Exact(sure),
        })
    }

    /// A word that is in another part may be in the body as well: the text tells.
    fn in_body(&self, anywhere: Bits, phrase: &Phrase) -> Result<Known, IndexError> {
        let mut sure = anywhere.clone();
        for space in [Space::Title, Space::Author, Space::Tag] {
            sure.and_not(&self.words(space, phrase)?);
        }
        self.checked(sure, anywhere, Part::Body, phrase)
    }

    /// The articles that have all words of a phrase, wherever.
    fn words(&self, space: Space, phrase: &Phrase) -> Result<Bits, IndexError> {
        let mut all: Option<Bits> = None;
        for (index, word) in phrase.words.iter().enumerate() {
            let mut bits = Bits::none(self.articles);
            if phrase.open && index + 1 == phrase.words.len() {
                self.segment.add_prefix(space, word, &mut bits)?;
            } else {
                self.segment.add_word(space, word, &mut bits)?;
            }
            match &mut all {
                Some(all) => all.and(&bits),
                None => all = Some(bits),
            }
        }
        Ok(all.unwrap_or_else(|| Bits::all(self.articles)))
    }

    /// The articles in which a pair of words stands side by side, and whether these are all of them; `None` if pairs of
    /// such words are not kept.
    fn pair(&self, first: &str, second: &str, open: bool) -> Result<Option<(Bits, bool)>, IndexError> {
        let (kind, other) = (Pairing::of(first), Pairing::of(second));
        let both_alone = kind == Pairing::Alone && other == Pairing::Alone;
        let mut bits = Bits::none(self.articles);
        if !both_alone && !(kind == Pairing::Frequent && (open || other == Pairing::Frequent)) {
            let known = !open && self.segment.add_neighbours(first, second, &mut bits)?;
            return Ok(known.then_some((bits, true)));
        }
        let pair = format!("{first} {second}");
        if open {
            self.segment.add_prefix(Space::Pair, &pair, &mut bits)?;
        } else {
            self.segment.add_word(Space::Pair, &pair, &mut bits)?;
        }
        Ok(Some((bits, both_alone || !open)))
    }
}

impl Evaluation<'_> {
    /// The articles that have a word which begins with `prefix` and is not among the frequent ones.
    fn rare(&self, prefix: &str) -> Result<Bits, IndexError> {
        let mut bits = Bits::none(self.articles);
        let range = self.segment.range(Space::Word, prefix);
        let frequent = frequent_words(prefix).filter_map(|word| self.segment.ordinal(Space::Word, word));
        let mut start = range.start;
        for end in frequent.chain([range.end]) {
            self.segment.add_range(start..end.max(start), &mut bits)?;
            start = end + 1;
        }
        Ok(bits)
    }
}

fn space(part: Part) -> Space {
    match part {
        Part::Anywhere | Part::Body => Space::Word,
        Part::Title => Space::Title,
        Part::Author => Space::Author,
        Part::Tags => Space::Tag,
        Part::Url => Space::Url,
    }
}

fn kept_words(phrase: &Phrase) -> Phrase {
    let words = phrase.words.iter().map(|word| kept(word).to_owned()).collect();
    Phrase { words, open: phrase.open }
}
