//! Articles in the JSON of the Google Reader API: files of FreshRSS, Inoreader and Google Takeout, and those
//! that this program writes.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::Read as _,
    path::Path,
};

use super::{
    page_list::parse_page_list,
    tag_names::TagTranslator,
    zip::{list_zip, unpack_zip_entry},
};
use crate::{
    feed::decode_text,
    greader::{FiledFolder, FiledItem, MAX_FILE_BYTES, parse_item_file},
    model::{
        ArticleOrigin, AttachedFile, BodyFormat, EntryBody, Failure, FailureKind, ImportNote,
        ImportReport, ImportSource, ImportedArticle, ImportedBatch, ImportedFeed, ImportedLibrary,
        ImportedMarks, NoteKind, NotePlace, PublicationDate, io_error_reason,
    },
    opml::{check_feed_url, parse_opml},
};

/// Maximum number of articles of a batch.
const BATCH_ARTICLES: usize = 1000;

/// The beginning of a ZIP archive.
const ZIP_START: &[u8] = b"PK\x03\x04";

/// The contents of files of articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFiles {
    /// The feeds, and the report.
    pub imported: ImportedLibrary,
    /// The articles.
    pub batches: Vec<ImportedBatch>,
}

/// Reads a file of articles, or a ZIP archive of such files and subscription lists (OPML).
///
/// # Errors
///
/// Fails if the file cannot be read, or has no articles and feeds.
pub fn read_item_files(path: &Path) -> Result<ItemFiles, Failure> {
    let to_failure = |reason: &str| {
        Failure::new(FailureKind::File, format!("Cannot import {}: {reason}", path.display()))
    };
    let bytes = read_file(path).map_err(|reason| to_failure(&reason))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    parse_item_files(&name, &bytes).map_err(|reason| to_failure(&reason))
}

