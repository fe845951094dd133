//! The queue, the downloads and the player.

use crate::{
    app::{Actions, App, BackgroundJobs, Effect, Effects, EntryList, Notice, StoreWrite},
    model::{
        BuiltInView, Change, Entry, Failure, ListDefinition, ListGrouping, MAX_ORDERED_EPISODES,
        PlayOutcome, PlayerRun, QueueTarget, SortOrder, move_in_queue,
    },
    text::{format_clock, group_thousands},
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

/// Moves the selected episode in the queue, where the list shows it in its own order.
pub(super) fn move_episode(list: &mut EntryList, target: QueueTarget) -> Actions {
    let Some(id) = list.selected_id() else { return Notice::no_article().into() };
    if !is_queue(list.definition()) {
        let sentence = "Episodes are moved in the view Queue, sorted in queue order";
        return Notice::info(sentence).into();
    }
    if list.len() > MAX_ORDERED_EPISODES {
        let most = group_thousands(MAX_ORDERED_EPISODES as u64);
        return Notice::info(format!("Only a queue of up to {most} can be ordered")).into();
    }
    let order = move_in_queue(list.ids(), &[id], target);
    if order == list.ids() {
        return Actions::none();
    }
    let change = Change::order_queue(&[id], &order);
    list.show_order(order);
    list.apply_change(Some(change)).into()
}

/// Returns whether a list is the whole queue in its own order.
fn is_queue(list: &ListDefinition) -> bool {
    !list.limits_search()
        && list.filter.trim() == BuiltInView::Queue.query()
        && list.order == SortOrder::Queue
        && list.grouping == ListGrouping::None
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
