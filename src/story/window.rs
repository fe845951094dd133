//! The articles of some days with their stories, in which the story of another article is found.

use std::{cmp::Reverse, num::NonZeroI64};

use hashbrown::HashMap;

use super::{
    StoryChoices, StoryTerms,
    number_table::NumberTable,
    packed_terms::{MIN_SQUARE, TermSlice},
    pair::{ComparedTerms, MeasuredTerms, ONE, PairSimilarity},
    postings::{StoryCandidate, TermPostings},
    window_terms::WindowTerms,
};
use crate::model::{EntryId, FeedId, StoryId};

/// The time between two articles of one story, in seconds, after which they no longer count as
/// neighbours: five days.
pub const STORY_WINDOW_SECONDS: i64 = 5 * 24 * 60 * 60;

/// Minimum nearness to one member of the story, in millionths.
const MIN_NEARNESS: u64 = 200_000;

/// Minimum cosine to the centroid of a story of one or two articles, in millionths.
const MIN_CENTROID_OF_FEW: u64 = 280_000;

/// Minimum cosine to the centroid of a larger story, in millionths. A centroid of many has what they
/// share, so that an article of the story is nearer to it than to a member.
const MIN_CENTROID_OF_MANY: u64 = 320_000;

/// Number of articles from which on a story is a larger one.
const MANY_MEMBERS: usize = 3;

/// Maximum number of members, the latest, that an article is compared with; the others are taken to
/// be like them.
const MAX_COMPARED_MEMBERS: usize = 32;

/// Maximum number of stories, those with the nearest members, whose centroids are compared with an article.
const MAX_NEAR_STORIES: usize = 16;

/// Minimum share of the weight of one article's terms, in percent, that a copy of it has. A teaser need not name what its
/// full text is about, nor have its years: of two sentences of 600 news, 98.2 % were found with 25, 97.3 % with 33, and 97.0 %
/// where they had to be near as members of one story are (`tests/benches/story_copies.rs`). Their texts tell.
const MIN_COPY_PERCENT: u32 = 25;

/// Maximum number of articles whose texts are compared with that of another one.
const MAX_LIKELY_COPIES: usize = 4;

/// An article whose story is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivingArticle {
    /// The entry.
    pub entry: EntryId,
    /// The feed that has brought it.
    pub feed: FeedId,
    /// The date of publication, in seconds since 1970.
    pub published: i64,
    /// The strongest terms.
    pub terms: StoryTerms,
}

/// An article and its story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryArticle {
    /// The article.
    pub article: ArrivingArticle,
    /// The story, if only of this article.
    pub story: StoryId,
}

/// The articles of a window that are near another one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryNeighbours {
    /// The stories with members that are near enough, each with the nearest one; the nearest come first.
    nearest: Vec<(StoryId, PairSimilarity)>,
    /// The articles of other feeds of which it may be a copy, the likeliest first: their texts tell.
    pub likely_copies: Vec<EntryId>,
}

/// The place of an article among the stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryPlacement {
    /// The story of the article: a new one has its number.
    pub story: StoryId,
    /// The article of which it is a copy.
    pub copy_of: Option<EntryId>,
    /// Articles that were a story of their own and have joined this one.
    pub joined: Vec<EntryId>,
}

/// The articles of a span of time. A hundred thousand take 34 to 39 MiB (`tests/benches/stories.rs`).
#[derive(Debug, Default)]
pub struct StoryWindow {
    articles: Vec<WindowArticle>,
    terms: WindowTerms,
    postings: TermPostings,
    /// The numbers of the articles by their entries.
    numbers: NumberTable,
    /// The stories of at least two articles.
    stories: HashMap<StoryId, WindowStory>,
    /// The numbers of the articles that are a story of their own, as most are, by the stories.
    singles: NumberTable,
}

