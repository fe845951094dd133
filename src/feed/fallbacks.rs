//! Fallbacks for values that a document leaves out, and the limit on the number of entries.
//!
//! [`build_entry`] and [`build_document`] turn the collected fields into the parsed document;
//! [`fill_feed_defaults`] and [`fill_defaults`] also serve JSON Feed.

use std::collections::{BTreeMap, HashSet};

use super::{
    FeedParseError,
    budget::{ParseBudget, entry_bytes},
    common_fields::{CommonFields, LinkFields},
    feed_document::{
        Enclosure, EntryExtras, FeedChapter, FeedDocument, FeedFormat, FeedLink, ParsedEntry,
        ParsedFeed, Person, TextConstruct, UpdateSchedule,
    },
    link_url, person,
    picture_descriptions::PictureDescriptions,
    relative_urls,
};

/// Maximum number of entries kept per document, newest first.
pub(super) const MAX_ENTRIES: usize = 5_000;

/// Maximum width of a headline derived from the text of an entry, in cells.
const MAX_HEADLINE_WIDTH: usize = 100;

/// The newest entries of a document under construction, at most twice [`MAX_ENTRIES`].
#[derive(Debug, Default)]
pub(super) struct NewestEntries {
    entries: Vec<ParsedEntry>,
    total: usize,
}

impl NewestEntries {
    /// Adds an entry and charges its size; drops the oldest ones if there are too many.
    pub(super) fn push(&mut self, entry: ParsedEntry, budget: &ParseBudget) {
        self.total += 1;
        budget.charge(entry_bytes(&entry));
        self.entries.push(entry);
        if self.entries.len() >= 2 * MAX_ENTRIES {
            self.drop_oldest(budget);
        }
    }

    /// Drops all but the newest [`MAX_ENTRIES`] in document order; of entries with equal or missing
    /// dates, the first ones stay.
    fn drop_oldest(&mut self, budget: &ParseBudget) {
        if self.entries.len() <= MAX_ENTRIES {
            return;
        }
        let mut kept_indices: Vec<usize> = (0..self.entries.len()).collect();
        kept_indices.sort_by_key(|index| std::cmp::Reverse(self.entries[*index].dates.sort_date()));
        kept_indices.truncate(MAX_ENTRIES);
        kept_indices.sort_unstable();
        let mut next_kept = kept_indices.into_iter().peekable();
        let mut index = 0;
        self.entries.retain(|entry| {
            let is_kept = next_kept.next_if_eq(&index).is_some();
            index += 1;
            budget.release(if is_kept { 0 } else { entry_bytes(entry) });
            is_kept
        });
    }

    /// Returns the newest entries and the total number of entries that were added.
    pub(super) fn into_newest(mut self, budget: &ParseBudget) -> (Vec<ParsedEntry>, usize) {
        self.drop_oldest(budget);
        (self.entries, self.total)
    }
}

/// Builds an entry from its fields.
pub(super) fn build_entry(mut fields: CommonFields) -> ParsedEntry {
    let link = choose_entry_link(&fields);
    let mut summary = fields.summary.take().unwrap_or_default();
    if fields.content.len() == 1 && fields.content[0] == summary {
        summary = TextConstruct::default();
    }
    let tags = merge_tags_and_labels(&mut fields);
    if let Some(seconds) = fields.duration_seconds {
        set_duration(&mut fields.enclosures, seconds);
    }
    ParsedEntry {
        title: fields.title.take().unwrap_or_default(),
        link,
        id: fields.id.take(),
        summary,
        content: fields.content,
        authors: best_ranked_authors(fields.authors),
        dates: fields.dates,
        links: fields.link_fields.links,
        enclosures: fields.enclosures,
        tags,
        comments: fields.link_fields.comments_url,
        extras: EntryExtras {
            language: fields.language.filter(|language| !language.is_empty()),
            image: fields.image.take(),
            chapters: sorted_chapters(fields.chapters),
        },
    }
}

/// Sorts chapters by their beginnings.
fn sorted_chapters(mut chapters: Vec<FeedChapter>) -> Vec<FeedChapter> {
    chapters.sort_by_key(|chapter| chapter.start_seconds);
    chapters
}

