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
    /// Number of marks that were sent, and of those to send, by account, until its articles arrive.
    marks: BTreeMap<String, (usize, usize)>,
}

impl BarState {
    /// Notes a step; returns false if it changes nothing that the bar shows.
    fn note(&mut self, progress: RefreshProgress) -> bool {
        match progress {
            RefreshProgress::Started(total) => self.feeds.1 = total,
            RefreshProgress::FeedsDone(done) => self.feeds.0 = done,
            RefreshProgress::ArticlesFetched { account, done, total } => {
                self.marks.remove(&account);
                self.articles.insert(account, (done, total));
            }
            RefreshProgress::MarksSent { account, done, total } => {
                self.marks.insert(account, (done, total));
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

    /// Draws the feeds, or else the marks that are sent or the articles of accounts; beside feeds, these in
    /// words.
    fn draw(&self, bar: &ProgressBar) {
        let words = describe(&self.marks, "marks") + &describe(&self.articles, "articles");
        let ((done, total), things, words) = match self.feeds {
            (_, 0) if !self.marks.is_empty() => (sum(&self.marks), "marks", ""),
            (_, 0) => (sum(&self.articles), "articles", ""),
            feeds => (feeds, "feeds", words.as_str()),
        };
        bar.set_style(bar_style(things));
        bar.set_message(words.to_owned());
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    }
}

/// Returns the numbers of all accounts together.
fn sum(parts: &BTreeMap<String, (usize, usize)>) -> (usize, usize) {
    parts.values().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
}

/// Describes the accounts that are not done.
fn describe(parts: &BTreeMap<String, (usize, usize)>, things: &str) -> String {
    let unfinished = parts.iter().filter(|(_, (done, total))| done < total);
    let words = unfinished.map(|(account, (done, total))| {
        format!(" · {}: {done} of {total} {things}", sanitize::to_text_line(account))
    });
    words.collect()
}

fn bar_style(things: &str) -> ProgressStyle {
    ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {things}{{msg}}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_counts_marks_until_the_articles_of_the_account_arrive() {
        let bar = ProgressBar::hidden();
        let mut state = BarState::default();
        let account = || "Home".to_owned();
        state.note(RefreshProgress::MarksSent { account: account(), done: 50, total: 800 });
        state.draw(&bar);
        assert_eq!((bar.position(), bar.length()), (50, Some(800)));
        state.note(RefreshProgress::ArticlesFetched { account: account(), done: 10, total: 20 });
        state.draw(&bar);
        assert_eq!((bar.position(), bar.length()), (10, Some(20)));
    }

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
