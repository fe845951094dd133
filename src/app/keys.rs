//! From a key to a command, or to an edit of the line that has the caret.

use tui_input::InputRequest;

use super::{App, Effect, Effects, Overlay, Pane, Sidebar};
use crate::{
    command::{Command, Context, Key, KeyCode, Lookup},
    model::Feed,
    query::Vocabulary,
    settings::Preset,
};

impl App {
    /// Handles one key press.
    pub(super) fn key(&mut self, key: Key) -> Effects {
        self.rest.touched = true;
        self.notices.seen();
        self.keys.pending.push(key);
        match self.keymap().lookup(self.contexts(), &self.keys.pending) {
            Lookup::Command(command) => {
                self.keys.pending.clear();
                self.command(command)
            }
            Lookup::Prefix => Effects::none(),
            Lookup::Nothing => {
                self.keys.pending.clear();
                self.unbound(key)
            }
        }
    }

    /// Where a key is looked up, the innermost place first.
    pub fn contexts(&self) -> &'static [Context] {
        match (&self.overlay, self.look.focus) {
            (Some(Overlay::Menu { .. }), _) => &[Context::Menu],
            (Some(Overlay::Feeds(manager)), _) if !manager.typing => &[Context::Feeds, Context::Overlay],
            (Some(_), _) => &[Context::Overlay, Context::Filter],
            (None, Pane::Sidebar) => &[Context::Sidebar, Context::Global],
            (None, Pane::Article) => &[Context::Article, Context::Global],
            (None, Pane::List) => self.list_contexts(),
        }
    }

    fn list_contexts(&self) -> &'static [Context] {
        match (self.look.preset, self.look.typing) {
            (Preset::Type, _) if self.filter.is_empty() => {
                &[Context::EmptyFilter, Context::List, Context::Filter, Context::Global]
            }
            (Preset::Type, _) => &[Context::List, Context::Filter, Context::Global],
            (Preset::Vim, true) => &[Context::Filter, Context::Global],
            (Preset::Vim, false) => &[Context::List, Context::Global],
        }
    }

    fn unbound(&mut self, key: Key) -> Effects {
        let typed = match key.code {
            KeyCode::Char(c) if !key.ctrl && !key.alt => Some(c),
            _ => None,
        };
        if matches!(self.overlay, Some(Overlay::Menu { .. })) {
            self.overlay = None;
            return Effects::none();
        }
        if let Some(effects) = typed.filter(|_| self.is_new_here()).and_then(|letter| self.begin_with(letter))
        {
            return effects;
        }
        match typed {
            Some(c) if self.overlay.is_some() || self.types_into_filter() => {
                self.edit(InputRequest::InsertChar(c))
            }
            _ => Effects::none(),
        }
    }

    /// Edits the line that has the caret.
    pub(super) fn edit(&mut self, request: InputRequest) -> Effects {
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => picker.edit(|line| line.edit(request)),
            Some(Overlay::Add(adding)) => {
                adding.line().edit(request);
                adding.typed();
            }
            Some(Overlay::Edit(form)) => form.line().edit(request),
            Some(Overlay::Path(_, line)) => line.edit(request),
            Some(Overlay::Find(find)) => {
                find.line.edit(request);
                self.find_typed();
            }
            Some(Overlay::Feeds(manager)) if manager.typing => manager.line.edit(request),
            Some(Overlay::Feeds(_)) => {}
            Some(Overlay::Menu { .. }) => {}
            None => return self.edit_filter(|line| line.edit(request)),
        }
        Effects::none()
    }

    /// Changes what is typed in the filter bar, and asks for what it means.
    pub(super) fn edit_filter(&mut self, change: impl FnOnce(&mut super::TextLine)) -> Effects {
        let changed = self.filter.edit(self.moment.today(), change);
        if changed { self.ask_filter() } else { Effects::none() }
    }

    /// Completes the name or value before the caret; `None` if there is nothing to complete.
    pub(super) fn complete(&mut self) -> Option<Effects> {
        if !self.types_into_filter() || self.filter.is_empty() {
            return None;
        }
        let vocabulary = vocabulary(&self.sidebar);
        self.filter.complete(self.moment.today(), &vocabulary).then(|| self.ask_filter())
    }

    /// What the filter goes on with if Tab is pressed now: the rest of it.
    pub fn offered(&self) -> Option<String> {
        let at_end = self.filter.line().before_caret().len() == self.filter.text().len();
        if !at_end || self.filter.is_empty() || !self.types_into_filter() {
            return None;
        }
        let first = self.filter.completions(&vocabulary(&self.sidebar)).into_iter().next()?;
        first.strip_prefix(self.filter.text()).map(str::to_owned)
    }

    /// Asks for the list that the filter bar describes. While a part of it is not understood, the list stays as it is.
    pub(super) fn ask_filter(&mut self) -> Effects {
        if self.filter.query().complaint.is_some() {
            return Effects::none();
        }
        let mut view = self.entries.view().clone();
        self.filter.text().clone_into(&mut view.filter);
        self.entries.ask(view)
    }

    /// A paste is one edit, whatever its length.
    pub(super) fn paste(&mut self, text: &str) -> Effects {
        self.rest.touched = true;
        self.notices.seen();
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => picker.edit(|line| line.insert(text)),
            Some(Overlay::Add(adding)) => {
                adding.line().insert(text.trim());
                adding.typed();
            }
            Some(Overlay::Edit(form)) => form.line().insert(text.trim()),
            Some(Overlay::Path(_, line)) => line.insert(text.trim()),
            Some(Overlay::Find(find)) => {
                find.line.insert(text.trim());
                self.find_typed();
            }
            Some(Overlay::Feeds(_)) if is_address(text) => return self.show_add(text.trim()),
            Some(Overlay::Feeds(manager)) => manager.line.insert(text.trim()),
            Some(Overlay::Menu { .. }) => self.overlay = None,
            None if is_address(text) => {
                return self.show_add(text.trim());
            }
            None => {
                self.look.focus = Pane::List;
                self.look.typing = self.look.preset == Preset::Vim;
                return self.edit_filter(|line| line.insert(text));
            }
        }
        Effects::none()
    }

    /// The edits that commands stand for.
    pub(super) fn edit_command(command: Command) -> Option<InputRequest> {
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
    pub(super) fn recall(&mut self, text: Option<String>) -> Effects {
        let Some(text) = text else { return Effects::none() };
        self.look.focus = Pane::List;
        self.edit_filter(|line| line.set(&text))
    }

    /// Remembers the filter, so that it can be recalled.
    pub(super) fn remember_filter(&mut self) -> Effects {
        let new = self.filter.remember();
        new.then(|| Effect::Write(super::StoreWrite::Keep("history", self.filter.history().join("\n"))))
            .into()
    }
}

/// Whether a pasted text is nothing but an address on the web.
pub(super) fn is_address(text: &str) -> bool {
    let text = text.trim();
    let web = text.starts_with("http://") || text.starts_with("https://");
    web && !text.contains(char::is_whitespace)
}

/// The names of what is followed.
fn vocabulary(sidebar: &Sidebar) -> Vocabulary<'_> {
    let feeds = &sidebar.facts().feeds;
    let mut folders: Vec<&str> = feeds.iter().filter_map(|feed| feed.folder()).collect();
    let mut tags: Vec<&str> =
        feeds.iter().flat_map(|feed| feed.subscription.tags.iter().map(String::as_str)).collect();
    for names in [&mut folders, &mut tags] {
        names.sort_unstable();
        names.dedup();
    }
    Vocabulary { feeds: feeds.iter().map(Feed::name).collect(), folders, tags }
}