/// Sets the duration of the episode: of its first sound or video, or else of the only file.
fn set_duration(enclosures: &mut [Enclosure], seconds: u32) {
    let is_medium = |file: &Enclosure| file.is_of_kind("audio") || file.is_of_kind("video");
    let episode = match enclosures.iter().position(is_medium) {
        Some(index) => enclosures.get_mut(index),
        None if enclosures.len() == 1 => enclosures.first_mut(),
        None => None,
    };
    if let Some(file) = episode {
        file.seconds = file.seconds.or(Some(seconds));
    }
}

/// Takes the tags, followed by the labels that differ from every tag.
fn merge_tags_and_labels(fields: &mut CommonFields) -> Vec<String> {
    let mut tags = std::mem::take(&mut fields.tags);
    for label in std::mem::take(&mut fields.tag_labels) {
        tags.insert(label);
    }
    tags.into_vec()
}

/// Returns the persons with the lowest rank, each once. An element of another rank that names all of
/// them and others too has the complete list.
fn best_ranked_authors(authors: Vec<(u8, Person)>) -> Vec<Person> {
    let mut by_rank: BTreeMap<u8, Vec<Person>> = BTreeMap::new();
    for (rank, person) in authors {
        by_rank.entry(rank).or_default().push(person);
    }
    let mut ranked = by_rank.into_values().map(person::merge_same_persons);
    let mut best = ranked.next().unwrap_or_default();
    for people in ranked {
        let both = person::merge_same_persons(best.iter().cloned().chain(people.iter().cloned()));
        if both.len() == people.len() {
            best = both;
        }
    }
    best
}

/// Relations of links that lead to a page about the entry, though not to the entry itself.
const PAGE_RELATIONS: [&str; 6] =
    ["canonical", "bookmark", "permalink", "shorturl", "related", "via"];

/// Chooses the link of an entry: the first of its explicit links, a guid that is a URL, and content
/// outside the document that is not a picture, a sound or a video; or else the first of these; or
/// else a related page, or the first media file.
fn choose_entry_link(fields: &CommonFields) -> Option<String> {
    let link_fields = &fields.link_fields;
    let mut candidates = explicit_links(link_fields);
    candidates.extend(permalink_from_guid(fields));
    candidates.extend(first_link_with_rel(link_fields, "content"));
    let media_links = link_fields.links.iter().filter(|link| is_media_link(link));
    let media_urls = media_links.map(|link| link.href.as_str());
    let files = fields.enclosures.iter().map(|file| file.href.as_str());
    let media_urls: HashSet<&str> = media_urls.chain(files).collect();
    let is_media =
        |href: &String| link_url::is_media_url(href) || media_urls.contains(href.as_str());
    let related = || {
        let mut links = link_fields.links.iter();
        links.find(|link| PAGE_RELATIONS.contains(&link.rel.as_str()) && !is_media_link(link))
    };
    let first_page = candidates.iter().position(|href| !is_media(href)).unwrap_or(0);
    candidates
        .into_iter()
        .nth(first_page)
        .or_else(|| related().map(|link| link.href.clone()))
        .or_else(|| fields.enclosures.first().map(|enclosure| enclosure.href.clone()))
}

/// Returns the links that a document states, in this order: the target of a FeedBurner redirect,
/// the RSS link, Atom's alternates that are web pages, its other alternates.
fn explicit_links(link_fields: &LinkFields) -> Vec<String> {
    let alternates = link_fields.links.iter().filter(|link| link.rel == "alternate");
    let (pages, others): (Vec<&FeedLink>, Vec<&FeedLink>) =
        alternates.partition(|link| link.is_page() && !link_url::is_media_url(&link.href));
    let alternates = pages.into_iter().chain(others).map(|link| link.href.clone());
    let texts = [&link_fields.original_link, &link_fields.rss_link];
    texts.into_iter().flatten().cloned().chain(alternates).collect()
}

/// Returns true if a link leads to a picture, a sound or a video.
fn is_media_link(link: &FeedLink) -> bool {
    let media_type = link.media_type.as_deref().unwrap_or_default();
    let is_media_type =
        ["image/", "audio/", "video/"].iter().any(|kind| media_type.starts_with(kind));
    link.rel == "enclosure" || is_media_type || link_url::is_media_url(&link.href)
}

