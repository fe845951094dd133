//! The first page of the help: the few things that carry everything else. Typing searches the rest.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Scene, pen::Pen};
use crate::command::{Command, Context};

/// What a line of the page is about.
enum Topic {
    /// Words of its own.
    Words(&'static str),
    /// The keys of these commands in a place.
    Keys(&'static [Command], Context),
}

const PAGE: &[(Topic, &str)] = &[
    (Topic::Words("letters"), "filter the list at once, over every text stored"),
    (
        Topic::Keys(&[Command::MoveUp, Command::MoveDown, Command::PageDown, Command::GoLast], Context::List),
        "move",
    ),
    (Topic::Keys(&[Command::Open], Context::List), "read the article"),
    (
        Topic::Keys(&[Command::ScrollLeft, Command::NextPane], Context::Article),
        "back to the list, other pane",
    ),
    (Topic::Keys(&[Command::ReadOn], Context::EmptyFilter), "read on: a page, then the next unread"),
    (Topic::Keys(&[Command::ClearFilter], Context::List), "clear the filter"),
    (Topic::Keys(&[Command::CommandMenu], Context::Global), "every command with its letter"),
    (Topic::Words("In the article, or after ^X:"), ""),
    (
        Topic::Keys(&[Command::NextEntry, Command::PreviousEntry, Command::NextUnread], Context::Article),
        "next, previous, next unread",
    ),
    (
        Topic::Keys(&[Command::ToggleStar, Command::ToggleRead, Command::Undo], Context::Article),
        "star, mark unread, undo",
    ),
    (
        Topic::Keys(&[Command::OpenInBrowser, Command::CopyLink, Command::ShowLinks], Context::Article),
        "browser, copy link, links",
    ),
    (
        Topic::Keys(&[Command::Find, Command::NextHit, Command::FullText], Context::Article),
        "find in it, next hit of the filter, full text",
    ),
    (
        Topic::Keys(&[Command::ShowFeeds, Command::AddFeed, Command::Refresh], Context::Article),
        "feeds, add a feed or folder, refresh",
    ),
    (
        Topic::Keys(&[Command::NextTheme, Command::ToggleDensity, Command::ToggleWide], Context::Article),
        "theme, density, wide article",
    ),
    (Topic::Words(""), ""),
    (Topic::Words("\"a phrase\"  !word"), "side by side; without"),
    (Topic::Words("a or b  (a b)  w*"), "either; together; the beginning of a word"),
    (Topic::Words("is:unread is:star"), "state; also read, edited, new"),
    (Topic::Words("in: title: author:"), "feed or folder, headline, writer; body: tag: url:"),
    (Topic::Words("since: before: on:"), "2026-01, today, monday, last-week, 3d; between:a..b"),
    (Topic::Words("age:<2d words:>800"), "by age in days, by length; lang:en, has:image"),
    (Topic::Words("re:colou?r"), "a regular expression"),
    (Topic::Words("Tab  ^X B  ^X #"), "complete; the best on top; narrow to a time"),
    (Topic::Words("^X k"), "vim keys, and back"),
    (Topic::Words("mouse"), "click selects and opens, wheel scrolls"),
];

/// Columns of the keys.
const KEYS: u16 = 22;

impl Scene<'_> {
    /// Draws the page from a row on, as far down as there is more to see.
    pub(super) fn help(&self, from: usize, area: Rect, buffer: &mut Buffer) {
        let from = from.min(PAGE.len().saturating_sub(usize::from(area.height)));
        for ((topic, text), y) in PAGE.iter().skip(from).zip(area.y..area.bottom()) {
            let keys = match topic {
                Topic::Words(words) => (*words).to_owned(),
                Topic::Keys(commands, context) => self.first_keys(commands, *context),
            };
            let mut pen = Pen::new(buffer, area.x, y, area.width);
            pen.put(&keys, self.skin.theme.focus);
            if !text.is_empty() {
                pen.put(" ", self.skin.theme.text).skip_to(area.x + KEYS.min(area.width / 2));
                pen.cut(text, self.skin.theme.text);
            }
        }
    }

    fn first_keys(&self, commands: &[Command], context: Context) -> String {
        let key = |command: &Command| {
            self.app.keymap().keys_for(*command, &[context, Context::Global]).into_iter().next()
        };
        commands.iter().filter_map(key).collect::<Vec<_>>().join(" ")
    }
}
