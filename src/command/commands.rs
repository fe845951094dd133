//! The table of commands: one row for each, from which the enum and every list of commands are
//! made.

/// The subject of a command; help and manual list commands by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommandGroup {
    /// Selection, scrolling and panes.
    Navigation,
    /// Entries and articles.
    Reading,
    /// The filter bar.
    Filter,
    /// Feeds and folders.
    Library,
    /// Colours, sizes and keys.
    Appearance,
    /// The program itself.
    Program,
}

/// The names and descriptions of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// The command.
    pub command: Command,
    /// Name in keymap files.
    pub name: &'static str,
    /// A few words for menus.
    pub title: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// Other words by which the palette finds the command.
    pub synonyms: &'static [&'static str],
    /// Subject of the command.
    pub group: CommandGroup,
}

macro_rules! commands {
    (
        $($group:ident { $(#[doc = $doc:literal] $variant:ident = $name:literal, $title:literal
            $(, [$($synonym:literal),+])?;)+ })+
        @links { $($number:literal)+ }
    ) => {
        /// An action of the user's, independent of the key that asks for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Command {
            $($(#[doc = $doc] $variant,)+)+
            /// Open the link with this number, 1 to 9, of the article in the browser.
            OpenLink(u8),
            /// Run the command of the user's with this number, counted from 0 in the order of the
            /// names, on the article.
            RunProgram(u16),
        }

        /// Every command; [`Command::OpenLink`] once for each number that has a name in keymap
        /// files.
        pub const COMMANDS: &[CommandSpec] = &[
            $($(CommandSpec {
                command: Command::$variant,
                name: $name,
                title: $title,
                doc: $doc.trim_ascii(),
                synonyms: &[$($($synonym),+)?],
                group: CommandGroup::$group,
            },)+)+
            $(CommandSpec {
                command: Command::OpenLink($number),
                name: concat!("open-link-", $number),
                title: concat!("open link ", $number),
                doc: concat!("Open link ", $number, " of the article in the browser."),
                synonyms: &["url", "web"],
                group: CommandGroup::Reading,
            },)+
        ];
    };
}

commands! {
    Navigation {
        /// Select the entry above, or scroll up a line.
        MoveUp = "move-up", "up";
        /// Select the entry below, or scroll down a line.
        MoveDown = "move-down", "down";
        /// Go up a page.
        PageUp = "page-up", "page up";
        /// Go down a page.
        PageDown = "page-down", "page down";
        /// Go to the first entry, or the beginning of the article.
        GoFirst = "go-first", "first";
        /// Go to the last entry, or the end of the article.
        GoLast = "go-last", "last";
        /// Read the selected entry; take the selected item.
        Open = "open", "open", ["enter", "view", "read"];
        /// Go back: from the article to the list, from the list to the feeds.
        Back = "back", "back", ["leave", "close", "return"];
        /// Scroll code in the article to the right.
        ScrollRight = "scroll-right", "scroll right";
        /// Scroll code in the article back to the left; where it is there already, go back.
        ScrollLeft = "scroll-left", "scroll left";
        /// Focus the next pane.
        NextPane = "next-pane", "next pane", ["focus", "switch", "window"];
        /// Focus the previous pane.
        PreviousPane = "previous-pane", "previous pane";
        /// Read on: open, then page down, then go to the next unread entry.
        ReadOn = "read-on", "read on", ["continue", "page"];
        /// Go to the next entry.
        NextEntry = "next-entry", "next article";
        /// Go to the previous entry.
        PreviousEntry = "previous-entry", "previous article";
        /// Go to the next unread entry.
        NextUnread = "next-unread", "next unread";
        /// Focus the filter bar.
        FocusFilter = "focus-filter", "filter", ["search", "query"];
    }
    Reading {
        /// Star the entry, or take its star off.
        ToggleStar = "toggle-star", "star", ["favourite", "favorite", "bookmark", "save", "flag", "like"];
        /// Mark the entry read, or unread.
        ToggleRead = "toggle-read", "read/unread", ["seen", "new"];
        /// Move the article to the trash, from which it is dropped after thirty days.
        RemoveArticle = "remove", "remove", ["delete", "trash", "bin"];
        /// Take the article out of the trash.
        RestoreArticle = "restore", "restore", ["trash", "undelete", "bin"];
        /// List the articles of the trash, with the day on which each is dropped.
        ShowTrash = "show-trash", "trash…", ["removed", "deleted", "bin"];
        /// Mark every entry of the list read; in the sidebar, those of the selected row.
        MarkListRead = "mark-list-read", "mark all read", ["catch up", "clear", "done"];
        /// Tag the entry: `urgent` adds a tag, `-urgent` takes it off, `until friday` limits it.
        TagArticle = "tag-article", "tag…", ["label", "category", "keyword", "mark"];
        /// Keep the entry for later, or no longer.
        ToggleLater = "toggle-later", "later", ["queue", "reading list", "read later", "keep"];
        /// Put the episode into the queue, or take it off.
        ToggleQueued = "toggle-queued", "queue", ["podcast", "episode", "playlist", "enqueue", "listen"];
        /// Move the episode up in the view Queue: it is played before the one above.
        MoveEpisodeUp = "move-episode-up", "up in the queue", ["podcast", "reorder", "earlier", "playlist"];
        /// Move the episode down in the view Queue.
        MoveEpisodeDown = "move-episode-down", "down in the queue", ["podcast", "reorder", "later", "playlist"];
        /// Move the episode to the beginning of the queue, in the view Queue.
        MoveEpisodeFirst = "move-episode-first", "play next", ["podcast", "reorder", "top", "queue", "playlist"];
        /// Mark the episode played, or unplayed.
        TogglePlayed = "toggle-played", "played", ["podcast", "episode", "heard", "seen", "listened"];
        /// Play the episode in your player, from where you stopped.
        PlayEpisode = "play-episode", "play", ["podcast", "film", "video", "audio", "listen", "watch", "mpv"];
        /// Download the episode.
        DownloadEpisode = "download-episode", "download", ["podcast", "film", "save", "fetch", "enclosure"];
        /// End all downloads; each goes on where it ended, the next time.
        StopDownloads = "stop-downloads", "stop downloads", ["cancel", "abort", "podcast"];
        /// Hide the entry from every list, or show it again.
        ToggleHidden = "toggle-hidden", "hide/unhide", ["not for me", "dismiss", "mute", "ignore"];
        /// Hide the entry until a time: this evening, tomorrow, the weekend, next week or another one.
        SnoozeArticle = "snooze-article", "snooze…", ["remind", "defer", "postpone", "until", "hide"];
        /// Mark the row for the next commands on articles, or take its mark off, and move on.
        ToggleRowMark = "toggle-mark", "mark row", ["select", "tick", "tag", "multiple"];
        /// Mark every row from the one that was marked last to this one.
        MarkRange = "mark-range", "mark to here", ["select", "several", "from"];
        /// Mark the rows that are not marked, and no others.
        InvertMarks = "invert-marks", "invert marks", ["select all", "mark all rows"];
        /// Take the marks off all rows.
        ClearMarks = "clear-marks", "clear marks", ["unmark", "deselect"];
        /// Choose articles (marked, above, below, old or all that are listed) and what to do with them.
        ActOn = "act-on", "act on…", ["bulk", "above", "below", "older", "several", "all"];
        /// Undo the last change, also of an earlier run.
        Undo = "undo", "undo", ["revert", "restore"];
        /// Redo the change that was undone last.
        Redo = "redo", "redo", ["repeat"];
        /// List the changes, by whom and when they were made; undo or redo up to one of them.
        ShowJournal = "show-journal", "journal…", ["history", "changes", "undo", "log"];
        /// Say which rules acted on the article, what you did to it, and why it is hidden or tagged.
        ShowWhy = "show-why", "why…", ["rules", "reason", "history", "hidden", "explain"];
        /// Open the article's URL in the browser.
        OpenInBrowser = "open-in-browser", "open browser", ["web", "url", "page", "visit"];
        /// Copy the article's URL.
        CopyLink = "copy-link", "copy link", ["url", "address", "clipboard", "yank"];
        /// Fetch the article from its page; change between its text and the feed's.
        FullText = "full-text", "full text", ["page", "readability", "fetch", "complete"];
        /// Fetch and show the pictures of the wide article, or describe them in words.
        TogglePictures = "toggle-pictures", "pictures", ["images", "photos"];
        /// Find something in the article.
        Find = "find", "find in article", ["search"];
        /// Go to the next match of the filter in the article.
        NextHit = "next-hit", "next hit", ["match", "result"];
        /// Go to the previous match of the filter in the article.
        PreviousHit = "previous-hit", "previous hit", ["match", "result"];
        /// List the articles that are like this one, the most similar first; clearing the filter leads back.
        ShowSimilar = "show-similar", "more like this", ["similar", "related", "same topic", "like this"];
        /// Show what the other articles of the story say that this one does not, source by source; there, next and previous hit step from one to the next.
        ShowAdditions = "show-additions", "what others add", ["story", "sources", "differences", "sentences"];
        /// Read the articles of the story as one text: the longest, with what the others add in its places.
        ShowCombined = "show-combined", "combined story", ["story", "sources", "merged", "all sources"];
        /// List the articles of the story; clearing the filter leads back.
        ShowStory = "show-story", "articles of the story", ["sources", "event", "others"];
        /// Put the marked articles into the story of the selected one.
        JoinStory = "join-story", "same story", ["merge", "event", "together"];
        /// Take the article out of its story.
        LeaveStory = "leave-story", "not the same story", ["split", "event", "apart", "wrong"];
        /// Show what the publisher has changed since you read the article; there, next and previous hit step from change to change.
        ShowEdits = "show-edits", "edits", ["diff", "changes", "versions", "edited", "corrections"];
        /// Show the edit before the one that is shown.
        OlderVersion = "older-version", "older edit", ["diff", "versions"];
        /// Show the edit after the one that is shown.
        NewerVersion = "newer-version", "newer edit", ["diff", "versions"];
        /// List the headings of the article, to go to one.
        ShowContents = "show-contents", "contents…", ["headings", "outline", "toc", "sections"];
        /// Go back to where you were before a jump within the article.
        JumpBack = "jump-back", "jump back";
        /// Highlight one line at a time, and dim the rest.
        ToggleRuler = "toggle-ruler", "reading ruler", ["focus", "line", "highlight"];
        /// Copy the article as text.
        CopyArticle = "copy-article", "copy article", ["clipboard", "text", "yank"];
        /// Copy the paragraph in view as a quote, with its source.
        CopyQuote = "copy-quote", "copy quote", ["cite", "clipboard", "paragraph"];
        /// Write the article to a file: Markdown, HTML or text, as its name ends.
        ExportArticle = "export-article", "export…", ["save", "write", "download", "markdown", "html"];
        /// Read the article in the pager.
        PageArticle = "page-article", "pager", ["less"];
        /// Hand the article to the program that `article.print` names.
        PrintArticle = "print-article", "print";
        /// List the links of the article.
        ShowLinks = "show-links", "links…", ["urls", "addresses", "footnotes", "references"];
        /// Hide what has been read, or show it again.
        ToggleHideRead = "hide-read", "hide read", ["unread only", "show read"];
        /// Show an article that several feeds have brought once, or once for each.
        ToggleCopies = "toggle-copies", "copies", ["duplicates", "same article", "double", "fold", "merge"];
    }
    Filter {
        /// Clear the filter.
        ClearFilter = "clear-filter", "clear filter", ["reset", "cancel"];
        /// Delete the character before the caret.
        DeleteBack = "delete-back", "delete back";
        /// Delete the word before the caret.
        DeleteWord = "delete-word", "delete word";
        /// Delete everything that is typed.
        DeleteLine = "delete-line", "delete line";
        /// Delete the character after the caret.
        DeleteForward = "delete-forward", "delete forward";
        /// Put the caret at the start.
        CaretStart = "caret-start", "caret to the start";
        /// Put the caret at the end.
        CaretEnd = "caret-end", "caret to the end";
        /// Move the caret left.
        CaretLeft = "caret-left", "caret left";
        /// Move the caret right.
        CaretRight = "caret-right", "caret right";
        /// Move the caret a word left.
        WordLeft = "word-left", "a word left";
        /// Move the caret a word right.
        WordRight = "word-right", "a word right";
        /// Recall the filter used before.
        PreviousFilter = "previous-filter", "previous filter", ["history"];
        /// Recall the filter used after.
        NextFilter = "next-filter", "next filter", ["history"];
        /// Search all articles with the filter, not only the feed or folder of the list.
        SearchEverywhere = "search-everywhere", "search all", ["find", "global"];
        /// Take what the shared archive has beyond the library for the filter, the newest hundred articles at a time.
        TakeFromArchive = "take-from-archive", "take from the archive", ["older", "server", "team", "far"];
        /// Sort by relevance, or by date.
        ToggleOrder = "toggle-order", "best or newest", ["sort", "order", "relevance"];
        /// Choose the order of the list; it is remembered for the view, feed or folder.
        SortList = "sort-list", "sort…", ["order", "oldest", "date", "title"];
        /// Narrow the filter to the time of the selected article, as the histogram has it.
        NarrowToTime = "narrow-to-time", "narrow to time", ["date", "day", "histogram"];
        /// Group the list by day, feed or folder, with headings, or by story; remembered as its order is.
        GroupList = "group-list", "group…", ["headings", "sections", "day", "folder", "story", "event"];
        /// In a list grouped by story, list the articles of the story below its row, or only that row again.
        ToggleStory = "toggle-story", "open/close story", ["unfold", "fold", "expand", "collapse", "sources", "event"];
        /// Save the filter as a view, which appears in the sidebar.
        SaveView = "save-filter", "save view", ["smart view", "saved search", "filter", "query"];
        /// Edit the view that the list shows, or the selected one: its name, query, order and groups.
        EditView = "edit-view", "edit view…", ["query", "saved search", "hide"];
        /// Make a rule of the filter: what happens by itself to the articles that it finds.
        AddRule = "add-rule", "new rule…", ["automation", "filter", "action", "auto"];
        /// List the rules, to edit, run and remove them.
        ShowRules = "show-rules", "rules…", ["automation", "filters", "actions", "table", "run rule", "apply", "remove rule", "delete", "edit", "matches", "articles of a rule"];
        /// Apply the selected rule to the articles that are stored.
        RunRule = "run-rule", "run a rule…", ["apply", "automation"];
        /// Remove the selected rule.
        RemoveRule = "remove-rule", "remove a rule…", ["delete", "automation"];
        /// List the articles that the selected rule matches.
        ShowRuleHits = "show-rule-hits", "articles of a rule…", ["matches", "automation"];
        /// Move the selected view up in the sidebar.
        MoveViewUp = "move-view-up", "move view up", ["reorder", "sidebar"];
        /// Move the selected view down in the sidebar.
        MoveViewDown = "move-view-down", "move view down", ["reorder", "sidebar"];
        /// Add the feed, author, day, tag or language of the selected article to the filter.
        FilterBySelected = "filter-by", "filter by…", ["same", "like this", "only", "author", "tag"];
        /// Leave out the feed, author, day, tag or language of the selected article.
        FilterOutSelected = "filter-out", "filter out…", ["exclude", "without", "not", "except"];
    }
    Library {
        /// Refresh every feed and folder.
        Refresh = "refresh", "refresh", ["update", "reload", "fetch", "sync"];
        /// End the running refresh; what has arrived stays.
        StopRefresh = "stop-refresh", "stop refresh", ["cancel", "abort"];
        /// Subscribe to a site, a feed, a folder or a file.
        AddFeed = "add-feed", "add feed…", ["subscribe", "follow", "new", "site", "url", "rss"];
        /// Save the page at the address typed in the dialog that adds a feed, to read it later.
        SavePage = "save-page", "save page", ["article", "bookmark", "later"];
        /// Show every feed in a table, with its state and its last refresh.
        ManageFeeds = "manage-feeds", "manage feeds…", ["subscriptions", "table", "failing"];
        /// Show the accounts on sync servers in a table, with their state and what waits to be sent.
        ManageAccounts = "manage-accounts", "accounts…", ["sync", "server", "freshrss", "miniflux", "fever", "table", "remove account", "delete"];
        /// Add an account on a sync server.
        AddAccount = "add-account", "add account…", ["sync", "server", "freshrss", "miniflux", "login"];
        /// Sync the selected account now; outside of the table, all accounts.
        SyncAccount = "sync-account", "sync accounts", ["retry", "server", "update"];
        /// Remove the selected account from this computer; nothing changes on its server.
        RemoveAccount = "remove-account", "remove an account…", ["delete", "sync", "server"];
        /// Edit the selected feed, view or account, or the feed of the article: its name, address, folder and more.
        EditFeed = "edit-feed", "edit feed…", ["rename", "folder", "tags", "properties", "address"];
        /// Refresh the feed that the list shows, even if it is not due.
        RefreshFeed = "retry-feed", "refresh feed", ["retry", "update", "reload"];
        /// Pause the refreshing of the feed, or resume it.
        PauseFeed = "pause-feed", "pause feed", ["stop", "resume", "disable"];
        /// Mark new articles of the feed as read when they arrive, or no longer.
        MuteFeed = "mute-feed", "mute feed", ["silence", "ignore"];
        /// Open the site of the feed in the browser.
        OpenSite = "open-site", "open site", ["homepage", "website", "browser"];
        /// Subscribe to the feeds of an OPML file.
        ImportFeeds = "import-feeds", "import OPML…", ["subscriptions", "newsboat", "load"];
        /// Write the feeds to an OPML file.
        ExportFeeds = "export-feeds", "export OPML…", ["subscriptions", "backup", "save"];
        /// Go to the feeds.
        ShowFeeds = "show-feeds", "feeds", ["sidebar", "folders", "views", "tree"];
        /// Open or close the selected folder of the sidebar; open a row that is none.
        ToggleFolder = "toggle-folder", "fold/unfold", ["collapse", "expand", "tree"];
        /// Hide feeds without unread articles from the sidebar, or show them again.
        ToggleReadFeeds = "hide-read-feeds", "hide read feeds", ["sidebar", "empty", "show"];
        /// Go to the next feed with unread articles.
        NextUnreadFeed = "next-unread-feed", "next unread feed", ["jump", "switch"];
        /// Pick a feed or a view by typing.
        GoToFeed = "go-to-feed", "go to feed…", ["jump", "switch", "folder", "view"];
        /// Hide the sample library.
        HideSamples = "put-samples-away", "hide samples", ["examples", "demo", "remove"];
        /// Unsubscribe from the selected feed, or that of the article; remove a view or an account, or hide a built-in view.
        Unsubscribe = "remove-feed", "unsubscribe", ["remove feed", "delete feed", "unfollow"];
    }
    Appearance {
        /// Change to the next theme.
        NextTheme = "next-theme", "theme", ["dark", "light", "colours", "colors", "appearance"];
        /// Change between one and two rows an entry.
        ToggleDensity = "toggle-density", "density", ["compact", "rows", "lines"];
        /// Show the article on the whole screen, or in its pane.
        ToggleWide = "toggle-wide", "wide article", ["full screen", "fullscreen", "zoom", "maximize", "focus"];
        /// Make the list wider.
        WiderList = "wider-list", "wider list", ["resize", "width"];
        /// Make the list narrower.
        NarrowerList = "narrower-list", "narrower list", ["resize", "width"];
        /// Choose how Hebrew, Arabic and the like are written to the terminal.
        TextDirection = "text-direction", "text direction…", ["bidi", "rtl", "hebrew", "arabic"];
        /// Change between typing that filters and vim keys.
        SwitchKeys = "switch-keys", "vim keys", ["preset", "keyboard", "mode"];
    }
    Program {
        /// Show every command with its letter.
        CommandMenu = "command-menu", "commands", ["menu", "leader"];
        /// Find a command by typing.
        Palette = "palette", "palette…", ["menu"];
        /// Show the help.
        Help = "help", "help", ["manual", "keys", "shortcuts"];
        /// List what failed.
        ShowErrors = "show-errors", "errors…", ["failures", "problems", "log"];
        /// Suspend the program and return to the shell.
        Suspend = "suspend", "suspend", ["shell", "background"];
        /// Redraw the screen.
        Redraw = "redraw", "redraw", ["repaint"];
        /// Quit the program.
        Quit = "quit", "quit", ["exit", "close", "leave"];
    }
    @links { 1 2 3 4 5 6 7 8 9 }
}

/// The names and descriptions of all commands of the user's; their own names are in the settings.
const PROGRAM_SPEC: &CommandSpec = &CommandSpec {
    command: Command::RunProgram(0),
    name: "run",
    title: "run program",
    synonyms: &["command", "script", "pipe"],
    doc: "Run a command of your own on the article.",
    group: CommandGroup::Reading,
};

impl Command {
    /// Returns the names and descriptions of the command.
    ///
    /// A link number without a name of its own gets those of the nearest one.
    pub fn spec(self) -> &'static CommandSpec {
        let named = match self {
            Command::RunProgram(_) => return PROGRAM_SPEC,
            Command::OpenLink(number) => Command::OpenLink(number.clamp(1, 9)),
            command => command,
        };
        COMMANDS.iter().find(|spec| spec.command == named).unwrap_or(&COMMANDS[0])
    }

    /// Finds the command with this name in keymap files.
    pub fn from_name(name: &str) -> Option<Command> {
        COMMANDS.iter().find(|spec| spec.name == name).map(|spec| spec.command)
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, Command};

    #[test]
    fn command_spec_matches_its_table_row() {
        for spec in COMMANDS {
            assert_eq!(spec.command.spec(), spec);
            assert!(spec.doc.ends_with('.') && !spec.title.is_empty(), "{}", spec.name);
        }
    }

    #[test]
    fn open_link_keeps_nine_names() {
        for number in 1..=9 {
            let name = format!("open-link-{number}");
            assert_eq!(Command::from_name(&name), Some(Command::OpenLink(number)));
            assert_eq!(Command::OpenLink(number).spec().name, name);
        }
        assert_eq!(Command::from_name("open-link-0"), None);
        assert_eq!(Command::from_name("open-link-10"), None);
        assert_eq!(Command::OpenLink(0).spec().name, "open-link-1");
    }
}
