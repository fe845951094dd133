//! The things that can be done with several articles at once.

use crate::{
    model::{Entry, TagName},
    settings::Settings,
    text::count_noun,
};

/// Something that can be done with any number of articles.
///
/// A new one needs its sentence, its limits, and its arm in `update/targets.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleAct {
    /// Mark them read.
    MarkRead,
    /// Mark them unread.
    MarkUnread,
    /// Star them.
    Star,
    /// Take their stars off.
    Unstar,
    /// Change their tags.
    Tag,
    /// Keep them for later.
    KeepForLater,
    /// Keep them for later no longer.
    TakeOffLater,
    /// Put them into the queue.
    Enqueue,
    /// Take them off the queue.
    TakeOffQueue,
    /// Mark them played.
    MarkPlayed,
    /// Mark them unplayed.
    MarkUnplayed,
    /// Download their episodes.
    Download,
    /// Hide them from lists.
    Hide,
    /// Show them in lists again.
    Unhide,
    /// Hide them until a time.
    Snooze,
    /// Move them to the trash.
    Remove,
    /// Take them out of the trash.
    Restore,
    /// Copy their URLs.
    CopyLinks,
    /// Open their URLs in the browser.
    OpenInBrowser,
    /// Fetch their full texts.
    FetchFullText,
    /// Write them to a file.
    Export,
    /// Copy their texts.
    Copy,
    /// Read them in the pager.
    Page,
    /// Print them.
    Print,
    /// Run the user's own command with this number on each.
    RunProgram(u16),
}

impl ArticleAct {
    /// The acts that need no program of the user's, in the order of the picker.
    pub const BUILT_IN: [ArticleAct; 24] = [
        ArticleAct::MarkRead,
        ArticleAct::MarkUnread,
        ArticleAct::Star,
        ArticleAct::Unstar,
        ArticleAct::Tag,
        ArticleAct::KeepForLater,
        ArticleAct::TakeOffLater,
        ArticleAct::Enqueue,
        ArticleAct::TakeOffQueue,
        ArticleAct::MarkPlayed,
        ArticleAct::MarkUnplayed,
        ArticleAct::Download,
        ArticleAct::Hide,
        ArticleAct::Unhide,
        ArticleAct::Snooze,
        ArticleAct::Remove,
        ArticleAct::Restore,
        ArticleAct::OpenInBrowser,
        ArticleAct::CopyLinks,
        ArticleAct::FetchFullText,
        ArticleAct::Export,
        ArticleAct::Copy,
        ArticleAct::Page,
        ArticleAct::Print,
    ];

    /// Returns a sentence without a full stop that says what is done with so many articles.
    pub fn sentence(self, count: usize, settings: &Settings) -> String {
        let articles = count_noun(count, "article");
        match self {
            ArticleAct::MarkRead => format!("Mark {articles} as read"),
            ArticleAct::MarkUnread => format!("Mark {articles} as unread"),
            ArticleAct::Star => format!("Star {articles}"),
            ArticleAct::Unstar => format!("Unstar {articles}"),
            ArticleAct::Tag => format!("Tag {articles}"),
            ArticleAct::KeepForLater => format!("Keep {articles} for later"),
            ArticleAct::TakeOffLater => format!("Take “later” off {articles}"),
            ArticleAct::Enqueue => format!("Put {articles} into the queue"),
            ArticleAct::TakeOffQueue => format!("Take {articles} off the queue"),
            ArticleAct::MarkPlayed => format!("Mark {articles} as played"),
            ArticleAct::MarkUnplayed => format!("Mark {articles} as unplayed"),
            ArticleAct::Download => format!("Download the episodes of {articles}"),
            ArticleAct::Hide => format!("Hide {articles}"),
            ArticleAct::Unhide => format!("Unhide {articles}"),
            ArticleAct::Snooze => format!("Snooze {articles}"),
            ArticleAct::Remove => format!("Move {articles} to the trash"),
            ArticleAct::Restore => format!("Take {articles} out of the trash"),
            ArticleAct::CopyLinks => format!("Copy the links of {articles}"),
            ArticleAct::OpenInBrowser => format!("Open {articles} in the browser"),
            ArticleAct::FetchFullText => format!("Fetch the full text of {articles}"),
            ArticleAct::Export => format!("Export {articles}"),
            ArticleAct::Copy => format!("Copy the text of {articles}"),
            ArticleAct::Page => format!("Read {articles} in the pager"),
            ArticleAct::Print => format!("Print {articles}"),
            ArticleAct::RunProgram(index) => {
                let name = settings.commands.keys().nth(usize::from(index));
                format!("Run {} on {articles}", name.map_or("the command", String::as_str))
            }
        }
    }

