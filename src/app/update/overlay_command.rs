//! Commands as overlays understand them.

use crate::{app::ScrollAmount, command::Command};

/// A command as overlays understand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OverlayCommand {
    /// Move the selection, or scroll.
    Scroll(ScrollAmount),
    /// Go to the next item or field.
    Next,
    /// Go to the previous item or field.
    Previous,
    /// Take the selected item, or what is typed.
    Confirm,
    /// Close the overlay.
    Cancel,
    /// Save the page at the address that is typed.
    SavePage,
    /// Do something that is possible in every overlay, and closes it.
    Leave,
    /// Do something that only the table of feeds can do.
    Table(FeedTableCommand),
    /// Do something that only the table of rules can do.
    Rules(RuleTableCommand),
    /// Do something that only the table of accounts can do.
    Accounts(AccountTableCommand),
    /// Do something that no overlay can do.
    Other,
}

/// A command of the table of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedTableCommand {
    /// Narrow the table by typing.
    Filter,
    /// Sort by the next column.
    Sort,
    /// List the keys of the table, or the feeds again.
    Keys,
    /// Undo the last change.
    Undo,
    /// Redo the change that was undone last.
    Redo,
    /// Edit the feed.
    Edit,
    /// Refresh the feed.
    Refresh,
    /// Open the site of the feed.
    OpenSite,
    /// Unsubscribe from the feed.
    Unsubscribe,
    /// Pause the feed, or resume it.
    Pause,
    /// Mute the feed, or unmute it.
    Mute,
}

/// A command of the table of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleTableCommand {
    /// Make a rule of the filter.
    Add,
    /// Apply the rule to what is stored.
    Run,
    /// Remove the rule.
    Remove,
    /// List what the rule matches.
    Hits,
}

/// A command of the table of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccountTableCommand {
    /// Add an account.
    Add,
    /// Sync the account.
    Sync,
    /// Remove the account.
    Remove,
}