/// Returns the guid if it is a web URL and is not marked as another kind of identifier.
fn permalink_from_guid(fields: &CommonFields) -> Option<String> {
    if fields.link_fields.guid_is_not_permalink {
        return None;
    }
    let (_, id) = fields.id.0.as_ref()?;
    let id = id.trim();
    let is_web_url = id.starts_with("http://") || id.starts_with("https://");
    is_web_url.then(|| link_url::resolve(id, None))?
}

fn first_link_with_rel(link_fields: &LinkFields, rel: &str) -> Option<String> {
    link_fields.links.iter().find(|link| link.rel == rel).map(|link| link.href.clone())
}

/// Builds the whole document.
///
/// # Errors
/// If the budget is exceeded.
pub(super) fn build_document(
    format: FeedFormat,
    mut fields: CommonFields,
    update_schedule: UpdateSchedule,
    entries: NewestEntries,
    budget: &ParseBudget,
) -> Result<FeedDocument, FeedParseError> {
    let feed = build_feed(&mut fields, update_schedule, budget);
    let (mut entries, total) = entries.into_newest(budget);
    let base = feed.link.clone().or_else(|| feed.self_link.clone()).or(fields.link_fields.base_url);
    fill_defaults(&mut entries, &feed, base.as_deref(), budget)?;
    let mut warnings = Vec::new();
    if total > MAX_ENTRIES {
        let message =
            format!("the feed has {total} entries; only the newest {MAX_ENTRIES} were kept");
        warnings.push(super::FeedWarning { line: 0, message });
    }
    Ok(FeedDocument { format, feed, entries, warnings, is_cut_off: false })
}

fn build_feed(
    fields: &mut CommonFields,
    update_schedule: UpdateSchedule,
    budget: &ParseBudget,
) -> ParsedFeed {
    let mut feed = ParsedFeed {
        title: fields.title.take().unwrap_or_default(),
        link: explicit_links(&fields.link_fields).into_iter().next(),
        self_link: first_link_with_rel(&fields.link_fields, "self"),
        subtitle: fields.summary.take().unwrap_or_default(),
        id: fields.id.take(),
        language: fields.language.take().filter(|language| !language.is_empty()),
        authors: best_ranked_authors(std::mem::take(&mut fields.authors)),
        dates: fields.dates,
        image: fields.image.take(),
        icon: fields.link_fields.icon_url.take(),
        tags: merge_tags_and_labels(fields),
        update_schedule,
        new_feed_url: fields.new_feed_url.take(),
    };
    fill_feed_defaults(&mut feed, budget);
    feed
}

/// Fills in the defaults of a feed: the link is the URL of the document, the title is the link.
/// Resolves the pictures of the feed against its link.
pub(super) fn fill_feed_defaults(feed: &mut ParsedFeed, budget: &ParseBudget) {
    if let (Some(link), Some(base)) = (&feed.link, &feed.self_link)
        && link_url::is_relative(link)
    {
        feed.link = budget.resolve(link, Some(base));
    }
    feed.link = feed.link.take().or_else(|| feed.self_link.clone());
    for picture in [&mut feed.image, &mut feed.icon].into_iter().flatten() {
        complete_url(picture, feed.link.as_deref(), budget);
    }
    if feed.title.shows_nothing()
        && let Some(link) = &feed.link
    {
        feed.title = TextConstruct::plain(link.clone());
    }
}

/// Fills in the defaults of all entries.
///
/// # Errors
/// If the budget is exceeded.
pub(super) fn fill_defaults(
    entries: &mut [ParsedEntry],
    feed: &ParsedFeed,
    base: Option<&str>,
    budget: &ParseBudget,
) -> Result<(), FeedParseError> {
    budget.check()?;
    for entry in entries {
        budget.release(entry_bytes(entry));
        fill_entry_defaults(entry, feed, base, budget);
        budget.charge(entry_bytes(entry));
        budget.check()?;
    }
    Ok(())
}

