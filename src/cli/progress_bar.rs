//! The progress bar of refreshes and syncs.

use indicatif::{ProgressBar, ProgressStyle};

use crate::model::RefreshProgress;

/// Runs `work`, which reports its progress, and draws a progress bar meanwhile if `has_bar`.
pub fn with_progress_bar<T>(
    has_bar: bool,
    work: impl FnOnce(&mut dyn FnMut(RefreshProgress)) -> T,
) -> T {
    let bar = if has_bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
    bar.set_style(bar_style("feeds"));
    let result = work(&mut |progress| match progress {
        RefreshProgress::Started(total) => {
            bar.set_style(bar_style("feeds"));
            bar.set_length(total as u64);
        }
        RefreshProgress::FeedsDone(done) => bar.set_position(done as u64),
        RefreshProgress::ArticlesFetched { done, total } => {
            bar.set_style(bar_style("articles"));
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
        RefreshProgress::Waiting(_)
        | RefreshProgress::Unanswered(_)
        | RefreshProgress::FeedsFailed(_)
        | RefreshProgress::ArticlesArrived
        | RefreshProgress::Finished(_) => {}
    });
    bar.finish_and_clear();
    result
}

fn bar_style(things: &str) -> ProgressStyle {
    ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {things}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
