//! What a document has said so far: of the feed, and of the entry that is being read.

use chrono::{DateTime, Utc};

use super::{
    address, date,
    events::Tag,
    finish::{self, Entries},
    names::{Name, Space},
    parsed::{Dates, Enclosure, Format, Link, Pace, Parsed, Person, Rich},
    person, relative,
    value::Collected,
    vocabulary::{Field, Rank},
};

/// A value with the rank of what said it: a later one replaces it only if it ranks better.
#[derive(Debug, Default)]
pub(super) struct Ranked<T>(pub(super) Option<(Rank, T)>);

impl<T> Ranked<T> {
    pub(super) fn offer(&mut self, rank: Rank, value: T) {
        if self.0.as_ref().is_none_or(|(known, _)| rank < *known) {
            self.0 = Some((rank, value));
        }
    }

    pub(super) fn take(&mut self) -> Option<T> {
        self.0.take().map(|(_, value)| value)
    }
}

/// What is said alike of a feed and of an entry.
#[derive(Debug, Default)]
pub(super) struct Thing {
    pub(super) title: Ranked<Rich>,
    pub(super) summary: Ranked<Rich>,
    pub(super) content: Vec<Rich>,
    pub(super) id: Ranked<String>,
    pub(super) authors: Vec<(Rank, Person)>,
    pub(super) dates: Dates,
    pub(super) addresses: Addresses,
    pub(super) enclosures: Vec<Enclosure>,
    pub(super) tags: Vec<String>,
    /// Words for people, where a tag has one beside its own.
    pub(super) labels: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) image: Ranked<String>,
}

/// Where a thing is found.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    pub(super) links: Vec<Link>,
    /// The text of RSS's `link`.
    pub(super) written: Option<String>,
    /// Where a distributor's link leads in the end.
    pub(super) original: Option<String>,
    /// RSS 2.0: a guid is a link unless it says that it is not.
    pub(super) id_is_no_link: bool,
    pub(super) comments: Option<String>,
    pub(super) icon: Option<String>,
    /// The base of addresses where the thing begins.
    pub(super) base: Option<String>,
}

/// A document while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) format: Option<Format>,
    pub(super) feed: Thing,
    pub(super) pace: Pace,
    entry: Option<Thing>,
    pub(super) entries: Entries,
    person: Person,
    frequency: Option<u32>,
    period: Option<u32>,
}

impl Draft {
    fn thing(&mut self) -> &mut Thing {
        self.entry.as_mut().unwrap_or(&mut self.feed)
    }

    /// Whether Atom's rules for text hold.
    pub(super) fn is_atom(&self) -> bool {
        self.format == Some(Format::Atom)
    }

    /// Learns the format from an element that only it has.
    pub(super) fn format_of(&mut self, name: Name, tag: &Tag<'_>, space: Space) {
        let format = match name {
            Name::Feed | Name::Entry => Format::Atom,
            Name::Channel | Name::Item if space == Space::Plain && tag.attribute("href").is_some() => {
                Format::Cdf
            }
            _ => Format::Rss,
        };
        self.format.get_or_insert(format);
    }

    pub(super) fn feed_begins(&mut self, tag: &Tag<'_>, language: Option<&String>, base: Option<&str>) {
        self.feed.language = self.feed.language.take().or_else(|| language.cloned());
        self.feed.addresses.base = base.map(str::to_owned);
        self.described(tag, base);
    }

    pub(super) fn entry_begins(&mut self, tag: &Tag<'_>, language: Option<&String>, base: Option<&str>) {
        let mut entry = Thing { language: language.cloned(), ..Thing::default() };
        entry.addresses.base = base.map(str::to_owned);
        self.entry = Some(entry);
        if let Some(about) = tag.attribute("about") {
            self.thing().id.offer(1, about);
        }
        self.described(tag, base);
    }

    /// CDF says in attributes where things are and when they changed.
    fn described(&mut self, tag: &Tag<'_>, base: Option<&str>) {
        if let Some(href) = tag.attribute("href") {
            self.link(&href, &Tag { raw: "<link>", name: "link", empty: true }, base);
        }
        let changed = tag.attribute("lastmod").and_then(|text| date::parse(&text));
        let dates = &mut self.thing().dates;
        dates.updated = dates.updated.or(changed);
    }

