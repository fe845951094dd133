//! The overlays: dialogs, tables and lists that lie over the panes.
//!
//! These are their states; their commands are in `update/overlays.rs` and `update/feed_overlays.rs`.

mod account_field;
mod account_form;
mod account_table;
mod add_feed;
mod command_menu;
mod dialog_layout;
mod failure_label;
mod feed_form;
mod feed_table;
mod find_bar;
mod folder_form;
mod form_fields;
mod help_page;
mod history_items;
mod journal_table;
mod path_prompt;
mod picker;
mod picker_items;
mod question;
mod row_window;
mod rule_field;
mod rule_form;
mod rule_table;
mod snooze_items;
mod tag_prompt;
mod target_items;
mod term_items;
mod typed_address;
mod view_field;
mod view_form;
mod word_completion;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::InputRequest;

pub use account_field::AccountField;
pub use account_form::AccountForm;
pub use account_table::AccountTable;
pub use add_feed::{AddFeedDialog, AddFeedStage, DiscoveredFeeds};
pub use command_menu::{CommandMenu, MenuItem, MenuLayout};
pub use dialog_layout::DialogLayout;
pub use feed_form::FeedForm;
pub use feed_table::{FeedTable, FeedTableOrder};
pub use find_bar::FindBar;
pub(super) use find_bar::find_text_matches;
pub use folder_form::FolderForm;
pub use form_fields::{FormField, FormFields};
pub(super) use help_page::help_lines;
pub use help_page::{HelpLine, help_key_columns};
pub(super) use history_items::history_items;
pub use journal_table::{JournalQuestion, JournalTable};
pub use path_prompt::{PathPrompt, PathPurpose, PathStage};
pub use picker::{Picker, PickerAction, PickerItem, PickerKind, TermSense};
pub(super) use picker_items::{
    bidi_items, command_items, failure_items, grouping_items, heading_items, link_items,
    scope_items, sort_items,
};
pub use question::Question;
pub use row_window::RowWindow;
pub use rule_field::RuleField;
pub use rule_form::RuleForm;
pub(super) use rule_form::RuleNames;
pub use rule_table::RuleTable;
pub(super) use snooze_items::snooze_items;
pub use tag_prompt::TagPrompt;
pub(super) use target_items::{act_items, target_scope_items};
pub(super) use term_items::{row_term_items, text_term_items};
pub(super) use typed_address::{is_file_path, is_web_url};
pub use view_field::ViewField;
pub use view_form::ViewForm;

use super::{
    ArticlePane, CommandTitles, Effect, MAX_LINE_CHARS, MAX_SEARCH_CHARS, PaneLayout, SidebarData,
    TextInput,
};
use crate::{
    command::{KeyContext, Keymap},
    model::{Failure, PathCompletion},
};

/// An overlay.
#[derive(Debug)]
pub enum Overlay {
    /// The command menu, waiting for its letter.
    CommandMenu(CommandMenu),
    /// A list narrowed by typing.
    Picker(Picker),
    /// The dialog that adds a feed.
    AddFeed(Box<AddFeedDialog>),
    /// The table of feeds.
    FeedTable(FeedTable),
    /// The journal.
    Journal(JournalTable),
    /// The form in which a feed is edited.
    FeedForm(Box<FeedForm>),
    /// The form in which a folder is renamed.
    FolderForm(Box<FolderForm>),
    /// The form in which a view is edited.
    ViewForm(Box<ViewForm>),
    /// The form in which a rule is made or edited.
    RuleForm(Box<RuleForm>),
    /// The table of rules.
    RuleTable(RuleTable),
    /// The table of accounts.
    AccountTable(AccountTable),
    /// The form in which an account is added or edited.
    AccountForm(Box<AccountForm>),
    /// The prompt for the path of a file.
    PathPrompt(PathPrompt),
    /// The prompt for the tags of an article.
    TagPrompt(Box<TagPrompt>),
    /// The find bar of the article.
    FindBar(Box<FindBar>),
    /// A question before much is done.
    Question(Question),
}

impl Overlay {
    /// Creates the command menu, not drawn yet.
    pub(in crate::app) fn command_menu(now: DateTime<Utc>, titles: CommandTitles) -> Overlay {
        Overlay::CommandMenu(CommandMenu::new(now, titles))
    }

