//! The entry list: what it shows, what is selected, and which of its rows are at hand.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{Effect, Effects, Listing, Overview, Question, Ticket};
use crate::model::{Change, Columns, Entry, EntryId, EntryState, View};

/// Rows kept at hand at the most; beyond that only those around the screen stay.
const ROWS_AT_HAND: usize = 4_096;

/// How far below the selection a list looks for what is still there.
const NEAR: usize = 64;

/// A list over any number of entries; only the rows around the screen are in memory.
#[derive(Debug, Default)]
pub struct EntryList {
    view: View,
    answer: Answer,
    rows: HashMap<EntryId, Entry>,
    selected: usize,
    top: usize,
    height: usize,
    /// Columns of a histogram.
    columns: usize,
    questions: Questions,
    new_above: usize,
    wanted: Option<EntryId>,
    /// What became read while this scope is shown: it stays in sight until the scope is opened again.
    read_here: BTreeSet<EntryId>,
}

/// What the last answer said.
#[derive(Debug, Default)]
struct Answer {
    ids: Arc<Vec<EntryId>>,
    stored: u64,
    /// More are being looked for.
    more: bool,
    overview: Overview,
}

/// What was asked, and what of it is answered.
#[derive(Debug, Default)]
struct Questions {
    ticket: Ticket,
    answered: Ticket,
    /// The one on its way asks what has come in since, not for another view.
    for_news: bool,
    /// The one on its way goes to the top, unless the selection is moved from this entry before its answer is here.
    from_top: Option<EntryId>,
    /// The rows on their way, by index.
    rows: (usize, usize),
}

impl Questions {
    fn next(&mut self) -> Ticket {
        // Where another view is still on its way, its answer shows no news but what it always had.
        self.for_news = self.answered == self.ticket;
        self.from_top = None;
        self.ticket.0 += 1;
        self.ticket
    }
}

impl EntryList {
    /// What the list shows.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// How many entries it shows.
    pub fn len(&self) -> usize {
        self.answer.ids.len()
    }

    /// Whether it shows none.
    pub fn is_empty(&self) -> bool {
        self.answer.ids.is_empty()
    }

    /// Every entry it shows.
    pub fn ids(&self) -> &[EntryId] {
        &self.answer.ids
    }

    /// How many entries are stored in all.
    pub fn stored(&self) -> u64 {
        self.answer.stored
    }

    /// Whether the newest question is answered.
    pub fn is_current(&self) -> bool {
        self.questions.answered == self.questions.ticket
    }

    /// Whether any question was ever answered.
    pub fn is_known(&self) -> bool {
        self.questions.answered > Ticket::default()
    }

    /// Index of the selected entry.
    pub fn position(&self) -> usize {
        self.selected
    }

    /// Index of the first entry on the screen.
    pub fn top(&self) -> usize {
        self.top
    }

    /// How many entries came in above the screen.
    pub fn new_above(&self) -> usize {
        self.new_above
    }

    /// The selected entry, if its row is at hand.
    pub fn selected(&self) -> Option<&Entry> {
        self.row(self.selected)
    }

    /// The id of the selected entry.
    pub fn selected_id(&self) -> Option<EntryId> {
        self.answer.ids.get(self.selected).copied()
    }

    /// The row at `index`, if it is at hand.
    pub fn row(&self, index: usize) -> Option<&Entry> {
        self.rows.get(self.answer.ids.get(index)?)
    }

    /// The entries next to the selected one.
    pub fn neighbours(&self) -> Vec<EntryId> {
        let indexes = [self.selected.checked_add(1), self.selected.checked_sub(1)];
        indexes.into_iter().flatten().filter_map(|index| self.answer.ids.get(index).copied()).collect()
    }

    /// Selects `id` as soon as a list with it arrives.
    pub fn want(&mut self, id: EntryId) {
        self.wanted = Some(id);
    }

    /// Asks for `view`; in another scope than before, what was read meanwhile may go out of sight.
    pub fn ask(&mut self, view: View) -> Effects {
        if view.scope != self.view.scope || view.unread_only != self.view.unread_only {
            self.read_here.clear();
        }
        self.view = view;
        self.new_above = 0;
        let asked = self.ask_again();
        self.questions.for_news = false;
        asked
    }

