//! The queue, the downloads and the player.

use crate::{
    app::{Actions, App, BackgroundJobs, Effect, Effects, Notice, StoreWrite},
    model::{Entry, Failure, PlayOutcome, PlayerRun},
    text::format_clock,
};

/// Returns the actions that play the episode of an article.
pub(super) fn play(entry: Option<&Entry>) -> Actions {
    entry.map_or_else(|| Notice::no_article().into(), |entry| Effect::Play(entry.id).into())
}

/// Returns the actions that download the episode of an article.
pub(super) fn download(entry: Option<&Entry>) -> Actions {
    let start = |entry: &Entry| Effect::Download(vec![entry.id]).into();
    entry.map_or_else(|| Notice::no_article().into(), start)
}

/// Returns the actions that end all downloads.
pub(super) fn stop_downloads(jobs: &BackgroundJobs) -> Actions {
    match jobs.download_progress() {
        None => Notice::info("Nothing is being downloaded").into(),
        Some(_) => Actions::from(Effect::StopDownloads).and(Notice::info("Downloads stopped")),
    }
}

impl App {
    /// Stores what a player has done.
    pub(super) fn finish_player(
        &mut self,
        run: &PlayerRun,
        outcome: PlayOutcome,
        failure: Option<Failure>,
    ) -> Effects {
        let now = self.current_time.at;
        if let Some(failure) = failure {
            self.notices.show_failure(failure, now);
        } else if let PlayOutcome::Stopped(second) = outcome {
            let at = format_clock(second);
            self.notices.show(Notice::info(format!("Stopped “{}” at {at}", run.title)), now);
        }
        let position = outcome.position();
        let position = position.map(|second| StoreWrite::SavePlayPosition(run.entry, second));
        let change = outcome.change(run.entry).map(|change| self.entry_list.write_marks(change));
        Effects::from(position).and(change.map(|actions| self.perform(actions)))
    }
}
