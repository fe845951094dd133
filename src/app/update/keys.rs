//! Keys and pastes: a key runs a command, or goes into the line that has the caret.

use tui_input::InputRequest;

use crate::{
    app::{
        AddFeedDialog, App, Effects, MAX_LINE_CHARS, MAX_SEARCH_CHARS, Notice, NoticeAction,
        Overlay, Pane, StoreWrite, is_web_url,
    },
    command::{Command, Key, KeyCode, KeyContext, KeymapLookup},
    settings::KeyPreset,
    text::count_noun,
};

impl App {
    /// Handles one key press.
    pub(in crate::app) fn handle_key(&mut self, key: Key) -> Effects {
        self.dwell.note_input();
        self.entry_list.hold_selection();
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
                match key.code {
                    _ if matches!(self.overlay, Some(Overlay::CommandMenu(_))) => {
                        self.close_menu(key)
                    }
                    KeyCode::Char(c) if !key.ctrl && !key.alt && self.takes_chars() => {
                        self.type_char(c)
                    }
                    _ => {
                        self.name_key_of_article(key);
                        Effects::none()
                    }
                }
            }
        }
    }

    /// Closes the command menu on a key that runs nothing in it, and says so, except of the key
    /// that closes everything.
    fn close_menu(&mut self, key: Key) -> Effects {
        self.overlay = None;
        if key.code != KeyCode::Esc {
            let contexts = self.pane_key_contexts();
            let menu = self.active_keymap().key_hints_for(Command::CommandMenu, contexts);
            let keys: Vec<String> = menu.into_iter().take(1).chain([key.hint()]).collect();
            let notice = Notice::info(format!("{} is not bound", keys.join(" ")));
            self.notices.show(notice, self.current_time.at);
        }
        Effects::none()
    }

    /// Returns whether characters without a command go into a line, or choose something.
    fn takes_chars(&self) -> bool {
        self.overlay.is_some() || self.shows_welcome() || self.ui.is_filter_focused()
    }

    /// Says what a key does in the article, if it does nothing in the focused pane.
    fn name_key_of_article(&mut self, key: Key) {
        const OPEN: &[NoticeAction] = &[NoticeAction::new(Command::Open, "opens it")];
        let keymap = self.active_keymap();
        let KeymapLookup::Command(command) = keymap.lookup(&[KeyContext::Article], &[key]) else {
            return;
        };
        if self.overlay.is_some() || self.ui.focus == Pane::Article {
            return;
        }
        let title = keymap.title(command).trim_end_matches('…');
        let notice = Notice::info(format!("This key is “{title}” in the article"));
        let is_list = self.ui.focus == Pane::List && self.entry_list.row_count() > 0;
        let notice = if is_list { notice.offering(OPEN) } else { notice };
        self.notices.show(notice, self.current_time.at);
    }

    /// Handles a character without a command: on the welcome screen, in an overlay, or in the
    /// filter bar.
    fn type_char(&mut self, c: char) -> Effects {
        let is_welcome = self.shows_welcome();
        if let Some(overlay) = &mut self.overlay {
            overlay.type_char(c, &mut self.article_pane);
            return Effects::none();
        }
        if let Some(feeds) = self.sidebar.collection_feeds(c).filter(|_| is_welcome) {
            return StoreWrite::Subscribe(feeds).into();
        }
        if self.ui.is_filter_focused() {
            return self.edit_filter(|line| line.apply_edit(InputRequest::InsertChar(c)));
        }
        Effects::none()
    }

    /// Handles a paste, which is one edit, whatever its length. A URL opens the dialog that adds a
    /// feed.
    pub(in crate::app) fn handle_paste(&mut self, text: &str) -> Effects {
        self.dwell.note_input();
        self.entry_list.hold_selection();
        self.notices.dismiss();
        match &mut self.overlay {
            Some(Overlay::FeedTable(_)) | None if is_web_url(text) => {
                if text.trim().chars().count() > MAX_LINE_CHARS {
                    let notice = format!("The address is longer than {MAX_LINE_CHARS} characters");
                    self.notices.show(Notice::error(notice), self.current_time.at);
                    return Effects::none();
                }
                return self.perform(AddFeedDialog::open(text.trim(), self.sidebar.data()));
            }
            Some(Overlay::CommandMenu(_)) => self.overlay = None,
            Some(overlay) => {
                let left_out = overlay.paste(text, &mut self.article_pane);
                self.tell_of_cut_paste(left_out);
            }
            None => {
                self.ui.focus = Pane::List;
                self.ui.filter_editing = self.ui.key_preset == KeyPreset::Vim;
                let mut left_out = 0;
                let effects = self.edit_filter(|line| {
                    left_out = line.insert_text(text, MAX_SEARCH_CHARS);
                });
                self.tell_of_cut_paste(left_out);
                return effects;
            }
        }
        Effects::none()
    }

    /// Says how much of a pasted text is missing in the line, if it had no room for all.
    fn tell_of_cut_paste(&mut self, left_out: usize) {
        if left_out > 0 {
            let missing = count_noun(left_out, "character");
            let notice = Notice::error(format!("The line is full; not pasted: {missing}"));
            self.notices.show(notice, self.current_time.at);
        }
    }
}
