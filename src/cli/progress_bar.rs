//! The progress bar of refreshes and syncs.

use std::collections::BTreeMap;

use indicatif::{ProgressBar, ProgressStyle};

use crate::{model::RefreshProgress, text::sanitize};

/// Runs `work`, which reports its progress, and draws a progress bar meanwhile if `has_bar`.
pub fn with_progress_bar<T>(
    has_bar: bool,
    work: impl FnOnce(&mut dyn FnMut(RefreshProgress)) -> T,
) -> T {
    let bar = if has_bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let mut state = BarState::default();
    let result = work(&mut |progress| {
        if state.note(progress) {
            state.draw(&bar);
        }
    });
    bar.finish_and_clear();
    result
}

/// The numbers that the bar shows.
#[derive(Debug, Default)]
struct BarState {
    /// Number of feeds that are done, and of all feeds.
    feeds: (usize, usize),
    /// Number of articles that have arrived, and of those to fetch, by account.
    articles: BTreeMap<String, (usize, usize)>,
}

impl BarState {
    /// Notes a step; returns false if it changes nothing that the bar shows.
    fn note(&mut self, progress: RefreshProgress) -> bool {
        match progress {
            RefreshProgress::Started(total) => self.feeds.1 = total,
            RefreshProgress::FeedsDone(done) => self.feeds.0 = done,
            RefreshProgress::ArticlesFetched { account, done, total } => {
                self.articles.insert(account, (done, total));
            }
            RefreshProgress::Waiting(_)
            | RefreshProgress::Unanswered(_)
            | RefreshProgress::Syncing(_)
            | RefreshProgress::FeedsFailed(_)
            | RefreshProgress::ArticlesArrived
            | RefreshProgress::Finished(_) => return false,
        }
        true
    }

    /// Draws the feeds, or else the articles of accounts; while both are fetched, the latter in words.
    fn draw(&self, bar: &ProgressBar) {
        let fetching = self.articles.iter().filter(|(_, (done, total))| done < total);
        let words = fetching.map(|(account, (done, total))| {
            format!(" · {}: {done} of {total} articles", sanitize::to_text_line(account))
        });
        let words: String = words.collect();
        let sum = |count: fn(&(usize, usize)) -> usize| self.articles.values().map(count).sum();
        let ((done, total), things, words) = match self.feeds {
            (_, 0) => ((sum(|part| part.0), sum(|part| part.1)), "articles", ""),
            feeds => (feeds, "feeds", words.as_str()),
        };
        bar.set_style(bar_style(things));
        bar.set_message(words.to_owned());
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    }
}

fn bar_style(things: &str) -> ProgressStyle {
    ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {things}{{msg}}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_of_a_sync_counts_the_articles_of_all_accounts() {
        let bar = ProgressBar::hidden();
        let mut state = BarState::default();
        for (account, done) in [("FreshRSS", 250), ("Home", 50), ("FreshRSS", 500)] {
            let progress = RefreshProgress::ArticlesFetched {
                account: account.to_owned(),
                done,
                total: 1_000,
            };
            assert!(state.note(progress));
        }
        state.draw(&bar);
        assert_eq!((bar.position(), bar.length()), (550, Some(2_000)));
        state.note(RefreshProgress::Started(40));
        state.note(RefreshProgress::FeedsDone(7));
        state.draw(&bar);
        assert_eq!((bar.position(), bar.length()), (7, Some(40)));
        assert!(bar.message().contains(" · Home: 50 of 1000 articles"), "{}", bar.message());
    }
}
