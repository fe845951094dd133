//! A list of pages, of whatever form, as saved pages without texts.

use super::{
    columns::{PageField, field_of},
    csv::CsvRows,
    html::read_links,
    json::{read_json, set_text},
    page::ListedPage,
};
use crate::{
    imports::tag_names::TagTranslator,
    model::{
        ArticleOrigin, BodyFormat, EntryBody, ImportSource, ImportedArticle, ImportedBatch,
        ImportedLibrary, ImportedMarks, NoteKind, NotePlace,
    },
    remote::{clean_line, clean_url},
};

/// Maximum length of a list.
const MAX_BYTES: usize = 256 << 20;

/// Maximum number of pages.
const MAX_PAGES: u64 = 500_000;

/// Maximum number of pages of a batch.
const BATCH_PAGES: usize = 1000;

/// The pages of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageList {
    /// The report.
    pub imported: ImportedLibrary,
    /// The pages, without texts.
    pub batches: Vec<ImportedBatch>,
}

/// Parses a list of pages; `name` is that of its file.
///
/// # Errors
///
/// Returns why it has none, as a part of a sentence.
pub fn parse_page_list(name: &str, text: &str) -> Result<PageList, &'static str> {
    if text.len() > MAX_BYTES {
        return Err("it is larger than 256 MiB");
    }
    let (whole, text) = (text, text.trim_start_matches('\u{feff}').trim_start());
    let blank_lines = whole[..whole.len() - text.len()].matches('\n').count() as u64;
    let mut collector = PageCollector { name, ..PageCollector::default() };
    let is_list = if text.starts_with(['{', '[']) {
        read_json(text, &mut |page| collector.add(page))
    } else if text.starts_with('<') {
        read_links(text, &mut |page| collector.add(page));
        collector.read > 0
    } else {
        read_table(CsvRows::new(text, 1 + blank_lines), &mut |page| collector.add(page))
    };
    if is_list { Ok(collector.finish()) } else { Err("there is no list of addresses in it") }
}

/// Reads a table whose first row names the columns. Returns false if none of them has addresses.
fn read_table(mut rows: CsvRows<'_>, visit: &mut dyn FnMut(ListedPage) -> bool) -> bool {
    let columns: Vec<_> =
        rows.next().unwrap_or_default().iter().map(|name| field_of(name)).collect();
    if !columns.iter().flatten().any(|(field, _)| *field == PageField::Url) {
        return false;
    }
    loop {
        let line = Some(rows.next_line());
        let Some(row) = rows.next() else { break };
        if row.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let mut page = ListedPage { line, ..ListedPage::default() };
        let mut fields: Vec<_> = columns
            .iter()
            .zip(&row)
            .filter_map(|(column, text)| column.map(|(field, rank)| (rank, field, text)))
            .collect();
        // The best name of a field is read last, and counts.
        fields.sort_by_key(|(rank, ..)| std::cmp::Reverse(*rank));
        for (_, field, text) in fields {
            set_text(&mut page, field, text);
        }
        if !visit(page) {
            break;
        }
    }
    true
}

#[derive(Default)]
struct PageCollector<'n> {
    name: &'n str,
    list: PageList,
    tags: TagTranslator,
    articles: Vec<ImportedArticle>,
    read: u64,
}

impl PageCollector<'_> {
    /// Adds a page. Returns false once there are too many.
    fn add(&mut self, page: ListedPage) -> bool {
        self.read += 1;
        let place = NotePlace { file: self.name.to_owned(), line: page.line };
        let report = &mut self.list.imported.report;
        if self.read > MAX_PAGES {
            let reason = format!("more than {MAX_PAGES} pages; the rest is left out");
            report.note(NoteKind::NotTaken, place, page.url, reason);
            return false;
        }
        let Some(url) = clean_url(&page.url) else {
            let subject = if page.url.is_empty() { page.title } else { page.url };
            report.note(NoteKind::NotTaken, place, subject, "it has no address of the web");
            return true;
        };
        let labels = page.tags.iter().chain(&page.folder).map(String::as_str);
        let title = Some(clean_line(&page.title)).filter(|title| !title.is_empty());
        self.articles.push(ImportedArticle {
            guid: None,
            title: title.unwrap_or_else(|| url.clone()),
            link: Some(url),
            author: page.author.as_deref().map(clean_line).filter(|author| !author.is_empty()),
            published: page.saved_at,
            body: EntryBody { format: BodyFormat::Html, text: String::new() },
            categories: Vec::new(),
            files: Vec::new(),
            marks: ImportedMarks {
                is_read: page.is_archived,
                is_starred: page.is_starred,
                is_removed: false,
                tags: self.tags.translate_all(labels, report),
            },
        });
        if self.articles.len() == BATCH_PAGES {
            self.end_batch();
        }
        true
    }

    fn end_batch(&mut self) {
        let articles = std::mem::take(&mut self.articles);
        if !articles.is_empty() {
            self.list.batches.push(ImportedBatch { origin: ArticleOrigin::SavedPages, articles });
        }
    }

    fn finish(mut self) -> PageList {
        self.end_batch();
        let path = self.name.to_owned();
        let source = ImportSource { path, unit: "page", read: self.read };
        self.list.imported.report.sources.push(source);
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TagName;

    #[test]
    fn tables_of_services_become_saved_pages() {
        let pocket = "title,url,time_added,tags,status\nA,https://a.org/,1772359200,x|y z,archive\n,not an address,,,\n";
        let list = parse_page_list("pocket.csv", pocket).unwrap();
        let [batch] = &list.batches[..] else { panic!("one batch") };
        let page = &batch.articles[0];
        assert_eq!((page.title.as_str(), page.marks.is_read), ("A", true));
        let tags: Vec<&str> = page.marks.tags.iter().map(TagName::as_str).collect();
        assert_eq!(tags, ["x", "y-z"]);
        let report = &list.imported.report;
        assert_eq!((report.sources[0].read, report.notes.len()), (2, 2));
        let not_taken = report.notes.iter().find(|note| note.kind == NoteKind::NotTaken).unwrap();
        assert_eq!(not_taken.place.line, Some(3));
        let instapaper =
            "URL,Title,Selection,Folder,Timestamp,Tags\nhttps://b.org/,B,,Unread,1772359200,[]\n";
        let list = parse_page_list("instapaper.csv", instapaper).unwrap();
        let published = list.batches[0].articles[0].published.unwrap();
        assert_eq!(published.instant().timestamp(), 1_772_359_200);
        for text in ["", "a,b\n1,2", "{}", "<p>no link"] {
            assert!(parse_page_list("x", text).is_err(), "{text}");
        }
    }
}
