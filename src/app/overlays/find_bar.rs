//! The find bar: a line of text, and its matches in the article.

use crate::{
    app::{ArticlePane, TextInput},
    markup::{Flow, TextMatch},
    query::Query,
};

/// Maximum number of matches; nobody steps through more.
const MAX_HITS: usize = 10_000;

/// The find bar.
#[derive(Debug, Default)]
pub struct FindBar {
    /// The text.
    pub input: TextInput,
    query: Query,
    hits: Vec<TextMatch>,
    /// Index of the match that is shown.
    current_index: Option<usize>,
}

impl FindBar {
    /// Returns the query for the text.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Returns "3 of 17", or why no match is shown.
    pub fn hit_count_label(&self) -> String {
        match (self.input.text().trim().is_empty(), self.current_index) {
            (true, _) => String::new(),
            (false, None) => "not in this article".to_owned(),
            (false, Some(at)) => {
                let more = if self.hits.len() == MAX_HITS { "+" } else { "" };
                format!("{} of {}{more}", at + 1, self.hits.len())
            }
        }
    }

    /// Searches for the text, and shows the first match at or below the top of the page.
    pub(in crate::app) fn update_hits(&mut self, pane: &mut ArticlePane) {
        let Some(view) = pane.view() else { return };
        let query = Query::from_phrase(self.input.text());
        self.hits = if query.is_refinement_of(&self.query) && self.hits.len() < MAX_HITS {
            let mut blocks: Vec<u32> = self.hits.iter().map(|hit| hit.block).collect();
            blocks.dedup();
            find_text_matches(&query, view.flow(), blocks.into_iter())
        } else {
            find_text_matches(&query, view.flow(), view.flow().block_indexes())
        };
        self.query = query;
        let top = view.position().block;
        let below = self.hits.iter().position(|hit| hit.block >= top);
        self.current_index = below.or_else(|| self.hits.len().checked_sub(1));
        pane.show_match(self.current_match());
    }

    /// Shows the next match, or the previous one for a negative step.
    pub(in crate::app) fn step_hit(&mut self, step: isize, pane: &mut ArticlePane) {
        let count = self.hits.len();
        self.current_index =
            self.current_index.map(|index| (index + count).saturating_add_signed(step) % count);
        pane.show_match(self.current_match());
    }

    fn current_match(&self) -> Option<TextMatch> {
        self.current_index.and_then(|index| self.hits.get(index)).cloned()
    }
}

/// Finds the matches of a query in some blocks of an article.
pub(in crate::app) fn find_text_matches(
    query: &Query,
    flow: &Flow,
    blocks: impl Iterator<Item = u32>,
) -> Vec<TextMatch> {
    flow.find_matches(
        blocks,
        &|text| query.has_highlights(text),
        &|text| query.highlight_ranges(text),
        MAX_HITS,
    )
}
