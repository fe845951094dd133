//! Which articles have what, while a segment is built: noted as it comes, sorted once at the end.

/// For each of many things, by its number, the articles that have it.
#[derive(Debug, Default)]
pub(super) struct Lists {
    things: Vec<Thing>,
    /// A thing and an article that has it, in the order of the articles.
    log: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Thing {
    articles: u32,
    /// The article behind the last one that has it.
    behind: u32,
}

/// The same, the articles of each thing together.
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
        let known = &mut self.things[thing as usize];
        if known.behind != article + 1 {
            known.behind = article + 1;
            known.articles += 1;
            self.log.push((thing, article));
        }
    }

    /// Sorts what was noted.
    pub(super) fn sorted(self) -> Sorted {
        let mut ends: Vec<u32> = Vec::with_capacity(self.things.len());
        let mut start = 0;
        for thing in &self.things {
            ends.push(start);
            start += thing.articles;
        }
        let mut articles = vec![0; self.log.len()];
        for (thing, article) in self.log {
            let end = &mut ends[thing as usize];
            articles[*end as usize] = article;
            *end += 1;
        }
        Sorted { ends, articles }
    }
}

impl Sorted {
    /// The articles that have `thing`, rising.
    pub(super) fn of(&self, thing: u32) -> &[u32] {
        let thing = thing as usize;
        let start = thing.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.articles[start as usize..self.ends[thing] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Lists;

    #[test]
    fn each_thing_gets_its_articles_once_and_in_order() {
        let mut lists = Lists::default();
        let (one, none, many) = (lists.thing(), lists.thing(), lists.thing());
        for (thing, article) in [(many, 0), (many, 0), (one, 0), (many, 1), (many, 7), (many, 7)] {
            lists.add(thing, article);
        }
        let sorted = lists.sorted();
        assert_eq!((sorted.of(one), sorted.of(none), sorted.of(many)), (&[0][..], &[][..], &[0, 1, 7][..]));
    }
}