/// An article in a window.
#[derive(Debug, Clone, Copy)]
struct WindowArticle {
    entry: EntryId,
    /// The lower half of the number of the feed, which tells feeds apart.
    feed: u32,
    published: i64,
    /// The number of the story, which is that of an entry; `None` for an article that was removed.
    story: Option<NonZeroI64>,
    square: u32,
    years: [u8; 4],
}

/// A story of at least two articles.
#[derive(Debug, Default)]
struct WindowStory {
    /// The numbers of the articles in the window.
    members: Vec<u32>,
    /// The sum of the cosines of all pairs, in millionths.
    pair_cosines: u64,
}

impl StoryWindow {
    /// Creates an empty window with room for a number of articles.
    pub fn with_capacity(article_count: usize) -> StoryWindow {
        StoryWindow {
            articles: Vec::with_capacity(article_count),
            terms: WindowTerms::with_capacity(article_count),
            postings: TermPostings::with_capacity(article_count),
            numbers: NumberTable::with_capacity(article_count),
            singles: NumberTable::with_capacity(article_count),
            ..StoryWindow::default()
        }
    }

    /// Returns the number of articles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Returns whether the window has no articles.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Adds an article with its story.
    pub fn insert(&mut self, StoryArticle { article, story }: &StoryArticle) {
        let ArrivingArticle { entry, feed, published, terms } = article;
        let number = u32::try_from(self.articles.len()).expect("a window is no library");
        let slice = terms.as_slice();
        self.terms.push_article(&slice);
        self.postings.push_article(&self.terms);
        let mut years = [0; 4];
        years[..slice.years.len()].copy_from_slice(slice.years);
        self.articles.push(WindowArticle {
            entry: *entry,
            feed: short_feed(*feed),
            published: *published,
            story: None,
            square: slice.square(),
            years,
        });
        self.numbers.insert((id_key(entry.0), number), |number| entry_key(&self.articles, number));
        self.join(number, *story);
    }

    /// Removes an article, because its text has changed or its story was chosen by the user. The other
    /// articles of its story stay together; if the story has its number, it gets that of another member,
    /// which is returned with the old one.
    pub fn remove(&mut self, entry: EntryId) -> Option<(StoryId, StoryId)> {
        let key_of = |number| entry_key(&self.articles, number);
        let number = self.numbers.remove(id_key(entry.0), key_of)? as usize;
        let story = self.articles[number].story()?;
        self.remove_single(story);
        self.articles[number].story = None;
        let mut members = self.stories.remove(&story)?.members;
        members.retain(|member| *member as usize != number);
        let mut new_story = story;
        if story.0 == entry.0 {
            let ids = members.iter().map(|member| self.articles[*member as usize].entry.0);
            new_story = StoryId(ids.min()?);
        }
        for member in &members {
            self.articles[*member as usize].story = None;
        }
        for member in members {
            self.join(member, new_story);
        }
        (new_story != story).then_some((story, new_story))
    }

    /// Puts an article of the window that has no story into one.
    fn join(&mut self, number: u32, story: StoryId) {
        self.articles[number as usize].story = NonZeroI64::new(story.0);
        let known = self.stories.remove(&story).or_else(|| {
            let single = self.remove_single(story)?;
            Some(WindowStory { members: vec![single], pair_cosines: 0 })
        });
        if let Some(mut known) = known {
            known.pair_cosines +=
                self.sum_of_cosines(&self.measured(number).into(), &known.members);
            known.members.push(number);
            self.stories.insert(story, known);
        } else {
            let key_of = |number| story_key(&self.articles, number);
            self.singles.insert((id_key(story.0), number), key_of);
        }
    }

    /// Returns the number of an article of the window.
    fn number_of(&self, entry: EntryId) -> Option<u32> {
        self.numbers.get(id_key(entry.0), |number| entry_key(&self.articles, number))
    }

    /// Returns the number of the article that is a story of its own.
    fn single_of(&self, story: StoryId) -> Option<u32> {
        self.singles.get(id_key(story.0), |number| story_key(&self.articles, number))
    }

