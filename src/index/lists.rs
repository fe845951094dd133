//! Which articles have what, while a segment is built: noted as it comes, sorted once at the end.

/// For each of many things, by its number, the articles that have it.
#[derive(Debug, Default)]
pub(super) struct Lists {
    things: Vec<Thing>,
    /// A thing and an article that has it, in the order of the articles.
    log: Vec<(u32, u32)>,
}

/// Something that articles have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Thing {
    /// How many of them.
    pub(super) articles: u32,
    /// The article behind the last one that has it.
    behind: u32,
}

impl Thing {
    /// Notes that `article` has it; tells whether it did not know.
    pub(super) fn is_new(&mut self, article: u32) -> bool {
        let is_new = self.behind != article + 1;
        self.behind = article + 1;
        self.articles += u32::from(is_new);
        is_new
    }
}

/// For each of many things the articles that have it, those of each together.
#[derive(Debug)]
pub(super) struct Sorted {
    /// Where the articles of each thing end.
    ends: Vec<u32>,
    articles: Vec<u32>,
}

impl Lists {
    /// The number of a new thing.
    pub(super) fn thing(&mut self) -> u32 {
        self.things.push(Thing::default());
        u32::try_from(self.things.len() - 1).unwrap_or(u32::MAX)
    }

    /// Notes that `article` has `thing`; articles come in order, and as often as they like.
    pub(super) fn add(&mut self, thing: u32, article: u32) {
        if self.things[thing as usize].is_new(article) {
            self.log.push((thing, article));
        }
    }

    /// Sorts what was noted.
    pub(super) fn sorted(self) -> Sorted {
        let mut sorted = Sorted::new(self.things.iter().map(|thing| thing.articles));
        self.log.into_iter().for_each(|(thing, article)| sorted.put(thing as usize, article));
        sorted
    }
}

impl Sorted {
    /// Of so many things, and what each article has of them, in the order of the articles.
    pub(super) fn of_texts<T: Iterator<Item = u32>>(
        things: usize,
        texts: impl Iterator<Item = T> + Clone,
    ) -> Sorted {
        let mut known = vec![Thing::default(); things];
        for (text, article) in texts.clone().zip(0..) {
            for thing in text {
                known[thing as usize].is_new(article);
            }
        }
        let mut sorted = Sorted::new(known.iter().map(|thing| thing.articles));
        known.fill(Thing::default());
        for (text, article) in texts.zip(0..) {
            text.filter(|thing| known[*thing as usize].is_new(article))
                .for_each(|thing| sorted.put(thing as usize, article));
        }
        sorted
    }

    /// Room for so many articles of each thing.
    pub(super) fn new(counts: impl Iterator<Item = u32>) -> Sorted {
        let mut all = 0;
        let start = |count| {
            let start = all;
            all += count;
            start
        };
        let ends = counts.map(start).collect();
        Sorted { ends, articles: vec![0; all as usize] }
    }

    /// Puts an article behind those that are known to have `thing`.
    pub(super) fn put(&mut self, thing: usize, article: u32) {
        let end = &mut self.ends[thing];
        self.articles[*end as usize] = article;
        *end += 1;
    }

    /// The articles that have `thing`, rising.
    pub(super) fn of(&self, thing: u32) -> &[u32] {
        self.of_index(thing as usize)
    }

    /// The same, by an index.
    pub(super) fn of_index(&self, thing: usize) -> &[u32] {
        let start = thing.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.articles[start as usize..self.ends[thing] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Lists, Sorted};

    #[test]
    fn each_thing_gets_its_articles_once_and_in_order() {
        let mut lists = Lists::default();
        let (one, none, many) = (lists.thing(), lists.thing(), lists.thing());
        for (thing, article) in [(many, 0), (many, 0), (one, 0), (many, 1), (many, 7), (many, 7)] {
            lists.add(thing, article);
        }
        let sorted = lists.sorted();
        assert_eq!((sorted.of(one), sorted.of(none), sorted.of(many)), (&[0][..], &[][..], &[0, 1, 7][..]));
        let texts = [vec![2, 2, 0], vec![2], vec![], vec![2, 0, 2]];
        let sorted = Sorted::of_texts(3, texts.iter().map(|text| text.iter().copied()));
        assert_eq!((sorted.of(0), sorted.of(1), sorted.of(2)), (&[0, 3][..], &[][..], &[0, 1, 3][..]));
    }
}