    /// Returns the fields of a form.
    pub(super) fn form_fields(&mut self) -> Option<&mut FormFields> {
        match self {
            Overlay::FeedForm(form) => Some(&mut form.form),
            Overlay::FolderForm(form) => Some(&mut form.form),
            Overlay::ViewForm(form) => Some(&mut form.form),
            Overlay::RuleForm(form) => Some(&mut form.form),
            Overlay::AccountForm(form) => Some(&mut form.form),
            _ => None,
        }
    }

    /// Types a character.
    pub(super) fn type_char(&mut self, c: char, pane: &mut ArticlePane) {
        if let Some(form) = self.form_fields()
            && form.is_choice_focused()
        {
            match self {
                Overlay::AccountForm(form) if c == ' ' => form.choose_next(),
                _ if c == ' ' => self.form_fields().into_iter().for_each(FormFields::choose_next),
                _ => {}
            }
        } else if self.takes_text() {
            self.edit_input(pane, |input| input.apply_edit(InputRequest::InsertChar(c)));
        }
    }

    /// Pastes text in one edit. Returns the number of characters for which the line has no room.
    pub(super) fn paste(&mut self, text: &str, pane: &mut ArticlePane) -> usize {
        let (text, limit) = match self {
            Overlay::Picker(_) => (text, MAX_SEARCH_CHARS),
            Overlay::FindBar(_) | Overlay::FeedTable(_) => (text.trim(), MAX_SEARCH_CHARS),
            _ => (text.trim(), MAX_LINE_CHARS),
        };
        let mut left_out = 0;
        self.edit_input(pane, |input| left_out = input.insert_text(text, limit));
        left_out
    }

    /// Returns whether characters are typed into a line, instead of being keys.
    pub(super) fn takes_text(&self) -> bool {
        match self {
            Overlay::FeedTable(table) => table.is_filtering,
            Overlay::CommandMenu(_)
            | Overlay::Journal(_)
            | Overlay::RuleTable(_)
            | Overlay::AccountTable(_)
            | Overlay::Question(_) => false,
            Overlay::Picker(_)
            | Overlay::AccountForm(_)
            | Overlay::AddFeed(_)
            | Overlay::FeedForm(_)
            | Overlay::FolderForm(_)
            | Overlay::ViewForm(_)
            | Overlay::RuleForm(_)
            | Overlay::PathPrompt(_)
            | Overlay::TagPrompt(_)
            | Overlay::FindBar(_) => true,
        }
    }

    /// Edits the line that has the caret.
    pub(super) fn edit_input(&mut self, pane: &mut ArticlePane, edit: impl FnOnce(&mut TextInput)) {
        match self {
            Overlay::Picker(picker) => picker.edit_input(edit),
            Overlay::AddFeed(dialog) => {
                edit(dialog.focused_input());
                dialog.reset_stage();
            }
            Overlay::FeedForm(form) => edit_field(&mut form.form, edit),
            Overlay::FolderForm(form) => edit_field(&mut form.form, edit),
            Overlay::ViewForm(form) => edit_field(&mut form.form, edit),
            Overlay::RuleForm(form) => form.edit_input(edit),
            Overlay::AccountForm(form) => form.edit_input(edit),
            Overlay::PathPrompt(prompt) => prompt.edit_input(edit),
            Overlay::TagPrompt(prompt) => prompt.edit_input(edit),
            Overlay::FindBar(find) => {
                edit(&mut find.input);
                find.update_hits(pane);
            }
            Overlay::FeedTable(table) => edit(&mut table.filter_input),
            Overlay::CommandMenu(_)
            | Overlay::Journal(_)
            | Overlay::RuleTable(_)
            | Overlay::AccountTable(_)
            | Overlay::Question(_) => {}
        }
    }

    /// Requests rows that are not loaded yet, or what a form shows about what is typed.
    pub(super) fn request_missing(&mut self) -> Option<Effect> {
        match self {
            Overlay::Journal(table) => table.request_missing().map(Effect::LoadJournal),
            Overlay::RuleTable(table) => table.request_rows().then_some(Effect::LoadRules),
            Overlay::Question(question) => {
                let is_outdated = question.rule_table_mut().is_some_and(RuleTable::request_rows);
                is_outdated.then_some(Effect::LoadRules)
            }
            Overlay::RuleForm(form) => {
                form.request_trial().map(|trial| Effect::TryRule(Box::new(trial)))
            }
            _ => None,
        }
    }

    /// Returns whether the overlay waits for the file at a path to be used.
    pub(super) fn is_working_on(&self, path: &str) -> bool {
        match self {
            Overlay::PathPrompt(prompt) => prompt.is_working_on(path),
            Overlay::AddFeed(dialog) => dialog.is_working_on(path),
            _ => false,
        }
    }

