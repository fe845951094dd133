//! From a key to a command, or to an edit of the line that has the caret.

use tui_input::InputRequest;

use super::{App, Effect, Effects, Overlay, Pane, Sidebar};
use crate::{
    command::{Command, Key, KeyCode, KeyContext, KeymapLookup},
    model::Feed,
    query::CompletionSources,
    settings::KeyPreset,
};

impl App {
    /// Handles one key press.
    pub(super) fn handle_key(&mut self, key: Key) -> Effects {
        self.dwell.has_input = true;
        self.notices.dismiss();
        self.key_state.pending_keys.push(key);
        match self.active_keymap().lookup(self.key_contexts(), &self.key_state.pending_keys) {
            KeymapLookup::Command(command) => {
                self.key_state.pending_keys.clear();
                self.run_command(command)
            }
            KeymapLookup::Prefix => Effects::none(),
            KeymapLookup::Unbound => {
                self.key_state.pending_keys.clear();
                self.handle_unbound_key(key)
            }
        }
    }

    /// Where a key is looked up, the innermost place first.
    pub fn key_contexts(&self) -> &'static [KeyContext] {
        match (&self.overlay, self.ui.focus) {
            (Some(Overlay::CommandMenu { .. }), _) => &[KeyContext::Menu],
            (Some(Overlay::FeedTable(manager)), _) if !manager.is_filtering => {
                &[KeyContext::Feeds, KeyContext::Overlay]
            }
            (Some(_), _) => &[KeyContext::Overlay, KeyContext::Filter],
            (None, Pane::Sidebar) => &[KeyContext::Sidebar, KeyContext::Global],
            (None, Pane::Article) => &[KeyContext::Article, KeyContext::Global],
            (None, Pane::List) => self.list_key_contexts(),
        }
    }

    fn list_key_contexts(&self) -> &'static [KeyContext] {
        match (self.ui.key_preset, self.ui.filter_editing) {
            (KeyPreset::Type, _) if self.filter_bar.is_empty() => {
                &[KeyContext::EmptyFilter, KeyContext::List, KeyContext::Filter, KeyContext::Global]
            }
            (KeyPreset::Type, _) => &[KeyContext::List, KeyContext::Filter, KeyContext::Global],
            (KeyPreset::Vim, true) => &[KeyContext::Filter, KeyContext::Global],
            (KeyPreset::Vim, false) => &[KeyContext::List, KeyContext::Global],
        }
    }

    fn handle_unbound_key(&mut self, key: Key) -> Effects {
        let typed = match key.code {
            KeyCode::Char(c) if !key.ctrl && !key.alt => Some(c),
            _ => None,
        };
        if matches!(self.overlay, Some(Overlay::CommandMenu { .. })) {
            self.overlay = None;
            return Effects::none();
        }
        if let Some(effects) = typed
            .filter(|_| self.shows_welcome())
            .and_then(|letter| self.handle_welcome_key(letter))
        {
            return effects;
        }
        match typed {
            Some(c) if self.overlay.is_some() || self.is_typing_filter() => {
                self.edit_focused_input(InputRequest::InsertChar(c))
            }
            _ => Effects::none(),
        }
    }

    /// Edits the line that has the caret.
    pub(super) fn edit_focused_input(&mut self, request: InputRequest) -> Effects {
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => picker.edit_input(|line| line.apply_edit(request)),
            Some(Overlay::AddFeed(adding)) => {
                adding.focused_input().apply_edit(request);
                adding.reset_stage();
            }
            Some(Overlay::FeedForm(form)) => form.focused_input().apply_edit(request),
            Some(Overlay::PathPrompt(_, line)) => line.apply_edit(request),
            Some(Overlay::FindBar(find)) => {
                find.input.apply_edit(request);
                self.update_find_hits();
            }
            Some(Overlay::FeedTable(manager)) if manager.is_filtering => {
                manager.filter_input.apply_edit(request);
            }
            Some(Overlay::FeedTable(_)) => {}
            Some(Overlay::CommandMenu { .. }) => {}
            None => return self.edit_filter(|line| line.apply_edit(request)),
        }
        Effects::none()
    }

    /// Changes what is typed in the filter bar, and asks for what it means.
    pub(super) fn edit_filter(&mut self, change: impl FnOnce(&mut super::TextInput)) -> Effects {
        let changed = self.filter_bar.edit_input(self.current_time.today(), change);
        if changed { self.request_filtered_list() } else { Effects::none() }
    }

    /// Completes the name or value before the caret; `None` if there is nothing to complete.
    pub(super) fn complete_filter(&mut self) -> Option<Effects> {
        if !self.is_typing_filter() || self.filter_bar.is_empty() {
            return None;
        }
        let vocabulary = completion_vocabulary(&self.sidebar);
        self.filter_bar
            .insert_completion(self.current_time.today(), &vocabulary)
            .then(|| self.request_filtered_list())
    }

    /// What the filter goes on with if Tab is pressed now: the rest of it.
    pub fn completion_suffix(&self) -> Option<String> {
        let at_end =
            self.filter_bar.input().text_before_caret().len() == self.filter_bar.text().len();
        if !at_end || self.filter_bar.is_empty() || !self.is_typing_filter() {
            return None;
        }
        let first = self
            .filter_bar
            .completions(&completion_vocabulary(&self.sidebar))
            .into_iter()
            .next()?;
        first.strip_prefix(self.filter_bar.text()).map(str::to_owned)
    }

    /// Asks for the list that the filter bar describes. While a part of it is not understood, the list stays as it is.
    pub(super) fn request_filtered_list(&mut self) -> Effects {
        if self.filter_bar.query().diagnostic.is_some() {
            return Effects::none();
        }
        let mut view = self.entry_list.view().clone();
        self.filter_bar.text().clone_into(&mut view.filter);
        self.entry_list.request_view(view)
    }

    /// A paste is one edit, whatever its length.
    pub(super) fn handle_paste(&mut self, text: &str) -> Effects {
        self.dwell.has_input = true;
        self.notices.dismiss();
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => picker.edit_input(|line| line.insert_text(text)),
            Some(Overlay::AddFeed(adding)) => {
                adding.focused_input().insert_text(text.trim());
                adding.reset_stage();
            }
            Some(Overlay::FeedForm(form)) => form.focused_input().insert_text(text.trim()),
            Some(Overlay::PathPrompt(_, line)) => line.insert_text(text.trim()),
            Some(Overlay::FindBar(find)) => {
                find.input.insert_text(text.trim());
                self.update_find_hits();
            }
            Some(Overlay::FeedTable(_)) if is_web_url(text) => {
                return self.open_add_feed(text.trim());
            }
            Some(Overlay::FeedTable(manager)) => manager.filter_input.insert_text(text.trim()),
            Some(Overlay::CommandMenu { .. }) => self.overlay = None,
            None if is_web_url(text) => {
                return self.open_add_feed(text.trim());
            }
            None => {
                self.ui.focus = Pane::List;
                self.ui.filter_editing = self.ui.key_preset == KeyPreset::Vim;
                return self.edit_filter(|line| line.insert_text(text));
            }
        }
        Effects::none()
    }

    /// The edits that commands stand for.
    pub(super) fn input_request_for(command: Command) -> Option<InputRequest> {
        Some(match command {
            Command::DeleteBack => InputRequest::DeletePrevChar,
            Command::DeleteForward => InputRequest::DeleteNextChar,
            Command::DeleteWord => InputRequest::DeletePrevWord,
            Command::DeleteLine => InputRequest::DeleteLine,
            Command::CaretStart => InputRequest::GoToStart,
            Command::CaretEnd => InputRequest::GoToEnd,
            Command::CaretLeft => InputRequest::GoToPrevChar,
            Command::CaretRight => InputRequest::GoToNextChar,
            Command::WordLeft => InputRequest::GoToPrevWord,
            Command::WordRight => InputRequest::GoToNextWord,
            _ => return None,
        })
    }

    /// The filter in the bar becomes one used before.
    pub(super) fn recall_filter(&mut self, text: Option<String>) -> Effects {
        let Some(text) = text else { return Effects::none() };
        self.ui.focus = Pane::List;
        self.edit_filter(|line| line.set_text(&text))
    }

    /// Remembers the filter, so that it can be recalled.
    pub(super) fn remember_filter(&mut self) -> Effects {
        let new = self.filter_bar.add_to_history();
        new.then(|| {
            Effect::Write(super::StoreWrite::SetPreference(
                "history",
                self.filter_bar.history().join("\n"),
            ))
        })
        .into()
    }
}

/// Whether a pasted text is nothing but an address on the web.
pub(super) fn is_web_url(text: &str) -> bool {
    let text = text.trim();
    let web = text.starts_with("http://") || text.starts_with("https://");
    web && !text.contains(char::is_whitespace)
}

/// The names of what is followed.
fn completion_vocabulary(sidebar: &Sidebar) -> CompletionSources<'_> {
    let feeds = &sidebar.data().feeds;
    let mut folders: Vec<&str> = feeds.iter().filter_map(|feed| feed.folder()).collect();
    let mut tags: Vec<&str> =
        feeds.iter().flat_map(|feed| feed.subscription.tags.iter().map(String::as_str)).collect();
    for names in [&mut folders, &mut tags] {
        names.sort_unstable();
        names.dedup();
    }
    CompletionSources { feeds: feeds.iter().map(Feed::display_name).collect(), folders, tags }
}
