//! The builder of a feed document: collects the values of the feed and of the current entry while
//! the XML is parsed.
//!
//! Values that a document leaves out are filled in by [`fallbacks`].

use chrono::{DateTime, Utc};

use super::{
    FeedParseError,
    budget::{PERSON_BYTES, ParseBudget, VALUE_BYTES},
    common_fields::CommonFields,
    date, duration,
    elements::{FeedField, SourceRank},
    fallbacks::{self, NewestEntries},
    feed_document::{
        Enclosure, FeedChapter, FeedDocument, FeedFormat, FeedLink, Person, TextConstruct,
        UpdateSchedule,
    },
    link_url,
    namespaces::{ElementName, Namespace},
    person, relative_urls,
    text_construct::TextConstructBuilder,
    xml_tokenizer::XmlTag,
};

/// The rank of descriptions of Media RSS among the summaries.
const MEDIA_SUMMARY_RANK: SourceRank = 3;

/// Maximum number of chapters of an episode: a day of one-minute chapters has more than anybody reads.
const MAX_CHAPTERS: usize = 1_000;

/// Width of an invalid date in a warning, in cells.
const MAX_SHOWN_DATE_WIDTH: usize = 60;

/// A feed document under construction.
#[derive(Debug, Default)]
pub(super) struct FeedBuilder {
    pub(super) budget: ParseBudget,
    /// Bytes charged for the values of the current entry.
    entry_bytes: usize,
    pub(super) format: Option<FeedFormat>,
    pub(super) feed: CommonFields,
    pub(super) update_schedule: UpdateSchedule,
    entry: Option<CommonFields>,
    pub(super) entries: NewestEntries,
    current_person: Person,
    /// Relation and media type of the link whose text is being read.
    text_link: FeedLink,
    update_frequency: Option<u32>,
    update_period_minutes: Option<u32>,
}

impl FeedBuilder {
    /// Returns the fields of the current entry, or of the feed outside entries.
    fn current_fields(&mut self) -> &mut CommonFields {
        self.entry.as_mut().unwrap_or(&mut self.feed)
    }

    /// Charges `bytes` for a value of the current entry, or of the feed outside entries.
    fn charge(&mut self, bytes: usize) {
        self.budget.charge(bytes);
        if self.entry.is_some() {
            self.entry_bytes += bytes;
        }
    }

    /// Returns true if the document is Atom: its rules for text constructs apply.
    pub(super) fn is_atom(&self) -> bool {
        self.format == Some(FeedFormat::Atom)
    }

    /// Sets the format from an element that only one format has; the first one decides.
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

    /// Starts the feed at its element.
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

    /// Starts an entry at its element.
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

    /// Reads the link and the date of the last change, which CDF writes as attributes.
    fn read_cdf_attributes(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        if let Some(href) = tag.attribute("href") {
            self.add_link(
                &href,
                &XmlTag { raw: "<link>", name: "link", is_self_closing: true },
                base,
            );
        }
        let last_modified = tag.attribute("lastmod").and_then(|text| date::parse_date(&text));
        let dates = &mut self.current_fields().dates;
        dates.updated = dates.updated.or(last_modified);
    }

