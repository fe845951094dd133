//! What a document means where it does not say it: fall-backs, and the newest of too many.

use super::{
    builder::{CommonFields, FeedBuilder},
    feed_document::{
        EntryExtras, FeedDocument, FeedLink, ParsedEntry, ParsedFeed, Person, TextConstruct,
    },
    link_url,
};

/// Entries kept of one document, the newest.
pub(super) const MAX_ENTRIES: usize = 5_000;

/// Cells of a headline made from the text of an entry.
const MAX_HEADLINE_WIDTH: usize = 100;

/// The entries of a document while it is read; memory is bounded.
#[derive(Debug, Default)]
pub(super) struct NewestEntries {
    entries: Vec<ParsedEntry>,
    total: usize,
}

impl NewestEntries {
    pub(super) fn push(&mut self, entry: ParsedEntry) {
        self.total += 1;
        self.entries.push(entry);
        if self.entries.len() >= 2 * MAX_ENTRIES {
            self.drop_oldest();
        }
    }

    /// Leaves the newest; where dates are equal or missing, those that come first.
    fn drop_oldest(&mut self) {
        if self.entries.len() <= MAX_ENTRIES {
            return;
        }
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(self.entries[*index].dates.sort_date()));
        order.truncate(MAX_ENTRIES);
        order.sort_unstable();
        let mut kept = order.into_iter().peekable();
        let mut index = 0;
        self.entries.retain(|_| {
            let keep = kept.next_if_eq(&index).is_some();
            index += 1;
            keep
        });
    }

    /// The entries, and how many there were.
    pub(super) fn into_newest(mut self) -> (Vec<ParsedEntry>, usize) {
        self.drop_oldest();
        (self.entries, self.total)
    }
}

/// An entry from what was said of it.
pub(super) fn build_entry(mut thing: CommonFields) -> ParsedEntry {
    let link = choose_link(&thing, true);
    let mut summary = thing.summary.take().unwrap_or_default();
    if thing.content.len() == 1 && thing.content[0] == summary {
        summary = TextConstruct::default();
    }
    let tags = merge_tags_and_labels(&mut thing);
    ParsedEntry {
        title: thing.title.take().unwrap_or_default(),
        link,
        id: thing.id.take(),
        summary,
        content: thing.content,
        authors: best_ranked_authors(thing.authors),
        dates: thing.dates,
        links: thing.link_fields.links,
        enclosures: thing.enclosures,
        tags,
        comments: thing.link_fields.comments_url,
        extras: EntryExtras {
            language: thing.language.filter(|language| !language.is_empty()),
            image: thing.image.take(),
        },
    }
}

/// The words, and after them those labels that say something else.
fn merge_tags_and_labels(thing: &mut CommonFields) -> Vec<String> {
    let mut tags = std::mem::take(&mut thing.tags);
    for label in std::mem::take(&mut thing.tag_labels) {
        if !tags.contains(&label) {
            tags.push(label);
        }
    }
    tags
}

