//! The help page: the basics. Typing searches it, and every command.

use crate::{
    command::{Command, KeyContext, Keymap},
    markup::{Block, LayoutLine, RichText, wrap_block},
    text::width,
};

/// Columns of the keys, with the gap after them.
const KEY_COLUMNS: u16 = 20;

/// Maximum number of rows of a line of the page.
const MAX_LINE_ROWS: u16 = 8;

/// The left column of a line of the page.
enum HelpTopic {
    /// Text as it is.
    Text(&'static str),
    /// The key that goes into the filter, or `letters` where typing is enough.
    Filter,
    /// The keys of these commands in a context.
    Keys(&'static [Command], KeyContext),
    /// Nothing: the explanation goes on from the line above.
    Continued,
    /// A heading over the keys of the article, which also work in the command menu.
    ArticleKeys,
}

const HELP_LINES: &[(HelpTopic, &str)] = &[
    (HelpTopic::Filter, "filter the list, over every text stored"),
    (
        HelpTopic::Keys(
            &[Command::MoveUp, Command::MoveDown, Command::PageDown, Command::GoLast],
            KeyContext::List,
        ),
        "move",
    ),
    (HelpTopic::Keys(&[Command::Open], KeyContext::List), "read the article"),
    (
        HelpTopic::Keys(&[Command::ScrollLeft, Command::NextPane], KeyContext::Article),
        "back to the list, other pane",
    ),
    (
        HelpTopic::Keys(&[Command::ReadOn], KeyContext::EmptyFilter),
        "read on: a page, then the next unread",
    ),
    (HelpTopic::Keys(&[Command::ClearFilter], KeyContext::List), "clear the filter"),
    (HelpTopic::Keys(&[Command::CommandMenu], KeyContext::Global), "every command with its letter"),
    (HelpTopic::ArticleKeys, ""),
    (
        HelpTopic::Keys(
            &[Command::NextEntry, Command::PreviousEntry, Command::NextUnread],
            KeyContext::Article,
        ),
        "next, previous, next unread",
    ),
    (
        HelpTopic::Keys(
            &[Command::ToggleStar, Command::ToggleRead, Command::Undo],
            KeyContext::Article,
        ),
        "star, mark unread, undo",
    ),
    (
        HelpTopic::Keys(
            &[
                Command::TagArticle,
                Command::ToggleLater,
                Command::ToggleHidden,
                Command::SnoozeArticle,
            ],
            KeyContext::Article,
        ),
        "tag, keep for later, hide, hide until a time",
    ),
    (
        HelpTopic::Keys(
            &[Command::ToggleQueued, Command::PlayEpisode, Command::DownloadEpisode],
            KeyContext::Article,
        ),
        "queue, play, download an episode",
    ),
    (
        HelpTopic::Keys(
            &[Command::OpenInBrowser, Command::CopyLink, Command::ShowLinks],
            KeyContext::Article,
        ),
        "browser, copy link, links",
    ),
    (
        HelpTopic::Keys(&[Command::Find, Command::NextHit, Command::FullText], KeyContext::Article),
        "find in it, next hit of the filter, full text",
    ),
    (
        HelpTopic::Keys(&[Command::ShowEdits], KeyContext::Article),
        "what its publisher has changed since you read it",
    ),
    (
        HelpTopic::Keys(
            &[Command::ShowAdditions, Command::ShowCombined, Command::ShowStory],
            KeyContext::Article,
        ),
        "what other sources add, all as one text, their articles",
    ),
    (
        HelpTopic::Keys(
            &[Command::ShowFeeds, Command::AddFeed, Command::Refresh],
            KeyContext::Article,
        ),
        "feeds, add a feed or folder, refresh",
    ),
    (
        HelpTopic::Keys(
            &[Command::NextTheme, Command::ToggleDensity, Command::ToggleWide],
            KeyContext::Article,
        ),
        "theme, density, wide article",
    ),
    (HelpTopic::Text(""), ""),
    (HelpTopic::Text("\"a phrase\"  !word"), "side by side; without"),
    (HelpTopic::Text("a or b  (a b)  w*"), "either; together; the beginning of a word"),
    (HelpTopic::Text("is:unread is:star"), "state; also read, edited, new, copy"),
    (HelpTopic::Text("is:hidden is:removed"), "left out of lists; is:later, is:tagged"),
    (HelpTopic::Text("is:queued is:played"), "podcasts; is:downloaded, has:audio"),
    (HelpTopic::Text("tag: category:"), "your tags and the publishers'; only the publishers'"),
    (HelpTopic::Text("in: title: author:"), "feed or folder, title, author; body: url:"),
    (HelpTopic::Text("since: before: on:"), "2026-01, today, monday, 3d; between:a..b"),
    (HelpTopic::Text("age:<2d words:>800"), "by age in days, by length; lang:en, has:image"),
    (HelpTopic::Text("re:colou?r story:42"), "a regular expression; the story of an article"),
    (
        HelpTopic::Keys(
            &[Command::NextPane, Command::SortList, Command::NarrowToTime],
            KeyContext::List,
        ),
        "complete; sort; narrow to a time",
    ),
    (
        HelpTopic::Keys(&[Command::FilterBySelected, Command::FilterOutSelected], KeyContext::List),
        "filter by feed, author, day, tag; leave it out",
    ),
    (
        HelpTopic::Keys(&[Command::SearchEverywhere], KeyContext::List),
        "search all, not only the feed or folder",
    ),
    (
        HelpTopic::Keys(&[Command::TakeFromArchive], KeyContext::List),
        "rows \"From the archive\": keep the newest hundred",
    ),
    (
        HelpTopic::Keys(
            &[Command::ToggleRowMark, Command::MarkRange, Command::InvertMarks],
            KeyContext::List,
        ),
        "mark rows for commands: one, to here, the others",
    ),
    (
        HelpTopic::Keys(
            &[Command::MoveEpisodeUp, Command::MoveEpisodeDown, Command::MoveEpisodeFirst],
            KeyContext::List,
        ),
        "in the view Queue: up, down, played next",
    ),
    (
        HelpTopic::Keys(&[Command::ActOn], KeyContext::List),
        "act on those marked, above, below, older, or all",
    ),
    (
        HelpTopic::Keys(
            &[
                Command::ToggleFolder,
                Command::MarkListRead,
                Command::ToggleReadFeeds,
                Command::NextUnreadFeed,
            ],
            KeyContext::Sidebar,
        ),
        "sidebar: fold, mark read, hide, next unread",
    ),
    (HelpTopic::Text("numbers there"), "unread articles; dimmed ones: all articles"),
    (HelpTopic::Keys(&[Command::SwitchKeys], KeyContext::List), "vim keys, and back"),
    (HelpTopic::Text("mouse"), "click selects and opens, wheel scrolls"),
    (HelpTopic::Text(""), ""),
    (
        HelpTopic::Keys(&[Command::Undo, Command::Redo], KeyContext::Article),
        "undo and redo, also of an earlier run:",
    ),
    (HelpTopic::Text("are undone"), UNDONE[0]),
    (HelpTopic::Continued, UNDONE[1]),
    (HelpTopic::Continued, UNDONE[2]),
    (HelpTopic::Continued, UNDONE[3]),
    (HelpTopic::Continued, UNDONE[4]),
    (HelpTopic::Continued, UNDONE[5]),
    (HelpTopic::Continued, "the read mark of an opened article comes last"),
    (HelpTopic::Text("are not undone"), "refreshes, full texts, saved pages"),
    (HelpTopic::Continued, "orders, theme, widths, keys"),
    (HelpTopic::Continued, "exported files, copied text, accounts"),
];

/// The changes that undo takes back; a test compares them with the kinds of changes.
const UNDONE: [&str; 6] = [
    "read and unread marks, one or many",
    "stars, tags, hidden articles, queue order",
    "subscribing, unsubscribing, imports, samples",
    "edits of a feed, its move to another URL",
    "saving, editing, moving, removing views",
    "adding, editing, removing, running rules",
];

/// A line of the help page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelpLine {
    /// Keys, or words to type; blank in headings, and where an explanation goes on.
    pub keys: String,
    /// The explanation, or the heading.
    pub text: String,
    /// The text is a heading.
    pub is_heading: bool,
}

/// Returns the lines of the page, with the keys of the user.
pub(in crate::app) fn help_lines(keymap: &Keymap) -> Vec<HelpLine> {
    let line = |(topic, text): &(HelpTopic, &str)| {
        let keys = match topic {
            HelpTopic::ArticleKeys => {
                let text = article_keys_heading(keymap);
                return HelpLine { text, is_heading: true, ..HelpLine::default() };
            }
            HelpTopic::Text(words) => (*words).to_owned(),
            HelpTopic::Continued => String::new(),
            HelpTopic::Filter => filter_key(keymap),
            HelpTopic::Keys(commands, context) => first_keys_text(keymap, commands, *context),
        };
        HelpLine { keys, text: (*text).to_owned(), is_heading: false }
    };
    HELP_LINES.iter().map(line).collect()
}

/// Returns the columns of the keys on a page of this width.
pub fn help_key_columns(columns: u16) -> u16 {
    KEY_COLUMNS.min(columns / 2)
}

/// Breaks the lines of the page to this width: explanations go on in the next row, and begin there if
/// the keys leave no gap before them.
pub(super) fn wrap_help_lines(lines: &[HelpLine], columns: u16) -> Vec<HelpLine> {
    let key_columns = help_key_columns(columns);
    let text_columns = columns.saturating_sub(key_columns).max(1);
    let wrap = |line: &HelpLine| {
        if line.is_heading || line.text.is_empty() {
            return vec![line.clone()];
        }
        let mut keys = line.keys.clone();
        let mut rows = Vec::new();
        if width(&keys) >= usize::from(key_columns) {
            rows.push(HelpLine { keys: std::mem::take(&mut keys), ..HelpLine::default() });
        }
        let text = Block::Paragraph(RichText::plain(line.text.clone()));
        for row in wrap_block(text, text_columns, MAX_LINE_ROWS).iter().map(LayoutLine::text) {
            let keys = std::mem::take(&mut keys);
            rows.push(HelpLine { keys, text: row, is_heading: false });
        }
        rows
    };
    lines.iter().flat_map(wrap).collect()
}

/// Returns the key that goes into the filter, or `letters` if typing goes there.
fn filter_key(keymap: &Keymap) -> String {
    let contexts = [KeyContext::List, KeyContext::Global];
    keymap.shortcut(Command::FocusFilter, &contexts).unwrap_or_else(|| "letters".to_owned())
}

/// Returns the first key of each command; two blanks separate the commands if one of them has a
/// sequence of keys.
fn first_keys_text(keymap: &Keymap, commands: &[Command], context: KeyContext) -> String {
    let key = |command: &Command| keymap.shortcut(*command, &[context, KeyContext::Global]);
    let keys: Vec<String> = commands.iter().filter_map(key).collect();
    let is_sequence = keys.iter().any(|key| key.contains(' '));
    keys.join(if is_sequence { "  " } else { " " })
}

fn article_keys_heading(keymap: &Keymap) -> String {
    match keymap.shortcut(Command::CommandMenu, &[KeyContext::Global]) {
        Some(key) => format!("In the article, or after {key}:"),
        None => "In the article:".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{Change, EntryId, FeedId, Subscription, TagMark, TagName, View};

    #[test]
    fn keys_of_the_article_work_after_the_menu_key() {
        let keymap = Keymap::type_preset();
        let lines = HELP_LINES.iter().map(|(topic, _)| topic);
        let below = lines.skip_while(|topic| !matches!(topic, HelpTopic::ArticleKeys)).skip(1);
        let mut count = 0;
        for topic in below.take_while(|topic| matches!(topic, HelpTopic::Keys(..))) {
            let HelpTopic::Keys(commands, _) = topic else { continue };
            for command in *commands {
                let keys_in = |context| keymap.key_hints_for(*command, &[context]);
                let in_article = keys_in(KeyContext::Article).into_iter().next();
                let in_menu = keys_in(KeyContext::Menu).into_iter().next();
                assert!(in_article.is_some() && in_article == in_menu, "{command:?}");
                count += 1;
            }
        }
        assert!(count > 10, "the help lists {count} keys of the article");
    }

    /// Returns the line of the help that names changes of this kind.
    fn line_of(change: &Change) -> usize {
        match change {
            Change::Read { .. } => 0,
            Change::Starred { .. }
            | Change::Tagged { .. }
            | Change::Weighted { .. }
            | Change::Queue { .. }
            | Change::StoryLinked { .. } => 1,
            Change::Unsubscribed { .. } | Change::Imported { .. } => 2,
            Change::Subscription { .. } | Change::Address { .. } | Change::Moved { .. } => 3,
            Change::View { .. } | Change::SavedFilter { .. } => 4,
            Change::Dropped { .. } => unreachable!("it cannot be undone"),
            Change::Rule { .. } => 5,
            Change::Many(changes) => changes.iter().map(line_of).max().unwrap_or(0),
        }
    }

    #[test]
    fn help_names_each_kind_of_change_that_is_undone() {
        let (feed, plain) = (FeedId(1), Subscription::default());
        let changes = [
            (Change::set_read(&[EntryId(1)], true), "read"),
            (Change::set_starred(&[EntryId(1)], true), "stars"),
            (Change::set_tag(&[EntryId(1)], TagName::later(), TagMark::On), "tags"),
            (Change::order_queue(&[EntryId(1)], &[EntryId(1)]), "queue order"),
            (Change::set_unsubscribed(feed, true), "unsubscribing"),
            (Change::Many(vec![Change::set_unsubscribed(feed, false)]), "imports"),
            (Change::set_subscription(feed, plain.clone(), plain), "edits of a feed"),
            (Change::Moved { feed, from: String::new(), to: String::new() }, "move"),
            (Change::add_view(View::new("Rust", "rust", &[])), "views"),
            (Change::Rule { before: None, after: None }, "rules"),
        ];
        for (change, word) in &changes {
            assert!(UNDONE[line_of(change)].contains(word), "{change:?}");
        }
        let named: BTreeSet<usize> = changes.iter().map(|(change, _)| line_of(change)).collect();
        assert_eq!(named.len(), UNDONE.len(), "a line of the help is about no change");
    }
}
