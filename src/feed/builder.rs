//! What a document has said so far: of the feed, and of the entry that is being read.

use chrono::{DateTime, Utc};

use super::{
    date,
    elements::{FeedField, SourceRank},
    fallbacks::{self, NewestEntries},
    feed_document::{
        Enclosure, FeedDates, FeedDocument, FeedFormat, FeedLink, Person, TextConstruct,
        UpdateSchedule,
    },
    link_url,
    namespaces::{ElementName, Namespace},
    person, relative_urls,
    text_construct::TextConstructBuilder,
    xml_tokenizer::XmlTag,
};

/// A value with the rank of what said it: a later one replaces it only if it ranks better.
#[derive(Debug, Default)]
pub(super) struct RankedValue<T>(pub(super) Option<(SourceRank, T)>);

impl<T> RankedValue<T> {
    pub(super) fn offer(&mut self, rank: SourceRank, value: T) {
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
pub(super) struct CommonFields {
    pub(super) title: RankedValue<TextConstruct>,
    pub(super) summary: RankedValue<TextConstruct>,
    pub(super) content: Vec<TextConstruct>,
    pub(super) id: RankedValue<String>,
    pub(super) authors: Vec<(SourceRank, Person)>,
    pub(super) dates: FeedDates,
    pub(super) link_fields: LinkFields,
    pub(super) enclosures: Vec<Enclosure>,
    pub(super) tags: Vec<String>,
    /// Words for people, where a tag has one beside its own.
    pub(super) tag_labels: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) image: RankedValue<String>,
}

/// Where a thing is found.
#[derive(Debug, Default)]
pub(super) struct LinkFields {
    pub(super) links: Vec<FeedLink>,
    /// The text of RSS's `link`.
    pub(super) rss_link: Option<String>,
    /// Where a distributor's link leads in the end.
    pub(super) original_link: Option<String>,
    /// RSS 2.0: a guid is a link unless it says that it is not.
    pub(super) guid_is_not_permalink: bool,
    pub(super) comments_url: Option<String>,
    pub(super) icon_url: Option<String>,
    /// The base of addresses where the thing begins.
    pub(super) base_url: Option<String>,
}

/// A document while it is read.
#[derive(Debug, Default)]
pub(super) struct FeedBuilder {
    pub(super) format: Option<FeedFormat>,
    pub(super) feed: CommonFields,
    pub(super) update_schedule: UpdateSchedule,
    entry: Option<CommonFields>,
    pub(super) entries: NewestEntries,
    current_person: Person,
    update_frequency: Option<u32>,
    update_period_minutes: Option<u32>,
}

impl FeedBuilder {
    fn current_fields(&mut self) -> &mut CommonFields {
        self.entry.as_mut().unwrap_or(&mut self.feed)
    }

    /// Whether Atom's rules for text hold.
    pub(super) fn is_atom(&self) -> bool {
        self.format == Some(FeedFormat::Atom)
    }

    /// Learns the format from an element that only it has.
    pub(super) fn detect_format(&mut self, name: ElementName, tag: &XmlTag<'_>, space: Namespace) {
        let format = match name {
            ElementName::Feed | ElementName::Entry => FeedFormat::Atom,
            ElementName::Channel | ElementName::Item
                if space == Namespace::Plain && tag.attribute("href").is_some() =>
            {
                FeedFormat::Cdf
            }
            _ => FeedFormat::Rss,
        };
        self.format.get_or_insert(format);
    }

    pub(super) fn begin_feed(
        &mut self,
        tag: &XmlTag<'_>,
        language: Option<&String>,
        base: Option<&str>,
    ) {
        self.feed.language = self.feed.language.take().or_else(|| language.cloned());
        self.feed.link_fields.base_url = base.map(str::to_owned);
        self.read_cdf_attributes(tag, base);
    }

    pub(super) fn begin_entry(
        &mut self,
        tag: &XmlTag<'_>,
        language: Option<&String>,
        base: Option<&str>,
    ) {
        let mut entry = CommonFields { language: language.cloned(), ..CommonFields::default() };
        entry.link_fields.base_url = base.map(str::to_owned);
        self.entry = Some(entry);
        if let Some(about) = tag.attribute("about") {
            self.current_fields().id.offer(1, about);
        }
        self.read_cdf_attributes(tag, base);
    }

    /// CDF says in attributes where things are and when they changed.
    fn read_cdf_attributes(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        if let Some(href) = tag.attribute("href") {
            self.add_link(
                &href,
                &XmlTag { raw: "<link>", name: "link", is_self_closing: true },
                base,
            );
        }
        let changed = tag.attribute("lastmod").and_then(|text| date::parse_date(&text));
        let dates = &mut self.current_fields().dates;
        dates.updated = dates.updated.or(changed);
    }