    /// Completes the current entry, if there is one.
    pub(super) fn end_entry(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.budget.release(std::mem::take(&mut self.entry_bytes));
            self.entries.push(fallbacks::build_entry(entry), &self.budget);
        }
    }

    /// Adds a link written as an `href` attribute (RFC 4287 §4.2.7).
    pub(super) fn add_link(&mut self, href: &str, tag: &XmlTag<'_>, base: Option<&str>) {
        let resolved = match href {
            "" => base.map(link_url::strip_fragment),
            href => self.budget.resolve_href(href, base),
        };
        let Some(href) = resolved else { return };
        let link = FeedLink { href, rel: link_relation(tag), media_type: tag.attribute("type") };
        self.push_link(link, parse_length(tag, "length"));
    }

    /// Notes the relation and the media type of a link whose URL is its text.
    pub(super) fn begin_text_link(&mut self, tag: &XmlTag<'_>) {
        self.text_link = FeedLink {
            href: String::new(),
            rel: link_relation(tag),
            media_type: tag.attribute("type"),
        };
    }

    /// Notes the media type of a file whose URL is its text.
    pub(super) fn begin_text_enclosure(&mut self, tag: &XmlTag<'_>) {
        self.begin_text_link(tag);
        "enclosure".clone_into(&mut self.text_link.rel);
    }

    /// Adds a link; an enclosure, of `length` bytes, is also a media file.
    fn push_link(&mut self, link: FeedLink, length: u64) {
        if link.rel == "enclosure" {
            let media_type = link.media_type.clone();
            let href = link.href.clone();
            self.push_enclosure(Enclosure { href, media_type, length, ..Enclosure::default() });
        }
        let fields = &mut self.current_fields().link_fields;
        if link.rel == "replies" && link.is_page() {
            fields.comments_url.get_or_insert_with(|| link.href.clone());
        }
        let bytes = VALUE_BYTES + link.href.len();
        fields.links.push(link);
        self.charge(bytes);
    }

    /// Adds a link to content outside the document (RFC 4287 §4.1.3.2).
    pub(super) fn add_content_src(&mut self, src: &str, tag: &XmlTag<'_>, base: Option<&str>) {
        if let Some(href) = self.budget.resolve_href(src, base) {
            let link =
                FeedLink { href, rel: "content".to_owned(), media_type: tag.attribute("type") };
            self.push_link(link, 0);
        }
    }

    /// Adds a media file once; `length_attribute` names the attribute that holds its size.
    pub(super) fn add_enclosure(
        &mut self,
        tag: &XmlTag<'_>,
        length_attribute: &str,
        base: Option<&str>,
    ) {
        let url = tag.attribute("url").or_else(|| tag.attribute("href"));
        let href = url.and_then(|url| self.budget.resolve_href(&url, base));
        let Some(href) = href else { return };
        let (media_type, length) = (tag.attribute("type"), parse_length(tag, length_attribute));
        self.push_enclosure(Enclosure { href, media_type, length, ..Enclosure::default() });
    }

    fn push_enclosure(&mut self, enclosure: Enclosure) {
        let fields = self.current_fields();
        if fields.enclosure_urls.insert(enclosure.href.clone()) {
            let bytes = VALUE_BYTES + 2 * enclosure.href.len();
            fields.enclosures.push(enclosure);
            self.charge(bytes);
        }
    }

    /// Adds a file of Media RSS; an image may also become the picture of the entry.
    pub(super) fn add_media_content(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        let medium = tag.attribute("type").or_else(|| tag.attribute("medium"));
        let url = tag.attribute("url").and_then(|url| self.budget.resolve_href(&url, base));
        let is_image = medium.as_deref().is_some_and(|medium| medium.starts_with("image"));
        if let Some(url) = url.as_deref().filter(|_| is_image) {
            self.offer_image(3, url, base);
        }
        self.add_enclosure(tag, "fileSize", base);
        let seconds = tag.attribute("duration").and_then(|text| duration::parse_duration(&text));
        let fields = self.current_fields();
        fields.media_index = url.and_then(|url| fields.enclosure_urls.position(&url));
        if let Some(file) = self.current_media_file() {
            file.media_type = file.media_type.take().or(medium);
            file.seconds = file.seconds.or(seconds);
        }
    }

    /// Adds a chapter of the episode. One without a title or a beginning leads nowhere.
    pub(super) fn add_chapter(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        let start = tag.attribute("start").and_then(|text| duration::parse_play_time(&text));
        let title = tag.attribute("title").unwrap_or_default();
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_full = self.current_fields().chapters.len() >= MAX_CHAPTERS;
        let Some(start_seconds) = start.filter(|_| !title.is_empty() && !is_full) else { return };
        let link = tag.attribute("href").and_then(|href| self.budget.resolve_href(&href, base));
        self.charge(VALUE_BYTES + title.len() + link.as_ref().map_or(0, String::len));
        self.current_fields().chapters.push(FeedChapter { start_seconds, title, link });
    }

    /// Returns the last file of Media RSS.
    fn current_media_file(&mut self) -> Option<&mut Enclosure> {
        let fields = self.current_fields();
        fields.enclosures.get_mut(fields.media_index?)
    }

    /// Sets the description of the last file of Media RSS, if there is none.
    fn describe_media_file(&mut self, text: &TextConstruct) {
        let description = text.to_single_line();
        if let Some(file) = self.current_media_file()
            && file.description.is_none()
            && !text.is_blank()
        {
            file.description = Some(description);
        }
    }

    /// Offers the URL of a Media RSS thumbnail as the picture.
    pub(super) fn add_thumbnail(&mut self, tag: &XmlTag<'_>, base: Option<&str>) {
        if let Some(url) = tag.attribute("url") {
            self.offer_image(2, &url, base);
        }
    }

    /// Offers `url` as the picture of the current entry or the feed.
    pub(super) fn offer_image(&mut self, rank: SourceRank, url: &str, base: Option<&str>) {
        if let Some(url) = self.budget.resolve_href(url, base) {
            self.current_fields().image.offer(rank, url);
        }
    }

    /// Adds a category with a term, and its human-readable label (RFC 4287 §4.2.2.3).
    pub(super) fn add_category(&mut self, term: &str, tag: &XmlTag<'_>) {
        self.add_tag(term);
        self.add_category_label(tag);
    }

    /// Adds the human-readable label of a category whose term is its text.
    pub(super) fn add_category_label(&mut self, tag: &XmlTag<'_>) {
        if let Some(label) = tag.attribute("label") {
            self.charge(VALUE_BYTES + 2 * label.len());
            self.current_fields().tag_labels.push(label);
        }
    }

    /// Returns true inside an entry.
    pub(super) fn is_in_entry(&self) -> bool {
        self.entry.is_some()
    }

    /// Adds a tag once, with white space collapsed.
    pub(super) fn add_tag(&mut self, term: &str) {
        let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
        let bytes = VALUE_BYTES + 2 * term.len();
        if !term.is_empty() && self.current_fields().tags.insert(term) {
            self.charge(bytes);
        }
    }

    /// Notes that the guid is not a URL.
    pub(super) fn mark_guid_not_permalink(&mut self) {
        self.current_fields().link_fields.guid_is_not_permalink = true;
    }

    /// Adds the current person: from its child elements, or else those that its `text` lists.
    pub(super) fn end_person(&mut self, rank: SourceRank, text: &str) {
        let person = std::mem::take(&mut self.current_person);
        self.charge(person::max_people(text) * PERSON_BYTES);
        if self.budget.is_exceeded() {
            return;
        }
        let people =
            if person == Person::default() { person::parse_people(text) } else { vec![person] };
        let people = people.into_iter().filter(|person| *person != Person::default());
        self.current_fields().authors.extend(people.map(|person| (rank, person)));
    }

    /// Stores a complete value in its field; returns a warning if it is invalid.
    pub(super) fn take_value(
        &mut self,
        value: &TextConstructBuilder,
        base: Option<&str>,
    ) -> Option<String> {
        self.charge(VALUE_BYTES.min(value.len()) + value.len());
        match value.field {
            FeedField::Title(rank) => {
                let title = self.resolve_construct_urls(value.to_text_construct(), base);
                if !title.shows_nothing() {
                    self.current_fields().title.offer(rank, title);
                }
            }
            FeedField::Summary(rank) => {
                let summary = self.resolve_construct_urls(value.to_text_construct(), base);
                // Beside a picture of Media RSS, its description; in a group, that of the video.
                let is_picture =
                    self.current_media_file().is_some_and(|file| file.is_of_kind("image"));
                if rank == MEDIA_SUMMARY_RANK && is_picture {
                    self.describe_media_file(&summary);
                }
                self.offer_summary(rank, summary);
            }
            FeedField::MediaDescription => {
                let description = self.resolve_construct_urls(value.to_text_construct(), base);
                self.describe_media_file(&description);
                self.offer_summary(MEDIA_SUMMARY_RANK, description);
            }
            FeedField::Content => {
                let content = self.resolve_construct_urls(value.to_text_construct(), base);
                if !content.shows_nothing() {
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

    /// Offers a summary. A second one of the same rank is kept as content: of two descriptions, one
    /// is usually the full text.
    fn offer_summary(&mut self, rank: SourceRank, summary: TextConstruct) {
        if summary.shows_nothing() {
            return;
        }
        let fields = self.current_fields();
        match &fields.summary.0 {
            Some((present, first)) if *present == rank => {
                // Once: looking for it again at each of many summaries would take quadratic time.
                if !fields.has_several_summaries && !fields.content.contains(first) {
                    fields.content.push(first.clone());
                }
                fields.has_several_summaries = true;
                fields.content.push(summary);
            }
            _ => fields.summary.offer(rank, summary),
        }
    }

    /// Stores a value that holds no markup.
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
                let link = self.budget.resolve_href(&text, base);
                let rss_link = &mut self.current_fields().link_fields.rss_link;
                if rss_link.as_deref().is_none_or(link_url::is_media_url) {
                    let is_better =
                        |link: &String| rss_link.is_none() || !link_url::is_media_url(link);
                    *rss_link = link.filter(is_better).or_else(|| rss_link.take());
                }
            }
            FeedField::TypedLink => {
                if let Some(href) = self.budget.resolve_href(&text, base) {
                    let link = FeedLink { href, ..std::mem::take(&mut self.text_link) };
                    self.push_link(link, 0);
                }
            }
            FeedField::OriginalLink => {
                self.current_fields().link_fields.original_link =
                    self.budget.resolve_href(&text, base);
            }
            FeedField::OriginalEnclosure => {
                let href = self.budget.resolve_href(&text, base);
                let first = self.current_fields().enclosures.first_mut();
                if let (Some(href), Some(enclosure)) = (href, first) {
                    enclosure.href = href;
                }
            }
            FeedField::Id(rank) => self.current_fields().id.offer(rank, text),
            FeedField::PersonName => self.current_person.name = Some(text),
            FeedField::PersonEmail => self.current_person.email = Some(text),
            FeedField::Tags => text.split(',').for_each(|tag| self.add_tag(tag)),
            FeedField::Comments => {
                self.current_fields().link_fields.comments_url =
                    self.budget.resolve_href(&text, base);
            }
            FeedField::Language => self.current_fields().language = Some(text.replace('_', "-")),
            FeedField::Image(rank) => self.offer_image(rank, &text, base),
            FeedField::Duration => {
                self.current_fields().duration_seconds = duration::parse_duration(&text);
            }
            FeedField::NewFeedUrl => {
                self.feed.new_feed_url = self.budget.resolve_href(&text, base);
            }
            FeedField::Icon => {
                self.current_fields().link_fields.icon_url = self.budget.resolve_href(&text, base);
            }
            field => self.take_schedule_value(field, &text),
        }
        None
    }

    fn take_date(&mut self, field: FeedField, text: &str) -> Option<String> {
        let Some(at) = date::parse_date(text) else {
            let shown = crate::text::truncate(text, MAX_SHOWN_DATE_WIDTH);
            return Some(format!("\u{201c}{shown}\u{201d} is not a date; it was ignored"));
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

    /// Completes the document.
    ///
    /// # Errors
    /// If the budget is exceeded.
    pub(super) fn build(mut self) -> Result<FeedDocument, FeedParseError> {
        self.end_entry();
        if let Some(minutes) = self.update_period_minutes {
            self.update_schedule
                .interval_minutes
                .get_or_insert(minutes / self.update_frequency.unwrap_or(1));
        }
        let format = self.format.unwrap_or_default();
        fallbacks::build_document(
            format,
            self.feed,
            self.update_schedule,
            self.entries,
            &self.budget,
        )
    }

    fn resolve_construct_urls(
        &self,
        mut construct: TextConstruct,
        base: Option<&str>,
    ) -> TextConstruct {
        if construct.is_html
            && let Some(base) = base
        {
            relative_urls::resolve_html_urls(&mut construct.value, base, &self.budget);
        }
        construct
    }
}

/// Returns the size that an attribute gives in bytes, or 0.
fn parse_length(tag: &XmlTag<'_>, name: &str) -> u64 {
    tag.attribute(name).and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// Returns the last segment of the link relation in lower case (a relation may be a URI), or
/// `alternate`.
fn link_relation(tag: &XmlTag<'_>) -> String {
    let rel = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
    match rel.rsplit('/').next() {
        None | Some("") => "alternate".to_owned(),
        Some(name) => name.to_owned(),
    }
}

/// Returns the minutes in a period of the syndication module.
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