    /// Shows why the file at the path could not be used; the path stays to be corrected.
    pub(super) fn fail_path(&mut self, failure: Failure) {
        match self {
            Overlay::PathPrompt(prompt) => prompt.fail(failure),
            Overlay::AddFeed(dialog) => dialog.stage = AddFeedStage::Failed(failure.summary),
            _ => {}
        }
    }

    /// Completes the path `typed`, unless it was edited since.
    pub(super) fn complete_path(&mut self, typed: &str, completion: PathCompletion) {
        match self {
            Overlay::PathPrompt(prompt) => prompt.complete(typed, completion),
            Overlay::AddFeed(dialog) => dialog.complete_path(typed, completion),
            _ => {}
        }
    }

    /// Fits the rows of the overlay to the screen.
    pub(super) fn resize(&mut self, panes: &PaneLayout, data: &SidebarData, keymap: &Keymap) {
        match self {
            Overlay::CommandMenu(menu) => menu.resize(panes, keymap),
            Overlay::Picker(picker) => picker.resize(panes),
            Overlay::AddFeed(dialog) => dialog.resize(panes),
            Overlay::FeedTable(table) => table.resize(panes, &data.feeds),
            Overlay::Journal(table) => table.resize(panes),
            Overlay::FeedForm(form) => form.form.resize(panes),
            Overlay::FolderForm(form) => form.form.resize(panes),
            Overlay::ViewForm(form) => form.form.resize(panes),
            Overlay::RuleForm(form) => form.form.resize(panes),
            Overlay::RuleTable(table) => table.resize(panes),
            Overlay::AccountTable(table) => table.resize(panes, &data.accounts),
            Overlay::AccountForm(form) => form.form.resize(panes),
            Overlay::Question(question) => {
                if let Some(table) = question.rule_table_mut() {
                    table.resize(panes);
                }
            }
            Overlay::PathPrompt(_) | Overlay::TagPrompt(_) | Overlay::FindBar(_) => {}
        }
    }

    /// Returns whether something was typed that is lost when the overlay closes.
    pub(super) fn has_unsaved_text(&self) -> bool {
        match self {
            Overlay::CommandMenu(_)
            | Overlay::Journal(_)
            | Overlay::RuleTable(_)
            | Overlay::AccountTable(_)
            | Overlay::Question(_) => false,
            Overlay::AccountForm(form) => form.is_changed(),
            Overlay::Picker(picker) => !picker.input.text().is_empty(),
            Overlay::AddFeed(dialog) => dialog.has_text(),
            Overlay::FeedTable(table) => !table.filter_input.text().is_empty(),
            Overlay::FeedForm(form) => form.is_changed(),
            Overlay::FolderForm(form) => form.is_changed(),
            Overlay::ViewForm(form) => form.is_changed(),
            Overlay::RuleForm(form) => form.is_changed(),
            Overlay::PathPrompt(prompt) => prompt.is_changed(),
            Overlay::TagPrompt(prompt) => prompt.is_changed(),
            Overlay::FindBar(find) => !find.input.text().is_empty(),
        }
    }

    /// Returns the contexts in which keys are looked up while the overlay is open, the innermost first.
    pub(super) fn key_contexts(&self) -> &'static [KeyContext] {
        match self {
            Overlay::CommandMenu(_) => &[KeyContext::Menu],
            Overlay::FeedTable(table) if !table.is_filtering => {
                &[KeyContext::Feeds, KeyContext::Overlay]
            }
            Overlay::Journal(_) => &[KeyContext::Journal, KeyContext::Overlay],
            Overlay::RuleTable(_) => &[KeyContext::Rules, KeyContext::Overlay],
            Overlay::AccountTable(_) => &[KeyContext::Accounts, KeyContext::Overlay],
            _ => &[KeyContext::Overlay, KeyContext::Filter],
        }
    }

    /// Returns the time until the command menu appears.
    pub fn time_until_menu(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        match self {
            Overlay::CommandMenu(menu) => menu.time_until_shown(now),
            _ => None,
        }
    }

    /// Shows the command menu once its time has come.
    pub fn reveal_menu_when_due(&mut self, now: DateTime<Utc>) {
        if let Overlay::CommandMenu(menu) = self {
            menu.show_when_due(now);
        }
    }
}

/// Edits the focused line of a form, unless it has only a few values.
fn edit_field(form: &mut FormFields, edit: impl FnOnce(&mut TextInput)) {
    if !form.is_choice_focused() {
        edit(form.focused_input());
    }
}
