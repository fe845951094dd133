//! Finding within the article: a line to type in, and the places found.

use super::{App, Effects, Overlay, Scroll, TextLine};
use crate::{
    command::Command,
    markup::{Flow, Hit},
    query::Query,
};

/// Places found at the most; nobody steps through more.
const LIMIT: usize = 10_000;

/// What is looked for in the article.
#[derive(Debug, Default)]
pub struct Find {
    /// What is typed.
    pub line: TextLine,
    query: Query,
    hits: Vec<Hit>,
    /// Index of the place that is shown.
    at: Option<usize>,
}

impl Find {
    /// What is typed, as a query.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// "3 of 17", or why there is nothing to see.
    pub fn count(&self) -> String {
        match (self.line.text().trim().is_empty(), self.at) {
            (true, _) => String::new(),
            (false, None) => "not in this article".to_owned(),
            (false, Some(at)) => {
                let more = if self.hits.len() == LIMIT { "+" } else { "" };
                format!("{} of {}{more}", at + 1, self.hits.len())
            }
        }
    }
}

impl App {
    /// Opens the line to type in.
    pub(super) fn find(&mut self) -> Effects {
        if self.reader.shown().is_none() {
            return self.say("There is no article to find something in.");
        }
        let focused = self.focus(super::Pane::Article);
        self.overlay = Some(Overlay::Find(Box::default()));
        focused
    }

    /// Something was typed: shows the first place at or below what is in view.
    pub(super) fn find_typed(&mut self) {
        let (Some(Overlay::Find(find)), Some(shown)) = (&mut self.overlay, self.reader.shown()) else {
            return;
        };
        let query = Query::phrase(find.line.text());
        find.hits = if query.narrows(&find.query) && find.hits.len() < LIMIT {
            let mut pieces: Vec<u32> = find.hits.iter().map(|hit| hit.piece).collect();
            pieces.dedup();
            places(&query, shown.flow(), pieces.into_iter())
        } else {
            places(&query, shown.flow(), shown.flow().all())
        };
        find.query = query;
        let top = shown.place().piece;
        let below = find.hits.iter().position(|hit| hit.piece >= top);
        find.at = below.or_else(|| find.hits.len().checked_sub(1));
        let hit = find.at.map(|at| find.hits[at].clone());
        self.reader.mark(hit);
    }

    /// What a command does while something is looked for.
    pub(super) fn in_find(&mut self, command: Command) -> Effects {
        match command {
            Command::Open | Command::NextPane => self.next_found(1),
            Command::PreviousPane => self.next_found(-1),
            Command::MoveUp => return self.scroll(Scroll::Lines(-1)),
            Command::MoveDown => return self.scroll(Scroll::Lines(1)),
            Command::PageUp => return self.scroll(Scroll::Pages(-1)),
            Command::PageDown => return self.scroll(Scroll::Pages(1)),
            Command::GoFirst => return self.scroll(Scroll::Start),
            Command::GoLast => return self.scroll(Scroll::End),
            _ => {}
        }
        Effects::none()
    }

    fn next_found(&mut self, step: isize) {
        let Some(Overlay::Find(find)) = &mut self.overlay else { return };
        let count = find.hits.len();
        find.at = find.at.map(|at| (at + count).saturating_add_signed(step) % count);
        let hit = find.at.map(|at| find.hits[at].clone());
        self.reader.mark(hit);
    }

    /// Shows the next place (the previous one, for a negative step) in which the filter finds something.
    pub(super) fn next_hit(&mut self, step: isize) -> Effects {
        let query = self.filter.query();
        let Some(shown) = self.reader.shown() else { return Effects::none() };
        let hits = places(query, shown.flow(), shown.flow().all());
        let Some(last) = hits.len().checked_sub(1) else {
            return self.say("The filter finds nothing in this text; ^F finds what you type.");
        };
        let marked = shown.marked().and_then(|marked| hits.iter().position(|hit| hit == marked));
        let at = if let Some(at) = marked {
            (at + hits.len()).saturating_add_signed(step) % hits.len()
        } else {
            let top = shown.place().piece;
            let below = hits.iter().position(|hit| hit.piece >= top);
            let above = below.unwrap_or(hits.len()).checked_sub(1);
            if step > 0 { below.unwrap_or(0) } else { above.unwrap_or(last) }
        };
        self.notices.say(format!("{} of {}", at + 1, hits.len()), self.moment.at);
        self.reader.mark(hits.get(at).cloned());
        Effects::none()
    }

    /// What lights up in the article: what is looked for, else what the filter says.
    pub fn lit(&self) -> &Query {
        match &self.overlay {
            Some(Overlay::Find(find)) => find.query(),
            _ => self.filter.query(),
        }
    }
}

fn places(query: &Query, flow: &Flow, pieces: impl Iterator<Item = u32>) -> Vec<Hit> {
    flow.hits(pieces, &|text| query.lights_up(text), &|text| query.highlights(text), LIMIT)
}
