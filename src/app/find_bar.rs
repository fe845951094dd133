//! Finding within the article: a line to type in, and the places found.

use super::{App, Effects, Overlay, ScrollAmount, TextInput};
use crate::{
    command::Command,
    markup::{Flow, TextMatch},
    query::Query,
};

/// Places found at the most; nobody steps through more.
const MAX_HITS: usize = 10_000;

/// What is looked for in the article.
#[derive(Debug, Default)]
pub struct FindBar {
    /// What is typed.
    pub input: TextInput,
    query: Query,
    hits: Vec<TextMatch>,
    /// Index of the place that is shown.
    current_index: Option<usize>,
}

impl FindBar {
    /// What is typed, as a query.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// "3 of 17", or why there is nothing to see.
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
}

impl App {
    /// Opens the line to type in.
    pub(super) fn open_find_bar(&mut self) -> Effects {
        if self.article_pane.view().is_none() {
            return self.notify("There is no article to find something in.");
        }
        let focused = self.focus_pane(super::Pane::Article);
        self.overlay = Some(Overlay::FindBar(Box::default()));
        focused
    }

    /// Something was typed: shows the first place at or below what is in view.
    pub(super) fn update_find_hits(&mut self) {
        let (Some(Overlay::FindBar(find)), Some(shown)) =
            (&mut self.overlay, self.article_pane.view())
        else {
            return;
        };
        let query = Query::from_phrase(find.input.text());
        find.hits = if query.is_refinement_of(&find.query) && find.hits.len() < MAX_HITS {
            let mut pieces: Vec<u32> = find.hits.iter().map(|hit| hit.block).collect();
            pieces.dedup();
            find_hits(&query, shown.flow(), pieces.into_iter())
        } else {
            find_hits(&query, shown.flow(), shown.flow().block_indexes())
        };
        find.query = query;
        let top = shown.position().block;
        let below = find.hits.iter().position(|hit| hit.block >= top);
        find.current_index = below.or_else(|| find.hits.len().checked_sub(1));
        let hit = find.current_index.map(|at| find.hits[at].clone());
        self.article_pane.show_hit(hit);
    }

    /// What a command does while something is looked for.
    pub(super) fn handle_find_command(&mut self, command: Command) -> Effects {
        match command {
            Command::Open | Command::NextPane => self.step_find_hit(1),
            Command::PreviousPane => self.step_find_hit(-1),
            Command::MoveUp => return self.scroll_article(ScrollAmount::Lines(-1)),
            Command::MoveDown => return self.scroll_article(ScrollAmount::Lines(1)),
            Command::PageUp => return self.scroll_article(ScrollAmount::Pages(-1)),
            Command::PageDown => return self.scroll_article(ScrollAmount::Pages(1)),
            Command::GoFirst => return self.scroll_article(ScrollAmount::Start),
            Command::GoLast => return self.scroll_article(ScrollAmount::End),
            _ => {}
        }
        Effects::none()
    }

    fn step_find_hit(&mut self, step: isize) {
        let Some(Overlay::FindBar(find)) = &mut self.overlay else { return };
        let count = find.hits.len();
        find.current_index =
            find.current_index.map(|at| (at + count).saturating_add_signed(step) % count);
        let hit = find.current_index.map(|at| find.hits[at].clone());
        self.article_pane.show_hit(hit);
    }

    /// Shows the next place (the previous one, for a negative step) in which the filter finds something.
    pub(super) fn step_filter_hit(&mut self, step: isize) -> Effects {
        let query = self.filter_bar.query();
        let Some(shown) = self.article_pane.view() else { return Effects::none() };
        let hits = find_hits(query, shown.flow(), shown.flow().block_indexes());
        let Some(last) = hits.len().checked_sub(1) else {
            return self.notify("The filter finds nothing in this text; ^F finds what you type.");
        };
        let marked =
            shown.current_hit().and_then(|marked| hits.iter().position(|hit| hit == marked));
        let at = if let Some(at) = marked {
            (at + hits.len()).saturating_add_signed(step) % hits.len()
        } else {
            let top = shown.position().block;
            let below = hits.iter().position(|hit| hit.block >= top);
            let above = below.unwrap_or(hits.len()).checked_sub(1);
            if step > 0 { below.unwrap_or(0) } else { above.unwrap_or(last) }
        };
        self.notices.show_info(format!("{} of {}", at + 1, hits.len()), self.current_time.at);
        self.article_pane.show_hit(hits.get(at).cloned());
        Effects::none()
    }

    /// What lights up in the article: what is looked for, else what the filter says.
    pub fn highlight_query(&self) -> &Query {
        match &self.overlay {
            Some(Overlay::FindBar(find)) => find.query(),
            _ => self.filter_bar.query(),
        }
    }
}

fn find_hits(query: &Query, flow: &Flow, pieces: impl Iterator<Item = u32>) -> Vec<TextMatch> {
    flow.find_matches(
        pieces,
        &|text| query.has_highlights(text),
        &|text| query.highlight_ranges(text),
        MAX_HITS,
    )
}