    /// Forgets that an article is a story of its own, and returns its number.
    fn remove_single(&mut self, story: StoryId) -> Option<u32> {
        self.singles.remove(id_key(story.0), |number| story_key(&self.articles, number))
    }

    /// Finds the story of an article and adds the article to it: that of the article of which it is a copy, or
    /// the story whose centroid and whose nearest member are the nearest, if they are near enough, or else a new
    /// one. Only members within five days count as neighbours. The choices of the user go before.
    ///
    /// The first articles about an event may have little in common. So articles that are a story of
    /// their own are looked at again when their neighbour joins a story.
    pub fn place(
        &mut self,
        article: ArrivingArticle,
        (neighbours, copy_of): (StoryNeighbours, Option<EntryId>),
        choices: &StoryChoices,
    ) -> StoryPlacement {
        let (entry, nearest) = (article.entry, neighbours.nearest);
        let refused = choices.refused_by(entry);
        let story_of_copy = copy_of.and_then(|copy| self.find_story_without(copy, refused));
        let compared = ComparedTerms::new(&article.terms);
        let story = self
            .find_chosen_story(choices.same_as(entry))
            .or(story_of_copy)
            .or_else(|| self.find_best_story(&compared, &nearest, refused))
            .unwrap_or(StoryId(entry.0));
        self.insert(&StoryArticle { article, story });
        let singles = nearest.into_iter().map(|(other, _)| other).filter(|other| *other != story);
        let joined =
            singles.filter_map(|single| self.join_single(single, story, choices)).collect();
        StoryPlacement { story, copy_of: copy_of.filter(|_| Some(story) == story_of_copy), joined }
    }

    /// Returns the story of an article, unless one of the articles of the story is refused.
    fn find_story_without(&self, entry: EntryId, refused: &[EntryId]) -> Option<StoryId> {
        let story = self.articles[self.number_of(entry)? as usize].story()?;
        (!self.is_any_refused(story, refused)).then_some(story)
    }

    /// Returns whether a story has an article that is refused.
    fn is_any_refused(&self, story: StoryId, refused: &[EntryId]) -> bool {
        let single = [self.single_of(story).unwrap_or(0)];
        let members = self.stories.get(&story).map_or(&single[..], |known| &known.members);
        let is_refused = |member: &u32| refused.contains(&self.articles[*member as usize].entry);
        !refused.is_empty() && members.iter().any(is_refused)
    }

    /// Returns the story of the first of the entries that is in the window.
    fn find_chosen_story(&self, entries: &[EntryId]) -> Option<StoryId> {
        let chosen = entries.iter().filter_map(|entry| self.number_of(*entry));
        chosen.filter_map(|number| self.articles[number as usize].story()).min()
    }

    /// Returns the nearest of the stories whose members are near an article.
    fn find_best_story(
        &self,
        article: &ComparedTerms<'_>,
        nearest: &[(StoryId, PairSimilarity)],
        refused: &[EntryId],
    ) -> Option<StoryId> {
        let mut best: Option<(u64, StoryId)> = None;
        for (story, member) in nearest {
            let Some(centroid) = self.compare_with_story(article, *story, member, refused) else {
                continue;
            };
            let score = centroid + member.nearness;
            if best.is_none_or(|(best, _)| score > best) {
                best = Some((score, *story));
            }
        }
        best.map(|(_, story)| story)
    }

    /// Puts an article that is a story of its own into a larger story, if it is near to the centroid.
    fn join_single(
        &mut self,
        single: StoryId,
        story: StoryId,
        choices: &StoryChoices,
    ) -> Option<EntryId> {
        let number = self.single_of(single)?;
        let entry = self.articles[number as usize].entry;
        let members = &self.stories.get(&story)?.members;
        if members.len() < MANY_MEMBERS || choices.has_any_of(entry) {
            return None;
        }
        if self.compare_with_centroid(&self.measured(number).into(), story)? < MIN_CENTROID_OF_MANY
        {
            return None;
        }
        self.remove_single(single);
        self.join(number, story);
        Some(entry)
    }