/// Fills in the defaults of an entry: resolves its relative URLs, takes missing values from the
/// feed, describes its pictures, and derives its date and headline.
fn fill_entry_defaults(
    entry: &mut ParsedEntry,
    feed: &ParsedFeed,
    base: Option<&str>,
    budget: &ParseBudget,
) {
    resolve_entry_urls(entry, base, budget);
    let descriptions = PictureDescriptions::of_files(&entry.enclosures);
    let texts = [&mut entry.summary].into_iter().chain(&mut entry.content);
    for text in texts.filter(|text| text.is_html) {
        descriptions.write_into(&mut text.value, budget);
    }
    if budget.is_exceeded() {
        return;
    }
    inherit_from_feed(entry, feed);
    entry.dates.published = entry.dates.sort_date();
    ensure_headline(entry);
}

/// Gives an entry without a headline one that is derived from its text.
pub fn ensure_headline(entry: &mut ParsedEntry) {
    if entry.title.is_blank() {
        entry.title = TextConstruct::plain(derive_headline(entry));
    }
}

/// Resolves the relative URLs of an entry that no `xml:base` has resolved: its link against `site`,
/// everything else against its link, or against `site` where that is not a page of the article.
fn resolve_entry_urls(entry: &mut ParsedEntry, site: Option<&str>, budget: &ParseBudget) {
    // An id with a slash and without spaces is probably the path of a permalink.
    let relative_id = entry
        .id
        .as_ref()
        .filter(|id| link_url::is_relative(id) && id.contains('/') && !id.contains(' '));
    if let Some(id) = relative_id.and_then(|id| budget.resolve(id, site)) {
        entry.id = Some(id);
    }
    if let Some(href) = entry.link.as_deref().filter(|href| link_url::is_relative(href)) {
        entry.link = budget.resolve(href, site);
    }
    let page = entry.link.as_deref().filter(|link| link_url::is_page_base(link));
    let page = page.map(|link| link_url::with_host_of_site(link, site));
    let base = page.as_deref().or(site);
    if let Some(href) = entry.comments.as_deref().filter(|href| link_url::is_relative(href)) {
        entry.comments = budget.resolve(href, base);
    }
    let files = entry.enclosures.iter_mut().map(|enclosure| &mut enclosure.href);
    let links = entry.links.iter_mut().map(|link| &mut link.href);
    let chapters = entry.extras.chapters.iter_mut().filter_map(|chapter| chapter.link.as_mut());
    for url in files.chain(links).chain(&mut entry.extras.image).chain(chapters) {
        complete_url(url, base, budget);
    }
    let Some(base) = base else { return };
    let texts = [&mut entry.title, &mut entry.summary].into_iter().chain(&mut entry.content);
    for text in texts.filter(|text| text.is_html) {
        relative_urls::resolve_html_urls(&mut text.value, base, budget);
    }
}

/// Resolves `url` against `base` if it is relative and if that gives a URL.
fn complete_url(url: &mut String, base: Option<&str>, budget: &ParseBudget) {
    if link_url::is_relative(url)
        && let Some(resolved) = budget.resolve(url, base)
    {
        *url = resolved;
    }
}

/// Copies link, tags, authors and language of the feed if the entry has none.
fn inherit_from_feed(entry: &mut ParsedEntry, feed: &ParsedFeed) {
    if entry.link.is_none() {
        entry.link.clone_from(&feed.link);
    }
    if entry.tags.is_empty() {
        entry.tags.clone_from(&feed.tags);
    }
    if entry.authors.is_empty() {
        entry.authors.clone_from(&feed.authors);
    }
    if entry.extras.language.is_none() {
        entry.extras.language.clone_from(&feed.language);
    }
}

/// Derives a headline from the beginning of the entry's text, or else from its link or id.
fn derive_headline(entry: &ParsedEntry) -> String {
    // Plain text is preferred to HTML: nothing is lost by removing markup.
    let text = entry
        .content
        .iter()
        .find(|content| !content.is_html)
        .unwrap_or(entry.longest_text())
        .to_single_line();
    if text.is_empty() {
        let mut files = entry.enclosures.iter();
        if let Some(description) = files.find_map(|file| file.description.clone()) {
            return description;
        }
        return entry.link.clone().or_else(|| entry.id.clone()).unwrap_or_default();
    }
    let truncated = crate::text::truncate(&text, MAX_HEADLINE_WIDTH);
    if truncated.len() == text.len() {
        return text;
    }
    let whole_words = truncated.rsplit_once(' ').map_or(&*truncated, |(words, _)| words);
    format!("{}…", whole_words.trim_end_matches('…'))
}
