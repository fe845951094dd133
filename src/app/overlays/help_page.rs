//! The help page: the basics. Typing searches it, and every command.

use crate::command::{Command, KeyContext, Keymap};

/// The left column of a line of the page.
enum HelpTopic {
    /// Text as it is.
    Text(&'static str),
    /// The keys of these commands in a context.
    Keys(&'static [Command], KeyContext),
    /// A heading over the keys of the article, which also work in the command menu.
    ArticleKeys,
}

const HELP_LINES: &[(HelpTopic, &str)] = &[
    (HelpTopic::Text("letters"), "filter the list at once, over every text stored"),
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
    (HelpTopic::Text("is:unread is:star"), "state; also read, edited, new"),
    (HelpTopic::Text("in: title: author:"), "feed or folder, headline, writer; body: tag: url:"),
    (HelpTopic::Text("since: before: on:"), "2026-01, today, monday, last-week, 3d; between:a..b"),
    (HelpTopic::Text("age:<2d words:>800"), "by age in days, by length; lang:en, has:image"),
    (HelpTopic::Text("re:colou?r"), "a regular expression"),
    (
        HelpTopic::Keys(
            &[Command::NextPane, Command::SortList, Command::NarrowToTime],
            KeyContext::List,
        ),
        "complete; sort; narrow to a time",
    ),
    (
        HelpTopic::Keys(&[Command::SearchEverywhere], KeyContext::List),
        "search all articles, not only the feed or folder",
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
        "sidebar: fold, mark read, hide read, next unread",
    ),
    (HelpTopic::Keys(&[Command::SwitchKeys], KeyContext::List), "vim keys, and back"),
    (HelpTopic::Text("mouse"), "click selects and opens, wheel scrolls"),
    (HelpTopic::Text(""), ""),
    (
        HelpTopic::Keys(&[Command::Undo, Command::Redo], KeyContext::Article),
        "undo and redo, also of an earlier run:",
    ),
    (HelpTopic::Text("undone and redone"), UNDONE[0]),
    (HelpTopic::Text(""), UNDONE[1]),
    (HelpTopic::Text(""), UNDONE[2]),
    (HelpTopic::Text(""), UNDONE[3]),
    (HelpTopic::Text(""), UNDONE[4]),
    (HelpTopic::Text("not undone"), "refreshes, full texts, saved pages"),
    (HelpTopic::Text(""), "orders, theme, widths, keys"),
    (HelpTopic::Text(""), "exported files, copied text"),
];

/// The changes that undo takes back; a test compares them with the kinds of changes.
const UNDONE: [&str; 5] = [
    "read and unread marks, one or many",
    "stars",
    "subscribing, unsubscribing, imports, samples",
    "edits of a feed, its move to another URL",
    "saving and deleting filters",
];

/// A line of the help page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct HelpLine {
    /// Keys, or words to type; blank in headings.
    pub keys: String,
    /// The explanation, or the heading.
    pub text: String,
}

/// Returns the lines of the page, with the keys of the user.
pub(in crate::app) fn help_lines(keymap: &Keymap) -> Vec<HelpLine> {
    let line = |(topic, text): &(HelpTopic, &str)| {
        let (keys, text) = match topic {
            HelpTopic::Text(words) => ((*words).to_owned(), (*text).to_owned()),
            HelpTopic::Keys(commands, context) => {
                (first_keys_text(keymap, commands, *context), (*text).to_owned())
            }
            HelpTopic::ArticleKeys => (String::new(), article_keys_heading(keymap)),
        };
        HelpLine { keys, text }
    };
    HELP_LINES.iter().map(line).collect()
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
    use crate::model::{Change, EntryId, FeedId, Subscription};

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
            Change::Starred { .. } => 1,
            Change::Unsubscribed { .. } => 2,
            Change::Subscription { .. } | Change::Address { .. } | Change::Moved { .. } => 3,
            Change::SavedFilter { .. } => 4,
            Change::Many(changes) => changes.iter().map(line_of).max().unwrap_or(0),
        }
    }

    #[test]
    fn help_names_each_kind_of_change_that_is_undone() {
        let (feed, plain) = (FeedId(1), Subscription::default());
        let changes = [
            (Change::set_read(&[EntryId(1)], true), "read"),
            (Change::set_starred(&[EntryId(1)], true), "stars"),
            (Change::set_unsubscribed(feed, true), "unsubscribing"),
            (Change::Many(vec![Change::set_unsubscribed(feed, false)]), "imports"),
            (Change::set_subscription(feed, plain.clone(), plain), "edits of a feed"),
            (Change::Moved { feed, from: String::new(), to: String::new() }, "move"),
            (Change::delete_filter("rust".to_owned()), "filters"),
        ];
        for (change, word) in &changes {
            assert!(UNDONE[line_of(change)].contains(word), "{change:?}");
        }
        let named: BTreeSet<usize> = changes.iter().map(|(change, _)| line_of(change)).collect();
        assert_eq!(named.len(), UNDONE.len(), "a line of the help is about no change");
    }
}
