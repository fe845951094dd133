//! The commands.

/// What a command is about; help and manual list them by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommandGroup {
    /// Moving about.
    Navigation,
    /// Entries and articles.
    Reading,
    /// The filter bar.
    Filter,
    /// Feeds and folders.
    Library,
    /// How it looks.
    Appearance,
    /// The program itself.
    Program,
}

/// What is known of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// The command.
    pub command: Command,
    /// Its name in keymap files.
    pub name: &'static str,
    /// A few words for menus.
    pub title: &'static str,
    /// A sentence for the manual.
    pub doc: &'static str,
    /// What it is about.
    pub group: CommandGroup,
}

macro_rules! commands {
    ($($group:ident { $(#[doc = $doc:literal] $variant:ident = $name:literal, $title:literal;)+ })+) => {
        /// Something the user can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Command { $($(#[doc = $doc] $variant,)+)+ }

        /// Every command.
        pub const COMMANDS: &[CommandSpec] = &[$($(CommandSpec {
            command: Command::$variant,
            name: $name,
            title: $title,
            doc: $doc.trim_ascii(),
            group: CommandGroup::$group,
        },)+)+];
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
        Open = "open", "read";
        /// Go back: from the article to the list, from the list to the feeds.
        Back = "back", "back";
        /// Scroll code in the article to the right.
        ScrollRight = "scroll-right", "code right";
        /// Scroll code in the article back to the left; where it is there already, go back.
        ScrollLeft = "scroll-left", "code left";
        /// Give the keys to the next pane.
        NextPane = "next-pane", "next pane";
        /// Give the keys to the pane before.
        PreviousPane = "previous-pane", "previous pane";
        /// Read on: open, then page down, then go to the next unread entry.
        ReadOn = "read-on", "read on";
        /// Go to the next entry.
        NextEntry = "next-entry", "next article";
        /// Go to the previous entry.
        PreviousEntry = "previous-entry", "previous article";
        /// Go to the next unread entry.
        NextUnread = "next-unread", "next unread";
        /// Give the keys to the filter bar.
        FocusFilter = "focus-filter", "filter";
    }
    Reading {
        /// Star the entry, or take its star off.
        ToggleStar = "toggle-star", "star";
        /// Mark the entry read, or unread.
        ToggleRead = "toggle-read", "read/unread";
        /// Mark every entry of the list read.
        MarkListRead = "mark-list-read", "mark all read";
        /// Take back the last change, also of an earlier run.
        Undo = "undo", "undo";
        /// Make the change again that was taken back.
        Redo = "redo", "redo";
        /// Open the article's address in the browser.
        OpenInBrowser = "open-in-browser", "open browser";
        /// Copy the article's address.
        CopyLink = "copy-link", "copy link";
        /// Fetch the article from its page; change between its text and the feed's.
        FullText = "full-text", "full text";
        /// Fetch and show the pictures of the wide article, or tell them in words.
        TogglePictures = "toggle-pictures", "pictures";
        /// Find something in the article.
        Find = "find", "find in article";
        /// Go to the next place in the article that the filter finds.
        NextHit = "next-hit", "next hit";
        /// Go to the place before that the filter finds.
        PreviousHit = "previous-hit", "previous hit";
        /// List the headings of the article, to go to one.
        ShowContents = "show-contents", "contents…";
        /// Go back to where you were before a jump within the article.
        JumpBack = "jump-back", "jump back";
        /// Light up one line after the other, and dim the rest.
        ToggleRuler = "toggle-ruler", "reading ruler";
        /// Copy the article as text.
        CopyArticle = "copy-article", "copy article";
        /// Copy the paragraph in view as a quote, with where it is from.
        CopyQuote = "copy-quote", "copy quote";
        /// Write the article to a file: Markdown, HTML or text, as its name ends.
        ExportArticle = "export-article", "export article…";
        /// Read the article in the pager.
        PageArticle = "page-article", "pager";
        /// Hand the article to the program that `article.print` names.
        PrintArticle = "print-article", "print";
        /// List the links of the article.
        ShowLinks = "show-links", "links…";
        /// Open link 1 of the article in the browser.
        OpenLink1 = "open-link-1", "open link 1";
        /// Open link 2 of the article in the browser.
        OpenLink2 = "open-link-2", "open link 2";
        /// Open link 3 of the article in the browser.
        OpenLink3 = "open-link-3", "open link 3";
        /// Open link 4 of the article in the browser.
        OpenLink4 = "open-link-4", "open link 4";
        /// Open link 5 of the article in the browser.
        OpenLink5 = "open-link-5", "open link 5";
        /// Open link 6 of the article in the browser.
        OpenLink6 = "open-link-6", "open link 6";
        /// Open link 7 of the article in the browser.
        OpenLink7 = "open-link-7", "open link 7";
        /// Open link 8 of the article in the browser.
        OpenLink8 = "open-link-8", "open link 8";
        /// Open link 9 of the article in the browser.
        OpenLink9 = "open-link-9", "open link 9";
        /// Hide what has been read, or show it again.
        HideRead = "hide-read", "hide read";
    }
    Filter {
        /// Clear the filter.
        ClearFilter = "clear-filter", "clear filter";
        /// Delete the character before the caret.
        DeleteBack = "delete-back", "delete back";
        /// Delete the word before the caret.
        DeleteWord = "delete-word", "delete word";
        /// Delete everything that is typed.
        DeleteLine = "delete-line", "delete line";
        /// Delete the character behind the caret.
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
        PreviousFilter = "previous-filter", "previous filter";
        /// Recall the filter used after.
        NextFilter = "next-filter", "next filter";
        /// Put what fits the filter best on top, or the newest.
        ToggleOrder = "toggle-order", "best/newest";
        /// Narrow the filter to the time of the selected article, as the histogram has it.
        NarrowToTime = "narrow-to-time", "narrow to time";
        /// Save the filter; it appears among the feeds.
        SaveFilter = "save-filter", "save filter";
    }
    Library {
        /// Ask every feed, and read every folder again.
        Refresh = "refresh", "refresh";
        /// Follow a site, a feed, a folder or a file.
        AddFeed = "add-feed", "add feed…";
        /// Show every feed in a table: how it goes, when it was asked.
        ManageFeeds = "manage-feeds", "manage feeds…";
        /// Change how a feed is followed: name, folder, tags, how often.
        EditFeed = "edit-feed", "edit feed…";
        /// Refresh one feed, whatever its clock says.
        RetryFeed = "retry-feed", "refresh feed";
        /// Do not refresh the feed, or do again.
        PauseFeed = "pause-feed", "pause feed";
        /// Let the articles of the feed come in read, or unread again.
        MuteFeed = "mute-feed", "mute feed";
        /// Open the site of the feed in the browser.
        OpenSite = "open-site", "open site";
        /// Follow the feeds of an OPML file.
        ImportFeeds = "import-feeds", "import OPML…";
        /// Write the feeds to an OPML file.
        ExportFeeds = "export-feeds", "export OPML…";
        /// Go to the feeds.
        ShowFeeds = "show-feeds", "feeds";
        /// Pick a feed or a view by typing.
        GoToFeed = "go-to-feed", "go to feed…";
        /// Put the sample library away.
        HideSamples = "put-samples-away", "samples away";
        /// Stop following the feed that the list shows.
        RemoveFeed = "remove-feed", "remove feed";
    }
    Appearance {
        /// Change to the next theme.
        NextTheme = "next-theme", "theme";
        /// Change between one and two rows an entry.
        ToggleDensity = "toggle-density", "density";
        /// Give the article the whole screen, or a pane.
        ToggleWide = "toggle-wide", "wide article";
        /// Make the list wider.
        WiderList = "wider-list", "wider list";
        /// Make the list narrower.
        NarrowerList = "narrower-list", "narrower list";
        /// Choose how Hebrew, Arabic and the like are written to the terminal.
        TextDirection = "text-direction", "text direction…";
        /// Change between typing that filters and vim keys.
        SwitchKeys = "switch-keys", "vim keys";
    }
    Program {
        /// Show every command with its letter.
        CommandMenu = "command-menu", "commands";
        /// Find a command by typing.
        Palette = "palette", "palette…";
        /// Show how it works.
        Help = "help", "help";
        /// List what failed.
        ShowErrors = "show-errors", "errors…";
        /// Leave the terminal to the shell for a while.
        Suspend = "suspend", "suspend";
        /// Draw everything anew.
        Redraw = "redraw", "redraw";
        /// Leave the program.
        Quit = "quit", "quit";
    }
}

impl Command {
    /// What is known of it.
    pub fn spec(self) -> &'static CommandSpec {
        // The table and the enum are made in one go, in one order.
        &COMMANDS[self as usize]
    }

    /// The command with this name in keymap files.
    pub fn from_name(name: &str) -> Option<Command> {
        COMMANDS.iter().find(|spec| spec.name == name).map(|spec| spec.command)
    }
}

#[cfg(test)]
mod tests {
    use super::COMMANDS;

    #[test]
    fn command_spec_matches_its_table_row() {
        for spec in COMMANDS {
            assert_eq!(spec.command.spec(), spec);
            assert!(spec.doc.ends_with('.') && !spec.title.is_empty(), "{}", spec.name);
        }
    }
}