    /// Returns the stories with members that are near an article, and the articles that may be copies.
    pub fn find_neighbours(&mut self, article: &ArrivingArticle) -> StoryNeighbours {
        let compared = ComparedTerms::new(&article.terms);
        let feed = short_feed(article.feed);
        let mut nearest: HashMap<StoryId, PairSimilarity> = HashMap::new();
        let mut copies: Vec<(Reverse<u32>, EntryId)> = Vec::new();
        let (strong_terms, min_product) =
            (compared.strong_terms(), compared.min_product(MIN_SQUARE));
        for StoryCandidate { number, product } in
            self.postings.find_candidates(&self.terms, strong_terms, min_product)
        {
            let other = self.articles[number as usize];
            let Some(story) = other.story() else { continue };
            if article.published.abs_diff(other.published) > STORY_WINDOW_SECONDS.unsigned_abs()
                || !compared.may_be_near((product, other.square))
            {
                continue;
            }
            let pair = compared.compare(&self.measured(number));
            if pair.shared_percent >= MIN_COPY_PERCENT && other.feed != feed {
                copies.push((Reverse(pair.shared_percent), other.entry));
            }
            let is_near = pair.is_headline_match || pair.nearness >= MIN_NEARNESS;
            let is_nearer = |known: &PairSimilarity| pair.nearness > known.nearness;
            if is_near && nearest.get(&story).is_none_or(is_nearer) {
                nearest.insert(story, pair);
            }
        }
        let mut nearest: Vec<(StoryId, PairSimilarity)> = nearest.into_iter().collect();
        nearest.sort_unstable_by_key(|(story, pair)| (Reverse(pair.nearness), *story));
        nearest.truncate(MAX_NEAR_STORIES);
        copies.sort_unstable();
        copies.truncate(MAX_LIKELY_COPIES);
        let likely_copies = copies.into_iter().map(|(_, entry)| entry).collect();
        StoryNeighbours { nearest, likely_copies }
    }

    /// Returns the cosine of an article to the centroid of a story, in millionths; `None` if the story
    /// is not the article's.
    fn compare_with_story(
        &self,
        article: &ComparedTerms<'_>,
        story: StoryId,
        nearest: &PairSimilarity,
        refused: &[EntryId],
    ) -> Option<u64> {
        if self.is_any_refused(story, refused) {
            return None;
        }
        let centroid = self.compare_with_centroid(article, story).unwrap_or(nearest.cosine);
        let is_large =
            self.stories.get(&story).is_some_and(|known| known.members.len() >= MANY_MEMBERS);
        let minimum = if is_large { MIN_CENTROID_OF_MANY } else { MIN_CENTROID_OF_FEW };
        (nearest.is_headline_match || centroid >= minimum).then_some(centroid)
    }

    /// Returns the cosine of an article to the centroid of a story of several, in millionths.
    fn compare_with_centroid(&self, article: &ComparedTerms<'_>, story: StoryId) -> Option<u64> {
        let WindowStory { members, pair_cosines } = self.stories.get(&story)?;
        // The length of the sum of n unit vectors: its square is n and twice the cosines of the pairs.
        let square = (members.len() as u64 * ONE + 2 * pair_cosines) * ONE;
        Some(self.sum_of_cosines(article, members) * ONE / square.isqrt().max(1))
    }

    /// Returns the sum of the cosines of an article to members of a story.
    fn sum_of_cosines(&self, article: &ComparedTerms<'_>, members: &[u32]) -> u64 {
        let latest = &members[members.len().saturating_sub(MAX_COMPARED_MEMBERS)..];
        let cosines = latest.iter().map(|member| article.compare(&self.measured(*member)).cosine);
        let sum: u64 = cosines.sum();
        sum * members.len() as u64 / latest.len().max(1) as u64
    }