    pub(super) fn entry_ends(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.entries.push(finish::entry(entry));
        }
    }

    /// A link whose address is an attribute (RFC 4287 §4.2.7).
    pub(super) fn link(&mut self, href: &str, tag: &Tag<'_>, base: Option<&str>) {
        let Some(href) = address::absolute(href, base) else { return };
        let rel = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        let rel = rel.rsplit('/').next().filter(|rel| !rel.is_empty()).unwrap_or("alternate").to_owned();
        let kind = tag.attribute("type");
        if rel == "enclosure" {
            self.enclosure(tag, "length", base);
        }
        if rel == "replies" && kind.as_deref().is_none_or(|kind| kind.contains("html")) {
            self.thing().addresses.comments.get_or_insert_with(|| href.clone());
        }
        self.thing().addresses.links.push(Link { href, rel, kind });
    }

    /// Content that is elsewhere (RFC 4287 §4.1.3.2).
    pub(super) fn elsewhere(&mut self, src: &str, tag: &Tag<'_>, base: Option<&str>) {
        if let Some(href) = address::absolute(src, base) {
            self.thing().addresses.links.push(Link {
                href,
                rel: "content".to_owned(),
                kind: tag.attribute("type"),
            });
        }
    }

    /// A file, its address and size in attributes.
    pub(super) fn enclosure(&mut self, tag: &Tag<'_>, length: &str, base: Option<&str>) {
        let href = tag
            .attribute("url")
            .or_else(|| tag.attribute("href"))
            .and_then(|href| address::absolute(&href, base));
        let Some(href) = href else { return };
        let enclosures = &mut self.thing().enclosures;
        if enclosures.iter().any(|known| known.href == href) {
            return;
        }
        let length = tag.attribute(length).and_then(|length| length.parse().ok()).unwrap_or(0);
        enclosures.push(Enclosure { href, kind: tag.attribute("type"), length });
    }

    /// A file of Media RSS; a picture of it is the picture of the entry.
    pub(super) fn media(&mut self, tag: &Tag<'_>, base: Option<&str>) {
        let kind = tag.attribute("type").or_else(|| tag.attribute("medium")).unwrap_or_default();
        if kind.starts_with("image")
            && let Some(url) = tag.attribute("url")
        {
            self.image(3, &url, base);
        }
        self.enclosure(tag, "fileSize", base);
    }

    pub(super) fn thumbnail(&mut self, tag: &Tag<'_>, base: Option<&str>) {
        if let Some(url) = tag.attribute("url") {
            self.image(2, &url, base);
        }
    }

    pub(super) fn image(&mut self, rank: Rank, url: &str, base: Option<&str>) {
        if let Some(url) = address::absolute(url, base) {
            self.thing().image.offer(rank, url);
        }
    }

    /// A category with a term; its label is the word for people (RFC 4287 §4.2.2.3).
    pub(super) fn category(&mut self, term: &str, tag: &Tag<'_>) {
        self.tag(term);
        self.thing().labels.extend(tag.attribute("label"));
    }

    /// The word for people of a category that is read as text.
    pub(super) fn label(&mut self, tag: &Tag<'_>) {
        self.thing().labels.extend(tag.attribute("label"));
    }

    /// Whether an entry is being read.
    pub(super) fn in_entry(&self) -> bool {
        self.entry.is_some()
    }

    pub(super) fn tag(&mut self, term: &str) {
        let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
        let tags = &mut self.thing().tags;
        if !term.is_empty() && !tags.contains(&term) {
            tags.push(term);
        }
    }

    pub(super) fn id_is_no_link(&mut self) {
        self.thing().addresses.id_is_no_link = true;
    }

    pub(super) fn person_ends(&mut self, rank: Rank, written: &str) {
        let mut told = std::mem::take(&mut self.person);
        if told == Person::default() {
            told = person::parse(written);
        }
        if told != Person::default() {
            self.thing().authors.push((rank, told));
        }
    }

    /// Takes a value that was read; gives back what is wrong with it.
    pub(super) fn take(&mut self, value: &Collected, base: Option<&str>) -> Option<String> {
        match value.field {
            Field::Title(rank) => {
                let title = resolved(value.rich(), base);
                if !title.is_empty() {
                    self.thing().title.offer(rank, title);
                }
            }
            Field::Summary(rank) => self.summary(rank, resolved(value.rich(), base)),
            Field::Content => {
                let content = resolved(value.rich(), base);
                if !content.is_empty() {
                    self.thing().content.push(content);
                }
            }
            Field::Tag => {
                let tag = value.rich().value;
                self.tag(&tag);
            }
            field => return self.take_text(field, value.text(), base),
        }
        None
    }

    /// A second description is the whole text after a summary, and the other way round: both are kept.
    fn summary(&mut self, rank: Rank, summary: Rich) {
        if summary.is_empty() {
            return;
        }
        let thing = self.thing();
        match &thing.summary.0 {
            Some((known, _)) if *known == rank => thing.content.push(summary),
            _ => thing.summary.offer(rank, summary),
        }
    }

    fn take_text(&mut self, field: Field, text: String, base: Option<&str>) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        match field {
            Field::Published | Field::Updated | Field::Created => return self.date(field, &text),
            Field::Link => {
                let written = &mut self.thing().addresses.written;
                *written = written.take().or_else(|| address::absolute(&text, base));
            }
            Field::OriginalLink => self.thing().addresses.original = address::absolute(&text, base),
            Field::OriginalFile => {
                let href = address::absolute(&text, base);
                if let (Some(href), Some(file)) = (href, self.thing().enclosures.first_mut()) {
                    file.href = href;
                }
            }
            Field::Id(rank) => self.thing().id.offer(rank, text),
            Field::PersonName => self.person.name = Some(text),
            Field::PersonEmail => self.person.email = Some(text),
            Field::Tags => text.split(',').for_each(|tag| self.tag(tag)),
            Field::Comments => self.thing().addresses.comments = address::absolute(&text, base),
            Field::Language => self.thing().language = Some(text.replace('_', "-")),
            Field::Image(rank) => self.image(rank, &text, base),
            Field::Icon => self.thing().addresses.icon = address::absolute(&text, base),
            field => self.take_pace(field, &text),
        }
        None
    }

    fn date(&mut self, field: Field, text: &str) -> Option<String> {
        let Some(at) = date::parse(text) else {
            return Some(format!("\u{201c}{}\u{201d} is no date", crate::text::cut(text, 60)));
        };
        let dates = &mut self.thing().dates;
        let slot: &mut Option<DateTime<Utc>> = match field {
            Field::Published => &mut dates.published,
            Field::Updated => &mut dates.updated,
            _ => &mut dates.created,
        };
        *slot = Some(at);
        None
    }

    fn take_pace(&mut self, field: Field, text: &str) {
        match field {
            Field::Minutes => self.pace.minutes = text.parse().ok(),
            Field::SkipHour => self.pace.skip_hours.extend(text.parse::<u8>().ok().map(|hour| hour % 24)),
            Field::SkipDay => {
                let day = text.parse::<chrono::Weekday>().ok();
                self.pace.skip_days.extend(day.and_then(|day| u8::try_from(day.num_days_from_monday()).ok()));
            }
            Field::Period => self.period = period(text),
            Field::Frequency => self.frequency = text.parse().ok().filter(|times| *times > 0),
            _ => {}
        }
    }

    /// Everything that was said.
    pub(super) fn into_parsed(mut self) -> Parsed {
        self.entry_ends();
        if let Some(minutes) = self.period {
            self.pace.minutes.get_or_insert(minutes / self.frequency.unwrap_or(1));
        }
        finish::document(self)
    }
}

/// Minutes in a period of the syndication module.
fn period(text: &str) -> Option<u32> {
    Some(match text {
        "hourly" => 60,
        "daily" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    })
}

fn resolved(mut rich: Rich, base: Option<&str>) -> Rich {
    if rich.html
        && let Some(base) = base
    {
        relative::resolve(&mut rich.value, base);
    }
    rich
}