    /// Returns whether the act would do something to an article.
    pub fn applies_to(self, entry: &Entry) -> bool {
        let state = entry.state;
        match self {
            ArticleAct::MarkRead => !state.read,
            ArticleAct::MarkUnread => state.read,
            ArticleAct::Star => !state.starred,
            ArticleAct::Unstar => state.starred,
            ArticleAct::KeepForLater => !entry.has_tag(&TagName::later()),
            ArticleAct::TakeOffLater => entry.has_tag(&TagName::later()),
            ArticleAct::Enqueue => !entry.has_tag(&TagName::queue()),
            ArticleAct::TakeOffQueue => entry.has_tag(&TagName::queue()),
            ArticleAct::MarkPlayed => !entry.has_tag(&TagName::played()),
            ArticleAct::MarkUnplayed => entry.has_tag(&TagName::played()),
            ArticleAct::Hide => !state.hidden,
            ArticleAct::Unhide => state.hidden,
            ArticleAct::Remove => !state.removed,
            ArticleAct::Restore => state.removed,
            ArticleAct::CopyLinks | ArticleAct::OpenInBrowser | ArticleAct::FetchFullText => {
                entry.link.is_some()
            }
            ArticleAct::Tag
            | ArticleAct::Download
            | ArticleAct::Snooze
            | ArticleAct::Export
            | ArticleAct::Copy
            | ArticleAct::Page
            | ArticleAct::Print
            | ArticleAct::RunProgram(_) => true,
        }
    }

    /// Returns the number of articles above which the user is asked: what leaves the program cannot
    /// be undone.
    pub fn asks_above(self) -> usize {
        match self {
            ArticleAct::OpenInBrowser
            | ArticleAct::Download
            | ArticleAct::Print
            | ArticleAct::RunProgram(_) => 10,
            ArticleAct::MarkRead
            | ArticleAct::MarkUnread
            | ArticleAct::Star
            | ArticleAct::Unstar
            | ArticleAct::Tag
            | ArticleAct::KeepForLater
            | ArticleAct::TakeOffLater
            | ArticleAct::Enqueue
            | ArticleAct::TakeOffQueue
            | ArticleAct::MarkPlayed
            | ArticleAct::MarkUnplayed
            | ArticleAct::Hide
            | ArticleAct::Unhide
            | ArticleAct::Snooze
            | ArticleAct::Remove
            | ArticleAct::Restore
            | ArticleAct::CopyLinks
            | ArticleAct::FetchFullText
            | ArticleAct::Export
            | ArticleAct::Copy
            | ArticleAct::Page => 50,
        }
    }

    /// Returns the maximum number of articles; `None` if there is none.
    ///
    /// Each full text and each program has a thread while it runs, and exported articles are in
    /// memory together.
    pub fn max_count(self) -> Option<usize> {
        match self {
            ArticleAct::MarkRead
            | ArticleAct::MarkUnread
            | ArticleAct::Star
            | ArticleAct::Unstar
            | ArticleAct::Tag
            | ArticleAct::KeepForLater
            | ArticleAct::TakeOffLater
            | ArticleAct::Enqueue
            | ArticleAct::TakeOffQueue
            | ArticleAct::MarkPlayed
            | ArticleAct::MarkUnplayed
            | ArticleAct::Hide
            | ArticleAct::Unhide
            | ArticleAct::Snooze
            | ArticleAct::Remove
            | ArticleAct::Restore => None,
            ArticleAct::CopyLinks => Some(500),
            ArticleAct::OpenInBrowser | ArticleAct::Download => Some(100),
            ArticleAct::Export | ArticleAct::Copy | ArticleAct::Page | ArticleAct::Print => {
                Some(200)
            }
            ArticleAct::FetchFullText => Some(50),
            ArticleAct::RunProgram(_) => Some(20),
        }
    }
}