    pub(super) fn end_entry(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.entries.push(fallbacks::build_entry(entry));
        }
    }

    /// A link whose address is an attribute (RFC 4287 §4.2.7).
    pub(super) fn add_link(&mut self, href: &str, tag: &XmlTag<'_>, base: Option<&str>) {
        let Some(href) = link_url::resolve_href(href, base) else { return };
        let rel = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        let rel =
            rel.rsplit('/').next().filter(|rel| !rel.is_empty()).unwrap_or("alternate").to_owned();
        let kind = tag.attribute("type");
        if rel == "enclosure" {
            self.add_enclosure(tag, "length", base);
        }
        if rel == "replies" && kind.as_deref().is_none_or(|kind| kind.contains("html")) {
            self.current_fields().link_fields.comments_url.get_or_insert_with(|| href.clone());
        }
        self.current_fields().link_fields.links.push(FeedLink { href, rel, media_type: kind });
    }

    /// Content that is elsewhere (RFC 4287 §4.1.3.2).
    pub(super) fn add_content_src(&mut self, src: &str, tag: &XmlTag<'_>, base: Option<&str>) {
        if let Some(href) = link_url::resolve_href(src, base) {
            self.current_fields().link_fields.links.push(FeedLink {
                href,
                rel: "content".to_owned(),
                media_type: tag.attribute("type"),
            });
        }
    }

    /// A file, its address and size in attributes.
    pub(super) fn add_enclosure(&mut self, tag: &XmlTag<'_>, length: &str, base: Option<&str>) {
        let href = tag
            .attribute("url")
            .or_else(|| tag.attribute("href"))
            .and_then(|href| link_url::resolve_href(&href, base));
        let Some(href) = href else { return };
        let enclosures = &mut self.current_fields().enclosures;
        if enclosures.iter().any(|known| known.href == href) {
            return;
        }
        let length = tag.attribute(length).and_then(|length| length.parse().ok()).unwrap_or(0);
        enclosures.push(Enclosure { href, media_type: tag.attribute("type"), length });
    }

    /// A file of Media RSS; a picture of it is the picture of the entry.
    pub(super) fn add_media_content(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        let kind = tag.attribute("type").or_else(|| tag.attribute("medium")).unwrap_or_default();
        if kind.starts_with("image")
            && let Some(url) = tag.attribute("url")
        {
            self.offer_image(3, &url, base);
        }
        self.add_enclosure(tag, "fileSize", base);
    }

    pub(super) fn add_thumbnail(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        if let Some(url) = tag.attribute("url") {
            self.offer_image(2, &url, base);
        }
    }

    pub(super) fn offer_image(&mut self, rank: SourceRank, url: &str, base: Option<&str>) {
        if let Some(url) = link_url::resolve_href(url, base) {
            self.current_fields().image.offer(rank, url);
        }
    }

    /// A category with a term; its label is the word for people (RFC 4287 §4.2.2.3).
    pub(super) fn add_category(&mut self, term: &str, tag: &XmlTag<'_>) {
        self.add_tag(term);
        self.current_fields().tag_labels.extend(tag.attribute("label"));
    }

    /// The word for people of a category that is read as text.
    pub(super) fn add_category_label(&mut self, tag: &XmlTag<'_>) {
        self.current_fields().tag_labels.extend(tag.attribute("label"));
    }

    /// Whether an entry is being read.
    pub(super) fn is_in_entry(&self) -> bool {
        self.entry.is_some()
    }

    pub(super) fn add_tag(&mut self, term: &str) {
        let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
        let tags = &mut self.current_fields().tags;
        if !term.is_empty() && !tags.contains(&term) {
            tags.push(term);
        }
    }

    pub(super) fn mark_guid_not_permalink(&mut self) {
        self.current_fields().link_fields.guid_is_not_permalink = true;
    }

    pub(super) fn end_person(&mut self, rank: SourceRank, written: &str) {
        let mut told = std::mem::take(&mut self.current_person);
        if told == Person::default() {
            told = person::parse_person(written);
        }
        if told != Person::default() {
            self.current_fields().authors.push((rank, told));
        }
    }

