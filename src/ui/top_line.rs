//! The first row: the filter bar, or the head line of an article that has the screen to itself.

use ratatui::{buffer::Buffer, layout::Position};

use super::{
    ScreenPainter,
    result_count::{first_fitting, shortened_lists},
    row_painter::RowPainter,
};
use crate::{
    app::{LayoutClass, PaneLayout, waiting_text},
    command::Command,
    model::{AccountId, ListedAccount, SortOrder},
    settings::KeyPreset,
    text::{count_noun, group_thousands, truncate, width},
};

/// Minimum columns of the name of a scope beside the state of a sync.
const MIN_SCOPE_COLUMNS: usize = 8;

/// Columns around the filter: the prompt, the caret and a gap.
const FILTER_MARGIN: usize = 8;

impl ScreenPainter<'_> {
    /// Draws the first row; returns the position of its caret.
    pub(super) fn draw_top_line(
        &self,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        if panes.is_article_alone() {
            self.draw_article_head_line(panes, buffer);
            return None;
        }
        let area = panes.top_bar;
        let right = self.summary_text(panes.class, usize::from(area.width));
        let reserved = u16::try_from(width(&right)).unwrap_or(area.width);
        let indent = u16::from(panes.class > LayoutClass::Tiny);
        let mut painter =
            RowPainter::new(buffer, area.x + indent, area.y, area.width.saturating_sub(indent))
                .with_bidi_mode(self.app.ui.bidi_mode());
        painter
            .put_text(self.style.glyphs.prompt, self.style.theme.focus)
            .put_text(" ", self.style.theme.text);
        let caret = self.draw_filter_text(&mut painter, area.width.saturating_sub(reserved + 4));
        let from = area.right().saturating_sub(reserved + indent);
        if painter.x() < from {
            RowPainter::new(buffer, from, area.y, reserved)
                .put_text(&right, self.style.theme.muted);
        }
        Some(Position::new(caret, area.y))
    }

    /// Draws the filter, scrolled so that the caret is in view; returns the caret's column.
    fn draw_filter_text(&self, painter: &mut RowPainter<'_>, end: u16) -> u16 {
        let (line, theme) = (self.app.filter_bar.input(), &self.style.theme);
        if self.app.filter_bar.is_empty() {
            let caret = painter.x();
            let key = self.pane_shortcut(Command::FocusFilter);
            let hint = match (self.app.ui.key_preset, self.app.is_typing_filter(), key) {
                (KeyPreset::Vim, false, Some(key)) => format!("{key} to filter"),
                _ => "type to filter".to_owned(),
            };
            let leaves_room = usize::from(caret) + width(&hint) < usize::from(end);
            if leaves_room && painter.remaining_columns() > 24 {
                painter.put_text(&hint, theme.muted);
            }
            return caret;
        }
        let room = usize::from(end.saturating_sub(painter.x())).max(1);
        let before = line.text_before_caret();
        let mut from = 0;
        while width(&before[from..]) >= room {
            from += before[from..].chars().next().map_or(1, char::len_utf8);
        }
        let caret = painter.x() + u16::try_from(width(&before[from..])).unwrap_or(0);
        let visible = truncate(&line.text()[from..], room);
        painter.put_text(&visible, theme.text);
        if let Some(rest) =
            self.app.completion_suffix().filter(|_| !self.app.ui.settings.accessible)
        {
            painter.put_text(&truncate(&rest, room.saturating_sub(width(&visible))), theme.muted);
        }
        caret
    }

    /// Returns the text at the right end: the number of matches, or the name and size of the scope.
    ///
    /// The text takes at most half of the row, or what the filter leaves, so that there is room for
    /// typing; the name and size of the scope take at most two thirds of it.
    fn summary_text(&self, class: LayoutClass, columns: usize) -> String {
        if class <= LayoutClass::Tiny {
            return group_thousands(self.app.listed_count());
        }
        if self.app.filter_bar.is_empty() {
            return self.scope_summary_text(class, columns * 2 / 3);
        }
        let left = columns.saturating_sub(width(self.app.filter_bar.text()) + FILTER_MARGIN);
        self.result_count_text(class, left.max(columns / 2))
    }

    /// Returns the name and the size of the scope, and the progress of a refresh. Into `columns` that are too few, less
    /// of what is said about the list is put, and then of the name.
    fn scope_summary_text(&self, class: LayoutClass, columns: usize) -> String {
        let refresh = self.refresh_text() + &self.download_text();
        let name = self.app.sidebar.scope_name(self.app.scope());
        let room = columns.saturating_sub(width(&refresh));
        let facts =
            self.scope_facts(class, room.saturating_sub(width(&name).min(MIN_SCOPE_COLUMNS)));
        let room = room.saturating_sub(width(&facts));
        let sync = self.sync_text(room.saturating_sub(width(&name).min(MIN_SCOPE_COLUMNS)));
        let room = room.saturating_sub(width(&sync));
        truncate(&format!("{refresh}{sync}{}{facts}", truncate(&name, room)), columns).into_owned()
    }

    /// Returns the size of the scope with what is unusual about the list, or else the number of feeds: as many of these
    /// as fit into `room` columns.
    fn scope_facts(&self, class: LayoutClass, room: usize) -> String {
        let mut facts = vec![format!(" {}", group_thousands(self.scope_count()))];
        facts.extend(self.list_marks());
        let feeds = self.app.sidebar.data().feeds.len();
        if facts.len() == 1 && feeds > 0 && class >= LayoutClass::Narrow {
            facts.push(count_noun(feeds, "feed"));
        }
        let separator = format!(" {} ", self.style.glyphs.separator);
        first_fitting(shortened_lists(&facts, 1, &separator), room)
    }

    /// Returns the progress of the refresh, such as `⟳ 17/41`; once no feed is left, the account that is
    /// still being synced.
    fn refresh_text(&self) -> String {
        let jobs = &self.app.jobs;
        let running = jobs.refresh_progress().filter(|_| !self.app.ui.settings.accessible);
        let Some(at) = running else { return String::new() };
        let waiting = match jobs.waiting_refreshes() {
            0 => String::new(),
            count => format!(" +{count}"),
        };
        let progress = match jobs.syncing_accounts() {
            [account] if at.done == at.total => self.account_name(*account),
            [_, _, ..] if at.done == at.total => {
                count_noun(jobs.syncing_accounts().len(), "account")
            }
            _ => format!("{}/{}", at.done, at.total),
        };
        format!("{} {progress}{waiting}  ", self.style.glyphs.refresh)
    }

    /// Returns the progress of downloads, such as `2 downloads 34 %`.
    fn download_text(&self) -> String {
        let progress = self.app.jobs.download_progress();
        let running = progress.filter(|at| at.files > 0 && !self.app.ui.settings.accessible);
        let Some(at) = running else { return String::new() };
        let percent = at.percent().map_or_else(String::new, |percent| format!(" {percent} %"));
        format!("{}{percent}  ", count_noun(at.files, "download"))
    }

    fn account_name(&self, account: AccountId) -> String {
        let mut accounts = self.app.sidebar.data().accounts.iter();
        let listed = accounts.find(|listed| listed.id() == account);
        listed.map_or_else(|| "1 account".to_owned(), |listed| listed.account.name.clone())
    }

    /// Returns what a sync has fetched, or else the changes that wait for the servers of accounts whose
    /// syncs fail, in the longest form that fits into `room` columns.
    fn sync_text(&self, room: usize) -> String {
        let jobs = &self.app.jobs;
        let forms = match jobs.sync_progress() {
            Some(progress) if !self.app.ui.settings.accessible => {
                let [done, total] =
                    [progress.done, progress.total].map(|count| group_thousands(count as u64));
                let of = format!("{done} of {total}");
                vec![format!("{} {of}", progress.account), of, format!("{done}/{total}")]
            }
            _ => self.waiting_forms(),
        };
        let with_gap = forms.into_iter().map(|form| format!("{form}  "));
        with_gap.into_iter().find(|form| width(form) <= room).unwrap_or_default()
    }

    /// Returns the forms of the number of changes that wait for servers, such as `12 changes wait for
    /// FreshRSS`, the longest first; none while accounts are synced as they should be.
    fn waiting_forms(&self) -> Vec<String> {
        let accounts = self.app.sidebar.data().accounts.iter();
        let waiting: Vec<&ListedAccount> = accounts
            .filter(|listed| listed.waiting > 0 && listed.account.sync_state.failure.is_some())
            .collect();
        let count: usize = waiting.iter().map(|listed| listed.waiting).sum();
        let Some(text) = waiting_text(count) else { return Vec::new() };
        let whom = match &waiting[..] {
            [one] => one.account.name.clone(),
            several => count_noun(several.len(), "account"),
        };
        let verb = if count == 1 { "waits" } else { "wait" };
        let number = group_thousands(count as u64);
        vec![
            format!("{text} for {whom}"),
            format!("{number} {verb} for {whom}"),
            format!("{number} {verb}"),
        ]
    }

    /// Returns what is unusual about the list: marked rows, the stories by which it is grouped, its order,
    /// and that read articles are hidden.
    pub(super) fn list_marks(&self) -> impl Iterator<Item = String> {
        let list = self.app.entry_list.definition();
        let marked = self.marked_text();
        let is_by_relevance = list.order == SortOrder::Relevance;
        // Without words there are no best matches: the newest come first.
        let is_usual =
            list.order == SortOrder::NewestFirst || (is_by_relevance && list.filter.is_empty());
        let order = (!is_usual).then(|| list.order.label());
        let others = order.into_iter().chain(list.unread_only.then_some("read hidden"));
        let stories = self.app.entry_list.story_count().map(count_stories);
        marked.into_iter().chain(stories).chain(others.map(str::to_owned))
    }

    /// Returns the number of marked rows, such as `3 marked`; `None` if there are none.
    pub(super) fn marked_text(&self) -> Option<String> {
        let count = self.app.entry_list.marked_count() as u64;
        (count > 0).then(|| format!("{} marked", group_thousands(count)))
    }

    fn scope_count(&self) -> u64 {
        use crate::model::ViewScope;
        let (sidebar, scope) = (&self.app.sidebar, self.app.scope());
        match scope {
            ViewScope::Unread => sidebar.unread_count(),
            ViewScope::Feed(id) => sidebar.feed(*id).map_or(0, |feed| feed.unread_count),
            _ => self.app.listed_count(),
        }
    }

    /// Draws the head line of an article: ` ← Unread · 3 of 128        38% · 4 min`.
    fn draw_article_head_line(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let (area, glyphs, muted) = (panes.top_bar, &self.style.glyphs, self.style.theme.muted);
        let progress = self.progress_text().unwrap_or_default();
        let indent = u16::from(panes.class > LayoutClass::Tiny);
        let columns = u16::try_from(width(&progress)).unwrap_or(0);
        let left = format!(
            "{} {} {} {}",
            glyphs.arrow_left,
            self.app.sidebar.list_name(self.app.entry_list.definition()),
            glyphs.separator,
            self.position_text()
        );
        let room = area.width.saturating_sub(columns + 2 * indent + 1);
        RowPainter::new(buffer, area.x + indent, area.y, room)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(&left, muted);
        if area.width > columns + 2 {
            RowPainter::new(buffer, area.right() - columns - 2 * indent, area.y, columns)
                .put_text(&progress, muted);
        }
    }
}

/// Returns a number of stories in words.
fn count_stories(count: usize) -> String {
    let noun = if count == 1 { "story" } else { "stories" };
    format!("in {} {noun}", group_thousands(count as u64))
}