/// Those who are named by what ranks best.
fn best_ranked_authors(mut authors: Vec<(u8, Person)>) -> Vec<Person> {
    let rank = authors.iter().map(|(rank, _)| *rank).min();
    authors.retain(|(known, _)| Some(*known) == rank);
    let mut people: Vec<Person> = Vec::new();
    for (_, person) in authors {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

/// The address of a thing: what a distributor put its own in place of, what RSS writes, Atom's first alternate that a
/// browser can show, a guid that is a link, content elsewhere, and last a file that belongs to it.
fn choose_link(thing: &CommonFields, of_entry: bool) -> Option<String> {
    let addresses = &thing.link_fields;
    let alternates = || addresses.links.iter().filter(|link| link.rel == "alternate");
    let page =
        |link: &&FeedLink| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    let alternate =
        alternates().find(page).or_else(|| alternates().next()).map(|link| link.href.clone());
    let found =
        addresses.original_link.clone().or_else(|| addresses.rss_link.clone()).or(alternate);
    if !of_entry {
        return found;
    }
    let id =
        thing.id.0.as_ref().filter(|_| !addresses.guid_is_not_permalink).map(|(_, id)| id.trim());
    let permalink = || {
        id.filter(|id| id.starts_with("http://") || id.starts_with("https://"))
            .and_then(|id| link_url::resolve(id, None))
    };
    let elsewhere =
        || addresses.links.iter().find(|link| link.rel == "content").map(|link| link.href.clone());
    let file = || thing.enclosures.first().map(|file| file.href.clone());
    found.or_else(permalink).or_else(elsewhere).or_else(file)
}

/// The whole document.
pub(super) fn build_document(mut draft: FeedBuilder) -> FeedDocument {
    let own_link = draft
        .feed
        .link_fields
        .links
        .iter()
        .find(|link| link.rel == "self")
        .map(|link| link.href.clone());
    let feed = build_feed(&mut draft.feed, own_link, std::mem::take(&mut draft.update_schedule));
    let (mut entries, seen) = draft.entries.into_newest();
    let base =
        feed.link.clone().or_else(|| feed.self_link.clone()).or(draft.feed.link_fields.base_url);
    for entry in &mut entries {
        fill_entry_defaults(entry, &feed, base.as_deref());
    }
    let mut complaints = Vec::new();
    if seen > MAX_ENTRIES {
        let sentence = format!("the feed has {seen} entries; the newest {MAX_ENTRIES} were read");
        complaints.push(super::FeedWarning { line: 0, message: sentence });
    }
    FeedDocument { format: draft.format.unwrap_or_default(), feed, entries, warnings: complaints }
}

fn build_feed(
    thing: &mut CommonFields,
    own_link: Option<String>,
    pace: super::feed_document::UpdateSchedule,
) -> ParsedFeed {
    let mut feed = ParsedFeed {
        title: thing.title.take().unwrap_or_default(),
        link: choose_link(thing, false),
        self_link: own_link,
        subtitle: thing.summary.take().unwrap_or_default(),
        id: thing.id.take(),
        language: thing.language.take().filter(|language| !language.is_empty()),
        authors: best_ranked_authors(std::mem::take(&mut thing.authors)),
        dates: thing.dates,
        image: thing.image.take(),
        icon: thing.link_fields.icon_url.take(),
        tags: merge_tags_and_labels(thing),
        update_schedule: pace,
    };
    fill_feed_defaults(&mut feed);
    feed
}

/// A feed without a page is where its document is; one without a name is called by its address.
pub(super) fn fill_feed_defaults(feed: &mut ParsedFeed) {
    if let (Some(link), Some(base)) = (&feed.link, &feed.self_link)
        && link_url::is_relative(link)
    {
        feed.link = link_url::resolve(link, Some(base));
    }
    feed.link = feed.link.take().or_else(|| feed.self_link.clone());
    if feed.title.is_empty()
        && let Some(link) = &feed.link
    {
        feed.title = TextConstruct::plain(link.clone());
    }
}

/// What an entry has from its feed, and what is made of what else it has.
pub(super) fn fill_entry_defaults(entry: &mut ParsedEntry, feed: &ParsedFeed, base: Option<&str>) {
    let permanent = entry
        .id
        .as_ref()
        .filter(|id| link_url::is_relative(id) && id.contains('/') && !id.contains(' '));
    if let Some(id) = permanent.and_then(|id| link_url::resolve(id, base)) {
        entry.id = Some(id);
    }
    let resolve = |link: &mut Option<String>| {
        if let Some(href) = link.as_deref().filter(|href| link_url::is_relative(href)) {
            *link = link_url::resolve(href, base);
        }
    };
    resolve(&mut entry.link);
    resolve(&mut entry.comments);
    for enclosure in &mut entry.enclosures {
        if link_url::is_relative(&enclosure.href)
            && let Some(href) = link_url::resolve(&enclosure.href, base)
        {
            enclosure.href = href;
        }
    }
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
    entry.dates.published = entry.dates.sort_date();
    if entry.title.is_empty() {
        entry.title = TextConstruct::plain(derive_headline(entry));
    }
}

/// A headline for an entry that has none: how its text begins, or its address.
fn derive_headline(entry: &ParsedEntry) -> String {
    // Of HTML and text, the text has no markup to lose.
    let text = entry
        .content
        .iter()
        .find(|content| !content.is_html)
        .unwrap_or(entry.longest_text())
        .to_single_line();
    if text.is_empty() {
        return entry.link.clone().or_else(|| entry.id.clone()).unwrap_or_default();
    }
    let cut = crate::text::truncate(&text, MAX_HEADLINE_WIDTH);
    if cut.len() == text.len() {
        return text;
    }
    let whole = cut.rsplit_once(' ').map_or(&*cut, |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches('…'))
}
