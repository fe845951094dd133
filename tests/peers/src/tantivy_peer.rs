//! tantivy, with dates as a fast field.

use std::path::Path;

use tantivy::{
    Index, IndexReader, Order, Term,
    collector::{Count, HistogramCollector, TopDocs},
    query::{BooleanQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

use crate::{ArticleVisitor, Peer};

/// Memory for indexing, in bytes.
const MEMORY_BUDGET: usize = 256 << 20;

/// A tantivy index of words and days.
pub struct TantivyIndex {
    reader: IndexReader,
    text: Field,
}

impl TantivyIndex {
    /// Opens the index in `folder`, and builds it from `articles` if it is missing.
    pub fn open(folder: &Path, articles: ArticleVisitor<'_>) -> TantivyIndex {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let text =
            schema.add_text_field("text", TextOptions::default().set_indexing_options(words));
        let day = schema.add_i64_field("day", FAST);
        let is_new = !folder.exists();
        if is_new {
            std::fs::create_dir_all(folder).expect("the folder can be created");
        }
        let index = if is_new {
            Index::create_in_dir(folder, schema.build())
        } else {
            Index::open_in_dir(folder)
        };
        let index = index.expect("the index can be opened");
        if is_new {
            let mut writer =
                index.writer_with_num_threads(1, MEMORY_BUDGET).expect("the index can be written");
            articles(&mut |article| {
                let mut document = tantivy::TantivyDocument::default();
                document.add_text(text, article.text);
                document.add_i64(day, article.day);
                writer.add_document(document).expect("an article can be added");
            });
            writer.commit().expect("the index can be written");
            writer.wait_merging_threads().expect("the index can be merged");
        }
        TantivyIndex { reader: index.reader().expect("the index can be read"), text }
    }
}

impl Peer for TantivyIndex {
    fn name(&self) -> &'static str {
        "tantivy"
    }

    fn search(&self, words: &[&str]) -> u64 {
        let Some((last, whole)) = words.split_last() else { return 0 };
        let make_term = |word: &str| Term::from_field_text(self.text, word);
        let match_word = |word: &&str| -> (Occur, Box<dyn Query>) {
            (Occur::Must, Box::new(TermQuery::new(make_term(word), IndexRecordOption::Basic)))
        };
        let last_word: Box<dyn Query> =
            Box::new(FuzzyTermQuery::new_prefix(make_term(last), 0, false));
        let query = BooleanQuery::new(
            whole.iter().map(match_word).chain([(Occur::Must, last_word)]).collect(),
        );
        let newest = TopDocs::with_limit(50).order_by_fast_field::<i64>("day", Order::Desc);
        let days = HistogramCollector::new("day".to_owned(), 17_000_i64, 1, 6_000);
        let (_newest, count, _per_day) = self
            .reader
            .searcher()
            .search(&query, &(newest, Count, days))
            .expect("tantivy can search");
        count as u64
    }
}