    /// Asks for the same view again.
    pub fn ask_again(&mut self) -> Effects {
        let ticket = self.questions.next();
        Effect::List(ticket, self.question()).into()
    }

    fn question(&self) -> Question {
        Question {
            view: self.view.clone(),
            near: self.near(),
            // What one left off at is found again, though it was read.
            keep: self.read_here.iter().chain(&self.wanted).copied().collect(),
            rows: self.height.max(16) * 4,
            columns: Columns::AtMost(self.columns),
        }
    }

    /// Asks for the same view again, and goes to its top.
    pub fn ask_from_top(&mut self) -> Effects {
        let selected = self.selected_id();
        let ticket = self.questions.next();
        self.questions.from_top = selected;
        let near = self.wanted.into_iter().collect();
        Effect::List(ticket, Question { near, ..self.question() }).into()
    }

    fn near(&self) -> Vec<EntryId> {
        let below = self.answer.ids.iter().skip(self.selected).take(NEAR);
        self.wanted.iter().chain(below).copied().collect()
    }

    /// Takes the answer to a question, unless a newer one has been asked; tells whether it was taken.
    ///
    /// The selected entry stays where it is on the screen; what comes in above it moves nothing.
    pub fn listed(&mut self, ticket: Ticket, mut listing: Listing) -> bool {
        if ticket != self.questions.ticket {
            return false;
        }
        let goes_on = std::mem::replace(&mut self.answer.more, listing.more);
        self.answer.overview = std::mem::take(&mut listing.overview);
        if goes_on && self.questions.answered == ticket && !self.answer.ids.is_empty() {
            self.go_on(listing);
            return true;
        }
        let (offset, before) = (self.selected.saturating_sub(self.top), self.selected);
        let kept = self.selected_id();
        self.questions.answered = ticket;
        self.answer.ids = listing.ids;
        self.answer.stored = listing.stored;
        let moved = kept.filter(|_| self.questions.from_top.take().is_some_and(|from| Some(from) != kept));
        let moved = moved.and_then(|kept| self.answer.ids.iter().position(|id| *id == kept));
        self.selected = moved.unwrap_or(listing.nearest).min(self.answer.ids.len().saturating_sub(1));
        self.top = self.selected.saturating_sub(offset);
        if self.questions.for_news && kept.is_some() && kept == self.selected_id() && self.top > 0 {
            self.new_above += self.selected.saturating_sub(before);
        }
        if self.wanted.is_some_and(|wanted| Some(wanted) == self.selected_id()) {
            self.wanted = None;
        }
        // Rows elsewhere may have changed; they are asked for again when they come into view.
        self.rows.clear();
        self.take_rows(listing.rows);
        self.scroll_into_view();
        true
    }

    /// Takes the rest of an answer: mostly what is shown is the beginning of it. Where something stands above that was
    /// not there, the selected entry stays where it is on the screen.
    fn go_on(&mut self, listing: Listing) {
        let (offset, kept) = (self.selected.saturating_sub(self.top), self.selected_id());
        self.answer.ids = listing.ids;
        if self.selected_id() == kept {
            return;
        }
        let moved = self.answer.ids.iter().position(|id| Some(*id) == kept);
        self.selected = moved.unwrap_or(listing.nearest).min(self.answer.ids.len().saturating_sub(1));
        self.top = self.selected.saturating_sub(offset);
        self.take_rows(listing.rows);
        self.scroll_into_view();
    }

    /// Whether more entries are being looked for.
    pub fn more(&self) -> bool {
        self.answer.more
    }

    /// What is told of what the filter found.
    pub fn overview(&self) -> &Overview {
        &self.answer.overview
    }

    /// Takes rows that were asked for.
    pub fn take_rows(&mut self, rows: Vec<Entry>) {
        self.questions.rows = (0, 0);
        if self.rows.len() + rows.len() > ROWS_AT_HAND {
            let around: Vec<EntryId> = self.around(self.height * 4).to_vec();
            self.rows.retain(|id, _| around.contains(id));
        }
        self.rows.extend(rows.into_iter().map(|row| (row.id, row)));
    }