    /// Returns the terms of an article of the window.
    fn measured(&self, number: u32) -> MeasuredTerms<'_> {
        let WindowArticle { square, years, .. } = &self.articles[number as usize];
        let year_count = years.iter().take_while(|year| **year > 0).count();
        let terms = TermSlice { years: &years[..year_count], ..self.terms.terms_of(number) };
        MeasuredTerms { terms, square: *square }
    }
}

impl WindowArticle {
    fn story(&self) -> Option<StoryId> {
        self.story.map(|story| StoryId(story.get()))
    }
}

/// Returns the key of an article by its entry.
fn entry_key(articles: &[WindowArticle], number: u32) -> u64 {
    id_key(articles[number as usize].entry.0)
}

/// Returns the key of an article by its story.
fn story_key(articles: &[WindowArticle], number: u32) -> u64 {
    id_key(articles[number as usize].story.map_or(0, NonZeroI64::get))
}

/// Returns the key of an id.
fn id_key(id: i64) -> u64 {
    id.cast_unsigned()
}

/// Returns the part of the number of a feed by which feeds are told apart.
fn short_feed(feed: FeedId) -> u32 {
    u32::try_from(feed.0 & i64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StoryLink;
    use crate::story::{StoryText, extract_terms, term_extractor::tests::SampleStatistics};

    const DAY: i64 = 24 * 60 * 60;

    const CHURCH: [&str; 4] = [
        "A blaze destroyed the church of governor Sarah Palin in Wasilla, Alaska, late on Friday",
        "Sarah Palin has apologised to the church in Wasilla, Alaska, after the blaze of Friday",
        "Firefighters saved nothing of the church in Wasilla that Sarah Palin visits: a blaze in Alaska",
        "Arson is suspected in Wasilla, Alaska, where the church of Sarah Palin had a blaze on Friday",
    ];

    const TAKEOVER: &str = "The software company Oracle has bought its competitor PeopleSoft for 26.50 dollars a share";

    fn article(entry: i64, day: i64, body: &str) -> StoryArticle {
        let terms = extract_terms(StoryText { title: "", body }, &SampleStatistics);
        let (entry, feed, story) = (EntryId(entry), FeedId(entry), StoryId(entry));
        let article = ArrivingArticle { entry, feed, published: day * DAY, terms };
        StoryArticle { article, story }
    }

    fn place(window: &mut StoryWindow, article: StoryArticle, choices: &StoryChoices) -> i64 {
        let neighbours = window.find_neighbours(&article.article);
        window.place(article.article, (neighbours, None), choices).story.0
    }

    fn church_window() -> StoryWindow {
        let mut window = StoryWindow::default();
        for (entry, body) in (1..).zip(CHURCH) {
            let story = place(&mut window, article(entry, 0, body), &StoryChoices::default());
            assert_eq!(story, 1, "{body}");
        }
        window
    }

    /// Returns the story of an article in a window of the articles of one event.
    fn place_beside_church(article: StoryArticle, choices: &StoryChoices) -> i64 {
        place(&mut church_window(), article, choices)
    }

    #[test]
    fn articles_of_one_event_are_one_story() {
        let choices = StoryChoices::default();
        assert_eq!(place_beside_church(article(9, 0, TAKEOVER), &choices), 9);
        assert_eq!(place_beside_church(article(9, 4, CHURCH[1]), &choices), 1);
    }

    #[test]
    fn article_six_days_later_begins_a_story() {
        let choices = StoryChoices::default();
        assert_eq!(place_beside_church(article(9, 6, CHURCH[1]), &choices), 9);
        assert_eq!(place_beside_church(article(9, -6, CHURCH[1]), &choices), 9);
    }

    #[test]
    fn choice_of_the_user_goes_before_the_terms() {
        let mut choices = StoryChoices::default();
        choices.add((EntryId(9), EntryId(3)), StoryLink::Different);
        assert_eq!(place_beside_church(article(9, 0, CHURCH[1]), &choices), 9);
        let mut choices = StoryChoices::default();
        choices.add((EntryId(3), EntryId(9)), StoryLink::Same);
        assert_eq!(place_beside_church(article(9, 0, TAKEOVER), &choices), 1);
        let mut single = StoryWindow::default();
        single.insert(&article(1, 0, CHURCH[0]));
        choices.add((EntryId(1), EntryId(8)), StoryLink::Different);
        assert_eq!(place(&mut single, article(8, 0, CHURCH[0]), &choices), 8);
    }

    #[test]
    fn likely_copies_are_of_other_feeds() {
        let mut window = church_window();
        let mut again = article(9, 0, CHURCH[1]).article;
        assert_eq!(window.find_neighbours(&again).likely_copies[0], EntryId(2));
        again.feed = FeedId(2);
        assert!(!window.find_neighbours(&again).likely_copies.contains(&EntryId(2)));
        let other = article(9, 0, TAKEOVER).article;
        assert_eq!(window.find_neighbours(&other).likely_copies, []);
    }

    #[test]
    fn copy_joins_the_story_of_its_article_unless_the_user_refuses() {
        let place_copy = |choices: &StoryChoices| {
            let mut window = church_window();
            let copy = article(9, 0, TAKEOVER).article;
            let neighbours = window.find_neighbours(&copy);
            let placed = window.place(copy, (neighbours, Some(EntryId(3))), choices);
            (placed.story.0, placed.copy_of)
        };
        let mut choices = StoryChoices::default();
        assert_eq!(place_copy(&choices), (1, Some(EntryId(3))));
        choices.add((EntryId(2), EntryId(9)), StoryLink::Different);
        assert_eq!(place_copy(&choices), (9, None));
    }

    #[test]
    fn article_of_its_own_joins_the_story_that_its_neighbour_joins() {
        let mut window = church_window();
        let late = "Sarah Palin, Wasilla: blaze; insurance offers nothing; roof, organ, windows, carpets, \
            pews, hymnals, kitchen, nursery, archive, piano, curtains, chairs, lights destroyed";
        window.insert(&article(8, 0, late));
        let neighbour = format!("{} insurance roof organ windows", CHURCH[0]);
        let StoryArticle { article, .. } = article(9, 0, &neighbour);
        let neighbours = window.find_neighbours(&article);
        let placed = window.place(article, (neighbours, None), &StoryChoices::default());
        assert_eq!(placed.story, StoryId(1));
        let is_alone = window.single_of(StoryId(8)).is_some();
        assert_eq!(placed.joined.len(), usize::from(!is_alone));
    }

    #[test]
    fn removed_founder_leaves_its_story_under_another_number() {
        let mut window = church_window();
        assert_eq!(window.remove(EntryId(1)), Some((StoryId(1), StoryId(2))));
        assert_eq!(place(&mut window, article(9, 0, CHURCH[0]), &StoryChoices::default()), 2);
        for entry in [3, 4, 9] {
            assert_eq!(window.remove(EntryId(entry)), None);
        }
        assert_eq!(place(&mut window, article(3, 0, CHURCH[2]), &StoryChoices::default()), 2);
        assert_eq!((window.remove(EntryId(3)), window.remove(EntryId(2))), (None, None));
        assert_eq!(place(&mut window, article(3, 0, CHURCH[2]), &StoryChoices::default()), 3);
    }

    #[test]
    fn window_finds_the_same_stories_in_any_order_of_insertion() {
        let mut reversed = StoryWindow::default();
        for (entry, body) in (1..).zip(CHURCH).collect::<Vec<_>>().into_iter().rev() {
            reversed.insert(&StoryArticle { story: StoryId(1), ..article(entry, 0, body) });
        }
        let ordered = church_window();
        let cosines = |window: &StoryWindow| window.stories[&StoryId(1)].pair_cosines;
        assert_eq!(cosines(&reversed), cosines(&ordered));
        assert_eq!(reversed.single_of(StoryId(1)), None);
    }
}
