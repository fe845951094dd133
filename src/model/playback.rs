//! Playing an episode in the user's player.

use std::path::PathBuf;

use super::{Change, EntryId, TagMark, TagName};

/// The slots of the arguments of a player.
pub const PLAYER_SLOTS: [&str; 5] = ["{file}", "{url}", "{title}", "{position}", "{positions}"];

/// A player that is about to be started on an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerRun {
    /// The article.
    pub entry: EntryId,
    /// The title of the article.
    pub title: String,
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The folder into which the player writes where it was stopped, if it is told of one.
    pub position_folder: Option<PathBuf>,
}

/// The place from which an episode is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayStart {
    /// The second at which it was stopped, or its beginning.
    Stopped,
    /// The beginning of a chapter, counted from 1.
    Chapter(usize),
}

/// The way in which a player has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayOutcome {
    /// It was stopped at this second.
    Stopped(u32),
    /// It played the episode to its end.
    Finished,
    /// It has ended, and does not say where.
    Unknown,
}

impl PlayOutcome {
    /// Returns the change of marks of an article: one that was played to its end leaves the queue.
    pub fn change(self, entry: EntryId) -> Option<Change> {
        let ids = [entry];
        (self == PlayOutcome::Finished).then(|| {
            Change::Many(vec![
                Change::set_tag(&ids, TagName::played(), TagMark::On),
                Change::set_tag(&ids, TagName::queue(), TagMark::Off),
                Change::set_read(&ids, true),
            ])
        })
    }

    /// Returns the second from which the episode is played the next time; `None` to leave it.
    pub fn position(self) -> Option<u32> {
        match self {
            PlayOutcome::Stopped(second) => Some(second),
            PlayOutcome::Finished => Some(0),
            PlayOutcome::Unknown => None,
        }
    }
}