    /// Moves the selection; negative is up.
    pub fn move_by(&mut self, delta: isize) {
        self.select(self.selected.saturating_add_signed(delta));
    }

    /// Moves the selection by whole screens.
    pub fn page(&mut self, pages: isize) {
        let page = isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        self.move_by(pages * page);
    }

    /// Selects the entry at `index`, or the last one.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.answer.ids.len().saturating_sub(1));
        self.scroll_into_view();
    }

    /// Selects the next unread entry below; tells whether there is one among the rows at hand.
    pub fn select_next_unread(&mut self) -> bool {
        let unread = |index: &usize| self.row(*index).is_none_or(|entry| !entry.state.read);
        let found = (self.selected + 1..self.answer.ids.len()).find(unread);
        if let Some(index) = found {
            self.select(index);
        }
        found.is_some()
    }

    /// Scrolls without moving the selection off the screen.
    pub fn scroll(&mut self, rows: isize) {
        let last = self.answer.ids.len().saturating_sub(self.height);
        self.top = self.top.saturating_add_signed(rows).min(last);
        self.selected = self
            .selected
            .clamp(self.top, (self.top + self.height.max(1)) - 1)
            .min(self.answer.ids.len().saturating_sub(1));
        self.note_top();
    }

    /// How many entries fit on the screen, and columns of a histogram above them.
    pub fn fit(&mut self, height: usize, columns: usize) {
        self.columns = columns;
        if self.height != height {
            self.height = height;
            self.scroll_into_view();
        }
    }

    /// Asks for the rows around the screen that are not at hand.
    pub fn missing_rows(&mut self) -> Effects {
        let (from, to) = self.window(self.height.max(8));
        if self.questions.rows == (from, to)
            || self.answer.ids[from..to].iter().all(|id| self.rows.contains_key(id))
        {
            return Effects::none();
        }
        self.questions.rows = (from, to);
        let (from, to) = self.window(self.height.max(8) * 3);
        let missing =
            self.answer.ids[from..to].iter().filter(|id| !self.rows.contains_key(id)).copied().collect();
        Effect::Rows(missing).into()
    }

    /// Changes the state of entries at hand.
    pub fn mark(&mut self, ids: &[i64], set: impl Fn(&mut EntryState)) {
        for id in ids {
            if let Some(row) = self.rows.get_mut(&EntryId(*id)) {
                let was = row.state;
                set(&mut row.state);
                if row.state.read && !was.read {
                    self.read_here.insert(row.id);
                }
            }
        }
    }

    /// The change that turns the star of the selected entry.
    pub fn toggle_star(&self) -> Option<Change> {
        self.selected().map(|entry| Change::starred(&[entry.id], !entry.state.starred))
    }

    /// The change that turns read into unread, or back.
    pub fn toggle_read(&self) -> Option<Change> {
        self.selected().map(|entry| Change::read(&[entry.id], !entry.state.read))
    }

    /// The change that makes the selected entry read, if it is not.
    pub fn read(&self) -> Option<Change> {
        self.selected().filter(|entry| !entry.state.read).map(|entry| Change::read(&[entry.id], true))
    }

    fn scroll_into_view(&mut self) {
        let last = self.answer.ids.len().saturating_sub(self.height.max(1));
        let lowest = self.selected.saturating_sub(self.height.max(1) - 1);
        self.top = self.top.clamp(lowest, self.selected.max(lowest)).min(last.max(lowest));
        self.note_top();
    }

    fn note_top(&mut self) {
        if self.top == 0 {
            self.new_above = 0;
        }
    }

    fn around(&self, margin: usize) -> &[EntryId] {
        let (from, to) = self.window(margin);
        &self.answer.ids[from..to]
    }

    fn window(&self, margin: usize) -> (usize, usize) {
        let to = (self.top + self.height + margin).min(self.answer.ids.len());
        (self.top.saturating_sub(margin).min(to), to)
    }
}