impl OverlayCommand {
    /// Returns the meaning of a command in an overlay. This is the only place where commands are ignored by overlays;
    /// there is no wildcard arm, so a command that is forgotten here does not compile.
    #[expect(clippy::too_many_lines, reason = "one line for each command")]
    pub(super) fn from_command(command: Command) -> OverlayCommand {
        match command {
            Command::MoveUp
            | Command::MoveDown
            | Command::PageUp
            | Command::PageDown
            | Command::GoFirst
            | Command::GoLast => ScrollAmount::of_command(command)
                .map_or(OverlayCommand::Other, OverlayCommand::Scroll),
            Command::NextPane => OverlayCommand::Next,
            Command::PreviousPane => OverlayCommand::Previous,
            Command::Open => OverlayCommand::Confirm,
            Command::Back | Command::ClearFilter => OverlayCommand::Cancel,
            Command::SavePage => OverlayCommand::SavePage,
            Command::Quit | Command::Redraw | Command::Suspend => OverlayCommand::Leave,
            Command::FocusFilter => OverlayCommand::Table(FeedTableCommand::Filter),
            Command::SortList => OverlayCommand::Table(FeedTableCommand::Sort),
            Command::Help => OverlayCommand::Table(FeedTableCommand::Keys),
            Command::Undo => OverlayCommand::Table(FeedTableCommand::Undo),
            Command::Redo => OverlayCommand::Table(FeedTableCommand::Redo),
            Command::EditFeed => OverlayCommand::Table(FeedTableCommand::Edit),
            Command::RefreshFeed => OverlayCommand::Table(FeedTableCommand::Refresh),
            Command::OpenSite => OverlayCommand::Table(FeedTableCommand::OpenSite),
            Command::Unsubscribe => OverlayCommand::Table(FeedTableCommand::Unsubscribe),
            Command::PauseFeed => OverlayCommand::Table(FeedTableCommand::Pause),
            Command::MuteFeed => OverlayCommand::Table(FeedTableCommand::Mute),
            Command::AddRule => OverlayCommand::Rules(RuleTableCommand::Add),
            Command::RunRule => OverlayCommand::Rules(RuleTableCommand::Run),
            Command::RemoveRule => OverlayCommand::Rules(RuleTableCommand::Remove),
            Command::ShowRuleHits => OverlayCommand::Rules(RuleTableCommand::Hits),
            Command::AddAccount => OverlayCommand::Accounts(AccountTableCommand::Add),
            Command::SyncAccount => OverlayCommand::Accounts(AccountTableCommand::Sync),
            Command::RemoveAccount => OverlayCommand::Accounts(AccountTableCommand::Remove),
            Command::ShowRules
            | Command::ManageAccounts
            | Command::ScrollRight
            | Command::ScrollLeft
            | Command::ReadOn
            | Command::NextEntry
            | Command::PreviousEntry
            | Command::NextUnread
            | Command::ToggleStar
            | Command::ToggleRead
            | Command::TagArticle
            | Command::ToggleLater
            | Command::ToggleQueued
            | Command::MoveEpisodeUp
            | Command::MoveEpisodeDown
            | Command::MoveEpisodeFirst
            | Command::TogglePlayed
            | Command::PlayEpisode
            | Command::DownloadEpisode
            | Command::StopDownloads
            | Command::ToggleHidden
            | Command::SnoozeArticle
            | Command::RemoveArticle
            | Command::RestoreArticle
            | Command::ShowTrash
            | Command::MarkListRead
            | Command::ShowJournal
            | Command::ShowWhy
            | Command::ToggleRowMark
            | Command::MarkRange
            | Command::InvertMarks
            | Command::ClearMarks
            | Command::ActOn
            | Command::FilterBySelected
            | Command::FilterOutSelected
            | Command::OpenInBrowser
            | Command::CopyLink
            | Command::FullText
            | Command::TogglePictures
            | Command::Find
            | Command::NextHit
            | Command::PreviousHit
            | Command::ShowEdits
            | Command::ShowSimilar
            | Command::ShowAdditions
            | Command::ShowCombined
            | Command::ShowStory
            | Command::JoinStory
            | Command::LeaveStory
            | Command::OlderVersion
            | Command::NewerVersion
            | Command::ShowContents
            | Command::JumpBack
            | Command::ToggleRuler
            | Command::CopyArticle
            | Command::CopyQuote
            | Command::ExportArticle
            | Command::PageArticle
            | Command::PrintArticle
            | Command::ShowLinks
            | Command::ToggleHideRead
            | Command::ToggleCopies
            | Command::DeleteBack
            | Command::DeleteWord
            | Command::DeleteLine
            | Command::DeleteForward
            | Command::CaretStart
            | Command::CaretEnd
            | Command::CaretLeft
            | Command::CaretRight
            | Command::WordLeft
            | Command::WordRight
            | Command::PreviousFilter
            | Command::NextFilter
            | Command::SearchEverywhere
            | Command::TakeFromArchive
            | Command::ToggleOrder
            | Command::NarrowToTime
            | Command::GroupList
            | Command::ToggleStory
            | Command::SaveView
            | Command::EditView
            | Command::MoveViewUp
            | Command::MoveViewDown
            | Command::Refresh
            | Command::StopRefresh
            | Command::AddFeed
            | Command::ManageFeeds
            | Command::ImportFeeds
            | Command::ExportFeeds
            | Command::ShowFeeds
            | Command::ToggleFolder
            | Command::ToggleReadFeeds
            | Command::NextUnreadFeed
            | Command::GoToFeed
            | Command::HideSamples
            | Command::NextTheme
            | Command::ToggleDensity
            | Command::ToggleWide
            | Command::WiderList
            | Command::NarrowerList
            | Command::TextDirection
            | Command::SwitchKeys
            | Command::CommandMenu
            | Command::Palette
            | Command::ShowErrors
            | Command::OpenLink(_)
            | Command::RunProgram(_) => OverlayCommand::Other,
        }
    }
}
