//! The last row: the keys of the focused pane, or a question. Also looks up the keys of commands for
//! other parts of the screen.

use std::borrow::Cow;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    ScreenPainter,
    overlay_hints::{self, CLOSE, Hint},
    row_painter::RowPainter,
};
use crate::{
    app::{
        CommandMenu, FindBar, JournalTable, Notice, NoticeAction, Overlay, Pane, PaneLayout,
        Question, SidebarRow, StoryPlace,
    },
    command::{Command, Key, KeyCode, KeyContext},
    model::HiddenCount,
    settings::KeyPreset,
    text::{count_noun, group_thousands, sanitize, truncate, width},
};

/// Minimum columns of a question that is cut for its keys.
const MIN_QUESTION_COLUMNS: usize = 24;

/// Columns at the start of the row that the first hints keep beside the number of hidden articles.
const MIN_HINT_COLUMNS: usize = 18;

/// A hint as it is shown: keys and a label.
type KeyHint = (String, Cow<'static, str>);

const LIST_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "read"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Help], "help"),
    (&[Command::ReadOn], "read on"),
    (&[Command::Quit], "quit"),
];

/// The hints of a row that stands for a story.
const STORY_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "open story"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::ReadOn], "read"),
    (&[Command::Help], "help"),
    (&[Command::Quit], "quit"),
];

/// The hints of the rows of an open story.
const OPEN_STORY_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "read"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Back], "close story"),
    (&[Command::Help], "help"),
    (&[Command::Quit], "quit"),
];

/// The hints of what the articles of a story say together.
const STORY_READING_HINTS: &[Hint] = &[
    (&[Command::NextHit, Command::PreviousHit], "next, previous"),
    (&[Command::ShowAdditions], "what others add"),
    (&[Command::ShowCombined], "combined"),
    (&[Command::Back], "article"),
    (&[Command::CommandMenu], "commands"),
];

const FILTERED_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "read"),
    (&[Command::ClearFilter], "clear"),
    (&[Command::SaveView], "save view"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::AddRule], "rule"),
    (&[Command::Quit], "quit"),
];

/// The hints of a row that stands for a story, while a filter is typed.
const FILTERED_STORY_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "open story"),
    (&[Command::ClearFilter], "clear"),
    (&[Command::SaveView], "save view"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::AddRule], "rule"),
    (&[Command::Quit], "quit"),
];

/// The hints of the rows of an open story, while a filter is typed.
const FILTERED_OPEN_STORY_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "read"),
    (&[Command::ClearFilter], "clear"),
    (&[Command::Back], "close story"),
    (&[Command::SaveView], "save view"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const MARKED_HINTS: &[Hint] = &[
    (&[Command::ActOn], "act on"),
    (&[Command::ClearMarks], "clear"),
    (&[Command::ToggleStar], "star"),
    (&[Command::ToggleRead], "read"),
    (&[Command::MarkRange], "mark to here"),
    (&[Command::InvertMarks], "invert"),
    (&[Command::CommandMenu], "commands"),
];

const NO_MATCH_HINTS: &[Hint] = &[
    (&[Command::ClearFilter], "clear"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const ARTICLE_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "scroll"),
    (&[Command::ReadOn], "page/next"),
    (&[Command::ScrollLeft], "back"),
    (&[Command::NextEntry, Command::PreviousEntry], "next/prev"),
    (&[Command::OpenInBrowser], "browser"),
    (&[Command::ToggleStar], "star"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Help], "help"),
];

const EDIT_HINTS: &[Hint] = &[
    (&[Command::NextHit, Command::PreviousHit], "next/prev change"),
    (&[Command::OlderVersion, Command::NewerVersion], "older/newer edit"),
    (&[Command::ShowEdits], "article"),
    (&[Command::MoveUp, Command::MoveDown], "scroll"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Help], "help"),
];

const SIDEBAR_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::Open], "to the list"),
    (&[Command::MarkListRead], "mark read"),
    (&[Command::ToggleReadFeeds], "unread only"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const FOLDER_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::Open], "to the list"),
    (&[Command::ToggleFolder], "fold/unfold"),
    (&[Command::MarkListRead], "mark read"),
    (&[Command::ToggleReadFeeds], "unread only"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const ACCOUNT_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::Open], "to the list"),
    (&[Command::ToggleFolder], "fold/unfold"),
    (&[Command::EditFeed], "edit"),
    (&[Command::Unsubscribe], "remove"),
    (&[Command::MarkListRead], "mark read"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const VIEW_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::Open], "to the list"),
    (&[Command::EditFeed], "edit"),
    (&[Command::MoveViewUp, Command::MoveViewDown], "move"),
    (&[Command::Unsubscribe], "remove"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const TAG_GROUP_HINTS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::ToggleFolder], "fold/unfold"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const WELCOME_HINTS: &[Hint] = &[
    (&[Command::AddFeed], "add a feed"),
    (&[Command::ImportFeeds], "import"),
    (&[Command::Help], "help"),
    (&[Command::Quit], "quit"),
];

