//! The texts of a story's articles, and what the others add to one of them.

use super::readable::StoredArticle;
use crate::{
    documents::find_headline_end,
    markup::{BoilerplateRule, CancelFlag, Document},
    model::{CopyListing, Entry, EntryId, Failure, Feed},
    store::ReadConnection,
    story::{StoryAddition, find_additions},
    text::{capitalize, count_noun, sanitize},
};

/// Maximum number of other articles of a story that are read, the newest ones.
const MAX_OTHERS: usize = 16;

/// Maximum number of other articles whose additions are counted whenever an article is opened.
const MAX_COUNTED_OTHERS: usize = 6;

/// Maximum size of the text of each of them, in bytes.
const MAX_COUNTED_BYTES: usize = 64 * 1024;

/// Maximum number of sources that the line above an article names.
const MAX_NAMED_SOURCES: usize = 6;

/// The texts of an article and of the others of its story.
pub struct StoryTexts {
    /// The article that is read.
    pub own: StoryArticleText,
    /// The other articles, newest first.
    pub others: Vec<StoryArticleText>,
}

/// An article of a story as it is read.
pub struct StoryArticleText {
    /// The entry.
    pub entry: Entry,
    /// The name of the feed, or the website of a saved page.
    pub source: String,
    /// The document.
    pub document: Document,
    /// The text of each block of the document, without the headline.
    pub blocks: Vec<String>,
}

impl StoryTexts {
    /// Loads the article `id` and the newest others of its story that lists have, without the boilerplate
    /// that matches `boilerplate`.
    ///
    /// # Errors
    ///
    /// Fails if one of the articles does not exist or the library cannot be read.
    pub fn load(
        reader: &ReadConnection,
        id: EntryId,
        boilerplate: &[BoilerplateRule],
    ) -> Result<StoryTexts, Failure> {
        let feeds = reader.list_feeds()?;
        let load = |id| {
            let stored = StoredArticle::load(reader, id)?;
            Ok::<_, Failure>(StoryArticleText::new(stored, &feeds, boilerplate))
        };
        let others = list_others(reader, id)?.into_iter().take(MAX_OTHERS).map(load);
        Ok(StoryTexts { own: load(id)?, others: others.collect::<Result<_, Failure>>()? })
    }

    /// Returns what the other articles say that the first one does not.
    pub fn additions(&self) -> Vec<StoryAddition> {
        let others: Vec<&[String]> = self.others.iter().map(|other| &*other.blocks).collect();
        find_additions(&self.own.blocks, &others)
    }

    /// Makes the longest article the first one: the others, newest first, add to it.
    #[must_use]
    pub fn with_longest_first(self) -> StoryTexts {
        let StoryTexts { own, mut others } = self;
        others.insert(0, own);
        let longest =
            (0..others.len()).max_by_key(|at| (others[*at].text_bytes(), usize::MAX - at));
        let own = others.remove(longest.unwrap_or_default());
        StoryTexts { own, others }
    }
}

impl StoryArticleText {
    fn new(
        stored: StoredArticle,
        feeds: &[Feed],
        boilerplate: &[BoilerplateRule],
    ) -> StoryArticleText {
        let document = stored.render(boilerplate, &CancelFlag::default());
        let mut blocks = document.text_blocks();
        if document.opens_with_headline
            && let Some(opening) = blocks.first_mut()
        {
            let end = find_headline_end(opening, &stored.entry.title).unwrap_or_default();
            opening.drain(..end);
        }
        let source = source_name(&stored.entry, feeds);
        StoryArticleText { entry: stored.entry, source, document, blocks }
    }

    fn text_bytes(&self) -> usize {
        self.blocks.iter().map(String::len).sum()
    }

    /// Returns the title in one line.
    pub fn title(&self) -> String {
        sanitize::to_text_line(&self.entry.title).into_owned()
    }
}

fn source_name(entry: &Entry, feeds: &[Feed]) -> String {
    let feed = feeds.iter().find(|feed| feed.id == entry.feed);
    sanitize::to_text_line(entry.source_name(feed)).into_owned()
}

