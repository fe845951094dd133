//! What a document means where it does not say it: fall-backs, and the newest of too many.

use super::{
    address,
    draft::{Draft, Thing},
    parsed::{Aside, Link, Parsed, ParsedEntry, ParsedFeed, Person, Rich},
};

/// Entries kept of one document, the newest.
pub(super) const MAX_ENTRIES: usize = 5_000;

/// Cells of a headline made from the text of an entry.
const HEADLINE: usize = 100;

/// The entries of a document while it is read; memory is bounded.
#[derive(Debug, Default)]
pub(super) struct Entries {
    list: Vec<ParsedEntry>,
    seen: usize,
}

impl Entries {
    pub(super) fn push(&mut self, entry: ParsedEntry) {
        self.seen += 1;
        self.list.push(entry);
        if self.list.len() >= 2 * MAX_ENTRIES {
            self.prune();
        }
    }

    /// Leaves the newest; where dates are equal or missing, those that come first.
    fn prune(&mut self) {
        if self.list.len() <= MAX_ENTRIES {
            return;
        }
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(self.list[*index].dates.best()));
        order.truncate(MAX_ENTRIES);
        order.sort_unstable();
        let mut kept = order.into_iter().peekable();
        let mut index = 0;
        self.list.retain(|_| {
            let keep = kept.next_if_eq(&index).is_some();
            index += 1;
            keep
        });
    }

    /// The entries, and how many there were.
    pub(super) fn into_list(mut self) -> (Vec<ParsedEntry>, usize) {
        self.prune();
        (self.list, self.seen)
    }
}

/// An entry from what was said of it.
pub(super) fn entry(mut thing: Thing) -> ParsedEntry {
    let link = link(&thing, true);
    let mut summary = thing.summary.take().unwrap_or_default();
    if thing.content.len() == 1 && thing.content[0] == summary {
        summary = Rich::default();
    }
    let tags = tags(&mut thing);
    ParsedEntry {
        title: thing.title.take().unwrap_or_default(),
        link,
        id: thing.id.take(),
        summary,
        content: thing.content,
        authors: best(thing.authors),
        dates: thing.dates,
        links: thing.addresses.links,
        enclosures: thing.enclosures,
        tags,
        comments: thing.addresses.comments,
        aside: Aside {
            language: thing.language.filter(|language| !language.is_empty()),
            image: thing.image.take(),
        },
    }
}

/// The words, and after them those labels that say something else.
fn tags(thing: &mut Thing) -> Vec<String> {
    let mut tags = std::mem::take(&mut thing.tags);
    for label in std::mem::take(&mut thing.labels) {
        if !tags.contains(&label) {
            tags.push(label);
        }
    }
    tags
}

/// Those who are named by what ranks best.
fn best(mut authors: Vec<(u8, Person)>) -> Vec<Person> {
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
fn link(thing: &Thing, of_entry: bool) -> Option<String> {
    let addresses = &thing.addresses;
    let alternates = || addresses.links.iter().filter(|link| link.rel == "alternate");
    let page = |link: &&Link| link.kind.as_deref().is_none_or(|kind| kind.contains("html"));
    let alternate = alternates().find(page).or_else(|| alternates().next()).map(|link| link.href.clone());
    let found = addresses.original.clone().or_else(|| addresses.written.clone()).or(alternate);
    if !of_entry {
        return found;
    }
    let id = thing.id.0.as_ref().filter(|_| !addresses.id_is_no_link).map(|(_, id)| id.trim());
    let permalink = || {
        id.filter(|id| id.starts_with("http://") || id.starts_with("https://"))
            .and_then(|id| address::resolve(id, None))
    };
    let elsewhere =
        || addresses.links.iter().find(|link| link.rel == "content").map(|link| link.href.clone());
    let file = || thing.enclosures.first().map(|file| file.href.clone());
    found.or_else(permalink).or_else(elsewhere).or_else(file)
}

/// The whole document.
pub(super) fn document(mut draft: Draft) -> Parsed {
    let own_link =
        draft.feed.addresses.links.iter().find(|link| link.rel == "self").map(|link| link.href.clone());
    let feed = feed(&mut draft.feed, own_link, std::mem::take(&mut draft.pace));
    let (mut entries, seen) = draft.entries.into_list();
    let base = feed.link.clone().or_else(|| feed.own_link.clone()).or(draft.feed.addresses.base);
    for entry in &mut entries {
        complete(entry, &feed, base.as_deref());
    }
    let mut complaints = Vec::new();
    if seen > MAX_ENTRIES {
        let sentence = format!("the feed has {seen} entries; the newest {MAX_ENTRIES} were read");
        complaints.push(super::Complaint { line: 0, sentence });
    }
    Parsed { format: draft.format.unwrap_or_default(), feed, entries, complaints }
}

fn feed(thing: &mut Thing, own_link: Option<String>, pace: super::parsed::Pace) -> ParsedFeed {
    let mut feed = ParsedFeed {
        title: thing.title.take().unwrap_or_default(),
        link: link(thing, false),
        own_link,
        subtitle: thing.summary.take().unwrap_or_default(),
        id: thing.id.take(),
        language: thing.language.take().filter(|language| !language.is_empty()),
        authors: best(std::mem::take(&mut thing.authors)),
        dates: thing.dates,
        image: thing.image.take(),
        icon: thing.addresses.icon.take(),
        tags: tags(thing),
        pace,
    };
    complete_feed(&mut feed);
    feed
}

/// A feed without a page is where its document is; one without a name is called by its address.
pub(super) fn complete_feed(feed: &mut ParsedFeed) {
    if let (Some(link), Some(base)) = (&feed.link, &feed.own_link)
        && address::is_relative(link)
    {
        feed.link = address::resolve(link, Some(base));
    }
    feed.link = feed.link.take().or_else(|| feed.own_link.clone());
    if feed.title.is_empty()
        && let Some(link) = &feed.link
    {
        feed.title = Rich::plain(link.clone());
    }
}

/// What an entry has from its feed, and what is made of what else it has.
pub(super) fn complete(entry: &mut ParsedEntry, feed: &ParsedFeed, base: Option<&str>) {
    let permanent =
        entry.id.as_ref().filter(|id| address::is_relative(id) && id.contains('/') && !id.contains(' '));
    if let Some(id) = permanent.and_then(|id| address::resolve(id, base)) {
        entry.id = Some(id);
    }
    let resolve = |link: &mut Option<String>| {
        if let Some(href) = link.as_deref().filter(|href| address::is_relative(href)) {
            *link = address::resolve(href, base);
        }
    };
    resolve(&mut entry.link);
    resolve(&mut entry.comments);
    for enclosure in &mut entry.enclosures {
        if address::is_relative(&enclosure.href)
            && let Some(href) = address::resolve(&enclosure.href, base)
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
    if entry.aside.language.is_none() {
        entry.aside.language.clone_from(&feed.language);
    }
    entry.dates.published = entry.dates.best();
    if entry.title.is_empty() {
        entry.title = Rich::plain(headline(entry));
    }
}

/// A headline for an entry that has none: how its text begins, or its address.
fn headline(entry: &ParsedEntry) -> String {
    // Of HTML and text, the text has no markup to lose.
    let text = entry.content.iter().find(|content| !content.html).unwrap_or(entry.text()).line();
    if text.is_empty() {
        return entry.link.clone().or_else(|| entry.id.clone()).unwrap_or_default();
    }
    let cut = crate::text::cut(&text, HEADLINE);
    if cut.len() == text.len() {
        return text;
    }
    let whole = cut.rsplit_once(' ').map_or(&*cut, |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches('…'))
}