impl ScreenPainter<'_> {
    pub(super) fn draw_hint_line(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let Some(mut area) = panes.hint_line else { return };
        if self.app.notices.current().is_none() {
            area.width -= self.draw_hidden_count(area, buffer);
        }
        // A question is never hidden by a notice: the next key would answer it unseen.
        if let Some(Overlay::Journal(table)) = &self.app.overlay
            && let Some(question) = table.question()
        {
            let [long, short] = self.journal_question_texts(question);
            let answer = if question.is_redo { "redo" } else { "undo" };
            return self.draw_question_line(&[&long, &short], [answer, "cancel"], area, buffer);
        }
        let mut painter = RowPainter::new(buffer, area.x, area.y, area.width)
            .with_bidi_mode(self.app.ui.bidi_mode());
        painter.put_text(" ", self.style.theme.text);
        if matches!(self.app.overlay, Some(Overlay::FindBar(_) | Overlay::Question(_))) {
            return;
        }
        if self.app.notices.current().is_some() {
            return;
        }
        for (keys, label) in self.current_hints() {
            let columns = width(&keys) + 1 + width(&label);
            if usize::from(painter.remaining_columns()) <= columns {
                break;
            }
            painter.put_text(&keys, self.style.theme.focus).put_text(" ", self.style.theme.text);
            painter.put_text(&label, self.style.theme.muted).put_text("  ", self.style.theme.text);
        }
    }

    /// Draws how many articles the list hides at the right end of the row; returns the columns that
    /// this takes. The first hints keep their room.
    fn draw_hidden_count(&self, area: Rect, buffer: &mut Buffer) -> u16 {
        if self.app.overlay.is_some() || self.app.ui.focus != Pane::List {
            return 0;
        }
        let room = usize::from(area.width).saturating_sub(MIN_HINT_COLUMNS);
        let forms = self.hidden_count_forms(self.app.entry_list.hidden_count());
        let Some(text) = forms.iter().find(|form| width(form) < room) else { return 0 };
        let columns = u16::try_from(width(text) + 1).unwrap_or(0);
        RowPainter::new(buffer, area.right() - columns, area.y, columns)
            .put_text(text, self.style.theme.muted);
        columns
    }

    /// Returns the forms of the number of articles that the list hides, the best first, such as
    /// `12 hidden by 2 rules · is:hidden`; none if it hides none.
    fn hidden_count_forms(&self, hidden: HiddenCount) -> Vec<String> {
        if hidden.articles == 0 {
            return Vec::new();
        }
        let count = format!("{} hidden", group_thousands(hidden.articles as u64));
        let by_rules = hidden.rules.filter(|rules| rules.count > 0).map(|rules| {
            let names = count_noun(rules.count, "rule");
            match hidden.articles - rules.articles.min(hidden.articles) {
                0 => format!("{count} by {names}"),
                _ => format!("{count}, {} by {names}", group_thousands(rules.articles as u64)),
            }
        });
        let how = format!(" {} is:hidden", self.style.glyphs.separator);
        let mut forms: Vec<String> = by_rules.iter().map(|text| format!("{text}{how}")).collect();
        // That rules hide them says more than how to find them.
        forms.extend(by_rules);
        forms.push(format!("{count}{how}"));
        forms.push(count);
        forms
    }

    /// Draws the find bar in place of the hints; returns the position of its caret.
    pub(super) fn draw_find_line(
        &self,
        find: &FindBar,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let area = panes.hint_line?;
        let theme = &self.style.theme;
        let count = self.find_status(find, usize::from(area.width / 2));
        let columns = u16::try_from(width(&count) + 2).unwrap_or(0).min(area.width / 2);
        let mut painter = RowPainter::new(buffer, area.x, area.y, area.width - columns)
            .with_bidi_mode(self.app.ui.bidi_mode());
        painter
            .put_text(" find ", theme.focus)
            .put_text(find.input.text_before_caret(), theme.text);
        let caret = Position::new(painter.x(), area.y);
        painter.put_text(&find.input.text()[find.input.text_before_caret().len()..], theme.text);
        RowPainter::new(buffer, area.right() - columns, area.y, columns)
            .put_text(&count, theme.muted);
        Some(caret)
    }

    /// Draws a question in place of the hints, with its keys, for which a long one is cut; returns the
    /// position of the cursor.
    pub(super) fn draw_question(
        &self,
        question: &Question,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        // A screen without a row for hints shows the question over its last row.
        let screen = panes.screen;
        let last = Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen };
        let area = panes.hint_line.unwrap_or(last);
        buffer.set_style(area, self.style.theme.text);
        let text = sanitize::to_line(question.text());
        self.draw_question_line(&[&text], ["yes", "no"], area, buffer);
        area.as_position()
    }

    /// Draws the first form of a question that fits beside the keys that answer it, or cuts the last one
    /// for them.
    fn draw_question_line(
        &self,
        texts: &[&str],
        labels: [&str; 2],
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = &self.style.theme;
        let keys = [Command::Open, Command::Back].map(|command| self.shortcut(command));
        let keys: Vec<String> = keys.into_iter().flatten().collect();
        let labelled: Vec<String> =
            keys.iter().zip(labels).map(|(key, label)| format!("{key} {label}")).collect();
        let dot = format!(" {} ", self.style.glyphs.separator);
        let forms = [labelled.join("  "), keys.join(&dot)];
        let columns = usize::from(area.width).saturating_sub(3);
        let fits = |text: &&&str| width(text) + width(&forms[1]) <= columns;
        let text = texts.iter().find(fits).or(texts.last()).copied().unwrap_or_default();
        let room = columns.saturating_sub(width(text));
        let rest = columns.saturating_sub(width(&forms[1]));
        let cut = Some(&forms[1]).filter(|_| rest >= MIN_QUESTION_COLUMNS);
        let fitting = forms.iter().find(|form| width(form) <= room).or(cut);
        let shown = fitting.map_or("", String::as_str);
        let columns = if shown.is_empty() { columns + 2 } else { columns - width(shown) };
        let mut painter = RowPainter::new(buffer, area.x, area.y, area.width)
            .with_bidi_mode(self.app.ui.bidi_mode());
        painter.put_text(" ", theme.text).put_text(&truncate(text, columns), theme.ok);
        painter.put_text(" ", theme.text).put_text(shown, theme.focus);
    }

    /// Returns the number of the match, and as many keys of the find bar as fit into `columns`.
    fn find_status(&self, find: &FindBar, columns: usize) -> String {
        const FIND_HINTS: &[Hint] =
            &[(&[Command::Open], "next"), (&[Command::PreviousPane], "previous"), CLOSE];
        self.with_keys(FIND_HINTS).fold(find.hit_count_label(), |text, (keys, label)| {
            let gap = if text.is_empty() { "" } else { "  " };
            let longer = format!("{text}{gap}{keys} {label}");
            if width(&longer) + 2 <= columns { longer } else { text }
        })
    }

    /// Returns the hints of the focused pane or overlay, with the keys as they are bound.
    fn current_hints(&self) -> Vec<KeyHint> {
        let app = self.app;
        if let Some(key) = self.shortcut(Command::SwitchKeys).filter(|_| self.should_suggest_vim())
        {
            return vec![(key, "Typing filters the list. Prefer vim keys?".into())];
        }
        let table = match (&app.overlay, app.ui.focus) {
            (Some(overlay), _) => return self.overlay_hints(overlay),
            (None, _) if app.shows_welcome() => WELCOME_HINTS,
            (None, Pane::Article) => return self.article_hints(),
            (None, Pane::Sidebar) => match app.sidebar.selected_row() {
                Some(SidebarRow::Folder(..)) => FOLDER_HINTS,
                Some(SidebarRow::Account(..)) => ACCOUNT_HINTS,
                Some(SidebarRow::TagGroup(_)) => TAG_GROUP_HINTS,
                Some(SidebarRow::View(view, _)) if view.built_in.is_none() => VIEW_HINTS,
                _ => SIDEBAR_HINTS,
            },
            (None, Pane::List) if app.entry_list.has_marked_rows() => return self.marked_hints(),
            (None, Pane::List) if app.filter_bar.is_empty() => self.row_hints(),
            (None, Pane::List) if app.entry_list.row_count() == 0 => {
                return self.far_hints(NO_MATCH_HINTS);
            }
            (None, Pane::List) => return self.far_hints(self.filtered_row_hints()),
        };
        self.with_keys(table).collect()
    }

    /// Returns the hints of the selected row of a list without a filter.
    fn row_hints(&self) -> &'static [Hint] {
        match self.selected_story_place() {
            None => LIST_HINTS,
            Some(StoryPlace::Closed) => STORY_HINTS,
            Some(StoryPlace::Open | StoryPlace::Member) => OPEN_STORY_HINTS,
        }
    }

    /// Returns the hints of the selected row of a filtered list.
    fn filtered_row_hints(&self) -> &'static [Hint] {
        match self.selected_story_place() {
            None => FILTERED_HINTS,
            Some(StoryPlace::Closed) => FILTERED_STORY_HINTS,
            Some(StoryPlace::Open | StoryPlace::Member) => FILTERED_OPEN_STORY_HINTS,
        }
    }

    /// Returns the place of the selected row in its story; `None` for other rows.
    fn selected_story_place(&self) -> Option<StoryPlace> {
        let list = &self.app.entry_list;
        list.story_place(list.selected_entry()?)
    }

    /// Returns the hints of a filtered list, behind the key that takes what the shared archive has of it.
    fn far_hints(&self, table: &'static [Hint]) -> Vec<KeyHint> {
        const TAKE: &[Hint] = &[(&[Command::TakeFromArchive], "from the archive")];
        let take = if self.app.entry_list.has_far_articles() { TAKE } else { &[] };
        self.with_keys(take).chain(self.with_keys(table)).collect()
    }

    /// Returns the hints of an article, or of its edits in its place. While the filter has matches in it, the keys that step
    /// through them stand in place of those that scroll.
    fn article_hints(&self) -> Vec<KeyHint> {
        const STEP: &[Command] = &[Command::NextHit, Command::PreviousHit];
        if self.app.article_pane.story_reading().is_some() {
            return self.with_keys(STORY_READING_HINTS).collect();
        }
        if self.app.article_pane.diff().is_some() {
            return self.with_keys(EDIT_HINTS).collect();
        }
        let step = self.app.article_pane.filter_hit().and_then(|hit| {
            let label = format!("hit {} of {}", hit.index + 1, hit.count);
            Some((self.hint_keys_text(STEP)?, label.into()))
        });
        let others = if step.is_some() { &ARTICLE_HINTS[1..] } else { ARTICLE_HINTS };
        step.into_iter().chain(self.with_keys(others)).collect()
    }

    /// Returns the number of marked rows, and the keys that act on them.
    fn marked_hints(&self) -> Vec<KeyHint> {
        let count = group_thousands(self.app.entry_list.marked_count() as u64);
        [(count, "marked".into())].into_iter().chain(self.with_keys(MARKED_HINTS)).collect()
    }

    /// Returns the hints of an overlay: the one line of keys that each has.
    fn overlay_hints(&self, overlay: &Overlay) -> Vec<KeyHint> {
        let table = match overlay {
            Overlay::CommandMenu(menu) => return self.menu_hints(menu),
            Overlay::Picker(picker) => overlay_hints::picker_hints(picker),
            Overlay::AddFeed(dialog) => overlay_hints::add_feed_hints(dialog),
            Overlay::FeedTable(table) => overlay_hints::feed_table_hints(table),
            Overlay::Journal(table) => return self.journal_hints(table),
            Overlay::FeedForm(_) | Overlay::FolderForm(_) | Overlay::ViewForm(_) => {
                overlay_hints::form_hints()
            }
            Overlay::RuleForm(form) => overlay_hints::rule_form_hints(form),
            Overlay::RuleTable(_) => overlay_hints::rule_table_hints(),
            Overlay::AccountTable(_) => overlay_hints::account_table_hints(),
            Overlay::AccountForm(form) => overlay_hints::account_form_hints(form),
            Overlay::PathPrompt(prompt) => overlay_hints::path_prompt_hints(prompt),
            Overlay::TagPrompt(prompt) => overlay_hints::tag_prompt_hints(prompt),
            Overlay::FindBar(_) | Overlay::Question(_) => &[],
        };
        self.with_keys(table).collect()
    }

    /// Returns the hints of the journal; the selected row says what the key that opens does.
    fn journal_hints(&self, table: &JournalTable) -> Vec<KeyHint> {
        let is_redo = table.selected_row().is_some_and(|row| row.is_undone);
        self.with_keys(overlay_hints::journal_hints(is_redo)).collect()
    }

    fn menu_hints(&self, menu: &CommandMenu) -> Vec<KeyHint> {
        let letter = [("letter".to_owned(), "runs it".into())].into_iter();
        let pages: &[Hint] = match menu.page_count() {
            1 => &[],
            _ => &[(&[Command::PageDown], "more")],
        };
        // Every key without a command closes the menu; this one does so without a word.
        let esc = Key::without_modifiers(KeyCode::Esc);
        let close = [(self.style.glyphs.key_text(&esc.hint()), "close".into())];
        letter.chain(self.with_keys(pages)).chain(close).collect()
    }

    /// Returns the keys that run a command in the current context, the shortest binding.
    pub(super) fn shortcut(&self, command: Command) -> Option<String> {
        self.shortcut_in(command, self.app.key_contexts())
    }

    /// Returns the keys that run a command in the focused pane, the shortest binding. Text of the
    /// panes names these, so that it stays the same while an overlay is open.
    pub(super) fn pane_shortcut(&self, command: Command) -> Option<String> {
        self.shortcut_in(command, self.app.pane_key_contexts())
    }

    /// Returns the keys that run a command in `contexts`, the shortest binding.
    pub(super) fn shortcut_in(&self, command: Command, contexts: &[KeyContext]) -> Option<String> {
        let keys = self.app.active_keymap().shortcut(command, contexts)?;
        Some(self.style.glyphs.key_text(&keys))
    }

    /// Returns the text of the banner, with keys of the focused pane.
    pub(super) fn banner_text(&self, banner: &Notice) -> String {
        let keys = self.keys_of_notice(banner, |command| self.pane_shortcut(command));
        format!("{}{keys}", banner.text)
    }

    /// Returns the text of the banner in at most `columns`, if it can be: with the titles of its
    /// commands in place of longer words, then without its own words, then with its last command
    /// alone.
    pub(super) fn banner_text_within(&self, banner: &Notice, columns: usize) -> String {
        let separator = format!(" {} ", self.style.glyphs.separator);
        let short = |action: &NoticeAction| {
            let key = self.pane_shortcut(action.command)?;
            Some(format!("{key} {}", action.command.spec().title.trim_end_matches('…')))
        };
        let commands: Vec<String> = banner.actions.iter().filter_map(short).collect();
        let full = self.banner_text(banner);
        let Some(last) = commands.last() else { return full };
        let joined = commands.join(&separator);
        let forms = [format!("{}{separator}{joined}", banner.text), joined, last.clone()];
        let fits = |form: &String| width(form) <= columns;
        [full.clone()].into_iter().chain(forms).find(fits).unwrap_or(full)
    }

    /// Returns hints in one line; those without a key are left out.
    pub(super) fn hint_text(&self, hints: &[Hint]) -> String {
        let hints = self.with_keys(hints).map(|(keys, label)| format!("{keys} {label}"));
        hints.collect::<Vec<_>>().join("  ")
    }

    /// Returns hints with their keys; those without a key are left out.
    pub(super) fn with_keys(&self, hints: &[Hint]) -> impl Iterator<Item = KeyHint> {
        hints.iter().filter_map(|(commands, label)| {
            Some((self.hint_keys_text(commands)?, self.hint_label(commands, label)))
        })
    }

    /// Returns the label of a hint. That of a switch names what it would do now.
    fn hint_label(&self, commands: &[Command], label: &'static str) -> Cow<'static, str> {
        let titles = || self.app.command_titles();
        match commands {
            [command @ (Command::ToggleStar | Command::ToggleRead)] => {
                titles().find(*command, self.app.active_keymap()).map_or(label.into(), Cow::Owned)
            }
            [Command::ToggleReadFeeds] if self.app.sidebar.hides_read_feeds() => "all feeds".into(),
            _ => label.into(),
        }
    }

    /// Returns the first key of each command, joined; `None` if one has no key here.
    fn hint_keys_text(&self, commands: &[Command]) -> Option<String> {
        let keys: Option<Vec<String>> =
            commands.iter().map(|command| self.shortcut(*command)).collect();
        let keys = keys?;
        let arrows = keys.iter().all(|key| !key.is_ascii());
        Some(keys.join(if arrows { "" } else { " " }))
    }

    /// Returns whether the user seems to expect vim keys: has typed `jj` or `kkk`, and nothing
    /// matches.
    fn should_suggest_vim(&self) -> bool {
        let app = self.app;
        let text = app.filter_bar.text();
        let vim = text.len() >= 2
            && ["j", "k"]
                .iter()
                .any(|letter| text.trim_matches(|c| letter.starts_with(c)).is_empty());
        vim && app.ui.key_preset == KeyPreset::Type
            && app.entry_list.is_empty()
            && app.overlay.is_none()
    }
}