/// Lists the other articles of the story of one that lists have, newest first.
fn list_others(reader: &ReadConnection, id: EntryId) -> Result<Vec<EntryId>, Failure> {
    let mut others = reader.list_story_rows(id, CopyListing::Fold)?;
    others.retain(|other| *other != id);
    Ok(others)
}

/// Returns the line about the other sources of an article's story, with the words that each adds where a few
/// short articles tell: `Also in heise (+112 words), LWN`. `None` if it shares its story with no other one.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn describe_story_sources(
    reader: &ReadConnection,
    id: EntryId,
    boilerplate: &[BoilerplateRule],
) -> Result<Option<String>, Failure> {
    let others = list_others(reader, id)?;
    if others.is_empty() {
        return Ok(None);
    }
    let mut sources = SourceWords::default();
    if let Some(texts) = load_if_short(reader, id, &others, boilerplate)? {
        let additions = texts.additions();
        for (at, other) in texts.others.iter().enumerate() {
            let words = additions.iter().filter(|addition| addition.source == at);
            sources.add(&other.source, words.map(|addition| addition.word_count).sum());
        }
        sources.own = texts.own.source;
    } else {
        let feeds = reader.list_feeds()?;
        for entry in reader.load_entries(&others[..others.len().min(MAX_OTHERS)])? {
            sources.add(&source_name(&entry, &feeds), 0);
        }
        let own = reader.load_entry(id)?;
        sources.own = own.map_or_else(String::new, |entry| source_name(&entry, &feeds));
    }
    Ok(Some(sources.line()))
}

/// Loads an article and the others of its story, unless they are too many or too long to be compared whenever
/// one of them is opened.
fn load_if_short(
    reader: &ReadConnection,
    id: EntryId,
    others: &[EntryId],
    boilerplate: &[BoilerplateRule],
) -> Result<Option<StoryTexts>, Failure> {
    if others.len() > MAX_COUNTED_OTHERS {
        return Ok(None);
    }
    let load = |id: &EntryId| StoredArticle::load(reader, *id);
    let own = load(&id)?;
    let others = others.iter().map(load).collect::<Result<Vec<StoredArticle>, Failure>>()?;
    let is_short = |stored: &StoredArticle| stored.text_bytes() <= MAX_COUNTED_BYTES;
    if !others.iter().all(is_short) || !is_short(&own) {
        return Ok(None);
    }
    let feeds = reader.list_feeds()?;
    let text_of = |stored| StoryArticleText::new(stored, &feeds, boilerplate);
    Ok(Some(StoryTexts { own: text_of(own), others: others.into_iter().map(text_of).collect() }))
}

/// The sources of a story, with the number of words that each adds.
#[derive(Default)]
struct SourceWords {
    /// The source of the article that is read.
    own: String,
    /// The sources of the other articles.
    sources: Vec<(String, usize)>,
}

impl SourceWords {
    fn add(&mut self, name: &str, words: usize) {
        match self.sources.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += words,
            None => self.sources.push((name.to_owned(), words)),
        }
    }

    /// Returns the line that names the sources; that of the article itself, if it has others, comes last.
    fn line(self) -> String {
        let describe = |(name, words): &(String, usize)| match words {
            0 => name.clone(),
            words => format!("{name} (+{})", count_noun(*words, "word")),
        };
        let (own, others): (Vec<_>, Vec<_>) =
            self.sources.iter().partition(|(name, _)| *name == self.own);
        let own = own.first().map(|source| format!("more in {}", describe(source)));
        if others.is_empty() {
            return own.as_deref().map_or_else(String::new, capitalize);
        }
        let named = others.iter().take(MAX_NAMED_SOURCES).map(|source| describe(source));
        let more = others.len().saturating_sub(MAX_NAMED_SOURCES);
        let more = (more > 0).then(|| count_noun(more, "other"));
        format!("Also in {}", named.chain(more).chain(own).collect::<Vec<_>>().join(", "))
    }
}