    /// Takes a value that was read; gives back what is wrong with it.
    pub(super) fn take_value(
        &mut self,
        value: &TextConstructBuilder,
        base: Option<&str>,
    ) -> Option<String> {
        match value.field {
            FeedField::Title(rank) => {
                let title = resolve_construct_urls(value.to_text_construct(), base);
                if !title.is_empty() {
                    self.current_fields().title.offer(rank, title);
                }
            }
            FeedField::Summary(rank) => {
                self.offer_summary(rank, resolve_construct_urls(value.to_text_construct(), base));
            }
            FeedField::Content => {
                let content = resolve_construct_urls(value.to_text_construct(), base);
                if !content.is_empty() {
                    self.current_fields().content.push(content);
                }
            }
            FeedField::Tag => {
                let tag = value.to_text_construct().value;
                self.add_tag(&tag);
            }
            field => return self.take_text_value(field, value.to_trimmed_text(), base),
        }
        None
    }

    /// A second description is the whole text after a summary, and the other way round: both are kept.
    fn offer_summary(&mut self, rank: SourceRank, summary: TextConstruct) {
        if summary.is_empty() {
            return;
        }
        let thing = self.current_fields();
        match &thing.summary.0 {
            Some((known, _)) if *known == rank => thing.content.push(summary),
            _ => thing.summary.offer(rank, summary),
        }
    }

    fn take_text_value(
        &mut self,
        field: FeedField,
        text: String,
        base: Option<&str>,
    ) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        match field {
            FeedField::Published | FeedField::Updated | FeedField::Created => {
                return self.take_date(field, &text);
            }
            FeedField::Link => {
                let written = &mut self.current_fields().link_fields.rss_link;
                *written = written.take().or_else(|| link_url::resolve_href(&text, base));
            }
            FeedField::OriginalLink => {
                self.current_fields().link_fields.original_link =
                    link_url::resolve_href(&text, base);
            }
            FeedField::OriginalEnclosure => {
                let href = link_url::resolve_href(&text, base);
                if let (Some(href), Some(file)) =
                    (href, self.current_fields().enclosures.first_mut())
                {
                    file.href = href;
                }
            }
            FeedField::Id(rank) => self.current_fields().id.offer(rank, text),
            FeedField::PersonName => self.current_person.name = Some(text),
            FeedField::PersonEmail => self.current_person.email = Some(text),
            FeedField::Tags => text.split(',').for_each(|tag| self.add_tag(tag)),
            FeedField::Comments => {
                self.current_fields().link_fields.comments_url =
                    link_url::resolve_href(&text, base);
            }
            FeedField::Language => self.current_fields().language = Some(text.replace('_', "-")),
            FeedField::Image(rank) => self.offer_image(rank, &text, base),
            FeedField::Icon => {
                self.current_fields().link_fields.icon_url = link_url::resolve_href(&text, base);
            }
            field => self.take_schedule_value(field, &text),
        }
        None
    }

    fn take_date(&mut self, field: FeedField, text: &str) -> Option<String> {
        let Some(at) = date::parse_date(text) else {
            return Some(format!("\u{201c}{}\u{201d} is no date", crate::text::truncate(text, 60)));
        };
        let dates = &mut self.current_fields().dates;
        let slot: &mut Option<DateTime<Utc>> = match field {
            FeedField::Published => &mut dates.published,
            FeedField::Updated => &mut dates.updated,
            _ => &mut dates.created,
        };
        *slot = Some(at);
        None
    }

    fn take_schedule_value(&mut self, field: FeedField, text: &str) {
        match field {
            FeedField::TtlMinutes => self.update_schedule.interval_minutes = text.parse().ok(),
            FeedField::SkipHour => {
                self.update_schedule
                    .skip_hours
                    .extend(text.parse::<u8>().ok().map(|hour| hour % 24));
            }
            FeedField::SkipDay => {
                let day = text.parse::<chrono::Weekday>().ok();
                self.update_schedule
                    .skip_days
                    .extend(day.and_then(|day| u8::try_from(day.num_days_from_monday()).ok()));
            }
            FeedField::UpdatePeriod => self.update_period_minutes = parse_period_minutes(text),
            FeedField::UpdateFrequency => {
                self.update_frequency = text.parse().ok().filter(|times| *times > 0);
            }
            _ => {}
        }
    }

    /// Everything that was said.
    pub(super) fn build(mut self) -> FeedDocument {
        self.end_entry();
        if let Some(minutes) = self.update_period_minutes {
            self.update_schedule
                .interval_minutes
                .get_or_insert(minutes / self.update_frequency.unwrap_or(1));
        }
        fallbacks::build_document(self)
    }
}

/// Minutes in a period of the syndication module.
fn parse_period_minutes(text: &str) -> Option<u32> {
    Some(match text {
        "hourly" => 60,
        "daily" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    })
}

fn resolve_construct_urls(mut rich: TextConstruct, base: Option<&str>) -> TextConstruct {
    if rich.is_html
        && let Some(base) = base
    {
        relative_urls::resolve_html_urls(&mut rich.value, base);
    }
    rich
}
