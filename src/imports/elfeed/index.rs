//! The index of elfeed's database.

use std::{
    collections::{HashMap, VecDeque},
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use super::lisp::{LispValue, parse_lisp};
use crate::{
    imports::tag_names::TagTranslator,
    model::{
        ArticleOrigin, AttachedFile, BodyFormat, EntryBody, Failure, FailureKind, ImportSource,
        ImportedArticle, ImportedBatch, ImportedFeed, ImportedLibrary, ImportedMarks, NoteKind,
        NotePlace, PublicationDate, io_error_reason,
    },
    opml::check_feed_url,
    remote::{clean_html, clean_line, clean_url},
    text::instant_from_seconds,
};

/// Maximum length of the index.
const MAX_INDEX_BYTES: u64 = 512 << 20;

/// Maximum length of a text.
const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Maximum number of articles of a batch.
const BATCH_ARTICLES: usize = 1000;

/// The tags that are read marks and stars here.
const UNREAD_TAG: &str = "unread";
const STAR_TAGS: [&str; 2] = ["star", "starred"];

/// The articles of elfeed's database, by feed. Their texts are read batch by batch.
#[derive(Debug, Default)]
pub struct ElfeedArticles {
    folder: PathBuf,
    batches: VecDeque<(ArticleOrigin, VecDeque<ElfeedEntry>)>,
    /// The place of each feed in `batches`, while the index is read.
    places: HashMap<ArticleOrigin, usize>,
}

/// An article without its text.
#[derive(Debug)]
struct ElfeedEntry {
    article: ImportedArticle,
    /// The name of the file with the text.
    content: Option<String>,
}

/// Reads the database in a folder, such as `~/.elfeed`.
///
/// # Errors
///
/// Fails if the index cannot be read.
pub fn read_elfeed(folder: &Path) -> Result<(ImportedLibrary, ElfeedArticles), Failure> {
    let path = folder.join("index");
    let to_failure = |reason: String| {
        Failure::new(FailureKind::File, format!("Cannot read {}: {reason}", path.display()))
    };
    let mut bytes = Vec::new();
    let file = File::open(&path).map_err(|error| to_failure(io_error_reason(&error)))?;
    file.take(MAX_INDEX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| to_failure(io_error_reason(&error)))?;
    if bytes.len() as u64 > MAX_INDEX_BYTES {
        return Err(to_failure(format!("it is larger than {} MiB", MAX_INDEX_BYTES >> 20)));
    }
    let text = String::from_utf8_lossy(&bytes);
    let (mut imported, mut articles) =
        parse_elfeed_index(&text).map_err(|reason| to_failure(reason.to_owned()))?;
    articles.folder = folder.join("data");
    if articles.folder.join("archive.gz").exists() {
        let place = NotePlace { file: "data/archive.gz".to_owned(), line: None };
        let reason = "packed texts are not read; `M-x elfeed-db-compact` may have packed them";
        imported.report.note(NoteKind::NotTaken, place, "texts", reason);
    }
    Ok((imported, articles))
}

/// Parses the index. The articles have no texts.
///
/// # Errors
///
/// Returns why it is no index, as a part of a sentence.
pub fn parse_elfeed_index(text: &str) -> Result<(ImportedLibrary, ElfeedArticles), &'static str> {
    let values = parse_lisp(text)?;
    // The first one is for older versions, and empty.
    let is_index =
        |value: &&LispValue| matches!(value.property(":version"), Some(LispValue::Number(_)));
    let index = values.iter().rfind(is_index).ok_or("it is no index of elfeed")?;
    let (mut imported, mut articles) = (ImportedLibrary::default(), ElfeedArticles::default());
    for feed in table_values(index, ":feeds") {
        imported.feeds.extend(feed.as_record("elfeed-feed").and_then(to_feed));
    }
    let (mut tags, mut read) = (TagTranslator::default(), 0);
    for value in table_values(index, ":entries") {
        read += 1;
        match value.as_record("elfeed-entry") {
            Some(fields) => articles.add(fields, &mut tags, &mut imported),
            None => imported.report.articles.damaged += 1,
        }
    }
    let path = "index".to_owned();
    imported.report.sources.push(ImportSource { path, unit: "article", read });
    Ok((imported, articles))
}

/// Returns the values of a hash table of the index.
fn table_values<'v>(index: &'v LispValue, key: &str) -> impl Iterator<Item = &'v LispValue> {
    let table = index.property(key).and_then(|table| table.as_record("hash-table"));
    let at = table.and_then(|fields| {
        fields.iter().position(|field| field.as_symbol() == Some("data")).map(|at| at + 1)
    });
    let data = table.zip(at).and_then(|(fields, at)| fields.get(at)?.as_list());
    data.unwrap_or_default().iter().skip(1).step_by(2)
}

/// Converts `id url title author meta`.
fn to_feed(fields: &[LispValue]) -> Option<ImportedFeed> {
    let text = |at: usize| fields.get(at).and_then(LispValue::as_text);
    let url = check_feed_url(text(1).or_else(|| text(0))?).ok()?;
    let title = text(2).map(clean_line).filter(|title| !title.is_empty());
    Some(ImportedFeed { url, title, ..ImportedFeed::default() })
}

