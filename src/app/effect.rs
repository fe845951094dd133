//! What only the outside can do.

use super::ImageKey;
use crate::{
    model::{
        Change, EntryId, FullTextArticle, NewFeed, ReadingPosition, RefreshScope, SearchRequest,
    },
    picture::ImagePayload,
};

/// The number of a question, so that the answer to an older one falls away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct RequestId(pub u64);

/// A request to the outside, as data.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Find out what a list shows.
    Search(RequestId, SearchRequest),
    /// Load rows.
    LoadRows(Vec<EntryId>),
    /// Load an article.
    LoadArticle(EntryId),
    /// Load what the sidebar shows.
    LoadSidebar,
    /// Change the library.
    Write(StoreWrite),
    /// Refresh feeds and folders.
    Refresh(RefreshScope),
    /// Find the feeds behind an address.
    DiscoverFeeds(String),
    /// Follow the feeds of the subscription list at a path.
    ImportFeeds(String),
    /// Write a subscription list to a path.
    ExportFeeds(String),
    /// Fetch a picture. Whether the feed is of the same host, as for pages.
    LoadImage(ImageKey, bool),
    /// Fetch the page at an address and take the text of an entry from it. Whether the feed is of the same host: its
    /// address was given by the user, and may be on a private network.
    FetchFullText(EntryId, String, bool),
    /// Hand an article over.
    ExportArticle(EntryId, ExportTarget),
    /// Find out which terminal is behind a multiplexer.
    DetectTerminal,
    /// Open an address in the user's browser.
    OpenUrl(String),
    /// Ask something of the terminal.
    Terminal(TerminalRequest),
}

/// Whom an article is handed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportTarget {
    /// A new file; its name says in which format.
    File(String),
    /// The clipboard.
    Clipboard,
    /// The user's pager.
    Pager,
    /// The program that `article.print` names.
    Printer,
}

/// A change to the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreWrite {
    /// Make a change, and write it down.
    ApplyChange(Change),
    /// Take back the last one.
    Undo,
    /// Make the last undone one again.
    Redo,
    /// Keep where the reader was in an article.
    SavePosition(EntryId, ReadingPosition),
    /// Keep a named value.
    SetPreference(&'static str, String),
    /// Keep the full text of an entry.
    SaveFullText(EntryId, FullTextArticle),
    /// Read the full text of an entry, or what the feed brought.
    ShowFullText(EntryId, bool),
    /// Save a filter.
    SaveFilter(String),
    /// Forget a saved filter.
    DeleteFilter(String),
    /// Follow feeds.
    Subscribe(Vec<NewFeed>),
    /// Follow a folder, or a file.
    SubscribePath(String),
}

/// What the terminal is asked for; only the event loop touches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalRequest {
    /// Put a text into the clipboard (OSC 52).
    CopyText(String),
    /// Lend the terminal to the user's pager, which shows this text.
    OpenPager(String),
    /// Take a picture, to show it where cells name it.
    SendImage(ImagePayload),
    /// Draw everything anew.
    Redraw,
    /// Leave the terminal to the shell until the user comes back.
    Suspend,
    /// Tell of mouse movements, while a divider is dragged.
    TrackMouseDrag,
    /// Tell of clicks and the wheel only.
    TrackMouseClicks,
    /// Tell of nothing: the terminal's own selection works.
    ReleaseMouse,
}

/// The effects of one update, in order.
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use = "effects do nothing until the runtime carries them out"]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// Nothing to do.
    pub fn none() -> Effects {
        Effects::default()
    }

    /// These, then those.
    pub fn and(mut self, other: impl Into<Effects>) -> Effects {
        self.0.extend(other.into().0);
        self
    }
}

impl From<Effect> for Effects {
    fn from(effect: Effect) -> Effects {
        Effects(vec![effect])
    }
}

impl From<StoreWrite> for Effects {
    fn from(write: StoreWrite) -> Effects {
        Effect::Write(write).into()
    }
}

impl From<TerminalRequest> for Effects {
    fn from(request: TerminalRequest) -> Effects {
        Effect::Terminal(request).into()
    }
}

impl<T: Into<Effects>> From<Option<T>> for Effects {
    fn from(effects: Option<T>) -> Effects {
        effects.map(Into::into).unwrap_or_default()
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
