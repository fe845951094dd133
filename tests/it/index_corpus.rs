//! The index against its oracle, over news of many languages.

use std::fs;

use newsreader::model::EntryState;

use crate::{
    corpora::corpus_files,
    index::{LibraryStep, ModelLibrary},
};

/// Returns title and text of about `per_file` news of each file of the corpus, or `None` without a
/// corpus.
fn corpus_news(per_file: usize) -> Option<Vec<(String, String)>> {
    let lines =
        corpus_files("news-text")?.into_iter().map(|file| fs::read_to_string(file).unwrap());
    let samples = lines.map(|text| {
        let step = text.lines().count() / per_file + 1;
        let rows = text.lines().step_by(step).map(|line| serde_json::from_str(line).unwrap());
        rows.collect::<Vec<serde_json::Value>>()
    });
    let field =
        |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let mut news: Vec<_> =
        samples.flatten().map(|row| (field(&row, "title"), field(&row, "text"))).collect();
    // Mixes the languages, of which each file has one.
    news.sort_by_key(|(title, text)| title.len() * 31 % 97 + text.len() * 17 % 89);
    Some(news)
}

/// Returns the steps of a library that receives `news`: edits, deletions, marks, flushes, merges.
fn news_steps(news: &[(String, String)]) -> impl Iterator<Item = LibraryStep> {
    let entries = i64::try_from(news.len()).unwrap() * 3 / 4;
    (0_i64..).zip(news).flat_map(move |(n, (title, text))| {
        let put = LibraryStep::Put {
            id: n % entries + 1,
            feed: n % 3 + 1,
            published: n * 7_919 % 30 * 86_400 + n % 2 * 40_000,
            title: title.clone(),
            author: String::new(),
            body: text.clone(),
            tags: String::new(),
        };
        let state = EntryState { read: n % 2 == 0, starred: n % 4 == 0, ..EntryState::default() };
        let other_steps = [
            (n % 11 == 0).then_some(LibraryStep::Delete(n / 2)),
            (n % 5 == 0).then_some(LibraryStep::Mark(n / 3, state)),
            (n % 60 == 59).then_some(LibraryStep::Flush),
            (n % 300 == 299).then_some(LibraryStep::Merge(0, 4)),
        ];
        std::iter::once(put).chain(other_steps.into_iter().flatten())
    })
}

/// Returns filters that look for an article: two words, a phrase, a word of the headline.
fn filters_for_article(title: &str, text: &str) -> Vec<String> {
    let clean =
        |word: &str| word.chars().filter(|c| !"\"():!-".contains(*c)).take(24).collect::<String>();
    let words: Vec<String> =
        text.split_whitespace().map(clean).filter(|word| !word.is_empty()).collect();
    let middle = words.len() / 2;
    let side_by_side = words.get(middle..words.len().min(middle + 3)).unwrap_or_default().join(" ");
    let headline = title.split_whitespace().next().map(clean).unwrap_or_default();
    let apart = words.iter().step_by(middle.max(1)).take(2).cloned().collect::<Vec<_>>().join(" ");
    vec![apart, format!("\"{side_by_side}\""), format!("title:{headline} is:unread")]
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn search_matches_oracle_on_corpus_news() {
    let Some(news) = corpus_news(150) else { return };
    let mut library = ModelLibrary::new();
    let mut index = library.open();
    let mut search_count = 0;
    for (count, step) in news_steps(&news).enumerate() {
        library.apply_step(step, &mut index);
        if count % 12 == 0 {
            let (title, text) = &news[count / 2 % news.len()];
            for filter in filters_for_article(title, text) {
                for end in filter.char_indices().map(|(at, c)| at + c.len_utf8()) {
                    library.check_search(&index, &filter[..end]);
                    search_count += 1;
                }
            }
        }
    }
    assert!(library.segments.len() > 3 && search_count > 1_000, "{search_count} searches");
}
