//! The last row: what was just done, or the keys of the place.

use ratatui::{buffer::Buffer, layout::Position};

use super::{Scene, pen::Pen};
use crate::{
    app::{Find, Overlay, Pane, Panes, Tone},
    command::{Command, Context},
    settings::Preset,
    text::width,
};

/// Commands whose keys are shown side by side, and what they do.
type Hint = (&'static [Command], &'static str);

const LIST: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "read"),
    (&[Command::ReadOn], "read on"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Help], "help"),
    (&[Command::Quit], "quit"),
];

const FILTERED: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "move"),
    (&[Command::Open], "read"),
    (&[Command::ClearFilter], "clear"),
    (&[Command::SaveFilter], "save filter"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const NO_MATCH: &[Hint] =
    &[(&[Command::ClearFilter], "clear"), (&[Command::CommandMenu], "commands"), (&[Command::Quit], "quit")];

const ARTICLE: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "scroll"),
    (&[Command::ReadOn], "page/next"),
    (&[Command::ScrollLeft], "back"),
    (&[Command::NextEntry, Command::PreviousEntry], "next/prev"),
    (&[Command::OpenInBrowser], "browser"),
    (&[Command::ToggleStar], "star"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Help], "help"),
];

const SIDEBAR: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::Open], "to the list"),
    (&[Command::CommandMenu], "commands"),
    (&[Command::Quit], "quit"),
];

const WELCOME: &[Hint] = &[
    (&[Command::AddFeed], "add a feed"),
    (&[Command::ImportFeeds], "import"),
    (&[Command::Help], "help"),
    (&[Command::Quit], "quit"),
];

const PICKER: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    (&[Command::Open], "take"),
    (&[Command::Back], "close"),
];

impl Scene<'_> {
    pub(super) fn hint_line(&self, panes: &Panes, buffer: &mut Buffer) {
        let Some(area) = panes.hints else { return };
        let mut pen = Pen::new(buffer, area.x, area.y, area.width).arranged(self.app.look.writer());
        pen.put(" ", self.skin.theme.text);
        if matches!(self.app.overlay, Some(Overlay::Find(_))) {
            return;
        }
        if let Some(notice) = self.app.notices.notice() {
            let style = match notice.tone {
                Tone::Plain => self.skin.theme.ok,
                Tone::Error => self.skin.theme.error,
            };
            let mark = if notice.tone == Tone::Error { "! " } else { "" };
            pen.put(mark, style).cut(&notice.text, style);
            return;
        }
        for (keys, label) in self.hints() {
            let columns = width(&keys) + 1 + width(label);
            if usize::from(pen.room()) <= columns {
                break;
            }
            pen.put(&keys, self.skin.theme.focus).put(" ", self.skin.theme.text);
            pen.put(label, self.skin.theme.muted).put("  ", self.skin.theme.text);
        }
    }

    /// The line in which one types what to find, in place of the hints; tells where its caret is.
    pub(super) fn find_line(&self, find: &Find, panes: &Panes, buffer: &mut Buffer) -> Option<Position> {
        let area = panes.hints?;
        let theme = &self.skin.theme;
        let count = find.count();
        let columns = u16::try_from(width(&count) + 2).unwrap_or(0).min(area.width / 2);
        let mut pen = Pen::new(buffer, area.x, area.y, area.width - columns).arranged(self.app.look.writer());
        pen.put(" find ", theme.focus).put(find.line.before_caret(), theme.text);
        let caret = Position::new(pen.x(), area.y);
        pen.put(&find.line.text()[find.line.before_caret().len()..], theme.text);
        Pen::new(buffer, area.right() - columns, area.y, columns).put(&count, theme.muted);
        Some(caret)
    }

    /// The hints of the place: their keys as they are bound at the moment.
    fn hints(&self) -> Vec<(String, &'static str)> {
        let app = self.app;
        if self.suggests_vim() {
            return vec![("^X k".to_owned(), "Typing filters the list. Prefer vim keys?")];
        }
        let table = match (&app.overlay, app.look.focus) {
            (Some(Overlay::Menu { .. }), _) => {
                return vec![("letter".to_owned(), "runs it"), ("Esc".to_owned(), "closes")];
            }
            (Some(_), _) => PICKER,
            (None, _) if app.is_new_here() => WELCOME,
            (None, Pane::Article) => ARTICLE,
            (None, Pane::Sidebar) => SIDEBAR,
            (None, Pane::List) if app.filter.is_empty() => LIST,
            (None, Pane::List) if app.entries.is_empty() => NO_MATCH,
            (None, Pane::List) => FILTERED,
        };
        table.iter().filter_map(|(commands, label)| Some((self.keys(commands)?, *label))).collect()
    }

    /// The first key of each command, joined; `None` if one cannot be reached from here.
    fn keys(&self, commands: &[Command]) -> Option<String> {
        let keymap = self.app.keymap();
        let key = |command: &Command| {
            let direct = keymap.keys_for(*command, self.app.contexts()).into_iter().next();
            let in_menu =
                || keymap.keys_for(*command, &[Context::Menu]).first().map(|key| format!("^X {key}"));
            direct.or_else(in_menu)
        };
        let keys: Option<Vec<String>> = commands.iter().map(key).collect();
        let keys = keys?;
        let arrows = keys.iter().all(|key| !key.is_ascii());
        Some(keys.join(if arrows { "" } else { " " }))
    }

    /// Who types `jj` or `kkk` at a list that filters comes from vim.
    fn suggests_vim(&self) -> bool {
        let app = self.app;
        let text = app.filter.text();
        let vim = text.len() >= 2
            && ["j", "k"].iter().any(|letter| text.trim_matches(|c| letter.starts_with(c)).is_empty());
        vim && app.look.preset == Preset::Type && app.entries.is_empty() && app.overlay.is_none()
    }
}