impl ElfeedArticles {
    /// Adds `id title link date content content-type enclosures tags feed-id meta`.
    fn add(
        &mut self,
        fields: &[LispValue],
        tags: &mut TagTranslator,
        imported: &mut ImportedLibrary,
    ) {
        let field = |at: usize| fields.get(at);
        let feed = field(8).and_then(LispValue::as_text).and_then(|url| check_feed_url(url).ok());
        let origin = feed.map_or(ArticleOrigin::SavedPages, ArticleOrigin::Feed);
        let content = field(4).and_then(|content| content.as_record("elfeed-ref"));
        let names: Vec<&str> = field(7)
            .and_then(LispValue::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(LispValue::as_symbol)
            .collect();
        let is_mark = |name: &&str| *name == UNREAD_TAG || STAR_TAGS.contains(name);
        let marks = ImportedMarks {
            is_read: !names.contains(&UNREAD_TAG),
            is_starred: names.iter().any(|name| STAR_TAGS.contains(name)),
            is_removed: false,
            tags: tags.translate_all(
                names.iter().copied().filter(|name| !is_mark(name)),
                &mut imported.report,
            ),
        };
        let entry = ElfeedEntry {
            content: content
                .and_then(|fields| fields.first()?.as_text())
                .filter(|name| is_content_name(name))
                .map(str::to_owned),
            article: to_article(fields, marks),
        };
        let batches = &mut self.batches;
        let at = *self.places.entry(origin.clone()).or_insert_with(|| {
            batches.push_back((origin, VecDeque::new()));
            batches.len() - 1
        });
        self.batches[at].1.push_back(entry);
    }

    /// Reads the text of an article; empty if it is not there any more.
    fn read_text(&self, name: &str) -> String {
        let path = self.folder.join(&name[..2]).join(name);
        let mut bytes = Vec::new();
        let read =
            File::open(path).and_then(|file| file.take(MAX_TEXT_BYTES).read_to_end(&mut bytes));
        read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Returns whether a name is a SHA-1 digest, as the names of texts are, so that it leads nowhere else.
fn is_content_name(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn to_article(fields: &[LispValue], marks: ImportedMarks) -> ImportedArticle {
    let text = |at: usize| fields.get(at).and_then(LispValue::as_text);
    let id = fields.first().and_then(LispValue::as_list).and_then(|id| id.last());
    let is_html = fields.get(5).and_then(LispValue::as_symbol) == Some("html");
    let format = if is_html { BodyFormat::Html } else { BodyFormat::Plain };
    #[expect(clippy::cast_possible_truncation, reason = "a time in whole seconds is enough")]
    let date = match fields.get(3) {
        Some(LispValue::Number(seconds)) => instant_from_seconds(*seconds as i64),
        _ => None,
    };
    ImportedArticle {
        guid: id.and_then(LispValue::as_text).map(clean_line).filter(|guid| !guid.is_empty()),
        title: text(1).map(clean_line).unwrap_or_default(),
        link: text(2).and_then(clean_url),
        author: fields.get(9).and_then(author_of),
        published: date.map(PublicationDate::Instant),
        body: EntryBody { format, text: String::new() },
        categories: Vec::new(),
        files: fields.get(6).map(files_of).unwrap_or_default(),
        marks,
    }
}

/// Returns the names of the authors in the metadata: `(:authors ((:name "…")))`.
fn author_of(meta: &LispValue) -> Option<String> {
    let authors = meta.property(":authors")?.as_list()?.iter();
    let names: Vec<String> = authors
        .filter_map(|author| author.property(":name")?.as_text().map(clean_line))
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns attached files: `(("url" "type" "length"))`.
fn files_of(enclosures: &LispValue) -> Vec<AttachedFile> {
    let to_file = |enclosure: &LispValue| {
        let values = enclosure.as_list()?;
        let text = |at: usize| values.get(at).and_then(LispValue::as_text);
        Some(AttachedFile {
            url: clean_url(text(0)?)?,
            media_type: text(1).map(clean_line).filter(|media_type| !media_type.is_empty()),
            length: text(2).and_then(|length| length.parse().ok()).unwrap_or_default(),
            ..AttachedFile::default()
        })
    };
    enclosures.as_list().unwrap_or_default().iter().filter_map(to_file).collect()
}

impl Iterator for ElfeedArticles {
    type Item = Result<ImportedBatch, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let (origin, entries) = self.batches.front_mut()?;
        let origin = origin.clone();
        let taken: Vec<ElfeedEntry> = entries.drain(..entries.len().min(BATCH_ARTICLES)).collect();
        if entries.is_empty() {
            self.batches.pop_front();
        }
        let with_text = |ElfeedEntry { mut article, content }: ElfeedEntry| {
            article.body.text =
                content.map_or_else(String::new, |name| clean_html(self.read_text(&name)));
            article
        };
        let articles = taken.into_iter().map(with_text).collect();
        Some(Ok(ImportedBatch { origin, articles }))
    }
}