/// Parses the bytes of a file called `name`.
///
/// # Errors
///
/// Returns why nothing can be imported, as a part of a sentence.
pub fn parse_item_files(name: &str, bytes: &[u8]) -> Result<ItemFiles, String> {
    let mut collector = ItemCollector::default();
    if bytes.starts_with(ZIP_START) {
        for entry in list_zip(bytes)? {
            match unpack_zip_entry(bytes, &entry, MAX_FILE_BYTES) {
                Ok(content) => collector.add_file(&entry.name, &content),
                Err(reason) => collector.note(NoteKind::NotTaken, &entry.name, reason),
            }
        }
        if collector.imported.report.sources.is_empty() {
            return Err("there is no file of articles or feeds in it".to_owned());
        }
    } else if !collector.add_items(name, bytes) {
        return Err("it is no list of articles in JSON".to_owned());
    }
    Ok(collector.finish())
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let is_file = path.metadata().map(|metadata| metadata.is_file());
    if !is_file.map_err(|error| io_error_reason(&error))? {
        return Err("it is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| io_error_reason(&error))?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| io_error_reason(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    Ok(bytes)
}

/// The feeds and articles of several files.
#[derive(Default)]
struct ItemCollector {
    imported: ImportedLibrary,
    tags: TagTranslator,
    /// The articles of each feed, in the order of the feeds; the saved pages are those without a feed.
    articles: Vec<(ArticleOrigin, Vec<FiledItem>)>,
    places: HashMap<ArticleOrigin, usize>,
    /// The URLs of the feeds in subscription lists.
    listed: HashSet<String>,
    /// The pages of lists without feeds.
    pages: Vec<ImportedBatch>,
}

impl ItemCollector {
    fn note(&mut self, kind: NoteKind, file: &str, reason: &str) {
        let place = NotePlace { file: file.to_owned(), line: None };
        self.imported.report.note(kind, place, "the file", reason);
    }

    /// Adds a file of an archive, as its name ends.
    fn add_file(&mut self, name: &str, bytes: &[u8]) {
        if name.ends_with('/') {
            return;
        }
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        let extension = extension.unwrap_or_default().to_lowercase();
        let is_added = match extension.as_str() {
            "json" => self.add_items(name, bytes) || self.add_pages(name, bytes),
            "csv" | "html" | "htm" | "txt" => self.add_pages(name, bytes),
            "opml" | "xml" => self.add_feeds(name, bytes),
            _ => false,
        };
        if !is_added {
            self.note(NoteKind::NoCounterpart, name, "it has neither articles nor feeds");
        }
    }

    /// Adds a list of articles. Returns false for anything else.
    fn add_items(&mut self, name: &str, bytes: &[u8]) -> bool {
        let Some(file) = parse_item_file(bytes) else { return false };
        let read = file.items.len() as u64;
        for item in file.items {
            let feed = item.feed_url.as_deref().and_then(|url| check_feed_url(url).ok());
            let origin = feed.map_or(ArticleOrigin::SavedPages, ArticleOrigin::Feed);
            let (articles, places) = (&mut self.articles, &mut self.places);
            let at = *places.entry(origin.clone()).or_insert_with(|| {
                articles.push((origin, Vec::new()));
                articles.len() - 1
            });
            articles[at].1.push(item);
        }
        if file.is_cut {
            self.note(NoteKind::NotTaken, name, "it has more articles than can be read");
        }
        let path = name.to_owned();
        self.imported.report.sources.push(ImportSource { path, unit: "article", read });
        true
    }

    /// Adds a list of pages. Returns false for anything else.
    fn add_pages(&mut self, name: &str, bytes: &[u8]) -> bool {
        let Ok(list) = parse_page_list(name, &decode_text(bytes, None)) else { return false };
        let report = &mut self.imported.report;
        report.sources.extend(list.imported.report.sources);
        for ImportNote { place, subject, reason, kind } in list.imported.report.notes {
            report.note(kind, place, subject, reason);
        }
        report.left_out_notes += list.imported.report.left_out_notes;
        self.pages.extend(list.batches);
        true
    }

    /// Adds a subscription list. Returns false for anything else.
    fn add_feeds(&mut self, name: &str, bytes: &[u8]) -> bool {
        let Ok(list) = parse_opml(&decode_text(bytes, None)) else { return false };
        let read = (list.outlines.len() + list.rejected.len()) as u64;
        for rejected in list.rejected {
            let place = NotePlace { file: name.to_owned(), line: Some(rejected.line) };
            self.imported.report.note(NoteKind::NotTaken, place, rejected.url, rejected.reason);
        }
        for outline in list.outlines {
            if self.listed.insert(outline.xml_url.clone()) {
                self.imported.feeds.push(ImportedFeed {
                    url: outline.xml_url,
                    title: outline.title,
                    name: None,
                    folder: outline.folder,
                    tags: outline.tags,
                });
            }
        }
        let path = name.to_owned();
        self.imported.report.sources.push(ImportSource { path, unit: "feed", read });
        true
    }

    fn finish(mut self) -> ItemFiles {
        let mut batches = std::mem::take(&mut self.pages);
        for (origin, items) in std::mem::take(&mut self.articles) {
            let folder = folder_of(&items);
            if let ArticleOrigin::Feed(url) = &origin
                && self.listed.insert(url.clone())
            {
                self.imported.feeds.push(ImportedFeed {
                    url: url.clone(),
                    title: items.iter().find_map(|item| item.feed_title.clone()),
                    folder: folder.clone(),
                    ..ImportedFeed::default()
                });
            }
            // Where the file does not tell them apart, the folder is a label of each article.
            let is_label = items.iter().any(|item| item.folder.is_none());
            let folder = folder.filter(|_| is_label);
            let report = &mut self.imported.report;
            let mut articles = Vec::with_capacity(items.len().min(BATCH_ARTICLES));
            for item in items {
                articles.push(to_article(item, folder.as_deref(), &mut self.tags, report));
                if articles.len() == BATCH_ARTICLES {
                    let articles = std::mem::take(&mut articles);
                    batches.push(ImportedBatch { origin: origin.clone(), articles });
                }
            }
            if !articles.is_empty() {
                batches.push(ImportedBatch { origin, articles });
            }
        }
        ItemFiles { imported: self.imported, batches }
    }
}

/// Returns the folder of a feed: the one that its articles name, or else the first label that all of
/// several have.
fn folder_of(items: &[FiledItem]) -> Option<String> {
    let named = items.iter().find_map(|item| item.folder.as_ref());
    match named {
        Some(FiledFolder::Named(name)) => {
            return Some(name.clone()).filter(|name| !name.is_empty());
        }
        Some(FiledFolder::None) => return None,
        None => {}
    }
    let (first, others) = items.split_first().filter(|(_, others)| !others.is_empty())?;
    let is_shared = |label: &&String| others.iter().all(|item| item.labels.contains(label));
    first.labels.iter().find(is_shared).cloned()
}

fn to_article(
    source: FiledItem,
    folder: Option<&str>,
    tags: &mut TagTranslator,
    report: &mut ImportReport,
) -> ImportedArticle {
    let FiledItem { item, guid, labels, is_day, .. } = source;
    let labels = labels.iter().filter(|label| Some(label.as_str()) != folder);
    let marks = ImportedMarks {
        is_read: item.is_read,
        is_starred: item.is_starred,
        is_removed: false,
        tags: tags.translate_all(labels.map(String::as_str), report),
    };
    let files = item.enclosures.into_iter().map(|file| AttachedFile {
        url: file.url,
        media_type: file.media_type,
        length: file.length,
        ..AttachedFile::default()
    });
    ImportedArticle {
        guid,
        title: item.title,
        link: item.link,
        author: item.author,
        published: item.published.map(|at| {
            if is_day {
                PublicationDate::Day(at.date_naive())
            } else {
                PublicationDate::Instant(at)
            }
        }),
        body: EntryBody { format: BodyFormat::Html, text: item.html },
        categories: item.categories,
        files: files.collect(),
        marks,
    }
}
